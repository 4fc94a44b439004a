/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/one_life.h"

#include "base/inverse.h"
#include "mechanisms/between.h"
#include "mechanisms/consultation.h"
#include "mechanisms/life.h"
#include "run/population.h"
#include "state/indices.h"

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

/* Weeks to the next of what happens in a week with probability 1 - exp(-rate). */
static int32_t weeks_to_next(struct random_stream *stream, float rate)
{
    return weeks_of(random_bits(stream), rate);
}

/* A life before the first offer, brought forward week by week. */
struct latent_life {
    const struct site *site;
    struct patients *p;
    size_t i;
    int32_t person;
    int week; /* the state is that of this week, after events and easing */
    float life_rate, decline_rate;
    int next_life, next_health;
    struct random_stream lives, declines;
    struct resting_weights rest;
    struct random_stream past_draws;
    uint64_t past; /* consultations of the weeks before `week` */
};

/* A weekly probability, kept below 1, and the rate whose probability 1 - exp(-rate) it is. */
static float below_one(float p)
{
    const float most = 1.0f - 0x1p-23f;
    return p < most ? p : most;
}

static float rate_of(float p)
{
    return minus_log_complement(below_one(p));
}

/* Thinning: true with probability p / bound, p being at most the bound. */
static bool accept_candidate(struct random_stream *stream, float bound, float p)
{
    return random_uniform(stream) * bound < p;
}

/* Step 1 of the week. */
static void live_through_events(struct latent_life *life)
{
    const struct coefficients *c = life->site->coefficients;
    const struct parameters *k = &c->parameters;
    struct patients *p = life->p;
    const size_t i = life->i;
    if (life->week == life->next_life) {
        life_event_apply(life->site, life->person, life->week, p->need, p->stress, i);
        life->next_life += 1 + weeks_to_next(&life->lives, life->life_rate);
    }
    if (life->week == life->next_health) {
        p->barrier[BARRIER_HEALTH][i] =
            rise(p->barrier[BARRIER_HEALTH][i], (float)k->events.health_decline_amount);
        life->next_health += 1 + weeks_to_next(&life->declines, life->decline_rate);
    }
    ease(c, p, i);
}

static struct latent_life begin_life(const struct site *site, struct patients *p, size_t i,
                                     int32_t person)
{
    const struct parameters *k = &site->coefficients->parameters;
    struct latent_life life = {.site = site,
                               .p = p,
                               .i = i,
                               .person = person,
                               .life_rate = rate_of((float)k->events.life_event_hazard),
                               .decline_rate = rate_of(p->health_decline[i]),
                               .lives = open_stream(site, person, 0, PURPOSE_LATENT_LIFE),
                               .declines = open_stream(site, person, 0, PURPOSE_LATENT_HEALTH),
                               .rest = resting_weights(site->coefficients),
                               .past_draws = open_stream(site, person, 0, PURPOSE_PAST)};
    life.next_life = weeks_to_next(&life.lives, life.life_rate);
    life.next_health = weeks_to_next(&life.declines, life.decline_rate);
    live_through_events(&life);
    return life;
}

/* Probability that a GP offers at a consultation this week. */
static float offering(const struct latent_life *life)
{
    const struct coefficients *c = life->site->coefficients;
    const struct parameters *k = &c->parameters;
    const float severe = severity(c, life->p, life->i);
    const float adoption = life->site->practices[life->p->practice[life->i]].adoption;
    return severe >= (float)k->gp.minimum_severity
               ? clip01((float)k->gp.offer_base * adoption * severe)
               : 0.0f;
}

static bool consulted_without_offer(struct latent_life *life)
{
    const float p =
        consulting(life->site->coefficients, life->p, life->i, life->p->stress[life->i]);
    const float q = offering(life);
    return random_chance(&life->past_draws, p * (1.0f - q) / (1.0f - p * q));
}

/* From this week's step 2 to the next week's. */
static void live_one_week(struct latent_life *life)
{
    struct patients *p = life->p;
    const size_t i = life->i;
    const struct resting_weights *rest = &life->rest;
    life->past = (life->past << 1) | (uint64_t)consulted_without_offer(life);
    float barriers = 0.0f;
    for (int b = 0; b < BARRIER_COUNT; b++) {
        barriers += p->barrier[b][i];
    }
    const float severe = severity_of_values(rest->severity_weight, p->need[0][i], p->need[1][i],
                                            p->need[2][i], p->need[3][i], p->need[4][i]);
    const float s = resting_stress(rest, severe, barriers, p->isolation[i], p->coping[i]);
    const float m =
        resting_motivation(rest, p->hope[i], p->confidence[i], p->clarity[i], p->stress[i]);
    const float l = resting_isolation(rest, p->need[NEED_SOCIAL][i], p->need[NEED_RELATIONSHIPS][i],
                                      p->ties[i]);
    p->stress[i] += rest->stress_rate * (s - p->stress[i]);
    p->motivation[i] += rest->motivation_rate * (m - p->motivation[i]);
    p->isolation[i] += rest->isolation_rate * (l - p->isolation[i]);
    life->week++;
    live_through_events(life);
}

bool one_life(const struct site *site, struct patients *p, size_t i, int32_t person,
              struct arrival *arrival, bool *has_candidate)
{
    const double *given = NULL;
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    p->person[i] = person;
    (void)population_draw_one(site, p, i, 0, given);
    const float most_consulting = consulting(c, p, i, 1.0f);
    const float most_offering =
        clip01((float)k->gp.offer_base * site->practices[p->practice[i]].adoption);
    const float gp_bound = below_one(most_consulting * most_offering);
    const float other_bound = below_one((float)k->gp.other_route_hazard);
    struct random_stream gp = open_stream(site, person, 0, PURPOSE_LATENT_GP);
    struct random_stream other = open_stream(site, person, 0, PURPOSE_LATENT_OTHER);
    int by_gp = weeks_to_next(&gp, rate_of(gp_bound));
    int by_other = weeks_to_next(&other, rate_of(other_bound));
    *has_candidate = by_gp < site->weeks || by_other < site->weeks;
    if (!*has_candidate) {
        return false;
    }
    population_draw_states(site, p, i, 1, &given);
    struct latent_life life = begin_life(site, p, i, person);
    for (;;) {
        const int week = by_gp < by_other ? by_gp : by_other;
        if (week >= site->weeks) {
            return false;
        }
        while (life.week < week) {
            live_one_week(&life);
        }
        *arrival = (struct arrival){.week = week, .person = person};
        if (by_gp == week) {
            const float offer = consulting(c, p, i, p->stress[i]) * offering(&life);
            arrival->by_gp = accept_candidate(&gp, gp_bound, offer);
            by_gp += 1 + weeks_to_next(&gp, rate_of(gp_bound));
        }
        bool offered = arrival->by_gp;
        if (by_other == week) {
            offered |= accept_candidate(&other, other_bound,
                                        (float)k->gp.other_route_hazard * severity(c, p, i));
            by_other += 1 + weeks_to_next(&other, rate_of(other_bound));
        }
        if (offered) {
            break;
        }
    }
    const bool now = arrival->by_gp || consulted_without_offer(&life);
    arrival_remember(p, i, life.past, now);
    return true;
}
