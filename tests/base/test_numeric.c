/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/numeric.h"

#include "checks.h"

#include <float.h>

static void exponential_is_accurate_over_its_range(void **state)
{
    (void)state;
    double worst = 0.0;
    for (int i = 0; i <= 400000; i++) {
        const float x = -87.0f + 174.0f * (float)i / 400000.0f;
        const double exact = exp((double)x);
        worst = fmax(worst, fabs((double)exponential(x) - exact) / exact);
    }
    assert_true(worst < 3e-7); /* as promised in the header */
    assert_true(worst > 0.0);
}

static void exponential_is_exact_where_it_must_be(void **state)
{
    (void)state;
    assert_true(exponential(0.0f) == 1.0f);
    assert_true(exponential(-0.0f) == 1.0f);
}

static void exponential_is_clipped_beyond_its_range(void **state)
{
    (void)state;
    assert_true(exponential(-1e9f) == exponential(-87.0f));
    assert_true(exponential(1e9f) == exponential(87.0f));
    assert_true(exponential(-1e9f) > 0.0f && exponential(-1e9f) < 1e-37f);
    assert_true(isfinite(exponential(1e9f)));
}

static void exponential_never_falls(void **state)
{
    (void)state;
    float before = 0.0f;
    for (int i = 0; i <= 20000; i++) {
        const float now = exponential(-20.0f + 0.002f * (float)i);
        assert_true(now >= before);
        before = now;
    }
}

static void logarithm_is_accurate_over_all_normal_numbers(void **state)
{
    (void)state;
    double worst = 0.0;
    for (int32_t bits = 0x00800000; bits < 0x7f800000 - 4099; bits += 4099) {
        const double x = (double)float_of_bits(bits), exact = log(x);
        worst = fmax(worst, fabs((double)logarithm((float)x) - exact) / fabs(exact));
    }
    assert_true(worst < 3e-7);
}

static void logarithm_is_accurate_next_to_one(void **state)
{
    (void)state;
    assert_true(logarithm(1.0f) == 0.0f);
    for (int32_t away = 1; away < 2000; away++) {
        const float above = float_of_bits(0x3f800000 + away);
        const float below = float_of_bits(0x3f800000 - away);
        assert_near((double)logarithm(above) / log((double)above), 1.0, 3e-7);
        assert_near((double)logarithm(below) / log((double)below), 1.0, 3e-7);
    }
}

static void logistic_is_accurate(void **state)
{
    (void)state;
    for (int i = -20000; i <= 20000; i++) {
        const float x = 0.002f * (float)i;
        const double exact = 1.0 / (1.0 + exp(-(double)x));
        assert_true(fabs((double)logistic(x) - exact) <= 5e-7 * exact + 1e-38);
        assert_true(logistic(x) >= 0.0f && logistic(x) <= 1.0f);
    }
    assert_true(logistic(0.0f) == 0.5f);
    assert_true(logistic(60.0f) == 1.0f);   /* tests rely on it to make something certain */
    assert_true(logistic(-60.0f) < 1e-25f); /* or impossible */
}

/* A loop that the compiler may turn into vectors must give the bits of one call at a time. */
static void vectors_give_the_bits_of_scalars(void **state)
{
    (void)state;
    enum { COUNT = 4096 };
    static float x[COUNT], together[3][COUNT];
    for (int i = 0; i < COUNT; i++) {
        x[i] = -30.0f + 60.0f * (float)i / COUNT;
    }
    for (int i = 0; i < COUNT; i++) {
        together[0][i] = exponential(x[i]);
        together[1][i] = logistic(x[i]);
        together[2][i] = logarithm(x[i] + 31.0f);
    }
    for (int i = 0; i < COUNT; i++) {
        volatile float alone = x[i];
        assert_int_equal(bits_of_float(together[0][i]), bits_of_float(exponential(alone)));
        assert_int_equal(bits_of_float(together[1][i]), bits_of_float(logistic(alone)));
        assert_int_equal(bits_of_float(together[2][i]), bits_of_float(logarithm(alone + 31.0f)));
    }
}

static void clip_keeps_what_lies_between(void **state)
{
    (void)state;
    assert_true(clip(5.0f, 7.0f, 35.0f) == 7.0f);
    assert_true(clip(36.0f, 7.0f, 35.0f) == 35.0f);
    assert_true(clip(20.5f, 7.0f, 35.0f) == 20.5f);
    assert_true(clip01(-0.25f) == 0.0f);
    assert_true(clip01(1.25f) == 1.0f);
    assert_true(clip01(0.25f) == 0.25f);
}

static void rise_and_fall_move_by_a_share(void **state)
{
    (void)state;
    assert_true(rise(0.5f, 0.5f) == 0.75f);
    assert_true(rise(0.25f, 0.0f) == 0.25f);
    assert_true(fall(0.5f, 0.5f) == 0.25f);
    assert_true(fall(0.75f, 0.0f) == 0.75f);
}

static void amounts_of_rise_and_fall_are_clipped(void **state)
{
    (void)state;
    assert_true(rise(0.25f, 3.0f) == 1.0f);
    assert_true(rise(0.25f, -3.0f) == 0.25f);
    assert_true(fall(0.25f, 3.0f) == 0.0f);
    assert_true(fall(0.25f, -3.0f) == 0.25f);
}

static void bits_and_floats_are_the_same_memory(void **state)
{
    (void)state;
    assert_int_equal(bits_of_float(1.0f), 0x3f800000);
    assert_true(float_of_bits(0x40490fdb) == 3.14159274f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exponential_is_accurate_over_its_range),
        cmocka_unit_test(exponential_is_exact_where_it_must_be),
        cmocka_unit_test(exponential_is_clipped_beyond_its_range),
        cmocka_unit_test(exponential_never_falls),
        cmocka_unit_test(logarithm_is_accurate_over_all_normal_numbers),
        cmocka_unit_test(logarithm_is_accurate_next_to_one),
        cmocka_unit_test(logistic_is_accurate),
        cmocka_unit_test(vectors_give_the_bits_of_scalars),
        cmocka_unit_test(clip_keeps_what_lies_between),
        cmocka_unit_test(rise_and_fall_move_by_a_share),
        cmocka_unit_test(amounts_of_rise_and_fall_are_clipped),
        cmocka_unit_test(bits_and_floats_are_the_same_memory),
    };
    return cmocka_run_group_tests_name("numeric", tests, NULL, NULL);
}
