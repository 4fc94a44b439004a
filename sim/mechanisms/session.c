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
 * The sessions of a link worker are held together: people gathered from their rows, all mechanisms on
 * whole vectors of them, and back.
 *
 * draws   PURPOSE_SESSION (attendance, advocacy, arranged GP appointment, goal), PURPOSE_SUGGESTION
 * source  intervals and minutes: diary.*; attendance calibrated
 */
#include "mechanisms/session.h"

#include "base/vector.h"
#include "mechanisms/mechanisms.h"
#include "state/indices.h"
#include "state/snapshots.h"

#include <string.h>

static void first_session(struct site *site, size_t i)
{
    struct patients *p = &site->patients;
    const uint64_t year = (1ULL << WINDOW_WEEKS) - 1;
    p->first_session_week[i] = site->week;
    p->session_window[i] = site->week;
    p->consultations_before_session[i] =
        __builtin_popcountll((p->consultation_history[i] >> 1) & year);
    p->starting_session_wellbeing[i] = wellbeing(site->coefficients, p, i);
    site->seen_number[i] = (int32_t)site->seen_count;
    site->seen[site->seen_count++] = (int32_t)i;
    snapshots_begin(site, i);
    snapshot_take(site, i, 0);
}

/* The patients of `rows` as they are. */
VECTOR_LOOP
static void gather(struct meetings *m, const struct patients *p, const int32_t *restrict rows)
{
    const int n = whole_vectors(m->count);
#pragma omp simd
    for (int i = 0; i < n; i++) {
        const int32_t row = rows[i];
        m->rapport[i] = p->rapport[row];
        m->trust[i] = p->trust[row];
        m->hope[i] = p->hope[row];
        m->stress[i] = p->stress[row];
        m->confidence[i] = p->confidence[row];
        m->isolation[i] = p->isolation[row];
        m->clarity[i] = p->clarity[row];
        m->motivation[i] = p->motivation[row];
        m->coping[i] = p->coping[row];
        m->enjoyment[i] = p->enjoyment[row];
        m->uncertainty[i] = p->uncertainty[row];
        for (int d = 0; d < NEED_COUNT; d++) {
            m->need[d][i] = p->need[d][row];
        }
        for (int b = 0; b < BARRIER_COUNT; b++) {
            m->barrier[b][i] = p->barrier[b][row];
        }
    }
}

/* Capacity, and what the link worker knows of the domain of the largest need; ties go to the first. */
VECTOR_LOOP
static void find_capacity_and_knowledge(struct meetings *m)
{
    const int n = whole_vectors(m->count);
    const struct capacity_weights weights = capacity_weights(m->coefficients);
    float known[NEED_COUNT];
    memcpy(known, m->worker->knowledge, sizeof known);
#pragma omp simd
    for (int i = 0; i < n; i++) {
        float most = m->need[0][i], knowledge = known[0];
        for (int d = 1; d < NEED_COUNT; d++) {
            const float need = m->need[d][i];
            knowledge = need > most ? known[d] : knowledge;
            most = need > most ? need : most;
        }
        m->knowledge[i] = knowledge;
        m->capacity[i] =
            capacity_of(&weights, m->stress[i], m->barrier[0][i], m->barrier[1][i],
                        m->barrier[2][i], m->barrier[3][i], m->barrier[4][i], m->barrier[5][i]);
    }
}

/* Who comes, on the state before the session. */
VECTOR_LOOP
static void find_attendance(const struct meetings *m, int32_t *restrict attended)
{
    const struct parameters *k = &m->coefficients->parameters;
    const int n = whole_vectors(m->count);
    const float intercept = (float)k->attendance.intercept;
    const float trusting = (float)k->attendance.trust_weight;
    const float enjoying = (float)k->attendance.enjoyment_weight;
    const float stressed = (float)k->attendance.stress_weight;
    const float hindered = (float)k->attendance.barrier_weight;
    const float *restrict transport = m->barrier[BARRIER_TRANSPORT];
    const float *restrict caring = m->barrier[BARRIER_CARING];
    const float *restrict health = m->barrier[BARRIER_HEALTH];
    const float *restrict trust = m->trust, *restrict enjoyment = m->enjoyment;
    const float *restrict stress = m->stress, *restrict u = m->u_attendance;
#pragma omp simd
    for (int i = 0; i < n; i++) {
        const float hindrance = (transport[i] + caring[i] + health[i]) * (1.0f / 3.0f);
        const float x = intercept + trusting * trust[i] + enjoying * enjoyment[i] -
                        stressed * stress[i] - hindered * hindrance;
        attended[i] = u[i] < logistic(x);
    }
}

/* What the mechanisms make of the meetings. */
static void take_effect(const struct meetings *m, struct changes *change)
{
    *change = (struct changes){0};
    interpersonal_effects(m, change);
    knowledge_effects(m, change);
    anchor_effects(m, change);
    readiness_effects(m, change);
}

static void apply(struct patients *p, size_t i, const struct meetings *m,
                  const struct changes *change, int n)
{
    p->trust[i] = clip01(m->trust[n] + change->trust[n]);
    p->hope[i] = clip01(m->hope[n] + change->hope[n]);
    p->stress[i] = clip01(m->stress[n] + change->stress[n]);
    p->confidence[i] = clip01(m->confidence[n] + change->confidence[n]);
    p->isolation[i] = clip01(m->isolation[n] + change->isolation[n]);
    p->clarity[i] = clip01(m->clarity[n] + change->clarity[n]);
    p->motivation[i] = clip01(m->motivation[n] + change->motivation[n]);
    p->coping[i] = clip01(m->coping[n] + change->coping[n]);
    p->enjoyment[i] = clip01(m->enjoyment[n] + change->enjoyment[n]);
    p->uncertainty[i] = clip01(m->uncertainty[n] + change->uncertainty[n]);
    p->need[NEED_FINANCIAL][i] = clip01(m->need[NEED_FINANCIAL][n] + change->need_financial[n]);
    for (int b = 0; b < BARRIER_COUNT; b++) {
        p->barrier[b][i] = clip01(m->barrier[b][n] + change->barrier[b][n]);
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
static void count_changes(struct site *site, size_t i, const struct meetings *before, int n)
{
    const struct patients *p = &site->patients;
    struct events *events = events_of(site, i);
    events->session_input += in_millionths(before->input);
    events->session_trust += in_millionths(p->trust[i] - before->trust[n]);
    events->session_hope += in_millionths(p->hope[i] - before->hope[n]);
    events->session_stress += in_millionths(p->stress[i] - before->stress[n]);
    events->session_confidence += in_millionths(p->confidence[i] - before->confidence[n]);
    events->session_clarity += in_millionths(p->clarity[i] - before->clarity[n]);
    events->session_motivation += in_millionths(p->motivation[i] - before->motivation[n]);
    events->session_coping += in_millionths(p->coping[i] - before->coping[n]);
    events->session_isolation += in_millionths(p->isolation[i] - before->isolation[n]);
}

static void attend(struct site *site, size_t i, const struct meetings *m,
                   const struct changes *change, int n, const struct suggestion_draws *draws)
{
    struct patients *p = &site->patients;
    if (p->first_session_week[i] == NEVER) {
        first_session(site, i);
    }
    apply(p, i, m, change, n);
    events_of(site, i)->goals_met += change->goal_met[n];
    if (change->arranged_consultation[n]) {
        count_arranged(site, i);
    }
    p->sessions[i]++;
    p->episode_sessions[i]++;
    p->contact_week[i] = site->week;
    if (p->status[i] == STATUS_ENGAGED && p->suggestion[i] == NOTHING) {
        suggestion_make(site, i, m->worker, draws);
    }
    count_changes(site, i, m, n);
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

/* The draws of the sessions, at everyone's number of sessions due before; with a suggestion's words. */
static void draw(struct meetings *m, random_words *suggestion, const struct site *site,
                 const int32_t *rows)
{
    const struct patients *p = &site->patients;
    const int whole = whole_vectors(m->count);
    int32_t persons[MEETINGS] = {0}, due[MEETINGS] = {0};
    random_words words[1];
    for (int n = 0; n < whole; n++) {
        persons[n] = p->person[rows[n]];
        due[n] = p->sessions_due[rows[n]];
    }
    random_make(words, 1, &site->key, persons, due, whole, PURPOSE_SESSION);
    random_make(suggestion, 1, &site->key, persons, due, m->count, PURPOSE_SUGGESTION);
    for (int n = 0; n < whole; n++) {
        m->u_attendance[n] = random_unit(words[0][0][n]);
        m->u_advocacy[n] = random_unit(words[0][1][n]);
        m->u_arranged[n] = random_unit(words[0][2][n]);
        m->u_goal[n] = random_unit(words[0][3][n]);
    }
}

void sessions_hold(struct site *site, int post, const int32_t *rows, int count, float minutes,
                   float quality)
{
    const struct coefficients *c = site->coefficients;
    struct patients *p = &site->patients;
    struct link_worker *worker = &site->link_workers[post];
    struct meetings meetings;
    struct changes changes;
    int32_t row[MEETINGS] = {0}, attended[MEETINGS];
    random_words suggestion[1];
    for (int n = 0; n < whole_vectors(count); n++) {
        row[n] = rows[n < count ? n : 0];
    }
    meetings.coefficients = c;
    meetings.worker = worker;
    meetings.quality = quality;
    meetings.input = interpersonal_input(&c->parameters, worker, quality);
    meetings.count = count;
    draw(&meetings, suggestion, site, row);
    gather(&meetings, p, row);
    find_capacity_and_knowledge(&meetings);
    find_attendance(&meetings, attended);
    take_effect(&meetings, &changes);
    for (int n = 0; n < count; n++) {
        const size_t i = (size_t)row[n];
        const bool tapers = p->status[i] == STATUS_TAPERING;
        events_of(site, i)->diary_sessions++;
        p->was_due[i] = 1;
        p->sessions_due[i]++;
        p->taper_sessions[i] += tapers;
        if (attended[n]) {
            const struct suggestion_draws draws = suggestion_draws_of(suggestion[0], n);
            p->taper_attended[i] += tapers;
            attend(site, i, &meetings, &changes, n, &draws);
        } else {
            events_of(site, i)->missed_sessions++;
            worker->unused += (double)minutes * (1.0 - c->parameters.diary.missed_share);
        }
        p->due_week[i] = site->week + weeks_to_next(site, i);
    }
}
