/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Interventions
 *
 *   parameters  set, scaled or added to from the week `start` until before the week `end`, at the sites
 *               named; changes that overlap act in the order of the list
 *   places      mean * the service's own spread, rounded: new places open at once, cut ones close as
 *               they fall free
 *   shocks      at the start of the week `start`: x becomes v, x v or x + v, clipped to [0, 1], for
 *               everyone on the books or off, or for one group; people whose first offer is still to
 *               come carry the change along
 */
#include "run/timeline.h"

#include "base/error.h"
#include "base/numeric.h"
#include "observe/groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int timeline_check(const struct configuration *configuration)
{
    for (size_t n = 0; n < configuration->intervention_count; n++) {
        const struct intervention *intervention = &configuration->interventions[n];
        bool has_shock = false;
        for (size_t i = 0; i < intervention->change_count; i++) {
            has_shock |= intervention->changes[i].is_shock;
        }
        if (intervention->group[0] == '\0') {
            continue;
        }
        if (group_find(intervention->group, configuration->site_count) < 0) {
            return error_set(ERROR_INPUT, "%s: group = %s: there is no such group of patients",
                             intervention->where, intervention->group);
        }
        if (!has_shock) {
            return error_set(
                ERROR_INPUT,
                "%s: group = %s: only a shock can hit a group; parameters change for a site",
                intervention->where, intervention->group);
        }
    }
    return 0;
}

static int compare_weeks(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

int timeline_init(struct timeline *timeline, struct arena *arena,
                  const struct configuration *configuration, const struct site *site)
{
    const size_t dates = 2 * configuration->intervention_count;
    *timeline = (struct timeline){0};
    if (dates == 0) {
        return 0;
    }
    timeline->weeks = arena_take(arena, dates * sizeof *timeline->weeks);
    timeline->coefficients = arena_take(arena, dates * sizeof *timeline->coefficients);
    if (timeline->weeks == NULL || timeline->coefficients == NULL) {
        return error_set(ERROR_MEMORY, "no memory for the interventions of a site");
    }
    for (size_t n = 0; n < configuration->intervention_count; n++) {
        const struct intervention *intervention = &configuration->interventions[n];
        if (intervention_is_at(intervention, site->attributes->name)) {
            timeline->weeks[timeline->count++] = intervention->start;
            if (intervention->end >= 0) {
                timeline->weeks[timeline->count++] = intervention->end;
            }
        }
    }
    qsort(timeline->weeks, timeline->count, sizeof *timeline->weeks, compare_weeks);
    for (size_t d = 0; d < timeline->count; d++) {
        struct parameters parameters;
        const int status = interventions_parameters(configuration, site->attributes->name,
                                                    timeline->weeks[d], &parameters);
        if (status != 0) {
            return status;
        }
        coefficients_vary(&timeline->coefficients[d], site->coefficients, &parameters);
    }
    return 0;
}

/* The column of a state that a shock may move. */
static float *state_column(struct patients *p, const char *state)
{
    const struct {
        const char *name;
        float *column;
    } columns[] = {{"trust", p->trust},
                   {"hope", p->hope},
                   {"stress", p->stress},
                   {"confidence", p->confidence},
                   {"isolation", p->isolation},
                   {"clarity", p->clarity},
                   {"motivation", p->motivation},
                   {"coping", p->coping},
                   {"ties", p->ties},
                   {"uncertainty", p->uncertainty}};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (strcmp(columns[i].name, state) == 0) {
            return columns[i].column;
        }
    }
    for (int d = 0; d < NEED_COUNT; d++) {
        if (strncmp(state, "need_", 5) == 0 && strcmp(state + 5, need_names[d]) == 0) {
            return p->need[d];
        }
    }
    for (int k = 0; k < BARRIER_COUNT; k++) {
        if (strncmp(state, "barrier_", 8) == 0 && strcmp(state + 8, barrier_names[k]) == 0) {
            return p->barrier[k];
        }
    }
    return NULL;
}

static bool is_of_group(const struct site *site, size_t i, int group, size_t sites)
{
    int groups[GROUPS_OF_A_PATIENT];
    const int n = groups_of(site, i, sites, groups);
    for (int g = 0; g < n; g++) {
        if (groups[g] == group) {
            return true;
        }
    }
    return false;
}

static void strike(struct site *site, const struct change *change, int group, size_t sites)
{
    float *column = state_column(&site->patients, change->key);
    const float v = (float)change->value;
    for (size_t i = 0; column != NULL && i < site->patients.count; i++) {
        if (is_of_group(site, i, group, sites)) {
            const float x = change->kind == CHANGE_SET     ? v
                            : change->kind == CHANGE_SCALE ? column[i] * v
                                                           : column[i] + v;
            column[i] = clip01(x);
        }
    }
}

static void plan_places(struct site *site)
{
    const double mean = site->coefficients->parameters.services.places;
    for (int s = 0; s < site->service_count; s++) {
        struct vcse_service *service = &site->services[s];
        service->planned = (int)lround(mean * (double)service->spread);
    }
}

/* New places are open at once; cut ones are gone as soon as nobody uses them. */
static void open_and_close(struct site *site)
{
    for (int s = 0; s < site->service_count; s++) {
        struct vcse_service *service = &site->services[s];
        service->places = service->taken > service->planned ? service->taken : service->planned;
    }
}

void timeline_act(const struct timeline *timeline, const struct configuration *configuration,
                  struct site *site)
{
    const int week = site->week + 1;
    if (timeline->count == 0) {
        return;
    }
    for (size_t d = 0; d < timeline->count; d++) {
        if (timeline->weeks[d] == week) {
            site->coefficients = &timeline->coefficients[d];
            plan_places(site);
        }
    }
    open_and_close(site);
    for (size_t n = 0; n < configuration->intervention_count; n++) {
        const struct intervention *intervention = &configuration->interventions[n];
        if (intervention->start != week ||
            !intervention_is_at(intervention, site->attributes->name)) {
            continue;
        }
        const int group = intervention->group[0] != '\0'
                              ? group_find(intervention->group, configuration->site_count)
                              : GROUP_ALL;
        for (size_t i = 0; i < intervention->change_count; i++) {
            if (intervention->changes[i].is_shock) {
                strike(site, &intervention->changes[i], group, configuration->site_count);
            }
        }
    }
}

/* The largest cap of any site in the week, if it is larger. */
static int larger_cap(const struct configuration *configuration, int week, int largest)
{
    for (size_t s = 0; week >= 0 && s < configuration->site_count; s++) {
        struct parameters parameters;
        if (interventions_parameters(configuration, configuration->sites[s].name, week,
                                     &parameters) == 0 &&
            parameters.diary.caseload_cap > largest) {
            largest = parameters.diary.caseload_cap;
        }
    }
    return largest;
}

int timeline_largest_cap(const struct configuration *configuration,
                         const struct coefficients *coefficients)
{
    int largest = coefficients->parameters.diary.caseload_cap;
    for (size_t n = 0; n < configuration->intervention_count; n++) {
        const int dates[] = {configuration->interventions[n].start,
                             configuration->interventions[n].end};
        for (size_t d = 0; d < 2; d++) { /* the cap may be largest when another change ends */
            largest = larger_cap(configuration, dates[d], largest);
        }
    }
    return largest;
}
