/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_RESULTS_H
#define BUYIN_RUN_RESULTS_H

#include "base/estimate.h"
#include "observe/outcomes.h"
#include "run/ensemble.h"

/** Outcomes of every replicate of every scenario, reduced from pieces as they come. */
struct results {
    struct outcome_list list;
    size_t scenario_count, replicate_count;
    double *values; /* [scenario][replicate][outcome] */
    struct tally
        *replicate; /* of the replicate that is being added up; complete after its last site */
    int64_t stepped_patient_weeks;
};

/** Room for the outcomes. All scenarios have as many sites and replicates. Fails: ERROR_MEMORY. */
int results_init(struct results *results, const struct configuration *scenarios,
                 size_t scenario_count);

/** Adds the next piece; returns true if it completed a replicate, whose values are then there. */
bool results_add(struct results *results, const struct piece *piece,
                 const struct configuration *configuration);

/** The same, but the values go to `values`, results->list.count of them, and are not kept here. */
bool results_add_to(struct results *results, const struct piece *piece,
                    const struct configuration *configuration, double *values);

/** Takes over the outcomes of a replicate that were computed elsewhere; of a scenario that is not kept
 *  only the work is counted.
 */
void results_take(struct results *results, const struct replicate_outcomes *outcomes);

/** Values of a replicate, results->list.count of them. */
double *results_values(const struct results *results, size_t scenario, size_t replicate);

/** Statistics of an outcome of a scenario. */
struct estimate results_estimate(const struct results *results, size_t scenario, size_t outcome);

/** The same by name; NaN for a name that does not exist. */
struct estimate results_named(const struct results *results, size_t scenario, const char *name);

enum { RESULTS_STATISTICS = 4 };

/** Where they are in a results file: mean, standard error, low, high. */
extern const char *const results_statistic_paths[RESULTS_STATISTICS];

/** Writes them for all outcomes of a scenario, [statistic][outcome]. */
void results_statistics(const struct results *results, size_t scenario, double *values);

void results_free(struct results *results);

#endif
