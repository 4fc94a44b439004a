/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Compressed rows of one file behind those of another
 *
 * Behind other rows they fall into other chunks, so every chunk is unpacked and packed again: by all
 * threads, a batch of chunks at a time, where HDF5's filters would do it on one. The chunks come out as
 * those of a stream that was written in one go.
 */
#include "hdf5_private.h"
#include "packer.h"

#include <stdlib.h>
#include <string.h>

#define BATCH_BYTES ((size_t)8 << 20) /* of unpacked chunks at a time */
enum { MOST_IN_BATCH = 1024 };

/* Chunks of whole rows, shuffled and deflated. */
struct rows {
    hid_t id;
    const char *path; /* of the file */
    int rank, level;
    hsize_t shape[RESULTS_RANK_LIMIT], chunk[RESULTS_RANK_LIMIT];
    size_t value_bytes, chunk_bytes, row_bytes;
};

struct appending {
    const char *name;
    struct rows to, from;
    int threads;
    struct packer *packer;
    struct packed_chunk *open; /* is being filled */
    hsize_t first;             /* its first row */
    size_t filled;             /* bytes of it, from its beginning */
    unsigned char fill[8];     /* a missing value, as it lies in the file */
};

/* A chunk of the part. */
struct part_chunk {
    hsize_t rows;
    unsigned char *packed, *raw;
    size_t packed_bytes;
    bool is_packed; /* false: HDF5 has read it already */
    bool has_failed;
};

static bool is_shuffled_and_deflated(hid_t creation, int *level)
{
    unsigned flags, values[8] = {0};
    size_t count = 8;
    const bool is_so =
        H5Pget_nfilters(creation) == 2 &&
        H5Pget_filter2(creation, 0, &flags, &count, values, 0, NULL, NULL) == H5Z_FILTER_SHUFFLE &&
        (count = 8,
         H5Pget_filter2(creation, 1, &flags, &count, values, 0, NULL, NULL) == H5Z_FILTER_DEFLATE);
    *level = (int)values[0];
    return is_so;
}

/* False: it is not made of such chunks. */
static bool look_at(struct rows *rows, hid_t dataset, const char *path)
{
    hid_t creation = H5Dget_create_plist(dataset), space = H5Dget_space(dataset);
    hid_t type = H5Dget_type(dataset);
    *rows = (struct rows){.id = dataset, .path = path};
    rows->rank = H5Sget_simple_extent_ndims(space);
    rows->value_bytes = H5Tget_size(type);
    bool is_so = H5Pget_layout(creation) == H5D_CHUNKED && rows->value_bytes <= 8 &&
                 (rows->value_bytes == 1 || H5Tget_order(type) == H5Tget_order(H5T_NATIVE_INT)) &&
                 H5Tget_class(type) != H5T_STRING &&
                 is_shuffled_and_deflated(creation, &rows->level);
    if (is_so) {
        (void)H5Sget_simple_extent_dims(space, rows->shape, NULL);
        (void)H5Pget_chunk(creation, RESULTS_RANK_LIMIT, rows->chunk);
        rows->row_bytes = rows->value_bytes;
        for (int axis = 1; axis < rows->rank; axis++) {
            is_so = is_so && rows->chunk[axis] == rows->shape[axis];
            rows->row_bytes *= (size_t)rows->shape[axis];
        }
        rows->chunk_bytes = (size_t)rows->chunk[0] * rows->row_bytes;
    }
    (void)H5Tclose(type);
    (void)H5Sclose(space);
    (void)H5Pclose(creation);
    return is_so && rows->chunk_bytes > 0;
}

/* Through HDF5's filters. */
static int read_rows(const struct rows *rows, const char *name, hsize_t first, hsize_t count,
                     unsigned char *raw)
{
    hsize_t start[RESULTS_RANK_LIMIT] = {first}, extent[RESULTS_RANK_LIMIT];
    memcpy(extent, rows->shape, sizeof extent);
    extent[0] = count;
    if (!hdf5_read_block(rows->id, start, extent, raw)) {
        (void)hdf5_fail(rows->path, name, "reading it");
        return ERROR_FILE;
    }
    return 0;
}

/* ---- of the part ---- */

/* A chunk as it lies in the file; what was never written or not packed is read by HDF5. */
static int fetch(struct part_chunk *chunk, const struct appending *a, hsize_t first)
{
    int status = 0;
    const struct rows *from = &a->from;
    const hsize_t corner[RESULTS_RANK_LIMIT] = {first};
    hsize_t bytes = 0;
    uint32_t left_out = 0;
    chunk->raw = malloc(from->chunk_bytes);
    if (H5Dget_chunk_storage_size(from->id, corner, &bytes) >= 0 && bytes > 0) {
        chunk->packed = malloc((size_t)bytes);
        chunk->packed_bytes = (size_t)bytes;
        chunk->is_packed =
            chunk->packed != NULL &&
            H5Dread_chunk(from->id, H5P_DEFAULT, corner, &left_out, chunk->packed) >= 0 &&
            left_out == 0;
    }
    if (chunk->raw == NULL || (bytes > 0 && chunk->packed == NULL)) {
        FAIL(ERROR_MEMORY, "no memory to merge /%s", a->name);
    }
    if (!chunk->is_packed) {
        TRY(read_rows(from, a->name, first, chunk->rows, chunk->raw));
    }
out:
    return status;
}

static int unpack_all(const struct appending *a, struct part_chunk *chunks, int count)
{
    int status = 0;
#pragma omp parallel for schedule(dynamic) num_threads(a->threads) if (count > 1)
    for (int n = 0; n < count; n++) {
        struct part_chunk *chunk = &chunks[n];
        chunk->has_failed =
            chunk->is_packed && !packer_unpack(chunk->packed, chunk->packed_bytes, chunk->raw,
                                               a->from.chunk_bytes, a->from.value_bytes);
    }
    for (int n = 0; n < count; n++) {
        if (chunks[n].has_failed) {
            FAIL(ERROR_FILE,
                 "%.400s: /%.200s: a chunk of it cannot be unpacked: the file is damaged, or there "
                 "is no memory",
                 a->from.path, a->name);
        }
    }
out:
    return status;
}

/* ---- of the whole ---- */

static int write_packed(struct appending *a)
{
    int status = 0;
    packer_pack_all(a->packer, a->threads);
    while (!packer_is_empty(a->packer)) {
        struct packed_chunk *chunk = packer_take(a->packer);
        const hsize_t corner[RESULTS_RANK_LIMIT] = {chunk->corner[0]};
        const bool is_packed = chunk->stage == PACKING_DONE;
        const herr_t written = is_packed ? H5Dwrite_chunk(a->to.id, H5P_DEFAULT, 0, corner,
                                                          chunk->packed_bytes, chunk->packed)
                                         : 0;
        packer_return(chunk);
        if (!is_packed) {
            FAIL(ERROR_MEMORY, "no memory to merge /%s", a->name);
        }
        TRY_HDF5(written, a->to.path, a->name, "writing it");
    }
out:
    return status;
}

static int open_chunk(struct appending *a, hsize_t first)
{
    a->open = packer_begin(a->to.chunk_bytes);
    if (a->open == NULL) {
        return error_set(ERROR_MEMORY, "no memory to merge /%s", a->name);
    }
    a->first = first;
    a->filled = 0;
    a->open->corner[0] = first;
    a->open->value_bytes = a->to.value_bytes;
    return 0;
}

/* Hands the open chunk over, what is missing filled up. */
static int close_chunk(struct appending *a)
{
    packer_fill(a->open, a->filled, a->to.chunk_bytes, a->fill);
    packer_add(a->packer, a->open);
    a->open = NULL;
    return packer_is_full(a->packer) ? write_packed(a) : 0;
}

static int take_rows(struct appending *a, const unsigned char *raw, size_t bytes)
{
    int status = 0;
    while (bytes > 0) {
        if (a->open == NULL) {
            TRY(open_chunk(a, a->first + a->to.chunk[0]));
        }
        const size_t room = a->to.chunk_bytes - a->filled, some = bytes < room ? bytes : room;
        memcpy(a->open->raw + a->filled, raw, some);
        a->filled += some;
        raw += some;
        bytes -= some;
        if (a->filled == a->to.chunk_bytes) {
            TRY(close_chunk(a));
        }
    }
out:
    return status;
}

/* ---- both ---- */

/* Chunks of the part from a row on; returns the first row after them in `next`. */
static int append_batch(struct appending *a, struct part_chunk *chunks, int most, hsize_t *next)
{
    int status = 0, count = 0;
    memset(chunks, 0, (size_t)most * sizeof *chunks);
    for (; count < most && *next < a->from.shape[0]; count++) {
        const hsize_t left = a->from.shape[0] - *next;
        chunks[count].rows = left < a->from.chunk[0] ? left : a->from.chunk[0];
        TRY(fetch(&chunks[count], a, *next));
        *next += chunks[count].rows;
    }
    TRY(unpack_all(a, chunks, count));
    for (int n = 0; n < count; n++) {
        TRY(take_rows(a, chunks[n].raw, (size_t)chunks[n].rows * a->from.row_bytes));
    }
out:
    for (int n = 0; n < most; n++) {
        free(chunks[n].packed);
        free(chunks[n].raw);
    }
    return status;
}

static int find_fill(struct appending *a)
{
    int status = 0;
    hid_t creation = H5Dget_create_plist(a->to.id), type = H5Dget_type(a->to.id);
    TRY_HDF5(H5Pget_fill_value(creation, type, a->fill), a->to.path, a->name, "reading it");
out:
    (void)H5Tclose(type);
    (void)H5Pclose(creation);
    return status;
}

int hdf5_append(struct results_file *file, hid_t to, hid_t from, const char *from_path,
                const char *name, hsize_t old_rows, bool *is_done)
{
    int status = 0;
    struct appending a = {.name = name, .threads = file->threads > 1 ? file->threads : 1};
    *is_done = look_at(&a.to, to, file->partial_path) && look_at(&a.from, from, from_path) &&
               a.to.row_bytes == a.from.row_bytes && a.to.value_bytes == a.from.value_bytes;
    if (!*is_done) {
        return 0;
    }
    const size_t in_batch = BATCH_BYTES / a.from.chunk_bytes;
    const int most = in_batch < 1 ? 1 : in_batch < MOST_IN_BATCH ? (int)in_batch : MOST_IN_BATCH;
    struct part_chunk *chunks = calloc((size_t)most, sizeof *chunks);
    a.packer = packer_create(a.to.level);
    if (a.packer == NULL || chunks == NULL) {
        FAIL(ERROR_MEMORY, "no memory to merge /%s", name);
    }
    TRY(find_fill(&a));
    const hsize_t begun = old_rows % a.to.chunk[0];
    TRY(open_chunk(&a, old_rows - begun));
    if (begun > 0) {
        TRY(read_rows(&a.to, name, old_rows - begun, begun, a.open->raw));
        a.filled = (size_t)begun * a.to.row_bytes;
    }
    for (hsize_t next = 0; next < a.from.shape[0];) {
        TRY(append_batch(&a, chunks, most, &next));
    }
    if (a.open != NULL) {
        TRY(close_chunk(&a));
    }
    TRY(write_packed(&a));
out:
    packer_return(a.open);
    packer_free(a.packer);
    free(chunks);
    return status;
}
