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

/* Makes the block that the next word is in, if it is its first. */
static void make_words(const struct site *site, int32_t person, enum purpose purpose,
                       struct words *words)
{
    if (words->used % 4 == 0) {
        const struct random_key *key = &site->key;
        const struct threefry_words made = threefry((uint32_t)person, 0, purpose, words->used / 4,
                                                    key->seed, key->replicate, key->site, 0);
        *words = (struct words){{made.a, made.b, made.c, made.d}, words->used};
    }
}

static struct words taken_from(random_words *made, int lane, uint32_t used)
{
    return (struct words){{made[0][0][lane], made[0][1][lane], made[0][2][lane], made[0][3][lane]},
                          used};
}

float prospects_rate(float p)
{
    return minus_log_complement(p < MOST ? p : MOST);
}

int32_t prospects_next_event(const struct site *site, int32_t person, enum purpose purpose,
                             struct words *words, float rate)
{
    make_words(site, person, purpose, words);
    return 1 + weeks_of(words->made[words->used++ % 4], rate);
}

void prospects_next_candidate(const struct site *site, int32_t person, enum purpose purpose,
                              struct route *route)
{
    struct words *words = &route->words;
    make_words(site, person, purpose, words);
    route->week += 1 + weeks_of(words->made[words->used % 4], route->rate);
    route->u = random_unit(words->made[words->used % 4 + 1]);
    words->used += 2;
}

/* The first candidate week of a route under the bounds. */
VECTOR_LOOP
static void first_candidates(struct route_lanes *route)
{
    const uint32_t *restrict gap = route->words[0][0], *restrict decision = route->words[0][1];
    float *restrict bound = route->bound, *restrict rate = route->rate, *restrict u = route->u;
    int32_t *restrict week = route->week;
#pragma omp simd
    for (int i = 0; i < LANES; i++) {
        bound[i] = bound[i] < MOST ? bound[i] : MOST;
        rate[i] = minus_log_complement(bound[i]);
        week[i] = weeks_of(gap[i], rate[i]);
        u[i] = random_unit(decision[i]);
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
    const struct newcomers *people = &batch->people;
    const float *restrict rate = people->consultation_rate, *restrict adoption = batch->adoption;
    const float *restrict n0 = people->need[0], *restrict n1 = people->need[1];
    const float *restrict n2 = people->need[2], *restrict n3 = people->need[3];
    const float *restrict n4 = people->need[4];
    float *restrict consulting = batch->most_consulting, *restrict severe = batch->severe;
    float *restrict bound = batch->gp.bound;
#pragma omp simd
    for (int i = 0; i < LANES; i++) {
        consulting[i] = consultation_probability(rate[i], stress_effect, 1.0f, 0.0f);
        bound[i] = consulting[i] * clip01(base * adoption[i]);
        severe[i] = clip01(severity_of_values(weight, n0[i], n1[i], n2[i], n3[i], n4[i]) * MARGIN);
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

static struct route route_of(struct route_lanes *route, int lane)
{
    return (struct route){.bound = route->bound[lane],
                          .rate = route->rate[lane],
                          .week = route->week[lane],
                          .u = route->u[lane],
                          .words = taken_from(route->words, lane, 2)};
}

/* What needs can at most have become by a week: as at the start, raised by every life event since. */
struct ceiling {
    float need[NEED_COUNT], severe;
    struct words lives;
    int next_life;
};

static void raise_ceiling(const struct site *site, struct ceiling *ceiling, int32_t person,
                          int week, float life_rate)
{
    float *columns[NEED_COUNT], stress = 0.0f;
    for (int d = 0; d < NEED_COUNT; d++) {
        columns[d] = &ceiling->need[d];
    }
    while (ceiling->next_life <= week) {
        life_event_apply(site, person, ceiling->next_life, columns, &stress, 0);
        ceiling->next_life +=
            prospects_next_event(site, person, PURPOSE_LATENT_LIFE, &ceiling->lives, life_rate);
    }
    ceiling->severe = clip01(severity_of(site->coefficients, columns, 0) * MARGIN);
}

/* Might a candidate in this week be accepted? */
static bool may_be_accepted(const struct site *site, const struct batch *batch, int lane,
                            const struct prospect *prospect, float severe, int week)
{
    const struct parameters *k = &site->coefficients->parameters;
    const struct route *gp = &prospect->gp, *other = &prospect->other;
    const float by_gp =
        batch->most_consulting[lane] * offer_probability(k, batch->adoption[lane], severe) * MARGIN;
    const float by_other = (float)k->gp.other_route_hazard * severe * MARGIN;
    return (gp->week == week && is_accepted(gp, by_gp)) ||
           (other->week == week && is_accepted(other, by_other));
}

/* Moves on to the first candidate week that might be accepted; false if there is none. */
static bool has_hope(const struct site *site, struct batch *batch, int lane,
                     struct prospect *prospect)
{
    const int32_t person = batch->people.person[lane];
    struct route *gp = &prospect->gp, *other = &prospect->other;
    struct ceiling ceiling = {.severe = batch->severe[lane],
                              .lives = taken_from(batch->lives.words, lane, 1),
                              .next_life = batch->lives.week[lane]};
    for (int d = 0; d < NEED_COUNT; d++) {
        ceiling.need[d] = batch->people.need[d][lane];
    }
    for (;;) {
        const int week = gp->week < other->week ? gp->week : other->week;
        if (week >= site->weeks) {
            return false;
        }
        if (may_be_accepted(site, batch, lane, prospect, ceiling.severe, week)) {
            return true;
        }
        if (ceiling.next_life <= week) {
            raise_ceiling(site, &ceiling, person, week, batch->lives.rate[lane]);
            if (may_be_accepted(site, batch, lane, prospect, ceiling.severe, week)) {
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
    *prospect = (struct prospect){.gp = route_of(&batch->gp, lane),
                                  .other = route_of(&batch->other, lane),
                                  .lives = taken_from(batch->lives.words, lane, 1),
                                  .declines = taken_from(batch->declines.words, lane, 1),
                                  .next_life = batch->lives.week[lane],
                                  .next_decline = batch->declines.week[lane],
                                  .decline_rate = batch->declines.rate[lane]};
    return has_hope(site, batch, lane, prospect);
}
