/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Datasets that are written from the beginning to the end
 *
 * HDF5's own way takes every block through its cache and its filters, on the thread that writes.
 * Here a chunk is gathered, compressed by any thread (packer.c) and put into the file as it is. A
 * chunk is put there once so many others have been gathered after it, whoever compressed them: the
 * file is the same for any number of threads.
 */
#include "hdf5_private.h"
#include "packer.h"

#include <stdlib.h>
#include <string.h>

/* ---- beginning ---- */

int hdf5_stream_begin(struct results_file *file, struct results_dataset *dataset,
                      const hsize_t *chunk, size_t value_bytes)
{
    int status = 0;
    struct stream *stream = &dataset->stream;
    stream->value_bytes = stream->row_bytes = value_bytes;
    memcpy(stream->chunk, chunk, sizeof stream->chunk);
    while (stream->axis + 1 < dataset->rank && chunk[stream->axis] == 1) {
        stream->axis++;
    }
    for (size_t axis = stream->axis + 1; axis < dataset->rank; axis++) {
        const bool is_growing = file->dimensions[dataset->dimensions[axis]].is_growing;
        if (chunk[axis] != dataset->shape[axis] || is_growing) {
            FAIL(ERROR_MODEL, "%.300s: /%.300s: chunks of such a shape make no stream",
                 file->partial_path, dataset->path);
        }
        stream->row_bytes *= (size_t)chunk[axis];
    }
    if (file->packer == NULL) {
        file->packer = packer_create(file->deflate_level);
    }
    if (file->packer == NULL) {
        FAIL(ERROR_MEMORY, "%.300s: no memory to compress it", file->partial_path);
    }
    stream->is_on = true;
out:
    return status;
}

/* ---- chunks ---- */

static int put_in_file(struct results_file *file, const struct packed_chunk *chunk)
{
    int status = 0;
    struct results_dataset *dataset = &file->datasets[chunk->owner];
    hsize_t corner[RESULTS_RANK_LIMIT];
    if (chunk->stage == PACKING_FAILED) {
        FAIL(ERROR_MEMORY, "%.300s: /%.300s: no memory to compress it", file->partial_path,
             dataset->path);
    }
    TRY(hdf5_settle_dataset(file, dataset));
    for (size_t axis = 0; axis < dataset->rank; axis++) {
        corner[axis] = chunk->corner[axis];
    }
    TRY_HDF5(
        H5Dwrite_chunk(dataset->id, H5P_DEFAULT, 0, corner, chunk->packed_bytes, chunk->packed),
        file->partial_path, dataset->path, "writing");
out:
    return status;
}

static int put_first(struct results_file *file)
{
    struct packed_chunk *chunk = packer_take(file->packer);
    const int status = put_in_file(file, chunk);
    packer_return(chunk);
    return status;
}

/* Fills the open chunk with missing values up to a byte. */
static void fill_up_to(struct stream *stream, size_t end)
{
    if (stream->filled < end) {
        packer_fill(stream->open, stream->filled, end, stream->fill);
        stream->filled = end;
    }
}

/* Hands the chunk that was being filled over. */
static int close_chunk(struct results_file *file, struct results_dataset *dataset)
{
    int status = 0;
    struct packed_chunk *chunk = dataset->stream.open;
    fill_up_to(&dataset->stream, chunk->raw_bytes);
    dataset->stream.open = NULL;
    packer_add(file->packer, chunk);
    while (packer_is_full(file->packer)) {
        TRY(put_first(file));
    }
out:
    return status;
}

static int compare_corners(const hsize_t *a, const hsize_t *b, size_t rank)
{
    for (size_t axis = 0; axis < rank; axis++) {
        if (a[axis] != b[axis]) {
            return a[axis] < b[axis] ? -1 : 1;
        }
    }
    return 0;
}

/* Makes the chunk at `corner` the one that is being filled. */
static int open_chunk(struct results_file *file, struct results_dataset *dataset,
                      const hsize_t *corner)
{
    int status = 0;
    struct stream *stream = &dataset->stream;
    const int order = compare_corners(corner, stream->corner, dataset->rank);
    if (stream->open != NULL && order == 0) {
        return 0;
    }
    if (stream->has_begun && order <= 0) {
        FAIL(ERROR_MODEL, "%.300s: /%.300s: rows of a stream are written a second time",
             file->partial_path, dataset->path);
    }
    if (stream->open != NULL) {
        TRY(close_chunk(file, dataset));
    }
    stream->open = packer_begin((size_t)stream->chunk[stream->axis] * stream->row_bytes);
    if (stream->open == NULL) {
        FAIL(ERROR_MEMORY, "%.300s: /%.300s: no memory to gather it", file->partial_path,
             dataset->path);
    }
    stream->filled = 0;
    stream->open->owner = (size_t)(dataset - file->datasets);
    stream->open->value_bytes = stream->value_bytes;
    for (size_t axis = 0; axis < dataset->rank; axis++) {
        stream->open->corner[axis] = stream->corner[axis] = corner[axis];
    }
    stream->has_begun = true;
out:
    return status;
}

/* Takes rows that begin at `corner` and lie one after the other. */
static int write_rows(struct results_file *file, struct results_dataset *dataset,
                      const hsize_t *corner, hsize_t count, const unsigned char *data)
{
    int status = 0;
    struct stream *stream = &dataset->stream;
    const size_t axis = stream->axis;
    const hsize_t length = stream->chunk[axis];
    const struct results_dimension *dimension = &file->dimensions[dataset->dimensions[axis]];
    hsize_t at[RESULTS_RANK_LIMIT] = {0};
    memcpy(at, corner, axis * sizeof *at);
    for (hsize_t row = corner[axis], end = row + count; row < end;) {
        at[axis] = row / length * length;
        const hsize_t next = at[axis] + length, stop = end < next ? end : next;
        TRY(open_chunk(file, dataset, at));
        const size_t from = (size_t)(row - at[axis]) * stream->row_bytes;
        const size_t bytes = (size_t)(stop - row) * stream->row_bytes;
        if (from < stream->filled) {
            FAIL(ERROR_MODEL, "%.300s: /%.300s: rows of a stream are written a second time",
                 file->partial_path, dataset->path);
        }
        fill_up_to(stream, from);
        memcpy(stream->open->raw + from, data, bytes);
        stream->filled = from + bytes;
        data += bytes;
        row = stop;
        if (row == next || (!dimension->is_growing && row == dimension->size)) {
            TRY(close_chunk(file, dataset));
        }
    }
out:
    return status;
}

int hdf5_stream_write(struct results_file *file, struct results_dataset *dataset,
                      const hsize_t *corner, const hsize_t *block, const void *data)
{
    int status = 0;
    const struct stream *stream = &dataset->stream;
    const unsigned char *from = data;
    hsize_t at[RESULTS_RANK_LIMIT], turns = 1;
    memcpy(at, corner, sizeof at);
    for (size_t axis = 0; axis < dataset->rank; axis++) {
        turns *= axis < stream->axis ? block[axis] : 1;
        if (axis > stream->axis && block[axis] != dataset->shape[axis]) {
            FAIL(ERROR_MODEL, "%.300s: /%.300s: a stream takes whole rows", file->partial_path,
                 dataset->path);
        }
    }
    for (hsize_t turn = 0; turn < turns; turn++) {
        TRY(write_rows(file, dataset, at, block[stream->axis], from));
        from += (size_t)block[stream->axis] * stream->row_bytes;
        for (size_t axis = stream->axis; axis-- > 0;) { /* the last of the first axes is fastest */
            if (++at[axis] < corner[axis] + block[axis]) {
                break;
            }
            at[axis] = corner[axis];
        }
    }
out:
    return status;
}

/* ---- ending ---- */

bool results_file_help(struct results_file *file)
{
    return file->packer != NULL && packer_help(file->packer);
}

void results_file_threads(struct results_file *file, int threads)
{
    file->threads = threads;
}

int hdf5_streams_end(struct results_file *file)
{
    int status = 0;
    struct packer *packer = file->packer;
    if (packer == NULL) {
        return 0;
    }
    for (size_t i = 0; i < file->dataset_count; i++) {
        if (file->datasets[i].stream.open != NULL) {
            TRY(close_chunk(file, &file->datasets[i]));
        }
    }
    packer_pack_all(packer, file->threads);
    while (!packer_is_empty(packer)) {
        TRY(put_first(file));
    }
out:
    return status;
}
