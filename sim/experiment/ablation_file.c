/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /theory in the results file of an ablation
 */
#include "base/error.h"
#include "experiment/scenario_file.h"
#include "experiment/theory_report.h"
#include "storage/hdf5_file.h"

#include <math.h>
#include <stdio.h>

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

static int write_family(struct results_file *file, const char *name, const char *meaning,
                        const char *third, const double *values)
{
    int status = 0;
    char path[64];
    struct dataset_description d = {.group = "/theory",
                                    .name = name,
                                    .units = "1",
                                    .long_name = meaning,
                                    .type = RESULTS_FLOAT64,
                                    .rank = third != NULL ? 3 : 2,
                                    .dimensions = {"configuration", third, "statistic"},
                                    .has_fill = true,
                                    .fill = NAN};
    if (third == NULL) {
        d.dimensions[1] = "statistic";
        d.dimensions[2] = NULL;
    }
    (void)snprintf(path, sizeof path, "/theory/%s", name);
    TRY(results_file_dataset(file, &d));
    TRY(results_file_write(file, path, NULL, NULL, values));
out:
    return status;
}

static void put(double *to, const struct estimate *e)
{
    to[0] = e->mean;
    to[1] = e->standard_error;
    to[2] = e->low;
    to[3] = e->high;
}

static int write_verdicts(struct results_file *file, const struct ablation *ablation)
{
    static const int codes[] = {0, 1, 2};
    int status = 0;
    int8_t verdicts[THEORY_COUNT];
    for (int row = 0; row < THEORY_COUNT; row++) {
        verdicts[row] = (int8_t)ablation->effects[row].verdict;
    }
    TRY(results_file_dataset(
        file,
        &(struct dataset_description){
            .group = "/theory",
            .name = "verdict",
            .units = "code",
            .long_name = "Whether the interval of the outcome excludes 0 on the claimed side.",
            .type = RESULTS_INT8,
            .rank = 1,
            .dimensions = {"configuration"},
            .flag_values = codes,
            .flag_meanings = "confirmed refuted undetermined"}));
    TRY(results_file_write(file, "/theory/verdict", NULL, NULL, verdicts));
out:
    return status;
}

static int write_theory(struct results_file *file, const struct ablation *ablation)
{
    static const char *const statistics[STATISTIC_COUNT] = {"mean", "standard_error", "low",
                                                            "high"};
    int status = 0;
    const char *titles[HEADLINE_COUNT];
    double variables[THEORY_COUNT][STATISTIC_COUNT], measures[THEORY_COUNT][STATISTIC_COUNT];
    double all[THEORY_COUNT][HEADLINE_COUNT][STATISTIC_COUNT];
    for (int row = 0; row < THEORY_COUNT; row++) {
        put(variables[row], &ablation->effects[row].variable);
        put(measures[row], &ablation->effects[row].measure);
        for (int h = 0; h < HEADLINE_COUNT; h++) {
            titles[h] = headlines[h].outcome;
            put(all[row][h], &ablation->effects[row].headline[h]);
        }
    }
    TRY(results_file_group(file, "/theory",
                           "Effect of each configuration: full model minus the model without it."));
    TRY(write_texts(file));
    TRY(results_file_labels(file, "/theory", "statistic",
                            "Mean over replicates, its standard error, 95 % interval.",
                            STATISTIC_COUNT, statistics));
    TRY(results_file_labels(file, "/theory", "headline", "Headline outcome.", HEADLINE_COUNT,
                            titles));
    TRY(write_family(file, "effect_on_mechanism", "Effect on the mechanism variable.", NULL,
                     &variables[0][0]));
    TRY(write_family(file, "effect_on_outcome", "Effect on the outcome claimed.", NULL,
                     &measures[0][0]));
    TRY(write_family(file, "effect_on_headline", "Effect on each headline outcome.", "headline",
                     &all[0][0][0]));
    TRY(write_verdicts(file, ablation));
out:
    return status;
}

static int write_extra(struct results_file *file, const void *context)
{
    return write_theory(file, context);
}

int ablation_write(const struct ablation *ablation, const char *path, bool force,
                   const char *command, int threads)
{
    return scenario_file_write(&ablation->scenarios, path, force, command, threads, write_extra,
                               ablation);
}
