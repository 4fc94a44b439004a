/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/quantiles.h"

#include "checks.h"

#include <gsl/gsl_cdf.h>

enum { POINTS = 20000 };

/* Largest errors in probability: a fiftieth of a standard error with a million people for Beta; for
 * Gamma more, next to 0, where shapes below 1 pile up people who hardly ever consult.
 */
static const double MOST_BETA = 1e-5;
static const double MOST_GAMMA = 6e-5;
static const double MOST_GAMMA_EXTREME = 3e-4; /* shape 0.2 */

static const double beta_shapes[][2] = {{2.0, 2.0}, {0.5, 0.5},
                                        {5.0, 1.5}, {0.62, 0.75}, /* about the ages of the study */
                                        {1.0, 1.0}, {20.0, 20.0}};
static const double gamma_shapes[] = {0.2, 0.57, 1.0, 4.0};

static double inner(int point)
{
    return (point + 0.5) / POINTS;
}

static void quantiles_of_beta_invert_its_distribution(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof beta_shapes / sizeof beta_shapes[0]; s++) {
        static struct quantile_table table;
        const double a = beta_shapes[s][0], b = beta_shapes[s][1];
        quantiles_of_beta(&table, a, b);
        double before = 0.0, worst = 0.0;
        for (int i = 0; i < POINTS; i++) {
            const double x = quantile_of_beta(&table, inner(i));
            assert_true(x >= before && x <= 1.0);
            worst = fmax(worst, fabs(gsl_cdf_beta_P(x, a, b) - inner(i)));
            before = x;
        }
        assert_true(worst < MOST_BETA);
    }
}

static void quantiles_of_gamma_invert_its_distribution(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof gamma_shapes / sizeof gamma_shapes[0]; s++) {
        static struct quantile_table table;
        const double shape = gamma_shapes[s];
        quantiles_of_gamma(&table, shape);
        double before = 0.0, worst = 0.0;
        for (int i = 0; i < POINTS; i++) {
            const double x = quantile_of_gamma(&table, inner(i));
            assert_true(x >= before);
            worst = fmax(worst, fabs(gsl_cdf_gamma_P(x, shape, 1.0 / shape) - inner(i)));
            before = x;
        }
        assert_true(worst < (shape < 0.5 ? MOST_GAMMA_EXTREME : MOST_GAMMA));
    }
}

/* The error relative to the tail, where the frequent attenders are. */
static void tails_are_kept(void **state)
{
    (void)state;
    static struct quantile_table table;
    quantiles_of_gamma(&table, 0.57);
    for (double tail = 0.1; tail > 1e-8; tail *= 0.5) {
        const double x = quantile_of_gamma(&table, 1.0 - tail);
        assert_near(gsl_cdf_gamma_Q(x, 0.57, 1.0 / 0.57) / tail, 1.0, 5e-5);
    }
    quantiles_of_beta(&table, 2.0, 2.0);
    for (double tail = 0.1; tail > 1e-4; tail *= 0.5) {
        assert_near(gsl_cdf_beta_P(quantile_of_beta(&table, tail), 2.0, 2.0) / tail, 1.0, 0.01);
        assert_near(gsl_cdf_beta_Q(quantile_of_beta(&table, 1.0 - tail), 2.0, 2.0) / tail, 1.0,
                    0.01);
    }
}

static void the_extremes_of_a_32_bit_uniform_are_finite(void **state)
{
    (void)state;
    static struct quantile_table table;
    quantiles_of_gamma(&table, 0.57);
    assert_true(quantile_of_gamma(&table, 0x1p-33) >= 0.0);
    assert_true(isfinite(quantile_of_gamma(&table, 1.0 - 0x1p-33)));
    assert_true(quantile_of_gamma(&table, 1.0 - 0x1p-33) > 20.0);
    quantiles_of_beta(&table, 0.62, 0.75);
    assert_true(quantile_of_beta(&table, 0x1p-33) >= 0.0);
    assert_true(quantile_of_beta(&table, 1.0 - 0x1p-33) <= 1.0);
}

static void moments_are_kept(void **state)
{
    (void)state;
    static struct quantile_table table;
    struct sample gamma = {0}, beta = {0};
    quantiles_of_gamma(&table, 0.57);
    for (int i = 0; i < 40 * POINTS; i++) {
        sample_add(&gamma, quantile_of_gamma(&table, (i + 0.5) / (40.0 * POINTS)));
    }
    quantiles_of_beta(&table, 2.0, 2.0);
    for (int i = 0; i < POINTS; i++) {
        sample_add(&beta, quantile_of_beta(&table, inner(i)));
    }
    assert_near(sample_mean(&gamma), 1.0, 2e-4);
    assert_near(sample_variance(&gamma), 1.0 / 0.57, 2e-3);
    assert_near(sample_mean(&beta), 0.5, 1e-5);
    assert_near(sample_variance(&beta), 0.05, 1e-4);
}

/* Says "below" only when it is so, and nearly always when it is clearly so. */
static void the_normal_table_errs_on_one_side(void **state)
{
    (void)state;
    static struct normal_table table;
    int said = 0, is = 0;
    normal_table_fill(&table);
    for (int a = 1; a < 400; a++) {
        for (int b = -90; b <= 90; b++) {
            const double u = a / 400.0, x = b / 10.0;
            const bool below = gsl_cdf_ugaussian_Pinv(u) < x;
            const bool surely = normal_is_surely_below(&table, u, x);
            assert_true(below || !surely);
            said += surely;
            is += below;
        }
    }
    assert_true(said > 0.97 * is);
    assert_true(normal_is_surely_below(&table, 0.999, INFINITY)); /* a need that nobody has */
    assert_false(normal_is_surely_below(&table, 0.001, -INFINITY));
    assert_false(normal_is_surely_below(&table, 0.5, NAN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_of_beta_invert_its_distribution),
        cmocka_unit_test(quantiles_of_gamma_invert_its_distribution),
        cmocka_unit_test(tails_are_kept),
        cmocka_unit_test(the_extremes_of_a_32_bit_uniform_are_finite),
        cmocka_unit_test(moments_are_kept),
        cmocka_unit_test(the_normal_table_errs_on_one_side),
    };
    return cmocka_run_group_tests_name("quantiles", tests, NULL, NULL);
}
