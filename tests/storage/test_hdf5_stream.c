/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results_fixture.h"

#include <hdf5.h>
#include <libdeflate.h>
#include <math.h>
#include <omp.h>

/* Streams: what is written in order comes back through HDF5's own filters, in whatever blocks it was
 * written and whoever compressed it. */

enum { ROWS = 40000, COLUMNS = 3, MOST_BYTES = 4 << 20 };

static double value_at(size_t row, size_t column)
{
    return (double)((row * 7 + column * 13) % 101);
}

static struct results_file *create_stream(enum results_type type, size_t chunk)
{
    struct results_file *file = create();
    ASSERT_DONE(results_file_group(file, "g", "A group."));
    ASSERT_DONE(results_file_dimension(
        file, &(struct dimension_description){.group = "g", .name = "row", .is_growing = true}));
    ASSERT_DONE(results_file_dimension(
        file, &(struct dimension_description){.group = "g", .name = "column", .size = COLUMNS}));
    ASSERT_DONE(
        results_file_dataset(file, &(struct dataset_description){.group = "g",
                                                                 .name = "x",
                                                                 .units = "1",
                                                                 .long_name = "X.",
                                                                 .type = type,
                                                                 .rank = 2,
                                                                 .dimensions = {"row", "column"},
                                                                 .chunk = {chunk, 0},
                                                                 .has_fill = true,
                                                                 .fill = 7.0,
                                                                 .is_stream = true}));
    return file;
}

/* Values of a type, as they lie in memory. */
static void *make_values(enum results_type type, size_t first, size_t rows)
{
    double *whole = calloc(rows * COLUMNS + 1, sizeof *whole);
    assert_non_null(whole);
    for (size_t i = 0; i < rows * COLUMNS; i++) {
        const double value = value_at(first + i / COLUMNS, i % COLUMNS);
        switch (type) {
        case RESULTS_FLOAT32:
            ((float *)whole)[i] = (float)value;
            break;
        case RESULTS_INT8:
            ((int8_t *)whole)[i] = (int8_t)value;
            break;
        case RESULTS_INT16:
            ((int16_t *)whole)[i] = (int16_t)value;
            break;
        case RESULTS_INT32:
            ((int32_t *)whole)[i] = (int32_t)value;
            break;
        default:
            whole[i] = value;
        }
    }
    return whole;
}

static int write_rows(struct results_file *file, enum results_type type, size_t first, size_t rows)
{
    void *values = make_values(type, first, rows);
    const size_t start[] = {first, 0}, count[] = {rows, COLUMNS};
    const int status = results_file_write(file, "/g/x", start, count, values);
    free(values);
    return status;
}

static void expect_rows(size_t rows, size_t missing_from, size_t missing_to)
{
    struct results_reader *reader = open_target();
    size_t rank = 0, shape[RESULTS_RANK_LIMIT];
    double *values = NULL;
    ASSERT_DONE(results_reader_read_values(reader, "/g/x", &rank, shape, &values));
    assert_int_equal(shape[0], rows);
    for (size_t i = 0; i < rows * COLUMNS; i++) {
        const size_t row = i / COLUMNS;
        if (row >= missing_from && row < missing_to) {
            assert_true(isnan(values[i])); /* the fill value */
        } else if (value_at(row, i % COLUMNS) != 7.0) {
            assert_true(values[i] == value_at(row, i % COLUMNS));
        }
    }
    free(values);
    results_reader_close(&reader);
}

static void test_types_and_blocks(void **state)
{
    (void)state;
    static const enum results_type types[] = {RESULTS_FLOAT32, RESULTS_FLOAT64, RESULTS_INT8,
                                              RESULTS_INT16, RESULTS_INT32};
    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
        for (size_t chunk = 1; chunk < 1000; chunk = chunk * 9 + 1) {
            remove_files();
            struct results_file *file = create_stream(types[t], chunk);
            size_t row = 0;
            for (size_t block = 1; row + block < 1500; block = (block * 5 + 3) % 211 + 1) {
                ASSERT_DONE(write_rows(file, types[t], row, block));
                row += block;
            }
            ASSERT_DONE(results_file_commit(&file));
            expect_rows(row, 0, 0);
        }
    }
}

static void test_gaps_are_missing(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create_stream(RESULTS_FLOAT32, 100);
    ASSERT_DONE(write_rows(file, RESULTS_FLOAT32, 0, 130));
    ASSERT_DONE(write_rows(file, RESULTS_FLOAT32, 170, 10)); /* in the same chunk */
    ASSERT_DONE(write_rows(file, RESULTS_FLOAT32, 180, 270));
    ASSERT_DONE(results_file_commit(&file));
    expect_rows(450, 130, 170);
}

static void test_order_is_kept(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create_stream(RESULTS_FLOAT32, 100);
    ASSERT_DONE(write_rows(file, RESULTS_FLOAT32, 0, 150));
    ASSERT_FAILS(write_rows(file, RESULTS_FLOAT32, 140, 10), ERROR_MODEL, "a second time");
    ASSERT_FAILS(write_rows(file, RESULTS_FLOAT32, 40, 10), ERROR_MODEL, "a second time");
    const size_t start[] = {150, 0}, count[] = {1, 2};
    ASSERT_FAILS(results_file_write(file, "/g/x", start, count, (float[]){1.0F, 2.0F}), ERROR_MODEL,
                 "whole rows");
    ASSERT_FAILS(results_file_commit(&file), ERROR_FILE, "writing failed before");
    assert_false(is_there(target));
}

static size_t write_with_threads(int threads, unsigned char *bytes)
{
    remove_files();
    struct results_file *file = create_stream(RESULTS_FLOAT64, 500);
    int is_over = 0;
    results_file_threads(file, threads);
#pragma omp parallel num_threads(threads)
    {
        if (omp_get_thread_num() == 0) {
            for (size_t row = 0; row < ROWS; row += 250) {
                ASSERT_DONE(write_rows(file, RESULTS_FLOAT64, row, 250));
            }
#pragma omp atomic write
            is_over = 1;
        }
        int stop = 0;
        while (stop == 0) {
            (void)results_file_help(file);
#pragma omp atomic read
            stop = is_over;
        }
    }
    ASSERT_DONE(results_file_commit(&file));
    expect_rows(ROWS, 0, 0);
    FILE *stream = fopen(target, "rb");
    assert_non_null(stream);
    const size_t size = fread(bytes, 1, MOST_BYTES, stream);
    assert_int_equal(fclose(stream), 0);
    return size;
}

static void test_threads_write_the_same_bytes(void **state)
{
    (void)state;
    static unsigned char one[MOST_BYTES], many[MOST_BYTES];
    const size_t size = write_with_threads(1, one);
    assert_true(size > 10000 && size < MOST_BYTES);
    for (int threads = 2; threads < 6; threads++) {
        assert_int_equal(write_with_threads(threads, many), size);
        assert_memory_equal(one, many, size);
    }
}

static void *refuse(size_t size)
{
    (void)size;
    return NULL;
}

static void test_no_memory_to_compress(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = create_stream(RESULTS_FLOAT32, 100);
    ASSERT_DONE(write_rows(file, RESULTS_FLOAT32, 0, 130));
    libdeflate_set_memory_allocator(refuse, free);
    (void)results_file_help(file);
    ASSERT_FAILS(results_file_commit(&file), ERROR_MEMORY,
                 "results.h5.part: /g/x: no memory to compress it");
    libdeflate_set_memory_allocator(malloc, free);
    assert_null(file);
    assert_false(is_there(target));
}

static void test_sizes_of_a_file_in_memory(void **state)
{
    (void)state;
    remove_files();
    struct results_file *file = NULL;
    struct results_sizes sizes;
    double empty = 0.0;
    ASSERT_DONE(results_file_create_in_memory(&file, RESULTS_DEFLATE_LEVEL));
    ASSERT_DONE(results_file_group(file, "g", "A group."));
    ASSERT_DONE(results_file_dimension(
        file, &(struct dimension_description){.group = "g", .name = "row", .is_growing = true}));
    ASSERT_DONE(results_file_dataset(file, &(struct dataset_description){.group = "g",
                                                                         .name = "x",
                                                                         .units = "1",
                                                                         .long_name = "X.",
                                                                         .type = RESULTS_FLOAT32,
                                                                         .rank = 1,
                                                                         .dimensions = {"row"},
                                                                         .is_stream = true}));
    ASSERT_DONE(results_file_size(file, &empty));
    float values[1000];
    for (int i = 0; i < 1000; i++) {
        values[i] = sinf((float)i);
    }
    ASSERT_DONE(results_file_write(file, "/g/x", (size_t[]){0}, (size_t[]){1000}, values));
    ASSERT_DONE(results_file_measure(file, &sizes));
    assert_true(sizes.by_row > 2000.0 && sizes.by_row < 5000.0); /* sines hardly shrink */
    assert_true(sizes.row_chunks == 1.0);
    assert_true(sizes.by_site == 0.0 && sizes.by_replicate == 0.0 && sizes.fixed == 0.0);
    assert_true(empty > 500.0 && sizes.other >= empty);
    ASSERT_FAILS(results_file_commit(&file), ERROR_FILE, "not renamed");
    assert_false(is_there(target));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types_and_blocks),
        cmocka_unit_test(test_gaps_are_missing),
        cmocka_unit_test(test_order_is_kept),
        cmocka_unit_test(test_threads_write_the_same_bytes),
        cmocka_unit_test(test_no_memory_to_compress),
        cmocka_unit_test(test_sizes_of_a_file_in_memory),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
