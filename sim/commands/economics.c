/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/economics.h"

#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { USUAL_SETS = 200, NAME_SIZE = 4096 };

static const struct option_set option_set = {
    "Usage: buyin economics BASE [SCENARIO...] [OPTIONS]\n\n"
    "Costs and effects of BASE, and of BASE with each SCENARIO laid over it, under many sets of "
    "the "
    "parameters\nthat are uncertain: differences, cost-effectiveness, acceptability, value of "
    "information, by quintile of\ndeprivation. The comparator is BASE; without a SCENARIO it is "
    "the "
    "same service without link workers.\n\n"
    "  -u, --uncertain FILE  distributions (`uncertain:`) laid over BASE\n"
    "      --sets N          sets of parameters (default: 200), each in run.replicates replicates\n"
    "      --threshold GBP   value of a unit of effect (default: 20000 a QALY, 13000 a WELLBY)\n"
    "      --none            compare with no link workers, also when there are scenarios\n"
    "  -s, --set KEY=VALUE   override a parameter everywhere; it is then known for certain\n"
    "      --csv PREFIX      PREFIX_costs.csv, _effects, _parameters, _options, _quintiles,\n"
    "                        _acceptability and _information: for BCEA, voi and dceasimR in R\n"
    "      --plot FILE       cost-effectiveness plane and acceptability curves, SVG\n"
    "  -o, --output FILE     results file with all outcomes and /economics\n"
    "      --force           replace an existing results file\n"
    "      --threads N       threads (default: all)\n"
    "      --quiet           no progress, no table\n"
    "      --help            print this\n\n"
    "Effects are SWEMWBS point-years; `--set cost.wellbeing_value=placeholder_qaly` (or _wellby) "
    "turns them into\nQALYs by a coefficient that has no accepted value.\n",
    "softqmcpuNkh"};

static int read_threshold(const struct options *options, double *threshold)
{
    char *end = NULL;
    *threshold = NAN;
    if (options->threshold == NULL) {
        return 0;
    }
    *threshold = strtod(options->threshold, &end);
    if (end == options->threshold || *end != '\0' || !(*threshold > 0.0 && *threshold < 1e9)) {
        return error_set(ERROR_INPUT, "--threshold = %s: must be a number of GBP above 0",
                         options->threshold);
    }
    return 0;
}

struct table {
    const struct economics *economics;
    size_t number;
};

static int print_table(FILE *stream, const void *context)
{
    const struct table *table = context;
    return economics_print_table(stream, table->economics, table->number);
}

static int print_tables(const struct economics *economics, const char *prefix)
{
    int status = 0;
    for (size_t n = 0; economics_tables[n] != NULL; n++) {
        char path[NAME_SIZE];
        const struct table table = {economics, n};
        if (snprintf(path, sizeof path, "%s_%s.csv", prefix, economics_tables[n]) >= NAME_SIZE) {
            FAIL(ERROR_INPUT, "--csv: %.80s...: the name is too long", prefix);
        }
        TRY(options_write_text(path, print_table, &table));
    }
out:
    return status;
}

static int draw(FILE *stream, const void *context)
{
    return economics_draw(stream, context);
}

static int evaluate(const struct options *options)
{
    int status = 0;
    struct economics economics = {0};
    struct economics_request request = {.paths = options->paths,
                                        .path_count = options->path_count,
                                        .uncertain = options->uncertain,
                                        .settings = options->settings,
                                        .setting_count = options->setting_count,
                                        .sets =
                                            options->sets > 0 ? (size_t)options->sets : USUAL_SETS,
                                        .against_none = options->none};
    TRY(read_threshold(options, &request.threshold));
    TRY(economics_make(&economics, &request));
    TRY(economics_run(&economics, options->threads, options->quiet));
    if (options->csv != NULL) {
        TRY(print_tables(&economics, options->csv));
    }
    if (options->plot != NULL) {
        TRY(options_write_text(options->plot, draw, &economics));
    }
    if (options->output != NULL) {
        TRY(economics_write(&economics, options->output, options->force, options->command,
                            options->threads));
    }
    if (!options->quiet) {
        TRY(economics_print(stdout, &economics));
    }
out:
    economics_free(&economics);
    return status;
}

int command_economics(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, evaluate);
}
