/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Connecting to local support (step 5) - RD2, RD3, RD4
 *
 * Every week, with an open suggestion, engaged or tapering; in the order of rows:
 *
 *   attempt    logistic(c_0 + c_R R + c_acc [RD4] T + c_C C)
 *   barriers   passes k if u_k >= gate_{format,k} B_k, where u_k is drawn once per suggestion: what
 *              stopped a patient stops her again until the barrier itself has eased
 *              (B_transport scaled by reach, B_language by 1 - language support)
 *   groups     then u_g >= gate_g aversion (1 - [RD3] accompanied support)
 *              accompanied: the link worker has accompany_minutes left this week and a draw (anew at
 *              each attempt) succeeds; the minutes come from spare time, then from community time
 *   place      then a free one; the first check that fails is the reason
 *   failure    H falls by failure_hope_loss, C by failure_confidence_loss; after
 *              failed_attempts_limit the suggestion is dropped and counts as exhausted
 *   success    connected, one place taken
 *
 * Then, for anyone without support, on or off the books:
 *
 *   own        h_own [RD2] min(options, saturation) / saturation M Q: support for the largest need;
 *              an open suggestion ends; engaged becomes connected, tapering stays
 *
 * RD2 hearing options leads to seeking one's own; RD3 being accompanied helps over the threshold of
 * a group; RD4 not wanting to let the link worker down makes patients act.
 *
 * draws   PURPOSE_ATTEMPT, PURPOSE_BARRIERS (number of the suggestion), DRAW_SUPPORT
 * source  Tierney et al. 2024, readiness and social determinants; gates assumed, level calibrated to
 *         connected given referral (42 %)
 */
#include "mechanisms/mechanisms.h"
#include "mechanisms/session.h"
#include "state/indices.h"

static bool goes_along(struct site *site, size_t i, float u)
{
    const struct parameters *k = &site->coefficients->parameters;
    struct link_worker *worker = &site->link_workers[site->patients.link_worker[i]];
    const double minutes = k->connect.accompany_minutes;
    const bool willing = u < (float)k->connect.accompany_probability;
    if (!willing || !link_worker_is_in_post(worker) ||
        worker->spare + worker->community < minutes) {
        return false;
    }
    const double from_spare = worker->spare < minutes ? worker->spare : minutes;
    worker->spare -= from_spare;
    worker->community -= minutes - from_spare;
    worker->accompanying += minutes;
    events_of(site, i)->accompanied++;
    return true;
}

/* The first check that an attempt fails; REASON_COUNT if it passes them all. */
static int first_obstacle(struct site *site, size_t i, float u_accompanied)
{
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    struct patients *p = &site->patients;
    const struct vcse_service *service = &site->services[p->suggestion[i]];
    struct random_stream hidden = random_open(&site->key, (uint32_t)p->person[i],
                                              (uint32_t)p->suggestions_made[i], PURPOSE_BARRIERS);
    for (int b = 0; b < BARRIER_COUNT; b++) {
        const float gate = c->gate[service->format][b] * barrier_at_service(p, service, b, i);
        if (random_uniform(&hidden) < gate) {
            return b;
        }
    }
    if (service->format == FORMAT_GROUP) {
        const float support = (float)(k->connect.accompany_support * k->mechanisms.RD3);
        const float eased = goes_along(site, i, u_accompanied) ? clip01(1.0f - support) : 1.0f;
        if (random_uniform(&hidden) < c->gate_aversion * p->group_aversion[i] * eased) {
            return REASON_AVERSION;
        }
    }
    return service->taken < service->places ? REASON_COUNT : REASON_NO_PLACE;
}

static void fail(struct site *site, size_t i, int reason)
{
    const struct parameters *k = &site->coefficients->parameters;
    struct patients *p = &site->patients;
    events_of(site, i)->failed[reason]++;
    p->last_obstacle[i] = reason;
    p->hope[i] = fall(p->hope[i], (float)k->connect.failure_hope_loss);
    p->confidence[i] = fall(p->confidence[i], (float)k->connect.failure_confidence_loss);
    if (++p->failed_attempts[i] >= k->connect.failed_attempts_limit) {
        site_count_try(site, i, p->suggestion[i]);
        p->suggestion[i] = NOTHING;
    }
}

static void become_connected(struct site *site, size_t i)
{
    site_set_status(site, i, STATUS_CONNECTED);
    site->patients.connected_week[i] = site->week;
    site->patients.held[i] = 0;
}

static void connect(struct site *site, size_t i)
{
    struct patients *p = &site->patients;
    const int s = p->suggestion[i];
    struct vcse_service *service = &site->services[s];
    site_leave_support(site, i); /* of an earlier episode, if there is one */
    service->taken++;
    p->support_place[i] = s;
    p->support_domain[i] = service->domain;
    p->support_social[i] = service->format == FORMAT_GROUP
                               ? 1.0f
                               : (float)site->coefficients->parameters.support.social_value_other;
    p->suggestion[i] = NOTHING;
    events_of(site, i)->connections_format[service->format]++;
    events_of(site, i)->connections_domain[service->domain]++;
    p->ever_group[i] |= service->format == FORMAT_GROUP;
    if (p->link_connection_week[i] == NEVER) {
        p->link_connection_week[i] = site->week;
        p->sessions_at_connection[i] = p->sessions[i];
    }
    become_connected(site, i);
}

static void attempt(struct site *site, size_t i, float u_attempt, float u_accompanied)
{
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    struct patients *p = &site->patients;
    events_of(site, i)->open_weeks++;
    const float x = (float)k->connect.attempt_intercept +
                    (float)k->connect.attempt_readiness * readiness(c, p, i) +
                    (float)(k->connect.attempt_accountability * k->mechanisms.RD4) * p->trust[i] +
                    (float)k->connect.attempt_confidence * p->confidence[i];
    if (u_attempt >= logistic(x)) {
        return;
    }
    events_of(site, i)->attempts++;
    p->attempts[i]++;
    const int obstacle = first_obstacle(site, i, u_accompanied);
    if (obstacle == REASON_COUNT) {
        connect(site, i);
    } else {
        fail(site, i, obstacle);
    }
}

/* What a draw leaves open, a multiple of 2^-24 / chance, decides whether the support found is attended. */
VECTOR_LOOP
static int flag_own_support(struct site *site)
{
    const struct parameters *k = &site->coefficients->parameters;
    const struct patients *p = &site->patients;
    const int n = (int)site->offered, whole = whole_vectors(n);
    const int saturation = k->suggestion.options_saturation;
    const float hazard =
        (float)(k->suggestion.own_support_hazard * k->mechanisms.RD2 / (double)saturation);
    const struct capacity_weights weights = capacity_weights(site->coefficients);
    const float *restrict b0 = p->barrier[0], *restrict b1 = p->barrier[1];
    const float *restrict b2 = p->barrier[2], *restrict b3 = p->barrier[3];
    const float *restrict b4 = p->barrier[4], *restrict b5 = p->barrier[5];
    const float *restrict stress = p->stress, *restrict motivation = p->motivation;
    float *restrict u = p->draw[DRAW_SUPPORT];
    const int32_t *restrict options = p->options_heard, *restrict domain = p->support_domain;
    int32_t *restrict event = p->event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < whole; i++) {
        const float able =
            capacity_of(&weights, stress[i], b0[i], b1[i], b2[i], b3[i], b4[i], b5[i]);
        const int32_t heard = options[i] < saturation ? options[i] : saturation;
        const float chance = clip01(hazard * (float)heard * motivation[i] * able);
        const int32_t finds = (i < n) & (domain[i] == NOTHING) & (u[i] < chance);
        u[i] /= finds ? chance : 1.0f;
        event[i] = finds;
        any |= finds;
    }
    return any;
}

static void find_own_support(struct site *site, size_t i)
{
    struct patients *p = &site->patients;
    p->support_domain[i] = largest_need(p, i);
    p->support_social[i] = (float)site->coefficients->parameters.support.social_value_other;
    p->suggestion[i] = NOTHING;
    if (p->own_connection_week[i] == NEVER) {
        p->own_connection_week[i] = site->week;
    }
    if (p->status[i] == STATUS_ENGAGED) {
        become_connected(site, i);
    }
}

/* At most RANDOM_LANES rows, whose draws are made together. */
static void attempt_batch(struct site *site, const int32_t *rows, int count)
{
    const struct patients *p = &site->patients;
    int32_t persons[RANDOM_LANES] = {0}, weeks[RANDOM_LANES] = {0};
    random_words words[1];
    for (int n = 0; n < count; n++) {
        persons[n] = p->person[rows[n]];
        weeks[n] = p->weeks_open[rows[n]]++;
    }
    random_make(words, 1, &site->key, persons, weeks, count, PURPOSE_ATTEMPT);
    for (int n = 0; n < count; n++) {
        attempt(site, (size_t)rows[n], random_unit(words[0][0][n]), random_unit(words[0][1][n]));
    }
}

/* Flags those with a suggestion open; 0: nobody. */
VECTOR_LOOP
static int flag_open(struct site *site)
{
    const int n = (int)site->offered, whole = whole_vectors(n);
    const int32_t *restrict suggestion = site->patients.suggestion;
    int32_t *restrict event = site->patients.event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < whole; i++) {
        event[i] = (i < n) & (suggestion[i] != NOTHING);
        any |= event[i];
    }
    return any;
}

/* In the order of rows. */
static void attempt_suggestions(struct site *site)
{
    const size_t open = site_list_flagged(site, flag_open(site));
    for (size_t first = 0; first < open; first += RANDOM_LANES) {
        const size_t left = open - first;
        attempt_batch(site, &site->flagged[first], left < RANDOM_LANES ? (int)left : RANDOM_LANES);
    }
}

void connection_step(struct site *site)
{
    if (site->link_worker_count == 0) {
        return; /* no suggestion was ever heard */
    }
    attempt_suggestions(site);
    const size_t flagged = site_list_flagged(site, flag_own_support(site));
    for (size_t f = 0; f < flagged; f++) {
        find_own_support(site, (size_t)site->flagged[f]);
    }
}
