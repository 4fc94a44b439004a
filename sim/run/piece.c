/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/piece.h"

#include "base/error.h"
#include "run/setup.h"
#include "run/week.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
    arena_free(&piece->arena);
    *piece = (struct piece){0};
}

void piece_carry(struct piece *piece, struct parcel *parcel, enum piece_detail detail)
{
    parcel_carry(parcel, &piece->scenario, sizeof piece->scenario);
    parcel_carry(parcel, &piece->replicate, sizeof piece->replicate);
    parcel_carry(parcel, &piece->site, sizeof piece->site);
    tally_carry(piece->tally, parcel);
    if (parcel->is_opening) {
        piece->recorder = piece->without_recorder = (struct recorder){0};
        piece->result = piece->without = (struct site){0};
        piece->followed_count = 0;
    }
    if (detail != PIECE_TALLY) {
        recorder_carry(&piece->recorder, parcel);
    }
    if (detail != PIECE_WHOLE) {
        return;
    }
    site_carry(&piece->result, parcel);
    site_carry(&piece->without, parcel);
    const size_t weeks = (size_t)piece->result.weeks;
    parcel_carry(parcel, &piece->followed_count, sizeof piece->followed_count);
    piece->followed =
        parcel_array(parcel, piece->followed, piece->followed_count * sizeof *piece->followed);
    piece->trajectories = parcel_array(parcel, piece->trajectories,
                                       TRAJECTORY_COUNT * piece->followed_count * weeks *
                                           sizeof *piece->trajectories);
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
    const size_t values = TRAJECTORY_COUNT * count * (size_t)piece->result.weeks;
    piece->followed = arena_take(&piece->arena, (count + 1) * sizeof *piece->followed);
    piece->trajectories = arena_take(&piece->arena, (values + 1) * sizeof *piece->trajectories);
    if (piece->followed == NULL || piece->trajectories == NULL) {
        return error_set(ERROR_MEMORY, "no memory for %zu trajectories: set run.trajectory_sample",
                         count);
    }
    piece->followed_count = count;
    for (size_t j = 0; j < count; j++) {
        piece->followed[j] = (int32_t)((2 * j + 1) * n / (2 * count));
    }
    for (size_t v = 0; v < values; v++) {
        piece->trajectories[v] = NAN;
    }
    return 0;
}

static void keep(struct piece *piece, int state, const float *column)
{
    const struct site *site = &piece->result;
    const size_t weeks = (size_t)site->weeks;
    for (size_t j = 0; j < piece->followed_count; j++) {
        const size_t row = (size_t)piece->followed[j];
        if (row < site->offered) {
            piece->trajectories[((size_t)state * piece->followed_count + j) * weeks +
                                (size_t)site->week] = column[row];
        }
    }
}

static void keep_codes(struct piece *piece, int state, const int32_t *column)
{
    const struct site *site = &piece->result;
    const size_t weeks = (size_t)site->weeks;
    for (size_t j = 0; j < piece->followed_count; j++) {
        const size_t row = (size_t)piece->followed[j];
        if (row < site->offered) {
            piece->trajectories[((size_t)state * piece->followed_count + j) * weeks +
                                (size_t)site->week] = (float)column[row];
        }
    }
}

static void keep_states(struct piece *piece)
{
    const struct patients *p = &piece->result.patients;
#define KEEP(column, state)                                                                        \
    _Generic((column), float * : keep, int32_t * : keep_codes)(piece, state, column);
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

/* All weeks of the site or of its counterfactual; states are kept of the site only. */
static int run_weeks(struct piece *piece, const struct configuration *configuration,
                     struct site *site, struct recorder *recorder, bool verify)
{
    while (site->week < site->weeks - 1) {
        timeline_act(&piece->timeline, configuration, site);
        week_step(site);
        recorder_week(recorder, site);
        if (site == &piece->result && piece->followed_count > 0) {
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
    struct site *site = &piece->result, *without = &piece->without;
    arena_reset(&piece->arena);
    tally_free(piece->tally);
    memset(piece->tally, 0, sizeof *piece->tally);
    *without = (struct site){0};
    TRY(setup_site(site, &piece->arena, coefficients, configuration, piece->site,
                   (int)piece->replicate, true));
    groups_count_only(site, group, configuration->site_count);
    const bool paired = k->run.counterfactual != 0 && site->link_worker_count > 0;
    if (paired) {
        TRY(setup_counterfactual(without, &piece->arena, site));
    }
    TRY(recorder_init(&piece->recorder, &piece->arena, site));
    TRY(choose_followed(piece, k));
    TRY(timeline_init(&piece->timeline, &piece->arena, configuration, site));
    TRY(run_weeks(piece, configuration, site, &piece->recorder, verify));
    if (paired) {
        recorder_follow(&piece->without_recorder, without, site);
        TRY(run_weeks(piece, configuration, without, &piece->without_recorder, verify));
    }
    pathways_complete(site);
    tally_site(piece->tally, site, &piece->recorder, paired ? without : NULL,
               &piece->without_recorder, configuration->site_count);
out:
    return status;
}
