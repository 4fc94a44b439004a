/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Before the first offer, cohort mode
 *
 * Everyone is offered a referral once, in a week drawn evenly over arrival_weeks, by a GP with
 * probability gp_referral_share. Before it people consult at a constant rate; events, easing and
 * fading start in the week of the offer. (Registered mode: latent.c.)
 *
 * draws   PURPOSE_ARRIVAL, _PAST, _LIFE_EVENT, and the words of PURPOSE_WEEK in the week of the offer
 */
#include "run/arrival.h"

#include "base/numeric.h"
#include "mechanisms/between.h"
#include "mechanisms/consultation.h"
#include "mechanisms/life.h"
#include "mechanisms/mechanisms.h"
#include "run/population.h"
#include "state/indices.h"

#include <math.h>

enum { HISTORY_BITS = 64 };

static struct random_stream open_stream(const struct site *site, int32_t person, int week,
                                        enum purpose purpose)
{
    return random_open(&site->key, (uint32_t)person, (uint32_t)week, (uint32_t)purpose);
}

static void ease(const struct coefficients *c, struct patients *p, size_t i)
{
    for (int d = 0; d < NEED_COUNT; d++) {
        p->need[d][i] -= c->need_easing[d] * p->need[d][i];
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        p->barrier[b][i] -= c->barrier_easing[b] * p->barrier[b][i];
    }
}

static float consulting(const struct coefficients *c, const struct patients *p, size_t i,
                        float stress)
{
    return consultation_probability(p->consultation_rate[i], (float)c->parameters.gp.stress_effect,
                                    stress, 0.0f);
}

void arrival_remember(struct patients *p, size_t i, uint64_t past, bool now)
{
    p->consultation_history[i] = (past << 1) | (uint64_t)now;
    p->consultations_before_offer[i] = __builtin_popcountll(past & ((1ULL << WINDOW_WEEKS) - 1));
    p->consulted[i] = now;
    p->consultations[i] = now;
    p->consultations_from_offer[i] = now;
}

struct arrival arrival_scheduled(const struct site *site, int32_t person, const double *given)
{
    const struct parameters *k = &site->coefficients->parameters;
    struct random_stream stream = open_stream(site, person, 0, PURPOSE_ARRIVAL);
    struct arrival arrival = {.person = person};
    arrival.week = (int32_t)(random_open_uniform(&stream) * k->population.arrival_weeks);
    arrival.by_gp = random_chance(&stream, (float)k->population.gp_referral_share);
    if (given != NULL && !isnan(given[POPULATION_FIELD_first_offer_week])) {
        arrival.week = (int32_t)given[POPULATION_FIELD_first_offer_week];
    }
    if (given != NULL && !isnan(given[POPULATION_FIELD_gp_referral])) {
        arrival.by_gp = given[POPULATION_FIELD_gp_referral] > 0.5;
    }
    return arrival;
}

void arrival_settle(const struct site *site, struct patients *p, size_t i,
                    const struct arrival *arrival, struct random_stream *stream)
{
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    const float usual = consulting(c, p, i, p->stress[i]);
    uint64_t past = 0;
    const int weeks = arrival->week < HISTORY_BITS ? arrival->week : HISTORY_BITS;
    for (int w = 0; w < weeks; w++) {
        past = (past << 1) | (uint64_t)random_chance(stream, usual);
    }
    struct random_stream week = open_stream(site, arrival->person, arrival->week, PURPOSE_WEEK);
    const float u_life = random_uniform(&week), u_health = random_uniform(&week);
    if (u_life < (float)k->events.life_event_hazard) {
        struct random_stream event =
            open_stream(site, arrival->person, arrival->week, PURPOSE_LIFE_EVENT);
        life_event_apply(c, &event, p->need, p->stress, i);
    }
    if (u_health < p->health_decline[i]) {
        p->barrier[BARRIER_HEALTH][i] =
            rise(p->barrier[BARRIER_HEALTH][i], (float)k->events.health_decline_amount);
    }
    ease(c, p, i);
    arrival_remember(p, i, past, random_chance(&week, consulting(c, p, i, p->stress[i])));
}
