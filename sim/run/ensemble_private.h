/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_ENSEMBLE_PRIVATE_H
#define BUYIN_RUN_ENSEMBLE_PRIVATE_H

#include "run/ensemble.h"

#include "base/parcel.h"
#include "observe/outcomes.h"

#include <omp.h>

enum { MESSAGE_SIZE = 1024 };

/* ---- job.c: what there is to do, and doing one task of it ---- */

/** What every process has to know. A task is a piece or, if only outcomes are wanted, a replicate. */
struct job {
    const struct configuration *scenarios;
    size_t scenario_count;
    int threads, group;
    bool verify, by_replicate;
    enum piece_detail detail;
    struct run_part part;

    struct coefficients *coefficients; /* one per scenario */
    size_t *starts;                    /* [scenario]: its first task; the last entry: all tasks */
    size_t first, task_count;          /* tasks of the part */
    size_t outcome_count;
    struct configuration *taken; /* `scenarios`, if they came out of a parcel */
};

/** Makes the tables of a job whose first fields are filled in. Fails: ERROR_INPUT, ERROR_MEMORY. */
int job_prepare(struct job *job);
void job_carry(struct job *job, struct parcel *parcel);
void job_free(struct job *job);

/** What a thread works with: a piece at a time, and the sum over the sites of a replicate. */
struct unit {
    struct piece piece;
    struct tally *sum;
    struct replicate_outcomes outcomes;
    double *values; /* of the outcomes */
};

int unit_init(struct unit *unit, const struct job *job);
void unit_free(struct unit *unit);

/** Does task `number` of the part, counted from 0. */
int unit_run(struct unit *unit, const struct job *job, size_t number);

/** Puts in or takes out what came of a task. */
void unit_carry(struct unit *unit, const struct job *job, struct parcel *parcel);

/* ---- ensemble.c: the tasks of a job, shared by the threads of this process ---- */

/** How far a task is that was given out and not yet handed over. */
enum stage {
    STAGE_OUT,    /* under way, here or in another process */
    STAGE_THERE,  /* finished in another process, which keeps it */
    STAGE_ASKED,  /* on its way here */
    STAGE_HERE,   /* finished, its turn will come */
    STAGE_FAILED, /* and so will this one's */
};

struct ticket {
    enum stage stage;
    int owner; /* process */
    size_t unit;
};

struct pool {
    const struct job *job;
    piece_sink sink;
    outcomes_sink outcomes;      /* instead of sink, if the job is by replicate */
    bool (*help)(void *context); /* NULL: none is needed */
    void *context;

    struct unit *units; /* of this process: those finished wait here until it is their turn */
    size_t *idle;       /* of them, a stack */
    size_t unit_count, idle_count;
    struct ticket *tickets; /* of task n: n % ticket_count */
    size_t ticket_count;
    struct unit *guest;     /* what came from another process, opened to be handed over */
    struct parcel *parcels; /* of task n: n % parcel_count */
    size_t parcel_count;

    omp_lock_t lock;  /* guards all below, and idle, tickets and parcels */
    size_t next;      /* task to give out */
    size_t delivered; /* tasks handed over */
    bool is_delivering;
    size_t failed; /* the first task known to have failed, and what it reported */
    int failed_status;
    char failed_message[MESSAGE_SIZE];
    int status; /* what ended the work */
    char message[MESSAGE_SIZE];
};

/** All of these are called with the lock held. */
bool pool_is_over(const struct pool *pool);
bool pool_give_out(struct pool *pool, int owner, size_t *number);
void pool_fail(struct pool *pool, size_t number, int status, const char *message);
void pool_stop(struct pool *pool, int status, const char *message);
void pool_deliver(struct pool *pool);

void rest_a_moment(void);

/* ---- crew.c: the same tasks, shared with other processes ---- */

/** Threads of all processes for a job that asks for so many of each. */
int crew_threads(int wanted, size_t *threads);

/** Makes the leader's part of a pool. Fails: ERROR_MEMORY. */
int crew_join(struct pool *pool);

/** Gives tasks out to the others and takes in what they have done, until the pool is over. */
void crew_share(struct pool *pool);

/** Opens what has come in of a task into the pool's guest. Fails: ERROR_MEMORY, ERROR_MODEL. */
int crew_open_result(struct pool *pool, size_t number);

/** Has the others give up what they are at; comes back when they have. */
void crew_recall(struct pool *pool);

#endif
