/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A session (step 4)
 *
 *   attended with  logistic(h_0 + h_T T + h_E E - h_S S - h_A A), on the state before the session;
 *                  a missed one uses missed_share of its minutes and is neither contact nor session
 *   effects        the sum of interpersonal.c, knowledge.c, anchor.c and readiness.c, all computed
 *                  from the values before the session, applied together, clipped to [0, 1]
 *   suggestion     closes the session: suggestion.c, on the values after it
 *   next session   after 1 week in crisis (S > crisis_stress), 2 engaged, 4 held or connected;
 *                  tapering: 4, then doubling, without crisis visits; a missed one is rebooked alike
 *
 * draws   four that the diary has made: attendance, advocacy, arranged GP appointment, goal
 * source  intervals and minutes: diary.*; attendance calibrated
 */
#include "mechanisms/session.h"

#include "mechanisms/mechanisms.h"
#include "state/indices.h"
#include "state/snapshots.h"

static void first_session(struct site *site, size_t i)
{
    struct patients *p = &site->patients;
    const uint64_t year = (1ULL << WINDOW_WEEKS) - 1;
    p->first_session_week[i] = site->week;
    p->session_window[i] = site->week;
    p->consultations_from_session[i] = p->consulted[i];
    p->consultations_before_session[i] =
        __builtin_popcountll((p->consultation_history[i] >> 1) & year);
    p->starting_session_wellbeing[i] = wellbeing(site->coefficients, p, i);
    site->seen[site->seen_count++] = (int32_t)i;
    snapshot_take(site, i, 0);
}

static void meeting_begin(struct meeting *m, const struct site *site, size_t i,
                          const struct link_worker *worker, float quality)
{
    const struct coefficients *c = site->coefficients;
    const struct patients *p = &site->patients;
    *m = (struct meeting){.parameters = &c->parameters,
                          .coefficients = c,
                          .worker = worker,
                          .quality = quality,
                          .input = interpersonal_input(&c->parameters, worker, quality),
                          .rapport = p->rapport[i],
                          .trust = p->trust[i],
                          .hope = p->hope[i],
                          .stress = p->stress[i],
                          .confidence = p->confidence[i],
                          .isolation = p->isolation[i],
                          .clarity = p->clarity[i],
                          .motivation = p->motivation[i],
                          .coping = p->coping[i],
                          .enjoyment = p->enjoyment[i],
                          .uncertainty = p->uncertainty[i],
                          .capacity = capacity(c, p, i),
                          .largest = largest_need(p, i)};
    for (int d = 0; d < NEED_COUNT; d++) {
        m->need[d] = p->need[d][i];
    }
    for (int k = 0; k < BARRIER_COUNT; k++) {
        m->barrier[k] = p->barrier[k][i];
    }
}

static void apply(struct patients *p, size_t i, const struct changes *change)
{
    p->trust[i] = clip01(p->trust[i] + change->trust);
    p->hope[i] = clip01(p->hope[i] + change->hope);
    p->stress[i] = clip01(p->stress[i] + change->stress);
    p->confidence[i] = clip01(p->confidence[i] + change->confidence);
    p->isolation[i] = clip01(p->isolation[i] + change->isolation);
    p->clarity[i] = clip01(p->clarity[i] + change->clarity);
    p->motivation[i] = clip01(p->motivation[i] + change->motivation);
    p->coping[i] = clip01(p->coping[i] + change->coping);
    p->enjoyment[i] = clip01(p->enjoyment[i] + change->enjoyment);
    p->uncertainty[i] = clip01(p->uncertainty[i] + change->uncertainty);
    p->need[NEED_FINANCIAL][i] = clip01(p->need[NEED_FINANCIAL][i] + change->need_financial);
    for (int k = 0; k < BARRIER_COUNT; k++) {
        p->barrier[k][i] = clip01(p->barrier[k][i] + change->barrier[k]);
    }
}

static void count_arranged(struct site *site, size_t i)
{
    struct patients *p = &site->patients;
    events_of(site, i)->arranged++;
    events_of(site, i)->caseload_consultations++;
    site->week_consultations++;
    p->consultations[i]++;
    p->consultations_from_offer[i] += site->week - p->first_offer_week[i] < WINDOW_WEEKS;
    p->consultations_from_session[i] += site->week - p->session_window[i] < WINDOW_WEEKS;
}

/* What the whole session changed, its suggestion included. */
static void count_changes(struct site *site, size_t i, const struct meeting *before)
{
    const struct patients *p = &site->patients;
    struct events *events = events_of(site, i);
    events->session_input += in_millionths(before->input);
    events->session_trust += in_millionths(p->trust[i] - before->trust);
    events->session_hope += in_millionths(p->hope[i] - before->hope);
    events->session_stress += in_millionths(p->stress[i] - before->stress);
    events->session_confidence += in_millionths(p->confidence[i] - before->confidence);
    events->session_clarity += in_millionths(p->clarity[i] - before->clarity);
    events->session_motivation += in_millionths(p->motivation[i] - before->motivation);
    events->session_coping += in_millionths(p->coping[i] - before->coping);
    events->session_isolation += in_millionths(p->isolation[i] - before->isolation);
}

static void take_effect(struct site *site, size_t i, const struct meeting *meeting)
{
    struct changes changes = {0};
    interpersonal_effects(meeting, &changes);
    knowledge_effects(meeting, &changes);
    anchor_effects(meeting, &changes);
    readiness_effects(meeting, &changes);
    apply(&site->patients, i, &changes);
    events_of(site, i)->goals_met += changes.goal_met;
    if (changes.arranged_consultation) {
        count_arranged(site, i);
    }
}

static void attend(struct site *site, size_t i, const struct link_worker *worker, float quality,
                   const struct session_draws *draws)
{
    struct patients *p = &site->patients;
    if (p->first_session_week[i] == NEVER) {
        first_session(site, i);
    }
    struct meeting meeting;
    meeting_begin(&meeting, site, i, worker, quality);
    meeting.draws = *draws;
    take_effect(site, i, &meeting);
    p->sessions[i]++;
    p->episode_sessions[i]++;
    p->contact_week[i] = site->week;
    if (p->status[i] == STATUS_ENGAGED && p->suggestion[i] == NOTHING) {
        suggestion_make(site, i, worker, draws);
    }
    count_changes(site, i, &meeting);
    p->trust_last_session[i] = p->trust[i];
    if (p->trusted_after[i] == 0 && p->trust[i] >= 0.4f) {
        p->trusted_after[i] = p->sessions[i];
    }
}

static int weeks_to_next(const struct site *site, size_t i)
{
    const struct parameters *k = &site->coefficients->parameters;
    const struct patients *p = &site->patients;
    if (p->status[i] == STATUS_TAPERING) {
        const int doublings = p->taper_sessions[i] < 10 ? p->taper_sessions[i] : 10;
        return k->diary.interval_tapering << doublings;
    }
    if (p->stress[i] > (float)k->diary.crisis_stress) {
        return k->diary.interval_crisis;
    }
    if (p->status[i] == STATUS_CONNECTED) {
        return k->diary.interval_connected;
    }
    return p->held[i] ? k->diary.interval_holding : k->diary.interval_engaged;
}

void session_hold(struct site *site, size_t i, int post, float minutes, float quality,
                  const struct session_draws *draws)
{
    const struct parameters *k = &site->coefficients->parameters;
    struct patients *p = &site->patients;
    struct link_worker *worker = &site->link_workers[post];
    const float x = (float)k->attendance.intercept +
                    (float)k->attendance.trust_weight * p->trust[i] +
                    (float)k->attendance.enjoyment_weight * p->enjoyment[i] -
                    (float)k->attendance.stress_weight * p->stress[i] -
                    (float)k->attendance.barrier_weight * attendance_barriers(p, i);
    const bool attended = draws->attendance < logistic(x);
    const bool tapers = p->status[i] == STATUS_TAPERING;
    events_of(site, i)->diary_sessions++;
    p->was_due[i] = 1;
    p->sessions_due[i]++;
    p->taper_sessions[i] += tapers;
    if (attended) {
        p->taper_attended[i] += tapers;
        attend(site, i, worker, quality, draws);
    } else {
        events_of(site, i)->missed_sessions++;
        worker->unused += (double)minutes * (1.0 - k->diary.missed_share);
    }
    p->due_week[i] = site->week + weeks_to_next(site, i);
}
