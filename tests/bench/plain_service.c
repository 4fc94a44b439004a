/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Link workers' diaries in the plain model (plain_model.h): sections 7.4 to 7.7 of sim/MODEL.md.
 */
#include "bench/plain_model.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

static double interpersonal_input(const struct parameters *k, const struct plain_worker *w,
                                  double quality)
{
    const double heard = w->listening * (1.0 - k->session.burnout_listening_loss * w->burnout);
    return plain_clip(k->session.listening_weight * k->mechanisms.IS1 * heard * quality +
                      k->session.informality_weight * k->mechanisms.IS2 * w->informality * quality);
}

static double passable(const struct plain_site *site, const struct plain_service *service,
                       const struct plain_person *p)
{
    double share = 1.0;
    for (int b = 0; b < BARRIER_COUNT; b++) {
        share *= 1.0 - (double)site->c->gate[service->format][b] * plain_barrier_at(service, p, b);
    }
    if (service->format == FORMAT_GROUP) {
        share *= 1.0 - site->c->parameters.gate.group_aversion * p->group_aversion;
    }
    return share;
}

/* A service for the largest need that has one, of those least often tried; NOTHING if none. */
static int choose_service(struct plain_site *site, const struct plain_person *p, bool asks)
{
    int domain = NOTHING, least = 256, candidates = 0, chosen = NOTHING;
    for (int s = 0; s < site->service_count; s++) {
        const int d = site->services[s].domain;
        domain = domain == NOTHING || p->need[d] > p->need[domain] ? d : domain;
    }
    for (int s = 0; s < site->service_count; s++) {
        if (site->services[s].domain == domain) {
            candidates = p->tries[s] < least ? 0 : candidates;
            least = p->tries[s] < least ? p->tries[s] : least;
            candidates += p->tries[s] == least;
        }
    }
    int any = candidates > 0 ? (int)gsl_rng_uniform_int(site->rng, (unsigned long)candidates) : 0;
    double best = -1.0;
    for (int s = 0; s < site->service_count; s++) {
        if (site->services[s].domain != domain || p->tries[s] != least) {
            continue;
        }
        const double value = asks ? passable(site, &site->services[s], p) : any-- == 0 ? 1.0 : 0.0;
        if (value > best) {
            best = value;
            chosen = s;
        }
    }
    return chosen;
}

static void hear(struct plain_site *site, struct plain_person *p, int service, bool accepted)
{
    const struct parameters *k = &site->c->parameters;
    p->options_heard++;
    p->motivation = plain_rise(p->motivation, k->suggestion.option_motivation * k->mechanisms.RD2);
    if (!accepted) {
        plain_count_try(p, service);
        return;
    }
    p->suggestion = service;
    p->failed_attempts = 0;
    p->held = 0;
    for (int i = 0; i < PLAIN_CHECKS; i++) {
        p->obstacle[i] = gsl_rng_uniform(site->rng);
    }
}

static void suggest(struct plain_site *site, struct plain_person *p, const struct plain_worker *w)
{
    const struct parameters *k = &site->c->parameters;
    if (site->service_count == 0) {
        return;
    }
    const double ready = plain_readiness(k, p);
    const double noise =
        (1.0 - plain_clip(k->mechanisms.RD1 * w->tailoring)) * k->suggestion.readiness_noise;
    const double seen = ready + gsl_ran_gaussian_ziggurat(site->rng, noise);
    if (seen <= k->suggestion.readiness_threshold * (1.0 - 0.5 * w->directiveness)) {
        return;
    }
    const double threshold = k->suggestion.push_threshold;
    const bool asks = plain_chance(site, w->tailoring);
    const int service = choose_service(site, p, asks);
    const double sensitive = 1.0 - plain_clip(k->mechanisms.KS3 * w->tailoring);
    const double acceptable =
        plain_clip(k->suggestion.accept_intercept + k->suggestion.accept_trust * p->trust +
                   k->suggestion.accept_tailoring * w->tailoring -
                   k->suggestion.accept_stigma * p->stigma_sensitivity *
                       (double)site->c->stigma[site->services[service].domain] * sensitive);
    hear(site, p, service, plain_chance(site, acceptable * fmin(1.0, ready / threshold)));
    if (ready < threshold) {
        p->pushed = 1;
        p->trust = plain_fall(p->trust, k->suggestion.push_trust_loss * (threshold - ready));
    }
}

/* What `rise` adds and `fall` takes away: effects of a session are summed before they apply. */
static double gain(double x, double a)
{
    return plain_clip(a) * (1.0 - x);
}

static double loss(double x, double a)
{
    return -plain_clip(a) * x;
}

static void add(double *state, double change)
{
    *state = plain_clip(*state + change);
}

/* AP2, AP3 and the parts of a session that act on barriers; `old` is the person before it. */
static void advocate(struct plain_site *site, struct plain_person *p,
                     const struct plain_person *old, const struct plain_worker *w, double relief)
{
    const struct parameters *k = &site->c->parameters;
    double change[BARRIER_COUNT] = {0.0};
    change[BARRIER_INCOME] = loss(old->barrier[BARRIER_INCOME], relief);
    if (plain_chance(site, w->advocacy)) {
        const double push = k->session.advocacy_barrier * k->mechanisms.AP2;
        for (int b = 0; b < BARRIER_COUNT; b++) {
            change[b] += loss(old->barrier[b], push * (double)site->c->advocacy_control[b]);
        }
        add(&p->isolation,
            loss(old->isolation, k->session.advocacy_isolation * k->mechanisms.AP2 * old->trust));
    }
    if (old->stress > k->session.arranged_gp_stress &&
        plain_chance(site, k->session.arranged_gp * k->mechanisms.AP3 * w->advocacy)) {
        p->consultations++;
        change[BARRIER_HEALTH] += loss(old->barrier[BARRIER_HEALTH], k->session.arranged_gp_health);
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        add(&p->barrier[b], change[b]);
    }
}

static void meet(struct plain_site *site, struct plain_person *p, const struct plain_worker *w,
                 double quality)
{
    const struct parameters *k = &site->c->parameters;
    const struct plain_person old = *p;
    const double x = interpersonal_input(k, w, quality), shared = old.trust * x;
    const double understood = 1.0 - old.barrier[BARRIER_LANGUAGE] * (1.0 - k->session.interpreter);
    const double trusted = w->knowledge[plain_largest_need(&old)] * old.trust;
    const double plan = k->mechanisms.KS2 * trusted;
    const double financial = old.need[NEED_FINANCIAL];
    const double help = financial > 0.0 ? k->mechanisms.KS4 * w->knowledge[NEED_FINANCIAL] : 0.0;
    const double relief = k->session.financial_relief * help * quality;
    double known = 0.0;
    for (int d = 0; d < NEED_COUNT; d++) {
        known += w->knowledge[d] / NEED_COUNT;
    }
    const bool goal = old.clarity > k->session.goal_clarity &&
                      plain_chance(site, w->goal_setting * plain_capacity(k, &old));

    add(&p->trust, gain(old.trust, old.rapport * x * understood));
    add(&p->uncertainty, loss(old.uncertainty, k->session.role_clarity * w->listening * quality));
    add(&p->stress, loss(old.stress, k->session.offload_stress * k->mechanisms.IS3 * shared) +
                        loss(old.stress, k->session.financial_stress_relief * financial * help));
    add(&p->coping,
        gain(old.coping, k->session.offload_coping * k->mechanisms.IS3 * shared) +
            gain(old.coping, k->session.coping_strategies * k->mechanisms.KS5 * known * quality));
    add(&p->enjoyment, 0.5 * (k->mechanisms.IS4 * shared - old.enjoyment));
    add(&p->hope, gain(old.hope, k->session.uplift_hope * k->mechanisms.IS5 * shared) +
                      gain(old.hope, k->session.knowledge_hope * k->mechanisms.KS1 * trusted));
    add(&p->clarity,
        gain(old.clarity,
             k->session.plan_clarity * plan * quality * (1.0 - 0.5 * w->directiveness)) +
            gain(old.clarity, k->session.anchor_clarity * k->mechanisms.AP1 * old.trust * quality));
    add(&p->confidence,
        gain(old.confidence, k->session.plan_confidence * plan) +
            (goal ? gain(old.confidence, k->session.goal_confidence * k->mechanisms.RD6) : 0.0));
    add(&p->motivation,
        gain(old.motivation, k->session.tailoring_motivation * k->mechanisms.RD1 * w->tailoring *
                                 old.trust * old.hope) +
            (goal ? gain(old.motivation, k->session.goal_motivation * k->mechanisms.RD6) : 0.0));
    add(&p->need[NEED_FINANCIAL], loss(financial, relief));
    advocate(site, p, &old, w, relief);
}

static int weeks_to_next(const struct parameters *k, const struct plain_person *p)
{
    if (p->status == STATUS_TAPERING) {
        return k->diary.interval_tapering << (p->taper_sessions < 10 ? p->taper_sessions : 10);
    }
    if (p->stress > k->diary.crisis_stress) {
        return k->diary.interval_crisis;
    }
    if (p->status == STATUS_CONNECTED) {
        return k->diary.interval_connected;
    }
    return p->held ? k->diary.interval_holding : k->diary.interval_engaged;
}

static void hold_session(struct plain_site *site, struct plain_person *p, struct plain_worker *w,
                         double minutes, double quality)
{
    const struct parameters *k = &site->c->parameters;
    const double x = k->attendance.intercept + k->attendance.trust_weight * p->trust +
                     k->attendance.enjoyment_weight * p->enjoyment -
                     k->attendance.stress_weight * p->stress -
                     k->attendance.barrier_weight * plain_attendance_barriers(p);
    const bool tapers = p->status == STATUS_TAPERING,
               attended = plain_chance(site, plain_logistic(x));
    p->was_due = 1;
    p->taper_sessions += tapers;
    if (attended) {
        p->taper_attended += tapers;
        p->first_week = p->first_week == NEVER ? site->week : p->first_week;
        meet(site, p, w, quality);
        p->sessions++;
        p->episode_sessions++;
        p->contact_week = site->week;
        if (p->status == STATUS_ENGAGED && p->suggestion == NOTHING) {
            suggest(site, p, w);
        }
        p->trust_last_session = p->trust;
    } else {
        w->unused += minutes * (1.0 - k->diary.missed_share);
    }
    p->due_week = site->week + weeks_to_next(k, p);
}

static void hold_opening(struct plain_site *site, struct plain_person *p, int post, double quality)
{
    const struct parameters *k = &site->c->parameters;
    struct plain_worker *w = &site->workers[post];
    const double bonus =
        site->about->set_up_with_link_workers ? k->enrolment.role_clarity_bonus : 0.0;
    p->uncertainty = plain_fall(p->uncertainty, (k->enrolment.role_clarity + bonus) * w->listening);
    p->contact_week = site->week;
    const double x = k->enrolment.takeup_intercept +
                     k->enrolment.takeup_interpersonal_weight * interpersonal_input(k, w, quality) +
                     k->enrolment.takeup_trust_weight * p->trust -
                     k->enrolment.takeup_uncertainty_weight * k->mechanisms.EN1 * p->uncertainty -
                     k->enrolment.takeup_barrier_weight * plain_attendance_barriers(p);
    if (!plain_chance(site, plain_logistic(x))) {
        plain_set_status(site, p, STATUS_DECLINED);
        return;
    }
    plain_set_status(site, p, STATUS_ENGAGED);
    w->persons[w->caseload++] = (int)(p - site->persons);
    p->post = post;
    p->ever_taken_up = 1;
    p->takeup_week = site->week;
    p->due_week = site->week + 1;
    p->episode_sessions = p->was_due = p->held = p->taper_sessions = p->taper_attended = 0;
    p->told = 0;
}

/* qsort has no context: what is compared stands in the array itself. */
struct ranked {
    double rank;
    int person;
};

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return x->rank != y->rank ? (x->rank > y->rank) - (x->rank < y->rank)
                              : (x->person > y->person) - (x->person < y->person);
}

static void sort_persons(int *persons, int count, struct ranked *ranked)
{
    qsort(ranked, (size_t)count, sizeof *ranked, compare_ranked);
    for (int n = 0; n < count; n++) {
        persons[n] = ranked[n].person;
    }
}

/* Everyone on the waiting list in the order of the policy, into site->order. */
static int order_waiting(struct plain_site *site)
{
    const struct parameters *k = &site->c->parameters;
    int count = 0;
    for (int i = 0; i < site->person_count; i++) {
        const struct plain_person *p = &site->persons[i];
        if (p->status == STATUS_WAITING &&
            p->accepted_week + k->waiting.contact_delay_weeks <= site->week) {
            site->order[count++] = i;
        }
    }
    struct ranked *ranked = malloc(((size_t)count + 1) * sizeof *ranked);
    for (int n = 0; ranked != NULL && n < count; n++) {
        const struct plain_person *p = &site->persons[site->order[n]];
        ranked[n] = (struct ranked){.person = site->order[n],
                                    .rank = k->waiting.policy == WAITING_POLICY_SEVERITY
                                                ? -plain_severity(site->c, p)
                                                : p->accepted_week};
    }
    if (ranked != NULL) {
        sort_persons(site->order, count, ranked);
    }
    free(ranked);
    return count;
}

static int spread_openings(struct plain_site *site)
{
    const int cap = site->c->parameters.diary.caseload_cap;
    const int waiting = order_waiting(site);
    int n = 0;
    for (int post = 0; post < site->worker_count; post++) {
        site->workers[post].promised = 0;
    }
    for (; n < waiting; n++) {
        int most = 0, to = NOBODY;
        for (int post = 0; post < site->worker_count; post++) {
            const struct plain_worker *w = &site->workers[post];
            const int room = w->vacant_weeks == 0 ? cap - w->caseload - w->promised : 0;
            if (room > most) {
                most = room;
                to = post;
            }
        }
        if (to == NOBODY) {
            break;
        }
        site->workers[to].promised++;
        site->opening_posts[n] = to;
    }
    return n;
}

static int order_due(struct plain_site *site, const struct plain_worker *w)
{
    struct ranked *ranked = malloc(((size_t)w->caseload + 1) * sizeof *ranked);
    int count = 0;
    for (int slot = 0; ranked != NULL && slot < w->caseload; slot++) {
        const struct plain_person *p = &site->persons[w->persons[slot]];
        if (p->due_week <= site->week) {
            ranked[count++] = (struct ranked){.person = w->persons[slot], .rank = p->due_week};
        }
    }
    if (ranked != NULL) {
        sort_persons(site->due, count, ranked);
    }
    free(ranked);
    return count;
}

static void keep_diary(struct plain_site *site, int post, int openings)
{
    const struct parameters *k = &site->c->parameters;
    struct plain_worker *w = &site->workers[post];
    const int sessions = order_due(site, w);
    const double shares = k->diary.admin_share + k->diary.travel_share * (site->practice_count - 1);
    w->minutes =
        k->diary.full_time_equivalent * k->diary.hours_per_week * 60.0 * fmax(1.0 - shares, 0.0);
    w->asked = sessions * k->diary.preferred_minutes + w->promised * k->diary.first_contact_minutes;
    const double least = k->diary.minimum_minutes / k->diary.preferred_minutes;
    const double factor = w->asked > w->minutes ? fmax(w->minutes / w->asked, least) : 1.0;
    const double quality = pow(factor, k->diary.quality_exponent);
    const double session = factor * k->diary.preferred_minutes;
    const double opening = factor * k->diary.first_contact_minutes;
    for (int n = 0; n < sessions; n++) {
        struct plain_person *p = &site->persons[site->due[n]];
        if (w->given + session > w->minutes * (1.0 + 1e-9)) {
            p->trust = plain_fall(p->trust, k->diary.broken_promise_loss);
            p->postponed = p->was_due = 1;
        } else {
            w->given += session;
            hold_session(site, p, w, session, quality);
        }
    }
    for (int n = 0; n < openings && w->given + opening <= w->minutes * (1.0 + 1e-9); n++) {
        if (site->opening_posts[n] == post) {
            w->given += opening;
            hold_opening(site, &site->persons[site->order[n]], post, quality);
        }
    }
    const double left = fmax(w->minutes - w->given, 0.0);
    w->community = fmin(left, k->diary.community_minutes * k->diary.full_time_equivalent);
    w->spare = left - w->community + w->unused;
}

void plain_keep_diaries(struct plain_site *site)
{
    const int openings = spread_openings(site);
    for (int post = 0; post < site->worker_count; post++) {
        struct plain_worker *w = &site->workers[post];
        w->minutes = w->asked = w->given = w->spare = w->community = w->unused = 0.0;
        if (w->vacant_weeks == 0) {
            keep_diary(site, post, openings);
        }
    }
}
