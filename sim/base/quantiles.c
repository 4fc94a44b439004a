/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/quantiles.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>

enum { MOST_STEPS = 60 };
static const double LEAST_LOG = -90.0; /* smaller quantiles are 0 in single precision */
static const double CLOSE = 1e-9;      /* in the logarithm of a probability */

/* The lower half of the quantiles of Beta(a, b), node[0] to node[QUANTILE_NODES / 2]. Newton's steps
 * from node to node on logarithms, in which the tail is a straight line; halving where a step leaves
 * the bracket, since some shapes have nearly all of the distribution at an end.
 */
static void fill_lower_half(double *node, double a, double b)
{
    const double log_beta = gsl_sf_lnbeta(a, b);
    double x = (log(0.5) - 2.0 * log(0.5 * QUANTILE_NODES) + log(a) + log_beta) / a; /* ln, tail */
    double least = LEAST_LOG;
    node[0] = 0.0;
    for (int i = 1; i <= QUANTILE_NODES / 2; i++) {
        const double share = 2.0 * i / QUANTILE_NODES, wanted = log(0.5 * share * share);
        double most = 0.0;
        for (int step = 0; step < MOST_STEPS && most - least > 1e-12; step++) {
            if (!(x > least && x < most)) {
                x = 0.5 * (least + most);
            }
            const double p = gsl_cdf_beta_P(exp(x), a, b), excess = log(p) - wanted;
            if (fabs(excess) < CLOSE) {
                break;
            }
            if (excess > 0.0) {
                most = x;
            } else {
                least = x;
            }
            x -= excess * p / exp(a * x + (b - 1.0) * log1p(-exp(x)) - log_beta);
        }
        x = fmin(fmax(x, least), most);
        node[i] = x > LEAST_LOG + 1.0 ? exp(x) : 0.0;
        const double density = exp(a * x + (b - 1.0) * log1p(-exp(x)) - log_beta);
        x += 2.0 * log((i + 1.0) / i) * 0.5 * share * share / density;
    }
}

void quantiles_of_beta(struct quantile_table *table, double a, double b)
{
    enum { HALF = QUANTILE_NODES / 2 };
    double lower[HALF + 1], upper[HALF + 1];
    table->a = a;
    table->b = b;
    fill_lower_half(lower, a, b);
    fill_lower_half(upper, b, a);
    for (int i = 0; i <= HALF; i++) {
        table->node[i] = (float)lower[i];
        table->node[QUANTILE_NODES - i] = (float)(1.0 - upper[i]);
    }
    table->node[HALF] = (float)(lower[HALF] < 0.5 ? lower[HALF] : 1.0 - upper[HALF]);
    for (int i = 1; i <= QUANTILE_NODES; i++) { /* where nearly all is at one end */
        table->node[i] = fmaxf(table->node[i], table->node[i - 1]);
    }
}

/* ln x where Gamma(shape, 1) is below x with probability 1 - exp(-waiting), from a guess below it:
 * Newton's steps, below the median on the logarithm of that probability, above on that of the other.
 */
static double log_of_gamma_quantile(double shape, double log_gamma, double waiting, double x)
{
    const bool is_lower = waiting < M_LN2;
    const double wanted = is_lower ? log(-expm1(-waiting)) : -waiting;
    for (int step = 0; step < MOST_STEPS; step++) {
        const double p =
            is_lower ? gsl_cdf_gamma_P(exp(x), shape, 1.0) : gsl_cdf_gamma_Q(exp(x), shape, 1.0);
        const double excess = log(p) - wanted;
        if (fabs(excess) < CLOSE) {
            break;
        }
        const double density = exp(shape * x - exp(x) - log_gamma); /* of ln x */
        x += (is_lower ? -excess : excess) * p / density;
    }
    return x;
}

void quantiles_of_gamma(struct quantile_table *table, double shape)
{
    const double log_gamma = gsl_sf_lngamma(shape);
    table->a = shape;
    table->b = 0.0;
    table->node[0] = 0.0f;
    double x = 0.0;
    for (int i = 1; i <= QUANTILE_NODES; i++) {
        const double share = (double)i / QUANTILE_NODES,
                     waiting = (double)GAMMA_END * share * share;
        if (i == 1) {
            x = (log(waiting) + log(shape) + log_gamma) / shape; /* the tail at 0 */
        }
        x = log_of_gamma_quantile(shape, log_gamma, waiting, x);
        table->node[i] = (float)(exp(x) / shape);
    }
}
