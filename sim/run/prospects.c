/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whom of the list an offer might reach (steps 1 and 2 of the page in latent.c)
 *
 *   bound   of a GP's weekly probability: consulting at S = 1 times offer_base adoption, at V = 1;
 *           of other routes': other_route_hazard
 *   rate    -ln(1 - bound); candidate weeks are the weeks of a process with this rate
 *   hope    there is a candidate week in the run with u bound < the probability at S = 1 and at needs
 *           as at the start, raised by every life event since
 *
 * draws   PURPOSE_LATENT_GP, _LATENT_OTHER (two words a candidate: weeks to it, what decides it),
 *         _LATENT_LIFE, _LATENT_HEALTH (a word an event), _LIFE_EVENT
 */
#include "run/prospects.h"

#include "base/inverse.h"
#include "base/threefry.h"
#include "base/vector.h"
#include "mechanisms/consultation.h"
#include "mechanisms/enrolment.h"
#include "mechanisms/life.h"
#include "state/indices.h"

enum { LANES = RANDOM_LANES };

/* Single precision may order two nearly equal sums the wrong way round; a bound stays above. */
static const float MARGIN = 1.0001f;
static const float MOST = 1.0f - 0x1p-23f; /* of weekly probabilities: rates stay finite */

static struct threefry_words make_words(const struct site *site, int32_t person,
                                        enum purpose purpose, uint32_t block)
{
    const struct random_key *key = &site->key;
    return threefry((uint32_t)person, 0, purpose, block, key->seed, key->replicate, key->site, 0);
}

/* Those of an event after the first one. */
static struct words taken_from(random_words *made, int lane)
{
    return (struct words){{made[0][0][lane], made[0][1][lane], made[0][2][lane], made[0][3][lane]},
                          1};
}

float prospects_rate(float p)
{
    return minus_log_complement(p < MOST ? p : MOST);
}

int32_t prospects_next_event(const struct site *site, int32_t person, enum purpose purpose,
                             struct words *words, float rate)
{
    if (words->used % 4 == 0) {
        const struct threefry_words made = make_words(site, person, purpose, words->used / 4);
        *words = (struct words){{made.a, made.b, made.c, made.d}, words->used};
    }
    return 1 + weeks_of(words->made[words->used++ % 4], rate);
}

void prospects_next_candidate(const struct site *site, int32_t person, enum purpose purpose,
                              struct route *route)
{
    route->candidate++;
    if (route->candidate % 2 != 0) {
        route->week += route->gap;
        route->u = route->second_u;
        return;
    }
    const struct threefry_words made = make_words(site, person, purpose, route->candidate / 2);
    route->week += 1 + weeks_of(made.a, route->rate);
    route->u = random_unit(made.b);
    route->gap = 1 + weeks_of(made.c, route->rate);
    route->second_u = random_unit(made.d);
}

/* The first two candidates of a route under the bounds. */
VECTOR_LOOP
static void first_candidates(struct route_lanes *route)
{
    const uint32_t *restrict w0 = route->words[0][0], *restrict w1 = route->words[0][1];
    const uint32_t *restrict w2 = route->words[0][2], *restrict w3 = route->words[0][3];
    float *restrict bound = route->bound, *restrict rate = route->rate;
    float *restrict u = route->u, *restrict second_u = route->second_u;
    int32_t *restrict week = route->week, *restrict gap = route->gap;
#pragma omp simd
    for (int i = 0; i < LANES; i++) {
        bound[i] = bound[i] < MOST ? bound[i] : MOST;
        rate[i] = minus_log_complement(bound[i]);
        week[i] = weeks_of(w0[i], rate[i]);
        u[i] = random_unit(w1[i]);
        gap[i] = 1 + weeks_of(w2[i], rate[i]);
        second_u[i] = random_unit(w3[i]);
    }
}

/* The first week of life events or health declines; rate holds the weekly probability. */
VECTOR_LOOP
static void first_events(struct event_lanes *events)
{
    const uint32_t *restrict gap = events->words[0][0];
    float *restrict rate = events->rate;
    int32_t *restrict week = events->week;
#pragma omp simd
    for (int i = 0; i < LANES; i++) {
        rate[i] = minus_log_complement(rate[i] < MOST ? rate[i] : MOST);
        week[i] = weeks_of(gap[i], rate[i]);
    }
}

/* At S = 1 and at the needs of the start. */
VECTOR_LOOP
static void highest_probabilities(const struct site *site, struct batch *batch)
{
    const struct parameters *k = &site->coefficients->parameters;
    const float weight = site->coefficients->severity_weight;
    const float stress_effect = (float)k->gp.stress_effect, base = (float)k->gp.offer_base;
    const float hazard = (float)k->gp.other_route_hazard;
    const struct newcomers *people = &batch->people;
    const float *restrict rate = people->consultation_rate, *restrict adoption = batch->adoption;
    const float *restrict n0 = people->need[0], *restrict n1 = people->need[1];
    const float *restrict n2 = people->need[2], *restrict n3 = people->need[3];
    const float *restrict n4 = people->need[4];
    float *restrict consulting = batch->most_consulting, *restrict bound = batch->gp.bound;
    float *restrict by_gp = batch->gp.highest, *restrict by_other = batch->other.highest;
#pragma omp simd
    for (int i = 0; i < LANES; i++) {
        const float severe =
            clip01(severity_of_values(weight, n0[i], n1[i], n2[i], n3[i], n4[i]) * MARGIN);
        consulting[i] = consultation_probability(rate[i], stress_effect, 1.0f, 0.0f);
        bound[i] = consulting[i] * clip01(base * adoption[i]);
        by_gp[i] = consulting[i] * offer_probability(k, adoption[i], severe) * MARGIN;
        by_other[i] = hazard * severe * MARGIN;
    }
}

void prospects_draw(struct batch *batch, const struct site *site)
{
    const struct parameters *k = &site->coefficients->parameters;
    const struct random_key *key = &site->key;
    const int32_t *persons = batch->people.person;
    random_make(batch->gp.words, 1, key, persons, NULL, LANES, PURPOSE_LATENT_GP);
    random_make(batch->other.words, 1, key, persons, NULL, LANES, PURPOSE_LATENT_OTHER);
    random_make(batch->lives.words, 1, key, persons, NULL, LANES, PURPOSE_LATENT_LIFE);
    random_make(batch->declines.words, 1, key, persons, NULL, LANES, PURPOSE_LATENT_HEALTH);
    population_draw(site, &batch->people);
    for (int lane = 0; lane < LANES; lane++) {
        batch->adoption[lane] = site->practices[batch->people.practice[lane]].adoption;
        batch->other.bound[lane] = (float)k->gp.other_route_hazard;
        batch->lives.rate[lane] = (float)k->events.life_event_hazard;
        batch->declines.rate[lane] = batch->people.health_decline[lane];
    }
    highest_probabilities(site, batch);
    first_candidates(&batch->gp);
    first_candidates(&batch->other);
    first_events(&batch->lives);
    first_events(&batch->declines);
}

static void begin_route(struct route *route, const struct route_lanes *lanes, int lane)
{
    route->bound = lanes->bound[lane];
    route->rate = lanes->rate[lane];
    route->week = lanes->week[lane];
    route->u = lanes->u[lane];
    route->gap = lanes->gap[lane];
    route->second_u = lanes->second_u[lane];
    route->candidate = 0;
}

/* What needs and weekly probabilities can at most have become by a week: as at the start, raised by
 * every life event since. */
struct ceiling {
    float need[NEED_COUNT], by_gp, by_other;
    struct words lives;
    int next_life;
};

static void raise_ceiling(const struct site *site, const struct batch *batch, int lane,
                          struct ceiling *ceiling, int week)
{
    const struct parameters *k = &site->coefficients->parameters;
    const int32_t person = batch->people.person[lane];
    float *columns[NEED_COUNT], stress = 0.0f;
    for (int d = 0; d < NEED_COUNT; d++) {
        columns[d] = &ceiling->need[d];
    }
    while (ceiling->next_life <= week) {
        life_event_apply(site, person, ceiling->next_life, columns, &stress, 0);
        ceiling->next_life += prospects_next_event(site, person, PURPOSE_LATENT_LIFE,
                                                   &ceiling->lives, batch->lives.rate[lane]);
    }
    const float severe = clip01(severity_of(site->coefficients, columns, 0) * MARGIN);
    ceiling->by_gp =
        batch->most_consulting[lane] * offer_probability(k, batch->adoption[lane], severe) * MARGIN;
    ceiling->by_other = (float)k->gp.other_route_hazard * severe * MARGIN;
}

/* Might a candidate in this week be accepted? */
static bool may_be_accepted(const struct prospect *prospect, const struct ceiling *ceiling,
                            int week)
{
    const struct route *gp = &prospect->gp, *other = &prospect->other;
    return (gp->week == week && is_accepted(gp, ceiling->by_gp)) ||
           (other->week == week && is_accepted(other, ceiling->by_other));
}

/* Moves on to the first candidate week that might be accepted; false if there is none. */
static bool has_hope(const struct site *site, struct batch *batch, int lane,
                     struct prospect *prospect)
{
    const int32_t person = batch->people.person[lane];
    struct route *gp = &prospect->gp, *other = &prospect->other;
    struct ceiling ceiling = {.by_gp = batch->gp.highest[lane],
                              .by_other = batch->other.highest[lane],
                              .lives = taken_from(batch->lives.words, lane),
                              .next_life = batch->lives.week[lane]};
    for (int d = 0; d < NEED_COUNT; d++) {
        ceiling.need[d] = batch->people.need[d][lane];
    }
    for (;;) {
        const int week = gp->week < other->week ? gp->week : other->week;
        if (week >= site->weeks) {
            return false;
        }
        if (may_be_accepted(prospect, &ceiling, week)) {
            return true;
        }
        if (ceiling.next_life <= week) {
            raise_ceiling(site, batch, lane, &ceiling, week);
            if (may_be_accepted(prospect, &ceiling, week)) {
                return true;
            }
        }
        if (gp->week == week) {
            prospects_next_candidate(site, person, PURPOSE_LATENT_GP, gp);
        }
        if (other->week == week) {
            prospects_next_candidate(site, person, PURPOSE_LATENT_OTHER, other);
        }
    }
}

bool prospects_have_hope(struct batch *batch, const struct site *site, int lane,
                         struct prospect *prospect)
{
    if (batch->gp.week[lane] >= site->weeks && batch->other.week[lane] >= site->weeks) {
        return false;
    }
    begin_route(&prospect->gp, &batch->gp, lane);
    begin_route(&prospect->other, &batch->other, lane);
    prospect->lives = taken_from(batch->lives.words, lane);
    prospect->declines = taken_from(batch->declines.words, lane);
    prospect->next_life = batch->lives.week[lane];
    prospect->next_decline = batch->declines.week[lane];
    prospect->decline_rate = batch->declines.rate[lane];
    return has_hope(site, batch, lane, prospect);
}
