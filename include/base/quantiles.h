/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_QUANTILES_H
#define BUYIN_BASE_QUANTILES_H

#include <stdbool.h>

enum { QUANTILE_NODES = 512 };

/** Inverse distribution function as a table: one uniform, one look-up, one draw.
 *
 *  Made for variables that everyone on a register needs and whose shape all share.
 *  Linear between nodes: the largest error in probability is 6e-6 for a Beta and
 *  5e-5 for a Gamma of shape 0.57, near 0 (tests/base/test_quantiles.c).
 */
struct quantile_table {
    double a, b; /* what it was made for; of a Gamma the shape is a */
    double node[QUANTILE_NODES + 1];
};

enum { NORMAL_NODES = 256 };

/** Lower bounds of the standard normal distribution function, for comparing without inverting. */
struct normal_table {
    double below[NORMAL_NODES + 1];
};

void normal_table_fill(struct normal_table *table);

/** True only if the quantile of u is below x; false says nothing. */
static inline bool normal_is_surely_below(const struct normal_table *table, double u, double x)
{
    const double position = (x + 8.0) * (NORMAL_NODES / 16.0);
    return position >= 1.0 &&
           u < table->below[position < NORMAL_NODES ? (int)position : NORMAL_NODES];
}

/** Beta(a, b) on [0, 1]: nodes closer where a tail ends. */
void quantiles_of_beta(struct quantile_table *table, double a, double b);

/** Gamma with mean 1 and this shape: nodes even in the root of -ln(1 - probability). */
void quantiles_of_gamma(struct quantile_table *table, double shape);

/** Quantile of a table made by quantiles_of_beta; u in (0, 1). */
double quantile_of_beta(const struct quantile_table *table, double u);

/** Quantile of a table made by quantiles_of_gamma; u in (0, 1). */
double quantile_of_gamma(const struct quantile_table *table, double u);

#endif
