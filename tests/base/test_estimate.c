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

/* Rows 1, 2, 4 and columns 0, 10: rest 0, A = 2 (14/3), B = 150; between the columns only one
 * degree of freedom. */
static void crossed_sources_by_hand(void **state)
{
    (void)state;
    const double values[] = {1, 11, 2, 12, 4, 14};
    const struct estimate e = estimate_crossed(values, 3, 2);
    const double a = 14.0 / 3.0, b = 150.0;
    assert_int_equal(e.replicates, 2);
    assert_near(e.mean, 22.0 / 3.0, 1e-12);
    assert_near(e.standard_error, sqrt((a + b) / 6.0), 1e-12);
    /* Satterthwaite: (a + b)^2 / (a^2 / 2 + b^2 / 1) = 1.0627 degrees of freedom, between those of
     * 1 (12.706) and 2 (4.303) */
    assert_true(e.high - e.mean < 12.706 * e.standard_error);
    assert_true(e.high - e.mean > 11.0 * e.standard_error);
    assert_near(e.mean - e.low, e.high - e.mean, 1e-9);
}

/* Where only one source varies, the interval is that of its means alone. */
static void one_source_alone_is_the_plain_estimate(void **state)
{
    (void)state;
    enum { N = 4, K = 6 };
    const double rows[N] = {0.3, -1.0, 2.5, 0.1}, columns[K] = {5.0, 4.5, 7.0, 6.0, 5.5, 4.0};
    double by_row[N * K], by_column[N * K];
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < K; j++) {
            by_row[i * K + j] = rows[i];
            by_column[i * K + j] = columns[j];
        }
    }
    const struct estimate first = estimate_crossed(by_row, N, K), of_rows = estimate_of(rows, N);
    assert_near(first.mean, of_rows.mean, 1e-12);
    assert_near(first.standard_error, of_rows.standard_error, 1e-12);
    assert_near(first.low, of_rows.low, 1e-9);
    assert_near(first.high, of_rows.high, 1e-9);
    const struct estimate second = estimate_crossed(by_column, N, K);
    const struct estimate of_columns = estimate_of(columns, K);
    assert_near(second.mean, of_columns.mean, 1e-12);
    assert_near(second.standard_error, of_columns.standard_error, 1e-12);
    assert_near(second.low, of_columns.low, 1e-9);
    assert_near(second.high, of_columns.high, 1e-9);
}

/* Sum of uniform numbers: near enough to normal. */
static double bell(uint64_t *input)
{
    double sum = -6.0;
    for (int n = 0; n < 12; n++) {
        sum += next_unit(input);
    }
    return sum;
}

/* Draws tables of known spread many times over: the squared standard error is right on average, and
 * the interval holds the mean in 95 % of them. */
static void check_crossed(double row_sd, double column_sd, double rest_sd)
{
    enum { N = 6, K = 8, TRIALS = 4000 };
    double values[N * K], rows[N], columns[K];
    uint64_t input = 20240925;
    struct sample squares = {0};
    int held = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        for (int i = 0; i < N; i++) {
            rows[i] = row_sd * bell(&input);
        }
        for (int j = 0; j < K; j++) {
            columns[j] = column_sd * bell(&input);
        }
        for (int n = 0; n < N * K; n++) {
            values[n] = 3.0 + rows[n / K] + columns[n % K] + rest_sd * bell(&input);
        }
        const struct estimate e = estimate_crossed(values, N, K);
        sample_add(&squares, e.standard_error * e.standard_error);
        held += e.low < 3.0 && 3.0 < e.high;
    }
    assert_sample_mean(&squares, row_sd * row_sd / N + column_sd * column_sd / K +
                                     rest_sd * rest_sd / (N * K));
    assert_near((double)held / TRIALS, 0.95, 0.02);
}

static void the_error_covers_both_sources(void **state)
{
    (void)state;
    check_crossed(1.0, 0.1, 0.1); /* rows dominate */
    check_crossed(0.1, 1.0, 0.1); /* columns dominate */
    check_crossed(1.0, 1.0, 0.2);
}

static void a_source_seen_once_leaves_no_error(void **state)
{
    (void)state;
    const double values[] = {1.0, 2.0, 3.0};
    const struct estimate row = estimate_crossed(values, 1, 3);
    const struct estimate column = estimate_crossed(values, 3, 1);
    assert_near(row.mean, 2.0, 1e-12);
    assert_int_equal(row.replicates, 3);
    assert_int_equal(column.replicates, 1);
    assert_true(isnan(row.standard_error) && isnan(row.low) && isnan(row.high));
    assert_true(isnan(column.standard_error) && isnan(column.low));
    assert_true(isnan(estimate_crossed(NULL, 0, 0).mean));
}

static void a_column_that_is_not_finite_is_left_out(void **state)
{
    (void)state;
    const double with[] = {1.0, NAN, 2.0, 5.0, /**/ 2.0, 7.0, 4.0, 5.5, /**/ 3.0, 8.0, 1.0, 9.0};
    const double without[] = {1.0, 2.0, 5.0, /**/ 2.0, 4.0, 5.5, /**/ 3.0, 1.0, 9.0};
    const struct estimate a = estimate_crossed(with, 3, 4), b = estimate_crossed(without, 3, 3);
    assert_int_equal(a.replicates, 3);
    assert_near(a.mean, b.mean, 1e-12);
    assert_near(a.standard_error, b.standard_error, 1e-12);
    assert_near(a.high, b.high, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_error_and_interval_by_hand),
        cmocka_unit_test(two_values_have_a_wide_interval),
        cmocka_unit_test(one_value_has_no_error),
        cmocka_unit_test(undefined_values_are_left_out),
        cmocka_unit_test(the_spread_survives_a_large_mean),
        cmocka_unit_test(crossed_sources_by_hand),
        cmocka_unit_test(one_source_alone_is_the_plain_estimate),
        cmocka_unit_test(the_error_covers_both_sources),
        cmocka_unit_test(a_source_seen_once_leaves_no_error),
        cmocka_unit_test(a_column_that_is_not_finite_is_left_out),
    };
    return cmocka_run_group_tests_name("estimate", tests, NULL, NULL);
}
