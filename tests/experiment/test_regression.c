/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/regression.h"

#include "small_run.h"

enum { MOST_ROWS = 20000, COLUMNS = 4, CLASSES = 4, COEFFICIENTS = (CLASSES - 1) * COLUMNS };

/* Made-up people: an intercept, a continuous, a rare 0/1 and a common 0/1 covariate. */
static double x[MOST_ROWS * COLUMNS];
static int y[MOST_ROWS];

static const double truth[COEFFICIENTS] = {0.4,  -0.8, 0.5, 0.0,  /* class 1 */
                                           -0.6, 0.3,  1.2, -0.7, /* class 2 */
                                           -1.1, 0.0,  0.0, 0.9}; /* class 3 */

static double next_normal(uint64_t *state)
{
    const double u = 1.0 - next_unit(state), v = next_unit(state);
    return sqrt(-2.0 * log(u)) * cos(2.0 * M_PI * v);
}

static int choose_class(uint64_t *state, const double *row)
{
    double weight[CLASSES] = {1.0}, sum = 1.0;
    for (int k = 1; k < CLASSES; k++) {
        double linear = 0.0;
        for (int j = 0; j < COLUMNS; j++) {
            linear += truth[(k - 1) * COLUMNS + j] * row[j];
        }
        weight[k] = exp(linear);
        sum += weight[k];
    }
    double u = next_unit(state) * sum;
    for (int k = 0; k < CLASSES - 1; k++) {
        u -= weight[k];
        if (u < 0.0) {
            return k;
        }
    }
    return CLASSES - 1;
}

static void simulate(uint64_t seed, size_t rows)
{
    for (size_t n = 0; n < rows; n++) {
        double *row = &x[n * COLUMNS];
        row[0] = 1.0;
        row[1] = next_normal(&seed);
        row[2] = next_unit(&seed) < 0.15;
        row[3] = next_unit(&seed) < 0.5;
        y[n] = choose_class(&seed, row);
    }
}

static void known_coefficients_are_recovered(void **state)
{
    (void)state;
    struct regression r;
    simulate(20240607, MOST_ROWS);
    ASSERT_DONE(regression_fit(&r, x, y, MOST_ROWS, COLUMNS, CLASSES));
    assert_true(r.classes == CLASSES && r.columns == COLUMNS && r.iterations < 15);
    for (int a = 0; a < COEFFICIENTS; a++) {
        assert_true(r.standard_errors[a] > 0.005 && r.standard_errors[a] < 0.1);
        assert_near(r.coefficients[a], truth[a], 4.0 * r.standard_errors[a]);
    }
    regression_free(&r);
}

/* The standard errors are the spread that the coefficients have: over 50 data sets of 12
 * coefficients the 95 % interval holds the truth in about 570 of 600. */
static void intervals_hold_the_truth_as_often_as_they_say(void **state)
{
    (void)state;
    enum { SETS = 50, ROWS = 1500 };
    int held = 0;
    struct sample standardised = {0};
    for (uint64_t set = 0; set < SETS; set++) {
        struct regression r;
        simulate(1000 + 77 * set, ROWS);
        ASSERT_DONE(regression_fit(&r, x, y, ROWS, COLUMNS, CLASSES));
        for (int a = 0; a < COEFFICIENTS; a++) {
            const double z = (r.coefficients[a] - truth[a]) / r.standard_errors[a];
            sample_add(&standardised, z);
            held += fabs(z) < 1.959964;
        }
        regression_free(&r);
    }
    /* coefficients of one data set are correlated: a band wider than the binomial's */
    assert_true(held > 0.91 * SETS * COEFFICIENTS && held < 0.985 * SETS * COEFFICIENTS);
    assert_near(sample_variance(&standardised), 1.0, 0.25);
    assert_near(sample_mean(&standardised), 0.0, 0.2);
}

/* Two classes and one 0/1 covariate: the 2 x 2 table answers exactly. */
static void a_table_of_two_by_two_is_answered_exactly(void **state)
{
    (void)state;
    enum { A = 37, B = 11, C = 20, D = 52 }; /* exposed: class 1, class 0; not: class 1, class 0 */
    double table[(A + B + C + D) * 2];
    int outcome[A + B + C + D];
    for (int n = 0; n < A + B + C + D; n++) {
        table[2 * n] = 1.0;
        table[2 * n + 1] = n < A + B;
        outcome[n] = n < A || (n >= A + B && n < A + B + C);
    }
    struct regression r;
    ASSERT_DONE(regression_fit(&r, table, outcome, A + B + C + D, 2, 2));
    assert_near(r.coefficients[0], log((double)C / D), 1e-9);
    assert_near(r.coefficients[1], log((double)A * D / ((double)B * C)), 1e-9);
    assert_near(r.standard_errors[0], sqrt(1.0 / C + 1.0 / D), 1e-9);
    assert_near(r.standard_errors[1], sqrt(1.0 / A + 1.0 / B + 1.0 / C + 1.0 / D), 1e-9);
    const double likelihood = A * log((double)A / (A + B)) + B * log((double)B / (A + B)) +
                              C * log((double)C / (C + D)) + D * log((double)D / (C + D));
    assert_near(r.log_likelihood, likelihood, 1e-9);
    regression_free(&r);
}

/* Intercepts alone: the log odds of the counts. */
static void intercepts_alone_are_log_odds(void **state)
{
    (void)state;
    static const int counts[] = {12, 30, 5, 53};
    double ones[100];
    int outcome[100];
    int n = 0;
    for (int k = 0; k < 4; k++) {
        for (int i = 0; i < counts[k]; i++) {
            ones[n] = 1.0;
            outcome[n++] = k;
        }
    }
    struct regression r;
    ASSERT_DONE(regression_fit(&r, ones, outcome, 100, 1, 4));
    for (int k = 1; k < 4; k++) {
        assert_near(r.coefficients[k - 1], log((double)counts[k] / counts[0]), 1e-9);
        assert_near(r.standard_errors[k - 1], sqrt(1.0 / counts[k] + 1.0 / counts[0]), 1e-9);
    }
    regression_free(&r);
}

/* Every class against the first, whatever is called what: swapping two classes swaps two rows. */
static void the_first_class_is_the_reference(void **state)
{
    (void)state;
    enum { ROWS = 3000 };
    struct regression r, swapped;
    simulate(5, ROWS);
    ASSERT_DONE(regression_fit(&r, x, y, ROWS, COLUMNS, CLASSES));
    for (int n = 0; n < ROWS; n++) {
        y[n] = y[n] == 1 ? 2 : y[n] == 2 ? 1 : y[n];
    }
    ASSERT_DONE(regression_fit(&swapped, x, y, ROWS, COLUMNS, CLASSES));
    for (int j = 0; j < COLUMNS; j++) {
        assert_near(r.coefficients[j], swapped.coefficients[COLUMNS + j], 1e-8);
        assert_near(r.coefficients[COLUMNS + j], swapped.coefficients[j], 1e-8);
        assert_near(r.standard_errors[j], swapped.standard_errors[COLUMNS + j], 1e-8);
    }
    assert_near(r.log_likelihood, swapped.log_likelihood, 1e-6);
    regression_free(&r);
    regression_free(&swapped);
}

static void expect_refusal(size_t rows, const char *words)
{
    struct regression r;
    ASSERT_FAILS(regression_fit(&r, x, y, rows, COLUMNS, CLASSES), ERROR_INPUT, words);
    assert_null(r.coefficients); /* nothing is left to free, and freeing is safe */
    assert_null(r.standard_errors);
    regression_free(&r);
}

static void what_has_no_maximum_is_refused(void **state)
{
    (void)state;
    enum { ROWS = 800 };
    simulate(9, ROWS);
    for (int n = 0; n < ROWS; n++) {
        x[n * COLUMNS + 3] = x[n * COLUMNS + 2]; /* two columns say the same */
    }
    expect_refusal(ROWS, "two columns say the same");

    simulate(9, ROWS);
    for (int n = 0; n < ROWS; n++) {
        x[n * COLUMNS + 2] = 0.0; /* a group that is empty */
    }
    expect_refusal(ROWS, "a group or a pathway is empty");

    simulate(9, ROWS);
    for (int n = 0; n < ROWS; n++) {
        y[n] = y[n] == 3 ? 0 : y[n]; /* a class that is empty */
    }
    expect_refusal(ROWS, "the regression has no");

    simulate(9, ROWS);
    for (int n = 0; n < ROWS; n++) {
        y[n] = x[n * COLUMNS + 1] > 1.0 ? 3 : y[n] == 3 ? 0 : y[n]; /* class 3 by a threshold */
    }
    expect_refusal(ROWS, "the regression has no");

    simulate(9, ROWS);
    for (int n = 0; n < ROWS; n++) {
        y[n] = x[n * COLUMNS + 2] > 0.0 ? 2 : y[n] == 2 ? 0 : y[n]; /* a group all in one class */
    }
    expect_refusal(ROWS, "the regression has no");

    simulate(9, 2); /* fewer people than coefficients */
    expect_refusal(2, "the regression has no");
    expect_refusal(0, "the regression has no");
}

static void freeing_twice_is_safe(void **state)
{
    (void)state;
    struct regression r, nothing = {0};
    simulate(4, 500);
    ASSERT_DONE(regression_fit(&r, x, y, 500, COLUMNS, CLASSES));
    regression_free(&r);
    assert_null(r.coefficients);
    regression_free(&r);
    regression_free(&nothing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_coefficients_are_recovered),
        cmocka_unit_test(intervals_hold_the_truth_as_often_as_they_say),
        cmocka_unit_test(a_table_of_two_by_two_is_answered_exactly),
        cmocka_unit_test(intercepts_alone_are_log_odds),
        cmocka_unit_test(the_first_class_is_the_reference),
        cmocka_unit_test(what_has_no_maximum_is_refused),
        cmocka_unit_test(freeing_twice_is_safe),
    };
    return cmocka_run_group_tests_name("regression", tests, NULL, NULL);
}
