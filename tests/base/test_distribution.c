/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/distribution.h"

#include "checks.h"

enum { STEPS = 10000 };

/* Mean and standard deviation by summing quantiles over even steps of probability. */
static void moments(const struct distribution *d, double *mean, double *sd)
{
    double sum = 0.0, squares = 0.0;
    for (int n = 0; n < STEPS; n++) {
        const double x = distribution_quantile(d, (n + 0.5) / STEPS);
        sum += x;
        squares += x * x;
    }
    *mean = sum / STEPS;
    *sd = sqrt(squares / STEPS - *mean * *mean);
}

static const enum distribution_kind with_moments[] = {DISTRIBUTION_NORMAL, DISTRIBUTION_LOGNORMAL,
                                                      DISTRIBUTION_BETA, DISTRIBUTION_GAMMA};

static void draws_have_the_moments_asked_for(void **state)
{
    (void)state;
    for (size_t k = 0; k < 4; k++) {
        struct distribution d;
        double mean = 0.0, sd = 0.0;
        assert_true(distribution_of_moments(&d, with_moments[k], 0.3, 0.1));
        moments(&d, &mean, &sd);
        assert_near(mean, 0.3, 3e-5);
        assert_near(sd, 0.1, 5e-4);
    }
}

static void quantiles_are_the_interval_asked_for(void **state)
{
    (void)state;
    const double intervals[][2] = {{0.1, 0.4}, {0.02, 0.9}, {0.3, 0.31}};
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < 4; k++) {
            struct distribution d;
            assert_true(
                distribution_of_interval(&d, with_moments[k], intervals[i][0], intervals[i][1]));
            assert_near(distribution_quantile(&d, 0.025), intervals[i][0], 1e-5);
            assert_near(distribution_quantile(&d, 0.975), intervals[i][1], 1e-5);
        }
    }
    struct distribution cost; /* in pounds, not in shares */
    assert_true(distribution_of_interval(&cost, DISTRIBUTION_GAMMA, 36000.0, 60000.0));
    assert_near(distribution_quantile(&cost, 0.025), 36000.0, 0.1);
    assert_near(distribution_quantile(&cost, 0.975), 60000.0, 0.1);
}

static void limits_hold_and_moments_follow(void **state)
{
    (void)state;
    struct distribution d;
    double mean = 0.0, sd = 0.0;
    assert_true(distribution_of_limits(&d, DISTRIBUTION_UNIFORM, 37.0, 0.0, 42.0));
    moments(&d, &mean, &sd);
    assert_near(mean, 39.5, 1e-6);
    assert_near(sd, 5.0 / sqrt(12.0), 1e-5);
    const double a = 1.0, mode = 2.0, b = 6.0;
    assert_true(distribution_of_limits(&d, DISTRIBUTION_TRIANGULAR, a, mode, b));
    moments(&d, &mean, &sd);
    assert_near(mean, (a + mode + b) / 3.0, 1e-5);
    assert_near(sd, sqrt((a * a + mode * mode + b * b - a * mode - a * b - mode * b) / 18.0), 1e-4);
    for (int at = 1; at <= 6; at += 5) { /* the peak at either limit */
        assert_true(distribution_of_limits(&d, DISTRIBUTION_TRIANGULAR, a, at, b));
        assert_near(distribution_cut(&d, 0.0, 10.0), 1.0, 1e-12);
        moments(&d, &mean, &sd);
        assert_near(mean, (a + b + at) / 3.0, 1e-5);
    }
}

static void what_lies_outside_is_cut_off(void **state)
{
    (void)state;
    struct distribution d;
    double mean = 0.0, sd = 0.0;
    assert_true(distribution_of_moments(&d, DISTRIBUTION_NORMAL, 0.0, 1.0));
    assert_near(distribution_cut(&d, 0.0, 100.0), 0.5, 1e-12);
    assert_true(distribution_quantile(&d, 1e-9) >= 0.0);
    assert_near(distribution_quantile(&d, 0.5), 0.674489750, 1e-8); /* median of |normal| */
    moments(&d, &mean, &sd);
    assert_near(mean, sqrt(2.0 / M_PI), 1e-3);
    assert_near(distribution_cut(&d, 5.0, 6.0), 2.85664e-7, 1e-11);
    for (size_t k = 0; k < 4; k++) { /* a cut that removes nothing changes nothing */
        struct distribution whole;
        assert_true(distribution_of_moments(&whole, with_moments[k], 0.3, 0.02));
        const double before = distribution_quantile(&whole, 0.9);
        assert_near(distribution_cut(&whole, 0.0, 1.0), 1.0, 1e-9);
        assert_near(distribution_quantile(&whole, 0.9), before, 1e-9);
    }
}

static void what_is_impossible_is_refused(void **state)
{
    (void)state;
    struct distribution d;
    assert_false(distribution_of_moments(&d, DISTRIBUTION_NORMAL, 1.0, 0.0));
    assert_false(distribution_of_moments(&d, DISTRIBUTION_NORMAL, 1.0, -1.0));
    assert_false(distribution_of_moments(&d, DISTRIBUTION_NORMAL, NAN, 1.0));
    assert_false(distribution_of_moments(&d, DISTRIBUTION_LOGNORMAL, -1.0, 1.0));
    assert_false(distribution_of_moments(&d, DISTRIBUTION_GAMMA, 0.0, 1.0));
    assert_false(distribution_of_moments(&d, DISTRIBUTION_BETA, 0.5, 0.5));
    assert_true(distribution_of_moments(&d, DISTRIBUTION_BETA, 0.5, 0.49));
    assert_false(distribution_of_moments(&d, DISTRIBUTION_BETA, 1.2, 0.1));
    assert_false(distribution_of_moments(&d, DISTRIBUTION_UNIFORM, 1.0, 1.0));
    assert_false(distribution_of_interval(&d, DISTRIBUTION_NORMAL, 2.0, 2.0));
    assert_false(distribution_of_interval(&d, DISTRIBUTION_LOGNORMAL, 0.0, 2.0));
    assert_false(distribution_of_interval(&d, DISTRIBUTION_GAMMA, -1.0, 2.0));
    assert_false(distribution_of_interval(&d, DISTRIBUTION_BETA, 0.2, 1.0));
    assert_false(distribution_of_interval(&d, DISTRIBUTION_TRIANGULAR, 0.2, 1.0));
    assert_false(distribution_of_limits(&d, DISTRIBUTION_UNIFORM, 2.0, 0.0, 2.0));
    assert_false(distribution_of_limits(&d, DISTRIBUTION_TRIANGULAR, 1.0, 0.5, 2.0));
    assert_false(distribution_of_limits(&d, DISTRIBUTION_NORMAL, 1.0, 1.5, 2.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_have_the_moments_asked_for),
        cmocka_unit_test(quantiles_are_the_interval_asked_for),
        cmocka_unit_test(limits_hold_and_moments_follow),
        cmocka_unit_test(what_lies_outside_is_cut_off),
        cmocka_unit_test(what_is_impossible_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
