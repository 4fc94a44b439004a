/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hdf5_private.h"

#include <string.h>

int results_file_size(struct results_file *file, double *bytes)
{
    int status = 0;
    hsize_t size = 0;
    TRY_HDF5(H5Fflush(file->id, H5F_SCOPE_GLOBAL), file->partial_path, "", "flushing the file");
    TRY_HDF5(H5Fget_filesize(file->id, &size), file->partial_path, "", "measuring it");
    *bytes = (double)size;
out:
    return status;
}

static bool is_named(const struct results_file *file, size_t dimension, const char *name)
{
    const char *path = file->datasets[file->dimensions[dimension].scale].path;
    const char *slash = strrchr(path, '/');
    return strcmp(slash != NULL ? slash + 1 : path, name) == 0;
}

static double count_chunks(const struct results_dataset *dataset)
{
    double chunks = dataset->stream.is_on ? 1.0 : 0.0;
    for (size_t axis = 0; dataset->stream.is_on && axis < dataset->rank; axis++) {
        const hsize_t length = dataset->stream.chunk[axis];
        const hsize_t along = (dataset->shape[axis] + length - 1) / length;
        chunks *= (double)along;
    }
    return chunks;
}

/* Adds the bytes to those of the datasets that grow alike. */
static void add_bytes(const struct results_file *file, const struct results_dataset *dataset,
                      double bytes, struct results_sizes *sizes)
{
    bool has_rows = false, has_sites = false, has_replicates = false;
    for (size_t axis = 0; axis < dataset->rank; axis++) {
        const size_t dimension = dataset->dimensions[axis];
        has_rows |= file->dimensions[dimension].is_growing;
        has_sites |= is_named(file, dimension, "site") || is_named(file, dimension, "post");
        has_replicates |= is_named(file, dimension, "replicate");
    }
    sizes->other -= bytes;
    if (has_rows) {
        sizes->by_row += bytes;
        sizes->row_chunks += count_chunks(dataset);
    } else if (has_replicates && has_sites) {
        sizes->by_site += bytes;
        sizes->site_chunks += count_chunks(dataset);
    } else if (has_replicates) {
        sizes->by_replicate += bytes;
    } else {
        sizes->fixed += bytes;
    }
}

int results_file_measure(struct results_file *file, struct results_sizes *sizes)
{
    int status = 0;
    *sizes = (struct results_sizes){0};
    TRY(hdf5_streams_end(file));
    TRY(hdf5_settle_dimensions(file));
    TRY(results_file_size(file, &sizes->other));
    for (size_t i = 0; i < file->dataset_count; i++) {
        const struct results_dataset *dataset = &file->datasets[i];
        if (dataset->rank > 1 || file->dimensions[dataset->dimensions[0]].is_growing) {
            add_bytes(file, dataset, (double)H5Dget_storage_size(dataset->id), sizes);
        }
    }
out:
    return status;
}
