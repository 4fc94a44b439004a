/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Readiness in a session (step 4) - RD1, RD6
 * (RD1 and RD2 in suggestion.c; RD2, RD3, RD4 in connection.c; RD3, RD5 in support.c)
 *
 *   RD1   M rises by k_mot [RD1] tailoring T H              feeling seen and understood
 *   RD6   if K > goal_clarity: a goal is met with probability goal_setting Q; then
 *           C rises by k_goal [RD6],  M rises by k_goalM [RD6]
 *
 * units   shares per session or goal     source  Tierney et al. 2024, Table 4; sizes calibrated
 */
#include "base/vector.h"
#include "mechanisms/session.h"

VECTOR_LOOP
void readiness_effects(const struct meetings *m, struct changes *change)
{
    const struct parameters *k = &m->coefficients->parameters;
    const int n = whole_vectors(m->count);
    const float seen =
        (float)(k->session.tailoring_motivation * k->mechanisms.RD1) * m->worker->tailoring;
    const float clear = (float)k->session.goal_clarity, setting = m->worker->goal_setting;
    const float proud = (float)(k->session.goal_confidence * k->mechanisms.RD6);
    const float driven = (float)(k->session.goal_motivation * k->mechanisms.RD6);
    const float *restrict clarity = m->clarity, *restrict able = m->capacity;
    const float *restrict u = m->u_goal, *restrict trust = m->trust, *restrict hope = m->hope;
    const float *restrict confidence = m->confidence, *restrict motivation = m->motivation;
    float *restrict confidence_change = change->confidence;
    float *restrict motivation_change = change->motivation;
    int32_t *restrict goal_met = change->goal_met;
#pragma omp simd
    for (int i = 0; i < n; i++) {
        const int32_t met = (clarity[i] > clear) & (u[i] < setting * able[i]);
        motivation_change[i] += gain(motivation[i], seen * trust[i] * hope[i]);
        confidence_change[i] += gain(confidence[i], (float)met * proud);
        motivation_change[i] += gain(motivation[i], (float)met * driven);
        goal_met[i] = met;
    }
}
