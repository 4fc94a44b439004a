/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "experiment/travellers.h"

#include <stdio.h>

static const struct option_set option_set = {
    "Usage: buyin pathways RESULT [--csv FILE] [--threads N]\n\n"
    "Who travels which pathway, and why people did not connect, from the run that RESULT holds\n"
    "(simulated anew from the file): shares by gender, deprivation, carer, language, transport, "
    "housing,\n"
    "health and their combinations; reasons by group; a multinomial logistic regression.\n\n"
    "      --csv FILE   write one row a person who took up, for regressions of your own\n"
    "      --threads N  threads (default: all)\n"
    "      --help       print this\n",
    "tc"};

static int write_csv(const char *path, const struct people *people)
{
    FILE *stream = fopen(path, "w");
    if (stream == NULL) {
        return error_set(ERROR_INPUT, "%s: cannot be written", path);
    }
    travellers_print_csv(stream, people);
    return fclose(stream) == 0 ? 0 : error_set(ERROR_FILE, "%s: could not be written", path);
}

static int pathways(const struct options *options)
{
    int status = 0;
    char note[256];
    struct configuration configuration;
    struct people people = {0};
    status = rerun_configuration(&configuration, options->path, note);
    if (status != 0) {
        return status;
    }
    if (note[0] != '\0') {
        (void)fprintf(stderr, "buyin: warning: %s\n", note);
    }
    configuration.parameters.run.counterfactual = 0;
    TRY(people_collect(&people, &configuration, options->threads));
    if (options->csv != NULL) {
        TRY(write_csv(options->csv, &people));
    }
    TRY(travellers_print_shares(stdout, &people));
    TRY(travellers_print_reasons(stdout, &people));
    TRY(travellers_print_regression(stdout, &people));
out:
    people_free(&people);
    configuration_free(&configuration);
    return status;
}

int command_pathways(int argc, char **argv)
{
    struct options options;
    int status = options_read(&options, &option_set, argc, argv);
    if (status == 0 && !options.is_done) {
        const int code = options.path != NULL
                             ? pathways(&options)
                             : error_set(ERROR_INPUT, "pathways: a results file is needed");
        status = code == 0 ? EXIT_DONE : command_failed(code);
    }
    options_free(&options);
    return status;
}
