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
 * draws   DRAW_ATTENDS_SUPPORT, DRAW_LEAVES_SUPPORT
 * units   shares per week attended; probabilities per week
 * source  Tierney et al. 2024, Table 4; still attending after three months 49 % (exercise referral,
 *         Pavey et al. 2012), sizes calibrated
 */
#include "mechanisms/mechanisms.h"
#include "state/indices.h"

/* Weekly effects of support on the patients who have some. */
struct support_rates {
    float attend, need_relief, isolation, stress, confidence, ties;
};

static void relieve(struct patients *p, const struct support_rates *rates, size_t i)
{
    const float social = p->support_social[i];
    float *need = &p->need[p->support_domain[i]][i];
    *need = fall(*need, rates->need_relief);
    p->isolation[i] = fall(p->isolation[i], rates->isolation * social);
    p->stress[i] = fall(p->stress[i], rates->stress * social);
    p->confidence[i] = rise(p->confidence[i], rates->confidence * social);
    p->ties[i] = rise(p->ties[i], rates->ties);
}

void support_step(struct site *site)
{
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    struct patients *p = &site->patients;
    const float social = (float)k->mechanisms.RD3;
    const struct support_rates rates = {
        .attend = (float)k->support.attend,
        .need_relief = (float)k->support.need_relief,
        .isolation = (float)k->support.isolation_relief * social,
        .stress = (float)k->support.stress_relief * social,
        .confidence = (float)k->support.confidence_gain * social,
        .ties = (float)(k->support.ties_gain * k->mechanisms.RD5),
    };
    const float leave = (float)k->support.leave_base;
    const float leave_capacity = (float)k->support.leave_capacity;
    if (site->link_worker_count == 0) {
        return; /* nobody ever finds support */
    }
    for (size_t i = 0; i < site->offered; i++) {
        if (p->support_domain[i] == NOTHING) {
            continue;
        }
        if (p->draw[DRAW_ATTENDS_SUPPORT][i] < rates.attend) {
            relieve(p, &rates, i);
        }
        if (p->draw[DRAW_LEAVES_SUPPORT][i] < leave + leave_capacity * (1.0f - capacity(c, p, i))) {
            site_leave_support(site, i);
            if (p->status[i] == STATUS_CONNECTED) {
                site_set_status(site, i, STATUS_ENGAGED);
            }
        }
    }
}
