/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_COMPARISON_H
#define BUYIN_EXPERIMENT_COMPARISON_H

#include "experiment/quantity.h"
#include "experiment/scenarios.h"

#include <stdio.h>

/** A base and scenarios, compared outcome by outcome: scenario minus base, paired by replicate. */
struct comparison {
    struct scenarios scenarios; /* 0: the base */
};

/** Two values for policy, with intervals over replicates. */
struct comparison_value {
    struct estimate needed_to_refer;     /* people offered for one more of them to be connected */
    struct estimate cost_per_connection; /* GBP net of GP consultations, per additional one */
};

/** Reads the base, lays `laid_over` over it unless it is NULL, and over that each scenario file; refuses
 *  what cannot be paired. Fails: ERROR_INPUT with the place.
 */
int comparison_read(struct comparison *comparison, const char *const *paths, size_t path_count,
                    const char *laid_over, const char *const *settings, size_t setting_count);

/** The difference of one outcome; *unpaired is what independent seeds would have left as its
 *  standard error.
 */
struct estimate comparison_difference(const struct comparison *comparison, size_t scenario,
                                      size_t outcome, double *unpaired);

/** Fails: ERROR_INPUT if the runs had no counterfactual for the costs (values are NaN then). */
struct comparison_value comparison_value(const struct comparison *comparison, size_t scenario);

/** What matters first, in a table; every outcome as CSV. */
void comparison_print(FILE *stream, const struct comparison *comparison);
void comparison_print_csv(FILE *stream, const struct comparison *comparison);

void comparison_free(struct comparison *comparison);

#endif
