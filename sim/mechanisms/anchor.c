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
#include "mechanisms/session.h"

void anchor_effects(const struct meeting *m, struct changes *change)
{
    const struct parameters *k = m->parameters;
    const float advocacy = m->worker->advocacy;

    change->clarity += gain(m->clarity, (float)(k->session.anchor_clarity * k->mechanisms.AP1) *
                                            m->trust * m->quality);
    if (m->draws.advocacy < advocacy) {
        const float push = (float)(k->session.advocacy_barrier * k->mechanisms.AP2);
        for (int b = 0; b < BARRIER_COUNT; b++) {
            change->barrier[b] += loss(m->barrier[b], push * m->coefficients->advocacy_control[b]);
        }
        change->isolation += loss(
            m->isolation, (float)(k->session.advocacy_isolation * k->mechanisms.AP2) * m->trust);
    }
    if (m->stress > (float)k->session.arranged_gp_stress &&
        m->draws.arranged < (float)(k->session.arranged_gp * k->mechanisms.AP3) * advocacy) {
        change->arranged_consultation = true;
        change->barrier[BARRIER_HEALTH] +=
            loss(m->barrier[BARRIER_HEALTH], (float)k->session.arranged_gp_health);
    }
}
