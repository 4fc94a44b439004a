/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /theory in the results file of an ablation
 *
 *   context ... outcome_measure            [configuration]                           texts
 *   effect_on_mechanism, _on_outcome       [configuration, statistic]
 *   effect_on_headline                     [configuration, headline, statistic]
 *   verdict, verdict_of_mechanism          [configuration]                           codes
 *   dose_of_mechanism, _of_outcome         [configuration, strength, statistic]      --strengths
 *   interaction                            [configuration, configuration2, headline, statistic]
 *                                          both halves; missing on the diagonal      --pairs
 *   share                                  [configuration, headline, statistic]      --shapley
 *   total_effect                           [headline, statistic]                     --shapley
 *
 * statistic: mean, standard_error, low, high.
 */
#include "base/error.h"
#include "experiment/ablation_report.h"
#include "experiment/scenario_file.h"
#include "observe/groups.h"
#include "storage/hdf5_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { STATISTIC_COUNT = 4 };

static int write_texts(struct results_file *file)
{
    int status = 0;
    const char *texts[THEORY_COUNT];
#define COLUMN(field)                                                                              \
    for (int row = 0; row < THEORY_COUNT; row++) {                                                 \
        texts[row] = theory[row].field;                                                            \
    }
    COLUMN(id)
    TRY(results_file_labels(file, "/theory", "configuration",
                            "Context-mechanism-outcome configuration.", THEORY_COUNT, texts));
    COLUMN(context)
    TRY(results_file_texts(file, "/theory", "context", "Context.", "configuration", texts));
    COLUMN(mechanism)
    TRY(results_file_texts(file, "/theory", "mechanism", "Mechanism.", "configuration", texts));
    COLUMN(outcome)
    TRY(results_file_texts(file, "/theory", "outcome", "Outcome claimed.", "configuration", texts));
    COLUMN(variable)
    TRY(results_file_texts(file, "/theory", "mechanism_variable",
                           "Outcome that shows the mechanism.", "configuration", texts));
    COLUMN(measure)
    TRY(results_file_texts(file, "/theory", "outcome_measure",
                           "Outcome that the configuration claims.", "configuration", texts));
#undef COLUMN
out:
    return status;
}

/* Writes estimates by the dimensions named, and by statistic. */
static int write_estimates(struct results_file *file, const char *name, const char *meaning,
                           const char *const dimensions[3], const struct estimate *estimates,
                           size_t count)
{
    int status = 0;
    char path[64];
    struct dataset_description d = {.group = "/theory",
                                    .name = name,
                                    .units = "1",
                                    .long_name = meaning,
                                    .type = RESULTS_FLOAT64,
                                    .has_fill = true,
                                    .fill = NAN};
    double *values = malloc((count + 1) * STATISTIC_COUNT * sizeof *values);
    if (values == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %s", name);
    }
    for (size_t i = 0; i < count; i++) {
        values[i * STATISTIC_COUNT] = estimates[i].mean;
        values[i * STATISTIC_COUNT + 1] = estimates[i].standard_error;
        values[i * STATISTIC_COUNT + 2] = estimates[i].low;
        values[i * STATISTIC_COUNT + 3] = estimates[i].high;
    }
    while (d.rank < 3 && dimensions[d.rank] != NULL) {
        d.dimensions[d.rank] = dimensions[d.rank];
        d.rank++;
    }
    d.dimensions[d.rank++] = "statistic";
    (void)snprintf(path, sizeof path, "/theory/%s", name);
    TRY(results_file_dataset(file, &d));
    TRY(results_file_write(file, path, NULL, NULL, values));
out:
    free(values);
    return status;
}

static int write_verdict(struct results_file *file, const char *name, const char *meaning,
                         const int8_t verdicts[THEORY_COUNT])
{
    static const int codes[] = {0, 1, 2};
    int status = 0;
    char path[64];
    TRY(results_file_dataset(
        file, &(struct dataset_description){.group = "/theory",
                                            .name = name,
                                            .units = "code",
                                            .long_name = meaning,
                                            .type = RESULTS_INT8,
                                            .rank = 1,
                                            .dimensions = {"configuration"},
                                            .flag_values = codes,
                                            .flag_meanings = "confirmed refuted undetermined"}));
    (void)snprintf(path, sizeof path, "/theory/%s", name);
    TRY(results_file_write(file, path, NULL, NULL, verdicts));
out:
    return status;
}

static int write_verdicts(struct results_file *file, const struct ablation *ablation)
{
    int status = 0;
    int8_t outcomes[THEORY_COUNT], mechanisms[THEORY_COUNT];
    for (int row = 0; row < THEORY_COUNT; row++) {
        outcomes[row] = (int8_t)ablation->effects[row].verdict;
        mechanisms[row] = (int8_t)ablation->effects[row].variable_verdict;
    }
    TRY(write_verdict(file, "verdict",
                      "Whether the interval of the outcome excludes 0 on the claimed side.",
                      outcomes));
    TRY(write_verdict(
        file, "verdict_of_mechanism",
        "Whether the interval of the mechanism variable excludes 0 on the claimed side.",
        mechanisms));
out:
    return status;
}

static int write_labels(struct results_file *file, const struct ablation *ablation)
{
    static const char *const statistics[STATISTIC_COUNT] = {"mean", "standard_error", "low",
                                                            "high"};
    int status = 0;
    const char *names[MOST_HEADLINES];
    char group[GROUP_NAME_SIZE];
    for (size_t h = 0; h < ablation->headline_count; h++) {
        names[h] = ablation->headlines[h].outcome;
    }
    group_name(ablation->plan.group, group);
    TRY(results_file_group(file, "/theory",
                           "Effect of each configuration: full model minus the model without it."));
    TRY(results_file_text(file, "/theory", "subgroup", group));
    TRY(write_texts(file));
    TRY(results_file_labels(file, "/theory", "statistic",
                            "Mean over replicates, its standard error, 95 % interval.",
                            STATISTIC_COUNT, statistics));
    TRY(results_file_labels(file, "/theory", "headline", "Headline outcome.",
                            ablation->headline_count, names));
out:
    return status;
}

static int write_effects(struct results_file *file, const struct ablation *ablation)
{
    static const char *const by_row[3] = {"configuration"};
    static const char *const by_headline[3] = {"configuration", "headline"};
    int status = 0;
    const size_t count = ablation->headline_count;
    struct estimate variables[THEORY_COUNT], measures[THEORY_COUNT];
    struct estimate all[THEORY_COUNT * MOST_HEADLINES];
    for (size_t row = 0; row < THEORY_COUNT; row++) {
        variables[row] = ablation->effects[row].variable;
        measures[row] = ablation->effects[row].measure;
        for (size_t h = 0; h < count; h++) {
            all[row * count + h] = ablation->effects[row].headline[h];
        }
    }
    TRY(write_estimates(file, "effect_on_mechanism", "Effect on the mechanism variable.", by_row,
                        variables, THEORY_COUNT));
    TRY(write_estimates(file, "effect_on_outcome", "Effect on the outcome claimed.", by_row,
                        measures, THEORY_COUNT));
    TRY(write_estimates(file, "effect_on_headline", "Effect on each headline outcome.", by_headline,
                        all, THEORY_COUNT * count));
    TRY(write_verdicts(file, ablation));
out:
    return status;
}

static int write_doses(struct results_file *file, const struct ablation *ablation)
{
    static const char *const by_strength[3] = {"configuration", "strength"};
    int status = 0;
    const struct ablation_plan *plan = &ablation->plan;
    const size_t count = THEORY_COUNT * plan->strength_count;
    struct estimate *variables = malloc(2 * count * sizeof *variables);
    if (variables == NULL) {
        FAIL(ERROR_MEMORY, "no memory for dose and response");
    }
    struct estimate *measures = variables + count;
    for (size_t n = 0; n < count; n++) {
        variables[n] = ablation->doses[n].variable;
        measures[n] = ablation->doses[n].measure;
    }
    TRY(results_file_dimension(
        file, &(struct dimension_description){.group = "/theory",
                                              .name = "strength",
                                              .units = "1",
                                              .long_name = "Strength of the configuration alone.",
                                              .size = plan->strength_count,
                                              .type = RESULTS_FLOAT64,
                                              .values = plan->strengths}));
    TRY(write_estimates(
        file, "dose_of_mechanism",
        "Mechanism variable with the configuration at a strength, minus at strength 0.",
        by_strength, variables, count));
    TRY(write_estimates(
        file, "dose_of_outcome",
        "Outcome claimed with the configuration at a strength, minus at strength 0.", by_strength,
        measures, count));
out:
    free(variables);
    return status;
}

static int write_pairs(struct results_file *file, const struct ablation *ablation)
{
    static const char *const by_pair[3] = {"configuration", "configuration2", "headline"};
    static const struct estimate missing = {NAN, NAN, NAN, NAN, 0};
    int status = 0;
    const size_t headlines_used = ablation->headline_count;
    const size_t count = THEORY_COUNT * THEORY_COUNT * headlines_used;
    const char *ids[THEORY_COUNT];
    struct estimate *all = malloc(count * sizeof *all);
    if (all == NULL) {
        FAIL(ERROR_MEMORY, "no memory for interactions");
    }
    for (size_t n = 0; n < count; n++) {
        const size_t a = n / headlines_used / THEORY_COUNT, b = n / headlines_used % THEORY_COUNT;
        all[n] = a != b ? *ablation_interaction(ablation, a, b, n % headlines_used) : missing;
    }
    for (size_t row = 0; row < THEORY_COUNT; row++) {
        ids[row] = theory[row].id;
    }
    TRY(results_file_labels(file, "/theory", "configuration2", "The other configuration of a pair.",
                            THEORY_COUNT, ids));
    TRY(write_estimates(file, "interaction",
                        "What two configurations do together beyond the sum of both: full model "
                        "minus without one, minus without the other, plus without both.",
                        by_pair, all, count));
out:
    free(all);
    return status;
}

static int write_shares(struct results_file *file, const struct ablation *ablation)
{
    static const char *const by_headline[3] = {"configuration", "headline"};
    static const char *const of_headline[3] = {"headline"};
    int status = 0;
    const size_t count = ablation->headline_count;
    struct estimate shares[THEORY_COUNT * MOST_HEADLINES];
    for (size_t n = 0; n < THEORY_COUNT * count; n++) {
        shares[n] = *ablation_share(ablation, n / count, n % count);
    }
    TRY(write_estimates(file, "share",
                        "Shapley share of the total effect; the error covers random orders and "
                        "replicates.",
                        by_headline, shares, THEORY_COUNT * count));
    TRY(results_file_integer(file, "/theory/share", "orders", (int64_t)ablation->plan.orders));
    TRY(write_estimates(file, "total_effect", "Full model minus all configurations off.",
                        of_headline, ablation->totals, count));
out:
    return status;
}

static int write_theory(struct results_file *file, const void *context)
{
    int status = 0;
    const struct ablation *ablation = context;
    TRY(write_labels(file, ablation));
    TRY(write_effects(file, ablation));
    if (ablation->plan.strength_count > 0) {
        TRY(write_doses(file, ablation));
    }
    if (ablation->plan.pairs) {
        TRY(write_pairs(file, ablation));
    }
    if (ablation->plan.orders > 0) {
        TRY(write_shares(file, ablation));
    }
out:
    return status;
}

int ablation_write(const struct ablation *ablation, const char *path, bool force,
                   const char *command, int threads)
{
    return scenario_file_write(&ablation->pool.scenarios, path, force, command, threads,
                               write_theory, ablation);
}
