/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/ensemble.h"

#include "base/error.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Finished pieces wait here until it is their turn; twice as many as threads, so that one slow
 * piece does not stop the others. */
struct slot {
    struct piece piece;
    bool is_ready;
    int status;
    char message[1024];
};

struct pool {
    const struct ensemble *ensemble;
    struct coefficients *coefficients; /* one per scenario */
    piece_sink sink;
    void *context;
    struct slot *slots;
    size_t slot_count, piece_count;
    omp_lock_t lock;  /* guards all below and every slot's is_ready, status and message */
    size_t next;      /* piece to take */
    size_t delivered; /* pieces handed to the sink */
    bool is_delivering;
    int status;
    char message[1024];
};

size_t ensemble_piece_count(const struct ensemble *ensemble)
{
    size_t count = 0;
    for (size_t s = 0; s < ensemble->scenario_count; s++) {
        count += (size_t)ensemble->scenarios[s].parameters.run.replicates *
                 ensemble->scenarios[s].site_count;
    }
    return count;
}

int ensemble_threads(const struct ensemble *ensemble)
{
    return ensemble->threads > 0 ? ensemble->threads : omp_get_max_threads();
}

/* Which scenario, replicate and site a number stands for. */
static void locate(const struct ensemble *ensemble, size_t number, struct piece *piece)
{
    size_t s = 0;
    for (;; s++) {
        const size_t pieces = (size_t)ensemble->scenarios[s].parameters.run.replicates *
                              ensemble->scenarios[s].site_count;
        if (number < pieces) {
            break;
        }
        number -= pieces;
    }
    piece->scenario = s;
    piece->replicate = number / ensemble->scenarios[s].site_count;
    piece->site = number % ensemble->scenarios[s].site_count;
}

static void note_failure(struct pool *pool, int status, const char *message)
{
    if (pool->status == 0) {
        pool->status = status;
        (void)snprintf(pool->message, sizeof pool->message, "%s", message);
    }
}

/* Hands over what is ready, in order. Called and left with the lock held. */
static void deliver(struct pool *pool)
{
    if (pool->is_delivering) {
        return;
    }
    pool->is_delivering = true;
    while (pool->status == 0 && pool->delivered < pool->next) {
        struct slot *slot = &pool->slots[pool->delivered % pool->slot_count];
        if (!slot->is_ready) {
            break;
        }
        omp_unset_lock(&pool->lock);
        int status = slot->status;
        const char *message = slot->message;
        if (status == 0) {
            status = pool->sink(pool->context, &slot->piece);
            message = error_message();
        }
        omp_set_lock(&pool->lock);
        if (status != 0) {
            note_failure(pool, status, message);
        }
        slot->is_ready = false;
        pool->delivered++;
    }
    pool->is_delivering = false;
}

static void rest_a_moment(void)
{
    const struct timespec moment = {.tv_nsec = 50000};
    (void)nanosleep(&moment, NULL);
}

/* Takes the next piece when its slot is free; false when there is none left. */
static bool take(struct pool *pool, size_t *number)
{
    for (;;) {
        omp_set_lock(&pool->lock);
        const bool over = pool->status != 0 || pool->next == pool->piece_count;
        const bool has_room = pool->next < pool->delivered + pool->slot_count;
        if (!over && has_room) {
            *number = pool->next++;
        }
        omp_unset_lock(&pool->lock);
        if (over || has_room) {
            return !over;
        }
        rest_a_moment();
    }
}

static void work(struct pool *pool)
{
    size_t number = 0;
    while (take(pool, &number)) {
        struct slot *slot = &pool->slots[number % pool->slot_count];
        locate(pool->ensemble, number, &slot->piece);
        const size_t s = slot->piece.scenario;
        const int status =
            piece_run(&slot->piece, &pool->ensemble->scenarios[s], &pool->coefficients[s],
                      pool->ensemble->group, pool->ensemble->verify);
        omp_set_lock(&pool->lock);
        slot->status = status;
        if (status != 0) {
            (void)snprintf(slot->message, sizeof slot->message, "%s", error_message());
        }
        slot->is_ready = true;
        deliver(pool);
        omp_unset_lock(&pool->lock);
    }
}

/* Returns how much memory the pieces held. */
static size_t pool_free(struct pool *pool)
{
    size_t bytes = 0;
    for (size_t s = 0; pool->slots != NULL && s < pool->slot_count; s++) {
        bytes += pool->slots[s].piece.arena.peak_bytes + sizeof(struct tally);
        piece_free(&pool->slots[s].piece);
    }
    free(pool->slots);
    free(pool->coefficients);
    return bytes;
}

int ensemble_run(struct ensemble *ensemble, piece_sink sink, void *context)
{
    int status = 0;
    const int threads = ensemble_threads(ensemble);
    struct pool pool = {.ensemble = ensemble,
                        .sink = sink,
                        .context = context,
                        .slot_count = 2 * (size_t)threads,
                        .piece_count = ensemble_piece_count(ensemble)};
    omp_init_lock(&pool.lock);
    pool.slots = calloc(pool.slot_count, sizeof *pool.slots);
    pool.coefficients = calloc(ensemble->scenario_count, sizeof *pool.coefficients);
    if (pool.slots == NULL || pool.coefficients == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %d threads", threads);
    }
    for (size_t s = 0; s < pool.slot_count; s++) {
        TRY(piece_init(&pool.slots[s].piece));
    }
    for (size_t s = 0; s < ensemble->scenario_count; s++) {
        TRY(timeline_check(&ensemble->scenarios[s]));
        coefficients_compute(&pool.coefficients[s], &ensemble->scenarios[s].parameters);
    }
#pragma omp parallel num_threads(threads)
    work(&pool);
    while (pool.status == 0 && pool.delivered < pool.piece_count) {
        omp_set_lock(&pool.lock);
        deliver(&pool);
        omp_unset_lock(&pool.lock);
    }
    if (pool.status != 0) {
        FAIL(pool.status, "%s", pool.message);
    }
out:
    ensemble->peak_bytes = pool_free(&pool);
    omp_destroy_lock(&pool.lock);
    return status;
}
