/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The group /economics of a results file
 *
 *   parameter_value [set, parameter]     the values drawn
 *   cost, effect [group, set, replicate, option]
 *   offered_share [group]
 *   acceptability [threshold, option]; best_option, evpi, evpi_uncorrected, evpi_error [threshold]
 *   evppi, explained [parameter]         at the attribute `threshold`, if there is one
 *
 * In /outcomes the dimension `scenario` runs over options (without "no link workers") and, within each,
 * over sets.
 */
#include "base/error.h"
#include "experiment/economics.h"
#include "experiment/scenario_file.h"
#include "storage/hdf5_file.h"

#include <math.h>
#include <stdlib.h>

static int numbers(struct results_file *file, const char *name, const char *units,
                   const char *long_name, size_t rank, const char *const *dimensions,
                   const double *values)
{
    int status = 0;
    char path[64];
    struct dataset_description d = {.group = "/economics",
                                    .name = name,
                                    .units = units,
                                    .long_name = long_name,
                                    .type = RESULTS_FLOAT64,
                                    .rank = rank,
                                    .has_fill = true,
                                    .fill = NAN};
    for (size_t i = 0; i < rank; i++) {
        d.dimensions[i] = dimensions[i];
    }
    TRY(results_file_dataset(file, &d));
    (void)snprintf(path, sizeof path, "/economics/%s", name);
    TRY(results_file_write(file, path, NULL, NULL, values));
out:
    return status;
}

static int count_dimension(struct results_file *file, const char *name, const char *long_name,
                           size_t size)
{
    int32_t *values = malloc(size * sizeof *values);
    if (values == NULL) {
        return error_set(ERROR_MEMORY, "no memory for the coordinates of %s", name);
    }
    for (size_t i = 0; i < size; i++) {
        values[i] = (int32_t)i;
    }
    const int status =
        results_file_dimension(file, &(struct dimension_description){.group = "/economics",
                                                                     .name = name,
                                                                     .units = "1",
                                                                     .long_name = long_name,
                                                                     .size = size,
                                                                     .type = RESULTS_INT32,
                                                                     .values = values});
    free(values);
    return status;
}

static int label_dimensions(struct results_file *file, const struct economics *e)
{
    int status = 0;
    const char *labels[ECONOMICS_GROUPS];
    const size_t most = e->option_count > e->parameter_count ? e->option_count : e->parameter_count;
    const char **names = malloc(most * sizeof *names);
    if (names == NULL) {
        FAIL(ERROR_MEMORY, "no memory for labels");
    }
    for (size_t o = 0; o < e->option_count; o++) {
        names[o] = e->option_names[o];
    }
    TRY(results_file_labels(file, "/economics", "option", "Option; the first is the comparator.",
                            e->option_count, names));
    for (size_t p = 0; p < e->parameter_count; p++) {
        names[p] = e->parameters[p]->name;
    }
    TRY(results_file_labels(file, "/economics", "parameter", "Uncertain parameter.",
                            e->parameter_count, names));
    for (size_t p = 0; p < e->parameter_count; p++) {
        names[p] = e->parameters[p]->unit;
    }
    TRY(results_file_texts(file, "/economics", "parameter_unit", "Unit of the parameter.",
                           "parameter", names));
    for (size_t g = 0; g < ECONOMICS_GROUPS; g++) {
        labels[g] = economics_group(g);
    }
    TRY(results_file_labels(file, "/economics", "group",
                            "Everyone, or a deprivation quintile (1 most deprived).",
                            ECONOMICS_GROUPS, labels));
out:
    free(names);
    return status;
}

static int write_values(struct results_file *file, const struct economics *e)
{
    static const char *const by_group[] = {"group", "set", "replicate", "option"};
    static const char *const by_set[] = {"set", "parameter"};
    int status = 0;
    const size_t replicates = e->scenarios.results.replicate_count;
    const size_t block = e->set_count * replicates * e->option_count;
    double *values = malloc(2 * ECONOMICS_GROUPS * block * sizeof *values);
    if (values == NULL) {
        FAIL(ERROR_MEMORY, "no memory for costs and effects of %zu sets", e->set_count);
    }
    for (size_t g = 0; g < ECONOMICS_GROUPS; g++) {
        for (size_t i = 0; i < block; i++) {
            values[g * block + i] = e->groups[g].costs[i];
            values[(ECONOMICS_GROUPS + g) * block + i] = e->groups[g].effects[i];
        }
    }
    TRY(numbers(file, "cost", "GBP", "Discounted cost per person offered in the base.", 4, by_group,
                values));
    TRY(numbers(file, "effect", economics_unit(e),
                "Discounted effect per person offered in the base.", 4, by_group,
                &values[ECONOMICS_GROUPS * block]));
    TRY(numbers(file, "offered_share", "share", "Share of the people offered in the base.", 1,
                by_group, e->offered_share));
    TRY(numbers(file, "parameter_value", "1",
                "Value of the parameter in the set, in the unit given in `parameter_unit`.", 2,
                by_set, e->drawn));
out:
    free(values);
    return status;
}

static int write_curves(struct results_file *file, const struct economics *e)
{
    static const char *const by_threshold[] = {"threshold", "option"};
    enum { N = ECONOMICS_THRESHOLDS };
    int status = 0;
    double shares[N * MOST_OPTIONS], best[N], value[N], uncorrected[N], error[N];
    for (size_t t = 0; t < N; t++) {
        const struct information i = decision_information(&e->groups[0], e->thresholds[t]);
        decision_acceptability(&e->groups[0], e->thresholds[t], &shares[t * e->option_count]);
        best[t] = (double)decision_best(&e->groups[0], e->thresholds[t]);
        value[t] = i.value;
        uncorrected[t] = i.uncorrected;
        error[t] = i.error;
    }
    TRY(numbers(file, "acceptability", "share",
                "Share of sets in which the option has the largest net benefit.", 2, by_threshold,
                shares));
    TRY(numbers(file, "best_option", "1",
                "Position of the option with the largest mean net benefit (the frontier).", 1,
                by_threshold, best));
    TRY(numbers(file, "evpi", "GBP",
                "Expected value of perfect information a person, by jackknife over replicates.", 1,
                by_threshold, value));
    TRY(numbers(file, "evpi_uncorrected", "GBP", "The same with the upward bias of few replicates.",
                1, by_threshold, uncorrected));
    TRY(numbers(file, "evpi_error", "GBP", "Its standard error over sets.", 1, by_threshold,
                error));
out:
    return status;
}

static int write_worth(struct results_file *file, const struct economics *e)
{
    static const char *const by_parameter[] = {"parameter"};
    int status = 0;
    double *values = malloc((2 * e->parameter_count + e->set_count) * sizeof *values);
    if (values == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %zu parameters", e->parameter_count);
    }
    double *worth = values + e->set_count, *explained = worth + e->parameter_count;
    for (size_t p = 0; p < e->parameter_count; p++) {
        struct partial_information partial;
        for (size_t k = 0; k < e->set_count; k++) {
            values[k] = e->drawn[k * e->parameter_count + p];
        }
        TRY(decision_partial_information(&e->groups[0], e->threshold, values, &partial));
        worth[p] = partial.value;
        explained[p] = partial.explained;
    }
    TRY(results_file_number(file, "/economics", "threshold", e->threshold));
    TRY(numbers(file, "evppi", "GBP",
                "Expected value of perfect information on the parameter alone, a person.", 1,
                by_parameter, worth));
    TRY(numbers(file, "explained", "share",
                "Share of the variance of net benefit over sets that it explains alone.", 1,
                by_parameter, explained));
out:
    free(values);
    return status;
}

static int write_group(struct results_file *file, const void *context)
{
    int status = 0;
    const struct economics *e = context;
    TRY(results_file_group(file, "/economics",
                           "Costs and effects of options in sets of parameters."));
    TRY(results_file_text(file, "/economics", "comparator", e->option_names[0]));
    TRY(results_file_text(file, "/economics", "effect_unit", economics_unit(e)));
    TRY(results_file_text(file, "/economics", "caution", economics_caution(e)));
    TRY(label_dimensions(file, e));
    TRY(count_dimension(file, "set", "Set of parameters.", e->set_count));
    TRY(count_dimension(file, "replicate", "Replicate.", e->scenarios.results.replicate_count));
    TRY(results_file_dimension(
        file, &(struct dimension_description){.group = "/economics",
                                              .name = "threshold",
                                              .units = "GBP",
                                              .long_name = "Value of one unit of effect.",
                                              .size = ECONOMICS_THRESHOLDS,
                                              .type = RESULTS_FLOAT64,
                                              .values = e->thresholds}));
    TRY(write_values(file, e));
    TRY(write_curves(file, e));
    if (isfinite(e->threshold)) {
        TRY(write_worth(file, e));
    }
out:
    return status;
}

int economics_write(const struct economics *economics, const char *path, bool force,
                    const char *command, int threads)
{
    return scenario_file_write(&economics->scenarios, path, force, command, threads, write_group,
                               economics);
}
