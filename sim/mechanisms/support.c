/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Effects of support, from a VCSE place or of one's own (step 6) - RD3, RD5
 *
 *   with support, with probability attend:
 *         n of the domain served falls by need_relief
 *   RD3   L falls by isolation_relief [RD3] v,  S falls by stress_relief [RD3] v,
 *         C rises by confidence_gain [RD3] v        v = 1 in a group, social_value_other elsewhere
 *   RD5   F rises by ties_gain [RD5]
 *   leaves the service with z_0 + z_Q (1 - Q), on the values after the above: the place is freed,
 *         connected becomes engaged again
 *
 * RD3 others share one's struggle; RD5 being less overwhelmed mends ties with family and friends.
 *
 * draws   DRAW_SUPPORT
 * units   shares per week attended; probabilities per week
 * source  Tierney et al. 2024, Table 4; still attending after three months 49 % (exercise referral,
 *         Pavey et al. 2012), sizes calibrated
 */
#include "mechanisms/mechanisms.h"
#include "state/indices.h"

/* Effects on everybody who attends this week; flags those who leave their service after it. */
VECTOR_LOOP
static int relieve(struct site *site)
{
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    const struct patients *p = &site->patients;
    const int n = (int)site->offered, whole = whole_vectors(n);
    const float attend = (float)k->support.attend, relief = (float)k->support.need_relief;
    const float isolation_relief = (float)k->support.isolation_relief * (float)k->mechanisms.RD3;
    const float stress_relief = (float)k->support.stress_relief * (float)k->mechanisms.RD3;
    const float confidence_gain = (float)k->support.confidence_gain * (float)k->mechanisms.RD3;
    const float ties_gain = (float)(k->support.ties_gain * k->mechanisms.RD5);
    const float leave = (float)k->support.leave_base;
    const float leave_capacity = (float)k->support.leave_capacity;
    const struct capacity_weights weights = capacity_weights(c);
    const int32_t *restrict domain = p->support_domain;
    const float *restrict social = p->support_social;
    const float *restrict u = p->draw[DRAW_SUPPORT];
    const float *restrict b0 = p->barrier[0], *restrict b1 = p->barrier[1];
    const float *restrict b2 = p->barrier[2], *restrict b3 = p->barrier[3];
    const float *restrict b4 = p->barrier[4], *restrict b5 = p->barrier[5];
    float *restrict n0 = p->need[0], *restrict n1 = p->need[1], *restrict n2 = p->need[2];
    float *restrict n3 = p->need[3], *restrict n4 = p->need[4];
    float *restrict isolation = p->isolation, *restrict stress = p->stress;
    float *restrict confidence = p->confidence, *restrict ties = p->ties;
    int32_t *restrict event = p->event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < whole; i++) {
        const int32_t has = (i < n) & (domain[i] != NOTHING);
        const int32_t attends = has & (u[i] < attend);
        const float shared = attends ? social[i] : 0.0f;
        const float eased = attends ? relief : 0.0f;
        n0[i] = fall(n0[i], domain[i] == 0 ? eased : 0.0f);
        n1[i] = fall(n1[i], domain[i] == 1 ? eased : 0.0f);
        n2[i] = fall(n2[i], domain[i] == 2 ? eased : 0.0f);
        n3[i] = fall(n3[i], domain[i] == 3 ? eased : 0.0f);
        n4[i] = fall(n4[i], domain[i] == 4 ? eased : 0.0f);
        isolation[i] = fall(isolation[i], isolation_relief * shared);
        stress[i] = fall(stress[i], stress_relief * shared);
        confidence[i] = rise(confidence[i], confidence_gain * shared);
        ties[i] = rise(ties[i], attends ? ties_gain : 0.0f);
        const float able =
            capacity_of(&weights, stress[i], b0[i], b1[i], b2[i], b3[i], b4[i], b5[i]);
        event[i] = has & second_happens(u[i], attend, leave + leave_capacity * (1.0f - able));
        any |= event[i];
    }
    return any;
}

void support_step(struct site *site)
{
    const struct patients *p = &site->patients;
    if (site->link_worker_count == 0) {
        return; /* nobody ever finds support */
    }
    const size_t flagged = site_list_flagged(site, relieve(site));
    for (size_t f = 0; f < flagged; f++) {
        const size_t i = (size_t)site->flagged[f];
        site_leave_support(site, i);
        if (p->status[i] == STATUS_CONNECTED) {
            site_set_status(site, i, STATUS_ENGAGED);
        }
    }
}
