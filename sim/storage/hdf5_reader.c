/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hdf5_private.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct results_reader {
    char *path;
    hid_t id;
};

/* ---- opening ---- */

static int check_regular(const char *path)
{
    struct stat facts;
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 || fstat(descriptor, &facts) != 0) {
        const int reason = errno;
        if (descriptor >= 0) {
            (void)close(descriptor);
        }
        return error_set(ERROR_INPUT, "%.900s: cannot be read: %s", path, strerror(reason));
    }
    (void)close(descriptor);
    if (!S_ISREG(facts.st_mode)) {
        return error_set(ERROR_INPUT, "%.900s: is %s, not a results file", path,
                         S_ISDIR(facts.st_mode) ? "a directory" : "no regular file");
    }
    if (facts.st_size == 0) {
        return error_set(ERROR_INPUT, "%.900s: is empty, not a results file", path);
    }
    return 0;
}

static int open_file(const char *path, hid_t *id)
{
    int status = 0;
    hid_t access_list = H5I_INVALID_HID;
    if (H5Fis_hdf5(path) <= 0) {
        FAIL(ERROR_INPUT, "%.900s: is not an HDF5 file", path);
    }
    access_list = hdf5_choose_access();
    *id = H5Fopen(path, H5F_ACC_RDONLY, access_list);
    if (*id < 0) {
        char reason[200];
        (void)hdf5_fail(path, "", "opening");
        const char *truncated = strstr(error_message(), "truncated file");
        if (truncated == NULL) {
            status = ERROR_INPUT; /* with that sentence */
            goto out;
        }
        (void)snprintf(reason, sizeof reason, "%s", truncated);
        FAIL(ERROR_INPUT, "%.600s: is cut short, copy it again (%s)", path, reason);
    }
out:
    if (access_list >= 0) {
        (void)H5Pclose(access_list);
    }
    return status;
}

static int check_format(struct results_reader *reader)
{
    int status = 0;
    char *format = NULL;
    int64_t version = 0;
    int64_t complete = 0;
    if (results_reader_read_text(reader, "/", "format", &format) != 0 ||
        strcmp(format, RESULTS_FORMAT) != 0 ||
        results_reader_read_integer(reader, "/", "format_version", &version) != 0) {
        FAIL(ERROR_INPUT, "%.700s: is not a results file of Buyin (attribute format is not %s)",
             reader->path, RESULTS_FORMAT);
    }
    if (version > RESULTS_FORMAT_VERSION) {
        FAIL(ERROR_INPUT,
             "%.700s: has results format %lld, this program reads up to %d: take a newer Buyin",
             reader->path, (long long)version, RESULTS_FORMAT_VERSION);
    }
    if (results_reader_read_integer(reader, "/", "complete", &complete) != 0 || complete != 1) {
        FAIL(ERROR_INPUT, "%.700s: is incomplete: the run that wrote it did not end", reader->path);
    }
out:
    free(format);
    return status;
}

static int open_complete(struct results_reader **reader, const char *path)
{
    int status = 0;
    struct results_reader *made = calloc(1, sizeof *made);
    *reader = NULL;
    hdf5_prepare();
    if (made != NULL) {
        made->id = H5I_INVALID_HID;
        made->path = strdup(path);
    }
    if (made == NULL || made->path == NULL) {
        FAIL(ERROR_MEMORY, "%.900s: no memory to read it", path);
    }
    TRY(check_regular(path));
    TRY(open_file(path, &made->id));
    TRY(check_format(made));
    *reader = made;
    made = NULL;
out:
    results_reader_close(&made);
    return status;
}

/* 0 of 0: the file is no part. */
static void read_part(struct results_reader *reader, int64_t *number, int64_t *count)
{
    *number = *count = 0;
    if (H5Aexists(reader->id, "part") > 0) {
        (void)results_reader_read_integer(reader, "/", "part", number);
        (void)results_reader_read_integer(reader, "/", "parts", count);
    }
}

int results_reader_open(struct results_reader **reader, const char *path)
{
    int64_t number = 0, count = 0;
    int status = open_complete(reader, path);
    if (status != 0) {
        return status;
    }
    read_part(*reader, &number, &count);
    if (count != 0) {
        status = error_set(
            ERROR_INPUT, "%.700s: is part %lld of %lld: put the parts together with 'buyin merge'",
            path, (long long)number, (long long)count);
        results_reader_close(reader);
    }
    return status;
}

int results_reader_open_part(struct results_reader **reader, const char *path, size_t *number,
                             size_t *count)
{
    int64_t which = 0, all = 0;
    int status = open_complete(reader, path);
    if (status != 0) {
        return status;
    }
    read_part(*reader, &which, &all);
    if (all < 1 || which < 1 || which > all) {
        status = error_set(ERROR_INPUT, "%.700s: is a whole results file, not a part of one", path);
        results_reader_close(reader);
    }
    *number = (size_t)which;
    *count = (size_t)all;
    return status;
}

void results_reader_close(struct results_reader **reader)
{
    struct results_reader *whole = *reader;
    if (whole == NULL) {
        return;
    }
    if (whole->id >= 0) {
        (void)H5Fclose(whole->id);
    }
    free(whole->path);
    free(whole);
    *reader = NULL;
}

bool results_reader_has(struct results_reader *reader, const char *path)
{
    const char *name = hdf5_strip(path);
    return *name == '\0' || H5Oexists_by_name(reader->id, name, H5P_DEFAULT) > 0;
}

/* ---- attributes ---- */

static int open_attribute(struct results_reader *reader, const char *path, const char *name,
                          hid_t *attribute)
{
    const char *object = hdf5_strip(path);
    *attribute = H5I_INVALID_HID;
    if (results_reader_has(reader, path)) {
        *attribute = H5Aopen_by_name(reader->id, *object == '\0' ? "/" : object, name, H5P_DEFAULT,
                                     H5P_DEFAULT);
    }
    if (*attribute < 0) {
        (void)error_set(ERROR_INPUT, "%.400s: /%.300s: has no attribute %.200s", reader->path,
                        object, name);
        return ERROR_INPUT;
    }
    return 0;
}

static int read_attribute_text(struct results_reader *reader, const char *path, hid_t attribute,
                               hid_t type, char **text)
{
    int status = 0;
    if (H5Tis_variable_str(type) > 0) {
        char *read = NULL;
        TRY_HDF5(H5Aread(attribute, type, &read), reader->path, path, "reading an attribute");
        *text = strdup(read != NULL ? read : "");
        (void)H5free_memory(read);
    } else {
        *text = calloc(H5Tget_size(type) + 1, 1);
        if (*text != NULL) {
            TRY_HDF5(H5Aread(attribute, type, *text), reader->path, path, "reading an attribute");
        }
    }
    if (*text == NULL) {
        FAIL(ERROR_MEMORY, "%.900s: no memory to read an attribute", reader->path);
    }
out:
    return status;
}

int results_reader_read_text(struct results_reader *reader, const char *path, const char *name,
                             char **text)
{
    int status = 0;
    hid_t attribute = H5I_INVALID_HID;
    hid_t type = H5I_INVALID_HID;
    hid_t space = H5I_INVALID_HID;
    *text = NULL;
    TRY(open_attribute(reader, path, name, &attribute));
    type = H5Aget_type(attribute);
    space = H5Aget_space(attribute);
    if (H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1) {
        FAIL(ERROR_INPUT, "%.400s: /%.300s: attribute %.200s is not a text", reader->path,
             hdf5_strip(path), name);
    }
    TRY(read_attribute_text(reader, path, attribute, type, text));
out:
    if (status != 0) {
        free(*text);
        *text = NULL;
    }
    if (space >= 0) {
        (void)H5Sclose(space);
    }
    if (type >= 0) {
        (void)H5Tclose(type);
    }
    if (attribute >= 0) {
        (void)H5Aclose(attribute);
    }
    return status;
}

/* Reads a single number of class `wanted` (or an integer) in `memory_type`. */
static int read_attribute_number(struct results_reader *reader, const char *path, const char *name,
                                 H5T_class_t wanted, hid_t memory_type, void *value)
{
    int status = 0;
    hid_t attribute = H5I_INVALID_HID;
    hid_t type = H5I_INVALID_HID;
    hid_t space = H5I_INVALID_HID;
    TRY(open_attribute(reader, path, name, &attribute));
    type = H5Aget_type(attribute);
    space = H5Aget_space(attribute);
    const H5T_class_t kind = H5Tget_class(type);
    if ((kind != H5T_INTEGER && kind != wanted) || H5Sget_simple_extent_npoints(space) != 1) {
        FAIL(ERROR_INPUT, "%.400s: /%.300s: attribute %.200s is not %s", reader->path,
             hdf5_strip(path), name, wanted == H5T_INTEGER ? "an integer" : "a number");
    }
    TRY_HDF5(H5Aread(attribute, memory_type, value), reader->path, path, "reading an attribute");
out:
    if (space >= 0) {
        (void)H5Sclose(space);
    }
    if (type >= 0) {
        (void)H5Tclose(type);
    }
    if (attribute >= 0) {
        (void)H5Aclose(attribute);
    }
    return status;
}

int results_reader_read_integer(struct results_reader *reader, const char *path, const char *name,
                                int64_t *value)
{
    return read_attribute_number(reader, path, name, H5T_INTEGER, H5T_NATIVE_INT64, value);
}

int results_reader_read_number(struct results_reader *reader, const char *path, const char *name,
                               double *value)
{
    return read_attribute_number(reader, path, name, H5T_FLOAT, H5T_NATIVE_DOUBLE, value);
}

/* ---- datasets ---- */

struct opened_dataset {
    hid_t id;
    hid_t space;
    size_t rank;
    hsize_t shape[RESULTS_RANK_LIMIT];
    size_t size;
    bool is_text;
    bool is_number;
};

static void close_dataset(struct opened_dataset *dataset)
{
    if (dataset->space >= 0) {
        (void)H5Sclose(dataset->space);
    }
    if (dataset->id >= 0) {
        (void)H5Dclose(dataset->id);
    }
}

static int open_dataset(struct results_reader *reader, const char *path,
                        struct opened_dataset *dataset)
{
    int status = 0;
    hid_t type = H5I_INVALID_HID;
    *dataset = (struct opened_dataset){.id = H5I_INVALID_HID, .space = H5I_INVALID_HID};
    dataset->id = H5Dopen2(reader->id, hdf5_strip(path), H5P_DEFAULT);
    if (dataset->id < 0) {
        FAIL(ERROR_INPUT, "%.500s: has no dataset /%.300s", reader->path, hdf5_strip(path));
    }
    dataset->space = H5Dget_space(dataset->id);
    type = H5Dget_type(dataset->id);
    const int rank = H5Sget_simple_extent_ndims(dataset->space);
    if (type < 0 || rank < 0 || rank > RESULTS_RANK_LIMIT) {
        FAIL(ERROR_INPUT, "%.500s: /%.300s: its type or shape is none of ours", reader->path,
             hdf5_strip(path));
    }
    dataset->rank = (size_t)rank;
    (void)H5Sget_simple_extent_dims(dataset->space, dataset->shape, NULL);
    dataset->size = (size_t)H5Sget_simple_extent_npoints(dataset->space);
    const H5T_class_t kind = H5Tget_class(type);
    dataset->is_number = kind == H5T_INTEGER || kind == H5T_FLOAT;
    dataset->is_text = kind == H5T_STRING && H5Tis_variable_str(type) > 0;
out:
    if (type >= 0) {
        (void)H5Tclose(type);
    }
    return status;
}

static int open_numbers(struct results_reader *reader, const char *path,
                        struct opened_dataset *dataset)
{
    int status = 0;
    TRY(open_dataset(reader, path, dataset));
    if (!dataset->is_number) {
        FAIL(ERROR_INPUT, "%.500s: /%.300s: does not hold numbers", reader->path, hdf5_strip(path));
    }
out:
    return status;
}

/* Opens a dataset of texts and reads them all into `texts`, which reclaim_texts frees. */
static int read_texts(struct results_reader *reader, const char *path, size_t rank,
                      struct opened_dataset *dataset, char ***texts)
{
    int status = 0;
    hid_t type = H5I_INVALID_HID;
    TRY(open_dataset(reader, path, dataset));
    if (!dataset->is_text || dataset->rank != rank) {
        FAIL(ERROR_INPUT, "%.500s: /%.300s: is not %s", reader->path, hdf5_strip(path),
             rank == 0 ? "a text" : "a list of texts");
    }
    *texts = calloc(dataset->size + 1, sizeof **texts);
    if (*texts == NULL) {
        FAIL(ERROR_MEMORY, "%.900s: no memory to read it", reader->path);
    }
    type = hdf5_create_text_type();
    TRY_HDF5(H5Dread(dataset->id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, *texts), reader->path, path,
             "reading");
out:
    if (type >= 0) {
        (void)H5Tclose(type);
    }
    return status;
}

static void reclaim_texts(const struct opened_dataset *dataset, char **texts)
{
    for (size_t i = 0; texts != NULL && i < dataset->size; i++) {
        (void)H5free_memory(texts[i]);
    }
    free(texts);
}

int results_reader_read_document(struct results_reader *reader, const char *path, char **text)
{
    int status = 0;
    struct opened_dataset dataset = {.id = H5I_INVALID_HID, .space = H5I_INVALID_HID};
    char **texts = NULL;
    *text = NULL;
    TRY(read_texts(reader, path, 0, &dataset, &texts));
    *text = strdup(texts[0] != NULL ? texts[0] : "");
    if (*text == NULL) {
        FAIL(ERROR_MEMORY, "%.900s: no memory to read it", reader->path);
    }
out:
    reclaim_texts(&dataset, texts);
    close_dataset(&dataset);
    return status;
}

int results_reader_read_labels(struct results_reader *reader, const char *path, size_t *count,
                               char ***labels)
{
    int status = 0;
    struct opened_dataset dataset = {.id = H5I_INVALID_HID, .space = H5I_INVALID_HID};
    char **texts = NULL;
    *labels = NULL;
    *count = 0;
    TRY(read_texts(reader, path, 1, &dataset, &texts));
    size_t size = dataset.size * sizeof **labels + 1;
    for (size_t i = 0; i < dataset.size; i++) {
        size += texts[i] != NULL ? strlen(texts[i]) + 1 : 1;
    }
    *labels = malloc(size);
    if (*labels == NULL) {
        FAIL(ERROR_MEMORY, "%.900s: no memory to read it", reader->path);
    }
    char *room = (char *)(*labels + dataset.size); /* the texts follow their pointers */
    for (size_t i = 0; i < dataset.size; i++) {
        (*labels)[i] = room;
        room = stpcpy(room, texts[i] != NULL ? texts[i] : "") + 1;
    }
    *count = dataset.size;
out:
    reclaim_texts(&dataset, texts);
    close_dataset(&dataset);
    return status;
}

int results_reader_read_shape(struct results_reader *reader, const char *path, size_t *rank,
                              size_t shape[RESULTS_RANK_LIMIT])
{
    int status = 0;
    struct opened_dataset dataset;
    TRY(open_dataset(reader, path, &dataset));
    *rank = dataset.rank;
    for (size_t axis = 0; axis < dataset.rank; axis++) {
        shape[axis] = (size_t)dataset.shape[axis];
    }
out:
    close_dataset(&dataset);
    return status;
}

static int blank_missing(struct results_reader *reader, const char *path,
                         const struct opened_dataset *dataset, size_t count, double *values)
{
    int status = 0;
    double fill;
    if (H5Aexists(dataset->id, "_FillValue") > 0) {
        TRY(results_reader_read_number(reader, path, "_FillValue", &fill));
        for (size_t i = 0; i < count; i++) {
            values[i] = values[i] == fill ? NAN : values[i];
        }
    }
out:
    return status;
}

int results_reader_read_values(struct results_reader *reader, const char *path, size_t *rank,
                               size_t shape[RESULTS_RANK_LIMIT], double **values)
{
    int status = 0;
    struct opened_dataset dataset;
    *values = NULL;
    TRY(open_numbers(reader, path, &dataset));
    *values = malloc(dataset.size * sizeof **values + 1);
    if (*values == NULL) {
        FAIL(ERROR_MEMORY, "%.500s: /%.300s: no memory for %zu values", reader->path,
             hdf5_strip(path), dataset.size);
    }
    TRY_HDF5(H5Dread(dataset.id, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, *values),
             reader->path, path, "reading");
    TRY(blank_missing(reader, path, &dataset, dataset.size, *values));
    *rank = dataset.rank;
    for (size_t axis = 0; axis < dataset.rank; axis++) {
        shape[axis] = (size_t)dataset.shape[axis];
    }
out:
    close_dataset(&dataset);
    if (status != 0) {
        free(*values);
        *values = NULL;
    }
    return status;
}

int results_reader_read_block(struct results_reader *reader, const char *path, const size_t *start,
                              const size_t *count, double *values)
{
    int status = 0;
    struct opened_dataset dataset;
    hsize_t corner[RESULTS_RANK_LIMIT];
    hsize_t block[RESULTS_RANK_LIMIT];
    hid_t memory = H5I_INVALID_HID;
    size_t size = 1;
    TRY(open_numbers(reader, path, &dataset));
    for (size_t axis = 0; axis < dataset.rank; axis++) {
        corner[axis] = start[axis];
        block[axis] = count[axis];
        size *= count[axis];
        if (corner[axis] > dataset.shape[axis] ||
            block[axis] > dataset.shape[axis] - corner[axis]) {
            FAIL(ERROR_INPUT, "%.400s: /%.300s: %zu + %zu goes beyond %llu on axis %zu",
                 reader->path, hdf5_strip(path), start[axis], count[axis],
                 (unsigned long long)dataset.shape[axis], axis);
        }
    }
    memory = dataset.rank == 0 ? H5Screate(H5S_SCALAR)
                               : H5Screate_simple((int)dataset.rank, block, NULL);
    if (dataset.rank > 0) {
        TRY_HDF5(H5Sselect_hyperslab(dataset.space, H5S_SELECT_SET, corner, NULL, block, NULL),
                 reader->path, path, "choosing a block");
    }
    TRY_HDF5(H5Dread(dataset.id, H5T_NATIVE_DOUBLE, memory, dataset.space, H5P_DEFAULT, values),
             reader->path, path, "reading");
    TRY(blank_missing(reader, path, &dataset, size, values));
out:
    if (memory >= 0) {
        (void)H5Sclose(memory);
    }
    close_dataset(&dataset);
    return status;
}
