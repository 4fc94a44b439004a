/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/estimate.h"

#include "checks.h"

/* 2, 4, 4, 4, 5, 5, 7, 9: mean 5, sum of squares 32, SD sqrt(32 / 7); t(0.975, 7) = 2.364624. */
static void mean_error_and_interval_by_hand(void **state)
{
    (void)state;
    const double values[] = {2, 4, 4, 4, 5, 5, 7, 9};
    const struct estimate e = estimate_of(values, 8);
    const double error = sqrt(32.0 / 7.0 / 8.0);
    assert_int_equal(e.replicates, 8);
    assert_near(e.mean, 5.0, 1e-12);
    assert_near(e.standard_error, error, 1e-12);
    assert_near(e.low, 5.0 - 2.364624252 * error, 1e-8);
    assert_near(e.high, 5.0 + 2.364624252 * error, 1e-8);
}

static void two_values_have_a_wide_interval(void **state)
{
    (void)state;
    const double values[] = {1.0, 3.0};
    const struct estimate e = estimate_of(values, 2);
    assert_near(e.standard_error, 1.0, 1e-12);
    assert_near(e.high - e.mean, 12.70620474, 1e-7); /* t with one degree of freedom */
}

static void one_value_has_no_error(void **state)
{
    (void)state;
    const double value = 0.25;
    const struct estimate e = estimate_of(&value, 1);
    assert_int_equal(e.replicates, 1);
    assert_true(e.mean == 0.25);
    assert_true(isnan(e.standard_error) && isnan(e.low) && isnan(e.high));
}

static void undefined_values_are_left_out(void **state)
{
    (void)state;
    const double values[] = {NAN, 1.0, INFINITY, 2.0, NAN, 3.0};
    const struct estimate e = estimate_of(values, 6);
    assert_int_equal(e.replicates, 3);
    assert_near(e.mean, 2.0, 1e-12);
    assert_near(e.standard_error, sqrt(1.0 / 3.0), 1e-12);
    const struct estimate none = estimate_of(values, 1);
    assert_int_equal(none.replicates, 0);
    assert_true(isnan(none.mean));
    assert_true(isnan(estimate_of(NULL, 0).mean));
}

/* A large common part may not drown the spread. */
static void the_spread_survives_a_large_mean(void **state)
{
    (void)state;
    double values[100];
    for (int i = 0; i < 100; i++) {
        values[i] = 1e9 + (i % 2);
    }
    assert_near(estimate_of(values, 100).standard_error, sqrt(0.25 * 100.0 / 99.0 / 100.0), 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_error_and_interval_by_hand),
        cmocka_unit_test(two_values_have_a_wide_interval),
        cmocka_unit_test(one_value_has_no_error),
        cmocka_unit_test(undefined_values_are_left_out),
        cmocka_unit_test(the_spread_survives_a_large_mean),
    };
    return cmocka_run_group_tests_name("estimate", tests, NULL, NULL);
}
