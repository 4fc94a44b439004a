/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_QUANTITY_H
#define BUYIN_EXPERIMENT_QUANTITY_H

#include "run/results.h"

/** An outcome, or the difference of two, to be compared between scenarios. */
struct quantity {
    size_t plus;  /* position in the list of outcomes */
    size_t minus; /* the same, or list->count: nothing is taken away */
};

/** Reads "name" or "name - name". Fails: ERROR_INPUT with the nearest sentence. */
int quantity_read(struct quantity *quantity, const struct outcome_list *list, const char *text);

/** The value among `count` outcomes of a replicate. */
double quantity_of(const struct quantity *quantity, const double *outcomes, size_t count);

/** The value in one replicate of a scenario. */
double quantity_value(const struct results *results, size_t scenario, size_t replicate,
                      const struct quantity *quantity);

/** The value of a scenario over replicates. */
struct estimate quantity_estimate(const struct results *results, size_t scenario,
                                  const struct quantity *quantity);

/** Scenario `a` minus scenario `b`, replicate by replicate: common random numbers make the
 *  difference far more certain than either value.
 */
struct estimate quantity_difference(const struct results *results, size_t a, size_t b,
                                    const struct quantity *quantity);

/** a - b - c + d, replicate by replicate: what two changes do together beyond their sum. */
struct estimate quantity_interaction(const struct results *results, size_t a, size_t b, size_t c,
                                     size_t d, const struct quantity *quantity);

#endif
