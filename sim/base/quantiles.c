/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/quantiles.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Beyond this -ln(1 - u) no 32-bit uniform reaches: u <= 1 - 2^-33. */
static const double GAMMA_END = 23.0;

void quantiles_of_beta(struct quantile_table *table, double a, double b)
{
    table->a = a;
    table->b = b;
    for (int i = 0; i <= QUANTILE_NODES; i++) {
        const double half = 2.0 * i / QUANTILE_NODES - 1.0; /* from -1 to 1 */
        const double tail = 0.5 * (1.0 - fabs(half)) * (1.0 - fabs(half));
        table->node[i] = half < 0.0 ? gsl_cdf_beta_Pinv(tail, a, b) : gsl_cdf_beta_Qinv(tail, a, b);
    }
}

void quantiles_of_gamma(struct quantile_table *table, double shape)
{
    table->a = shape;
    table->b = 0.0;
    table->node[0] = 0.0;
    for (int i = 1; i <= QUANTILE_NODES; i++) {
        const double share = (double)i / QUANTILE_NODES;
        const double tail = exp(-GAMMA_END * share * share);
        table->node[i] = tail > 0.5 ? gsl_cdf_gamma_Pinv(1.0 - tail, shape, 1.0 / shape)
                                    : gsl_cdf_gamma_Qinv(tail, shape, 1.0 / shape);
    }
}

void normal_table_fill(struct normal_table *table)
{
    for (int i = 0; i <= NORMAL_NODES; i++) {
        table->below[i] = gsl_cdf_ugaussian_P(16.0 * i / NORMAL_NODES - 8.0) - 1e-9;
    }
}

static double interpolate(const struct quantile_table *table, double position)
{
    const int i = position < QUANTILE_NODES - 1 ? (int)position : QUANTILE_NODES - 1;
    return table->node[i] + (position - i) * (table->node[i + 1] - table->node[i]);
}

double quantile_of_beta(const struct quantile_table *table, double u)
{
    const double half = u < 0.5 ? sqrt(2.0 * u) - 1.0 : 1.0 - sqrt(2.0 * (1.0 - u));
    return interpolate(table, (half + 1.0) * (QUANTILE_NODES / 2.0));
}

double quantile_of_gamma(const struct quantile_table *table, double u)
{
    return interpolate(table, sqrt(-log1p(-u) / GAMMA_END) * QUANTILE_NODES);
}
