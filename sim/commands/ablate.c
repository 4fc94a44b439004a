/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "experiment/ablation_report.h"
#include "observe/groups.h"

#include <stdio.h>
#include <stdlib.h>

static const struct option_set option_set = {
    "Usage: buyin ablate [CONFIG] [OPTIONS]\n\n"
    "Switches each of the 26 configurations of the programme theory off alone and compares with "
    "the\n"
    "full model, replicate by replicate with the same random numbers. An effect is the full model\n"
    "minus the model without the configuration: on its mechanism variable, on the outcome it "
    "claims,\n"
    "and on six headline outcomes (enrolment, pathways a, b and c, SWEMWBS, GP consultations).\n\n"
    "  -s, --set KEY=VALUE    override a parameter; run.replicates sets the precision\n"
    "      --subgroup GROUP   only the patients of a group: carer, quintile1, female, site3 ...\n"
    "      --outcome NAME     one more headline outcome ('buyin run --json' lists the names)\n\n"
    "More to compare, alone or together, on the same scenarios and in the same table and file:\n"
    "      --strengths LIST   dose and response: each configuration at these strengths, say\n"
    "                         0.5,1,2, minus itself at strength 0\n"
    "      --pairs            interactions on the headlines: what two configurations do together\n"
    "                         beyond the sum of both (325 scenarios more)\n"
    "      --shapley N        shares of the total effect on the headlines over N random orders of\n"
    "                         switching off (up to 25 N scenarios more); 2 or more give "
    "intervals\n\n"
    "  -o, --output FILE      results file with /theory, and all outcomes of the full model and "
    "of\n"
    "                         each configuration off\n"
    "      --force            replace an existing results file\n"
    "      --csv FILE         everything as one table; the column 'kind' tells what a line is\n"
    "      --plot FILE        forest plot of the effects, SVG\n"
    "      --threads N        threads (default: all)\n"
    "      --quiet            no progress, no table\n",
    "softqSPHGpcOm"};

enum { MOST_STRENGTHS = 16 };

static int find_group(const struct options *options, const struct configuration *c, int *group)
{
    *group = GROUP_ALL;
    if (options->subgroup != NULL) {
        *group = group_find(options->subgroup, c->site_count);
    }
    if (*group < 0) {
        return error_set(ERROR_INPUT,
                         "--subgroup = %s: there is no such group (carer, not_carer, female, male, "
                         "quintile1 to quintile5, language_barrier, transport_barrier, "
                         "housing_barrier, health_barrier, no_..., age_under_40, age_40_to_64, "
                         "age_65_and_over, white_british ... other, site1 ...)",
                         options->subgroup);
    }
    return 0;
}

static int read_strengths(const char *text, double *strengths, size_t *count)
{
    *count = 0;
    if (text[0] == '\0') {
        return error_set(ERROR_INPUT, "--strengths is empty: numbers from 0 on are needed");
    }
    for (const char *at = text; *at != '\0';) {
        char *end = NULL;
        const double value = strtod(at, &end);
        if (end == at || value < 0.0 || (*end != ',' && *end != '\0') || *count == MOST_STRENGTHS) {
            return error_set(
                ERROR_INPUT,
                "--strengths = %s: up to %d numbers from 0 on, separated by commas, are "
                "needed",
                text, (int)MOST_STRENGTHS);
        }
        for (size_t n = 0; n < *count; n++) {
            if (strengths[n] == value) {
                return error_set(ERROR_INPUT, "--strengths = %s: %g is given twice", text, value);
            }
        }
        strengths[(*count)++] = value;
        at = end + (*end == ',' && end[1] != '\0');
    }
    return 0;
}

static int print_csv(FILE *stream, const void *context)
{
    ablation_print_csv(stream, context);
    return 0;
}

static int draw(FILE *stream, const void *context)
{
    ablation_draw(stream, context, "What each configuration of the programme theory does");
    return 0;
}

static int hand_out(const struct options *options, const struct ablation *ablation)
{
    int status = 0;
    if (options->csv != NULL) {
        TRY(options_write_text(options->csv, print_csv, ablation));
    }
    if (options->plot != NULL) {
        TRY(options_write_text(options->plot, draw, ablation));
    }
    if (options->output != NULL) {
        const struct ensemble ensemble = {.threads = options->threads};
        TRY(ablation_write(ablation, options->output, options->force, options->command,
                           ensemble_threads(&ensemble)));
    }
    if (!options->quiet) {
        ablation_print(stdout, ablation);
    }
out:
    return status;
}

static int ablate_configuration(const struct options *options, const struct configuration *c)
{
    int status = 0;
    static struct ablation ablation;
    double strengths[MOST_STRENGTHS];
    struct ablation_plan plan = {.outcome = options->outcome,
                                 .strengths = strengths,
                                 .pairs = options->pairs,
                                 .orders = (size_t)options->shapley};
    if (c->parameters.run.replicates < 2) {
        FAIL(ERROR_INPUT, "ablate: run.replicates = %d: intervals need 2 or more",
             c->parameters.run.replicates);
    }
    TRY(find_group(options, c, &plan.group));
    if (options->strengths != NULL) {
        TRY(read_strengths(options->strengths, strengths, &plan.strength_count));
    }
    TRY(ablation_run(&ablation, c, &plan, options->threads, options->quiet));
    status = hand_out(options, &ablation);
    ablation_free(&ablation);
out:
    return status;
}

static int ablate(const struct options *options)
{
    return options_with_configuration(options, ablate_configuration);
}

int command_ablate(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, ablate);
}
