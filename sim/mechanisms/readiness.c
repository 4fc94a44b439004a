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
#include "mechanisms/session.h"

void readiness_effects(const struct meeting *m, struct changes *change)
{
    const struct parameters *k = m->parameters;
    change->motivation +=
        gain(m->motivation, (float)(k->session.tailoring_motivation * k->mechanisms.RD1) *
                                m->worker->tailoring * m->trust * m->hope);
    if (m->clarity > (float)k->session.goal_clarity &&
        m->draws.goal < m->worker->goal_setting * m->capacity) {
        change->goal_met = true;
        change->confidence +=
            gain(m->confidence, (float)(k->session.goal_confidence * k->mechanisms.RD6));
        change->motivation +=
            gain(m->motivation, (float)(k->session.goal_motivation * k->mechanisms.RD6));
    }
}
