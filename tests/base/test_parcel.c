/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parcel.h"

#include "base/error.h"
#include "checks.h"

/* What a test sends: fields, and an array that belongs to it. */
struct thing {
    int32_t number;
    size_t count;
    double *values;
    uint64_t words[600]; /* mostly zeros */
};

static void carry(struct thing *thing, struct parcel *parcel)
{
    parcel_carry(parcel, &thing->number, sizeof thing->number);
    parcel_carry(parcel, &thing->count, sizeof thing->count);
    thing->values = parcel_array(parcel, thing->values, thing->count * sizeof *thing->values);
    parcel_carry_sparse(parcel, thing->words, sizeof thing->words);
}

static void fill(struct thing *thing, double *values, size_t count)
{
    *thing = (struct thing){.number = -7, .count = count, .values = values};
    for (size_t i = 0; i < count; i++) {
        values[i] = 0.1 * (double)i;
    }
    thing->words[0] = 1;
    thing->words[3] = UINT64_MAX;
    thing->words[300] = 0x00ff00ff00000100; /* after a run longer than a byte can count */
    thing->words[599] = 0x8000000000000000;
}

static void what_goes_in_comes_out(void **state)
{
    (void)state;
    double values[33];
    struct parcel parcel = {0};
    for (size_t count = 0; count <= 33; count += 11) {
        struct thing sent, taken = {0};
        fill(&sent, values, count);
        parcel_pack(&parcel); /* the same parcel serves again */
        carry(&sent, &parcel);
        assert_int_equal(parcel_check(&parcel), 0);
        assert_true(parcel.length < 400 + count * sizeof *values);
        parcel_open(&parcel);
        carry(&taken, &parcel);
        assert_int_equal(parcel_check(&parcel), 0);
        assert_int_equal(taken.number, -7);
        assert_int_equal(taken.count, count);
        assert_memory_equal(taken.words, sent.words, sizeof sent.words);
        assert_true((count == 0) == (taken.values == NULL));
        if (count > 0) {
            assert_memory_equal(taken.values, values, count * sizeof *values);
            assert_int_equal((uintptr_t)taken.values % PARCEL_LINE, 0);
            assert_true((unsigned char *)taken.values > parcel.bytes); /* it lies in the parcel */
        }
    }
    parcel_free(&parcel);
}

static void a_parcel_that_is_cut_short_is_refused(void **state)
{
    (void)state;
    double values[33];
    struct parcel whole = {0}, part = {0};
    struct thing sent;
    fill(&sent, values, 33);
    carry(&sent, &whole);
    for (size_t length = 0; length < whole.length; length++) {
        struct thing taken = {0};
        assert_int_equal(parcel_receive(&part, length), 0);
        if (length > 0) {
            memcpy(part.bytes, whole.bytes, length);
        }
        parcel_open(&part);
        carry(&taken, &part);
        assert_int_equal(parcel_check(&part), ERROR_MODEL);
        assert_non_null(strstr(error_message(), "too short"));
    }
    parcel_free(&whole);
    parcel_free(&part);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    struct parcel parcel = {0};
    assert_int_equal(parcel_receive(&parcel, SIZE_MAX / 4), ERROR_MEMORY);
    assert_non_null(strstr(error_message(), "no memory"));
    parcel_free(&parcel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(a_parcel_that_is_cut_short_is_refused),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests_name("parcel", tests, NULL, NULL);
}
