/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_STATE_COEFFICIENTS_H
#define BUYIN_STATE_COEFFICIENTS_H

#include "base/quantiles.h"
#include "parameters/parameters.h"
#include "state/model_kinds.h"

/** What is computed once from the parameters: families of them as arrays, in the
 *  precision of the weekly loop, and the distributions of the starting population.
 *  Read only while a model runs.
 */
struct coefficients {
    struct parameters parameters;

    /* notation of the model: severity, capacity, readiness, wellbeing */
    float severity_weight;
    float capacity_stress;
    float capacity_barrier[BARRIER_COUNT];
    float clarity_floor;
    float wellbeing_intercept, wellbeing_hope, wellbeing_confidence, wellbeing_ties;
    float wellbeing_stress, wellbeing_isolation;

    /* families over needs, barriers and formats */
    float need_easing[NEED_COUNT];
    float barrier_easing[BARRIER_COUNT];
    float gate[FORMAT_COUNT][BARRIER_COUNT];
    float gate_aversion;
    float stigma[NEED_COUNT];
    float advocacy_control[BARRIER_COUNT]; /* 0 where a link worker cannot advocate */
    int services[NEED_COUNT][FORMAT_COUNT];

    /* starting population */
    float need_threshold[NEED_COUNT][QUINTILE_COUNT];       /* of the liability: present above it */
    float barrier_threshold[BARRIER_COUNT][QUINTILE_COUNT]; /* housing, income, transport */
    float caring_threshold[2][QUINTILE_COUNT];              /* by gender: men, women */
    float language_threshold[ETHNICITY_COUNT][QUINTILE_COUNT];
    float health_probability[QUINTILE_COUNT]; /* at age 50 */
    double ethnicity_cumulative[ETHNICITY_COUNT];
    double age_low, age_span, female_share;
    struct quantile_table age;               /* Beta on [0, 1], scaled by low and span */
    struct quantile_table severity;          /* Beta(shape, shape) */
    struct quantile_table consultation_rate; /* Gamma with mean 1 */
    struct quantile_table stigma_sensitivity, few_alternatives; /* Beta, as the next one */
    struct quantile_table uncertainty[QUINTILE_COUNT];
    struct quantile_table blow; /* of a life event: Beta(2, 2) */
};

/** Those of changed parameters: what belongs to the starting population is taken from `base`. */
void coefficients_vary(struct coefficients *coefficients, const struct coefficients *base,
                       const struct parameters *parameters);

/** Phi^-1(1 - p), the threshold above which a standard normal lies with this probability (at most
 *  0.98); infinite for p <= 0. */
float presence_threshold(double probability);

/** Computes everything from `parameters` (copied). */
void coefficients_compute(struct coefficients *coefficients, const struct parameters *parameters);

/** The same beside others that are computed already (or NULL): tables of quantiles, which are dear, are
 *  copied where they were made for the same shapes.
 */
void coefficients_compute_beside(struct coefficients *coefficients,
                                 const struct parameters *parameters,
                                 const struct coefficients *known);

#endif
