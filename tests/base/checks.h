/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_BASE_CHECKS_H
#define BUYIN_TESTS_BASE_CHECKS_H

/* cmocka, and comparisons of numbers that say by how much they failed. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The distance beyond which a right program falls about once in two million draws of seeds. */
static const double FIVE_SIGMA = 5.0;

static inline void check_near(double actual, double expected, double tolerance, const char *what,
                              const char *file, int line)
{
    if (!(fabs(actual - expected) <= tolerance)) { /* also when one of them is NaN */
        print_error("%s is %.9g, should be %.9g within %.3g\n", what, actual, expected, tolerance);
        _fail(file, line);
    }
}

/** |actual - expected| <= tolerance; never true of NaN. */
#define assert_near(actual, expected, tolerance)                                                   \
    check_near((double)(actual), (double)(expected), (double)(tolerance), #actual, __FILE__,       \
               __LINE__)

/** `hits` of `n` trials agree with probability p: five standard deviations of the binomial. */
#define assert_frequency(hits, n, p)                                                               \
    check_near((double)(hits) / (double)(n), (double)(p),                                          \
               FIVE_SIGMA * sqrt((double)(p) * (1.0 - (double)(p)) / (double)(n)) + 1e-7,          \
               #hits " / " #n, __FILE__, __LINE__)

/** Sums of a sample, for its mean and standard deviation. */
struct sample {
    double n, sum, squares;
};

static inline void sample_add(struct sample *sample, double x)
{
    sample->n += 1.0;
    sample->sum += x;
    sample->squares += x * x;
}

static inline double sample_mean(const struct sample *sample)
{
    return sample->sum / sample->n;
}

static inline double sample_variance(const struct sample *sample)
{
    const double mean = sample_mean(sample);
    return (sample->squares / sample->n - mean * mean) * sample->n / (sample->n - 1.0);
}

/** The mean of the sample agrees with `expected`: five of its own standard errors. */
#define assert_sample_mean(sample, expected)                                                       \
    check_near(sample_mean(sample), (double)(expected),                                            \
               FIVE_SIGMA *sqrt(sample_variance(sample) / (sample)->n), "mean of " #sample,        \
               __FILE__, __LINE__)

static inline int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/** Kolmogorov and Smirnov's distance times sqrt(n) of `values`, which are already the distribution
 *  function of the draws; beyond 2.74 with probability 6e-7.  Sorts the values.
 */
static inline double kolmogorov_distance(double *values, size_t n)
{
    double most = 0.0;
    qsort(values, n, sizeof *values, compare_doubles);
    for (size_t i = 0; i < n; i++) {
        most = fmax(
            most, fmax(values[i] - (double)i / (double)n, (double)(i + 1) / (double)n - values[i]));
    }
    return most * sqrt((double)n);
}

static const double KOLMOGOROV_LIMIT = 2.74;

/** A plain generator for inputs of tests, unrelated to the one under test. */
static inline uint64_t next_input(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15ULL;
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

/** A number of [0, 1) from it. */
static inline double next_unit(uint64_t *state)
{
    return (double)(next_input(state) >> 11) * 0x1p-53;
}

#endif
