/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Before the first offer, registered mode
 *
 * Who is referred emerges: at a consultation with V >= minimum_severity an offer is made with
 * probability offer_base adoption V; if none was made, by another route with other_route_hazard V.
 * The weeks in which an offer could come are drawn ahead under upper bounds of the weekly
 * probabilities (S <= 1, V <= 1), and a candidate week is accepted with the ratio of the true
 * probability to the bound (thinning), which gives exactly the weekly draws in distribution.
 *
 *   1  screening.c leaves out, without making them, people who have no candidate week in the run
 *   2  of the others those are left out whose every candidate week would be refused even at S = 1
 *      and at needs that life events raise and nothing eases (the same draws, so nothing changes)
 *   3  the weeks of the rest are lived together: life events and health declines at their drawn
 *      weeks, easing, S, M and L toward rest; a candidate week is decided when it comes
 *
 * Past consultations are drawn given that they led to no offer:
 *
 *   P(consulted | no offer) = p (1 - q) / (1 - p q)      p consultation, q offer at a consultation
 *
 * draws   PURPOSE_LATENT_GP, _LATENT_OTHER, _LATENT_LIFE, _LATENT_HEALTH, _LIFE_EVENT, _PAST
 * source  20.5 referrals per 1,000 registered a year (Bu et al. 2025), calibrated in configs/pcn.yaml
 */
#include "run/latent.h"

#include "base/error.h"
#include "base/numeric.h"
#include "base/threefry.h"
#include "base/vector.h"
#include "mechanisms/between.h"
#include "mechanisms/consultation.h"
#include "mechanisms/life.h"
#include "run/population.h"
#include "run/screening.h"
#include "state/indices.h"

#include <math.h>

/* Single precision may order two nearly equal sums the wrong way round; a bound stays above. */
static const float MARGIN = 1.0001f;

/* One way by which an offer may come. */
struct route {
    struct random_stream stream;
    double rate; /* of candidate weeks: 1 - exp(-rate) is at least the weekly probability */
    int week;    /* the next candidate */
    float u;     /* what decides it */
};

struct prospect {
    struct route gp, other;
    struct random_stream lives, declines;
    int next_life, next_decline;
    int32_t person;
};

struct emergence {
    struct arrival arrival;
    size_t row;
    float need[NEED_COUNT], barrier[BARRIER_COUNT], stress, motivation, isolation;
    uint64_t past;
    bool consulted; /* in the week of the offer */
};

/* What sixty-four people at a time are looked at with: their draws are made together. */
struct batch {
    int32_t persons[RANDOM_LANES];
    random_words about[1], gp[1], other[1], needs[NEEDS_BLOCKS], lives[1];
};

static void make_batch(struct batch *batch, const struct site *site, int count)
{
    static const int32_t no_week[RANDOM_LANES] = {0};
    const struct random_key *key = &site->key;
    random_make(batch->about, 1, key, batch->persons, no_week, count, PURPOSE_REGISTER);
    random_make(batch->gp, 1, key, batch->persons, no_week, count, PURPOSE_LATENT_GP);
    random_make(batch->other, 1, key, batch->persons, no_week, count, PURPOSE_LATENT_OTHER);
    random_make(batch->needs, NEEDS_BLOCKS, key, batch->persons, no_week, count, PURPOSE_NEEDS);
    random_make(batch->lives, 1, key, batch->persons, no_week, count, PURPOSE_LATENT_LIFE);
}

static struct random_stream open_made(const struct site *site, struct batch *batch, int lane,
                                      enum purpose purpose, random_words *words, int blocks)
{
    return random_open_made(&site->key, (uint32_t)batch->persons[lane], 0, (uint32_t)purpose, words,
                            blocks, lane);
}

static struct random_stream open_stream(const struct site *site, int32_t person, int week,
                                        enum purpose purpose)
{
    return random_open(&site->key, (uint32_t)person, (uint32_t)week, (uint32_t)purpose);
}

/* The rate whose weekly probability 1 - exp(-rate) is p. */
static double rate_of(double p)
{
    return p < 1.0 ? -log1p(-p) : 700.0;
}

/* A rate whose weekly probability is at least p, without a logarithm. */
static double rate_above(double p)
{
    return p < 0.5 ? p / (1.0 - p) : 700.0;
}

static int later(int week, int32_t gap)
{
    return gap < INT32_MAX - 1 - week ? week + 1 + gap : INT32_MAX;
}

static void next_candidate(struct route *route, int week)
{
    route->week = later(week, random_geometric(&route->stream, route->rate));
    route->u = random_uniform(&route->stream);
}

/* Thinning: true with probability p / (1 - exp(-rate)), p being below that bound. */
static bool is_accepted(const struct route *route, float p)
{
    return (double)route->u * -expm1(-route->rate) < (double)p;
}

static float consulting(const struct coefficients *c, const struct patients *p, size_t i,
                        float stress)
{
    return consultation_probability(p->consultation_rate[i], (float)c->parameters.gp.stress_effect,
                                    stress, 0.0f);
}

/* Offer at a consultation: minimum severity, and weight of severity at the practice. */
static float offering(const struct parameters *k, float adoption, float severe)
{
    return severe >= (float)k->gp.minimum_severity
               ? clip01((float)k->gp.offer_base * adoption * severe)
               : 0.0f;
}

static float adoption_of(const struct site *site, const struct patients *p, size_t i)
{
    return site->practices[p->practice[i]].adoption;
}

/* Candidate weeks within the run? Draws what consultations depend on. */
static bool has_candidate(const struct site *site, struct patients *p, size_t i,
                          struct prospect *prospect, struct batch *batch, int lane,
                          const double *given)
{
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    struct random_stream about = open_made(site, batch, lane, PURPOSE_REGISTER, batch->about, 1);
    p->person[i] = prospect->person;
    population_take_register(site, p, i, &about, given);
    const float most_consulting = consulting(c, p, i, 1.0f);
    const float most_offering = clip01((float)k->gp.offer_base * adoption_of(site, p, i));
    prospect->gp =
        (struct route){.stream = open_made(site, batch, lane, PURPOSE_LATENT_GP, batch->gp, 1),
                       .rate = rate_above((double)most_consulting * (double)most_offering)};
    prospect->other = (struct route){
        .stream = open_made(site, batch, lane, PURPOSE_LATENT_OTHER, batch->other, 1),
        .rate = rate_above(k->gp.other_route_hazard)};
    next_candidate(&prospect->gp, -1);
    next_candidate(&prospect->other, -1);
    return prospect->gp.week < site->weeks || prospect->other.week < site->weeks;
}

/* What needs can at most have become by a week: as at the start, raised by every life event since. */
struct ceiling {
    float need[NEED_COUNT];
    struct random_stream lives;
    int next_life;
};

static float highest_severity(const struct site *site, struct ceiling *ceiling, int32_t person,
                              int week)
{
    const struct coefficients *c = site->coefficients;
    float *columns[NEED_COUNT], stress = 0.0f;
    for (int d = 0; d < NEED_COUNT; d++) {
        columns[d] = &ceiling->need[d];
    }
    while (ceiling->next_life <= week) {
        struct random_stream event =
            open_stream(site, person, ceiling->next_life, PURPOSE_LIFE_EVENT);
        life_event_apply(c, &event, columns, &stress, 0);
        ceiling->next_life = later(
            ceiling->next_life,
            random_geometric(&ceiling->lives, rate_of(c->parameters.events.life_event_hazard)));
    }
    return clip01(severity_of(c, columns, 0) * MARGIN);
}

/* Moves on to the first candidate week that might be accepted; false if there is none. */
static bool has_hope(const struct site *site, const struct patients *p, size_t i,
                     struct prospect *prospect)
{
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    const float most_consulting = consulting(c, p, i, 1.0f), adoption = adoption_of(site, p, i);
    struct route *gp = &prospect->gp, *other = &prospect->other;
    struct ceiling ceiling = {.lives = prospect->lives, .next_life = prospect->next_life};
    for (int d = 0; d < NEED_COUNT; d++) {
        ceiling.need[d] = p->need[d][i];
    }
    for (;;) {
        const int week = gp->week < other->week ? gp->week : other->week;
        if (week >= site->weeks) {
            return false;
        }
        const float severe = highest_severity(site, &ceiling, prospect->person, week);
        const float by_gp = most_consulting * offering(k, adoption, severe) * MARGIN;
        const float by_other = (float)k->gp.other_route_hazard * severe * MARGIN;
        if ((gp->week == week && is_accepted(gp, by_gp)) ||
            (other->week == week && is_accepted(other, by_other))) {
            return true;
        }
        if (gp->week == week) {
            next_candidate(gp, week);
        }
        if (other->week == week) {
            next_candidate(other, week);
        }
    }
}

/* Steps 1 and 2: row `count` becomes this person if there is hope. */
static void consider(struct latent *latent, struct batch *batch, int lane, const double *given)
{
    const struct site *site = latent->site;
    const struct parameters *k = &site->coefficients->parameters;
    struct patients *p = &latent->people;
    const size_t i = latent->count;
    struct prospect *prospect = &latent->prospects[i];
    const int32_t person = batch->persons[lane];
    *prospect = (struct prospect){.person = person};
    if (!has_candidate(site, p, i, prospect, batch, lane, given)) {
        return;
    }
    struct random_stream needs =
        open_made(site, batch, lane, PURPOSE_NEEDS, batch->needs, NEEDS_BLOCKS);
    (void)population_take_needs(site, p, i, &needs, given);
    prospect->lives = open_made(site, batch, lane, PURPOSE_LATENT_LIFE, batch->lives, 1);
    prospect->next_life =
        later(-1, random_geometric(&prospect->lives, rate_of(k->events.life_event_hazard)));
    if (!has_hope(site, p, i, prospect)) {
        return;
    }
    prospect->declines = open_stream(site, person, 0, PURPOSE_LATENT_HEALTH);
    prospect->next_decline =
        later(-1, random_geometric(&prospect->declines, rate_of((double)p->health_decline[i])));
    population_draw_state(site, p, i, given);
    latent->count++;
}

/* The first week in which something happens to this person alone. */
static int next_stop(const struct prospect *prospect)
{
    const int offer =
        prospect->gp.week < prospect->other.week ? prospect->gp.week : prospect->other.week;
    const int event =
        prospect->next_life < prospect->next_decline ? prospect->next_life : prospect->next_decline;
    return offer < event ? offer : event;
}

/* Step 1 of the week for one person: events. */
static void live_through_events(struct latent *latent, size_t i, int week)
{
    const struct coefficients *c = latent->site->coefficients;
    const struct parameters *k = &c->parameters;
    struct patients *p = &latent->people;
    struct prospect *prospect = &latent->prospects[i];
    if (week == prospect->next_life) {
        struct random_stream event =
            open_stream(latent->site, prospect->person, week, PURPOSE_LIFE_EVENT);
        life_event_apply(c, &event, p->need, p->stress, i);
        prospect->next_life =
            later(week, random_geometric(&prospect->lives, rate_of(k->events.life_event_hazard)));
    }
    if (week == prospect->next_decline) {
        p->barrier[BARRIER_HEALTH][i] =
            rise(p->barrier[BARRIER_HEALTH][i], (float)k->events.health_decline_amount);
        prospect->next_decline = later(
            week, random_geometric(&prospect->declines, rate_of((double)p->health_decline[i])));
    }
}

VECTOR_LOOP
static void ease(float *restrict column, float easing, int n)
{
#pragma omp simd
    for (int i = 0; i < n; i++) {
        column[i] -= easing * column[i];
    }
}

/* The draws of the past, four weeks at a time. */
VECTOR_LOOP
static void draw_past(const struct random_key *key, struct patients *p, uint32_t block, int n)
{
    const uint32_t seed = key->seed, replicate = key->replicate, site = key->site;
    const int32_t *restrict person = p->person;
    float *restrict u0 = p->draw[0], *restrict u1 = p->draw[1];
    float *restrict u2 = p->draw[2], *restrict u3 = p->draw[3];
#pragma omp simd
    for (int i = 0; i < n; i++) {
        const struct threefry_words words =
            threefry((uint32_t)person[i], 0, PURPOSE_PAST, block, seed, replicate, site, 0);
        u0[i] = random_unit(words.a);
        u1[i] = random_unit(words.b);
        u2[i] = random_unit(words.c);
        u3[i] = random_unit(words.d);
    }
}

/* Whether each consulted this week, given that it led to no offer. */
VECTOR_LOOP
static void consult(const struct site *site, struct patients *p, const struct resting_weights *rest,
                    const float *restrict u, int n)
{
    const struct parameters *k = &site->coefficients->parameters;
    const float stress_effect = (float)k->gp.stress_effect;
    const float minimum = (float)k->gp.minimum_severity;
    const struct resting_weights weights = *rest;
    const float *restrict rate = p->consultation_rate, *restrict stress = p->stress;
    const float *restrict most_offering = p->anchor;
    const float *restrict n0 = p->need[0], *restrict n1 = p->need[1], *restrict n2 = p->need[2];
    const float *restrict n3 = p->need[3], *restrict n4 = p->need[4];
    int32_t *restrict consulted = p->consulted;
#pragma omp simd
    for (int i = 0; i < n; i++) {
        const float severe = severity_of_needs(&weights, n0[i], n1[i], n2[i], n3[i], n4[i]);
        const float c = consultation_probability(rate[i], stress_effect, stress[i], 0.0f);
        const float offer = clip01(most_offering[i] * severe);
        const float q = severe >= minimum ? offer : 0.0f;
        consulted[i] = u[i] < c * (1.0f - q) / (1.0f - c * q);
    }
}

VECTOR_LOOP
static void remember(struct patients *p, int n)
{
    const int32_t *restrict consulted = p->consulted;
    uint64_t *restrict history = p->consultation_history;
#pragma omp simd
    for (int i = 0; i < n; i++) {
        history[i] = (history[i] << 1) | (uint64_t)consulted[i];
    }
}

/* Stress, motivation and isolation toward rest (between.c), nobody being anyone's anchor. */
VECTOR_LOOP
static void move_to_rest(struct patients *p, const struct resting_weights *rest, int n)
{
    const struct resting_weights w = *rest;
    const float *restrict n0 = p->need[0], *restrict n1 = p->need[1], *restrict n2 = p->need[2];
    const float *restrict n3 = p->need[3], *restrict n4 = p->need[4];
    const float *restrict b0 = p->barrier[0], *restrict b1 = p->barrier[1];
    const float *restrict b2 = p->barrier[2], *restrict b3 = p->barrier[3];
    const float *restrict b4 = p->barrier[4], *restrict b5 = p->barrier[5];
    const float *restrict hope = p->hope, *restrict confidence = p->confidence;
    const float *restrict clarity = p->clarity, *restrict coping = p->coping;
    const float *restrict ties = p->ties;
    float *restrict stress = p->stress, *restrict motivation = p->motivation;
    float *restrict isolation = p->isolation;
#pragma omp simd
    for (int i = 0; i < n; i++) {
        const float barriers = b0[i] + b1[i] + b2[i] + b3[i] + b4[i] + b5[i];
        const float severe = severity_of_needs(&w, n0[i], n1[i], n2[i], n3[i], n4[i]);
        const float s = resting_stress(&w, severe, barriers, isolation[i], coping[i]);
        const float m = resting_motivation(&w, hope[i], confidence[i], clarity[i], stress[i]);
        const float l = resting_isolation(&w, n2[i], n3[i], ties[i]);
        stress[i] += w.stress_rate * (s - stress[i]);
        motivation[i] += w.motivation_rate * (m - motivation[i]);
        isolation[i] += w.isolation_rate * (l - isolation[i]);
    }
}

/* Is there an offer in this candidate week, and by whom? */
static bool decide(struct latent *latent, size_t i, int week, struct arrival *arrival)
{
    const struct site *site = latent->site;
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    const struct patients *p = &latent->people;
    struct route *gp = &latent->prospects[i].gp, *other = &latent->prospects[i].other;
    const float severe = severity(c, p, i);
    *arrival = (struct arrival){.week = week, .person = latent->prospects[i].person};
    bool offered = false;
    if (gp->week == week) {
        arrival->by_gp = is_accepted(gp, consulting(c, p, i, p->stress[i]) *
                                             offering(k, adoption_of(site, p, i), severe));
        offered = arrival->by_gp;
        next_candidate(gp, week);
    }
    if (other->week == week) {
        offered |= is_accepted(other, (float)k->gp.other_route_hazard * severe);
        next_candidate(other, week);
    }
    return offered;
}

static void emerge(struct latent *latent, size_t i, const struct arrival *arrival)
{
    const struct patients *p = &latent->people;
    struct emergence *e = &latent->emergences[latent->emerged++];
    *e = (struct emergence){.arrival = *arrival,
                            .row = i,
                            .stress = p->stress[i],
                            .motivation = p->motivation[i],
                            .isolation = p->isolation[i],
                            .past = p->consultation_history[i],
                            .consulted = arrival->by_gp || p->consulted[i] != 0};
    for (int d = 0; d < NEED_COUNT; d++) {
        e->need[d] = p->need[d][i];
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        e->barrier[b] = p->barrier[b][i];
    }
}

/* The people to whom something happens alone, by week: a chain of rows for each. */
struct calendar {
    int32_t *first; /* [week], -1: nobody */
    int32_t *next;  /* [row] */
    uint64_t *rows; /* those of the week at hand, ascending */
    int weeks;
};

static void enter(struct calendar *calendar, int32_t row, int week)
{
    if (week < calendar->weeks) {
        calendar->next[row] = calendar->first[week];
        calendar->first[week] = row;
    }
}

static size_t open_page(struct calendar *calendar, int week)
{
    size_t n = 0;
    for (int32_t row = calendar->first[week]; row >= 0; row = calendar->next[row]) {
        calendar->rows[n++] = (uint64_t)row;
    }
    site_sort(calendar->rows, n);
    return n;
}

/* One week of everybody; in the order of rows, so that emergences need no sorting. */
static void live_one_week(struct latent *latent, int week, const struct resting_weights *rest,
                          struct calendar *calendar)
{
    const struct coefficients *c = latent->site->coefficients;
    struct patients *p = &latent->people;
    const int n = (int)latent->count;
    const size_t stops = open_page(calendar, week);
    for (size_t s = 0; s < stops; s++) {
        live_through_events(latent, (size_t)calendar->rows[s], week);
    }
    for (int d = 0; d < NEED_COUNT; d++) {
        ease(p->need[d], c->need_easing[d], n);
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        ease(p->barrier[b], c->barrier_easing[b], n);
    }
    if (week % 4 == 0) {
        draw_past(&latent->site->key, p, (uint32_t)week / 4, n);
    }
    consult(latent->site, p, rest, p->draw[week % 4], n);
    for (size_t s = 0; s < stops; s++) {
        const size_t i = (size_t)calendar->rows[s];
        const struct prospect *prospect = &latent->prospects[i];
        struct arrival arrival;
        if ((prospect->gp.week == week || prospect->other.week == week) &&
            decide(latent, i, week, &arrival)) {
            emerge(latent, i, &arrival);
        } else {
            enter(calendar, (int32_t)i, next_stop(prospect));
        }
    }
    remember(p, n);
    move_to_rest(p, rest, n);
}

/* Room for more people; their rows so far are copied. */
static int make_room(struct latent *latent, struct arena *arena, size_t room)
{
    const struct patients old = latent->people;
    const struct prospect *prospects = latent->prospects;
    latent->prospects = arena_take(arena, room * sizeof *latent->prospects);
    if (latent->prospects == NULL) {
        return error_set(ERROR_MEMORY, "no memory for %zu people on the list", room);
    }
    const int status = patients_init(&latent->people, arena, room);
    for (size_t i = 0; status == 0 && i < latent->count; i++) {
        patients_copy_person(&latent->people, i, &old, i);
        latent->prospects[i] = prospects[i];
    }
    return status;
}

/* Steps 1 and 2 for everybody on the list. */
static int find_prospects(struct latent *latent, struct arena *arena, const double *const *lines)
{
    int status = 0;
    const struct site *site = latent->site;
    int32_t *persons = arena_take(arena, (site->population + 1) * sizeof *persons);
    if (persons == NULL) {
        FAIL(ERROR_MEMORY, "no memory for a list of %zu people", site->population);
    }
    const size_t kept = lines == NULL ? screening_candidates(site, persons) : site->population;
    TRY(make_room(latent, arena, kept / 2 + RANDOM_LANES));
    struct batch batch = {0};
    for (size_t first = 0; first < kept; first += RANDOM_LANES) {
        const int count = kept - first < RANDOM_LANES ? (int)(kept - first) : RANDOM_LANES;
        for (int lane = 0; lane < count; lane++) {
            const size_t n = first + (size_t)lane;
            batch.persons[lane] = lines == NULL ? persons[n] : (int32_t)n;
        }
        make_batch(&batch, site, count);
        if (latent->count + RANDOM_LANES > latent->people.count) {
            TRY(make_room(latent, arena, 2 * latent->count + RANDOM_LANES));
        }
        for (int lane = 0; lane < count; lane++) {
            consider(latent, &batch, lane, lines != NULL ? lines[batch.persons[lane]] : NULL);
        }
    }
out:
    return status;
}

static int make_calendar(struct calendar *calendar, struct latent *latent, struct arena *arena)
{
    const size_t weeks = (size_t)latent->site->weeks, rows = latent->count + 1;
    *calendar = (struct calendar){.first = arena_take(arena, weeks * sizeof *calendar->first),
                                  .next = arena_take(arena, rows * sizeof *calendar->next),
                                  .rows = arena_take(arena, rows * sizeof *calendar->rows),
                                  .weeks = latent->site->weeks};
    latent->emergences = arena_take(arena, rows * sizeof *latent->emergences);
    if (calendar->first == NULL || calendar->next == NULL || calendar->rows == NULL ||
        latent->emergences == NULL) {
        return error_set(ERROR_MEMORY, "no memory for %zu people on the list", latent->count);
    }
    for (size_t week = 0; week < weeks; week++) {
        calendar->first[week] = -1;
    }
    return 0;
}

int latent_live(struct latent *latent, struct arena *arena, const struct site *site,
                const double *const *lines)
{
    int status = 0;
    const struct resting_weights rest = resting_weights(site->coefficients);
    *latent = (struct latent){.site = site};
    TRY(find_prospects(latent, arena, lines));
    struct calendar calendar;
    TRY(make_calendar(&calendar, latent, arena));
    for (size_t i = 0; i < latent->count; i++) {
        enter(&calendar, (int32_t)i, next_stop(&latent->prospects[i]));
        latent->people.anchor[i] = (float)site->coefficients->parameters.gp.offer_base *
                                   adoption_of(site, &latent->people, i);
    }
    for (int week = 0; week < site->weeks; week++) {
        live_one_week(latent, week, &rest, &calendar);
    }
out:
    return status;
}

struct arrival latent_settle(const struct latent *latent, size_t n, struct patients *p, size_t i)
{
    const struct emergence *e = &latent->emergences[n];
    patients_copy_person(p, i, &latent->people, e->row);
    p->stress[i] = e->stress;
    p->motivation[i] = e->motivation;
    p->isolation[i] = e->isolation;
    for (int d = 0; d < NEED_COUNT; d++) {
        p->need[d][i] = e->need[d];
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        p->barrier[b][i] = e->barrier[b];
    }
    arrival_remember(p, i, e->past, e->consulted);
    return e->arrival;
}
