/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"

#include "base/inverse.h"

#include "checks.h"

#include <gsl/gsl_cdf.h>

/* The samplers of base/random.c against theory, at five sigma with one seed. */

enum { DRAWS = 40000 };

static double draws[DRAWS], shares[DRAWS];

static struct random_stream stream_of(int number)
{
    const struct random_key key = {.seed = 2024, .replicate = 0, .site = 1};
    return random_open(&key, (uint32_t)number, 0, 99);
}

static struct sample summary(void)
{
    struct sample sample = {0};
    for (int i = 0; i < DRAWS; i++) {
        sample_add(&sample, draws[i]);
    }
    return sample;
}

/* The variance of a sample, with its own standard error from the fourth moment. */
static void check_variance(double expected)
{
    const struct sample sample = summary();
    const double mean = sample_mean(&sample);
    double fourth = 0.0;
    for (int i = 0; i < DRAWS; i++) {
        fourth += pow(draws[i] - mean, 4.0) / DRAWS;
    }
    const double variance = sample_variance(&sample);
    assert_near(variance, expected, FIVE_SIGMA * sqrt((fourth - variance * variance) / DRAWS));
}

static void normals_are_normal(void **state)
{
    (void)state;
    int beyond_three = 0;
    for (int i = 0; i < DRAWS; i++) {
        struct random_stream stream = stream_of(i);
        draws[i] = random_normal(&stream);
        shares[i] = 0.5 * erfc(-draws[i] / sqrt(2.0));
        beyond_three += fabs(draws[i]) > 3.0;
    }
    const struct sample sample = summary();
    assert_near(sample_mean(&sample), 0.0, FIVE_SIGMA / sqrt(DRAWS));
    assert_near(sample_variance(&sample), 1.0, FIVE_SIGMA * sqrt(2.0 / DRAWS));
    assert_true(kolmogorov_distance(shares, DRAWS) < KOLMOGOROV_LIMIT);
    assert_frequency(beyond_three, DRAWS, erfc(3.0 / sqrt(2.0)));
}

/* One word a draw: the sampler may not shift what comes after it in a stream. */
static void a_normal_takes_one_word(void **state)
{
    (void)state;
    struct random_stream one = stream_of(1), other = stream_of(1);
    (void)random_normal(&one);
    (void)random_bits(&other);
    assert_int_equal(random_bits(&one), random_bits(&other));
}

static void betas_have_their_mean_and_concentration(void **state)
{
    (void)state;
    const double cases[][2] = {{0.3, 5.0}, {0.7, 0.5}, {0.5, 4.0}, {0.05, 20.0}};
    for (int c = 0; c < 4; c++) {
        const double m = cases[c][0], n = cases[c][1];
        for (int i = 0; i < DRAWS; i++) {
            struct random_stream stream = stream_of(DRAWS * c + i);
            draws[i] = random_beta(&stream, m, n);
            assert_true(draws[i] >= 0.0 && draws[i] <= 1.0);
            shares[i] = gsl_cdf_beta_P(draws[i], m * n, (1.0 - m) * n);
        }
        const struct sample sample = summary();
        assert_sample_mean(&sample, m);
        check_variance(m * (1.0 - m) / (n + 1.0));
        assert_true(kolmogorov_distance(shares, DRAWS) < KOLMOGOROV_LIMIT);
    }
}

static void means_of_betas_are_kept_within_bounds(void **state)
{
    (void)state;
    const double asked[] = {-0.5, 0.0, 1.0, 1.7}, kept[] = {0.001, 0.001, 0.999, 0.999};
    for (int c = 0; c < 4; c++) {
        for (int i = 0; i < 50; i++) {
            struct random_stream one = stream_of(i), other = stream_of(i);
            assert_true(random_beta(&one, asked[c], 8.0) == random_beta(&other, kept[c], 8.0));
        }
    }
}

/* Samplers that reject use as many words as they need; what is drawn after them must not shift. */
static void what_follows_does_not_depend_on_the_sampler(void **state)
{
    (void)state;
    for (int i = 0; i < 2000; i++) {
        struct random_stream a = stream_of(i), b = stream_of(i);
        (void)random_beta(&a, 0.3, 20.0);
        (void)random_beta(&b, 0.9, 0.5);
        const uint32_t next = random_bits(&a);
        assert_int_equal(random_bits(&b), next);
    }
}

/* Draws one after the other in a stream are as unrelated as those of different streams. */
static void draws_of_one_stream_are_independent(void **state)
{
    (void)state;
    double products[3] = {0.0};
    for (int i = 0; i < DRAWS; i++) {
        struct random_stream stream = stream_of(i);
        const double u = (double)random_uniform(&stream) - 0.5;
        const double first = random_beta(&stream, 0.5, 4.0) - 0.5;
        const double second = random_beta(&stream, 0.5, 4.0) - 0.5;
        const double after = (double)random_uniform(&stream) - 0.5;
        products[0] += u * first;
        products[1] += first * second;
        products[2] += second * after;
    }
    /* variances 1/12 of the uniform and 1/20 of Beta(2, 2) */
    assert_near(products[0] / DRAWS, 0.0, FIVE_SIGMA * sqrt(1.0 / 240.0 / DRAWS));
    assert_near(products[1] / DRAWS, 0.0, FIVE_SIGMA / 20.0 / sqrt(DRAWS));
    assert_near(products[2] / DRAWS, 0.0, FIVE_SIGMA * sqrt(1.0 / 240.0 / DRAWS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normals_are_normal),
        cmocka_unit_test(a_normal_takes_one_word),
        cmocka_unit_test(betas_have_their_mean_and_concentration),
        cmocka_unit_test(means_of_betas_are_kept_within_bounds),
        cmocka_unit_test(what_follows_does_not_depend_on_the_sampler),
        cmocka_unit_test(draws_of_one_stream_are_independent),
    };
    return cmocka_run_group_tests_name("random samplers", tests, NULL, NULL);
}
