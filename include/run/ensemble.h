/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_ENSEMBLE_H
#define BUYIN_RUN_ENSEMBLE_H

#include "run/piece.h"

/** A share of the replicates of all scenarios, taken in the order (scenario, replicate). */
struct run_part {
    size_t number, count; /* number 1 to count; count 0: there are no parts */
};

/** Of `all` replicates the part has [first, end). */
void part_bounds(const struct run_part *part, size_t all, size_t *first, size_t *end);

/** Whether a replicate belongs to a part; scenarios have as many replicates each. */
bool part_has(const struct run_part *part, size_t scenario_count, size_t replicates,
              size_t scenario, size_t replicate);

/** All pieces of one or more scenarios, shared out over threads and, if this process leads a crew
 *  (run/crew.h), over other processes.
 *
 *  Results are handed to the sink in the order (scenario, replicate, site), by one thread at a
 * time, whatever the order in which they are finished: the same results for any number of threads
 * and processes and any schedule. Memory grows with threads, not with pieces.
 */
struct ensemble {
    const struct configuration *scenarios;
    size_t scenario_count;
    int threads;              /* of every process; 0: as many as OpenMP would take */
    int group;                /* enum group: outcomes of these patients only; 0: of everyone */
    bool verify;              /* check the conservation laws after every week */
    enum piece_detail detail; /* of a piece, what the sink reads */
    struct run_part part;
    /** With the sink's context: does some of the work that the sink left for later; false if there
     *  is none. Called by any thread that has no piece, also beside the sink; NULL: nothing is left.
     */
    bool (*help)(void *context);

    size_t peak_bytes; /* out: most memory that the pieces of this process held together */
};

/** Takes a finished piece; it is overwritten when the function returns. */
typedef int (*piece_sink)(void *context, const struct piece *piece);

/** What came of a replicate, all its sites together. */
struct replicate_outcomes {
    size_t scenario, replicate;
    const double *values; /* in the order of outcome_list_init for the first scenario */
    int64_t stepped_patient_weeks;
};

/** Takes the outcomes of a replicate. */
typedef int (*outcomes_sink)(void *context, const struct replicate_outcomes *outcomes);

/** Number of pieces of the part: the sum of replicates times sites over scenarios. */
size_t ensemble_piece_count(const struct ensemble *ensemble);

/** Threads of this process that will be used. */
int ensemble_threads(const struct ensemble *ensemble);

/** Runs everything. Fails with what the first failing piece, or the sink, reported. */
int ensemble_run(struct ensemble *ensemble, piece_sink sink, void *context);

/** The same if nothing but outcomes is wanted. All scenarios have as many sites. */
int ensemble_outcomes(struct ensemble *ensemble, outcomes_sink sink, void *context);

#endif
