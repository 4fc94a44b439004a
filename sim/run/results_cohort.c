/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /cohort: one row per patient ever offered; /trajectories: their states week by week.
 * Which columns there are follows from TRAIT, HISTORY and STATE in state/patient_fields.def.
 */
#include "results_writer_private.h"

#include "base/error.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 96, WORDS_SIZE = 192, PATIENTS_IN_A_CHUNK = 256 };

/* The names of what an array column runs over. */
static const char *part_name(int length, int part)
{
    return length == NEED_COUNT ? need_names[part] : barrier_names[part];
}

static const int codes[STATUS_COUNT] = {0, 1, 2, 3, 4, 5, 6, 7};
static const char statuses[] =
    "latent waiting engaged connected tapering closed declined disengaged";

static int define_column(struct results_writer *w, const char *name, const char *units,
                         const char *meaning, enum results_type type)
{
    struct dataset_description d = {.group = "/cohort",
                                    .name = name,
                                    .units = units,
                                    .long_name = meaning,
                                    .type = type,
                                    .rank = 1,
                                    .dimensions = {"patient"},
                                    .is_stream = true};
    if (strcmp(name, "ethnicity") == 0) {
        d.flag_values = codes;
        d.flag_meanings = "white_british white_other asian black mixed other";
    } else if (strcmp(name, "pathway") == 0) {
        d.flag_values = codes;
        d.flag_meanings =
            "a_rapid b_anchored own_support disengaged c_connecting_with brief waiting "
            "declined";
    } else if (strcmp(name, "final_status") == 0) {
        d.flag_values = codes;
        d.flag_meanings = statuses;
    }
    return results_file_dataset(w->file, &d);
}

static int define_part(struct results_writer *w, const char *name, int length, int part,
                       const char *units, const char *meaning)
{
    char full[PATH_SIZE], text[160];
    (void)snprintf(full, sizeof full, "%s_%s", name, part_name(length, part));
    (void)snprintf(text, sizeof text, "%s (%s)", meaning, part_name(length, part));
    return define_column(w, full, units, text, RESULTS_FLOAT32);
}

#define TYPE_OF(type) _Generic((type)0, float : RESULTS_FLOAT32, default : RESULTS_INT32)

static int define_fields(struct results_writer *w)
{
    int status = 0;
#define FIELD(type, name, unit, meaning)
#define FIELDS(type, name, length, unit, meaning)
#define STATE(type, name, unit, meaning)
#define STATES(type, name, length, unit, meaning)
#define TRAIT(type, name, unit, meaning) TRY(define_column(w, #name, unit, meaning, TYPE_OF(type)));
#define TRAITS(type, name, length, unit, meaning)                                                  \
    for (int part = 0; part < (length); part++) {                                                  \
        TRY(define_part(w, #name, length, part, unit, meaning));                                   \
    }
#define HISTORY(type, name, unit, meaning)                                                         \
    TRY(define_column(w, #name, unit, meaning, TYPE_OF(type)));
#include "state/patient_fields.def"
out:
    return status;
}

static int define_patients(struct results_writer *w, const char *group)
{
    return results_file_dimension(
        w->file,
        &(struct dimension_description){.group = group, .name = "patient", .is_growing = true});
}

/* A state that may be kept by week, by its place in enum trajectory_state. */
static void describe_state(size_t state, struct dataset_description *d, char name[PATH_SIZE])
{
    size_t place = 0;
#define FIELD(type, name, unit, meaning)
#define FIELDS(type, name, length, unit, meaning)
#define TRAIT(type, name, unit, meaning)
#define TRAITS(type, name, length, unit, meaning)
#define HISTORY(type, name, unit, meaning)
#define STATE(type, full, unit, meaning)                                                           \
    if (place++ == state) {                                                                        \
        (void)snprintf(name, PATH_SIZE, "%s", #full);                                              \
        d->units = unit;                                                                           \
        d->long_name = meaning;                                                                    \
    }
#define STATES(type, full, length, unit, meaning)                                                  \
    for (int part = 0; part < (length); part++) {                                                  \
        if (place++ == state) {                                                                    \
            (void)snprintf(name, PATH_SIZE, "%s_%s", #full, part_name(length, part));              \
            d->units = unit;                                                                       \
            d->long_name = meaning;                                                                \
        }                                                                                          \
    }
#include "state/patient_fields.def"
    d->name = name;
}

/* Says of a rounded state that it is, in words and as netCDF's libraries do. */
static int define_state(struct results_writer *w, size_t state)
{
    char name[PATH_SIZE], words[WORDS_SIZE];
    const int bits = w->scenarios[0].parameters.run.trajectory_bits;
    const bool is_rounded = state != TRAJECTORY_status && bits < TRAJECTORY_EXACT_BITS;
    struct dataset_description d = {.group = "/trajectories",
                                    .type = RESULTS_FLOAT32,
                                    .rank = 2,
                                    .dimensions = {"patient", "week"},
                                    .chunk = {PATIENTS_IN_A_CHUNK, 0},
                                    .has_fill = true,
                                    .fill = NAN,
                                    .is_stream = true};
    describe_state(state, &d, name);
    if (state == TRAJECTORY_status) {
        d.flag_values = codes;
        d.flag_meanings = statuses;
    }
    if (is_rounded) {
        (void)snprintf(words, sizeof words, "%s Rounded to %d binary digit%s.", d.long_name, bits,
                       bits == 1 ? "" : "s");
        d.long_name = words;
        d.rounded_bits = bits;
    }
    return results_file_dataset(w->file, &d);
}

static int define_trajectories(struct results_writer *w)
{
    int status = 0;
    const size_t first = trajectory_first(&w->scenarios[0].parameters);
    TRY(results_file_group(w->file, "/trajectories",
                           "Weekly states of patients from their first offer on; missing before."));
    TRY(define_patients(w, "/trajectories"));
    TRY(define_weeks(w, "/trajectories"));
    TRY(results_file_dataset(
        w->file, &(struct dataset_description){.group = "/trajectories",
                                               .name = "cohort_row",
                                               .units = "1",
                                               .long_name = "Row of the patient in /cohort.",
                                               .type = RESULTS_INT32,
                                               .rank = 1,
                                               .dimensions = {"patient"},
                                               .is_stream = true}));
    for (size_t state = first; state < TRAJECTORY_COUNT; state++) {
        TRY(define_state(w, state));
    }
out:
    return status;
}

int cohort_define(struct results_writer *w)
{
    int status = 0;
    TRY(results_file_group(w->file, "/cohort", "One row per patient ever offered a referral."));
    TRY(define_patients(w, "/cohort"));
    TRY(define_column(w, "scenario", "1", "Scenario, counted from 0.", RESULTS_INT32));
    TRY(define_column(w, "replicate", "1", "Replicate, counted from 0.", RESULTS_INT32));
    TRY(define_column(w, "site", "1", "Site: its place in /weekly/site, counted from 0.",
                      RESULTS_INT32));
    TRY(define_fields(w));
    TRY(define_column(w, "final_status", "code", "Status at the end of the run.", RESULTS_INT32));
    TRY(define_column(w, "wellbeing_sum_without", "SWEMWBS point",
                      "Sum of weekly SWEMWBS since the first offer in the paired run without link "
                      "workers; not a number if there was none.",
                      RESULTS_FLOAT32));
    TRY(define_column(w, "consultations_without", "1",
                      "Consultations since the first offer in that run; -1 if there was none.",
                      RESULTS_INT32));
    if (w->scenarios[0].parameters.run.record == RECORD_TRAJECTORIES) {
        TRY(define_trajectories(w));
    }
out:
    return status;
}

static int write_column(struct results_writer *w, const char *name, size_t count,
                        const void *column)
{
    char path[PATH_SIZE];
    const size_t start[] = {w->patients}, extent[] = {count};
    (void)snprintf(path, sizeof path, "/cohort/%s", name);
    return results_file_write(w->file, path, start, extent, column);
}

static int write_part(struct results_writer *w, const char *name, int length, int part,
                      size_t count, const void *column)
{
    char full[PATH_SIZE];
    (void)snprintf(full, sizeof full, "%s_%s", name, part_name(length, part));
    return write_column(w, full, count, column);
}

static int write_fields(struct results_writer *w, const struct patients *p)
{
    int status = 0;
    const size_t n = p->count;
#define FIELD(type, name, unit, meaning)
#define FIELDS(type, name, length, unit, meaning)
#define STATE(type, name, unit, meaning)
#define STATES(type, name, length, unit, meaning)
#define TRAIT(type, name, unit, meaning) TRY(write_column(w, #name, n, p->name));
#define TRAITS(type, name, length, unit, meaning)                                                  \
    for (int part = 0; part < (length); part++) {                                                  \
        TRY(write_part(w, #name, length, part, n, p->name[part]));                                 \
    }
#define HISTORY(type, name, unit, meaning) TRY(write_column(w, #name, n, p->name));
#include "state/patient_fields.def"
out:
    return status;
}

static int write_number(struct results_writer *w, const char *name, size_t count, int32_t *values,
                        size_t number)
{
    for (size_t i = 0; i < count; i++) {
        values[i] = (int32_t)number;
    }
    return write_column(w, name, count, values);
}

static int write_pair(struct results_writer *w, const struct piece *piece, int32_t *whole)
{
    int status = 0;
    const size_t n = piece->result.patients.count;
    float *real = (float *)(void *)whole;
    for (size_t i = 0; i < n; i++) {
        real[i] = piece->is_paired ? piece->without.wellbeing_sum[i] : NAN;
    }
    TRY(write_column(w, "wellbeing_sum_without", n, real));
    for (size_t i = 0; i < n; i++) {
        whole[i] = piece->is_paired ? piece->without.consultations[i] : -1;
    }
    TRY(write_column(w, "consultations_without", n, whole));
out:
    return status;
}

static int write_trajectories(struct results_writer *w, const struct piece *piece, int32_t *rows)
{
    int status = 0;
    const size_t n = piece->followed_count;
    const size_t start[] = {w->trajectories, 0}, count[] = {n, w->weeks};
    for (size_t j = 0; j < n; j++) {
        rows[j] = (int32_t)(w->patients + (size_t)piece->followed[j]);
    }
    TRY(results_file_write(w->file, "/trajectories/cohort_row", start, count, rows));
    for (size_t state = piece->first_kept; state < TRAJECTORY_COUNT; state++) {
        struct dataset_description d;
        char name[PATH_SIZE], path[PATH_SIZE + 16];
        describe_state(state, &d, name);
        (void)snprintf(path, sizeof path, "/trajectories/%s", name);
        TRY(results_file_write(w->file, path, start, count,
                               &piece->trajectories[(state - piece->first_kept) * n * w->weeks]));
    }
    w->trajectories += n;
out:
    return status;
}

int cohort_add(struct results_writer *w, const struct piece *piece)
{
    int status = 0;
    const size_t n = piece->result.patients.count;
    const struct patients *p = &piece->result.patients;
    int32_t *numbers = malloc((n + 1) * sizeof *numbers);
    if (numbers == NULL) {
        FAIL(ERROR_MEMORY, "no memory for the rows of a site");
    }
    if (n == 0) {
        goto out;
    }
    TRY(write_number(w, "scenario", n, numbers, piece->scenario));
    TRY(write_number(w, "replicate", n, numbers, piece->replicate));
    TRY(write_number(w, "site", n, numbers, piece->site));
    TRY(write_fields(w, p));
    TRY(write_column(w, "final_status", n, p->status));
    TRY(write_pair(w, piece, numbers));
    if (piece->followed_count > 0) {
        TRY(write_trajectories(w, piece, numbers));
    }
    w->patients += n;
out:
    free(numbers);
    return status;
}
