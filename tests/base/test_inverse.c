/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/inverse.h"

#include "checks.h"

#include <gsl/gsl_cdf.h>

/* Draws by inversion against GSL's distribution functions, in double precision, at every word that
 * is a power of two from either end, about the middle, and at a million others. */

enum { OTHERS = 1000000 };

static double u_of(uint32_t word)
{
    return ((double)word + 0.5) * 0x1p-32;
}

/* What is left of the nearer tail. */
static double left_of(uint32_t word)
{
    return u_of(word < 0x80000000u ? word : ~word);
}

static uint32_t word_at(int n)
{
    if (n < 64) {
        const uint32_t word = n / 2 < 31 ? 1u << (n / 2) : 0;
        return n % 2 ? ~word : word;
    }
    return n < 128 ? 0x7fffffffu - 32u + (uint32_t)(n - 64) : (uint32_t)n * 2654435769u;
}

/* The absolute error is what rounding leaves of numbers up to 6; the error in probability relative to
 * the tail is a hundredth of a standard error with ten million people. */
static void normals_invert_their_distribution(void **state)
{
    (void)state;
    for (int n = 0; n < OTHERS; n++) {
        const uint32_t word = word_at(n);
        const double x = (double)normal_of(word);
        assert_near(x, gsl_cdf_ugaussian_Pinv(u_of(word)), 1.5e-6);
        if (left_of(word) < 0.4) {
            assert_true((x > 0.0) == (word >= 0x80000000u));
            assert_near(gsl_cdf_ugaussian_Q(fabs(x)) / left_of(word), 1.0, 8e-6);
        }
    }
}

static void normals_are_symmetric_and_rise(void **state)
{
    (void)state;
    double before = -7.0;
    for (uint32_t n = 0; n < 1000; n++) {
        const uint32_t word = n * 4294967u;
        assert_true(normal_of(word) == -normal_of(~word));
        assert_true((double)normal_of(word) > before);
        before = (double)normal_of(word);
    }
    /* from one polynomial to the other */
    const uint32_t seam = (uint32_t)(0x1p32 * 0.5 * (1.0 - sqrt(1.0 - exp(-5.0))));
    for (uint32_t word = seam - 100000; word < seam + 100000; word += 1000) {
        assert_near(normal_of(word + 1000), normal_of(word), 1e-4);
        assert_near(normal_of(word), gsl_cdf_ugaussian_Pinv(u_of(word)), 1e-6);
    }
}

static void thresholds_leave_their_probability_above(void **state)
{
    (void)state;
    for (double p = 1e-7; p < 0.98; p *= 1.01) {
        assert_near(gsl_cdf_ugaussian_Q((double)normal_above((float)p)) / p, 1.0,
                    p < 1e-5 ? 1e-2 : 3e-5);
    }
    assert_near(normal_above(0.5f), 0.0, 1e-6);
    assert_near(normal_above(0.98f), -2.0537489, 2e-6);
}

static void exponentials_invert_their_distribution(void **state)
{
    (void)state;
    for (int n = 0; n < OTHERS; n++) {
        const uint32_t word = word_at(n);
        const double exact = word < 0x80000000u ? -log1p(-u_of(word)) : -log(left_of(word));
        assert_near((double)exponential_of(word) / exact, 1.0, 4e-7);
    }
}

static void complements_have_their_logarithm(void **state)
{
    (void)state;
    assert_true(minus_log_complement(0.0f) == 0.0f);
    for (double q = 1e-30; q < 1.0; q *= 1.0007) {
        const float single = (float)q;
        assert_near((double)minus_log_complement(single) / -log1p(-(double)single), 1.0, 4e-7);
    }
    assert_near(minus_log_complement(1.0f - 0x1p-23f), 23.0 * log(2.0), 1e-5);
}

/* The share of words that give week n and later is exp(-rate n), also where rates are tiny. */
static void weeks_come_at_their_rate(void **state)
{
    (void)state;
    const float rates[] = {1e-6f, 4e-4f, 0.012f, 0.7f, 15.0f};
    for (int r = 0; r < 5; r++) {
        for (int32_t week = 1; week < 500; week = week * 2 + 1) {
            /* the first word of that week, by halving: words and weeks rise together */
            uint64_t least = 0, most = 1ULL << 32;
            while (least < most) {
                const uint64_t middle = (least + most) / 2;
                if (weeks_of((uint32_t)middle, rates[r]) >= week) {
                    most = middle;
                } else {
                    least = middle + 1;
                }
            }
            const double before = (double)least * 0x1p-32;
            assert_near(before, -expm1(-(double)rates[r] * week), 1e-6 * before + 0x1p-31);
        }
        assert_int_equal(weeks_of(0, rates[r]), 0);
    }
    assert_int_equal(weeks_of(UINT32_MAX, 0.0f), NO_WEEK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normals_invert_their_distribution),
        cmocka_unit_test(normals_are_symmetric_and_rise),
        cmocka_unit_test(thresholds_leave_their_probability_above),
        cmocka_unit_test(exponentials_invert_their_distribution),
        cmocka_unit_test(complements_have_their_logarithm),
        cmocka_unit_test(weeks_come_at_their_rate),
    };
    return cmocka_run_group_tests_name("inverse", tests, NULL, NULL);
}
