/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_QUANTILES_H
#define BUYIN_BASE_QUANTILES_H

#include "base/inverse.h"

#include <stdint.h>

/** Inverse distribution function as a table: one word, one look-up, one draw.
 *
 *  Made for variables that everyone on a register needs and whose shape many share.
 *  Linear between nodes: the largest error in probability is 6e-6 for a Beta and
 *  6e-5 for a Gamma of shape 0.57, near 0, at the shipped shapes (tests/base/test_quantiles.c);
 *  larger for shapes near the ends of what is allowed, whose means and variances hold.
 */
struct quantile_table {
    double a, b; /* what it was made for; of a Gamma the shape is a */
    float node[QUANTILE_NODES + 1];
};

/** Beta(a, b) on [0, 1]: nodes closer where a tail ends. */
void quantiles_of_beta(struct quantile_table *table, double a, double b);

/** Gamma with mean 1 and this shape: nodes even in the root of -ln(1 - probability). */
void quantiles_of_gamma(struct quantile_table *table, double shape);

/** The draw that a word makes of a table made by quantiles_of_beta. */
static inline float quantile_of_beta(const struct quantile_table *table, uint32_t word)
{
    return beta_of(table->node, word);
}

/** The draw that a word makes of a table made by quantiles_of_gamma. */
static inline float quantile_of_gamma(const struct quantile_table *table, uint32_t word)
{
    return gamma_of(table->node, word);
}

#endif
