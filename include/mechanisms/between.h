/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_MECHANISMS_BETWEEN_H
#define BUYIN_MECHANISMS_BETWEEN_H

#include "base/numeric.h"
#include "state/indices.h"

/** Where stress, motivation and isolation come to rest (page in between.c).
 *  The starting population begins there, and people not yet offered a referral move there too.
 */
struct resting_weights {
    float severity_weight;
    float stress_rate, stress_intercept, stress_severity, stress_isolation, stress_coping;
    float stress_barriers; /* per barrier: the weight of the mean over six */
    float motivation_rate, motivation_intercept, motivation_hope, motivation_confidence;
    float motivation_clarity, motivation_stress;
    float isolation_rate, isolation_intercept, isolation_social, isolation_relationships;
    float isolation_ties;
};

struct resting_weights resting_weights(const struct coefficients *coefficients);

static inline float resting_stress(const struct resting_weights *w, float severity,
                                   float sum_of_barriers, float isolation, float coping)
{
    return clip01(w->stress_intercept + w->stress_severity * severity +
                  w->stress_barriers * sum_of_barriers + w->stress_isolation * isolation -
                  w->stress_coping * coping);
}

static inline float resting_motivation(const struct resting_weights *w, float hope,
                                       float confidence, float clarity, float stress)
{
    return clip01(w->motivation_intercept + w->motivation_hope * hope +
                  w->motivation_confidence * confidence + w->motivation_clarity * clarity -
                  w->motivation_stress * stress);
}

static inline float resting_isolation(const struct resting_weights *w, float need_social,
                                      float need_relationships, float ties)
{
    return clip01(w->isolation_intercept + w->isolation_social * need_social +
                  w->isolation_relationships * need_relationships - w->isolation_ties * ties);
}

#endif
