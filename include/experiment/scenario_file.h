/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_SCENARIO_FILE_H
#define BUYIN_EXPERIMENT_SCENARIO_FILE_H

#include "experiment/scenarios.h"
#include "run/results_writer.h"

struct results_file;

/** Adds groups of a command's own to the results file. */
typedef int (*scenario_file_extra)(struct results_file *file, const void *context);

/** Begins a results file of scenarios whose results are initialised. Fails as results_writer_open.
 *  outcomes_only: room for named outcomes alone, for files of many scenarios.
 */
int scenario_file_open(struct results_writer **writer, const struct scenarios *scenarios,
                       const struct scenario_output *output, int threads, bool outcomes_only);

/** Writes a results file with the outcomes of all scenarios that were kept, in all replicates. */
int scenario_file_write(const struct scenarios *scenarios, const char *path, bool force,
                        const char *command, int threads, scenario_file_extra extra,
                        const void *context);

#endif
