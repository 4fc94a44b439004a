/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_PART_FILES_H
#define BUYIN_RUN_PART_FILES_H

#include "run/ensemble.h"

/** Results files that hold a part of the replicates each, and what joins them.
 *
 *  A part is a results file like others, of the shape that the whole will have, without statistics over
 *  replicates; root attributes part and parts tell which it is.
 */

/** Looks for a part of these scenarios at `path`: `*is_there` if it is complete, so that nothing needs to
 *  be run. Fails: ERROR_INPUT if what is there is anything else.
 */
int part_file_find(const char *path, const struct configuration *scenarios, size_t scenario_count,
                   const struct run_part *part, bool *is_there);

/** Writes the file that one run would have given. `replicates`, of all scenarios together, is for telling.
 *  Fails: ERROR_INPUT (parts that are missing, double, or of different runs), ERROR_FILE, ERROR_MEMORY.
 */
int part_files_merge(const char *const *paths, size_t count, const char *output, bool force,
                     int threads, const char *command, size_t *replicates);

#endif
