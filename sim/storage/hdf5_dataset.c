/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hdf5_private.h"

#include <hdf5_hl.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES ((hsize_t)256 * 1024)     /* of a dataset whose growing dimension has chunk 0 */
#define TEXT_CHUNK_BYTES ((hsize_t)16 * 1024) /* of texts, whose chunks are not compressed */
#define CHUNK_LIMIT ((hsize_t)UINT32_MAX)     /* HDF5's own, in bytes */
#define CHUNK_SLOTS 101                       /* of a dataset's chunk cache: a prime */
#define CONTIGUOUS_BYTES ((hsize_t)4096)      /* up to here chunks and their index cost more */

/* The beginning is netCDF's mark of a dimension without coordinates. */
#define BARE_DIMENSION "This is a netCDF dimension but not a netCDF variable. %10zu"

static const struct {
    size_t size;
    double lowest;
    double highest;
} facts_of_type[RESULTS_TYPE_COUNT] = {
    [RESULTS_NONE] = {4, 0.0, 0.0},
    [RESULTS_FLOAT32] = {4, -HUGE_VAL, HUGE_VAL},
    [RESULTS_FLOAT64] = {8, -HUGE_VAL, HUGE_VAL},
    [RESULTS_INT8] = {1, INT8_MIN, INT8_MAX},
    [RESULTS_UINT8] = {1, 0.0, UINT8_MAX},
    [RESULTS_INT16] = {2, INT16_MIN, INT16_MAX},
    [RESULTS_INT32] = {4, INT32_MIN, INT32_MAX},
    [RESULTS_INT64] = {8, -0x1p63, 0x1.fffffffffffffp62}, /* what a double holds of it */
    [RESULTS_TEXT] = {16, 0.0, 0.0},
};

static hid_t choose_file_type(const struct results_file *file, enum results_type type)
{
    switch (type) {
    case RESULTS_FLOAT32:
        return H5T_IEEE_F32LE;
    case RESULTS_FLOAT64:
        return H5T_IEEE_F64LE;
    case RESULTS_INT8:
        return H5T_STD_I8LE;
    case RESULTS_UINT8:
        return H5T_STD_U8LE;
    case RESULTS_INT16:
        return H5T_STD_I16LE;
    case RESULTS_INT32:
        return H5T_STD_I32LE;
    case RESULTS_INT64:
        return H5T_STD_I64LE;
    case RESULTS_TEXT:
        return file->text_type;
    case RESULTS_NONE:
    case RESULTS_TYPE_COUNT:
        break;
    }
    return H5T_IEEE_F32BE; /* netCDF's type of a dimension without coordinates */
}

static hid_t choose_memory_type(const struct results_file *file, enum results_type type)
{
    switch (type) {
    case RESULTS_FLOAT32:
        return H5T_NATIVE_FLOAT;
    case RESULTS_FLOAT64:
        return H5T_NATIVE_DOUBLE;
    case RESULTS_INT8:
        return H5T_NATIVE_INT8;
    case RESULTS_UINT8:
        return H5T_NATIVE_UINT8;
    case RESULTS_INT16:
        return H5T_NATIVE_INT16;
    case RESULTS_INT32:
        return H5T_NATIVE_INT32;
    case RESULTS_INT64:
        return H5T_NATIVE_INT64;
    case RESULTS_TEXT:
        return file->text_type;
    case RESULTS_NONE:
    case RESULTS_TYPE_COUNT:
        break;
    }
    return H5I_INVALID_HID;
}

/* Begins where the last search ended: writes mostly come in the order of creation. */
static struct results_dataset *find_dataset(struct results_file *file, const char *path)
{
    path = hdf5_strip(path);
    for (size_t i = 0; i < file->dataset_count; i++) {
        const size_t candidate = (file->next + i) % file->dataset_count;
        if (strcmp(file->datasets[candidate].path, path) == 0) {
            file->next = candidate + 1;
            return &file->datasets[candidate];
        }
    }
    return NULL;
}

static int find_dimension(struct results_file *file, const char *group, const char *name,
                          size_t *dimension)
{
    int status = 0;
    char *path = NULL;
    TRY(hdf5_join(group, name, &path));
    for (*dimension = 0; *dimension < file->dimension_count; ++*dimension) {
        const size_t scale = file->dimensions[*dimension].scale;
        if (strcmp(file->datasets[scale].path, path) == 0) {
            goto out;
        }
    }
    FAIL(ERROR_MODEL, "%.300s: /%.300s is not a dimension", file->partial_path, path);
out:
    free(path);
    return status;
}

/* ---- creating ---- */

static bool is_on_growing(const struct results_file *file, const struct results_dataset *dataset,
                          size_t axis)
{
    return file->dimensions[dataset->dimensions[axis]].is_growing;
}

/* Fills in the chunk's shape. Returns its bytes, 0 if the dataset is better contiguous. */
static hsize_t choose_chunk(const struct results_file *file, const struct results_dataset *dataset,
                            const size_t *wanted, bool is_stream, hsize_t *chunk)
{
    const hsize_t wanted_bytes = dataset->type == RESULTS_TEXT ? TEXT_CHUNK_BYTES
                                 : is_stream                   ? RESULTS_STREAM_BYTES
                                                               : CHUNK_BYTES;
    hsize_t bytes = facts_of_type[dataset->type].size;
    bool can_grow = false;
    for (size_t axis = 0; axis < dataset->rank; axis++) {
        const bool is_growing = is_on_growing(file, dataset, axis);
        const hsize_t extent = dataset->shape[axis];
        chunk[axis] = wanted == NULL ? 0 : wanted[axis];
        if (!is_growing && (chunk[axis] == 0 || chunk[axis] > extent)) {
            chunk[axis] = extent;
        }
        can_grow = can_grow || is_growing;
        bytes *= is_growing && chunk[axis] == 0 ? 1 : chunk[axis];
    }
    for (size_t axis = 0; axis < dataset->rank; axis++) {
        if (is_on_growing(file, dataset, axis) && chunk[axis] == 0) {
            chunk[axis] = bytes > 0 && bytes < wanted_bytes ? wanted_bytes / bytes : 1;
            bytes *= chunk[axis];
        }
        chunk[axis] = chunk[axis] > 0 ? chunk[axis] : 1;
    }
    if (can_grow) {
        return bytes > 0 ? bytes : 1;
    }
    hsize_t whole = facts_of_type[dataset->type].size;
    for (size_t axis = 0; axis < dataset->rank; axis++) {
        whole *= dataset->shape[axis];
    }
    /* Compression does not reach variable-length texts. */
    return whole <= CONTIGUOUS_BYTES || dataset->type == RESULTS_TEXT ? 0 : bytes;
}

/* How a dataset is laid out. */
struct layout {
    const size_t *chunk; /* NULL: as is usual */
    const double *fill;  /* NULL: none */
    bool is_stream;
};

/* What of a dataset is fixed when it is created: order of attributes, times, fill, chunks. */
static int set_creation(struct results_file *file, struct results_dataset *dataset,
                        const struct layout *layout, hid_t creation, hid_t access_list)
{
    hsize_t chunk[RESULTS_RANK_LIMIT] = {0};
    const double *fill = layout->fill;
    const hsize_t bytes = choose_chunk(file, dataset, layout->chunk, layout->is_stream, chunk);
    if (bytes > CHUNK_LIMIT) {
        return error_set(ERROR_MODEL, "%.300s: /%.300s: a chunk of %llu bytes: less than 4 GiB",
                         file->partial_path, dataset->path, (unsigned long long)bytes);
    }
    bool is_set =
        H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0 &&
        H5Pset_obj_track_times(creation, false) >= 0;
    if (fill != NULL) {
        is_set = is_set && H5Pset_fill_value(creation, H5T_NATIVE_DOUBLE, fill) >= 0;
    }
    if (bytes > 0) {
        /* Two chunks are kept until full, so that rows appended one by one are compressed once. */
        is_set = is_set && H5Pset_chunk(creation, (int)dataset->rank, chunk) >= 0 &&
                 H5Pset_chunk_cache(access_list, CHUNK_SLOTS, 2 * (size_t)bytes, 1.0) >= 0;
        if (file->deflate_level > 0 && dataset->type != RESULTS_TEXT) {
            is_set = is_set && H5Pset_shuffle(creation) >= 0 &&
                     H5Pset_deflate(creation, (unsigned)file->deflate_level) >= 0;
        }
    }
    if (!is_set) {
        return hdf5_fail(file->partial_path, dataset->path, "choosing its properties");
    }
    if (!layout->is_stream || bytes == 0 || file->deflate_level == 0) {
        return 0;
    }
    if (H5Pget_fill_value(creation, choose_memory_type(file, dataset->type), dataset->stream.fill) <
        0) {
        return hdf5_fail(file->partial_path, dataset->path, "asking for its fill value");
    }
    return hdf5_stream_begin(file, dataset, chunk, facts_of_type[dataset->type].size);
}

/* Creates the dataset whose path, type, rank, dimensions and shape are filled in. */
static int create_dataset(struct results_file *file, struct results_dataset *dataset,
                          const struct layout *layout)
{
    int status = 0;
    hsize_t limit[RESULTS_RANK_LIMIT];
    hid_t space = H5I_INVALID_HID;
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    hid_t access_list = H5Pcreate(H5P_DATASET_ACCESS);
    TRY(set_creation(file, dataset, layout, creation, access_list));
    for (size_t axis = 0; axis < dataset->rank; axis++) {
        limit[axis] = is_on_growing(file, dataset, axis) ? H5S_UNLIMITED : dataset->shape[axis];
    }
    space = dataset->rank == 0 ? H5Screate(H5S_SCALAR)
                               : H5Screate_simple((int)dataset->rank, dataset->shape, limit);
    TRY_HDF5(space, file->partial_path, dataset->path, "choosing its shape");
    TRY_HDF5(dataset->id =
                 H5Dcreate2(file->id, dataset->path, choose_file_type(file, dataset->type), space,
                            H5P_DEFAULT, creation, access_list),
             file->partial_path, dataset->path, "creating it");
out:
    if (space >= 0) {
        (void)H5Sclose(space);
    }
    (void)H5Pclose(access_list);
    (void)H5Pclose(creation);
    return status;
}

/* Appends a dataset to the table, with nothing but its path. The caller raises the count. */
static int reserve_dataset(struct results_file *file, const char *group, const char *name,
                           struct results_dataset **dataset)
{
    if (file->dataset_count == RESULTS_DATASET_LIMIT) {
        (void)error_set(ERROR_MODEL, "%.300s: more than %d datasets", file->partial_path,
                        RESULTS_DATASET_LIMIT);
        return ERROR_MODEL;
    }
    int status = 0;
    *dataset = &file->datasets[file->dataset_count];
    **dataset = (struct results_dataset){.id = H5I_INVALID_HID};
    TRY(hdf5_check_name(file, name));
    TRY(hdf5_join(group, name, &(*dataset)->path));
    file->dataset_count++;
out:
    return status;
}

static int check_words(const struct results_file *file, const struct results_dataset *dataset,
                       const char *units, const char *long_name)
{
    if (long_name == NULL || (units == NULL && dataset->type != RESULTS_TEXT)) {
        return error_set(ERROR_MODEL, "%.300s: /%.300s: needs %s", file->partial_path,
                         dataset->path, long_name == NULL ? "a long_name" : "units");
    }
    return 0;
}

static int write_words(struct results_file *file, const struct results_dataset *dataset,
                       const char *units, const char *long_name)
{
    int status = 0;
    if (long_name != NULL) {
        TRY(hdf5_write_text(file, dataset->id, dataset->path, "long_name", long_name));
    }
    if (units != NULL) {
        TRY(hdf5_write_text(file, dataset->id, dataset->path, "units", units));
    }
out:
    return status;
}

static int make_scale(struct results_file *file, const struct results_dataset *dataset,
                      const char *name, size_t size)
{
    int status = 0;
    char bare[128];
    /* netCDF's own ids keep the dimensions in the order of their making. */
    const int id = (int)(file->dimension_count - 1);
    (void)snprintf(bare, sizeof bare, BARE_DIMENSION, size);
    TRY_HDF5(H5DSset_scale(dataset->id, dataset->type == RESULTS_NONE ? bare : name),
             file->partial_path, dataset->path, "making it a dimension");
    TRY(hdf5_write_attribute(file, dataset->id, dataset->path, "_Netcdf4Dimid", H5T_STD_I32LE,
                             H5T_NATIVE_INT, 0, &id));
out:
    return status;
}

int results_file_dimension(struct results_file *file,
                           const struct dimension_description *description)
{
    int status = 0;
    struct results_dataset *scale = NULL;
    if (file->dimension_count == RESULTS_DIMENSION_LIMIT) {
        FAIL(ERROR_MODEL, "%.300s: more than %d dimensions", file->partial_path,
             RESULTS_DIMENSION_LIMIT);
    }
    TRY(reserve_dataset(file, description->group, description->name, &scale));
    scale->type = description->type;
    if (scale->type != RESULTS_NONE) {
        TRY(check_words(file, scale, description->units, description->long_name));
    }
    scale->rank = 1;
    scale->shape[0] = description->size;
    scale->dimensions[0] = file->dimension_count;
    file->dimensions[file->dimension_count++] =
        (struct results_dimension){.is_growing = description->is_growing,
                                   .size = description->size,
                                   .scale = file->dataset_count - 1};
    TRY(create_dataset(file, scale, &(struct layout){0}));
    TRY(write_words(file, scale, description->units, description->long_name));
    TRY(make_scale(file, scale, description->name, description->size));
    if (description->values != NULL && description->size > 0) {
        TRY(results_file_write(file, scale->path, NULL, NULL, description->values));
    }
out:
    file->has_failed = file->has_failed || status != 0;
    return status;
}

static size_t count_words(const char *words)
{
    size_t count = *words == '\0' ? 0 : 1;
    for (const char *c = words; *c != '\0'; c++) {
        count += *c == ' ' ? 1 : 0;
    }
    return count;
}

static int check_value(const struct results_file *file, const struct results_dataset *dataset,
                       const char *what, double value)
{
    const double lowest = facts_of_type[dataset->type].lowest;
    const double highest = facts_of_type[dataset->type].highest;
    const bool is_float = dataset->type == RESULTS_FLOAT32 || dataset->type == RESULTS_FLOAT64;
    if (!is_float && !(value >= lowest && value <= highest && value == floor(value))) {
        return error_set(ERROR_MODEL, "%.300s: /%.300s: %s is %g: its type cannot hold it",
                         file->partial_path, dataset->path, what, value);
    }
    return 0;
}

static int write_meanings(struct results_file *file, const struct results_dataset *dataset,
                          const int *values, const char *meanings)
{
    int status = 0;
    const size_t count = count_words(meanings);
    if (values == NULL || count == 0) {
        FAIL(ERROR_MODEL, "%.300s: /%.300s: flag_meanings need words, and flag_values",
             file->partial_path, dataset->path);
    }
    for (size_t i = 0; i < count; i++) {
        TRY(check_value(file, dataset, "a flag value", values[i]));
    }
    TRY(hdf5_write_attribute(file, dataset->id, dataset->path, "flag_values",
                             choose_file_type(file, dataset->type), H5T_NATIVE_INT, count, values));
    TRY(hdf5_write_text(file, dataset->id, dataset->path, "flag_meanings", meanings));
out:
    return status;
}

static int attach_scales(struct results_file *file, const struct results_dataset *dataset)
{
    int status = 0;
    for (size_t axis = 0; axis < dataset->rank; axis++) {
        const size_t scale = file->dimensions[dataset->dimensions[axis]].scale;
        TRY_HDF5(H5DSattach_scale(dataset->id, file->datasets[scale].id, (unsigned)axis),
                 file->partial_path, dataset->path, "attaching its dimensions");
    }
out:
    return status;
}

int results_file_dataset(struct results_file *file, const struct dataset_description *description)
{
    int status = 0;
    struct results_dataset *dataset = NULL;
    const double *fill = description->has_fill ? &description->fill : NULL;
    TRY(reserve_dataset(file, description->group, description->name, &dataset));
    dataset->type = description->type;
    TRY(check_words(file, dataset, description->units, description->long_name));
    if (dataset->type <= RESULTS_NONE || dataset->type >= RESULTS_TYPE_COUNT ||
        description->rank > RESULTS_RANK_LIMIT) {
        FAIL(ERROR_MODEL, "%.300s: /%.300s: type is %d, rank is %zu: neither may go beyond limits",
             file->partial_path, dataset->path, (int)dataset->type, description->rank);
    }
    if (fill != NULL) {
        TRY(check_value(file, dataset, "its fill value", *fill));
    }
    dataset->rank = description->rank;
    for (size_t axis = 0; axis < dataset->rank; axis++) {
        TRY(find_dimension(file, description->group, description->dimensions[axis],
                           &dataset->dimensions[axis]));
        dataset->shape[axis] = file->dimensions[dataset->dimensions[axis]].size;
    }
    TRY(create_dataset(file, dataset,
                       &(struct layout){.chunk = description->chunk,
                                        .fill = fill,
                                        .is_stream = description->is_stream}));
    TRY(write_words(file, dataset, description->units, description->long_name));
    if (fill != NULL) {
        TRY(hdf5_write_attribute(file, dataset->id, dataset->path, "_FillValue",
                                 choose_file_type(file, dataset->type), H5T_NATIVE_DOUBLE, 0,
                                 fill));
    }
    if (description->rounded_bits > 0) { /* as netCDF says it */
        TRY(hdf5_write_attribute(file, dataset->id, dataset->path,
                                 "_QuantizeBitRoundNumberOfSignificantBits", H5T_STD_I32LE,
                                 H5T_NATIVE_INT, 0, &description->rounded_bits));
    }
    if (description->flag_meanings != NULL) {
        TRY(write_meanings(file, dataset, description->flag_values, description->flag_meanings));
    }
    TRY(attach_scales(file, dataset));
out:
    file->has_failed = file->has_failed || status != 0;
    return status;
}

/* ---- growing and writing ---- */

int hdf5_settle_dataset(struct results_file *file, struct results_dataset *dataset)
{
    int status = 0;
    bool is_behind = false;
    for (size_t axis = 0; axis < dataset->rank; axis++) {
        const hsize_t size = file->dimensions[dataset->dimensions[axis]].size;
        is_behind = is_behind || dataset->shape[axis] < size;
        dataset->shape[axis] = size;
    }
    if (is_behind && H5Dset_extent(dataset->id, dataset->shape) < 0) {
        status = hdf5_fail(file->partial_path, dataset->path, "extending it");
    }
    return status;
}

int results_file_grow(struct results_file *file, const char *group, const char *dimension,
                      size_t size)
{
    int status = 0;
    size_t index;
    TRY(find_dimension(file, group, dimension, &index));
    if (!file->dimensions[index].is_growing || size < file->dimensions[index].size) {
        FAIL(ERROR_MODEL, "%.300s: dimension %.200s has size %llu and cannot be made %zu",
             file->partial_path, dimension, (unsigned long long)file->dimensions[index].size, size);
    }
    file->dimensions[index].size = size;
    for (size_t i = 0; i < file->dataset_count; i++) {
        TRY(hdf5_settle_dataset(file, &file->datasets[i]));
    }
out:
    file->has_failed = file->has_failed || status != 0;
    return status;
}

/* Writes anew how large a growing dimension without coordinates is, in netCDF's mark of it. */
int hdf5_rewrite_mark(struct results_file *file, hid_t scale, const char *path, size_t size)
{
    int status = 0;
    char bare[128];
    hid_t type = H5I_INVALID_HID;
    hid_t attribute = H5Aopen(scale, "NAME", H5P_DEFAULT);
    memset(bare, 0, sizeof bare);
    (void)snprintf(bare, sizeof bare, BARE_DIMENSION, size);
    TRY_HDF5(attribute, file->partial_path, path, "opening attribute NAME");
    TRY_HDF5(type = H5Aget_type(attribute), file->partial_path, path, "its type");
    TRY_HDF5(H5Awrite(attribute, type, bare), file->partial_path, path, "writing attribute NAME");
out:
    if (type >= 0) {
        (void)H5Tclose(type);
    }
    if (attribute >= 0) {
        (void)H5Aclose(attribute);
    }
    return status;
}

int hdf5_settle_dimensions(struct results_file *file)
{
    int status = 0;
    for (size_t i = 0; i < file->dataset_count; i++) {
        TRY(hdf5_settle_dataset(file, &file->datasets[i]));
    }
    for (size_t i = 0; i < file->dimension_count; i++) {
        const struct results_dimension *dimension = &file->dimensions[i];
        if (dimension->is_growing && file->datasets[dimension->scale].type == RESULTS_NONE) {
            const struct results_dataset *scale = &file->datasets[dimension->scale];
            TRY(hdf5_rewrite_mark(file, scale->id, scale->path, (size_t)dimension->size));
        }
    }
out:
    return status;
}

/* Fills in the block's corner and shape, and lets dimensions grow to hold it. */
static int place_block(struct results_file *file, struct results_dataset *dataset,
                       const size_t *start, const size_t *count, hsize_t *corner, hsize_t *block)
{
    int status = 0;
    for (size_t axis = 0; axis < dataset->rank; axis++) {
        struct results_dimension *dimension = &file->dimensions[dataset->dimensions[axis]];
        corner[axis] = start == NULL ? 0 : start[axis];
        block[axis] = count == NULL ? dimension->size : count[axis];
        const hsize_t end = corner[axis] + block[axis];
        if (end > dimension->size && !dimension->is_growing) {
            FAIL(ERROR_MODEL, "%.300s: /%.300s: %llu + %llu goes beyond %llu on axis %zu",
                 file->partial_path, dataset->path, (unsigned long long)corner[axis],
                 (unsigned long long)block[axis], (unsigned long long)dimension->size, axis);
        }
        dimension->size = end > dimension->size ? end : dimension->size;
    }
    if (!dataset->stream.is_on) { /* which grows when a chunk of it is put into the file */
        TRY(hdf5_settle_dataset(file, dataset));
    }
out:
    return status;
}

int results_file_write(struct results_file *file, const char *path, const size_t *start,
                       const size_t *count, const void *data)
{
    int status = 0;
    hsize_t corner[RESULTS_RANK_LIMIT];
    hsize_t block[RESULTS_RANK_LIMIT];
    hid_t memory = H5I_INVALID_HID;
    hid_t space = H5I_INVALID_HID;
    struct results_dataset *dataset = find_dataset(file, path);
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* a setting of the calling thread */
    if (dataset == NULL || dataset->type == RESULTS_NONE || (start == NULL) != (count == NULL)) {
        FAIL(ERROR_MODEL, "%.300s: /%.300s cannot be written: no such dataset, or half a block",
             file->partial_path, hdf5_strip(path));
    }
    TRY(place_block(file, dataset, start, count, corner, block));
    if (dataset->stream.is_on) {
        TRY(hdf5_stream_write(file, dataset, corner, block, data));
        goto out;
    }
    memory = dataset->rank == 0 ? H5Screate(H5S_SCALAR)
                                : H5Screate_simple((int)dataset->rank, block, NULL);
    space = H5Dget_space(dataset->id);
    if (space < 0 || memory < 0 ||
        (dataset->rank > 0 &&
         H5Sselect_hyperslab(space, H5S_SELECT_SET, corner, NULL, block, NULL) < 0)) {
        status = hdf5_fail(file->partial_path, dataset->path, "choosing a block");
        goto out;
    }
    if (H5Dwrite(dataset->id, choose_memory_type(file, dataset->type), memory, space,
                 dataset->type == RESULTS_TEXT ? file->transfer : H5P_DEFAULT, data) < 0) {
        status = hdf5_fail(file->partial_path, dataset->path, "writing");
    }
out:
    file->has_failed = file->has_failed || status != 0;
    if (space >= 0) {
        (void)H5Sclose(space);
    }
    if (memory >= 0) {
        (void)H5Sclose(memory);
    }
    return status;
}

int results_file_labels(struct results_file *file, const char *group, const char *name,
                        const char *long_name, size_t count, const char *const *labels)
{
    return results_file_dimension(file, &(struct dimension_description){.group = group,
                                                                        .name = name,
                                                                        .long_name = long_name,
                                                                        .size = count,
                                                                        .type = RESULTS_TEXT,
                                                                        .values = labels});
}

int results_file_texts(struct results_file *file, const char *group, const char *name,
                       const char *long_name, const char *dimension, const char *const *texts)
{
    int status = 0;
    char *path = NULL;
    TRY(results_file_dataset(file, &(struct dataset_description){.group = group,
                                                                 .name = name,
                                                                 .long_name = long_name,
                                                                 .type = RESULTS_TEXT,
                                                                 .rank = 1,
                                                                 .dimensions = {dimension}}));
    TRY(hdf5_join(group, name, &path));
    TRY(results_file_write(file, path, NULL, NULL, texts));
out:
    free(path);
    return status;
}
