/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Holding, tapering, closing (step 8, after dropping out) - AP5, AP6
 *
 *   settle      settle_weeks connected: tapering begins
 *   hold        engaged, holding_after_sessions or more in the episode, no open suggestion:
 *               held (seen four-weekly) if holding is allowed, else tapering begins
 *   limits      max_sessions in the episode, max_weeks since take-up (0: none): tapering begins;
 *               someone connected anew after max_weeks tapers at once
 *   taper       taper_sessions more sessions, attended or missed, then closed; 0: closed at once
 *   closing     shock = T (1 - k_taper [AP5] (1 - exp(-attended / tau))) (1 - k_inform [AP6] told)
 *               attended: tapering sessions attended in the whole episode
 *               S rises by k_endS shock,  H falls by k_endH shock
 *
 * AP5 tapering prepares, so that no one feels abandoned; AP6 a known way back reassures.
 *
 * source  Tierney et al. 2024, Table 4; sizes assumed
 */
#include "base/numeric.h"
#include "mechanisms/mechanisms.h"
#include "state/indices.h"

static void close_contact(struct site *site, size_t i)
{
    const struct parameters *k = &site->coefficients->parameters;
    struct patients *p = &site->patients;
    const int told = k->ending.inform_return;
    const float prepared =
        1.0f - exponential((float)-p->taper_attended[i] / (float)k->ending.taper_time_constant);
    const float taper =
        clip01(1.0f - (float)(k->ending.taper_protection * k->mechanisms.AP5) * prepared);
    const float inform =
        clip01(1.0f - (float)(k->ending.inform_protection * k->mechanisms.AP6 * told));
    const float shock = p->trust[i] * taper * inform;

    events_of(site, i)->endings++;
    events_of(site, i)->ending_shock += in_millionths(shock);
    p->ever_closed[i] = 1;
    p->closing_week[i] = site->week;
    p->closing_hope[i] = p->hope[i];
    p->closing_wellbeing[i] = wellbeing(site->coefficients, p, i);
    p->after_closing_stress[i] = -1.0f;
    p->stress[i] = rise(p->stress[i], (float)k->ending.shock_stress * shock);
    p->hope[i] = fall(p->hope[i], (float)k->ending.shock_hope * shock);
    p->told[i] = told;
    site_leave_caseload(site, i);
    site_set_status(site, i, STATUS_CLOSED);
}

static void begin_taper(struct site *site, size_t i)
{
    const struct parameters *k = &site->coefficients->parameters;
    struct patients *p = &site->patients;
    if (k->ending.taper_sessions == 0) {
        close_contact(site, i);
        return;
    }
    p->held[i] = 0;
    p->taper_sessions[i] = 0;
    p->due_week[i] = site->week + k->diary.interval_tapering;
    site_set_status(site, i, STATUS_TAPERING);
}

static bool limit_reached(const struct site *site, size_t i)
{
    const struct parameters *k = &site->coefficients->parameters;
    const struct patients *p = &site->patients;
    const int sessions = k->ending.max_sessions, weeks = k->ending.max_weeks;
    return (sessions > 0 && p->episode_sessions[i] >= sessions) ||
           (weeks > 0 && site->week - p->takeup_week[i] >= weeks);
}

static void review(struct site *site, size_t i)
{
    const struct parameters *k = &site->coefficients->parameters;
    struct patients *p = &site->patients;
    if (p->status[i] == STATUS_TAPERING) {
        if (p->taper_sessions[i] >= k->ending.taper_sessions) {
            close_contact(site, i);
        }
        return;
    }
    if (limit_reached(site, i) || (p->status[i] == STATUS_CONNECTED &&
                                   site->week - p->connected_week[i] >= k->ending.settle_weeks)) {
        begin_taper(site, i);
        return;
    }
    const bool stuck = p->status[i] == STATUS_ENGAGED && p->suggestion[i] == NOTHING &&
                       p->episode_sessions[i] >= k->ending.holding_after_sessions;
    if (stuck && k->ending.holding) {
        p->held[i] = 1;
    } else if (stuck) {
        begin_taper(site, i);
    }
}

void ending_step(struct site *site)
{
    for (int post = 0; post < site->link_worker_count; post++) {
        const struct link_worker *worker = &site->link_workers[post];
        for (int slot = worker->caseload - 1; slot >= 0; slot--) {
            review(site, (size_t)worker->patients[slot]);
        }
    }
}
