/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The weeks of the plain model (plain_model.h), in the order of section 3 of sim/MODEL.md.
 */
#include "bench/plain_model.h"

#include "base/error.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double wellbeing(const struct parameters *k, const struct plain_person *p)
{
    const double index = plain_clip(
        k->wellbeing.intercept + k->wellbeing.hope_weight * p->hope +
        k->wellbeing.confidence_weight * p->confidence + k->wellbeing.ties_weight * p->ties -
        k->wellbeing.stress_weight * p->stress - k->wellbeing.isolation_weight * p->isolation);
    return fmin(fmax(7.0 + 28.0 * index + p->wellbeing_offset, 7.0), 35.0);
}

static bool on_caseload(const struct plain_person *p)
{
    return p->status >= STATUS_ENGAGED && p->status <= STATUS_TAPERING;
}

static void leave_caseload(struct plain_site *site, struct plain_person *p)
{
    struct plain_worker *worker = &site->workers[p->post];
    const int person = (int)(p - site->persons);
    for (int slot = 0; slot < worker->caseload; slot++) {
        if (worker->persons[slot] == person) {
            worker->persons[slot] = worker->persons[--worker->caseload];
            break;
        }
    }
    p->post = p->suggestion = NOTHING;
    p->held = 0;
}

static void leave_support(struct plain_site *site, struct plain_person *p)
{
    if (p->support_place != NOTHING) {
        site->services[p->support_place].taken--;
    }
    p->support_place = p->support_domain = NOTHING;
}

static void live(struct plain_site *site, struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    if (plain_chance(site, k->events.life_event_hazard)) {
        const int d = (int)gsl_rng_uniform_int(site->rng, NEED_COUNT);
        p->need[d] = plain_rise(p->need[d], gsl_ran_beta(site->rng, 2.0, 2.0));
        p->stress = plain_rise(p->stress, k->events.life_event_stress);
    }
    if (plain_chance(site, p->health_decline)) {
        p->barrier[BARRIER_HEALTH] =
            plain_rise(p->barrier[BARRIER_HEALTH], k->events.health_decline_amount);
    }
    for (int d = 0; d < NEED_COUNT; d++) {
        p->need[d] *= 1.0 - (double)site->c->need_easing[d];
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        p->barrier[b] *= 1.0 - (double)site->c->barrier_easing[b];
    }
}

static void consult(struct plain_site *site, struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    double yearly = p->consultation_rate * exp(k->gp.stress_effect * (p->stress - 0.3));
    if (on_caseload(p)) {
        yearly *= plain_clip(1.0 - k->gp.substitution * k->mechanisms.AP4 * p->trust);
    }
    p->consulted = plain_chance(site, 1.0 - exp(-yearly / 52.0));
    p->consultations += p->consulted && p->status != STATUS_LATENT;
}

static void join_waiting_list(struct plain_site *site, struct plain_person *p)
{
    plain_set_status(site, p, STATUS_WAITING);
    p->accepted_week = p->contact_week = site->week;
}

static void decide(struct plain_site *site, struct plain_person *p, bool by_gp)
{
    const struct parameters *k = &site->c->parameters;
    const double severe = plain_severity(site->c, p);
    const double belief =
        by_gp ? k->mechanisms.EN4 * site->practices[p->practice].credibility : 0.0;
    const double x =
        k->enrolment.accept_intercept +
        k->enrolment.urgency_weight * k->mechanisms.EN2 * p->stress * severe +
        k->enrolment.few_alternatives_weight * k->mechanisms.EN3 * p->few_alternatives * severe +
        k->enrolment.gp_weight * belief -
        k->enrolment.uncertainty_weight * k->mechanisms.EN1 * p->uncertainty;
    const bool accepted = plain_chance(site, plain_logistic(x));
    if (p->status == STATUS_LATENT) {
        p->accepted_first = accepted;
        p->consultations += p->consulted;
    }
    if (accepted) {
        p->trust = fmax(p->trust, plain_clip(k->enrolment.gp_initial_trust * belief));
        join_waiting_list(site, p);
    } else {
        plain_set_status(site, p, STATUS_DECLINED);
    }
}

static void first_offer(struct plain_site *site, struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    const double twice = 2.0 * gsl_rng_uniform(site->rng);
    p->stress = plain_rise(p->stress, twice * k->population.acute_stress);
    p->hope = plain_fall(p->hope, twice * k->population.acute_hope);
    decide(site, p, p->offer_by_gp != 0);
}

/* Never offered, or off the books for long enough: a GP offers, or somebody else does. */
static void consider_offering(struct plain_site *site, struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    const double severe = plain_severity(site->c, p);
    if (p->consulted && severe >= k->gp.minimum_severity &&
        plain_chance(site, k->gp.offer_base * site->practices[p->practice].adoption * severe)) {
        decide(site, p, true);
    } else if (plain_chance(site, k->gp.other_route_hazard * severe)) {
        decide(site, p, false);
    }
}

static void move_off_caseload(struct plain_site *site, struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    if (p->status == STATUS_WAITING) {
        const double leaves =
            k->waiting.attrition_base + k->waiting.attrition_uncertainty * p->uncertainty;
        if (p->status_week < site->week && plain_chance(site, leaves)) {
            plain_set_status(site, p, STATUS_DECLINED);
        }
    } else if (p->status >= STATUS_CLOSED) {
        const bool knows_the_way = p->status == STATUS_CLOSED && p->told;
        if (knows_the_way && plain_chance(site, plain_clip(k->ending.return_hazard *
                                                           k->mechanisms.AP6 * p->stress))) {
            join_waiting_list(site, p);
        } else if (site->week - p->status_week > k->gp.reoffer_weeks) {
            consider_offering(site, p);
        }
    } else if (p->status == STATUS_LATENT) {
        if (k->run.mode == RUN_MODE_REGISTERED) {
            consider_offering(site, p);
        } else if (p->offer_week == site->week) {
            first_offer(site, p);
        }
    }
}

static bool goes_along(struct plain_site *site, const struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    struct plain_worker *w = &site->workers[p->post];
    const double minutes = k->connect.accompany_minutes;
    if (!plain_chance(site, k->connect.accompany_probability) || w->vacant_weeks > 0 ||
        w->spare + w->community < minutes) {
        return false;
    }
    const double from_spare = fmin(w->spare, minutes);
    w->spare -= from_spare;
    w->community -= minutes - from_spare;
    return true;
}

static bool gets_through(struct plain_site *site, const struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    const struct plain_service *service = &site->services[p->suggestion];
    for (int b = 0; b < BARRIER_COUNT; b++) {
        if (p->obstacle[b] <
            (double)site->c->gate[service->format][b] * plain_barrier_at(service, p, b)) {
            return false;
        }
    }
    if (service->format == FORMAT_GROUP) {
        const double support = k->connect.accompany_support * k->mechanisms.RD3;
        const double eased = goes_along(site, p) ? plain_clip(1.0 - support) : 1.0;
        if (p->obstacle[BARRIER_COUNT] < k->gate.group_aversion * p->group_aversion * eased) {
            return false;
        }
    }
    return service->taken < service->places;
}

static void attempt(struct plain_site *site, struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    const double x = k->connect.attempt_intercept +
                     k->connect.attempt_readiness * plain_readiness(k, p) +
                     k->connect.attempt_accountability * k->mechanisms.RD4 * p->trust +
                     k->connect.attempt_confidence * p->confidence;
    if (!plain_chance(site, plain_logistic(x))) {
        return;
    }
    if (!gets_through(site, p)) {
        p->hope = plain_fall(p->hope, k->connect.failure_hope_loss);
        p->confidence = plain_fall(p->confidence, k->connect.failure_confidence_loss);
        if (++p->failed_attempts >= k->connect.failed_attempts_limit) {
            plain_count_try(p, p->suggestion);
            p->suggestion = NOTHING;
        }
        return;
    }
    struct plain_service *service = &site->services[p->suggestion];
    leave_support(site, p);
    service->taken++;
    p->support_place = p->suggestion;
    p->support_domain = service->domain;
    p->support_social = service->format == FORMAT_GROUP ? 1.0 : k->support.social_value_other;
    p->suggestion = NOTHING;
    p->ever_connected = 1;
    plain_set_status(site, p, STATUS_CONNECTED);
    p->connected_week = site->week;
    p->held = 0;
}

static void seek_own_support(struct plain_site *site, struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    const int most = k->suggestion.options_saturation;
    const double heard = (double)(p->options_heard < most ? p->options_heard : most) / most;
    if (heard == 0.0 || !plain_chance(site, k->suggestion.own_support_hazard * k->mechanisms.RD2 *
                                                heard * p->motivation * plain_capacity(k, p))) {
        return;
    }
    p->support_domain = plain_largest_need(p);
    p->support_social = k->support.social_value_other;
    p->suggestion = NOTHING;
    if (p->status == STATUS_ENGAGED) {
        plain_set_status(site, p, STATUS_CONNECTED);
        p->connected_week = site->week;
        p->held = 0;
    }
}

static void use_support(struct plain_site *site, struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    const double v = p->support_social * k->mechanisms.RD3;
    if (plain_chance(site, k->support.attend)) {
        double *need = &p->need[p->support_domain];
        *need = plain_fall(*need, k->support.need_relief);
        p->isolation = plain_fall(p->isolation, k->support.isolation_relief * v);
        p->stress = plain_fall(p->stress, k->support.stress_relief * v);
        p->confidence = plain_rise(p->confidence, k->support.confidence_gain * v);
        p->ties = plain_rise(p->ties, k->support.ties_gain * k->mechanisms.RD5);
    }
    if (plain_chance(site, k->support.leave_base +
                               k->support.leave_capacity * (1.0 - plain_capacity(k, p)))) {
        leave_support(site, p);
        if (p->status == STATUS_CONNECTED) {
            plain_set_status(site, p, STATUS_ENGAGED);
        }
    }
}

static void rest(struct plain_site *site, struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    const double stress = plain_resting_stress(k, p, plain_severity(site->c, p));
    const double motivation = plain_resting_motivation(k, p);
    const double isolation = plain_resting_isolation(k, p);
    p->stress += k->between.stress_rate * (stress - p->stress);
    p->motivation += k->between.motivation_rate * (motivation - p->motivation);
    p->isolation += k->between.isolation_rate * (isolation - p->isolation);
    if (p->status == STATUS_LATENT) {
        return; /* the others are at their baselines, and there is no trust yet */
    }
    if (p->post != NOBODY && site->workers[p->post].vacant_weeks == 0) {
        p->stress = plain_fall(p->stress, k->between.anchor_stress * k->mechanisms.AP1 * p->trust *
                                              site->workers[p->post].reliability);
    }
    p->hope += k->between.hope_fade * (p->usual_hope - p->hope);
    p->confidence += k->between.confidence_fade * (p->usual_confidence - p->confidence);
    p->clarity += k->between.clarity_fade * (p->usual_clarity - p->clarity);
    p->coping += k->between.coping_fade * (p->usual_coping - p->coping);
    p->ties += k->between.ties_fade * (p->usual_ties - p->ties);
    if (site->week - p->contact_week > k->between.trust_gap_weeks) {
        p->trust *= 1.0 - k->between.trust_fade;
    }
}

static void review_staying(struct plain_site *site, struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    if (p->status == STATUS_ENGAGED && p->was_due) {
        const double x = k->disengage.intercept - k->disengage.trust * p->trust -
                         k->disengage.enjoyment * p->enjoyment - k->disengage.hope * p->hope +
                         k->disengage.push * p->pushed + k->disengage.postponed * p->postponed +
                         k->disengage.uncertainty * p->uncertainty +
                         k->disengage.barriers * plain_attendance_barriers(p);
        if (plain_chance(site, plain_logistic(x))) {
            leave_caseload(site, p);
            plain_set_status(site, p, STATUS_DISENGAGED);
        }
    }
    p->pushed = p->postponed = 0;
}

static void close_contact(struct plain_site *site, struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    const double prepared = 1.0 - exp(-p->taper_attended / k->ending.taper_time_constant);
    const double shock =
        p->trust * plain_clip(1.0 - k->ending.taper_protection * k->mechanisms.AP5 * prepared) *
        plain_clip(1.0 - k->ending.inform_protection * k->mechanisms.AP6 * k->ending.inform_return);
    p->stress = plain_rise(p->stress, k->ending.shock_stress * shock);
    p->hope = plain_fall(p->hope, k->ending.shock_hope * shock);
    p->told = k->ending.inform_return;
    leave_caseload(site, p);
    plain_set_status(site, p, STATUS_CLOSED);
}

static void begin_tapering(struct plain_site *site, struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    if (k->ending.taper_sessions == 0) {
        close_contact(site, p);
        return;
    }
    p->held = p->taper_sessions = 0;
    p->due_week = site->week + k->diary.interval_tapering;
    plain_set_status(site, p, STATUS_TAPERING);
}

static void review_ending(struct plain_site *site, struct plain_person *p)
{
    const struct parameters *k = &site->c->parameters;
    if (p->status == STATUS_TAPERING) {
        if (p->taper_sessions >= k->ending.taper_sessions) {
            close_contact(site, p);
        }
    } else if ((k->ending.max_sessions > 0 && p->episode_sessions >= k->ending.max_sessions) ||
               (k->ending.max_weeks > 0 && site->week - p->takeup_week >= k->ending.max_weeks) ||
               (p->status == STATUS_CONNECTED &&
                site->week - p->connected_week >= k->ending.settle_weeks)) {
        begin_tapering(site, p);
    } else if (p->status == STATUS_ENGAGED && p->suggestion == NOTHING &&
               p->episode_sessions >= k->ending.holding_after_sessions) {
        if (k->ending.holding) {
            p->held = 1;
        } else {
            begin_tapering(site, p);
        }
    }
}

static void succeed(struct plain_site *site, struct plain_worker *w)
{
    const struct parameters *k = &site->c->parameters;
    plain_hire(site, w, k->link_worker.successor_months, 0.0);
    for (int slot = 0; slot < w->caseload; slot++) {
        site->persons[w->persons[slot]].trust *= k->link_worker.handover;
    }
}

static void work_on(struct plain_site *site, struct plain_worker *w)
{
    const struct parameters *k = &site->c->parameters;
    if (w->vacant_weeks > 0) {
        if (--w->vacant_weeks == 0) {
            succeed(site, w);
        }
        return;
    }
    const double gains =
        k->link_worker.knowledge_gain * w->community / k->link_worker.community_reference;
    for (int d = 0; d < NEED_COUNT; d++) {
        const double known = w->knowledge[d];
        w->knowledge[d] = plain_clip(known + gains * (k->link_worker.knowledge_maximum - known) -
                                     k->link_worker.knowledge_fade * known);
    }
    const double overload = w->asked > 0.0 ? 1.0 - w->given / w->asked : 0.0;
    w->burnout =
        plain_clip(w->burnout + k->link_worker.burnout_overload * overload * (1.0 - w->burnout) -
                   k->link_worker.burnout_recovery * k->link_worker.supervision * w->burnout);
    if (plain_chance(site,
                     k->link_worker.turnover_base + k->link_worker.turnover_burnout * w->burnout)) {
        w->vacant_weeks = k->link_worker.vacancy_weeks;
        if (w->vacant_weeks == 0) {
            succeed(site, w);
        }
    }
}

static bool is_active(const struct plain_site *site, const struct plain_person *p)
{
    return p->status != STATUS_LATENT || p->offer_week <= site->week ||
           site->c->parameters.run.mode == RUN_MODE_REGISTERED;
}

static void step(struct plain_site *site)
{
    const struct parameters *k = &site->c->parameters;
    site->week++;
    for (int i = 0; i < site->person_count; i++) {
        struct plain_person *p = &site->persons[i];
        if (is_active(site, p)) {
            live(site, p);
        }
        consult(site, p);
        move_off_caseload(site, p);
    }
    plain_keep_diaries(site);
    for (int i = 0; i < site->person_count; i++) {
        struct plain_person *p = &site->persons[i];
        if (p->suggestion != NOTHING) {
            attempt(site, p);
        }
    }
    for (int i = 0; i < site->person_count; i++) {
        struct plain_person *p = &site->persons[i];
        if (p->support_domain == NOTHING && p->options_heard > 0) {
            seek_own_support(site, p);
        }
        if (p->support_domain != NOTHING) {
            use_support(site, p);
        }
        if (is_active(site, p)) {
            rest(site, p);
        }
        if (on_caseload(p)) {
            review_staying(site, p);
        }
        if (on_caseload(p)) {
            review_ending(site, p);
        }
        if (p->status != STATUS_LATENT) {
            p->wellbeing_sum += wellbeing(k, p);
            site->patient_weeks++;
        }
    }
    for (int post = 0; post < site->worker_count; post++) {
        work_on(site, &site->workers[post]);
    }
}

static void add_up(const struct plain_site *site, struct plain_sums *sums)
{
    for (int i = 0; i < site->person_count; i++) {
        const struct plain_person *p = &site->persons[i];
        if (p->status == STATUS_LATENT) {
            continue;
        }
        sums->sum[PLAIN_OFFERED] += 1.0;
        sums->sum[PLAIN_ACCEPTED] += p->accepted_first;
        sums->sum[PLAIN_TAKEN_UP] += p->ever_taken_up;
        sums->sum[PLAIN_SEEN] += p->first_week != NEVER;
        sums->sum[PLAIN_CONNECTED] += p->ever_connected;
        sums->sum[PLAIN_SESSIONS] += p->sessions;
        sums->sum[PLAIN_TRUST] += p->trust_last_session;
        sums->sum[PLAIN_CONSULTATIONS] += p->consultations;
        sums->sum[PLAIN_SWEMWBS] += p->wellbeing_sum;
    }
}

int plain_run(const struct configuration *configuration, const struct coefficients *c, size_t index,
              int replicate, struct plain_sums *sums)
{
    struct plain_site site, without;
    int status = plain_site_make(&site, configuration, c, index, replicate);
    const bool paired = c->parameters.run.counterfactual && site.worker_count > 0;
    without = site; /* the same people and no link workers */
    without.worker_count = 0;
    without.persons = NULL;
    if (status == 0 && paired) {
        const size_t bytes = (size_t)site.person_count * sizeof *site.persons;
        without.persons = malloc(bytes);
        status =
            without.persons == NULL ? error_set(ERROR_MEMORY, "no memory for a counterfactual") : 0;
        if (status == 0) {
            memcpy(without.persons, site.persons, bytes);
        }
    }
    while (status == 0 && site.week < c->parameters.run.weeks - 1) {
        step(&site);
    }
    while (status == 0 && paired && without.week < c->parameters.run.weeks - 1) {
        step(&without);
    }
    if (status == 0) {
        add_up(&site, sums);
        sums->patient_weeks += site.patient_weeks + (paired ? without.patient_weeks : 0.0);
    }
    free(without.persons);
    plain_site_free(&site);
    return status;
}
