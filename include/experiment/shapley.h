/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_SHAPLEY_H
#define BUYIN_EXPERIMENT_SHAPLEY_H

#include "experiment/theory_pool.h"

/** Shapley shares of the total effect, full model minus the model with all rows off.
 *
 *  In one random order the rows are switched off one after the other; what the outcome loses at a row is
 *  that row's contribution, and the contributions of an order add up to the total effect. A share is the
 *  mean contribution over orders (Castro, Gomez and Tejada 2009, DOI 10.1016/j.cor.2008.04.004) and
 *  replicates. Every order meets every replicate, so its standard error is that of
 *  estimate_crossed: it covers the chance of the orders and that of the replicates.
 */

/** The order of a number: a draw of the seed. */
void shapley_order(int order[THEORY_COUNT], int seed, size_t number);

/** Asks the pool for the scenarios of the first `orders` orders. Fails: ERROR_MEMORY. */
int shapley_ask(struct theory_pool *pool, size_t orders);

/** The share of each row in what was measured `which`-th, and the total effect with its interval over
 *  replicates. A replicate in which the outcome is undefined in some scenario is left out of all.
 *  Fails: ERROR_MEMORY.
 */
int shapley_shares(const struct theory_pool *pool, size_t orders, size_t which,
                   struct estimate shares[THEORY_COUNT], struct estimate *total);

#endif
