/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_RESULTS_WRITER_H
#define BUYIN_RUN_RESULTS_WRITER_H

#include "run/results.h"
#include "storage/hdf5_file.h"

/** Writes a results file as pieces come in (layout: sim/run/results_writer.c). */
struct results_writer;

/** What is noted about the run itself. */
struct run_description {
    const char *command; /* as it was typed */
    int threads;
    const char *const *scenario_names; /* one per scenario; needed while opening */
    struct run_part part;              /* that is written; {0}: the whole */
    bool outcomes_only;                /* no /weekly, /groups, /cohort ...: for many scenarios */
};

/** Begins the file; `path` NULL: in memory, to be measured and discarded. Fails: ERROR_INPUT (path),
 *  ERROR_FILE, ERROR_MEMORY. */
int results_writer_open(struct results_writer **writer, const char *path, bool force,
                        const struct configuration *scenarios, size_t scenario_count,
                        const struct results *results, const struct run_description *description);

/** Adds the next piece; `replicate_done` if it completed its replicate in `results`. */
int results_writer_add(struct results_writer *writer, const struct piece *piece,
                       bool replicate_done);

/** For any thread, beside results_writer_add: compresses some of what was added; false if there is
 *  nothing to do. */
bool results_writer_help(struct results_writer *writer);

/** Writes the outcomes of a replicate that is complete in the results, without its pieces. */
int results_writer_replicate(struct results_writer *writer, size_t scenario, size_t replicate);

/** Measures what was written, as if it were complete; the writer can only be discarded after it. */
int results_writer_measure(struct results_writer *writer, struct results_sizes *sizes);

/** The file behind the writer, for groups of a command's own. */
struct results_file *results_writer_file(struct results_writer *writer);

/** Writes the statistics and gives the file its final name; frees the writer. */
int results_writer_commit(struct results_writer **writer, double seconds);

/** Leaves only PATH.part; nothing if NULL. */
void results_writer_discard(struct results_writer **writer);

#endif
