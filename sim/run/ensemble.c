/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ensemble_private.h"

#include "base/error.h"
#include "run/crew.h"
#include "run/timeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Finished pieces wait until it is their turn: two per thread, so that one slow piece does not stop
 * the others. With so many replicates per thread each thread takes whole ones, if only outcomes are
 * wanted: less is handed over, and no thread waits long at the end. */
enum { UNITS_PER_THREAD = 2, REPLICATES_PER_THREAD = 4 };

int ensemble_threads(const struct ensemble *ensemble)
{
    return ensemble->threads > 0 ? ensemble->threads : omp_get_max_threads();
}

void pool_fail(struct pool *pool, size_t number, int status, const char *message)
{
    pool->tickets[number % pool->ticket_count].stage = STAGE_FAILED;
    if (pool->failed_status == 0 || number < pool->failed) {
        pool->failed = number;
        pool->failed_status = status;
        (void)snprintf(pool->failed_message, sizeof pool->failed_message, "%s", message);
    }
}

void pool_stop(struct pool *pool, int status, const char *message)
{
    if (pool->status == 0) {
        pool->status = status;
        (void)snprintf(pool->message, sizeof pool->message, "%s", message);
    }
}

bool pool_is_over(const struct pool *pool)
{
    return pool->status != 0 || pool->delivered == pool->job->task_count;
}

bool pool_give_out(struct pool *pool, int owner, size_t *number)
{
    if (pool->status != 0 || pool->next == pool->job->task_count ||
        pool->next == pool->delivered + pool->ticket_count) {
        return false;
    }
    *number = pool->next++;
    pool->tickets[*number % pool->ticket_count] =
        (struct ticket){.stage = STAGE_OUT, .owner = owner};
    return true;
}

static int hand_over(struct pool *pool, const struct unit *unit)
{
    return pool->job->by_replicate ? pool->outcomes(pool->context, &unit->outcomes)
                                   : pool->sink(pool->context, &unit->piece);
}

/* Called without the lock: nobody else touches a ticket that is here. */
static int deliver_one(struct pool *pool, const struct ticket *ticket)
{
    int status = 0;
    struct unit *unit = &pool->units[ticket->unit];
    if (ticket->owner != 0) {
        unit = pool->guest;
        TRY(crew_open_result(pool, pool->delivered));
    }
    TRY(hand_over(pool, unit));
out:
    return status;
}

void pool_deliver(struct pool *pool)
{
    if (pool->is_delivering) {
        return;
    }
    pool->is_delivering = true;
    while (pool->status == 0 && pool->delivered < pool->next) {
        const struct ticket ticket = pool->tickets[pool->delivered % pool->ticket_count];
        if (ticket.stage == STAGE_FAILED) {
            pool_stop(pool, pool->failed_status, pool->failed_message);
        }
        if (ticket.stage != STAGE_HERE) {
            break;
        }
        omp_unset_lock(&pool->lock);
        const int status = deliver_one(pool, &ticket);
        omp_set_lock(&pool->lock);
        if (status != 0) {
            pool_stop(pool, status, error_message());
        }
        if (ticket.owner == 0) {
            pool->idle[pool->idle_count++] = ticket.unit;
        }
        pool->delivered++;
    }
    pool->is_delivering = false;
}

void rest_a_moment(void)
{
    const struct timespec moment = {.tv_nsec = 50000};
    (void)nanosleep(&moment, NULL);
}

/* Does some of what the sink left for later; false if there is nothing. */
static bool lend_hand(const struct pool *pool)
{
    return pool->help != NULL && pool->help(pool->context);
}

/* Takes the next task when there is a unit for it; false when there is no more to do. What is left
 * to help with comes before a new task: it holds memory, and the sink may wait for it. */
static bool take(struct pool *pool, size_t *number, size_t *unit)
{
    for (;;) {
        while (lend_hand(pool)) {
        }
        omp_set_lock(&pool->lock);
        const bool is_given_out = pool->status != 0 || pool->next == pool->job->task_count;
        const bool is_over = is_given_out && (pool->help == NULL || pool_is_over(pool));
        const bool is_taken =
            !is_given_out && pool->idle_count > 0 && pool_give_out(pool, 0, number);
        if (is_taken) {
            *unit = pool->idle[--pool->idle_count];
            pool->tickets[*number % pool->ticket_count].unit = *unit;
        }
        omp_unset_lock(&pool->lock);
        if (is_over || is_taken) {
            return is_taken;
        }
        rest_a_moment();
    }
}

static void work(struct pool *pool)
{
    size_t number = 0, unit = 0;
    while (take(pool, &number, &unit)) {
        const int status = unit_run(&pool->units[unit], pool->job, number);
        omp_set_lock(&pool->lock);
        if (status != 0) {
            pool_fail(pool, number, status, error_message());
        } else {
            pool->tickets[number % pool->ticket_count].stage = STAGE_HERE;
        }
        pool_deliver(pool);
        omp_unset_lock(&pool->lock);
    }
    while (lend_hand(pool)) {
    }
}

static int pool_init(struct pool *pool, int threads)
{
    int status = 0;
    pool->unit_count = UNITS_PER_THREAD * (size_t)threads;
    pool->units = calloc(pool->unit_count, sizeof *pool->units);
    pool->idle = calloc(pool->unit_count, sizeof *pool->idle);
    if (pool->units == NULL || pool->idle == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %d threads", threads);
    }
    for (size_t u = 0; u < pool->unit_count; u++) {
        TRY(unit_init(&pool->units[u], pool->job));
        pool->idle[pool->idle_count++] = u;
    }
    pool->ticket_count = pool->unit_count;
    if (crew_size() > 1) {
        TRY(crew_join(pool));
    }
    pool->tickets = calloc(pool->ticket_count, sizeof *pool->tickets);
    if (pool->tickets == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %zu tasks", pool->ticket_count);
    }
out:
    return status;
}

/* Returns how much memory the pieces held. */
static size_t pool_free(struct pool *pool)
{
    size_t bytes = 0;
    for (size_t u = 0; pool->units != NULL && u < pool->unit_count; u++) {
        const struct piece *piece = &pool->units[u].piece;
        bytes += piece->arena.peak_bytes + piece->weekly_room + sizeof(struct tally);
        unit_free(&pool->units[u]);
    }
    for (size_t p = 0; p < pool->parcel_count; p++) {
        bytes += pool->parcels[p].room;
        parcel_free(&pool->parcels[p]);
    }
    if (pool->guest != NULL) {
        unit_free(pool->guest);
    }
    free(pool->guest);
    free(pool->parcels);
    free(pool->tickets);
    free(pool->idle);
    free(pool->units);
    return bytes;
}

/* The first of the threads sees to the other processes, if there are any. */
static void run_tasks(struct pool *pool, int threads)
{
    const bool has_crew = crew_size() > 1;
#pragma omp parallel num_threads(threads + (has_crew ? 1 : 0))
    {
        if (has_crew && omp_get_thread_num() == 0) {
            crew_share(pool);
        } else {
            work(pool);
        }
    }
    if (has_crew) {
        crew_recall(pool);
    }
    omp_set_lock(&pool->lock);
    while (!pool_is_over(pool)) {
        pool_deliver(pool);
    }
    omp_unset_lock(&pool->lock);
}

static int run_job(struct ensemble *ensemble, struct job *job, struct pool *pool)
{
    int status = 0;
    const int threads = ensemble_threads(ensemble);
    omp_init_lock(&pool->lock);
    for (size_t s = 0; s < ensemble->scenario_count; s++) {
        TRY(timeline_check(&ensemble->scenarios[s]));
    }
    TRY(job_prepare(job));
    TRY(pool_init(pool, threads));
    run_tasks(pool, threads);
    if (pool->status != 0) {
        FAIL(pool->status, "%s", pool->message);
    }
out:
    ensemble->peak_bytes = pool_free(pool);
    omp_destroy_lock(&pool->lock);
    job_free(job);
    return status;
}

static struct job job_of(const struct ensemble *ensemble)
{
    return (struct job){.scenarios = ensemble->scenarios,
                        .scenario_count = ensemble->scenario_count,
                        .threads = ensemble->threads,
                        .group = ensemble->group,
                        .verify = ensemble->verify,
                        .detail = ensemble->detail,
                        .part = ensemble->part};
}

int ensemble_run(struct ensemble *ensemble, piece_sink sink, void *context)
{
    struct job job = job_of(ensemble);
    struct pool pool = {.job = &job, .sink = sink, .help = ensemble->help, .context = context};
    return run_job(ensemble, &job, &pool);
}

/* Adds up the pieces of a replicate as they come. */
struct adder {
    const struct ensemble *ensemble;
    struct tally *sum;
    double *values;
    outcomes_sink sink;
    void *context;
};

static int add_piece(void *context, const struct piece *piece)
{
    struct adder *adder = context;
    const struct configuration *scenario = &adder->ensemble->scenarios[piece->scenario];
    if (piece->site == 0) {
        tally_free(adder->sum);
        memset(adder->sum, 0, sizeof *adder->sum);
    }
    tally_add(adder->sum, piece->tally);
    if (piece->site + 1 < scenario->site_count) {
        return 0;
    }
    outcomes_compute(adder->sum, &scenario->parameters, scenario->site_count, adder->values);
    const struct replicate_outcomes outcomes = {.scenario = piece->scenario,
                                                .replicate = piece->replicate,
                                                .values = adder->values,
                                                .stepped_patient_weeks =
                                                    adder->sum->stepped_patient_weeks};
    return adder->sink(adder->context, &outcomes);
}

/* Few replicates: their sites are shared out one by one. */
static int run_by_piece(struct ensemble *ensemble, outcomes_sink sink, void *context)
{
    int status = 0;
    struct outcome_list list = {0};
    struct adder adder = {.ensemble = ensemble, .sink = sink, .context = context};
    TRY(outcome_list_init(&list, &ensemble->scenarios[0].parameters,
                          ensemble->scenarios[0].site_count));
    adder.sum = calloc(1, sizeof *adder.sum);
    adder.values = calloc(list.count, sizeof *adder.values);
    if (adder.sum == NULL || adder.values == NULL) {
        FAIL(ERROR_MEMORY, "no memory for the outcomes of a replicate");
    }
    ensemble->detail = PIECE_TALLY;
    TRY(ensemble_run(ensemble, add_piece, &adder));
out:
    if (adder.sum != NULL) {
        tally_free(adder.sum);
    }
    free(adder.sum);
    free(adder.values);
    outcome_list_free(&list);
    return status;
}

int ensemble_outcomes(struct ensemble *ensemble, outcomes_sink sink, void *context)
{
    int status = 0;
    size_t threads = (size_t)ensemble_threads(ensemble);
    struct job job = job_of(ensemble);
    struct pool pool = {.job = &job, .outcomes = sink, .context = context};
    if (crew_size() > 1) {
        TRY(crew_threads(ensemble->threads, &threads));
    }
    const size_t replicates = ensemble_piece_count(ensemble) / ensemble->scenarios[0].site_count;
    if (replicates < REPLICATES_PER_THREAD * threads) {
        return run_by_piece(ensemble, sink, context);
    }
    job.by_replicate = true;
    status = run_job(ensemble, &job, &pool);
out:
    return status;
}
