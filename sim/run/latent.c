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
 *   2  the others are drawn (prospects.c), 64 at a time; those are left out whose every candidate
 *      week would be refused even at S = 1 and at needs that life events raise and nothing eases
 *      (the same draws, so nothing changes); barriers are drawn of the rest
 *   3  the weeks of the rest are lived, a crowd of 256 at a time, which stays in the cache: life
 *      events and health declines at their drawn weeks, easing, S, M and L toward rest; a candidate
 *      week is decided when it comes. Who was offered something, or has no candidate week left,
 *      leaves the crowd.
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
#include "base/threefry.h"
#include "base/vector.h"
#include "mechanisms/between.h"
#include "mechanisms/consultation.h"
#include "mechanisms/enrolment.h"
#include "mechanisms/life.h"
#include "run/population.h"
#include "run/prospects.h"
#include "run/screening.h"
#include "state/indices.h"

enum { LANES = RANDOM_LANES, CROWD = 256 };

struct emergence {
    struct patient person;
    uint64_t consultations; /* the week of the offer in bit 0 */
};

/* The people whose weeks are lived together. */
struct crowd {
    struct patients people;
    struct prospect prospects[CROWD];
    int32_t stop[CROWD]; /* the first week in which something happens to this person alone; NEVER:
                            nobody has the row */
    float severe[CROWD];
    uint32_t early[CROWD], late[CROWD]; /* weeks of consultations: the latest in bit 0 of `late` */
    const double *given[CROWD];
    size_t count;
};

static float adoption_of(const struct site *site, const struct patients *p, size_t i)
{
    return site->practices[p->practice[i]].adoption;
}

static int next_stop(const struct prospect *prospect)
{
    const int offer =
        prospect->gp.week < prospect->other.week ? prospect->gp.week : prospect->other.week;
    const int event =
        prospect->next_life < prospect->next_decline ? prospect->next_life : prospect->next_decline;
    return offer < event ? offer : event;
}

/* Step 2: those of a batch join the crowd for whom there is hope. */
static void join(const struct site *site, struct crowd *crowd, struct batch *batch, int count)
{
    struct patients *p = &crowd->people;
    struct prospect *prospects = &crowd->prospects[crowd->count];
    const float base = (float)site->coefficients->parameters.gp.offer_base;
    int hopeful[LANES], joining = 0;
    for (int lane = 0; lane < count; lane++) {
        if (prospects_have_hope(batch, site, lane, &prospects[joining])) {
            hopeful[joining++] = lane;
        }
    }
    population_keep(&batch->people, hopeful, joining);
    population_draw_barriers(site, &batch->people, joining);
    for (int n = 0; n < joining; n++) {
        const size_t i = crowd->count++;
        population_settle(p, i, &batch->people, n);
        p->anchor[i] = base * adoption_of(site, p, i);
        crowd->early[i] = crowd->late[i] = 0;
        crowd->stop[i] = next_stop(&prospects[n]);
        crowd->given[i] = batch->people.given[n];
    }
}

/* Step 1 of the week for one person: events. */
static void live_through_events(const struct site *site, struct crowd *crowd, size_t i, int week,
                                float life_rate)
{
    struct patients *p = &crowd->people;
    struct prospect *prospect = &crowd->prospects[i];
    const int32_t person = p->person[i];
    if (week == prospect->next_life) {
        life_event_apply(site, person, week, p->need, p->stress, i);
        prospect->next_life +=
            prospects_next_event(site, person, PURPOSE_LATENT_LIFE, &prospect->lives, life_rate);
    }
    if (week == prospect->next_decline) {
        health_decline_apply(site->coefficients, &p->barrier[BARRIER_HEALTH][i]);
        prospect->next_decline += prospects_next_event(site, person, PURPOSE_LATENT_HEALTH,
                                                       &prospect->declines, prospect->decline_rate);
    }
}

/* The draws of the past, four weeks at a time. (Loops over a crowd run over whole vectors: rows that
 * nobody has any more are stepped, too.) */
VECTOR_LOOP
static void draw_past(const struct random_key *key, struct patients *p, uint32_t block, int count)
{
    const int n = whole_vectors(count);
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

/* Severity, the probability of consulting this week, and whether each does, given that it leads to no
 * offer. */
VECTOR_LOOP
static void consult(const struct site *site, struct crowd *crowd, const float *restrict u)
{
    const int n = whole_vectors((int)crowd->count);
    const struct parameters *k = &site->coefficients->parameters;
    const float stress_effect = (float)k->gp.stress_effect;
    const float minimum = (float)k->gp.minimum_severity;
    const float weight = site->coefficients->severity_weight;
    const struct patients *p = &crowd->people;
    const float *restrict rate = p->consultation_rate, *restrict stress = p->stress;
    const float *restrict most_offering = p->anchor;
    const float *restrict n0 = p->need[0], *restrict n1 = p->need[1], *restrict n2 = p->need[2];
    const float *restrict n3 = p->need[3], *restrict n4 = p->need[4];
    float *restrict severe = crowd->severe, *restrict consulting = p->consulting;
    uint32_t *restrict early = crowd->early, *restrict late = crowd->late;
#pragma omp simd
    for (int i = 0; i < n; i++) {
        severe[i] = severity_of_values(weight, n0[i], n1[i], n2[i], n3[i], n4[i]);
        consulting[i] = consultation_probability(rate[i], stress_effect, stress[i], 0.0f);
        const float offer = clip01(most_offering[i] * severe[i]);
        const float q = severe[i] >= minimum ? offer : 0.0f;
        const uint32_t consulted = u[i] < consulting[i] * (1.0f - q) / (1.0f - consulting[i] * q);
        early[i] = (early[i] << 1) | (late[i] >> 31);
        late[i] = (late[i] << 1) | consulted;
    }
}

/* Stress, motivation and isolation toward rest (between.c), nobody being anyone's anchor. */
VECTOR_LOOP
static void move_to_rest(struct crowd *crowd, const struct resting_weights *rest)
{
    const int n = whole_vectors((int)crowd->count);
    const struct resting_weights w = *rest;
    const struct patients *p = &crowd->people;
    const float *restrict severe = crowd->severe;
    const float *restrict n2 = p->need[2], *restrict n3 = p->need[3];
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
        const float s = resting_stress(&w, severe[i], barriers, isolation[i], coping[i]);
        const float m = resting_motivation(&w, hope[i], confidence[i], clarity[i], stress[i]);
        const float l = resting_isolation(&w, n2[i], n3[i], ties[i]);
        stress[i] = toward(stress[i], w.stress_rate, s);
        motivation[i] = toward(motivation[i], w.motivation_rate, m);
        isolation[i] = toward(isolation[i], w.isolation_rate, l);
    }
}

static void emerge(struct latent *latent, const struct crowd *crowd, size_t i, int week, bool by_gp)
{
    const struct patients *p = &crowd->people;
    struct emergence *e = &latent->emergences[latent->emerged];
    latent->arrivals[latent->emerged++] =
        (struct arrival){.week = week, .person = p->person[i], .by_gp = by_gp};
    patients_take(p, i, &e->person);
    e->consultations = ((uint64_t)crowd->early[i] << 32) | crowd->late[i] | by_gp;
}

/* Is there an offer in this candidate week? Then the person emerges. */
static bool decide(struct latent *latent, struct crowd *crowd, size_t i, int week)
{
    const struct site *site = latent->site;
    const struct parameters *k = &site->coefficients->parameters;
    const struct patients *p = &crowd->people;
    const float severe = crowd->severe[i];
    struct route *gp = &crowd->prospects[i].gp, *other = &crowd->prospects[i].other;
    bool by_gp = false, by_other = false;
    if (gp->week == week) {
        const float offering = offer_probability(k, adoption_of(site, p, i), severe);
        by_gp = is_accepted(gp, p->consulting[i] * offering);
        prospects_next_candidate(site, p->person[i], PURPOSE_LATENT_GP, gp);
    }
    if (other->week == week) {
        by_other = is_accepted(other, (float)k->gp.other_route_hazard * severe);
        prospects_next_candidate(site, p->person[i], PURPOSE_LATENT_OTHER, other);
    }
    if (by_gp || by_other) {
        emerge(latent, crowd, i, week, by_gp);
    }
    return by_gp || by_other;
}

/* The last of the crowd takes the place of one who leaves. */
static void leave(struct crowd *crowd, size_t i)
{
    struct patients *p = &crowd->people;
    const size_t last = --crowd->count;
    if (i == last) {
        crowd->stop[i] = NEVER;
        return;
    }
    patients_move(p, i, last);
    p->anchor[i] = p->anchor[last];
    crowd->severe[i] = crowd->severe[last];
    crowd->early[i] = crowd->early[last];
    crowd->late[i] = crowd->late[last];
    for (int week = 0; week < 4; week++) {
        p->draw[week][i] = p->draw[week][last];
    }
    crowd->prospects[i] = crowd->prospects[last];
    crowd->stop[i] = crowd->stop[last];
    crowd->stop[last] = NEVER;
}

VECTOR_LOOP
static void flag_stops(const int32_t *restrict stop, uint8_t *restrict flags, int week)
{
#pragma omp simd
    for (int i = 0; i < CROWD; i++) {
        flags[i] = stop[i] == week;
    }
}

/* Rows to whom something happens alone this week, ascending. */
static size_t find_stops(const struct crowd *crowd, int week, size_t *rows)
{
    size_t stops = 0;
    uint8_t flags[CROWD];
    flag_stops(crowd->stop, flags, week);
    for (size_t i = 0; i < crowd->count; i += 8) {
        uint64_t eight;
        memcpy(&eight, &flags[i], sizeof eight);
        if (eight != 0) {
            for (size_t row = i; row < i + 8; row++) {
                rows[stops] = row;
                stops += flags[row];
            }
        }
    }
    return stops;
}

static void live_one_week(struct latent *latent, struct crowd *crowd, int week,
                          const struct resting_weights *rest, float life_rate)
{
    const struct site *site = latent->site;
    struct patients *p = &crowd->people;
    size_t rows[CROWD + 1];
    const size_t stops = find_stops(crowd, week, rows);
    for (size_t s = 0; s < stops; s++) {
        live_through_events(site, crowd, rows[s], week, life_rate);
    }
    if (week % 4 == 0) {
        draw_past(&site->key, p, (uint32_t)week / 4, (int)crowd->count);
    }
    life_ease(site->coefficients, p, 0, (int)crowd->count);
    consult(site, crowd, p->draw[week % 4]);
    for (size_t s = stops; s-- > 0;) { /* from the last on: rows after it are done */
        const size_t i = rows[s];
        struct prospect *prospect = &crowd->prospects[i];
        bool leaves = false;
        if (prospect->gp.week == week || prospect->other.week == week) {
            leaves = decide(latent, crowd, i, week) ||
                     (prospect->gp.week >= site->weeks && prospect->other.week >= site->weeks);
        }
        crowd->stop[i] = next_stop(prospect);
        if (leaves) {
            leave(crowd, i);
        }
    }
    move_to_rest(crowd, rest);
}

/* Step 3: the weeks of a crowd, up to the end of the run or until all have left. */
static void live_crowd(struct latent *latent, struct crowd *crowd, bool has_lines)
{
    const struct site *site = latent->site;
    const struct resting_weights rest = resting_weights(site->coefficients);
    const float life_rate =
        prospects_rate((float)site->coefficients->parameters.events.life_event_hazard);
    population_draw_states(site, &crowd->people, 0, crowd->count, has_lines ? crowd->given : NULL);
    for (size_t i = crowd->count; i < CROWD; i++) {
        crowd->stop[i] = NEVER;
    }
    for (int week = 0; week < site->weeks && crowd->count > 0; week++) {
        live_one_week(latent, crowd, week, &rest, life_rate);
    }
    crowd->count = 0;
}

/* Steps 2 and 3 for `count` people of the list. */
static int live_list(struct latent *latent, struct arena *arena, const int32_t *persons,
                     size_t count, const double *const *lines)
{
    int status = 0;
    const struct site *site = latent->site;
    struct batch *batch = arena_take(arena, sizeof *batch);
    struct crowd *crowd = arena_take(arena, sizeof *crowd);
    if (batch == NULL || crowd == NULL) {
        FAIL(ERROR_MEMORY, "no memory for a list of %zu people", site->population);
    }
    TRY(patients_init(&crowd->people, arena, CROWD));
    latent->emergences = arena_take_raw(arena, (count + 1) * sizeof *latent->emergences);
    latent->arrivals = arena_take_raw(arena, (count + 1) * sizeof *latent->arrivals);
    if (latent->emergences == NULL || latent->arrivals == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %zu people on the list", count);
    }
    for (size_t first = 0; first < count; first += LANES) {
        const int some = count - first < LANES ? (int)(count - first) : LANES;
        for (int lane = 0; lane < some; lane++) {
            batch->people.person[lane] = persons[first + (size_t)lane];
            batch->people.given[lane] = lines != NULL ? lines[batch->people.person[lane]] : NULL;
        }
        prospects_draw(batch, site);
        join(site, crowd, batch, some);
        if (crowd->count + LANES > CROWD || first + LANES >= count) {
            live_crowd(latent, crowd, lines != NULL);
        }
    }
out:
    return status;
}

int latent_live(struct latent *latent, struct arena *arena, const struct site *site,
                const double *const *lines)
{
    int status = 0;
    size_t count = site->population;
    *latent = (struct latent){.site = site};
    int32_t *persons = arena_take_raw(arena, (count + 1) * sizeof *persons);
    if (persons == NULL) {
        FAIL(ERROR_MEMORY, "no memory for a list of %zu people", count);
    }
    if (lines == NULL) {
        count = screening_candidates(site, persons);
    }
    for (size_t n = 0; lines != NULL && n < count; n++) {
        persons[n] = (int32_t)n;
    }
    TRY(live_list(latent, arena, persons, count, lines));
    latent->order = arena_take_raw(arena, (latent->emerged + 1) * sizeof *latent->order);
    size_t *starts = arena_take(arena, ((size_t)site->weeks + 1) * sizeof *starts);
    if (latent->order == NULL || starts == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %zu people on the list", latent->emerged);
    }
    arrival_order(latent->arrivals, latent->emerged, site->weeks, starts, latent->order);
out:
    return status;
}

struct arrival latent_settle(const struct latent *latent, size_t n, struct patients *p, size_t i)
{
    const size_t who = latent->order[n];
    const struct emergence *e = &latent->emergences[who];
    patients_put(p, i, &e->person);
    arrival_remember(p, i, e->consultations >> 1, e->consultations & 1);
    return latent->arrivals[who];
}
