/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_THEORY_POOL_H
#define BUYIN_EXPERIMENT_THEORY_POOL_H

#include "experiment/quantity.h"
#include "experiment/scenarios.h"
#include "experiment/theory.h"

/** The models that an ablation compares: one pool of scenarios, each simulated once however many ask
 *  for it, and of each what is measured. Only of the first ones, those that `scenarios.kept` counts, are
 *  all outcomes held.
 */

enum { MEASURED_LIMIT = 2 * THEORY_COUNT + 7 };

/** A set of rows switched off: bit r for row r. */
#define ROW_BIT(row) ((uint32_t)1 << (row))
#define ALL_ROWS (ROW_BIT(THEORY_COUNT) - 1)

struct theory_pool {
    struct scenarios scenarios;
    uint32_t *off; /* [scenario] the rows switched off, or OTHER_STRENGTH */
    size_t room;
    struct outcome_list outcomes;
    struct quantity quantities[MEASURED_LIMIT];
    size_t measured_count;
    bool with_counterfactual; /* effects need none; outcomes that are contrasts do */
    struct results measured;  /* values [scenario][replicate][measured], after theory_pool_run */
};

/** No scenario yet, nothing measured. Fails: ERROR_MEMORY. */
int theory_pool_init(struct theory_pool *pool, const struct configuration *base);

/** Measures one more outcome, or difference of two, in every scenario, before any is run.
 *  Fails: ERROR_INPUT (no such outcome).
 */
int theory_pool_measure(struct theory_pool *pool, const char *text);

/** The scenario with these rows off and all others as in the base; it is added if there is none.
 *  Fails: ERROR_MEMORY.
 */
int theory_pool_without(struct theory_pool *pool, uint32_t off, size_t *scenario);

/** The same scenario once the pool is complete. */
size_t theory_pool_find(const struct theory_pool *pool, uint32_t off);

/** The scenario with one row at a strength, each strength of a row asked for once.
 *  Fails: ERROR_INPUT (out of range), ERROR_MEMORY.
 */
int theory_pool_at(struct theory_pool *pool, int row, double strength, size_t *scenario);

/** Runs all scenarios over the patients of a group (0: everyone). Fails as scenarios_run. */
int theory_pool_run(struct theory_pool *pool, int group, int threads, bool is_quiet);

/** What was measured `which`-th, to be compared between scenarios of `measured`. */
static inline struct quantity theory_pool_quantity(const struct theory_pool *pool, size_t which)
{
    return (struct quantity){.plus = which, .minus = pool->measured_count};
}

void theory_pool_free(struct theory_pool *pool);

#endif
