/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "storage/hdf5_merge.h"

#include "hdf5_private.h"

#include <hdf5_hl.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if H5_VERSION_GE(1, 12, 0)
#define VISIT H5Ovisit3
#else
#define VISIT H5Ovisit2
#endif

#define APPENDED_BYTES ((hsize_t)8 * 1024 * 1024) /* moved at a time */

enum { NAME_SIZE = 256 };

static int copy_bytes(FILE *to, const char *to_path, const char *from_path)
{
    int status = 0;
    char buffer[1 << 16];
    size_t count = 0;
    FILE *from = fopen(from_path, "rb");
    if (from == NULL) {
        FAIL(ERROR_INPUT, "%.900s: cannot be read: %s", from_path, strerror(errno));
    }
    while ((count = fread(buffer, 1, sizeof buffer, from)) > 0) {
        if (fwrite(buffer, 1, count, to) != count) {
            FAIL(ERROR_FILE, "%.900s: could not be written: %s", to_path, strerror(errno));
        }
    }
    if (ferror(from) != 0) {
        FAIL(ERROR_FILE, "%.900s: could not be read: %s", from_path, strerror(errno));
    }
out:
    if (from != NULL) {
        (void)fclose(from);
    }
    return status;
}

static int copy_file(const char *to_path, const char *from_path)
{
    int status = 0;
    FILE *to = fopen(to_path, "wb");
    if (to == NULL) {
        FAIL(ERROR_FILE, "%.900s: cannot be written: %s", to_path, strerror(errno));
    }
    TRY(copy_bytes(to, to_path, from_path));
out:
    if (to != NULL && fclose(to) != 0 && status == 0) {
        status =
            error_set(ERROR_FILE, "%.900s: could not be written: %s", to_path, strerror(errno));
    }
    return status;
}

int results_merge_begin(struct results_file **file, const char *path, bool force, const char *from)
{
    int status = 0;
    hid_t access_list = H5I_INVALID_HID;
    TRY(hdf5_begin(file, path, force));
    TRY(copy_file((*file)->partial_path, from));
    access_list = hdf5_choose_access();
    TRY_HDF5((*file)->text_type = hdf5_create_text_type(), path, "", "making a type");
    TRY_HDF5((*file)->id = H5Fopen((*file)->partial_path, H5F_ACC_RDWR, access_list),
             (*file)->partial_path, "", "opening");
    TRY(results_merge_remove(*file, "complete"));
    TRY(results_file_integer(*file, "/", "complete", 0));
out:
    if (access_list >= 0) {
        (void)H5Pclose(access_list);
    }
    if (status != 0) {
        results_file_discard(file);
    }
    return status;
}

struct source {
    hid_t id, space, type;
    int rank;
    hsize_t shape[RESULTS_RANK_LIMIT];
    size_t value_bytes;
    bool is_text, is_growing, is_by_replicate;
};

struct merge {
    struct results_file *file;
    const char *from; /* path of the file whose data are added */
    hid_t from_id;
    size_t first, end;
    const char *references; /* without the leading '/'; "" if there is none */
    int64_t rows;           /* that came before those which the references count */
    int status;
};

static herr_t note_name(hid_t dataset, unsigned axis, hid_t scale, void *name)
{
    (void)dataset;
    (void)axis;
    (void)H5Iget_name(scale, name, NAME_SIZE);
    return 1;
}

/* Whether an axis runs over the dimension of this name. */
static bool runs_over(hid_t dataset, unsigned axis, const char *dimension)
{
    char name[NAME_SIZE] = "";
    (void)H5DSiterate_scales(dataset, axis, NULL, note_name, name);
    const char *slash = strrchr(name, '/');
    return slash != NULL && strcmp(slash + 1, dimension) == 0;
}

static void close_source(struct source *source)
{
    if (source->type >= 0) {
        (void)H5Tclose(source->type);
    }
    if (source->space >= 0) {
        (void)H5Sclose(source->space);
    }
    if (source->id >= 0) {
        (void)H5Dclose(source->id);
    }
}

/* With a cache that holds a chunk, so that blocks of it do not unpack it again and again. */
static hid_t open_with_cache(hid_t file, const char *name)
{
    hsize_t chunk[RESULTS_RANK_LIMIT];
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    hid_t creation = dataset < 0 ? H5I_INVALID_HID : H5Dget_create_plist(dataset);
    hid_t type = dataset < 0 ? H5I_INVALID_HID : H5Dget_type(dataset);
    if (creation >= 0 && H5Pget_layout(creation) == H5D_CHUNKED) {
        hid_t access_list = H5Pcreate(H5P_DATASET_ACCESS);
        const int rank = H5Pget_chunk(creation, RESULTS_RANK_LIMIT, chunk);
        size_t bytes = 2 * H5Tget_size(type);
        for (int axis = 0; axis < rank; axis++) {
            bytes *= (size_t)chunk[axis];
        }
        (void)H5Pset_chunk_cache(access_list, 101, bytes, 1.0);
        (void)H5Dclose(dataset);
        dataset = H5Dopen2(file, name, access_list);
        (void)H5Pclose(access_list);
    }
    if (creation >= 0) {
        (void)H5Pclose(creation);
        (void)H5Tclose(type);
    }
    return dataset;
}

static int open_source(struct source *source, hid_t file, const char *path, const char *name)
{
    hsize_t limit[RESULTS_RANK_LIMIT] = {0};
    *source = (struct source){.space = H5I_INVALID_HID, .type = H5I_INVALID_HID};
    source->id = open_with_cache(file, name);
    if (source->id < 0) {
        return error_set(ERROR_INPUT, "%.500s: has no dataset /%.300s", path, name);
    }
    source->space = H5Dget_space(source->id);
    source->type = H5Dget_type(source->id);
    source->rank = H5Sget_simple_extent_ndims(source->space);
    if (source->rank < 0 || source->rank > RESULTS_RANK_LIMIT) {
        return error_set(ERROR_INPUT, "%.500s: /%.300s: its shape is none of ours", path, name);
    }
    (void)H5Sget_simple_extent_dims(source->space, source->shape, limit);
    source->value_bytes = H5Tget_size(source->type);
    source->is_text = H5Tget_class(source->type) == H5T_STRING;
    source->is_growing = source->rank > 0 && limit[0] == H5S_UNLIMITED;
    source->is_by_replicate = source->rank >= 2 && runs_over(source->id, 0, "scenario") &&
                              runs_over(source->id, 1, "replicate");
    return 0;
}

bool hdf5_read_block(hid_t dataset, const hsize_t *start, const hsize_t *count, void *data)
{
    hid_t space = H5Dget_space(dataset), type = H5Dget_type(dataset);
    hid_t memory = H5Screate_simple(H5Sget_simple_extent_ndims(space), count, NULL);
    const bool is_done =
        H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
        H5Dread(dataset, type, memory, space, H5P_DEFAULT, data) >= 0;
    (void)H5Sclose(memory);
    (void)H5Tclose(type);
    (void)H5Sclose(space);
    return is_done;
}

static bool write_block(const struct source *source, const hsize_t *start, const hsize_t *count,
                        const void *data)
{
    hid_t space = H5Dget_space(source->id);
    hid_t memory = H5Screate_simple(source->rank, count, NULL);
    const bool is_done =
        H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
        H5Dwrite(source->id, source->type, memory, space, H5P_DEFAULT, data) >= 0;
    (void)H5Sclose(memory);
    (void)H5Sclose(space);
    return is_done;
}

/* Bytes of everything beyond the first `axes` dimensions. */
static size_t bytes_beyond(const struct source *source, int axes)
{
    size_t bytes = source->value_bytes;
    for (int axis = axes; axis < source->rank; axis++) {
        bytes *= (size_t)source->shape[axis];
    }
    return bytes;
}

static bool have_same_shape(const struct source *a, const struct source *b, int from)
{
    bool same = a->rank == b->rank && H5Tequal(a->type, b->type) > 0;
    for (int axis = from; same && axis < a->rank; axis++) {
        same = a->shape[axis] == b->shape[axis];
    }
    return same;
}

/* One scenario after the other, all replicates of it that the part has in one block. */
static int add_replicates(struct merge *merge, const char *name, const struct source *to,
                          const struct source *from)
{
    int status = 0;
    const size_t replicates = (size_t)from->shape[1];
    void *block = NULL;
    for (size_t unit = merge->first; replicates > 0 && unit < merge->end;) {
        hsize_t start[RESULTS_RANK_LIMIT] = {unit / replicates, unit % replicates};
        hsize_t count[RESULTS_RANK_LIMIT];
        const size_t left = merge->end - unit, after = replicates - unit % replicates;
        memcpy(count, from->shape, sizeof count);
        count[0] = 1;
        count[1] = left < after ? left : after;
        block = malloc((size_t)count[1] * bytes_beyond(from, 2) + 1);
        if (block == NULL) {
            FAIL(ERROR_MEMORY, "no memory to merge /%s", name);
        }
        if (!hdf5_read_block(from->id, start, count, block)) {
            (void)hdf5_fail(merge->from, name, "reading it");
            status = ERROR_FILE;
            goto out;
        }
        if (!write_block(to, start, count, block)) {
            (void)hdf5_fail(merge->file->partial_path, name, "writing it");
            status = ERROR_FILE;
            goto out;
        }
        free(block);
        block = NULL;
        unit += (size_t)count[1];
    }
out:
    free(block);
    return status;
}

static void shift(int32_t *rows, size_t count, int64_t by)
{
    for (size_t i = 0; i < count; i++) {
        rows[i] = (int32_t)(rows[i] + by);
    }
}

static int append_rows(struct merge *merge, const char *name, const struct source *to,
                       const struct source *from)
{
    int status = 0;
    const hsize_t row_bytes = bytes_beyond(from, 1);
    const hsize_t most =
        row_bytes > 0 && row_bytes < APPENDED_BYTES ? APPENDED_BYTES / row_bytes : 1;
    const bool is_reference = strcmp(name, merge->references) == 0;
    void *block = NULL;
    hsize_t extent[RESULTS_RANK_LIMIT];
    memcpy(extent, to->shape, sizeof extent);
    extent[0] += from->shape[0];
    TRY_HDF5(H5Dset_extent(to->id, extent), merge->file->partial_path, name, "extending it");
    const bool is_bare = H5Dget_storage_size(from->id) == 0;
    if (is_bare && H5DSis_scale(to->id) > 0) { /* a dimension without coordinates */
        TRY(hdf5_rewrite_mark(merge->file, to->id, name, (size_t)extent[0]));
    }
    bool is_done = is_bare || from->shape[0] == 0;
    if (!is_done && !is_reference) {
        TRY(hdf5_append(merge->file, to->id, from->id, merge->from, name, to->shape[0], &is_done));
    }
    if (is_done) {
        goto out;
    }
    block = malloc((size_t)(most * row_bytes) + 1);
    if (block == NULL) {
        FAIL(ERROR_MEMORY, "no memory to merge /%s", name);
    }
    for (hsize_t row = 0; row < from->shape[0]; row += most) {
        hsize_t start[RESULTS_RANK_LIMIT] = {row}, count[RESULTS_RANK_LIMIT];
        memcpy(count, from->shape, sizeof count);
        count[0] = from->shape[0] - row < most ? from->shape[0] - row : most;
        if (!hdf5_read_block(from->id, start, count, block)) {
            (void)hdf5_fail(merge->from, name, "reading it");
            status = ERROR_FILE;
            goto out;
        }
        if (is_reference) {
            shift(block, (size_t)count[0], merge->rows);
        }
        start[0] += to->shape[0];
        if (!write_block(to, start, count, block)) {
            (void)hdf5_fail(merge->file->partial_path, name, "writing it");
            status = ERROR_FILE;
            goto out;
        }
    }
out:
    free(block);
    return status;
}

static bool have_same_texts(const struct source *a, const struct source *b, char **of_a,
                            char **of_b, size_t count)
{
    hid_t type = hdf5_create_text_type();
    bool same = H5Dread(a->id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, of_a) >= 0 &&
                H5Dread(b->id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, of_b) >= 0;
    for (size_t i = 0; same && i < count; i++) {
        same = of_a[i] != NULL && of_b[i] != NULL && strcmp(of_a[i], of_b[i]) == 0;
    }
    (void)H5Dvlen_reclaim(type, a->space, H5P_DEFAULT, of_a);
    (void)H5Dvlen_reclaim(type, b->space, H5P_DEFAULT, of_b);
    (void)H5Tclose(type);
    return same;
}

static int expect_same(struct merge *merge, const char *name, const struct source *a,
                       const struct source *b)
{
    int status = 0;
    const size_t bytes = bytes_beyond(a, 0);
    void *of_a = calloc(1, bytes + 1), *of_b = calloc(1, bytes + 1);
    bool same = have_same_shape(a, b, 0);
    if (of_a == NULL || of_b == NULL) {
        FAIL(ERROR_MEMORY, "no memory to compare /%s", name);
    }
    if (same && a->is_text) {
        same = have_same_texts(a, b, of_a, of_b, bytes / a->value_bytes);
    } else if (same) {
        same = H5Dread(a->id, a->type, H5S_ALL, H5S_ALL, H5P_DEFAULT, of_a) >= 0 &&
               H5Dread(b->id, b->type, H5S_ALL, H5S_ALL, H5P_DEFAULT, of_b) >= 0 &&
               memcmp(of_a, of_b, bytes) == 0;
    }
    if (!same) {
        FAIL(ERROR_INPUT, "%.400s: /%.200s differs from that of the first part", merge->from, name);
    }
out:
    free(of_a);
    free(of_b);
    return status;
}

static int merge_dataset(struct merge *merge, const char *name)
{
    int status = 0;
    struct source to,
        from = {.id = H5I_INVALID_HID, .space = H5I_INVALID_HID, .type = H5I_INVALID_HID};
    TRY(open_source(&to, merge->file->id, merge->file->path, name));
    TRY(open_source(&from, merge->from_id, merge->from, name));
    if (!to.is_by_replicate && !to.is_growing) {
        TRY(expect_same(merge, name, &to, &from));
        goto out;
    }
    if (!have_same_shape(&to, &from, to.is_growing ? 1 : 0) || to.is_text) {
        FAIL(ERROR_INPUT, "%.400s: /%.200s has another shape than that of the first part",
             merge->from, name);
    }
    TRY(to.is_growing ? append_rows(merge, name, &to, &from)
                      : add_replicates(merge, name, &to, &from));
out:
    close_source(&from);
    close_source(&to);
    return status;
}

static herr_t visit(hid_t file, const char *name, const H5O_info_t *info, void *context)
{
    struct merge *merge = context;
    (void)file;
    if (info->type == H5O_TYPE_DATASET) {
        merge->status = merge_dataset(merge, name);
    }
    return merge->status != 0;
}

static int count_rows(struct merge *merge, const char *target)
{
    struct source rows;
    const int status = open_source(&rows, merge->file->id, merge->file->path, hdf5_strip(target));
    merge->rows = status == 0 ? (int64_t)rows.shape[0] : 0;
    close_source(&rows);
    return status;
}

int results_merge_add(struct results_file *file, const char *from, size_t first, size_t end,
                      const char *references, const char *target)
{
    int status = 0;
    struct merge merge = {.file = file,
                          .from = from,
                          .first = first,
                          .end = end,
                          .references = references != NULL ? hdf5_strip(references) : ""};
    hid_t access_list = hdf5_choose_access();
    merge.from_id = H5Fopen(from, H5F_ACC_RDONLY, access_list);
    TRY_HDF5(merge.from_id, from, "", "opening");
    if (references != NULL) {
        TRY(count_rows(&merge, target));
    }
    TRY_HDF5(VISIT(file->id, H5_INDEX_NAME, H5_ITER_INC, visit, &merge, H5O_INFO_BASIC),
             file->partial_path, "", "visiting its datasets");
    status = merge.status;
out:
    file->has_failed = file->has_failed || status != 0;
    if (merge.from_id >= 0) {
        (void)H5Fclose(merge.from_id);
    }
    (void)H5Pclose(access_list);
    return status;
}

int results_merge_write(struct results_file *file, const char *path, const size_t *start,
                        const size_t *count, const double *values)
{
    int status = 0;
    struct source to;
    hsize_t from[RESULTS_RANK_LIMIT] = {0}, extent[RESULTS_RANK_LIMIT] = {0};
    TRY(open_source(&to, file->id, file->path, hdf5_strip(path)));
    for (int axis = 0; axis < to.rank; axis++) {
        from[axis] = start[axis];
        extent[axis] = count[axis];
    }
    (void)H5Tclose(to.type);
    to.type = H5Tcopy(H5T_NATIVE_DOUBLE);
    if (!write_block(&to, from, extent, values)) {
        status = hdf5_fail(file->partial_path, path, "writing it");
    }
out:
    file->has_failed = file->has_failed || status != 0;
    close_source(&to);
    return status;
}

int results_merge_remove(struct results_file *file, const char *name)
{
    int status = 0;
    TRY_HDF5(H5Adelete(file->id, name), file->partial_path, "", "removing an attribute");
out:
    file->has_failed = file->has_failed || status != 0;
    return status;
}
