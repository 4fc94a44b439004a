/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_STORAGE_HDF5_MERGE_H
#define BUYIN_STORAGE_HDF5_MERGE_H

#include "storage/hdf5_file.h"

/** One results file out of several that were written by the same calls, each with other replicates.
 *
 *  Replicates are counted in the order (scenario, replicate). What a dataset is follows from its
 *  dimensions: `scenario, replicate, ...` is taken over block by block, rows of a growing dimension
 *  are appended, and all else must be the same in all files.
 *  Fails like results_file_create and results_file_write; ERROR_INPUT also if files do not fit.
 */

/** Begins PATH.part with all that the complete file `from` holds; results_file_commit ends it. */
int results_merge_begin(struct results_file **file, const char *path, bool force, const char *from);

/** Adds the replicates [first, end) of the complete file `from`.
 *
 *  `references` holds numbers of rows of `target`, both growing; NULL: there is no such dataset.
 */
int results_merge_add(struct results_file *file, const char *from, size_t first, size_t end,
                      const char *references, const char *target);

/** Writes a block of a numeric dataset that the file has already. */
int results_merge_write(struct results_file *file, const char *path, const size_t *start,
                        const size_t *count, const double *values);

/** Removes an attribute of the root, so that it may be written anew. */
int results_merge_remove(struct results_file *file, const char *name);

#endif
