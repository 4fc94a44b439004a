/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_EXPERIMENT_TWO_LIVES_H
#define BUYIN_TESTS_EXPERIMENT_TWO_LIVES_H

#include "experiment/theory.h"
#include "run/setup.h"
#include "run/week.h"
#include "small_run.h"

/* One site twice: the full model, and the model with one row of the theory off. Both are taken
 * week by week, side by side, and every column of every patient is compared as bytes. */

enum { MOST_COLUMNS = 256 };

/* A column as bytes, whatever its type. */
struct column {
    const char *name;
    unsigned char *bytes;
    size_t size; /* of one row */
};

struct life {
    struct arena arena;
    struct coefficients coefficients;
    struct site site;
    struct patients then; /* as they were at the end of the week before */
    struct column columns[MOST_COLUMNS];
    size_t column_count;
};

struct two_lives {
    struct configuration configuration;
    struct life on, off; /* the full model, and without the row */
    int row;
};

static inline size_t list_columns(const struct patients *p, struct column *columns)
{
    size_t n = 0;
#define FIELD(type, name, unit, meaning)                                                           \
    columns[n++] = (struct column){#name, (unsigned char *)p->name, sizeof(type)};
#define FIELDS(type, name, length, unit, meaning)                                                  \
    for (size_t k = 0; k < (length); k++) {                                                        \
        columns[n++] = (struct column){#name, (unsigned char *)p->name[k], sizeof(type)};          \
    }
#include "state/patient_fields.def"
    return n;
}

static inline void life_begin(struct life *life, const struct configuration *configuration,
                              const struct parameters *parameters, size_t site, int replicate)
{
    coefficients_compute(&life->coefficients, parameters);
    ASSERT_DONE(setup_site(&life->site, &life->arena, &life->coefficients, configuration, site,
                           replicate, false));
    ASSERT_DONE(patients_init(&life->then, &life->arena, life->site.patients.count));
    life->column_count = list_columns(&life->site.patients, life->columns);
    assert_true(life->column_count > 80 && life->column_count <= MOST_COLUMNS);
}

static inline void lives_begin(struct two_lives *lives, const char *const *settings, int row,
                               size_t site, int replicate)
{
    *lives = (struct two_lives){.row = row};
    small_configuration(&lives->configuration, settings);
    struct parameters without = lives->configuration.parameters;
    ASSERT_DONE(theory_set_strength(&without, row, 0.0));
    life_begin(&lives->on, &lives->configuration, &lives->configuration.parameters, site,
               replicate);
    life_begin(&lives->off, &lives->configuration, &without, site, replicate);
    assert_int_equal(lives->on.site.patients.count, lives->off.site.patients.count);
}

static inline void lives_end(struct two_lives *lives)
{
    arena_free(&lives->on.arena);
    arena_free(&lives->off.arena);
    configuration_free(&lives->configuration);
}

/* Copies every field into patients of the same number. */
static inline void copy_patients(struct patients *to, const struct patients *from)
{
#define FIELD(type, name, unit, meaning) memcpy(to->name, from->name, from->count * sizeof(type));
#define FIELDS(type, name, length, unit, meaning)                                                  \
    for (size_t i = 0; i < length; i++) {                                                          \
        memcpy(to->name[i], from->name[i], from->count * sizeof(type));                            \
    }
#include "state/patient_fields.def"
}

/* Takes both on by a week; false when the run is over. */
static inline bool lives_step(struct two_lives *lives)
{
    if (lives->on.site.week >= lives->on.site.weeks - 1) {
        return false;
    }
    copy_patients(&lives->on.then, &lives->on.site.patients);
    copy_patients(&lives->off.then, &lives->off.site.patients);
    week_step(&lives->on.site);
    week_step(&lives->off.site);
    return true;
}

/* A link worker's skills, knowledge and standing: what does not depend on who was met when. */
static inline bool same_person_in_post(const struct link_worker *a, const struct link_worker *b)
{
    return a->listening == b->listening && a->informality == b->informality &&
           a->reliability == b->reliability && a->directiveness == b->directiveness &&
           a->tailoring == b->tailoring && a->goal_setting == b->goal_setting &&
           a->advocacy == b->advocacy && a->burnout == b->burnout &&
           a->vacant_weeks == b->vacant_weeks && a->worked == b->worked && a->left == b->left &&
           a->minutes == b->minutes && a->community == b->community &&
           memcmp(a->knowledge, b->knowledge, sizeof a->knowledge) == 0;
}

/* The diary of the week and the caseload, in its order. */
static inline bool same_diary(const struct link_worker *a, const struct link_worker *b)
{
    return a->asked == b->asked && a->given == b->given && a->spare == b->spare &&
           a->accompanying == b->accompanying && a->unused == b->unused &&
           a->session_minutes == b->session_minutes && a->quality_sum == b->quality_sum &&
           a->sessions == b->sessions && a->due == b->due && a->postponed == b->postponed &&
           a->promised == b->promised && a->caseload == b->caseload &&
           memcmp(a->patients, b->patients, (size_t)a->caseload * sizeof *a->patients) == 0;
}

static inline bool same_staff(const struct two_lives *lives)
{
    const struct site *a = &lives->on.site, *b = &lives->off.site;
    bool same = a->link_worker_count == b->link_worker_count;
    for (int post = 0; same && post < a->link_worker_count; post++) {
        same = same_person_in_post(&a->link_workers[post], &b->link_workers[post]);
    }
    return same;
}

/* All that patients share: link workers, their diaries, places at services. */
static inline bool same_shared(const struct two_lives *lives)
{
    const struct site *a = &lives->on.site, *b = &lives->off.site;
    bool same = same_staff(lives) && a->service_count == b->service_count;
    for (int post = 0; same && post < a->link_worker_count; post++) {
        same = same_diary(&a->link_workers[post], &b->link_workers[post]);
    }
    for (int s = 0; same && s < a->service_count; s++) {
        same = a->services[s].taken == b->services[s].taken;
    }
    return same;
}

/* `event` is a note of a kernel to itself: whoever might move this week is looked at again. */
static inline bool is_a_note(const char *column)
{
    return strcmp(column, "event") == 0;
}

/* Fails if a column differs in a row that must not: `may_differ` is [row], NULL: none may. A
 * column of `exempt` (ends with NULL) may differ everywhere. Returns how many cells differ. */
static inline size_t compare_columns(const struct two_lives *lives, const bool *may_differ,
                                     const char *const *exempt)
{
    size_t apart = 0;
    const size_t n = lives->on.site.patients.count;
    for (size_t c = 0; c < lives->on.column_count; c++) {
        const struct column *a = &lives->on.columns[c], *b = &lives->off.columns[c];
        bool is_exempt = is_a_note(a->name);
        for (size_t e = 0; exempt != NULL && exempt[e] != NULL; e++) {
            is_exempt |= strcmp(a->name, exempt[e]) == 0;
        }
        if (memcmp(a->bytes, b->bytes, n * a->size) == 0) {
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            if (memcmp(a->bytes + i * a->size, b->bytes + i * a->size, a->size) == 0) {
                continue;
            }
            apart++;
            if (!is_exempt && (may_differ == NULL || !may_differ[i])) {
                fail_msg("without %s, week %d: %s of row %zu differs, and it must not",
                         theory[lives->row].id, lives->on.site.week, a->name, i);
            }
        }
    }
    return apart;
}

/* Patients whose lives differ now in any column but `event`. */
static inline size_t count_parted(const struct two_lives *lives)
{
    size_t parted = 0;
    for (size_t i = 0; i < lives->on.site.patients.count; i++) {
        bool same = true;
        for (size_t c = 0; same && c < lives->on.column_count; c++) {
            const struct column *a = &lives->on.columns[c], *b = &lives->off.columns[c];
            same = is_a_note(a->name) ||
                   memcmp(a->bytes + i * a->size, b->bytes + i * a->size, a->size) == 0;
        }
        parted += !same;
    }
    return parted;
}

#endif
