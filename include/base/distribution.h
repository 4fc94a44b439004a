/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_DISTRIBUTION_H
#define BUYIN_BASE_DISTRIBUTION_H

#include <stdbool.h>

/** Distributions of one uncertain number, cut off at the limits it may take.
 *
 *  Values come from quantiles, so that one uniform number makes one value: equal uniforms give equal
 *  values wherever they are used.
 */

enum distribution_kind {
    DISTRIBUTION_NORMAL,
    DISTRIBUTION_LOGNORMAL,  /* a, b: mean and standard deviation of the logarithm */
    DISTRIBUTION_BETA,       /* a, b: both shapes; on 0 to 1 */
    DISTRIBUTION_GAMMA,      /* a, b: shape and scale */
    DISTRIBUTION_UNIFORM,    /* a, b: limits */
    DISTRIBUTION_TRIANGULAR, /* a, b: limits; c: the likeliest value */
    DISTRIBUTION_COUNT
};

extern const char *const distribution_names[DISTRIBUTION_COUNT];

struct distribution {
    enum distribution_kind kind;
    double a, b, c;
    double low, high;     /* where it is cut off */
    double below, within; /* probability below `low`, and from `low` to `high`, before the cut */
};

/** From mean and standard deviation; not for uniform and triangular ones.
 *  Returns false if there is none such: sd must be above 0, the mean above 0 (lognormal, gamma), or
 *  mean and sd possible on 0 to 1 (beta).
 */
bool distribution_of_moments(struct distribution *distribution, enum distribution_kind kind,
                             double mean, double sd);

/** From the 2.5 % and 97.5 % quantiles; not for uniform and triangular ones. False if there is none. */
bool distribution_of_interval(struct distribution *distribution, enum distribution_kind kind,
                              double low_95, double high_95);

/** Uniform, or triangular with its peak at `mode`. False unless low < high and low <= mode <= high. */
bool distribution_of_limits(struct distribution *distribution, enum distribution_kind kind,
                            double low, double mode, double high);

/** Cuts off what lies outside the limits; returns the probability that is kept. */
double distribution_cut(struct distribution *distribution, double low, double high);

/** The value below which the distribution, as cut off, has probability u; u in (0, 1). */
double distribution_quantile(const struct distribution *distribution, double u);

#endif
