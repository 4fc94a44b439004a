/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/piece.h"

#include "base/error.h"
#include "run/counterfactual.h"
#include "run/setup.h"
#include "run/week.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Single precision. */
#define EXPONENT 0x7f800000U
enum { ROWS_AT_A_TIME = 16 };

int piece_init(struct piece *piece)
{
    *piece = (struct piece){.tally = calloc(1, sizeof *piece->tally)};
    return piece->tally != NULL ? 0 : error_set(ERROR_MEMORY, "no memory for a tally");
}

void piece_free(struct piece *piece)
{
    if (piece->tally != NULL) {
        tally_free(piece->tally);
    }
    free(piece->tally);
    free(piece->weekly_states);
    arena_free(&piece->arena);
    *piece = (struct piece){0};
}

static size_t count_kept(const struct piece *piece)
{
    return TRAJECTORY_COUNT - piece->first_kept;
}

/* Its columns; snapshots have been tallied. */
static void carry_counterfactual(struct counterfactual *without, struct parcel *parcel,
                                 size_t patients)
{
    float **const real[] = {&without->wellbeing_sum, &without->wellbeing_discounted,
                            &without->after_closing_wellbeing};
    int32_t **const whole[] = {&without->consultations, &without->consultations_from_offer,
                               &without->consultations_from_session};
    for (size_t c = 0; c < 3; c++) {
        *real[c] = parcel_array(parcel, *real[c], patients * sizeof **real[c]);
        *whole[c] = parcel_array(parcel, *whole[c], patients * sizeof **whole[c]);
    }
}

void piece_carry(struct piece *piece, struct parcel *parcel, enum piece_detail detail)
{
    parcel_carry(parcel, &piece->scenario, sizeof piece->scenario);
    parcel_carry(parcel, &piece->replicate, sizeof piece->replicate);
    parcel_carry(parcel, &piece->site, sizeof piece->site);
    tally_carry(piece->tally, parcel);
    if (parcel->is_opening) {
        piece->recorder = (struct recorder){0};
        piece->result = (struct site){0};
        piece->without = (struct counterfactual){0};
        piece->is_paired = false;
        piece->followed_count = 0;
    }
    if (detail != PIECE_TALLY) {
        recorder_carry(&piece->recorder, parcel);
    }
    if (detail != PIECE_WHOLE) {
        return;
    }
    site_carry(&piece->result, parcel);
    const size_t patients = piece->result.patients.count;
    parcel_carry(parcel, &piece->is_paired, sizeof piece->is_paired);
    carry_counterfactual(&piece->without, parcel, piece->is_paired ? patients : 0);
    const size_t weeks = (size_t)piece->result.weeks;
    parcel_carry(parcel, &piece->followed_count, sizeof piece->followed_count);
    piece->followed =
        parcel_array(parcel, piece->followed, piece->followed_count * sizeof *piece->followed);
    parcel_carry(parcel, &piece->first_kept, sizeof piece->first_kept);
    piece->trajectories = parcel_array(parcel, piece->trajectories,
                                       count_kept(piece) * piece->followed_count * weeks *
                                           sizeof *piece->trajectories);
}

size_t trajectory_first(const struct parameters *k)
{
    const int fields = k->run.trajectory_fields;
    return fields == TRAJECTORY_FIELDS_STATUS   ? TRAJECTORY_status
           : fields == TRAJECTORY_FIELDS_STATES ? TRAJECTORY_trust
                                                : 0;
}

/* Room for the kept states, and for one more that is moved between. */
static int make_room(struct piece *piece, size_t values)
{
    const size_t bytes = (values + 1) * sizeof *piece->weekly_states;
    if (bytes > piece->weekly_room) {
        free(piece->weekly_states);
        piece->weekly_states = malloc(bytes);
        piece->weekly_room = piece->weekly_states != NULL ? bytes : 0;
    }
    return piece->weekly_states != NULL ? 0 : ERROR_MEMORY;
}

/* Every row, or evenly spaced ones: rows are in the order of the first offer. */
static int choose_followed(struct piece *piece, const struct parameters *k)
{
    const size_t n = piece->result.patients.count;
    const size_t wanted = (size_t)k->run.trajectory_sample;
    piece->followed_count = 0;
    if (k->run.record != RECORD_TRAJECTORIES) {
        return 0;
    }
    const size_t count = wanted == 0 || wanted > n ? n : wanted;
    piece->first_kept = trajectory_first(k);
    piece->followed = arena_take(&piece->arena, (count + 1) * sizeof *piece->followed);
    if (piece->followed == NULL ||
        make_room(piece, (count_kept(piece) + 1) * count * (size_t)piece->result.weeks) != 0) {
        return error_set(ERROR_MEMORY, "no memory for %zu trajectories: set run.trajectory_sample",
                         count);
    }
    piece->followed_count = count;
    piece->trajectories = piece->weekly_states;
    for (size_t j = 0; j < count; j++) {
        piece->followed[j] = (int32_t)((2 * j + 1) * n / (2 * count));
    }
    return 0;
}

/* Where this week of a state is gathered: [state - first_kept + 1][week][followed row], a state behind
 * the place where it is kept, into which it moves when it is complete. */
static float *week_of(const struct piece *piece, size_t state)
{
    const struct site *site = &piece->result;
    const size_t week = (state - piece->first_kept + 1) * (size_t)site->weeks + (size_t)site->week;
    return &piece->weekly_states[week * piece->followed_count];
}

static void keep(struct piece *piece, size_t state, const float *column)
{
    const size_t offered = piece->result.offered;
    float *week = week_of(piece, state);
    for (size_t j = 0; j < piece->followed_count; j++) {
        const size_t row = (size_t)piece->followed[j];
        week[j] = row < offered ? column[row] : NAN;
    }
}

static void keep_codes(struct piece *piece, size_t state, const int32_t *column)
{
    const size_t offered = piece->result.offered;
    float *week = week_of(piece, state);
    for (size_t j = 0; j < piece->followed_count; j++) {
        const size_t row = (size_t)piece->followed[j];
        week[j] = row < offered ? (float)column[row] : NAN;
    }
}

static void keep_states(struct piece *piece)
{
    const struct patients *p = &piece->result.patients;
#define KEEP(column, state)                                                                         \
    if ((size_t)(state) >= piece->first_kept) {                                                     \
        _Generic((column), float * : keep, int32_t * : keep_codes)(piece, (size_t)(state), column); \
    }
#define FIELD(type, name, unit, meaning)
#define FIELDS(type, name, length, unit, meaning)
#define TRAIT(type, name, unit, meaning)
#define TRAITS(type, name, length, unit, meaning)
#define HISTORY(type, name, unit, meaning)
#define STATE(type, name, unit, meaning) KEEP(p->name, TRAJECTORY_##name)
#define STATES(type, name, length, unit, meaning)                                                  \
    for (int k = 0; k < (length); k++) {                                                           \
        KEEP(p->name[k], TRAJECTORY_##name + k)                                                    \
    }
#include "state/patient_fields.def"
#undef KEEP
}

/* Rounds to `digits` binary digits after the first, half to even; not a number stays what it is. */
static void round_values(float *values, size_t count, int digits)
{
    const uint32_t dropped = (1U << (TRAJECTORY_EXACT_BITS - digits)) - 1U;
    if (dropped == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t word;
        memcpy(&word, &values[i], sizeof word);
        const uint32_t odd = (word >> (TRAJECTORY_EXACT_BITS - digits)) & 1U;
        const uint32_t rounded = (word + (dropped >> 1) + odd) & ~dropped;
        word = (word & EXPONENT) == EXPONENT ? word : rounded;
        memcpy(&values[i], &word, sizeof word);
    }
}

/* Turns [week][row] into [row][week]: a few rows at a time, whose weeks stay in the cache. */
static void transpose(float *restrict to, const float *restrict from, size_t weeks, size_t rows)
{
    for (size_t first = 0; first < rows; first += ROWS_AT_A_TIME) {
        const size_t left = rows - first, count = left < ROWS_AT_A_TIME ? left : ROWS_AT_A_TIME;
        for (size_t week = 0; week < weeks; week++) {
            for (size_t j = 0; j < count; j++) {
                to[(first + j) * weeks + week] = from[week * rows + first + j];
            }
        }
    }
}

/* Brings what was gathered week by week into the order in which it is kept. */
static void order_trajectories(struct piece *piece, const struct parameters *k)
{
    const size_t weeks = (size_t)piece->result.weeks, rows = piece->followed_count;
    for (size_t state = piece->first_kept; state < TRAJECTORY_COUNT; state++) {
        float *to = &piece->weekly_states[(state - piece->first_kept) * weeks * rows];
        float *from = to + weeks * rows;
        if (state != TRAJECTORY_status) {
            round_values(from, weeks * rows, k->run.trajectory_bits);
        }
        transpose(to, from, weeks, rows);
    }
}

/* All weeks of the site. */
static int run_weeks(struct piece *piece, const struct configuration *configuration, bool verify)
{
    struct site *site = &piece->result;
    while (site->week < site->weeks - 1) {
        timeline_act(&piece->timeline, configuration, site);
        week_step(site);
        recorder_week(&piece->recorder, site);
        if (piece->followed_count > 0) {
            keep_states(piece);
        }
        if (verify) {
            const int status = site_verify(site);
            if (status != 0) {
                return status;
            }
        }
    }
    return 0;
}

int piece_run(struct piece *piece, const struct configuration *configuration,
              const struct coefficients *coefficients, int group, bool verify)
{
    int status = 0;
    const struct parameters *k = &coefficients->parameters;
    struct site *site = &piece->result;
    arena_reset(&piece->arena);
    tally_free(piece->tally);
    memset(piece->tally, 0, sizeof *piece->tally);
    piece->without = (struct counterfactual){0};
    TRY(setup_site(site, &piece->arena, coefficients, configuration, piece->site,
                   (int)piece->replicate, true));
    groups_count_only(site, group, configuration->site_count);
    piece->is_paired = k->run.counterfactual != 0 && site->link_worker_count > 0;
    if (piece->is_paired) {
        TRY(partings_init(&site->partings, &piece->arena, site->patients.count));
    }
    TRY(recorder_init(&piece->recorder, &piece->arena, site));
    TRY(choose_followed(piece, k));
    TRY(timeline_init(&piece->timeline, &piece->arena, configuration, site));
    TRY(run_weeks(piece, configuration, verify));
    if (piece->followed_count > 0) {
        order_trajectories(piece, k);
    }
    weeks_complete(site);
    if (piece->is_paired) {
        const struct run_with run = {site,          &piece->recorder, &piece->timeline,
                                     configuration, coefficients,     verify};
        TRY(counterfactual_live(&piece->without, &piece->arena, &run));
    }
    tally_site(piece->tally, site, &piece->recorder, piece->is_paired ? &piece->without : NULL,
               configuration->site_count);
out:
    return status;
}
