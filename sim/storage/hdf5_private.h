/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_STORAGE_HDF5_PRIVATE_H
#define BUYIN_STORAGE_HDF5_PRIVATE_H

#include "storage/hdf5_file.h"

#include <hdf5.h>

#include "base/error.h"

/* What the files behind hdf5_file.h share: hdf5_file.c (the file, its groups and attributes),
 * hdf5_dataset.c (dimensions and datasets), hdf5_stream.c (datasets that are streams; packer.c
 * compresses them), hdf5_merge.c and hdf5_append.c (parts), hdf5_reader.c (reading). */

struct packer;
struct packed_chunk;

/* A stream: where the next chunk begins, and what there is of the one that is being filled. */
struct stream {
    bool is_on;
    size_t axis; /* along which a chunk has rows: extent 1 before, all after */
    hsize_t chunk[RESULTS_RANK_LIMIT]; /* shape */
    size_t value_bytes, row_bytes;
    unsigned char fill[8]; /* a missing value, as it lies in memory */
    struct packed_chunk *open;
    size_t filled; /* bytes of it, from its beginning */
    bool has_begun;
    hsize_t corner[RESULTS_RANK_LIMIT]; /* of the chunk last begun */
};

struct results_dimension {
    bool is_growing;
    hsize_t size; /* datasets on a growing dimension may lag behind it until commit */
    size_t scale; /* its dataset, which bears its path */
};

struct results_dataset {
    char *path; /* without the leading '/' */
    hid_t id;
    enum results_type type;
    size_t rank;
    size_t dimensions[RESULTS_RANK_LIMIT];
    hsize_t shape[RESULTS_RANK_LIMIT];
    struct stream stream;
};

struct results_file {
    char *path;
    char *partial_path;
    bool is_forced;
    bool is_in_memory;
    bool has_failed;
    int deflate_level;
    int threads;
    struct packer *packer; /* of streams; NULL: there are none */
    hid_t id;
    hid_t text_type;
    hid_t transfer; /* how texts are written */
    size_t next;    /* where the search for a dataset begins: writes come in turns */
    size_t dataset_count;
    size_t dimension_count;
    struct results_dataset datasets[RESULTS_DATASET_LIMIT];
    struct results_dimension dimensions[RESULTS_DIMENSION_LIMIT];
};

/** At the door: turns HDF5's automatic printing and its own clearing up on exit off. */
void hdf5_prepare(void);

/** Sets ERROR_FILE: "PATH: /OBJECT: DOING: HDF5's innermost reason". Call it right after. */
int hdf5_fail(const char *path, const char *object, const char *doing);

/** Checks that a results file can be written at `path`; PATH.part is not yet opened. */
int hdf5_begin(struct results_file **file, const char *path, bool force);

/** Access properties of a file: which HDF5 versions can read it, and how it is locked. */
hid_t hdf5_choose_access(void);

/** A variable-length UTF-8 string. */
hid_t hdf5_create_text_type(void);

/** How texts are written: HDF5 would clear a mebibyte for each write. */
hid_t hdf5_choose_transfer(void);

/** Writes an attribute of `count` values of a type; `count` 0: a single one, without dimension. */
int hdf5_write_attribute(struct results_file *file, hid_t object, const char *path,
                         const char *name, hid_t file_type, hid_t memory_type, size_t count,
                         const void *data);
int hdf5_write_text(struct results_file *file, hid_t object, const char *path, const char *name,
                    const char *text);

/** ERROR_MODEL unless `name` is a name netCDF takes. */
int hdf5_check_name(const struct results_file *file, const char *name);

/** Joins a group and a name to a path without leading '/'. The caller frees it. */
int hdf5_join(const char *group, const char *name, char **path);

/** Brings a dataset to the size of its growing dimensions. */
int hdf5_settle_dataset(struct results_file *file, struct results_dataset *dataset);

/** Makes a stream of a dataset whose shape, chunk and fill value are known. Fails: ERROR_MODEL,
 *  ERROR_MEMORY. */
int hdf5_stream_begin(struct results_file *file, struct results_dataset *dataset,
                      const hsize_t *chunk, size_t value_bytes);

/** Takes a block of a stream. Fails: ERROR_FILE, ERROR_MEMORY, ERROR_MODEL. */
int hdf5_stream_write(struct results_file *file, struct results_dataset *dataset,
                      const hsize_t *corner, const hsize_t *block, const void *data);

/** Reads a block in the type in which it lies in the file; false: HDF5 could not. */
bool hdf5_read_block(hid_t dataset, const hsize_t *start, const hsize_t *count, void *data);

/** Puts all rows of `from` behind the first `old_rows` of `to`, which has room for them already, if both
 *  are compressed in chunks of whole rows; else does nothing, and `*is_done` is false.
 *  Fails: ERROR_FILE, ERROR_MEMORY. */
int hdf5_append(struct results_file *file, hid_t to, hid_t from, const char *from_path,
                const char *name, hsize_t old_rows, bool *is_done);

/** Writes all that is left of all streams. */
int hdf5_streams_end(struct results_file *file);

/** Brings all datasets and scales to the sizes of their growing dimensions. */
int hdf5_settle_dimensions(struct results_file *file);

/** Writes the size of a dimension without coordinates where netCDF looks for it. */
int hdf5_rewrite_mark(struct results_file *file, hid_t scale, const char *path, size_t size);

/** Drops leading '/': "/weekly" and "weekly" are one; "" is the root. */
static inline const char *hdf5_strip(const char *path)
{
    while (*path == '/') {
        path++;
    }
    return path;
}

/** Passes a failed HDF5 call (negative) on to `out:`. */
#define TRY_HDF5(call, path, object, doing)                                                        \
    do {                                                                                           \
        if ((call) < 0) {                                                                          \
            (void)hdf5_fail((path), (object), (doing));                                            \
            status = ERROR_FILE;                                                                   \
            goto out;                                                                              \
        }                                                                                          \
    } while (0)

#endif
