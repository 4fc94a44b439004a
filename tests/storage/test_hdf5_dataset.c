/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results_fixture.h"

#include <math.h>

/* Dimensions and datasets: written, and read again. */

static void test_labels(void **state)
{
    (void)state;
    remove_files();
    static const char *const sites[] = {"north", "", "\xc3\xbc" /* u with two dots */};
    struct results_file *file = create();
    const struct dimension_description site = {.group = "/",
                                               .name = "site",
                                               .long_name = "Site",
                                               .size = 3,
                                               .type = RESULTS_TEXT,
                                               .values = sites};
    const int32_t weeks[] = {1, 2};
    const struct dimension_description week = {.group = "",
                                               .name = "week",
                                               .units = "week",
                                               .long_name = "Week",
                                               .size = 2,
                                               .type = RESULTS_INT32,
                                               .values = weeks};
    ASSERT_DONE(results_file_dimension(file, &site));
    ASSERT_DONE(results_file_dimension(file, &week));
    ASSERT_DONE(results_file_commit(&file));
    struct results_reader *reader = open_target();
    size_t count = 0;
    char **labels = NULL;
    ASSERT_DONE(results_reader_read_labels(reader, "/site", &count, &labels));
    assert_int_equal(count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(labels[i], sites[i]);
    }
    free(labels);
    size_t rank;
    size_t shape[RESULTS_RANK_LIMIT];
    double *values = NULL;
    ASSERT_DONE(results_reader_read_values(reader, "week", &rank, shape, &values));
    assert_int_equal(rank, 1);
    assert_int_equal(shape[0], 2);
    assert_true(values[0] == 1.0 && values[1] == 2.0);
    free(values);
    ASSERT_FAILS(results_reader_read_labels(reader, "/week", &count, &labels), ERROR_INPUT,
                 "/week: is not a list of texts");
    char *text = NULL;
    ASSERT_FAILS(results_reader_read_document(reader, "/site", &text), ERROR_INPUT,
                 "is not a text");
    ASSERT_FAILS(results_reader_read_values(reader, "site", &rank, shape, &values), ERROR_INPUT,
                 "/site: does not hold numbers");
    results_reader_close(&reader);
}

/* Writes the numbers 0 to 5 as two rows in a type, and finds them again. */
static void check_type(enum results_type type, const void *data)
{
    struct results_file *file = create_table();
    const struct dataset_description numbers = describe("numbers", type);
    ASSERT_DONE(results_file_dataset(file, &numbers));
    ASSERT_DONE(results_file_write(file, "/g/numbers", (const size_t[]){0, 0},
                                   (const size_t[]){2, 3}, data));
    ASSERT_DONE(results_file_commit(&file));
    struct results_reader *reader = open_target();
    size_t rank;
    size_t shape[RESULTS_RANK_LIMIT];
    double *values = NULL;
    ASSERT_DONE(results_reader_read_values(reader, "g/numbers", &rank, shape, &values));
    assert_int_equal(rank, 2);
    assert_int_equal(shape[0], 2);
    assert_int_equal(shape[1], 3);
    for (int i = 0; i < 6; i++) {
        assert_true(values[i] == (double)i);
    }
    free(values);
    results_reader_close(&reader);
    assert_int_equal(unlink(target), 0);
}

static void test_types(void **state)
{
    (void)state;
    remove_files();
    check_type(RESULTS_FLOAT32, (const float[]){0, 1, 2, 3, 4, 5});
    check_type(RESULTS_FLOAT64, (const double[]){0, 1, 2, 3, 4, 5});
    check_type(RESULTS_INT8, (const int8_t[]){0, 1, 2, 3, 4, 5});
    check_type(RESULTS_UINT8, (const uint8_t[]){0, 1, 2, 3, 4, 5});
    check_type(RESULTS_INT16, (const int16_t[]){0, 1, 2, 3, 4, 5});
    check_type(RESULTS_INT32, (const int32_t[]){0, 1, 2, 3, 4, 5});
    check_type(RESULTS_INT64, (const int64_t[]){0, 1, 2, 3, 4, 5});
}

static void test_growing(void **state)
{
    (void)state;
    remove_files();
    static const int flags[] = {0, 1};
    struct results_file *file = create_table();
    struct dataset_description first = describe("first", RESULTS_INT8);
    struct dataset_description second = describe("second", RESULTS_FLOAT32);
    struct dataset_description third = describe("third", RESULTS_INT16);
    first.has_fill = true;
    first.fill = -1;
    first.flag_values = flags;
    first.flag_meanings = "no yes";
    second.has_fill = true;
    second.fill = NAN;
    third.chunk[0] = 7;
    third.chunk[1] = 2;
    ASSERT_DONE(results_file_dataset(file, &first));
    ASSERT_DONE(results_file_dataset(file, &second));
    for (size_t row = 0; row < 1000; row++) {
        const int8_t data[] = {(int8_t)(row % 2), 0, 1};
        ASSERT_DONE(results_file_write(file, "/g/first", (const size_t[]){row, 0},
                                       (const size_t[]){1, 3}, data));
    }
    ASSERT_DONE(results_file_dataset(file, &third)); /* after the dimension has grown */
    ASSERT_DONE(results_file_write(file, "/g/second", (const size_t[]){4, 1},
                                   (const size_t[]){1, 1}, &(float){0.5f}));
    ASSERT_DONE(results_file_write(file, "/g/second", (const size_t[]){4, 1},
                                   (const size_t[]){0, 1}, &(float){9.0f})); /* nothing */
    ASSERT_DONE(results_file_grow(file, "/g", "row", 1200));
    ASSERT_DONE(results_file_commit(&file));

    struct results_reader *reader = open_target();
    static const char *const names[] = {"g/first", "g/second", "g/third", "g/row"};
    size_t rank;
    size_t shape[RESULTS_RANK_LIMIT];
    for (size_t i = 0; i < 4; i++) {
        ASSERT_DONE(results_reader_read_shape(reader, names[i], &rank, shape));
        assert_int_equal(shape[0], 1200);
    }
    double block[4];
    ASSERT_DONE(results_reader_read_block(reader, "g/first", (const size_t[]){999, 0},
                                          (const size_t[]){2, 2}, block));
    assert_true(block[0] == 1.0 && block[1] == 0.0 && isnan(block[2]) && isnan(block[3]));
    ASSERT_DONE(results_reader_read_block(reader, "/g/second", (const size_t[]){4, 0},
                                          (const size_t[]){1, 3}, block));
    assert_true(isnan(block[0]) && block[1] == 0.5 && isnan(block[2]));
    ASSERT_FAILS(results_reader_read_block(reader, "g/first", (const size_t[]){1199, 0},
                                           (const size_t[]){2, 2}, block),
                 ERROR_INPUT, "1199 + 2 goes beyond 1200 on axis 0");
    ASSERT_FAILS(results_reader_read_block(reader, "g/none", (const size_t[]){0},
                                           (const size_t[]){1}, block),
                 ERROR_INPUT, "has no dataset /g/none");
    results_reader_close(&reader);
}

static void test_one_value(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create();
    const struct dataset_description total = {
        .group = "/", .name = "total", .units = "1", .long_name = "Total", .type = RESULTS_INT32};
    ASSERT_DONE(results_file_dataset(file, &total));
    ASSERT_DONE(results_file_write(file, "/total", NULL, NULL, &(int32_t){7}));
    ASSERT_DONE(results_file_integer(file, "/total", "further", 3));
    ASSERT_DONE(results_file_commit(&file));
    struct results_reader *reader = open_target();
    double value = 0.0;
    int64_t further;
    ASSERT_DONE(results_reader_read_block(reader, "/total", NULL, NULL, &value));
    assert_true(value == 7.0);
    ASSERT_DONE(results_reader_read_integer(reader, "/total", "further", &further));
    assert_int_equal(further, 3);
    results_reader_close(&reader);
}

static void test_nothing_at_all(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create_table();
    const struct dimension_description none = {.group = "g", .name = "none"};
    struct dataset_description empty = describe("empty", RESULTS_INT16);
    ASSERT_DONE(results_file_dimension(file, &none));
    empty.dimensions[1] = "none";
    ASSERT_DONE(results_file_dataset(file, &empty));
    empty.name = "flat";
    empty.rank = 1;
    empty.dimensions[0] = "none";
    ASSERT_DONE(results_file_dataset(file, &empty));
    ASSERT_DONE(results_file_write(file, "g/flat", NULL, NULL, &(int16_t){1}));
    ASSERT_DONE(results_file_grow(file, "g", "row", 5));
    ASSERT_DONE(results_file_commit(&file));
    struct results_reader *reader = open_target();
    size_t rank;
    size_t shape[RESULTS_RANK_LIMIT];
    double *values = NULL;
    ASSERT_DONE(results_reader_read_values(reader, "/g/empty", &rank, shape, &values));
    assert_int_equal(shape[0], 5);
    assert_int_equal(shape[1], 0);
    free(values);
    results_reader_close(&reader);
}

static void test_bad_dimensions(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create_table();
    struct dimension_description bad = {.group = "g", .name = "bad", .size = 2};
    bad.type = RESULTS_INT32;
    bad.units = "1";
    ASSERT_FAILS(results_file_dimension(file, &bad), ERROR_MODEL, "/g/bad: needs a long_name");
    bad.name = "worse";
    bad.units = NULL;
    bad.long_name = "Bad";
    ASSERT_FAILS(results_file_dimension(file, &bad), ERROR_MODEL, "/g/worse: needs units");
    bad.units = "1";
    bad.name = "row";
    ASSERT_FAILS(results_file_dimension(file, &bad), ERROR_FILE, "/g/row: creating it");
    bad.name = "no-good";
    ASSERT_FAILS(results_file_dimension(file, &bad), ERROR_MODEL, "cannot be a name");
    ASSERT_FAILS(results_file_grow(file, "g", "none", 4), ERROR_MODEL,
                 "/g/none is not a dimension");
    ASSERT_FAILS(results_file_grow(file, "g", "column", 4), ERROR_MODEL, "cannot be made 4");
    ASSERT_DONE(results_file_grow(file, "g", "row", 4));
    ASSERT_FAILS(results_file_grow(file, "g", "row", 3), ERROR_MODEL, "cannot be made 3");
    ASSERT_FAILS(results_file_commit(&file), ERROR_FILE, "writing failed before");
}

static void test_bad_datasets(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create_table();
    struct dataset_description bad = describe("bad", RESULTS_INT8);
    bad.has_fill = true;
    bad.fill = 200;
    ASSERT_FAILS(results_file_dataset(file, &bad), ERROR_MODEL, "fill value is 200");
    bad.fill = NAN;
    ASSERT_FAILS(results_file_dataset(file, &bad), ERROR_MODEL, "cannot hold it");
    bad = describe("bad_flags", RESULTS_UINT8);
    bad.flag_meanings = "one two";
    ASSERT_FAILS(results_file_dataset(file, &bad), ERROR_MODEL, "and flag_values");
    bad.flag_values = (const int[]){0, -1};
    bad.name = "bad_values";
    ASSERT_FAILS(results_file_dataset(file, &bad), ERROR_MODEL, "a flag value is -1");
    bad = describe("bad_dimension", RESULTS_UINT8);
    bad.dimensions[1] = "none";
    ASSERT_FAILS(results_file_dataset(file, &bad), ERROR_MODEL, "/g/none is not a dimension");
    bad = describe("bad_rank", RESULTS_UINT8);
    bad.rank = 7;
    ASSERT_FAILS(results_file_dataset(file, &bad), ERROR_MODEL, "rank is 7");
    bad = describe("bad_type", RESULTS_NONE);
    ASSERT_FAILS(results_file_dataset(file, &bad), ERROR_MODEL, "type is 0");
    bad = describe("bad_chunk", RESULTS_FLOAT64);
    bad.chunk[0] = (size_t)1 << 31;
    ASSERT_FAILS(results_file_dataset(file, &bad), ERROR_MODEL, "less than 4 GiB");
    results_file_discard(&file);
}

static void test_bad_writes(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create_table();
    const struct dataset_description good = describe("good", RESULTS_INT8);
    const size_t start[] = {0, 2};
    const size_t count[] = {1, 2};
    const int8_t data[6] = {0};
    ASSERT_DONE(results_file_dataset(file, &good));
    ASSERT_FAILS(results_file_write(file, "/g/none", NULL, NULL, data), ERROR_MODEL, "/g/none");
    ASSERT_FAILS(results_file_write(file, "/g/row", NULL, NULL, data), ERROR_MODEL, "/g/row");
    ASSERT_FAILS(results_file_write(file, "/g/good", start, NULL, data), ERROR_MODEL, "half");
    ASSERT_FAILS(results_file_write(file, "/g/good", start, count, data), ERROR_MODEL,
                 "2 + 2 goes beyond 3 on axis 1");
    results_file_discard(&file);
}

static void test_limits(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create_table();
    int status = 0;
    int made = 2;
    for (int i = 0; status == 0 && i < 300; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "d%d", i);
        const struct dimension_description one = {.group = "g", .name = name, .size = 1};
        status = results_file_dimension(file, &one);
        made += status == 0 ? 1 : 0;
    }
    ASSERT_FAILS(status, ERROR_MODEL, "more than 256 dimensions");
    assert_int_equal(made, RESULTS_DIMENSION_LIMIT);
    status = 0;
    for (int i = 0; status == 0 && i < 2000; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "x%d", i);
        const struct dataset_description one = describe(name, RESULTS_INT8);
        status = results_file_dataset(file, &one);
        made += status == 0 ? 1 : 0;
    }
    ASSERT_FAILS(status, ERROR_MODEL, "more than 1024 datasets");
    assert_int_equal(made, RESULTS_DATASET_LIMIT);
    ASSERT_DONE(results_file_grow(file, "g", "row", 2));
    results_file_discard(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels),         cmocka_unit_test(test_types),
        cmocka_unit_test(test_growing),        cmocka_unit_test(test_one_value),
        cmocka_unit_test(test_nothing_at_all), cmocka_unit_test(test_bad_dimensions),
        cmocka_unit_test(test_bad_datasets),   cmocka_unit_test(test_bad_writes),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
