/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state/patients.h"

#include "base/checks.h"

/* Every column as bytes, whatever its type. */
struct column {
    const char *name;
    unsigned char *bytes;
    size_t size; /* of one row */
};

static size_t list_columns(const struct patients *patients, struct column *columns)
{
    size_t n = 0;
#define FIELD(type, name, unit, meaning)                                                           \
    columns[n++] = (struct column){#name, (unsigned char *)patients->name, sizeof(type)};
#define FIELDS(type, name, length, unit, meaning)                                                  \
    for (size_t k = 0; k < (length); k++) {                                                        \
        columns[n++] = (struct column){#name, (unsigned char *)patients->name[k], sizeof(type)};   \
    }
#include "state/patient_fields.def"
    return n;
}

enum { MOST_COLUMNS = 256, ROWS = 37 };

static void columns_are_aligned_padded_and_zero(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct patients patients;
    struct column columns[MOST_COLUMNS];
    assert_int_equal(patients_init(&patients, &arena, ROWS), 0);
    assert_int_equal(patients.count, ROWS);
    assert_int_equal(patients.stride, 48); /* whole vectors of 16 */
    const size_t n = list_columns(&patients, columns);
    assert_true(n > 80 && n <= MOST_COLUMNS);
    for (size_t c = 0; c < n; c++) {
        assert_int_equal((uintptr_t)columns[c].bytes % 64, 0);
        for (size_t b = 0; b < patients.stride * columns[c].size; b++) {
            assert_int_equal(columns[c].bytes[b], 0);
        }
    }
    const size_t counts[] = {1, 15, 16, 17, 32}, strides[] = {16, 16, 16, 32, 32};
    for (size_t which = 0; which < 5; which++) {
        assert_int_equal(patients_init(&patients, &arena, counts[which]), 0);
        assert_int_equal(patients.stride, strides[which]);
    }
    arena_free(&arena);
}

static void columns_do_not_overlap(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct patients patients;
    struct column columns[MOST_COLUMNS];
    assert_int_equal(patients_init(&patients, &arena, ROWS), 0);
    const size_t n = list_columns(&patients, columns);
    for (size_t c = 0; c < n; c++) {
        memset(columns[c].bytes, (int)c + 1, patients.stride * columns[c].size);
    }
    for (size_t c = 0; c < n; c++) {
        for (size_t b = 0; b < patients.stride * columns[c].size; b++) {
            assert_int_equal(columns[c].bytes[b], (unsigned char)(c + 1));
        }
    }
    arena_free(&arena);
}

static void no_patients_are_no_trouble(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct patients patients;
    assert_int_equal(patients_init(&patients, &arena, 0), 0);
    assert_true(patients_hash(&patients, 0, 5) == 5);
    arena_free(&arena);
}

static void the_hash_sees_every_field_of_every_row(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct patients patients;
    struct column columns[MOST_COLUMNS];
    assert_int_equal(patients_init(&patients, &arena, ROWS), 0);
    const uint64_t before = patients_hash(&patients, ROWS, 1);
    const size_t n = list_columns(&patients, columns);
    for (size_t c = 0; c < n; c++) {
        for (size_t row = 0; row < ROWS; row++) {
            columns[c].bytes[row * columns[c].size] = 1;
            if (patients_hash(&patients, ROWS, 1) == before) {
                fail_msg("the hash does not see %s of row %zu", columns[c].name, row);
            }
            columns[c].bytes[row * columns[c].size] = 0;
        }
    }
    assert_true(patients_hash(&patients, ROWS, 1) == before);
    arena_free(&arena);
}

static void the_hash_stops_at_the_rows_asked_for(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct patients patients;
    assert_int_equal(patients_init(&patients, &arena, ROWS), 0);
    const uint64_t before = patients_hash(&patients, 10, 1);
    patients.trust[10] = 0.5f;
    assert_true(patients_hash(&patients, 10, 1) == before);
    assert_false(patients_hash(&patients, 11, 1) == before);
    assert_false(patients_hash(&patients, 10, 2) == before); /* hashes are chained */
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_aligned_padded_and_zero),
        cmocka_unit_test(columns_do_not_overlap),
        cmocka_unit_test(no_patients_are_no_trouble),
        cmocka_unit_test(the_hash_sees_every_field_of_every_row),
        cmocka_unit_test(the_hash_stops_at_the_rows_asked_for),
    };
    return cmocka_run_group_tests_name("patients", tests, NULL, NULL);
}
