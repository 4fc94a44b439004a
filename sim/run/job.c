/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ensemble_private.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

static size_t replicates_of(const struct configuration *scenario)
{
    return (size_t)scenario->parameters.run.replicates;
}

void part_bounds(const struct run_part *part, size_t all, size_t *first, size_t *end)
{
    *first = part->count == 0 ? 0 : all * (part->number - 1) / part->count;
    *end = part->count == 0 ? all : all * part->number / part->count;
}

bool part_has(const struct run_part *part, size_t scenario_count, size_t replicates,
              size_t scenario, size_t replicate)
{
    size_t first, end;
    const size_t which = scenario * replicates + replicate;
    part_bounds(part, scenario_count * replicates, &first, &end);
    return first <= which && which < end;
}

/* Pieces of the first `count` replicates, taken in the order of scenarios. */
static size_t pieces_before(const struct configuration *scenarios, size_t scenario_count,
                            size_t count)
{
    size_t pieces = 0;
    for (size_t s = 0; s < scenario_count && count > 0; s++) {
        const size_t replicates = replicates_of(&scenarios[s]);
        const size_t taken = count < replicates ? count : replicates;
        pieces += taken * scenarios[s].site_count;
        count -= taken;
    }
    return pieces;
}

static void bounds(const struct configuration *scenarios, size_t scenario_count,
                   const struct run_part *part, size_t *first, size_t *end)
{
    size_t all = 0;
    for (size_t s = 0; s < scenario_count; s++) {
        all += replicates_of(&scenarios[s]);
    }
    part_bounds(part, all, first, end);
}

size_t ensemble_piece_count(const struct ensemble *ensemble)
{
    size_t first, end;
    bounds(ensemble->scenarios, ensemble->scenario_count, &ensemble->part, &first, &end);
    return pieces_before(ensemble->scenarios, ensemble->scenario_count, end) -
           pieces_before(ensemble->scenarios, ensemble->scenario_count, first);
}

static int count_outcomes(struct job *job)
{
    struct outcome_list list;
    const int status =
        outcome_list_init(&list, &job->scenarios[0].parameters, job->scenarios[0].site_count);
    if (status == 0) {
        job->outcome_count = list.count;
        outcome_list_free(&list);
    }
    return status;
}

int job_prepare(struct job *job)
{
    int status = 0;
    size_t first, end;
    job->coefficients = calloc(job->scenario_count, sizeof *job->coefficients);
    job->starts = calloc(job->scenario_count + 1, sizeof *job->starts);
    if (job->coefficients == NULL || job->starts == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %zu scenarios", job->scenario_count);
    }
    for (size_t s = 0; s < job->scenario_count; s++) {
        coefficients_compute_beside(&job->coefficients[s], &job->scenarios[s].parameters,
                                    s > 0 ? &job->coefficients[s - 1] : NULL);
        job->starts[s + 1] =
            job->starts[s] + replicates_of(&job->scenarios[s]) *
                                 (job->by_replicate ? 1 : job->scenarios[s].site_count);
    }
    bounds(job->scenarios, job->scenario_count, &job->part, &first, &end);
    if (job->by_replicate) {
        TRY(count_outcomes(job));
    } else {
        first = pieces_before(job->scenarios, job->scenario_count, first);
        end = pieces_before(job->scenarios, job->scenario_count, end);
    }
    job->first = first;
    job->task_count = end - first;
out:
    return status;
}

void job_carry(struct job *job, struct parcel *parcel)
{
    parcel_carry(parcel, &job->scenario_count, sizeof job->scenario_count);
    parcel_carry(parcel, &job->threads, sizeof job->threads);
    parcel_carry(parcel, &job->group, sizeof job->group);
    parcel_carry(parcel, &job->verify, sizeof job->verify);
    parcel_carry(parcel, &job->by_replicate, sizeof job->by_replicate);
    parcel_carry(parcel, &job->detail, sizeof job->detail);
    parcel_carry(parcel, &job->part, sizeof job->part);
    if (parcel->is_opening) {
        job->taken = calloc(job->scenario_count, sizeof *job->taken);
        parcel->has_failed |= job->taken == NULL;
        job->scenarios = job->taken;
    }
    for (size_t s = 0; s < job->scenario_count && !parcel->has_failed; s++) {
        struct configuration one = job->scenarios[s]; /* packing does not change it */
        configuration_carry(parcel->is_opening ? &job->taken[s] : &one, parcel);
    }
}

void job_free(struct job *job)
{
    free(job->coefficients);
    free(job->starts);
    free(job->taken);
    *job = (struct job){0};
}

/* Which scenario, replicate and site a number stands for. */
static void locate(const struct job *job, size_t number, struct piece *piece)
{
    size_t low = 0, high = job->scenario_count; /* starts[low] <= number < starts[high] */
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (job->starts[middle] <= number) {
            low = middle;
        } else {
            high = middle;
        }
    }
    number -= job->starts[low];
    const size_t sites = job->by_replicate ? 1 : job->scenarios[low].site_count;
    piece->scenario = low;
    piece->replicate = number / sites;
    piece->site = number % sites;
}

int unit_init(struct unit *unit, const struct job *job)
{
    int status = 0;
    *unit = (struct unit){0};
    TRY(piece_init(&unit->piece));
    if (job->by_replicate) {
        unit->sum = calloc(1, sizeof *unit->sum);
        unit->values = calloc(job->outcome_count, sizeof *unit->values);
        if (unit->sum == NULL || unit->values == NULL) {
            FAIL(ERROR_MEMORY, "no memory for the outcomes of a replicate");
        }
    }
out:
    return status;
}

void unit_free(struct unit *unit)
{
    if (unit->piece.tally != NULL) {
        piece_free(&unit->piece);
    }
    if (unit->sum != NULL) {
        tally_free(unit->sum);
    }
    free(unit->sum);
    free(unit->values);
    *unit = (struct unit){0};
}

static int run_piece(struct unit *unit, const struct job *job)
{
    const size_t s = unit->piece.scenario;
    return piece_run(&unit->piece, &job->scenarios[s], &job->coefficients[s], job->group,
                     job->verify);
}

/* All sites of a replicate, in their order. */
static int run_replicate(struct unit *unit, const struct job *job)
{
    int status = 0;
    struct piece *piece = &unit->piece;
    const struct configuration *scenario = &job->scenarios[piece->scenario];
    tally_free(unit->sum);
    memset(unit->sum, 0, sizeof *unit->sum);
    for (piece->site = 0; piece->site < scenario->site_count; piece->site++) {
        TRY(run_piece(unit, job));
        tally_add(unit->sum, piece->tally);
    }
    outcomes_compute(unit->sum, &scenario->parameters, scenario->site_count, unit->values);
    unit->outcomes =
        (struct replicate_outcomes){.scenario = piece->scenario,
                                    .replicate = piece->replicate,
                                    .values = unit->values,
                                    .stepped_patient_weeks = unit->sum->stepped_patient_weeks};
out:
    return status;
}

int unit_run(struct unit *unit, const struct job *job, size_t number)
{
    locate(job, job->first + number, &unit->piece);
    return job->by_replicate ? run_replicate(unit, job) : run_piece(unit, job);
}

void unit_carry(struct unit *unit, const struct job *job, struct parcel *parcel)
{
    if (!job->by_replicate) {
        piece_carry(&unit->piece, parcel, job->detail);
        if (parcel->is_opening && !parcel->has_failed) {
            const struct piece *piece = &unit->piece;
            const struct site_attributes *site =
                &job->scenarios[piece->scenario].sites[piece->site];
            unit->piece.result.attributes = site;
            unit->piece.result.coefficients = &job->coefficients[piece->scenario];
        }
        return;
    }
    parcel_carry(parcel, &unit->outcomes, sizeof unit->outcomes);
    parcel_carry(parcel, unit->values, job->outcome_count * sizeof *unit->values);
    unit->outcomes.values = unit->values;
}
