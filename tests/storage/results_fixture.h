/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_STORAGE_RESULTS_FIXTURE_H
#define BUYIN_TESTS_STORAGE_RESULTS_FIXTURE_H

#include "storage/hdf5_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/error.h"

/* Files lie in a directory made for this run; NAME.h5 is written by way of NAME.h5.part. */

static char directory[64];
static char target[128];
static char partial[128];

static inline int make_directory(void **state)
{
    (void)state;
    (void)snprintf(directory, sizeof directory, "/tmp/test_hdf5_file_XXXXXX");
    if (mkdtemp(directory) == NULL) {
        return -1;
    }
    (void)snprintf(target, sizeof target, "%s/results.h5", directory);
    (void)snprintf(partial, sizeof partial, "%s/results.h5.part", directory);
    return 0;
}

/* Every test begins with this: what the last one left is gone. */
static inline void remove_files(void)
{
    (void)unlink(target);
    (void)unlink(partial);
}

static inline int remove_directory(void **state)
{
    (void)state;
    remove_files();
    return rmdir(directory);
}

static inline bool is_there(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0;
}

#define ASSERT_DONE(call)                                                                          \
    do {                                                                                           \
        const int result = (call);                                                                 \
        if (result != 0) {                                                                         \
            fail_msg("%s", error_message());                                                       \
        }                                                                                          \
    } while (0)

/* The call fails with a code and a sentence that contains `words`. */
#define ASSERT_FAILS(call, code, words)                                                            \
    do {                                                                                           \
        assert_int_equal((call), (code));                                                          \
        if (strstr(error_message(), (words)) == NULL) {                                            \
            fail_msg("'%s' does not say '%s'", error_message(), (words));                          \
        }                                                                                          \
    } while (0)

static inline struct results_file *create(void)
{
    struct results_file *file = NULL;
    ASSERT_DONE(results_file_create(&file, target, false, RESULTS_DEFLATE_LEVEL));
    return file;
}

static inline struct results_reader *open_target(void)
{
    struct results_reader *reader = NULL;
    ASSERT_DONE(results_reader_open(&reader, target));
    return reader;
}

/* A group "g" with a growing dimension "row" and a fixed one "column" of 3. */
static inline struct results_file *create_table(void)
{
    struct results_file *file = create();
    const struct dimension_description row = {.group = "g", .name = "row", .is_growing = true};
    const struct dimension_description column = {.group = "/g", .name = "column", .size = 3};
    ASSERT_DONE(results_file_group(file, "g", "A table."));
    ASSERT_DONE(results_file_dimension(file, &row));
    ASSERT_DONE(results_file_dimension(file, &column));
    return file;
}

static inline struct dataset_description describe(const char *name, enum results_type type)
{
    return (struct dataset_description){.group = "/g",
                                        .name = name,
                                        .units = "1",
                                        .long_name = "A dataset",
                                        .type = type,
                                        .rank = 2,
                                        .dimensions = {"row", "column"}};
}

#endif
