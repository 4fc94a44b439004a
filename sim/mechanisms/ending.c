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

/* Which way somebody goes this week. */
enum { WAY_CLOSED = 1, WAY_TAPERING, WAY_HELD };

/* Flags those for whom a limit, the settling or the holding is reached; 0: nobody. */
VECTOR_LOOP
static int flag_ways(struct site *site)
{
    const struct parameters *k = &site->coefficients->parameters;
    const struct patients *p = &site->patients;
    const int n = (int)site->offered, whole = whole_vectors(n), week = site->week;
    const int most_sessions = k->ending.max_sessions > 0 ? k->ending.max_sessions : INT32_MAX;
    const int most_weeks = k->ending.max_weeks > 0 ? k->ending.max_weeks : INT32_MAX;
    const int taper_sessions = k->ending.taper_sessions, settle_weeks = k->ending.settle_weeks;
    const int stuck_after = k->ending.holding_after_sessions;
    const int if_stuck = k->ending.holding ? WAY_HELD : WAY_TAPERING;
    const int32_t *restrict status = p->status, *restrict sessions = p->episode_sessions;
    const int32_t *restrict takeup = p->takeup_week, *restrict connected = p->connected_week;
    const int32_t *restrict tapered = p->taper_sessions, *restrict suggestion = p->suggestion;
    int32_t *restrict event = p->event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < whole; i++) {
        const int32_t tapers = (i < n) & (status[i] == STATUS_TAPERING);
        const int32_t settles = (i < n) & (status[i] == STATUS_CONNECTED);
        const int32_t seeks = (i < n) & (status[i] == STATUS_ENGAGED);
        const int32_t limit = (sessions[i] >= most_sessions) | (week - takeup[i] >= most_weeks);
        const int32_t settled = settles & (week - connected[i] >= settle_weeks);
        const int32_t ends = ((seeks | settles) & limit) | settled;
        const int32_t stuck = seeks & (suggestion[i] == NOTHING) & (sessions[i] >= stuck_after);
        const int32_t closes = tapers & (tapered[i] >= taper_sessions);
        event[i] = closes ? WAY_CLOSED : ends ? WAY_TAPERING : stuck ? if_stuck : 0;
        any |= event[i];
    }
    return any;
}

void ending_step(struct site *site)
{
    struct patients *p = &site->patients;
    if (site->link_worker_count == 0) {
        return;
    }
    const size_t flagged = site_list_flagged(site, flag_ways(site));
    for (size_t f = 0; f < flagged; f++) {
        const size_t i = (size_t)site->flagged[f];
        if (p->event[i] == WAY_CLOSED) {
            close_contact(site, i);
        } else if (p->event[i] == WAY_TAPERING) {
            begin_taper(site, i);
        } else {
            p->held[i] = 1;
        }
    }
}
