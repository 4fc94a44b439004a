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
#include "base/vector.h"
#include "mechanisms/workforce.h"
#include "run/arrival.h"
#include "run/latent.h"
#include "run/population.h"
#include "run/timeline.h"
#include "state/snapshots.h"

#include <math.h>
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

/* The lines of the patients' rows, NULL if there is no file. */
static int lines_of_rows(const struct patients *p, struct arena *arena, const double *const *lines,
                         const double ***given)
{
    *given = NULL;
    if (lines == NULL) {
        return 0;
    }
    TAKE(*given, arena, p->count);
    for (size_t i = 0; i < p->count; i++) {
        (*given)[i] = lines[p->person[i]];
    }
    return 0;
}

/* Notes the first offer of row `i`. */
static void note_offer(struct patients *p, size_t i, const struct arrival *arrival)
{
    p->first_offer_week[i] = arrival->week;
    p->first_offer_by_gp[i] = arrival->by_gp;
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

/* Cohort mode: those offered a referral within the run, in the order of the weeks. */
static int schedule(struct site *site, struct arena *arena, const double *const *lines,
                    struct arrival **arrivals, size_t *count)
{
    struct arrival *all;
    size_t *starts, *order, n = 0;
    const size_t people = site->population;
    TAKE(all, arena, people);
    TAKE(*arrivals, arena, people);
    TAKE(starts, arena, (size_t)site->weeks + 1);
    TAKE(order, arena, people);
    for (size_t first = 0; first < people; first += RANDOM_LANES) {
        const int some = people - first < RANDOM_LANES ? (int)(people - first) : RANDOM_LANES;
        struct arrival next[RANDOM_LANES];
        arrival_schedule(site, next, (int32_t)first, some, lines != NULL ? &lines[first] : NULL);
        for (int i = 0; i < some; i++) {
            all[n] = next[i];
            n += next[i].week < site->weeks;
        }
    }
    arrival_order(all, n, site->weeks, starts, order);
    for (size_t i = 0; i < n; i++) {
        (*arrivals)[i] = all[order[i]];
    }
    *count = n;
    return 0;
}

/* Cohort mode: everyone is offered a referral. */
static int make_cohort(struct site *site, struct arena *arena, const double *const *lines)
{
    int status = 0;
    size_t n = 0;
    struct arrival *arrivals;
    struct patients *p = &site->patients;
    const double **given;
    TRY(schedule(site, arena, lines, &arrivals, &n));
    TRY(patients_init(p, arena, n));
    for (size_t i = 0; i < n; i++) {
        p->person[i] = arrivals[i].person;
        note_offer(p, i, &arrivals[i]);
    }
    TRY(lines_of_rows(p, arena, lines, &given));
    population_draw_cohort(site, p, n, given);
    population_draw_states(site, p, 0, n, given);
    for (size_t first = 0; first < n; first += RANDOM_LANES) {
        const int count = n - first < RANDOM_LANES ? (int)(n - first) : RANDOM_LANES;
        arrival_settle(site, p, first, count, &arrivals[first]);
    }
    population_draw_traits(site, p, 0, n, given);
out:
    return status;
}

/* Registered mode: who is offered one emerges from everybody's weeks. */
static int make_referred(struct site *site, struct arena *arena, const double *const *lines)
{
    int status = 0;
    struct latent latent;
    struct patients *p = &site->patients;
    const double **given;
    TRY(latent_live(&latent, arena, site, lines));
    TRY(patients_init(p, arena, latent.emerged));
    for (size_t i = 0; i < latent.emerged; i++) {
        const struct arrival arrival = latent_settle(&latent, i, p, i);
        note_offer(p, i, &arrival);
    }
    TRY(lines_of_rows(p, arena, lines, &given));
    population_draw_traits(site, p, 0, latent.emerged, given);
out:
    return status;
}

static int make_room(struct site *site, struct arena *arena, bool keep_snapshots)
{
    const size_t n = site->patients.count;
    TAKE(site->tries, arena, n * (size_t)(site->service_count + 1));
    TAKE(site->seen, arena, n);
    TAKE(site->seen_number, arena, n);
    TAKE(site->seen_before, arena, (size_t)site->weeks + 1);
    TAKE(site->openings, arena, n);
    TAKE(site->opening_posts, arena, n);
    TAKE(site->order, arena, n);
    TAKE(site->order_spare, arena, n);
    TAKE(site->flagged, arena, n + 2 * VECTOR_ROWS);
    site->snapshots = NULL;
    site->snapshot_room = n;
    if (keep_snapshots) {
        /* touched only for those who are seen */
        site->snapshots =
            arena_take_raw(arena, (n + 1) * LAG_COUNT * MEASURE_COUNT * sizeof(float));
        if (site->snapshots == NULL) {
            return error_set(ERROR_MEMORY, "no memory for a site");
        }
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
