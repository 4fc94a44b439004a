/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sites before their first week
 *
 *   practices     adoption ~ Beta(mean, concentration)
 *                 credibility = GP integration + N(0, sd), clipped; integration = base
 *                 + primary_care (if primary care manages the service) - per_practice (practices - 1)
 *   services      per domain and format; places = round(mean (1 + spread (2 u - 1)));
 *                 reach and language support ~ Beta(mean, concentration)
 *   link workers  hired in week 0 with the months in role of the site (workforce.c); a bonus on
 *                 knowledge where a VCSE organisation manages the service
 *
 * draws   PURPOSE_PRACTICE, PURPOSE_SERVICE, PURPOSE_LINK_WORKER
 * source  Tierney et al. 2024, Table 1
 */
#include "run/setup.h"

#include "base/error.h"
#include "base/numeric.h"
#include "mechanisms/workforce.h"
#include "run/arrival.h"
#include "run/latent.h"
#include "run/population.h"
#include "run/timeline.h"
#include "state/snapshots.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TAKE(pointer, arena, count)                                                                \
    do {                                                                                           \
        (pointer) = arena_take((arena), ((count) > 0 ? (count) : 1) * sizeof *(pointer));          \
        if ((pointer) == NULL) {                                                                   \
            return error_set(ERROR_MEMORY, "no memory for a site");                                \
        }                                                                                          \
    } while (0)

static int make_practices(struct site *site, struct arena *arena)
{
    const struct parameters *k = &site->coefficients->parameters;
    const struct site_attributes *about = site->attributes;
    const double integration =
        k->practice.integration_base +
        (about->primary_care_managed ? k->practice.integration_primary_care : 0.0) -
        k->practice.integration_per_practice * (about->practices - 1);
    site->practice_count = about->practices;
    TAKE(site->practices, arena, (size_t)site->practice_count);
    for (int i = 0; i < site->practice_count; i++) {
        struct random_stream stream = random_open(&site->key, (uint32_t)i, 0, PURPOSE_PRACTICE);
        const double deviation = k->practice.introduction_sd * random_normal(&stream);
        site->practices[i].credibility = clip01((float)(integration + deviation));
        site->practices[i].adoption = (float)random_beta(&stream, k->practice.adoption_mean,
                                                         k->practice.adoption_concentration);
    }
    return 0;
}

static int make_services(struct site *site, struct arena *arena)
{
    const struct coefficients *c = site->coefficients;
    const struct parameters *k = &c->parameters;
    int count = 0;
    for (int d = 0; d < NEED_COUNT; d++) {
        for (int f = 0; f < FORMAT_COUNT; f++) {
            count += c->services[d][f];
        }
    }
    site->service_count = count;
    TAKE(site->services, arena, (size_t)count);
    int s = 0;
    for (int d = 0; d < NEED_COUNT; d++) {
        site->domain_services[d] = s;
        for (int f = 0; f < FORMAT_COUNT; f++) {
            for (int n = 0; n < c->services[d][f]; n++, s++) {
                struct random_stream stream =
                    random_open(&site->key, (uint32_t)s, 0, PURPOSE_SERVICE);
                const double u = (double)random_uniform(&stream);
                const double spread = 1.0 + k->services.places_spread * (2.0 * u - 1.0);
                site->services[s] = (struct vcse_service){
                    .domain = d,
                    .format = f,
                    .places = (int)lround(k->services.places * spread),
                    .planned = (int)lround(k->services.places * spread),
                    .spread = (float)spread,
                    .reach = (float)random_beta(&stream, k->services.reach_mean,
                                                k->services.concentration),
                    .language_support = (float)random_beta(
                        &stream, k->services.language_support_mean, k->services.concentration)};
            }
        }
    }
    site->domain_services[NEED_COUNT] = s;
    return 0;
}

static int make_link_workers(struct site *site, struct arena *arena, int cap)
{
    const struct parameters *k = &site->coefficients->parameters;
    site->link_worker_count = site->attributes->link_workers;
    TAKE(site->link_workers, arena, (size_t)site->link_worker_count);
    for (int post = 0; post < site->link_worker_count; post++) {
        const double bonus =
            site->attributes->primary_care_managed ? 0.0 : k->link_worker.knowledge_vcse;
        TAKE(site->link_workers[post].patients, arena, (size_t)cap);
        workforce_hire(site, post, site->attributes->months_in_role, bonus);
    }
    return 0;
}

static const double *line_of(const double *const *lines, int32_t person)
{
    return lines != NULL ? lines[person] : NULL;
}

/* Notes the first offer of row `i` and draws what matters from then on. */
static void welcome(struct site *site, size_t i, const struct arrival *arrival, const double *given)
{
    site->patients.first_offer_week[i] = arrival->week;
    site->patients.first_offer_by_gp[i] = arrival->by_gp;
    population_draw_traits(site, &site->patients, i, given);
}

static int compare_arrivals(const void *a, const void *b)
{
    const struct arrival *x = a, *y = b;
    return x->week != y->week ? (x->week > y->week) - (x->week < y->week)
                              : (x->person > y->person) - (x->person < y->person);
}

/* Lines of the patient file that belong to the site; NULL if there is no file. */
static int find_lines(const struct configuration *configuration, size_t site_index,
                      struct arena *arena, const double ***lines, size_t *count)
{
    const struct population_file *file = &configuration->population;
    *lines = NULL;
    if (!configuration->has_population) {
        return 0;
    }
    TAKE(*lines, arena, file->rows);
    *count = 0;
    for (size_t row = 0; row < file->rows; row++) {
        const double *values = &file->values[row * POPULATION_FIELD_COUNT];
        const double at = values[POPULATION_FIELD_site];
        if (isnan(at) || at == (double)(site_index + 1)) {
            (*lines)[(*count)++] = values;
        }
    }
    return 0;
}

/* At most RANDOM_LANES people, whose draws are made together. */
static void make_members(struct site *site, size_t first, int count, const struct arrival *arrivals,
                         const double *const *lines)
{
    struct patients *p = &site->patients;
    random_words past[PAST_BLOCKS];
    int32_t *persons = &p->person[first];
    for (int n = 0; n < count; n++) {
        persons[n] = arrivals[n].person;
    }
    random_make(past, PAST_BLOCKS, &site->key, persons, (const int32_t[RANDOM_LANES]){0}, count,
                PURPOSE_PAST);
    for (int n = 0; n < count; n++) {
        const size_t i = first + (size_t)n;
        const double *given = line_of(lines, arrivals[n].person);
        struct random_stream stream = random_open_made(&site->key, (uint32_t)persons[n], 0,
                                                       PURPOSE_PAST, past, PAST_BLOCKS, n);
        population_draw_cohort_member(site, p, i, given);
        population_draw_state(site, p, i, given);
        arrival_settle(site, p, i, &arrivals[n], &stream);
        welcome(site, i, &arrivals[n], given);
    }
}

/* Cohort mode: everyone is offered a referral, in the order of the weeks. */
static int make_cohort(struct site *site, struct arena *arena, const double *const *lines)
{
    size_t n = 0;
    struct arrival *arrivals;
    TAKE(arrivals, arena, site->population);
    for (size_t person = 0; person < site->population; person++) {
        arrivals[n] = arrival_scheduled(site, (int32_t)person, line_of(lines, (int32_t)person));
        n += arrivals[n].week < site->weeks;
    }
    qsort(arrivals, n, sizeof *arrivals, compare_arrivals);
    const int status = patients_init(&site->patients, arena, n);
    if (status != 0) {
        return status;
    }
    for (size_t first = 0; first < n; first += RANDOM_LANES) {
        const int count = n - first < RANDOM_LANES ? (int)(n - first) : RANDOM_LANES;
        make_members(site, first, count, &arrivals[first], lines);
    }
    return 0;
}

/* Registered mode: who is offered one emerges from everybody's weeks. */
static int make_referred(struct site *site, struct arena *arena, const double *const *lines)
{
    int status = 0;
    struct latent latent;
    TRY(latent_live(&latent, arena, site, lines));
    TRY(patients_init(&site->patients, arena, latent.emerged));
    for (size_t i = 0; i < latent.emerged; i++) {
        const struct arrival arrival = latent_settle(&latent, i, &site->patients, i);
        welcome(site, i, &arrival, line_of(lines, arrival.person));
    }
out:
    return status;
}

static int make_room(struct site *site, struct arena *arena, bool keep_snapshots)
{
    const size_t n = site->patients.count;
    TAKE(site->tries, arena, n * (size_t)(site->service_count + 1));
    TAKE(site->seen, arena, n);
    TAKE(site->seen_before, arena, (size_t)site->weeks + 1);
    TAKE(site->openings, arena, n);
    TAKE(site->opening_posts, arena, n);
    TAKE(site->order, arena, n);
    TAKE(site->flagged, arena, n);
    site->snapshots = NULL;
    if (keep_snapshots) {
        TAKE(site->snapshots, arena, n * LAG_COUNT * MEASURE_COUNT);
    }
    return 0;
}

static int make_patients(struct site *site, struct arena *arena,
                         const struct configuration *configuration, size_t site_index)
{
    const struct parameters *k = &site->coefficients->parameters;
    const double **lines = NULL;
    size_t line_count = 0;
    int status = 0;
    TRY(find_lines(configuration, site_index, arena, &lines, &line_count));
    if (lines != NULL) {
        site->population = line_count;
    } else if (k->run.mode == RUN_MODE_COHORT) {
        site->population =
            (size_t)lround(k->population.offers_per_week * k->population.arrival_weeks);
    } else {
        site->population =
            (size_t)site->practice_count * (size_t)k->registered.list_size_per_practice;
    }
    TRY(k->run.mode == RUN_MODE_COHORT ? make_cohort(site, arena, lines)
                                       : make_referred(site, arena, lines));
out:
    return status;
}

int setup_site(struct site *site, struct arena *arena, const struct coefficients *coefficients,
               const struct configuration *configuration, size_t site_index, int replicate,
               bool keep_snapshots)
{
    int status = 0;
    const struct parameters *k = &coefficients->parameters;
    *site = (struct site){.coefficients = coefficients,
                          .attributes = &configuration->sites[site_index],
                          .key = {.seed = (uint32_t)k->run.seed,
                                  .replicate = (uint32_t)replicate,
                                  .site = (uint32_t)site_index},
                          .week = -1,
                          .weeks = k->run.weeks};
    TRY(make_practices(site, arena));
    TRY(make_services(site, arena));
    TRY(make_link_workers(site, arena, timeline_largest_cap(configuration, coefficients)));
    TRY(make_patients(site, arena, configuration, site_index));
    TRY(make_room(site, arena, keep_snapshots));
out:
    return status;
}

int setup_counterfactual(struct site *site, struct arena *arena, const struct site *original)
{
    int status = 0;
    *site = *original;
    site->link_worker_count = 0;
    TRY(patients_clone(&site->patients, arena, &original->patients));
    TAKE(site->services, arena, (size_t)original->service_count);
    memcpy(site->services, original->services,
           (size_t)original->service_count * sizeof *site->services);
    TRY(make_room(site, arena, original->snapshots != NULL));
out:
    return status;
}
