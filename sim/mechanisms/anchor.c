/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The link worker as an anchor point, in a session (step 4) - AP1, AP2, AP3
 * (AP1 between sessions: between.c; AP4: consultation.c; AP5, AP6: ending.c)
 *
 *   AP1   K rises by k_space [AP1] T q                     an anchor gives room to think
 *   AP2   with probability advocacy:
 *           housing, income, transport, language barriers fall by k_adv [AP2] control_k
 *           L falls by k_advL [AP2] T                      control is small: mostly outside reach
 *   AP3   if S > arranged_gp_stress, with probability [AP3] k_gpapp advocacy:
 *           a GP consultation is arranged this week; B_health falls by arranged_gp_health
 *
 * units   shares per session     source  Tierney et al. 2024, Table 4; sizes calibrated
 */
#include "base/vector.h"
#include "mechanisms/session.h"

VECTOR_LOOP
void anchor_effects(const struct meetings *m, struct changes *change)
{
    const struct parameters *k = &m->coefficients->parameters;
    const int n = whole_vectors(m->count);
    const float advocacy = m->worker->advocacy, quality = m->quality;
    const float space = (float)(k->session.anchor_clarity * k->mechanisms.AP1);
    const float company = (float)(k->session.advocacy_isolation * k->mechanisms.AP2);
    const float push = (float)(k->session.advocacy_barrier * k->mechanisms.AP2);
    const float crisis = (float)k->session.arranged_gp_stress;
    const float arranging = (float)(k->session.arranged_gp * k->mechanisms.AP3) * advocacy;
    const float health = (float)k->session.arranged_gp_health;
#pragma omp simd
    for (int i = 0; i < n; i++) {
        const int32_t advocates = m->u_advocacy[i] < advocacy;
        const int32_t arranges = (m->stress[i] > crisis) & (m->u_arranged[i] < arranging);
        change->clarity[i] += gain(m->clarity[i], space * m->trust[i] * quality);
        change->isolation[i] += loss(m->isolation[i], advocates ? company * m->trust[i] : 0.0f);
        change->arranged_consultation[i] = arranges;
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        const float *restrict barrier = m->barrier[b];
        const float pushed = push * m->coefficients->advocacy_control[b];
        const float eased = b == BARRIER_HEALTH ? health : 0.0f;
#pragma omp simd
        for (int i = 0; i < n; i++) {
            const float advocated = m->u_advocacy[i] < advocacy ? pushed : 0.0f;
            change->barrier[b][i] += loss(barrier[i], advocated);
            change->barrier[b][i] +=
                loss(barrier[i], change->arranged_consultation[i] ? eased : 0.0f);
        }
    }
}
