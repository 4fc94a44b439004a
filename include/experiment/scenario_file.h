/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_SCENARIO_FILE_H
#define BUYIN_EXPERIMENT_SCENARIO_FILE_H

#include "experiment/scenarios.h"

struct results_file;

/** Adds groups of a command's own to the results file. */
typedef int (*scenario_file_extra)(struct results_file *file, const void *context);

/** Writes a results file with the outcomes of all scenarios that were kept, in all replicates. */
int scenario_file_write(const struct scenarios *scenarios, const char *path, bool force,
                        const char *command, int threads, scenario_file_extra extra,
                        const void *context);

#endif
