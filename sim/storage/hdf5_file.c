/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hdf5_private.h"
#include "packer.h"

#include "base/unfinished.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRANSFER_BYTES 16384
#define MEMORY_BYTES 4096 /* by which a file in memory grows, and is measured too large at most */
#define TEXT_LIMIT 60000  /* bytes; HDF5 allows an attribute 64 KiB with its header */

void hdf5_prepare(void)
{
    /* HDF5 crashes on exit once closing a file has failed; we close all files ourselves. */
    (void)H5dont_atexit();
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

static herr_t keep_innermost(unsigned index, const H5E_error2_t *error, void *pointer)
{
    const char **reason = pointer;
    if (index == 0 && error->desc != NULL) {
        *reason = error->desc;
    }
    return 0;
}

/* HDF5's file drivers wrap the system's message in a time of day, a pointer and so on. */
static void copy_reason(char *reason, size_t size, const char *description)
{
    static const char mark[] = "error message = '";
    const char *begin;
    size_t length;
    if (strstr(description, "unable to lock file") != NULL) {
        description = "another program has it open";
    }
    begin = strstr(description, mark);
    if (begin != NULL) {
        begin += sizeof mark - 1;
        length = strcspn(begin, "'");
    } else {
        begin = description;
        length = strlen(description);
    }
    length = length < size ? length : size - 1;
    for (size_t i = 0; i < length; i++) {
        reason[i] = begin[i];
        if (iscntrl((unsigned char)reason[i])) {
            reason[i] = ' ';
        }
    }
    reason[length] = '\0';
}

int hdf5_fail(const char *path, const char *object, const char *doing)
{
    const char *description = NULL;
    char reason[400];
    (void)H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, &description);
    copy_reason(reason, sizeof reason, description != NULL ? description : "HDF5 gives no reason");
    return error_set(ERROR_FILE, "%.300s: /%.200s: %s: %s", path, hdf5_strip(object), doing,
                     reason);
}

hid_t hdf5_choose_access(void)
{
    hid_t access_list = H5Pcreate(H5P_FILE_ACCESS);
    /* Version 1.8 of the format: read by every netCDF-4 library; some file systems cannot lock. */
    if (access_list >= 0 &&
        (H5Pset_libver_bounds(access_list, H5F_LIBVER_V18, H5F_LIBVER_V18) < 0 ||
         H5Pset_file_locking(access_list, true, true) < 0 ||
         H5Pset_fclose_degree(access_list, H5F_CLOSE_STRONG) < 0)) {
        (void)H5Pclose(access_list);
        access_list = H5I_INVALID_HID;
    }
    return access_list;
}

hid_t hdf5_create_text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0 &&
        (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)) {
        (void)H5Tclose(type);
        type = H5I_INVALID_HID;
    }
    return type;
}

hid_t hdf5_choose_transfer(void)
{
    hid_t transfer = H5Pcreate(H5P_DATASET_XFER);
    if (transfer >= 0 && H5Pset_buffer(transfer, TRANSFER_BYTES, NULL, NULL) < 0) {
        (void)H5Pclose(transfer);
        transfer = H5I_INVALID_HID;
    }
    return transfer;
}

int hdf5_check_name(const struct results_file *file, const char *name)
{
    bool is_good = isalpha((unsigned char)name[0]) != 0 && strlen(name) <= 255;
    for (const char *c = name; *c != '\0'; c++) {
        is_good = is_good && (isalnum((unsigned char)*c) != 0 || *c == '_');
    }
    if (!is_good) {
        return error_set(ERROR_MODEL,
                         "%.300s: '%.300s' cannot be a name: use letters, digits and underscores, "
                         "a letter first",
                         file->partial_path, name);
    }
    return 0;
}

int hdf5_join(const char *group, const char *name, char **path)
{
    group = hdf5_strip(group);
    const size_t size = strlen(group) + strlen(name) + 2;
    *path = malloc(size);
    if (*path == NULL) {
        return error_set(ERROR_MEMORY, "no memory for the name %.200s", name);
    }
    (void)snprintf(*path, size, "%s%s%s", group, *group == '\0' ? "" : "/", name);
    return 0;
}

/* ---- attributes ---- */

int hdf5_write_attribute(struct results_file *file, hid_t object, const char *path,
                         const char *name, hid_t file_type, hid_t memory_type, size_t count,
                         const void *data)
{
    int status = 0;
    const hsize_t size = count;
    hid_t space = count == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &size, NULL);
    hid_t attribute = H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, memory_type, data) < 0) {
        char doing[300];
        (void)snprintf(doing, sizeof doing, "writing attribute %.200s", name);
        status = hdf5_fail(file->partial_path, path, doing);
    }
    if (attribute >= 0) {
        (void)H5Aclose(attribute);
    }
    if (space >= 0) {
        (void)H5Sclose(space);
    }
    return status;
}

int hdf5_write_text(struct results_file *file, hid_t object, const char *path, const char *name,
                    const char *text)
{
    const size_t length = strlen(text);
    if (length > TEXT_LIMIT) {
        return error_set(ERROR_MODEL,
                         "%.300s: /%.200s: attribute %.200s has %zu bytes: at most %d, or a "
                         "document",
                         file->partial_path, hdf5_strip(path), name, length, TEXT_LIMIT);
    }
    /* Fixed length, as netCDF's own library writes text attributes. */
    hid_t type = H5Tcopy(H5T_C_S1);
    (void)H5Tset_size(type, length > 0 ? length : 1);
    (void)H5Tset_cset(type, H5T_CSET_UTF8);
    (void)H5Tset_strpad(type, H5T_STR_NULLPAD);
    const int status = hdf5_write_attribute(file, object, path, name, type, type, 0, text);
    (void)H5Tclose(type);
    return status;
}

static int open_object(struct results_file *file, const char *path, hid_t *object)
{
    int status = 0;
    const char *name = hdf5_strip(path);
    TRY_HDF5(*object = H5Oopen(file->id, *name == '\0' ? "/" : name, H5P_DEFAULT),
             file->partial_path, path, "opening it for an attribute");
out:
    return status;
}

int results_file_text(struct results_file *file, const char *path, const char *name,
                      const char *text)
{
    int status = 0;
    hid_t object = H5I_INVALID_HID;
    TRY(hdf5_check_name(file, name));
    TRY(open_object(file, path, &object));
    TRY(hdf5_write_text(file, object, path, name, text));
out:
    file->has_failed = file->has_failed || status != 0;
    if (object >= 0) {
        (void)H5Oclose(object);
    }
    return status;
}

static int write_number(struct results_file *file, const char *path, const char *name,
                        hid_t file_type, hid_t memory_type, const void *value)
{
    int status = 0;
    hid_t object = H5I_INVALID_HID;
    TRY(hdf5_check_name(file, name));
    TRY(open_object(file, path, &object));
    TRY(hdf5_write_attribute(file, object, path, name, file_type, memory_type, 0, value));
out:
    file->has_failed = file->has_failed || status != 0;
    if (object >= 0) {
        (void)H5Oclose(object);
    }
    return status;
}

int results_file_integer(struct results_file *file, const char *path, const char *name,
                         int64_t value)
{
    return write_number(file, path, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}

int results_file_number(struct results_file *file, const char *path, const char *name, double value)
{
    return write_number(file, path, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

/* ---- groups and documents ---- */

int results_file_group(struct results_file *file, const char *path, const char *description)
{
    int status = 0;
    hid_t group = H5I_INVALID_HID;
    hid_t creation = H5I_INVALID_HID;
    const char *last = strrchr(path, '/');
    TRY(hdf5_check_name(file, last == NULL ? path : last + 1));
    creation = H5Pcreate(H5P_GROUP_CREATE);
    if (creation < 0 ||
        H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) < 0 ||
        H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) < 0 ||
        H5Pset_obj_track_times(creation, false) < 0) {
        status = hdf5_fail(file->partial_path, path, "choosing the group's properties");
        goto out;
    }
    TRY_HDF5(group = H5Gcreate2(file->id, hdf5_strip(path), H5P_DEFAULT, creation, H5P_DEFAULT),
             file->partial_path, path, "creating the group");
    TRY(hdf5_write_text(file, group, path, "description", description));
out:
    file->has_failed = file->has_failed || status != 0;
    if (group >= 0) {
        (void)H5Gclose(group);
    }
    if (creation >= 0) {
        (void)H5Pclose(creation);
    }
    return status;
}

int results_file_document(struct results_file *file, const char *group, const char *name,
                          const char *long_name, const char *text)
{
    int status = 0;
    char *path = NULL;
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    hid_t dataset = H5I_INVALID_HID;
    TRY(hdf5_check_name(file, name));
    TRY(hdf5_join(group, name, &path));
    if (H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) < 0 ||
        H5Pset_obj_track_times(creation, false) < 0) {
        status = hdf5_fail(file->partial_path, path, "choosing the document's properties");
        goto out;
    }
    TRY_HDF5(dataset = H5Dcreate2(file->id, path, file->text_type, space, H5P_DEFAULT, creation,
                                  H5P_DEFAULT),
             file->partial_path, path, "creating the document");
    TRY_HDF5(H5Dwrite(dataset, file->text_type, H5S_ALL, H5S_ALL, file->transfer, &text),
             file->partial_path, path, "writing the document");
    TRY(hdf5_write_text(file, dataset, path, "long_name", long_name));
out:
    file->has_failed = file->has_failed || status != 0;
    if (dataset >= 0) {
        (void)H5Dclose(dataset);
    }
    (void)H5Pclose(creation);
    (void)H5Sclose(space);
    free(path);
    return status;
}

/* ---- create, commit, discard ---- */

/* `path`'s directory, "." if it names none. The caller frees it. */
static char *copy_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return strdup(".");
    }
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

static int check_target(const char *path, const char *directory, bool force)
{
    struct stat facts;
    if (*path == '\0' || path[strlen(path) - 1] == '/') {
        return error_set(ERROR_INPUT, "'%.700s' is no name for a results file", path);
    }
    if (stat(directory, &facts) != 0) {
        return error_set(ERROR_INPUT, "%.450s: its directory %.450s cannot be used: %s", path,
                         directory, strerror(errno));
    }
    if (!S_ISDIR(facts.st_mode)) {
        return error_set(ERROR_INPUT, "%.450s: %.450s is not a directory", path, directory);
    }
    if (lstat(path, &facts) != 0) {
        return 0;
    }
    if (S_ISDIR(facts.st_mode)) {
        return error_set(ERROR_INPUT, "%.900s: is a directory: name a file", path);
    }
    if (!S_ISREG(facts.st_mode) && !S_ISLNK(facts.st_mode)) {
        return error_set(ERROR_INPUT, "%.900s: is not a regular file", path);
    }
    if (!force) {
        return error_set(ERROR_INPUT, "%.900s: exists already: give --force to replace it", path);
    }
    if (facts.st_size > 0 && H5Fis_hdf5(path) <= 0) {
        return error_set(ERROR_INPUT, "%.900s: is not a results file: it is not replaced", path);
    }
    return 0;
}

/* Opening tells more surely than access() whether the directory can be written. */
static int check_partial(const char *partial_path)
{
    const int descriptor = open(partial_path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666);
    if (descriptor < 0) {
        const bool is_full = errno == ENOSPC || errno == EDQUOT || errno == EIO;
        return error_set(is_full ? ERROR_FILE : ERROR_INPUT, "%.900s: cannot be written: %s",
                         partial_path, strerror(errno));
    }
    /* HDF5 would truncate the file before it tries to lock it. */
    const bool is_taken = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    (void)close(descriptor);
    if (is_taken) {
        return error_set(ERROR_INPUT, "%.900s: another run is writing it", partial_path);
    }
    return 0;
}

static int create_file(struct results_file *file)
{
    int status = 0;
    hid_t access_list = hdf5_choose_access();
    hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    if (access_list < 0 || creation < 0 ||
        (file->is_in_memory && H5Pset_fapl_core(access_list, MEMORY_BYTES, false) < 0) ||
        H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) < 0 ||
        H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) < 0 ||
        H5Pset_obj_track_times(creation, false) < 0) {
        status = hdf5_fail(file->partial_path, "", "choosing the file's properties");
        goto out;
    }
    TRY_HDF5(file->text_type = hdf5_create_text_type(), file->partial_path, "", "making a type");
    TRY_HDF5(file->transfer = hdf5_choose_transfer(), file->partial_path, "",
             "choosing how to write");
    TRY_HDF5(file->id = H5Fcreate(file->partial_path, H5F_ACC_TRUNC, creation, access_list),
             file->partial_path, "", "creating the file");
    TRY(results_file_text(file, "/", "format", RESULTS_FORMAT));
    TRY(results_file_integer(file, "/", "format_version", RESULTS_FORMAT_VERSION));
    TRY(results_file_integer(file, "/", "complete", 0));
out:
    if (creation >= 0) {
        (void)H5Pclose(creation);
    }
    if (access_list >= 0) {
        (void)H5Pclose(access_list);
    }
    return status;
}

int hdf5_begin(struct results_file **file, const char *path, bool force)
{
    int status = 0;
    struct results_file *made = NULL;
    char *directory = copy_directory(path);
    const size_t size = strlen(path) + sizeof ".part";
    *file = NULL;
    hdf5_prepare();
    made = calloc(1, sizeof *made);
    if (made != NULL) {
        made->id = H5I_INVALID_HID;
        made->text_type = H5I_INVALID_HID;
        made->transfer = H5P_DEFAULT;
        made->path = strdup(path);
        made->partial_path = malloc(size);
    }
    if (directory == NULL || made == NULL || made->path == NULL || made->partial_path == NULL) {
        FAIL(ERROR_MEMORY, "%.900s: no memory to write it", path);
    }
    (void)snprintf(made->partial_path, size, "%s.part", path);
    made->is_forced = force;
    TRY(check_target(path, directory, force));
    TRY(check_partial(made->partial_path));
    unfinished_begin(made->partial_path);
    *file = made;
    made = NULL;
out:
    results_file_discard(&made);
    free(directory);
    return status;
}

int results_file_create(struct results_file **file, const char *path, bool force, int deflate_level)
{
    int status = 0;
    *file = NULL;
    if (deflate_level < 0 || deflate_level > 9) {
        FAIL(ERROR_MODEL, "%.900s: compression level is %d: 0 to 9", path, deflate_level);
    }
    TRY(hdf5_begin(file, path, force));
    (*file)->deflate_level = deflate_level;
    TRY(create_file(*file));
out:
    if (status != 0) {
        results_file_discard(file);
    }
    return status;
}

int results_file_create_in_memory(struct results_file **file, int deflate_level)
{
    int status = 0;
    struct results_file *made = calloc(1, sizeof *made);
    *file = NULL;
    hdf5_prepare();
    if (made != NULL) {
        made->id = made->text_type = H5I_INVALID_HID;
        made->transfer = H5P_DEFAULT;
        made->is_in_memory = made->has_failed = true; /* it cannot be committed */
        made->deflate_level = deflate_level;
        made->partial_path = strdup("results in memory");
    }
    if (made == NULL || made->partial_path == NULL) {
        FAIL(ERROR_MEMORY, "no memory for results");
    }
    TRY(create_file(made));
    *file = made;
    made = NULL;
out:
    results_file_discard(&made);
    return status;
}

/* Closes all of HDF5's handles; the file is closed even if something fails, which is reported. */
static int close_handles(struct results_file *file)
{
    int status = 0;
    for (size_t i = 0; i < file->dataset_count; i++) {
        struct results_dataset *dataset = &file->datasets[i];
        if (dataset->id >= 0 && H5Dclose(dataset->id) < 0 && status == 0) {
            status = hdf5_fail(file->partial_path, dataset->path, "closing it");
        }
        dataset->id = H5I_INVALID_HID;
    }
    if (file->text_type >= 0) {
        (void)H5Tclose(file->text_type);
        file->text_type = H5I_INVALID_HID;
    }
    if (file->transfer > 0) {
        (void)H5Pclose(file->transfer);
        file->transfer = H5P_DEFAULT;
    }
    if (file->id >= 0 && H5Fclose(file->id) < 0 && status == 0) {
        status = hdf5_fail(file->partial_path, "", "closing the file");
    }
    file->id = H5I_INVALID_HID;
    return status;
}

static int mark_complete(struct results_file *file)
{
    int status = 0;
    const int64_t complete = 1;
    hid_t attribute = H5Aopen(file->id, "complete", H5P_DEFAULT);
    TRY_HDF5(attribute, file->partial_path, "", "opening attribute complete");
    TRY_HDF5(H5Awrite(attribute, H5T_NATIVE_INT64, &complete), file->partial_path, "",
             "writing attribute complete");
out:
    if (attribute >= 0) {
        (void)H5Aclose(attribute);
    }
    return status;
}

static int sync_path(const char *path)
{
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    int result = descriptor < 0 ? -1 : fsync(descriptor);
    if (result != 0 && descriptor >= 0 && (errno == EINVAL || errno == ENOTSUP)) {
        result = 0; /* a file system which cannot sync this */
    }
    const int reason = errno;
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    if (result != 0) {
        return error_set(ERROR_FILE, "%.900s: syncing to disk: %s", path, strerror(reason));
    }
    return 0;
}

static int publish(const struct results_file *file)
{
    int status = 0;
    struct stat facts;
    char *directory = copy_directory(file->path);
    if (directory == NULL) {
        FAIL(ERROR_MEMORY, "%.900s: no memory to rename it", file->path);
    }
    TRY(sync_path(file->partial_path));
    if (!file->is_forced && lstat(file->path, &facts) == 0) {
        FAIL(ERROR_FILE, "%.450s: appeared during the run, whose results are in %.450s", file->path,
             file->partial_path);
    }
    if (rename(file->partial_path, file->path) != 0) {
        FAIL(ERROR_FILE, "%.450s: renaming %.450s: %s", file->path, file->partial_path,
             strerror(errno));
    }
    TRY(sync_path(directory));
out:
    free(directory);
    return status;
}

int results_file_commit(struct results_file **file)
{
    int status = 0;
    struct results_file *whole = *file;
    if (whole->has_failed) {
        FAIL(ERROR_FILE, "%.900s: writing failed before, not renamed", whole->partial_path);
    }
    TRY(hdf5_streams_end(whole));
    TRY(hdf5_settle_dimensions(whole));
    /* All data reach the file before it says that it is complete. */
    TRY_HDF5(H5Fflush(whole->id, H5F_SCOPE_GLOBAL), whole->partial_path, "", "flushing the file");
    TRY(mark_complete(whole));
    TRY(close_handles(whole));
    TRY(publish(whole));
out:
    results_file_discard(file);
    return status;
}

void results_file_discard(struct results_file **file)
{
    struct results_file *whole = *file;
    if (whole == NULL) {
        return;
    }
    char kept[1024]; /* closing may fail too: the first failure's sentence is the one to keep */
    (void)snprintf(kept, sizeof kept, "%s", error_message());
    if (close_handles(whole) != 0) {
        (void)error_set(ERROR_FILE, "%s", kept);
    }
    for (size_t i = 0; i < whole->dataset_count; i++) {
        free(whole->datasets[i].path);
        packer_return(whole->datasets[i].stream.open);
    }
    packer_free(whole->packer);
    if (whole->partial_path != NULL) {
        unfinished_end(whole->partial_path);
    }
    free(whole->partial_path);
    free(whole->path);
    free(whole);
    *file = NULL;
}
