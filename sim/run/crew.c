/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crew_private.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

/* Results that the leader has room for, besides one for each of its own units. */
enum { PARCELS_AHEAD = 8 };

/* Processes, like threads, are a matter of the whole program: there is one crew at a time. */
static struct {
    const struct crew *crew; /* NULL: works alone */
    int *threads;            /* that each server has of its own accord; NULL: not yet known */
    size_t *room;            /* tasks that each server may still be given */
    struct parcel parcel;    /* the message that is read or written */
} team;

int crew_size(void)
{
    return team.crew != NULL ? team.crew->count : 1;
}

static int post_all(enum message message)
{
    int status = 0;
    for (int to = 1; to < team.crew->count; to++) {
        message_begin(&team.parcel, message);
        TRY(message_post(team.crew, to, &team.parcel));
    }
out:
    return status;
}

void crew_lead(const struct crew *crew)
{
    free(team.threads);
    free(team.room);
    parcel_free(&team.parcel);
    team.threads = NULL;
    team.room = NULL;
    team.crew = crew;
}

/* Hears from every server once. */
static int muster(void)
{
    int status = 0;
    char ours[MESSAGE_SIZE], theirs[MESSAGE_SIZE];
    const int count = team.crew->count;
    if (team.threads != NULL) {
        return 0;
    }
    int *threads = calloc((size_t)count, sizeof *threads);
    free(team.room);
    team.room = calloc((size_t)count, sizeof *team.room);
    if (threads == NULL || team.room == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %d processes", count);
    }
    message_version(ours);
    TRY(post_all(MESSAGE_CALL));
    for (int heard = 1; heard < count; heard++) {
        int from = 0;
        uint32_t message = 0;
        TRY(message_wait(team.crew, &team.parcel, &from, &message));
        parcel_carry(&team.parcel, theirs, sizeof theirs);
        parcel_carry(&team.parcel, &threads[from], sizeof *threads);
        if (message != MESSAGE_HELLO || strcmp(ours, theirs) != 0) {
            FAIL(ERROR_INPUT,
                 "process %d runs Buyin %.60s, process 0 runs %.60s: all must be one "
                 "version",
                 from, theirs, ours);
        }
    }
    team.threads = threads;
    threads = NULL;
out:
    free(threads);
    return status;
}

static size_t threads_of(int server, int wanted)
{
    return (size_t)(wanted > 0 ? wanted : team.threads[server]);
}

int crew_threads(int wanted, size_t *threads)
{
    int status = 0;
    TRY(muster());
    for (int server = 1; server < team.crew->count; server++) {
        *threads += threads_of(server, wanted);
    }
out:
    return status;
}

int crew_join(struct pool *pool)
{
    int status = 0;
    TRY(muster());
    pool->guest = calloc(1, sizeof *pool->guest);
    pool->parcels = calloc(pool->unit_count + PARCELS_AHEAD, sizeof *pool->parcels);
    if (pool->guest == NULL || pool->parcels == NULL) {
        FAIL(ERROR_MEMORY, "no memory for what other processes send");
    }
    pool->parcel_count = pool->unit_count + PARCELS_AHEAD;
    TRY(unit_init(pool->guest, pool->job));
    pool->ticket_count += pool->parcel_count;
    for (int server = 1; server < team.crew->count; server++) {
        team.room[server] = TASKS_PER_THREAD * threads_of(server, pool->job->threads);
        pool->ticket_count += team.room[server];
    }
out:
    return status;
}

/* Gives every server what it has room for. */
static int give_tasks(struct pool *pool, bool *is_busy)
{
    int status = 0;
    bool is_given = true;
    while (is_given) { /* one to each in turn */
        is_given = false;
        for (int server = 1; server < team.crew->count; server++) {
            size_t number = 0;
            omp_set_lock(&pool->lock);
            const bool gets_one = team.room[server] > 0 && pool_give_out(pool, server, &number);
            omp_unset_lock(&pool->lock);
            if (gets_one) {
                team.room[server]--;
                is_given = *is_busy = true;
                TRY(message_post_number(team.crew, server, &team.parcel, MESSAGE_TASK, number));
            }
        }
    }
out:
    return status;
}

/* Asks for what is next in order, as far as there are parcels to take it in. */
static int ask_for_results(struct pool *pool, bool *is_busy)
{
    int status = 0;
    for (size_t ahead = 0; ahead < pool->parcel_count; ahead++) {
        int owner = 0;
        omp_set_lock(&pool->lock);
        const size_t number = pool->delivered + ahead;
        struct ticket *ticket = &pool->tickets[number % pool->ticket_count];
        if (number < pool->next && ticket->stage == STAGE_THERE) {
            ticket->stage = STAGE_ASKED;
            owner = ticket->owner;
        }
        omp_unset_lock(&pool->lock);
        if (owner != 0) {
            *is_busy = true;
            TRY(message_post_number(team.crew, owner, &team.parcel, MESSAGE_SEND, number));
        }
    }
out:
    return status;
}

/* What a server says of a task; a result is kept until its turn has come. */
static int hear(struct pool *pool, int from, uint32_t message)
{
    size_t number = 0;
    int failure = 0;
    char reason[MESSAGE_SIZE] = "";
    struct parcel *parcel = &team.parcel;
    parcel_carry(parcel, &number, sizeof number);
    if (message == MESSAGE_FAILED) {
        parcel_carry(parcel, &failure, sizeof failure);
        parcel_carry(parcel, reason, sizeof reason);
    }
    if (parcel_check(parcel) != 0) {
        return ERROR_MODEL;
    }
    omp_set_lock(&pool->lock);
    struct ticket *ticket = &pool->tickets[number % pool->ticket_count];
    if (message == MESSAGE_FAILED) {
        pool_fail(pool, number, failure, reason);
        team.room[from]++;
    } else if (message == MESSAGE_DONE) {
        ticket->stage = STAGE_THERE;
    } else {
        struct parcel *place = &pool->parcels[number % pool->parcel_count];
        const struct parcel emptied = *place;
        *place = *parcel;
        *parcel = emptied;
        ticket->stage = STAGE_HERE;
        team.room[from]++;
    }
    pool_deliver(pool);
    omp_unset_lock(&pool->lock);
    return 0;
}

static int share_round(struct pool *pool, bool *is_busy)
{
    int status = 0;
    bool is_there = true;
    TRY(give_tasks(pool, is_busy));
    TRY(ask_for_results(pool, is_busy));
    while (is_there) {
        int from = 0;
        uint32_t message = 0;
        TRY(message_receive(team.crew, &team.parcel, &is_there, &from, &message));
        if (is_there) {
            *is_busy = true;
            TRY(hear(pool, from, message));
        }
    }
out:
    return status;
}

int crew_open_result(struct pool *pool, size_t number)
{
    uint32_t message = 0;
    struct parcel *parcel = &pool->parcels[number % pool->parcel_count];
    parcel_open(parcel);
    parcel_carry(parcel, &message, sizeof message);
    parcel_carry(parcel, &number, sizeof number);
    unit_carry(pool->guest, pool->job, parcel);
    return parcel_check(parcel);
}

/* Everything is sent at once: the servers begin while the last is still being told. */
static int post_job(const struct job *given)
{
    int status = 0;
    struct job job = *given; /* packing does not change it */
    message_begin(&team.parcel, MESSAGE_JOB);
    job_carry(&job, &team.parcel);
    for (int server = 1; server < team.crew->count; server++) {
        TRY(message_post(team.crew, server, &team.parcel));
    }
out:
    return status;
}

void crew_share(struct pool *pool)
{
    bool is_over = false;
    const int posted = post_job(pool->job);
    if (posted != 0) {
        omp_set_lock(&pool->lock);
        pool_stop(pool, posted, error_message());
        omp_unset_lock(&pool->lock);
        return;
    }
    while (!is_over) {
        bool is_busy = false;
        const int status = share_round(pool, &is_busy);
        omp_set_lock(&pool->lock);
        if (status != 0) {
            pool_stop(pool, status, error_message());
        }
        pool_deliver(pool);
        is_over = pool_is_over(pool);
        omp_unset_lock(&pool->lock);
        if (!is_busy && !is_over) {
            rest_a_moment();
        }
    }
}

void crew_recall(struct pool *pool)
{
    int status = post_all(MESSAGE_RECALL);
    for (int idle = 1; idle < team.crew->count && status == 0;) {
        int from = 0;
        uint32_t message = 0;
        status = message_wait(team.crew, &team.parcel, &from, &message);
        idle += status == 0 && message == MESSAGE_IDLE;
    }
    if (status != 0) {
        pool_stop(pool, status, error_message());
    }
}

void crew_dismiss(void)
{
    if (team.crew != NULL) {
        (void)post_all(MESSAGE_DISMISS);
    }
    crew_lead(NULL);
}
