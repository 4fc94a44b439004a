/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_RESULTS_WRITER_H
#define BUYIN_RUN_RESULTS_WRITER_H

#include "run/results.h"

/** Writes a results file as pieces come in (layout: sim/run/results_writer.c). */
struct results_writer;

/** What is noted about the run itself. */
struct run_description {
    const char *command; /* as it was typed */
    int threads;
    const char *const *scenario_names; /* one per scenario */
};

/** Begins the file. Fails: ERROR_INPUT (path), ERROR_FILE, ERROR_MEMORY. */
int results_writer_open(struct results_writer **writer, const char *path, bool force,
                        const struct configuration *scenarios, size_t scenario_count,
                        const struct results *results, const struct run_description *description);

/** Adds the next piece; `replicate_done` if it completed its replicate in `results`. */
int results_writer_add(struct results_writer *writer, const struct piece *piece,
                       bool replicate_done);

/** Writes the statistics and gives the file its final name; frees the writer. */
int results_writer_commit(struct results_writer **writer, double seconds);

/** Leaves only PATH.part; nothing if NULL. */
void results_writer_discard(struct results_writer **writer);

#endif
