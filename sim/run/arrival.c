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
#include "base/vector.h"
#include "mechanisms/between.h"
#include "mechanisms/consultation.h"
#include "mechanisms/life.h"
#include "run/population.h"
#include "state/indices.h"

#include <math.h>

enum { LANES = RANDOM_LANES, HALF = 32, PAST_BLOCKS = 2 * HALF / 4 };

void arrival_remember(struct patients *p, size_t i, uint64_t past, bool now)
{
    p->consultation_history[i] = (past << 1) | (uint64_t)now;
    p->consultations_before_offer[i] = __builtin_popcountll(past & ((1ULL << WINDOW_WEEKS) - 1));
    p->consulted[i] = now;
    p->consultations[i] = now;
}

void arrival_schedule(const struct site *site, struct arrival *arrivals, int32_t first, int count,
                      const double *const *given)
{
    const struct parameters *k = &site->coefficients->parameters;
    int32_t persons[LANES];
    random_words words[1];
    for (int n = 0; n < LANES; n++) {
        persons[n] = first + n;
    }
    random_make(words, 1, &site->key, persons, NULL, LANES, PURPOSE_ARRIVAL);
    for (int n = 0; n < count; n++) {
        const double u = ((double)words[0][0][n] + 0.5) * 0x1p-32;
        const double *line = given != NULL ? given[n] : NULL;
        arrivals[n] = (struct arrival){.week = (int32_t)(u * k->population.arrival_weeks),
                                       .person = persons[n],
                                       .by_gp = random_unit(words[0][1][n]) <
                                                (float)k->population.gp_referral_share};
        if (line != NULL && !isnan(line[POPULATION_FIELD_first_offer_week])) {
            arrivals[n].week = (int32_t)line[POPULATION_FIELD_first_offer_week];
        }
        if (line != NULL && !isnan(line[POPULATION_FIELD_gp_referral])) {
            arrivals[n].by_gp = line[POPULATION_FIELD_gp_referral] > 0.5;
        }
    }
}

static bool is_later(const struct arrival *a, const struct arrival *b)
{
    return a->week > b->week || (a->week == b->week && a->person > b->person);
}

void arrival_order(const struct arrival *arrivals, size_t count, int weeks, size_t *starts,
                   size_t *order)
{
    memset(starts, 0, ((size_t)weeks + 1) * sizeof *starts);
    for (size_t n = 0; n < count; n++) {
        starts[arrivals[n].week + 1]++;
    }
    for (int week = 0; week < weeks; week++) {
        starts[week + 1] += starts[week];
    }
    for (size_t n = 0; n < count; n++) { /* starts[week] moves on to where the next one goes */
        order[starts[arrivals[n].week]++] = n;
    }
    for (size_t n = 1; n < count; n++) {
        const size_t moved = order[n];
        size_t to = n;
        for (; to > 0 && is_later(&arrivals[order[to - 1]], &arrivals[moved]); to--) {
            order[to] = order[to - 1];
        }
        order[to] = moved;
    }
}

VECTOR_LOOP
static void consulting(const struct coefficients *c, const struct patients *p, size_t first,
                       float *restrict probability, int count)
{
    const float stress_effect = (float)c->parameters.gp.stress_effect;
    const float *restrict rate = &p->consultation_rate[first], *restrict stress = &p->stress[first];
#pragma omp simd
    for (int i = 0; i < count; i++) {
        probability[i] = consultation_probability(rate[i], stress_effect, stress[i], 0.0f);
    }
}

/* Another week of the past: a bit more for those who have that many weeks before the offer. */
VECTOR_LOOP
static void draw_past_week(uint32_t *restrict bits, const uint32_t *restrict words,
                           const float *restrict probability, const int32_t *restrict weeks,
                           int week)
{
#pragma omp simd
    for (int i = 0; i < LANES; i++) {
        const uint32_t consulted = random_unit(words[i]) < probability[i];
        const uint32_t longer = bits[i] * 2 + consulted;
        bits[i] = week < weeks[i] ? longer : bits[i];
    }
}

/* Consultations in up to 64 weeks before the offer, the last week's in bit 0. */
static void draw_pasts(const struct site *site, const struct arrival *arrivals, int count,
                       const float *probability, uint64_t *past)
{
    int32_t persons[LANES] = {0}, weeks[LANES] = {0};
    uint32_t early[LANES] = {0}, late[LANES] = {0};
    random_words words[PAST_BLOCKS];
    for (int n = 0; n < count; n++) {
        persons[n] = arrivals[n].person;
        weeks[n] = arrivals[n].week < 2 * HALF ? arrivals[n].week : 2 * HALF;
    }
    random_make(words, PAST_BLOCKS, &site->key, persons, NULL, LANES, PURPOSE_PAST);
    for (int week = 0; week < 2 * HALF; week++) {
        draw_past_week(week < HALF ? early : late, words[week / 4][week % 4], probability, weeks,
                       week);
    }
    for (int n = 0; n < count; n++) {
        const int shift = weeks[n] > HALF ? weeks[n] - HALF : 0;
        past[n] = ((uint64_t)early[n] << shift) | (uint64_t)late[n];
    }
}

/* Step 1 of the week of the offer. */
static void live_through_events(const struct site *site, struct patients *p, size_t first,
                                int count, const struct arrival *arrivals, random_words week)
{
    const struct coefficients *c = site->coefficients;
    const float hazard = (float)c->parameters.events.life_event_hazard;
    for (int n = 0; n < count; n++) {
        const size_t i = first + (size_t)n;
        const float u = random_unit(week[DRAW_LIFE][n]);
        if (u < hazard) {
            life_event_apply(site, arrivals[n].person, arrivals[n].week, p->need, p->stress, i);
        }
        if (second_happens(u, hazard, p->health_decline[i])) {
            health_decline_apply(c, &p->barrier[BARRIER_HEALTH][i]);
        }
    }
    life_ease(c, p, first, count);
}

void arrival_settle(const struct site *site, struct patients *p, size_t first, int count,
                    const struct arrival *arrivals)
{
    int32_t persons[LANES] = {0}, weeks[LANES] = {0};
    float probability[LANES] = {0.0f};
    uint64_t past[LANES];
    random_words week[1];
    for (int n = 0; n < count; n++) {
        persons[n] = arrivals[n].person;
        weeks[n] = arrivals[n].week;
    }
    consulting(site->coefficients, p, first, probability, count);
    draw_pasts(site, arrivals, count, probability, past);
    random_make(week, 1, &site->key, persons, weeks, LANES, PURPOSE_WEEK);
    live_through_events(site, p, first, count, arrivals, week[0]);
    consulting(site->coefficients, p, first, probability, count);
    for (int n = 0; n < count; n++) {
        const bool now = random_unit(week[0][DRAW_CONSULTATION][n]) < probability[n];
        arrival_remember(p, first + (size_t)n, past[n], now);
    }
}
