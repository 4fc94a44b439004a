/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "experiment/theory_report.h"
#include "observe/groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option_set option_set = {
    "Usage: buyin ablate [CONFIG] [OPTIONS]\n\n"
    "Switches each of the 26 configurations of the programme theory off alone and compares with "
    "the\n"
    "full model, replicate by replicate with the same random numbers. An effect is the full model\n"
    "minus the model without the configuration.\n\n"
    "  -s, --set KEY=VALUE    override a parameter; run.replicates sets the precision\n"
    "      --subgroup GROUP   only the patients of a group: carer, quintile1, female, site3 ...\n"
    "      --strengths LIST   dose-response: each configuration at these strengths, minus at 0\n"
    "      --pairs            interactions of all pairs on --outcome\n"
    "      --shapley N        share out the total effect on --outcome over N random orders\n"
    "      --outcome NAME     outcome for --pairs and --shapley\n"
    "                         (default pathway_of_engaged.all.b_anchored)\n"
    "  -o, --output FILE      results file with all outcomes and /theory\n"
    "      --force            replace an existing results file\n"
    "      --csv FILE         effects as a table\n"
    "      --plot FILE        forest plot, SVG\n"
    "      --threads N        threads (default: all)\n"
    "      --quiet            no progress, no table\n",
    "softqSPHGpcOm"};

enum { MOST_STRENGTHS = 16 };

static const char *outcome_of(const struct options *options)
{
    return options->outcome != NULL ? options->outcome : "pathway_of_engaged.all.b_anchored";
}

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
        strengths[(*count)++] = value;
        at = *end == ',' ? end + 1 : end;
    }
    return 0;
}

static int print_strengths(const struct options *options, const struct configuration *c, int group)
{
    int status = 0;
    double strengths[MOST_STRENGTHS];
    size_t count = 0;
    struct estimate *effects = calloc(THEORY_COUNT * MOST_STRENGTHS, sizeof *effects);
    if (effects == NULL) {
        FAIL(ERROR_MEMORY, "no memory for effects");
    }
    TRY(read_strengths(options->strengths, strengths, &count));
    TRY(ablation_strengths(c, strengths, count, group, options->threads, options->quiet, effects));
    (void)puts("configuration,outcome,strength,effect,standard_error,low,high");
    for (size_t row = 0; row < THEORY_COUNT; row++) {
        for (size_t n = 0; n < count; n++) {
            const struct estimate *e = &effects[row * count + n];
            (void)printf("%s,%s,%g,%.6g,%.6g,%.6g,%.6g\n", theory[row].id, theory[row].measure,
                         strengths[n], e->mean, e->standard_error, e->low, e->high);
        }
    }
out:
    free(effects);
    return status;
}

static int print_pairs(const struct options *options, const struct configuration *c, int group)
{
    int status = 0;
    struct estimate *effects = calloc(THEORY_COUNT * THEORY_COUNT, sizeof *effects);
    if (effects == NULL) {
        FAIL(ERROR_MEMORY, "no memory for effects");
    }
    TRY(ablation_pairs(c, outcome_of(options), group, options->threads, options->quiet, effects));
    (void)puts("first,second,outcome,interaction,standard_error,low,high");
    for (size_t a = 0; a < THEORY_COUNT; a++) {
        for (size_t b = a + 1; b < THEORY_COUNT; b++) {
            const struct estimate *e = &effects[a * THEORY_COUNT + b];
            (void)printf("%s,%s,%s,%.6g,%.6g,%.6g,%.6g\n", theory[a].id, theory[b].id,
                         outcome_of(options), e->mean, e->standard_error, e->low, e->high);
        }
    }
out:
    free(effects);
    return status;
}

static int print_shapley(const struct options *options, const struct configuration *c, int group)
{
    int status = 0;
    double sum = 0.0;
    struct estimate shares[THEORY_COUNT], total;
    TRY(ablation_shapley(c, outcome_of(options), (size_t)options->shapley, group, options->threads,
                         options->quiet, shares, &total));
    (void)puts("configuration,outcome,share,standard_error,low,high");
    for (size_t row = 0; row < THEORY_COUNT; row++) {
        sum += shares[row].mean;
        (void)printf("%s,%s,%.6g,%.6g,%.6g,%.6g\n", theory[row].id, outcome_of(options),
                     shares[row].mean, shares[row].standard_error, shares[row].low,
                     shares[row].high);
    }
    (void)fprintf(stderr,
                  "Total effect %.6g (%.6g to %.6g over replicates); the shares add up to %.6g.\n",
                  total.mean, total.low, total.high, sum);
out:
    return status;
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

static int print_ablation(const struct options *options, const struct configuration *c, int group)
{
    int status = 0;
    static struct ablation ablation;
    TRY(ablation_run(&ablation, c, group, options->threads, options->quiet));
    if (options->csv != NULL) {
        TRY(options_write_text(options->csv, print_csv, &ablation));
    }
    if (options->plot != NULL) {
        TRY(options_write_text(options->plot, draw, &ablation));
    }
    if (options->output != NULL) {
        const struct ensemble ensemble = {.threads = options->threads};
        TRY(ablation_write(&ablation, options->output, options->force, options->command,
                           ensemble_threads(&ensemble)));
    }
    if (!options->quiet) {
        ablation_print(stdout, &ablation);
    }
out:
    ablation_free(&ablation);
    return status;
}

/* The tables of strengths, pairs and shares are printed, one at a time. */
static int check_combination(const struct options *options, const struct configuration *c)
{
    int status = 0;
    struct outcome_list list = {0};
    struct quantity quantity;
    const int tables = (options->strengths != NULL) + options->pairs + (options->shapley > 0);
    if (tables > 1) {
        FAIL(ERROR_INPUT, "ablate: --strengths, --pairs and --shapley: give one of them at a time");
    }
    if (tables > 0 && (options->output != NULL || options->csv != NULL || options->plot != NULL)) {
        FAIL(ERROR_INPUT,
             "ablate: --strengths, --pairs and --shapley print a CSV table: send it to "
             "a file with '> FILE'; --output, --csv and --plot belong to the effects");
    }
    if (c->parameters.run.replicates < 2) {
        FAIL(ERROR_INPUT, "ablate: run.replicates = %d: intervals need 2 or more",
             c->parameters.run.replicates);
    }
    if (options->outcome != NULL) {
        TRY(outcome_list_init(&list, &c->parameters, c->site_count));
        TRY(quantity_read(&quantity, &list, options->outcome));
    }
out:
    outcome_list_free(&list);
    return status;
}

static int ablate_configuration(const struct options *options,
                                const struct configuration *configuration)
{
    int group = GROUP_ALL;
    int status = check_combination(options, configuration);
    if (status == 0) {
        status = find_group(options, configuration, &group);
    }
    if (status != 0) {
        return status;
    }
    return options->strengths != NULL ? print_strengths(options, configuration, group)
           : options->pairs           ? print_pairs(options, configuration, group)
           : options->shapley > 0     ? print_shapley(options, configuration, group)
                                      : print_ablation(options, configuration, group);
}

static int ablate(const struct options *options)
{
    return options_with_configuration(options, ablate_configuration);
}

int command_ablate(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, ablate);
}
