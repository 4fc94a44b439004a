/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "experiment/pathway_odds.h"
#include "experiment/travellers.h"

#include <stdio.h>

static const struct option_set option_set = {
    "Usage: buyin pathways RESULT [--interactions] [--csv FILE] [--people FILE] [--threads N]\n\n"
    "Who travels which pathway, and why people did not connect, from the run that RESULT holds\n"
    "(simulated anew from the file): shares by gender, deprivation, carer, language, transport, "
    "housing,\n"
    "health and their combinations; reasons by group; odds ratios from a multinomial logistic "
    "regression\n"
    "of all replicates together, standard errors clustered by replicate.\n\n"
    "      --interactions  also a coefficient for each pair of characteristics\n"
    "      --csv FILE      shares, reasons and odds ratios as one table, a line an estimate\n"
    "      --people FILE   one line a person who took up, for regressions of your own\n"
    "      --threads N     threads (default: all)\n"
    "      --help          print this\n",
    "tcxl"};

/* What the tables are made of; without a fit there are no odds ratios. */
struct findings {
    const struct people *people;
    const struct pathway_odds *odds; /* NULL: no regression */
};

static int print_csv(FILE *stream, const void *context)
{
    const struct findings *findings = context;
    travellers_print_csv_head(stream);
    const int status = travellers_print_csv(stream, findings->people);
    if (status == 0 && findings->odds != NULL) {
        pathway_odds_print_csv(stream, findings->odds);
    }
    return status;
}

static int print_people(FILE *stream, const void *context)
{
    travellers_print_people(stream, context);
    return 0;
}

static int write_files(const struct options *options, const struct findings *findings)
{
    int status = 0;
    if (options->csv != NULL) {
        TRY(options_write_text(options->csv, print_csv, findings));
    }
    if (options->people != NULL) {
        TRY(options_write_text(options->people, print_people, findings->people));
    }
out:
    return status;
}

static int print_tables(const struct options *options, const struct configuration *configuration)
{
    int status = 0;
    struct people people = {0};
    struct pathway_odds odds = {0};
    struct findings findings = {.people = &people, .odds = &odds};
    char reason[256] = "";
    TRY(people_collect(&people, configuration, options->threads));
    status = pathway_odds_fit(&odds, &people, options->interactions);
    if (status == ERROR_INPUT) { /* hardly anybody on a pathway: the other tables still hold */
        (void)snprintf(reason, sizeof reason, "%s", error_message());
        findings.odds = NULL;
        status = 0;
    }
    TRY(status);
    TRY(write_files(options, &findings));
    TRY(travellers_print_shares(stdout, &people));
    TRY(travellers_print_reasons(stdout, &people));
    if (findings.odds != NULL) {
        pathway_odds_print(stdout, &odds);
    } else {
        (void)printf("\nNo odds ratios: %s.\n", reason);
    }
out:
    pathway_odds_free(&odds);
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
