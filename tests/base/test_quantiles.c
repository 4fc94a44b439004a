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

static const double beta_shapes[][2] = {
    {2.0, 2.0}, {0.5, 0.5},   {5.0, 1.5},   {0.62, 0.75},  /* about the ages of the study */
    {1.0, 1.0}, {20.0, 20.0}, {2.25, 2.75}, {3.45, 1.55}}; /* about traits */
static const double gamma_shapes[] = {0.2, 0.57, 1.0, 4.0};

static double inner(int point)
{
    return (point + 0.5) / POINTS;
}

/* The word whose uniform is u, to within 2^-33. */
static uint32_t word_of(double u)
{
    return (uint32_t)(u * 0x1p32);
}

/* Next to 1, where single precision is 2^-24 apart, a draw may be off by half of that. */
static double rounding(double x, double a, double b)
{
    return gsl_cdf_beta_P(fmin(x + 0x1p-25, 1.0), a, b) - gsl_cdf_beta_P(x - 0x1p-25, a, b);
}

static void quantiles_of_beta_invert_its_distribution(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof beta_shapes / sizeof beta_shapes[0]; s++) {
        static struct quantile_table table;
        const double a = beta_shapes[s][0], b = beta_shapes[s][1];
        quantiles_of_beta(&table, a, b);
        double before = 0.0;
        for (int i = 0; i < POINTS; i++) {
            const double x = (double)quantile_of_beta(&table, word_of(inner(i)));
            assert_true(x >= before - 1e-7 && x <= 1.0);
            assert_near(gsl_cdf_beta_P(x, a, b), inner(i), MOST_BETA + rounding(x, a, b));
            before = x;
        }
    }
}

/* Node by node, in both tails, relative to what is left of them. */
static void nodes_are_exact(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof beta_shapes / sizeof beta_shapes[0]; s++) {
        static struct quantile_table table;
        const double a = beta_shapes[s][0], b = beta_shapes[s][1];
        quantiles_of_beta(&table, a, b);
        for (int i = 1; i < QUANTILE_NODES; i++) {
            const double share = 1.0 - fabs(2.0 * i / QUANTILE_NODES - 1.0);
            const double tail = 0.5 * share * share, x = (double)table.node[i];
            const double left =
                i < QUANTILE_NODES / 2 ? gsl_cdf_beta_P(x, a, b) : gsl_cdf_beta_Q(x, a, b);
            assert_near(left, tail, 2e-6 * tail + rounding(x, a, b));
        }
        assert_true(table.node[0] == 0.0f && table.node[QUANTILE_NODES] == 1.0f);
    }
}

/* Means and concentrations at the ends of what parameters may be: monotone, within [0, 1], quick. */
static void extreme_shapes_are_survived(void **state)
{
    (void)state;
    const double means[] = {0.001, 0.02, 0.5, 0.98, 0.999}, alike[] = {0.5, 5.0, 100.0};
    for (int m = 0; m < 5; m++) {
        for (int c = 0; c < 3; c++) {
            static struct quantile_table table;
            quantiles_of_beta(&table, means[m] * alike[c], (1.0 - means[m]) * alike[c]);
            struct sample sample = {0};
            for (int i = 0; i < QUANTILE_NODES; i++) {
                assert_true(table.node[i] >= 0.0f && table.node[i + 1] <= 1.0f);
                assert_true(table.node[i] <= table.node[i + 1]);
            }
            for (int i = 0; i < POINTS; i++) {
                sample_add(&sample, (double)quantile_of_beta(&table, word_of(inner(i))));
            }
            assert_near(sample_mean(&sample), means[m], 2e-3);
        }
    }
    for (double shape = 0.05; shape <= 100.0; shape *= 1.9) {
        static struct quantile_table table;
        quantiles_of_gamma(&table, shape);
        for (int i = 0; i < QUANTILE_NODES; i++) {
            assert_true(table.node[i] >= 0.0f && table.node[i] <= table.node[i + 1]);
            assert_true(isfinite(table.node[i + 1]));
            const double share = (i + 1.0) / QUANTILE_NODES;
            const double tail = exp(-(double)GAMMA_END * share * share);
            if (tail < 0.5) {
                const double x = (double)table.node[i + 1];
                assert_near(gsl_cdf_gamma_Q(x, shape, 1.0 / shape) / tail, 1.0, 1e-5);
            }
        }
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
            const double x = (double)quantile_of_gamma(&table, word_of(inner(i)));
            assert_true(x >= before - 1e-6);
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
    for (double steps = 0x1p28; steps > 16.0; steps *= 0.5) {
        const double tail = (steps + 0.5) * 0x1p-32;
        const double x = (double)quantile_of_gamma(&table, ~(uint32_t)steps);
        assert_near(gsl_cdf_gamma_Q(x, 0.57, 1.0 / 0.57) / tail, 1.0, 6e-5);
    }
    quantiles_of_beta(&table, 2.0, 2.0);
    for (double tail = 0.1; tail > 1e-4; tail *= 0.5) {
        const double low = (double)quantile_of_beta(&table, word_of(tail));
        const double high = (double)quantile_of_beta(&table, ~word_of(tail));
        assert_near(gsl_cdf_beta_P(low, 2.0, 2.0) / tail, 1.0, 0.01);
        assert_near(gsl_cdf_beta_Q(high, 2.0, 2.0) / tail, 1.0, 0.01);
    }
}

static void the_extremes_of_a_word_are_finite(void **state)
{
    (void)state;
    static struct quantile_table table;
    quantiles_of_gamma(&table, 0.57);
    assert_true(quantile_of_gamma(&table, 0) >= 0.0f);
    assert_true(isfinite(quantile_of_gamma(&table, UINT32_MAX)));
    assert_true(quantile_of_gamma(&table, UINT32_MAX) > 20.0f);
    quantiles_of_beta(&table, 0.62, 0.75);
    assert_true(quantile_of_beta(&table, 0) >= 0.0f);
    assert_true(quantile_of_beta(&table, UINT32_MAX) <= 1.0f);
    assert_near(quantile_of_beta(&table, 0x7fffffffu), table.node[QUANTILE_NODES / 2], 1e-6);
    assert_near(quantile_of_beta(&table, 0x80000000u), table.node[QUANTILE_NODES / 2], 1e-6);
}

static void moments_are_kept(void **state)
{
    (void)state;
    static struct quantile_table table;
    struct sample gamma = {0}, beta = {0};
    quantiles_of_gamma(&table, 0.57);
    for (int i = 0; i < 40 * POINTS; i++) {
        const uint32_t word = word_of((i + 0.5) / (40.0 * POINTS));
        sample_add(&gamma, (double)quantile_of_gamma(&table, word));
    }
    quantiles_of_beta(&table, 2.0, 2.0);
    for (int i = 0; i < POINTS; i++) {
        sample_add(&beta, (double)quantile_of_beta(&table, word_of(inner(i))));
    }
    assert_near(sample_mean(&gamma), 1.0, 2e-4);
    assert_near(sample_variance(&gamma), 1.0 / 0.57, 2e-3);
    assert_near(sample_mean(&beta), 0.5, 1e-5);
    assert_near(sample_variance(&beta), 0.05, 1e-4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_of_beta_invert_its_distribution),
        cmocka_unit_test(nodes_are_exact),
        cmocka_unit_test(extreme_shapes_are_survived),
        cmocka_unit_test(quantiles_of_gamma_invert_its_distribution),
        cmocka_unit_test(tails_are_kept),
        cmocka_unit_test(the_extremes_of_a_word_are_finite),
        cmocka_unit_test(moments_are_kept),
    };
    return cmocka_run_group_tests_name("quantiles", tests, NULL, NULL);
}
