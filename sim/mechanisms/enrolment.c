/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Enrolment: offers, decisions, waiting, the opening contact (steps 2 and 3) - EN1 to EN4, AP6
 *
 *   later offers   at a consultation, V >= minimum, off the books for longer than reoffer_weeks:
 *                  offer_base adoption V; otherwise, by another route: other_route_hazard V
 *                  one draw u decides both: consulted if u < p, offered if u < p offer, since u / p
 *                  is uniform given u < p
 *   first offer    cohort mode, at the moment of the offer: S rises by 2 u acute_stress,
 *                  H falls by 2 u acute_hope, u uniform: people are referred when things are worse
 *                  than usual, and regress to the mean afterwards
 *   accept         logistic(e_0 + e_urg [EN2] S V + e_alt [EN3] few-alternatives V
 *                           + e_gp [EN4] GP credibility - e_unc [EN1] U)       GP 1 if a GP offers
 *   accepted       waiting, T = max(T, t_gp [EN4] GP credibility)
 *   waiting list   weekly attrition w_0 + w_U U, from the week after; counts as declined
 *   way back       closed and told of it: weekly return_hazard [AP6] S, straight to the list
 *   opening        U falls by (role_clarity + bonus) listening; then take-up with
 *                  logistic(o_0 + o_x x + o_T T - o_unc [EN1] U - o_A A), x as in a session
 *
 * EN1 uncertainty about the role makes reluctant; EN2 hard circumstances make urgent; EN3 where there
 * is no other choice people take the leap; EN4 the GP's referral lends credibility, and some trust.
 *
 * draws   DRAW_TRANSITION, DRAW_CONSULTATION; PURPOSE_OFFER, PURPOSE_ACUTE, PURPOSE_OPENING
 * source  Tierney et al. 2024, Table 4, enrolment; levels calibrated to decline at offer (12 %),
 *         first contact (85 %), engagement (78 %)
 */
#include "mechanisms/enrolment.h"

#include "mechanisms/mechanisms.h"
#include "mechanisms/session.h"
#include "state/indices.h"

static void join_waiting_list(struct site *site, size_t i)
{
    struct patients *p = &site->patients;
    site_set_status(site, i, STATUS_WAITING);
    p->accepted_week[i] = site->week;
    p->contact_week[i] = site->week;
}

/* An offer, first or later, and the answer. */
static void decide(struct site *site, size_t i, bool by_gp)
{
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    struct patients *p = &site->patients;
    const float severe = severity(c, p, i);
    const float credibility = by_gp ? site->practices[p->practice[i]].credibility : 0.0f;
    const float belief = (float)k->mechanisms.EN4 * credibility;
    const float x =
        (float)k->enrolment.accept_intercept +
        (float)(k->enrolment.urgency_weight * k->mechanisms.EN2) * p->stress[i] * severe +
        (float)(k->enrolment.few_alternatives_weight * k->mechanisms.EN3) * p->few_alternatives[i] *
            severe +
        (float)k->enrolment.gp_weight * belief -
        (float)(k->enrolment.uncertainty_weight * k->mechanisms.EN1) * p->uncertainty[i];
    struct random_stream stream =
        random_open(&site->key, (uint32_t)p->person[i], (uint32_t)site->week, PURPOSE_OFFER);
    const bool accepted = random_chance(&stream, logistic(x));
    const bool first = p->status[i] == STATUS_LATENT;
    if (by_gp) {
        events_of(site, i)->offers_gp++;
        events_of(site, i)->accepted_gp += accepted;
    } else {
        events_of(site, i)->offers_other++;
        events_of(site, i)->accepted_other += accepted;
    }
    if (first) {
        p->offer_urgency[i] = p->stress[i] * severe;
        p->offer_uncertainty[i] = p->uncertainty[i];
        p->accepted_first[i] = accepted;
    }
    if (accepted) {
        const float lent = clip01((float)k->enrolment.gp_initial_trust * belief);
        p->trust[i] = p->trust[i] > lent ? p->trust[i] : lent;
        p->ever_accepted[i] = 1;
        join_waiting_list(site, i);
    } else {
        site_set_status(site, i, STATUS_DECLINED);
    }
}

/* Whether a GP consulted this week makes an offer, at this chance of one. */
static int gp_offers(float u_consultation, float consulting, float offer)
{
    return u_consultation < consulting * offer;
}

/* Whoever may move this week: the bounds are those of the readiest practice and of people who were
 * told of the way back.
 */
VECTOR_LOOP
static int flag_candidates(struct site *site, float most_offering)
{
    const struct parameters *k = &site->coefficients->parameters;
    const int n = (int)site->offered, whole = whole_vectors(n);
    const int week = site->week, reoffer = k->gp.reoffer_weeks;
    const float attrition = (float)k->waiting.attrition_base;
    const float attrition_uncertainty = (float)k->waiting.attrition_uncertainty;
    const float back = (float)(k->ending.return_hazard * k->mechanisms.AP6);
    const float other = (float)k->gp.other_route_hazard, minimum = (float)k->gp.minimum_severity;
    const float weight = site->coefficients->severity_weight;
    const struct patients *p = &site->patients;
    const int32_t *restrict status = p->status, *restrict since = p->status_week;
    const float *restrict n0 = p->need[0], *restrict n1 = p->need[1], *restrict n2 = p->need[2];
    const float *restrict n3 = p->need[3], *restrict n4 = p->need[4];
    const float *restrict u = p->draw[DRAW_TRANSITION], *restrict unsure = p->uncertainty;
    const float *restrict u_consultation = p->draw[DRAW_CONSULTATION];
    const float *restrict consulting = p->consulting, *restrict stress = p->stress;
    int32_t *restrict event = p->event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < whole; i++) {
        const float severe = severity_of_values(weight, n0[i], n1[i], n2[i], n3[i], n4[i]);
        const int32_t waits = (status[i] == STATUS_WAITING) & (since[i] < week);
        const int32_t leaves = waits & (u[i] < attrition + attrition_uncertainty * unsure[i]);
        const int32_t again = (status[i] >= STATUS_CLOSED) & (week - since[i] > reoffer);
        const float returning = status[i] == STATUS_CLOSED ? clip01(back * stress[i]) : 0.0f;
        const float elsewhere = again ? other * severe : 0.0f;
        const int32_t by_gp =
            again & (severe >= minimum) &
            gp_offers(u_consultation[i], consulting[i], clip01(most_offering * severe));
        event[i] = (i < n) & (leaves | by_gp | (u[i] < returning + elsewhere));
        any |= event[i];
    }
    return any;
}

/* Off the books: the known way back, else an offer by a GP, else one by another route. */
static void off_the_books(struct site *site, size_t i)
{
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    struct patients *p = &site->patients;
    const float u = p->draw[DRAW_TRANSITION][i];
    float back = 0.0f;
    if (p->status[i] == STATUS_CLOSED && p->told[i]) {
        back = clip01((float)(k->ending.return_hazard * k->mechanisms.AP6) * p->stress[i]);
    }
    if (u < back) {
        p->ever_returned[i] = 1;
        events_of(site, i)->returns++;
        join_waiting_list(site, i);
        return;
    }
    if (site->week - p->status_week[i] <= k->gp.reoffer_weeks) {
        return;
    }
    const float severe = severity(c, p, i);
    const float offer = offer_probability(k, site->practices[p->practice[i]].adoption, severe);
    if (gp_offers(p->draw[DRAW_CONSULTATION][i], p->consulting[i], offer)) {
        decide(site, i, true);
    } else if (u < back + (1.0f - back) * (float)k->gp.other_route_hazard * severe) {
        decide(site, i, false);
    }
}

static void first_offer(struct site *site, size_t i)
{
    const struct parameters *k = &site->coefficients->parameters;
    struct patients *p = &site->patients;
    if (k->run.mode == RUN_MODE_COHORT) {
        struct random_stream acute =
            random_open(&site->key, (uint32_t)p->person[i], 0, PURPOSE_ACUTE);
        const float twice = 2.0f * random_uniform(&acute);
        p->stress[i] = rise(p->stress[i], twice * (float)k->population.acute_stress);
        p->hope[i] = fall(p->hope[i], twice * (float)k->population.acute_hope);
    }
    decide(site, i, p->first_offer_by_gp[i] != 0);
}

/* What may happen this week to people who are not on a caseload. */
static void move_candidates(struct site *site, size_t flagged)
{
    const struct patients *p = &site->patients;
    for (size_t f = 0; f < flagged; f++) {
        const size_t i = (size_t)site->flagged[f];
        if (p->status[i] == STATUS_WAITING) {
            events_of(site, i)->left_waiting_list++;
            site_set_status(site, i, STATUS_DECLINED);
        } else {
            off_the_books(site, i);
        }
    }
}

void enrolment_step(struct site *site)
{
    struct patients *p = &site->patients;
    float readiest = 0.0f;
    for (int practice = 0; practice < site->practice_count; practice++) {
        const float adoption = site->practices[practice].adoption;
        readiest = adoption > readiest ? adoption : readiest;
    }
    const float offer_base = (float)site->coefficients->parameters.gp.offer_base;
    move_candidates(site, site_list_flagged(site, flag_candidates(site, offer_base * readiest)));
    while (site->offered < p->count && p->first_offer_week[site->offered] == site->week) {
        site->week_consultations += p->consulted[site->offered];
        site->week_consultations_unmet += p->consulted[site->offered];
        first_offer(site, site->offered);
        site->offered++;
    }
}

static void begin_episode(struct site *site, size_t i, int post)
{
    struct patients *p = &site->patients;
    site_set_status(site, i, STATUS_ENGAGED);
    site_join_caseload(site, i, post);
    p->ever_taken_up[i] = 1;
    p->takeup_week[i] = site->week;
    p->due_week[i] = site->week + 1;
    p->episode_sessions[i] = 0;
    p->was_due[i] = 0;
    p->held[i] = 0;
    p->taper_sessions[i] = 0;
    p->taper_attended[i] = 0;
    p->told[i] = 0;
}

void enrolment_open(struct site *site, size_t i, int post, float quality)
{
    const struct parameters *k = &site->coefficients->parameters;
    struct patients *p = &site->patients;
    const struct link_worker *worker = &site->link_workers[post];
    const double bonus =
        site->attributes->set_up_with_link_workers ? k->enrolment.role_clarity_bonus : 0.0;
    if (p->waited_weeks[i] == NEVER) {
        parting_note(&site->partings, p, i, site->week);
        p->waited_weeks[i] = site->week - p->accepted_week[i];
    }
    p->uncertainty[i] =
        fall(p->uncertainty[i], (float)(k->enrolment.role_clarity + bonus) * worker->listening);
    p->contact_week[i] = site->week;
    events_of(site, i)->openings++;
    const float x =
        (float)k->enrolment.takeup_intercept +
        (float)k->enrolment.takeup_interpersonal_weight * interpersonal_input(k, worker, quality) +
        (float)k->enrolment.takeup_trust_weight * p->trust[i] -
        (float)(k->enrolment.takeup_uncertainty_weight * k->mechanisms.EN1) * p->uncertainty[i] -
        (float)k->enrolment.takeup_barrier_weight * attendance_barriers(p, i);
    struct random_stream stream =
        random_open(&site->key, (uint32_t)p->person[i], (uint32_t)p->openings[i], PURPOSE_OPENING);
    p->openings[i]++;
    if (random_chance(&stream, logistic(x))) {
        events_of(site, i)->takeups++;
        begin_episode(site, i, post);
    } else {
        site_set_status(site, i, STATUS_DECLINED);
    }
}
