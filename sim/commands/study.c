/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "experiment/interviews.h"
#include "parameters/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option_set option_set = {
    "Usage: buyin study RESULT [--draws N] [--weights LIST] [--csv FILE] [--threads N]\n\n"
    "Repeats the study of Tierney et al. (2024) within a simulated world, many times over. From "
    "the run\n"
    "that RESULT holds (simulated anew from the file) link workers invite 61 people to interviews, "
    "41 of\n"
    "them again at 9 to 12 months; a researcher observes meetings with 35, of whom 12 are "
    "interviewed as\n"
    "well: 84 people in all. Printed is what each source would show, with the range that chance "
    "leaves,\n"
    "beside everyone seen and everyone offered; and the bias, with its interval over replicates.\n"
    "The sizes and the weights are study.* of the run ('buyin parameters').\n\n"
    "      --draws N       studies drawn in each replicate (default 1000)\n"
    "      --weights LIST  also the bias at these weights of trust, such as 0,0.5,1,2: values of\n"
    "                      study.trust_exponent; 0 invites everyone seen alike\n"
    "      --csv FILE      all of it as a table, one line a weight, source and question\n"
    "      --threads N     threads (default: all)\n"
    "      --help          print this\n",
    "tdcW"};

enum { MOST_WEIGHTS = 16 };

/* The designs that are drawn: the weights listed, and the run's own if it is not among them. */
struct designs {
    size_t count, listed, own;
    double weights[MOST_WEIGHTS + 1];
    struct interviews *drawn;
};

static int read_weights(struct designs *designs, const char *text, const struct parameters *k)
{
    int status = 0;
    for (const char *at = text; at != NULL; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        struct parameters scratch = *k;
        char word[64];
        (void)snprintf(word, sizeof word, "%.*s", (int)strcspn(at, ","), at);
        if (designs->listed == MOST_WEIGHTS) {
            FAIL(ERROR_INPUT, "--weights = %s: at most %d numbers", text, (int)MOST_WEIGHTS);
        }
        TRY(parameter_set_text(&scratch, "study.trust_exponent", word, "--weights"));
        designs->weights[designs->listed++] = scratch.study.trust_exponent;
    }
    designs->weights[designs->listed] = k->study.trust_exponent;
    while (designs->weights[designs->own] != k->study.trust_exponent) {
        designs->own++;
    }
    designs->count = designs->listed + (designs->own == designs->listed);
out:
    return status;
}

static int print_csv(FILE *stream, const void *context)
{
    const struct designs *designs = context;
    interviews_print_csv(stream, designs->drawn, designs->count);
    return 0;
}

static int interview(const struct options *options, const struct configuration *configuration)
{
    int status = 0;
    struct people people = {0};
    struct designs designs = {0};
    struct parameters k = configuration->parameters;
    TRY(read_weights(&designs, options->weights, &k));
    designs.drawn = calloc(MOST_WEIGHTS + 1, sizeof *designs.drawn);
    if (designs.drawn == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %zu designs", designs.count);
    }
    TRY(people_collect(&people, configuration, options->threads));
    for (size_t n = 0; n < designs.count; n++) {
        k.study.trust_exponent = designs.weights[n];
        TRY(interviews_draw(&designs.drawn[n], &people, &k,
                            options->draws > 0 ? (size_t)options->draws : 1000));
    }
    if (options->csv != NULL) {
        TRY(options_write_text(options->csv, print_csv, &designs));
    }
    interviews_print(stdout, &designs.drawn[designs.own]);
    if (designs.listed > 0) {
        interviews_print_weights(stdout, designs.drawn, designs.listed);
    }
out:
    free(designs.drawn);
    people_free(&people);
    return status;
}

static int study(const struct options *options)
{
    return options_with_result(options, interview);
}

int command_study(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, study);
}
