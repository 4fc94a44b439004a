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

static int print_csv(FILE *stream, const void *context)
{
    travellers_print_csv(stream, context);
    return 0;
}

static int print_tables(const struct options *options, const struct configuration *configuration)
{
    int status = 0;
    struct people people = {0};
    TRY(people_collect(&people, configuration, options->threads));
    if (options->csv != NULL) {
        TRY(options_write_text(options->csv, print_csv, &people));
    }
    TRY(travellers_print_shares(stdout, &people));
    TRY(travellers_print_reasons(stdout, &people));
    TRY(travellers_print_regression(stdout, &people));
out:
    people_free(&people);
    return status;
}

static int pathways(const struct options *options)
{
    return options_with_result(options, print_tables);
}

int command_pathways(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, pathways);
}
