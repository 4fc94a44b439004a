/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_STATE_INDICES_H
#define BUYIN_STATE_INDICES_H

#include "base/numeric.h"
#include "state/coefficients.h"
#include "state/patients.h"

/** The indices that several mechanisms share.
 *
 *    severity             V = 1 - prod_d (1 - w n_d)                 need.severity_weight w
 *    capacity             Q = (1 - q_S S) prod_k (1 - q_k B_k)       readiness.*_weight q
 *    willingness          W = M (w_0 + (1 - w_0) K)                  readiness.clarity_floor w_0
 *    readiness            R = W Q              motivation without capacity is not readiness
 *    attendance barriers  A = mean(B_transport, B_caring, B_health)
 *    wellbeing            SWEMWBS = clip(7 + 28 clip(v_0 + v_H H + v_C C + v_F F - v_S S - v_L L)
 *                                        + personal offset, 7, 35)   wellbeing.* v
 *
 *  All but SWEMWBS (points, 7 to 35) lie in [0, 1].  `i` is a row of `p`.
 *  Source: the paper's account of readiness and capacity (Tierney et al. 2024); SWEMWBS's range.
 */

/** On values that a vector loop has loaded; `weight` is severity_weight. */
static inline float severity_of_values(float weight, float n0, float n1, float n2, float n3,
                                       float n4)
{
    return 1.0f - (1.0f - weight * n0) * (1.0f - weight * n1) * (1.0f - weight * n2) *
                      (1.0f - weight * n3) * (1.0f - weight * n4);
}

static inline float severity_of(const struct coefficients *c, float *const need[NEED_COUNT],
                                size_t i)
{
    return severity_of_values(c->severity_weight, need[0][i], need[1][i], need[2][i], need[3][i],
                              need[4][i]);
}

static inline float severity(const struct coefficients *c, const struct patients *p, size_t i)
{
    return severity_of(c, p->need, i);
}

/** What a loop over everybody takes of the coefficients. */
struct capacity_weights {
    float stress, b0, b1, b2, b3, b4, b5;
};

static inline struct capacity_weights capacity_weights(const struct coefficients *c)
{
    const float *q = c->capacity_barrier;
    return (struct capacity_weights){c->capacity_stress, q[0], q[1], q[2], q[3], q[4], q[5]};
}

/** On values that a vector loop has loaded. */
static inline float capacity_of(const struct capacity_weights *q, float stress, float b0, float b1,
                                float b2, float b3, float b4, float b5)
{
    return (1.0f - q->stress * stress) * (1.0f - q->b0 * b0) * (1.0f - q->b1 * b1) *
           (1.0f - q->b2 * b2) * (1.0f - q->b3 * b3) * (1.0f - q->b4 * b4) * (1.0f - q->b5 * b5);
}

static inline float capacity(const struct coefficients *c, const struct patients *p, size_t i)
{
    const struct capacity_weights weights = capacity_weights(c);
    return capacity_of(&weights, p->stress[i], p->barrier[0][i], p->barrier[1][i], p->barrier[2][i],
                       p->barrier[3][i], p->barrier[4][i], p->barrier[5][i]);
}

static inline float readiness(const struct coefficients *c, const struct patients *p, size_t i)
{
    const float willing =
        p->motivation[i] * (c->clarity_floor + (1.0f - c->clarity_floor) * p->clarity[i]);
    return willing * capacity(c, p, i);
}

static inline float attendance_barriers(const struct patients *p, size_t i)
{
    return (p->barrier[BARRIER_TRANSPORT][i] + p->barrier[BARRIER_CARING][i] +
            p->barrier[BARRIER_HEALTH][i]) *
           (1.0f / 3.0f);
}

/** What a loop over everybody takes of the coefficients. */
struct wellbeing_weights {
    float intercept, hope, confidence, ties, stress, isolation;
};

static inline struct wellbeing_weights wellbeing_weights(const struct coefficients *c)
{
    return (struct wellbeing_weights){c->wellbeing_intercept,  c->wellbeing_hope,
                                      c->wellbeing_confidence, c->wellbeing_ties,
                                      c->wellbeing_stress,     c->wellbeing_isolation};
}

/** On values that a vector loop has loaded. */
static inline float wellbeing_of_values(const struct wellbeing_weights *v, float hope,
                                        float confidence, float ties, float stress, float isolation,
                                        float offset)
{
    const float index = v->intercept + v->hope * hope + v->confidence * confidence +
                        v->ties * ties - v->stress * stress - v->isolation * isolation;
    return clip(7.0f + 28.0f * clip01(index) + offset, 7.0f, 35.0f);
}

static inline float wellbeing(const struct coefficients *c, const struct patients *p, size_t i)
{
    const struct wellbeing_weights weights = wellbeing_weights(c);
    return wellbeing_of_values(&weights, p->hope[i], p->confidence[i], p->ties[i], p->stress[i],
                               p->isolation[i], p->wellbeing_offset[i]);
}

/** The need that weighs most; ties go to the first. */
static inline int largest_need(const struct patients *p, size_t i)
{
    int largest = 0;
    for (int d = 1; d < NEED_COUNT; d++) {
        if (p->need[d][i] > p->need[largest][i]) {
            largest = d;
        }
    }
    return largest;
}

#endif
