/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/results.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

int results_init(struct results *results, const struct configuration *scenarios,
                 size_t scenario_count)
{
    int status = 0;
    const struct parameters *k = &scenarios[0].parameters;
    *results = (struct results){.scenario_count = scenario_count,
                                .replicate_count = (size_t)k->run.replicates};
    TRY(outcome_list_init(&results->list, k, scenarios[0].site_count));
    results->replicate = calloc(1, sizeof *results->replicate);
    results->values = calloc(scenario_count * results->replicate_count * results->list.count,
                             sizeof *results->values);
    if (results->replicate == NULL || results->values == NULL) {
        FAIL(ERROR_MEMORY, "no memory for the outcomes of %zu replicates",
             scenario_count * results->replicate_count);
    }
out:
    if (status != 0) {
        results_free(results);
    }
    return status;
}

void results_free(struct results *results)
{
    if (results->replicate != NULL) {
        tally_free(results->replicate);
    }
    free(results->replicate);
    free(results->values);
    outcome_list_free(&results->list);
    *results = (struct results){0};
}

double *results_values(const struct results *results, size_t scenario, size_t replicate)
{
    return &results
                ->values[(scenario * results->replicate_count + replicate) * results->list.count];
}

bool results_add_to(struct results *results, const struct piece *piece,
                    const struct configuration *configuration, double *values)
{
    if (piece->site == 0) {
        tally_free(results->replicate);
        memset(results->replicate, 0, sizeof *results->replicate);
    }
    tally_add(results->replicate, piece->tally);
    results->stepped_patient_weeks += piece->tally->stepped_patient_weeks;
    if (piece->site + 1 < configuration->site_count) {
        return false;
    }
    outcomes_compute(results->replicate, &configuration->parameters, configuration->site_count,
                     values);
    return true;
}

bool results_add(struct results *results, const struct piece *piece,
                 const struct configuration *configuration)
{
    return results_add_to(results, piece, configuration,
                          results_values(results, piece->scenario, piece->replicate));
}

void results_take(struct results *results, const struct replicate_outcomes *outcomes)
{
    if (outcomes->scenario < results->scenario_count) {
        memcpy(results_values(results, outcomes->scenario, outcomes->replicate), outcomes->values,
               results->list.count * sizeof *outcomes->values);
    }
    results->stepped_patient_weeks += outcomes->stepped_patient_weeks;
}

struct estimate results_estimate(const struct results *results, size_t scenario, size_t outcome)
{
    double *values = malloc(results->replicate_count * sizeof *values);
    if (values == NULL) {
        return estimate_of(NULL, 0);
    }
    for (size_t r = 0; r < results->replicate_count; r++) {
        values[r] = results_values(results, scenario, r)[outcome];
    }
    const struct estimate e = estimate_of(values, results->replicate_count);
    free(values);
    return e;
}

const char *const results_statistic_paths[RESULTS_STATISTICS] = {
    "/outcomes/mean", "/outcomes/standard_error", "/outcomes/low", "/outcomes/high"};

void results_statistics(const struct results *results, size_t scenario, double *values)
{
    const size_t count = results->list.count;
    for (size_t i = 0; i < count; i++) {
        const struct estimate e = results_estimate(results, scenario, i);
        values[i] = e.mean;
        values[count + i] = e.standard_error;
        values[2 * count + i] = e.low;
        values[3 * count + i] = e.high;
    }
}

struct estimate results_named(const struct results *results, size_t scenario, const char *name)
{
    const size_t outcome = outcome_find(&results->list, name);
    if (outcome == results->list.count) {
        return estimate_of(NULL, 0);
    }
    return results_estimate(results, scenario, outcome);
}
