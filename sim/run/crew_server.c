/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crew_private.h"

#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum errand_stage { FREE, WAITING, UNDER_WAY, FINISHED, ANNOUNCED };

struct errand {
    enum errand_stage stage;
    size_t number;
    int status;
    struct parcel parcel; /* the RESULT, or FAILED */
};

struct server {
    const struct crew *crew;
    struct job job;
    struct unit *units; /* one per thread */
    struct errand *errands;
    size_t thread_count, errand_count;
    struct parcel parcel; /* the message that is read or written */
    omp_lock_t lock;      /* guards every errand's stage, and is_recalled */
    bool is_recalled;
};

/* The errand of least number that is at this stage; NULL if there is none. */
static struct errand *find_errand(struct server *server, enum errand_stage stage)
{
    struct errand *found = NULL;
    for (size_t e = 0; e < server->errand_count; e++) {
        struct errand *errand = &server->errands[e];
        if (errand->stage == stage && (found == NULL || errand->number < found->number)) {
            found = errand;
        }
    }
    return found;
}

static void pack_failure(struct parcel *parcel, size_t number, int failure)
{
    char reason[MESSAGE_SIZE] = "";
    (void)snprintf(reason, sizeof reason, "%s", error_message());
    message_begin(parcel, MESSAGE_FAILED);
    parcel_carry(parcel, &number, sizeof number);
    parcel_carry(parcel, &failure, sizeof failure);
    parcel_carry(parcel, reason, sizeof reason);
}

static void do_errand(struct server *server, struct unit *unit, struct errand *errand)
{
    errand->status = unit_run(unit, &server->job, errand->number);
    if (errand->status == 0) {
        message_begin(&errand->parcel, MESSAGE_RESULT);
        parcel_carry(&errand->parcel, &errand->number, sizeof errand->number);
        unit_carry(unit, &server->job, &errand->parcel);
        errand->status = parcel_check(&errand->parcel);
    }
    if (errand->status != 0) {
        pack_failure(&errand->parcel, errand->number, errand->status);
    }
}

/* Does the errand that has waited longest; false if there is none. */
static bool run_errand(struct server *server, struct unit *unit)
{
    omp_set_lock(&server->lock);
    struct errand *errand = server->is_recalled ? NULL : find_errand(server, WAITING);
    if (errand != NULL) {
        errand->stage = UNDER_WAY;
    }
    omp_unset_lock(&server->lock);
    if (errand == NULL) {
        return false;
    }
    do_errand(server, unit, errand);
    omp_set_lock(&server->lock);
    errand->stage = FINISHED;
    omp_unset_lock(&server->lock);
    return true;
}

static void run_errands(struct server *server, struct unit *unit)
{
    bool is_recalled = false;
    while (!is_recalled) {
        if (!run_errand(server, unit)) {
            rest_a_moment();
        }
        omp_set_lock(&server->lock);
        is_recalled = server->is_recalled;
        omp_unset_lock(&server->lock);
    }
}

/* Tells the leader of what is finished. */
static int announce(struct server *server, bool *is_busy)
{
    int status = 0;
    for (;;) {
        omp_set_lock(&server->lock);
        struct errand *errand = find_errand(server, FINISHED);
        omp_unset_lock(&server->lock);
        if (errand == NULL) {
            break;
        }
        *is_busy = true;
        if (errand->status == 0) {
            TRY(message_post_number(server->crew, 0, &server->parcel, MESSAGE_DONE,
                                    errand->number));
        } else {
            TRY(message_post(server->crew, 0, &errand->parcel));
        }
        omp_set_lock(&server->lock);
        errand->stage = errand->status == 0 ? ANNOUNCED : FREE;
        omp_unset_lock(&server->lock);
    }
out:
    return status;
}

/* The errand about this task that the leader may ask for; NULL if there is none. */
static struct errand *find_announced(struct server *server, size_t number)
{
    for (size_t e = 0; e < server->errand_count; e++) {
        struct errand *errand = &server->errands[e];
        if (errand->number == number && errand->stage == ANNOUNCED) {
            return errand;
        }
    }
    return NULL;
}

static int take_task(struct server *server, size_t number)
{
    omp_set_lock(&server->lock);
    struct errand *errand = find_errand(server, FREE);
    if (errand != NULL) {
        errand->number = number;
        errand->stage = WAITING;
    }
    omp_unset_lock(&server->lock);
    return errand != NULL ? 0 : error_set(ERROR_MODEL, "there is no room for task %zu", number);
}

static int send_result(struct server *server, size_t number)
{
    omp_set_lock(&server->lock);
    struct errand *errand = find_announced(server, number);
    omp_unset_lock(&server->lock);
    if (errand == NULL) {
        return error_set(ERROR_MODEL, "task %zu was asked for and is not here", number);
    }
    const int status = message_post(server->crew, 0, &errand->parcel);
    omp_set_lock(&server->lock);
    errand->stage = FREE;
    omp_unset_lock(&server->lock);
    return status;
}

static int obey(struct server *server, uint32_t message)
{
    size_t number = 0;
    parcel_carry(&server->parcel, &number, sizeof number);
    if (message == MESSAGE_TASK) {
        return take_task(server, number);
    }
    if (message == MESSAGE_SEND) {
        return send_result(server, number);
    }
    omp_set_lock(&server->lock);
    server->is_recalled = true;
    omp_unset_lock(&server->lock);
    return 0;
}

/* The first thread: messages, until the job is recalled. It works only if it was given no other. */
static int attend(struct server *server)
{
    int status = 0;
    const bool is_alone = omp_get_num_threads() == 1;
    while (!server->is_recalled) {
        int from = 0;
        uint32_t message = 0;
        bool is_there = false, is_busy = false;
        TRY(message_receive(server->crew, &server->parcel, &is_there, &from, &message));
        if (is_there) {
            is_busy = true;
            TRY(obey(server, message));
        }
        TRY(announce(server, &is_busy));
        if (!is_busy && (!is_alone || !run_errand(server, &server->units[0]))) {
            rest_a_moment();
        }
    }
out:
    omp_set_lock(&server->lock);
    server->is_recalled = true;
    omp_unset_lock(&server->lock);
    return status;
}

static int make_ready(struct server *server)
{
    int status = 0;
    const int wanted = server->job.threads;
    server->thread_count = (size_t)(wanted > 0 ? wanted : omp_get_max_threads());
    server->units = calloc(server->thread_count, sizeof *server->units);
    server->errands = calloc(TASKS_PER_THREAD * server->thread_count, sizeof *server->errands);
    if (server->units == NULL || server->errands == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %zu threads", server->thread_count);
    }
    server->errand_count = TASKS_PER_THREAD * server->thread_count;
    TRY(job_prepare(&server->job));
    for (size_t u = 0; u < server->thread_count; u++) {
        TRY(unit_init(&server->units[u], &server->job));
    }
out:
    return status;
}

static void put_away(struct server *server)
{
    for (size_t u = 0; server->units != NULL && u < server->thread_count; u++) {
        unit_free(&server->units[u]);
    }
    for (size_t e = 0; e < server->errand_count; e++) {
        parcel_free(&server->errands[e].parcel);
    }
    free(server->units);
    free(server->errands);
    job_free(&server->job);
}

/* Without the means to work: every task fails for that reason. */
static int refuse_tasks(struct server *server, int failure)
{
    int status = 0, from = 0;
    uint32_t message = 0;
    struct parcel refusal = {0};
    pack_failure(&refusal, 0, failure);
    while (message != MESSAGE_RECALL) {
        TRY(message_wait(server->crew, &server->parcel, &from, &message));
        if (message == MESSAGE_TASK) {
            size_t number = 0;
            parcel_carry(&server->parcel, &number, sizeof number);
            memcpy(refusal.bytes + sizeof message, &number, sizeof number);
            TRY(message_post(server->crew, 0, &refusal));
        }
    }
out:
    parcel_free(&refusal);
    return status;
}

static int work(struct server *server)
{
    int status = 0;
#pragma omp parallel num_threads((int)server->thread_count + 1)
    {
        const int thread = omp_get_thread_num();
        if (thread == 0) {
            status = attend(server);
        } else {
            run_errands(server, &server->units[thread - 1]);
        }
    }
    return status;
}

/* `job` is the message, which the configurations borrow from. */
static int serve_job(const struct crew *crew, struct parcel *job)
{
    int status = 0;
    struct server server = {.crew = crew};
    omp_init_lock(&server.lock);
    job_carry(&server.job, job);
    int failure = parcel_check(job);
    if (failure == 0) {
        failure = make_ready(&server);
    }
    TRY(failure == 0 ? work(&server) : refuse_tasks(&server, failure));
    message_begin(&server.parcel, MESSAGE_IDLE);
    TRY(message_post(crew, 0, &server.parcel));
out:
    put_away(&server);
    parcel_free(&server.parcel);
    omp_destroy_lock(&server.lock);
    return status;
}

static int say_hello(const struct crew *crew, struct parcel *parcel)
{
    char version[MESSAGE_SIZE];
    int threads = omp_get_max_threads();
    message_version(version);
    message_begin(parcel, MESSAGE_HELLO);
    parcel_carry(parcel, version, sizeof version);
    parcel_carry(parcel, &threads, sizeof threads);
    return message_post(crew, 0, parcel);
}

int crew_serve(const struct crew *crew)
{
    int status = 0, from = 0;
    uint32_t message = MESSAGE_CALL;
    struct parcel parcel = {0};
    while (message != MESSAGE_DISMISS) {
        TRY(message_wait(crew, &parcel, &from, &message));
        if (message == MESSAGE_CALL) {
            TRY(say_hello(crew, &parcel));
        } else if (message == MESSAGE_JOB) {
            TRY(serve_job(crew, &parcel));
        }
    }
out:
    parcel_free(&parcel);
    return status;
}
