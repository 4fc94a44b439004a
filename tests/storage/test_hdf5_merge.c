/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "storage/hdf5_merge.h"

#include "results_fixture.h"

#include <hdf5.h>

#include <math.h>

/* What one of two files is written with: 2 scenarios of 3 replicates, the first two of which are here
 * or the others. */
struct recipe {
    double constant;   /* is the same in both, or should be */
    const char *label; /* likewise */
    size_t width;      /* of a row of /rows/number */
    bool is_without_rows;
};

static void path_of(char path[192], const char *name)
{
    (void)snprintf(path, 192, "%s/%s.h5", directory, name);
}

static void define_scenarios(struct results_file *file)
{
    const char *const scenarios[] = {"a", "b"};
    const int32_t replicates[] = {0, 1, 2};
    ASSERT_DONE(results_file_group(file, "/values", "Values."));
    ASSERT_DONE(results_file_labels(file, "/values", "scenario", "Scenario.", 2, scenarios));
    ASSERT_DONE(
        results_file_dimension(file, &(struct dimension_description){.group = "/values",
                                                                     .name = "replicate",
                                                                     .units = "1",
                                                                     .long_name = "Replicate.",
                                                                     .size = 3,
                                                                     .type = RESULTS_INT32,
                                                                     .values = replicates}));
    ASSERT_DONE(results_file_dataset(
        file, &(struct dataset_description){.group = "/values",
                                            .name = "value",
                                            .units = "1",
                                            .long_name = "Value.",
                                            .type = RESULTS_FLOAT64,
                                            .rank = 2,
                                            .dimensions = {"scenario", "replicate"},
                                            .has_fill = true,
                                            .fill = NAN}));
}

static void define_growing_rows(struct results_file *file)
{
    ASSERT_DONE(results_file_group(file, "/rows", "Rows."));
    ASSERT_DONE(results_file_dimension(
        file,
        &(struct dimension_description){.group = "/rows", .name = "row", .is_growing = true}));
}

static void define_rows(struct results_file *file, const struct recipe *recipe)
{
    int32_t columns[4] = {0, 1, 2, 3};
    define_growing_rows(file);
    ASSERT_DONE(results_file_dimension(file, &(struct dimension_description){.group = "/rows",
                                                                             .name = "column",
                                                                             .units = "1",
                                                                             .long_name = "Column.",
                                                                             .size = recipe->width,
                                                                             .type = RESULTS_INT32,
                                                                             .values = columns}));
    ASSERT_DONE(
        results_file_dataset(file, &(struct dataset_description){.group = "/rows",
                                                                 .name = "number",
                                                                 .units = "1",
                                                                 .long_name = "Number.",
                                                                 .type = RESULTS_INT32,
                                                                 .rank = 2,
                                                                 .dimensions = {"row", "column"}}));
}

/* The replicates [first, end) of all six, and `rows` rows. */
static void write_part(const char *name, const struct recipe *recipe, size_t first, size_t end,
                       size_t rows)
{
    char path[192];
    struct results_file *file = NULL;
    const char *const labels[] = {recipe->label};
    path_of(path, name);
    (void)unlink(path);
    ASSERT_DONE(results_file_create(&file, path, false, RESULTS_DEFLATE_LEVEL));
    define_scenarios(file);
    for (size_t n = first; n < end; n++) {
        const size_t start[] = {n / 3, n % 3}, count[] = {1, 1};
        const double value = 10.0 * (double)n;
        ASSERT_DONE(results_file_write(file, "/values/value", start, count, &value));
    }
    if (!recipe->is_without_rows) {
        define_rows(file, recipe);
        for (size_t r = 0; r < rows; r++) {
            const int32_t numbers[4] = {(int32_t)r, (int32_t)(10 * first), 2, 3};
            const size_t start[] = {r, 0}, count[] = {1, recipe->width};
            ASSERT_DONE(results_file_write(file, "/rows/number", start, count, numbers));
        }
    }
    ASSERT_DONE(results_file_group(file, "/all", "The same in all."));
    ASSERT_DONE(results_file_labels(file, "/all", "what", "What.", 1, labels));
    ASSERT_DONE(results_file_dataset(file, &(struct dataset_description){.group = "/all",
                                                                         .name = "constant",
                                                                         .units = "1",
                                                                         .long_name = "Constant.",
                                                                         .type = RESULTS_FLOAT64,
                                                                         .rank = 1,
                                                                         .dimensions = {"what"}}));
    ASSERT_DONE(results_file_write(file, "/all/constant", NULL, NULL, &recipe->constant));
    ASSERT_DONE(results_file_commit(&file));
}

static int merge(const struct recipe *one, const struct recipe *other)
{
    char first[192], second[192];
    struct results_file *file = NULL;
    remove_files();
    write_part("first", one, 0, 2, 3);
    write_part("second", other, 2, 6, 2);
    path_of(first, "first");
    path_of(second, "second");
    ASSERT_DONE(results_merge_begin(&file, target, false, first));
    int status = results_merge_add(file, second, 2, 6, NULL, NULL);
    if (status == 0) {
        status = results_file_commit(&file);
    }
    results_file_discard(&file);
    (void)unlink(first);
    (void)unlink(second);
    return status;
}

static const struct recipe usual = {.constant = 7.0, .label = "it", .width = 4};

static void blocks_are_taken_over_and_rows_appended(void **state)
{
    (void)state;
    struct results_reader *reader = NULL;
    size_t rank = 0, shape[RESULTS_RANK_LIMIT];
    double *values = NULL, *rows = NULL;
    ASSERT_DONE(merge(&usual, &usual));
    ASSERT_DONE(results_reader_open(&reader, target));
    ASSERT_DONE(results_reader_read_values(reader, "/values/value", &rank, shape, &values));
    for (size_t n = 0; n < 6; n++) {
        assert_true(values[n] == 10.0 * (double)n);
    }
    ASSERT_DONE(results_reader_read_values(reader, "/rows/number", &rank, shape, &rows));
    assert_int_equal(shape[0], 5);
    const double firsts[] = {0, 1, 2, 0, 1}, seconds[] = {0, 0, 0, 20, 20};
    for (size_t r = 0; r < 5; r++) {
        assert_true(rows[4 * r] == firsts[r] && rows[4 * r + 1] == seconds[r]);
    }
    free(values);
    free(rows);
    results_reader_close(&reader);
}

static void what_does_not_fit_is_refused_by_name(void **state)
{
    (void)state;
    struct recipe other = usual;
    other.constant = 7.5;
    ASSERT_FAILS(merge(&usual, &other), ERROR_INPUT, "second.h5: /all/constant differs");
    assert_false(is_there(target));
    other = usual;
    other.label = "something else";
    ASSERT_FAILS(merge(&usual, &other), ERROR_INPUT, "second.h5: /all/what differs");
    other = usual;
    other.width = 3;
    ASSERT_FAILS(merge(&usual, &other), ERROR_INPUT, "second.h5: /rows/");
    other = usual;
    other.is_without_rows = true;
    ASSERT_FAILS(merge(&usual, &other), ERROR_INPUT, "second.h5: has no dataset /rows/");
    assert_false(is_there(target));
}

/* ---- rows of many chunks ---- */

enum { MOST_ROWS = 40000 };

/* A growing column, a stream or not, of numbers that tell their row and part. */
static void write_column(const char *name, size_t part, size_t rows, bool is_stream)
{
    static float numbers[MOST_ROWS];
    char path[192];
    struct results_file *file = NULL;
    const size_t start[] = {0}, count[] = {rows};
    path_of(path, name);
    (void)unlink(path);
    for (size_t r = 0; r < rows; r++) {
        numbers[r] = (float)(100000 * part + r);
    }
    ASSERT_DONE(results_file_create(&file, path, false, RESULTS_DEFLATE_LEVEL));
    define_growing_rows(file);
    ASSERT_DONE(results_file_dataset(file, &(struct dataset_description){.group = "/rows",
                                                                         .name = "number",
                                                                         .units = "1",
                                                                         .long_name = "Number.",
                                                                         .type = RESULTS_FLOAT32,
                                                                         .rank = 1,
                                                                         .dimensions = {"row"},
                                                                         .has_fill = true,
                                                                         .fill = NAN,
                                                                         .is_stream = is_stream}));
    ASSERT_DONE(results_file_write(file, "/rows/number", start, count, numbers));
    ASSERT_DONE(results_file_commit(&file));
}

static void remove_columns(void)
{
    char path[192];
    static const char *const names[] = {"part0", "part1", "part2"};
    remove_files();
    for (size_t p = 0; p < 3; p++) {
        path_of(path, names[p]);
        (void)unlink(path);
    }
}

static int merge_columns(size_t parts, int threads)
{
    char path[192];
    struct results_file *file = NULL;
    (void)unlink(target);
    path_of(path, "part0");
    ASSERT_DONE(results_merge_begin(&file, target, false, path));
    results_file_threads(file, threads);
    int status = 0;
    for (size_t p = 1; status == 0 && p < parts; p++) {
        char name[32];
        (void)snprintf(name, sizeof name, "part%zu", p);
        path_of(path, name);
        status = results_merge_add(file, path, p, p + 1, NULL, NULL);
    }
    if (status == 0) {
        status = results_file_commit(&file);
    }
    results_file_discard(&file);
    return status;
}

static void check_columns(const size_t *rows, size_t parts)
{
    struct results_reader *reader = NULL;
    size_t rank = 0, shape[RESULTS_RANK_LIMIT], all = 0;
    double *values = NULL;
    ASSERT_DONE(results_reader_open(&reader, target));
    ASSERT_DONE(results_reader_read_values(reader, "/rows/number", &rank, shape, &values));
    for (size_t p = 0; p < parts; p++) {
        for (size_t r = 0; r < rows[p]; r++) {
            assert_true(values[all + r] == (double)(float)(100000 * p + r));
        }
        all += rows[p];
    }
    assert_int_equal(shape[0], all);
    free(values);
    results_reader_close(&reader);
}

/* A chunk of the column holds 16,384 rows. */
static void rows_fall_into_other_chunks(void **state)
{
    (void)state;
    const size_t rows[][3] = {{1, 1, 1},         {16384, 16384, 5},
                              {16383, 1, 16385}, {40000, 33000, 40000},
                              {7, 40000, 16377}, {0, 3, 0}};
    for (size_t n = 0; n < sizeof rows / sizeof rows[0]; n++) {
        for (int is_stream = 0; is_stream < 2; is_stream++) {
            remove_columns();
            write_column("part0", 0, rows[n][0], is_stream);
            write_column("part1", 1, rows[n][1], is_stream);
            write_column("part2", 2, rows[n][2], is_stream);
            ASSERT_DONE(merge_columns(3, is_stream ? 3 : 1));
            check_columns(rows[n], 3);
        }
    }
    remove_columns();
}

static void a_damaged_chunk_is_told(void **state)
{
    (void)state;
    char path[192];
    const hsize_t corner[] = {16384};
    unsigned char garbage[64] = {0x78, 0x01, 0xff, 0xff, 3, 1, 4};
    remove_columns();
    write_column("part0", 0, 40000, true);
    write_column("part1", 1, 40000, true);
    path_of(path, "part1");
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t dataset = H5Dopen2(file, "/rows/number", H5P_DEFAULT);
    assert_true(H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, corner, sizeof garbage, garbage) >= 0);
    (void)H5Dclose(dataset);
    (void)H5Fclose(file);
    ASSERT_FAILS(merge_columns(2, 2), ERROR_FILE,
                 "part1.h5: /rows/number: a chunk of it cannot be unpacked: the file is damaged");
    assert_false(is_there(target));
    remove_columns();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_taken_over_and_rows_appended),
        cmocka_unit_test(what_does_not_fit_is_refused_by_name),
        cmocka_unit_test(rows_fall_into_other_chunks),
        cmocka_unit_test(a_damaged_chunk_is_told),
    };
    return cmocka_run_group_tests_name("hdf5_merge", tests, make_directory, remove_directory);
}
