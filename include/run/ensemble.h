/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_ENSEMBLE_H
#define BUYIN_RUN_ENSEMBLE_H

#include "run/piece.h"

/** All pieces of one or more scenarios, shared out over threads.
 *
 *  Results are handed to the sink in the order (scenario, replicate, site), by one thread at a
 * time, whatever the order in which they are finished: the same results for any number of threads
 * and any schedule. Memory grows with threads, not with pieces.
 */
struct ensemble {
    const struct configuration *scenarios;
    size_t scenario_count;
    int threads; /* 0: as many as OpenMP would take */
    int group;   /* enum group: outcomes of these patients only; 0: of everyone */
    bool verify; /* check the conservation laws after every week */

    size_t peak_bytes; /* out: most memory that the pieces held together */
};

/** Takes a finished piece; it is overwritten when the function returns. */
typedef int (*piece_sink)(void *context, const struct piece *piece);

/** Number of pieces: the sum of replicates times sites over scenarios. */
size_t ensemble_piece_count(const struct ensemble *ensemble);

/** Threads that will be used. */
int ensemble_threads(const struct ensemble *ensemble);

/** Runs everything. Fails with what the first failing piece, or the sink, reported. */
int ensemble_run(struct ensemble *ensemble, piece_sink sink, void *context);

#endif
