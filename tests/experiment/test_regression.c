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

/* The fit of the made-up people, all in one cluster. */
static int fit(struct regression *r, size_t rows)
{
    const struct observations data = {
        .rows = rows, .columns = COLUMNS, .classes = CLASSES, .x = x, .y = y};
    return regression_fit(r, &data);
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
    ASSERT_DONE(fit(&r, MOST_ROWS));
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
        ASSERT_DONE(fit(&r, ROWS));
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
    const struct observations data = {
        .rows = A + B + C + D, .columns = 2, .classes = 2, .x = table, .y = outcome};
    ASSERT_DONE(regression_fit(&r, &data));
    assert_int_equal(r.clusters, 1);
    assert_near(regression_reach(&r), 1.959964, 1e-6);
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
    const struct observations data = {
        .rows = 100, .columns = 1, .classes = 4, .x = ones, .y = outcome};
    ASSERT_DONE(regression_fit(&r, &data));
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
    ASSERT_DONE(fit(&r, ROWS));
    for (int n = 0; n < ROWS; n++) {
        y[n] = y[n] == 1 ? 2 : y[n] == 2 ? 1 : y[n];
    }
    ASSERT_DONE(fit(&swapped, ROWS));
    for (int j = 0; j < COLUMNS; j++) {
        assert_near(r.coefficients[j], swapped.coefficients[COLUMNS + j], 1e-8);
        assert_near(r.coefficients[COLUMNS + j], swapped.coefficients[j], 1e-8);
        assert_near(r.standard_errors[j], swapped.standard_errors[COLUMNS + j], 1e-8);
    }
    assert_near(r.log_likelihood, swapped.log_likelihood, 1e-6);
    regression_free(&r);
    regression_free(&swapped);
}

/* One class against another, an intercept alone: the sandwich by hand. */
static void errors_of_clusters_are_those_of_the_formula(void **state)
{
    (void)state;
    enum { CLUSTERS = 4, EACH = 25 };
    static const int hits[CLUSTERS] = {3, 9, 12, 6};
    double ones[CLUSTERS * EACH], sum = 0.0;
    int outcome[CLUSTERS * EACH];
    size_t cluster[CLUSTERS * EACH];
    for (int n = 0; n < CLUSTERS * EACH; n++) {
        ones[n] = 1.0;
        cluster[n] = 2 * (size_t)(n / EACH); /* numbers may be left out */
        outcome[n] = n % EACH < hits[n / EACH];
    }
    struct regression r;
    const struct observations data = {.rows = CLUSTERS * EACH,
                                      .columns = 1,
                                      .classes = 2,
                                      .x = ones,
                                      .y = outcome,
                                      .cluster = cluster};
    ASSERT_DONE(regression_fit(&r, &data));
    const double p = 0.3, information = CLUSTERS * EACH * p * (1.0 - p);
    for (int c = 0; c < CLUSTERS; c++) {
        sum += (hits[c] - EACH * p) * (hits[c] - EACH * p);
    }
    assert_int_equal(r.clusters, CLUSTERS);
    assert_near(r.coefficients[0], log(p / (1.0 - p)), 1e-9);
    assert_near(r.standard_errors[0], sqrt((double)CLUSTERS / (CLUSTERS - 1) * sum) / information,
                1e-9);
    assert_near(regression_reach(&r), 3.182446, 1e-6); /* Student's t, 3 degrees of freedom */
    regression_free(&r);
}

/* People of one cluster are alike: P(y = 1) = 0.5 + 0.2 x + e, e uniform within 0.15 and the same
 * for the whole cluster. Over clusters e is 0, so that the log odds are those of 0.5 and 0.7. */
static void intervals_of_clusters_hold_the_truth(void **state)
{
    (void)state;
    enum { SETS = 600, CLUSTERS = 6, EACH = 100, ROWS = CLUSTERS * EACH };
    static double covariates[ROWS * 2];
    static int outcome[ROWS];
    static size_t cluster[ROWS];
    int held[2] = {0}, held_without = 0;
    uint64_t seed = 77;
    for (int set = 0; set < SETS; set++) {
        double common = 0.0;
        for (int n = 0; n < ROWS; n++) {
            common = n % EACH == 0 ? 0.3 * next_unit(&seed) - 0.15 : common;
            covariates[2 * n] = 1.0;
            covariates[2 * n + 1] = next_unit(&seed) < 0.5;
            cluster[n] = (size_t)(n / EACH);
            outcome[n] = next_unit(&seed) < 0.5 + 0.2 * covariates[2 * n + 1] + common;
        }
        struct observations data = {.rows = ROWS,
                                    .columns = 2,
                                    .classes = 2,
                                    .x = covariates,
                                    .y = outcome,
                                    .cluster = cluster};
        struct regression r;
        ASSERT_DONE(regression_fit(&r, &data));
        const double reach = regression_reach(&r);
        held[0] += fabs(r.coefficients[0]) < reach * r.standard_errors[0];
        held[1] += fabs(r.coefficients[1] - log(0.7 / 0.3)) < reach * r.standard_errors[1];
        regression_free(&r);
        data.cluster = NULL;
        ASSERT_DONE(regression_fit(&r, &data));
        held_without += fabs(r.coefficients[0]) < regression_reach(&r) * r.standard_errors[0];
        regression_free(&r);
    }
    assert_true(held[0] > 0.92 * SETS && held[0] < 0.98 * SETS);
    assert_true(held[1] > 0.92 * SETS && held[1] < 0.98 * SETS);
    assert_true(held_without < 0.88 * SETS); /* a check of the check: clusters matter here */
}

/* What is estimated of two fits agrees, coefficient by coefficient of the second. */
static void expect_same(const struct regression *a, const struct regression *b, const int *where)
{
    for (size_t n = 0; n < (b->classes - 1) * b->columns; n++) {
        assert_int_equal(a->states[where[n]], COEFFICIENT_ESTIMATED);
        assert_near(a->coefficients[where[n]], b->coefficients[n], 1e-7);
        assert_near(a->standard_errors[where[n]], b->standard_errors[n], 1e-7);
    }
}

static void columns_that_say_nothing_are_left_out(void **state)
{
    (void)state;
    enum { ROWS = 800 };
    static const int where[] = {0, 1, 2, 4, 5, 6, 8, 9, 10};
    static double fewer[ROWS * 3];
    static const double values[] = {0.0, 1.0, 0.5}; /* nobody; everybody; below: as column 2 */
    static const enum coefficient_state states[] = {
        COEFFICIENT_EMPTY_COLUMN, COEFFICIENT_TOLD_BEFORE, COEFFICIENT_TOLD_BEFORE};
    simulate(9, ROWS);
    for (int n = 0; n < ROWS; n++) {
        memcpy(&fewer[3 * n], &x[COLUMNS * n], 3 * sizeof fewer[0]);
    }
    const struct observations without = {
        .rows = ROWS, .columns = 3, .classes = CLASSES, .x = fewer, .y = y};
    for (int way = 0; way < 3; way++) {
        struct regression r, wanted;
        for (int n = 0; n < ROWS; n++) {
            x[n * COLUMNS + 3] = way == 2 ? 1.0 - x[n * COLUMNS + 2] : values[way];
        }
        ASSERT_DONE(fit(&r, ROWS));
        ASSERT_DONE(regression_fit(&wanted, &without));
        expect_same(&r, &wanted, where);
        for (int k = 0; k < CLASSES - 1; k++) {
            assert_int_equal(r.states[k * COLUMNS + 3], states[way]);
            assert_true(r.coefficients[k * COLUMNS + 3] == 0.0);
            assert_true(isnan(r.standard_errors[k * COLUMNS + 3]));
        }
        regression_free(&r);
        regression_free(&wanted);
    }
}

static void classes_without_anybody_are_left_out(void **state)
{
    (void)state;
    enum { ROWS = 800 };
    static const int where[] = {0, 1, 2, 3, 8, 9, 10, 11};
    struct regression r, wanted;
    simulate(9, ROWS);
    for (int n = 0; n < ROWS; n++) {
        y[n] = y[n] == 2 ? 0 : y[n];
    }
    ASSERT_DONE(fit(&r, ROWS));
    for (int n = 0; n < ROWS; n++) {
        y[n] = y[n] == 3 ? 2 : y[n];
    }
    const struct observations data = {
        .rows = ROWS, .columns = COLUMNS, .classes = 3, .x = x, .y = y};
    ASSERT_DONE(regression_fit(&wanted, &data));
    expect_same(&r, &wanted, where);
    for (int j = 0; j < COLUMNS; j++) {
        assert_int_equal(r.states[COLUMNS + j], COEFFICIENT_EMPTY_CLASS);
    }
    regression_free(&r);
    regression_free(&wanted);
}

/* A table of 0/1 by three classes; a count of 0 makes coefficients infinite, not the others. */
static void fit_table(struct regression *r, int counts[2][3])
{
    static double covariates[400];
    static int outcome[200];
    size_t n = 0;
    for (int kind = 0; kind < 2; kind++) {
        for (int class = 0; class < 3; class ++) {
            for (int i = 0; i < counts[kind][class]; i++) {
                covariates[2 * n] = 1.0;
                covariates[2 * n + 1] = kind;
                outcome[n++] = class;
            }
        }
    }
    const struct observations data = {
        .rows = n, .columns = 2, .classes = 3, .x = covariates, .y = outcome};
    ASSERT_DONE(regression_fit(r, &data));
}

static void expect(const struct regression *r, int which, double coefficient, double variance)
{
    assert_int_equal(r->states[which], COEFFICIENT_ESTIMATED);
    assert_near(r->coefficients[which], coefficient, 1e-7);
    assert_near(r->standard_errors[which], sqrt(variance), 1e-6);
}

static void separation_makes_coefficients_infinite_one_by_one(void **state)
{
    (void)state;
    struct regression r;
    fit_table(&r, (int[2][3]){{10, 20, 30}, {15, 5, 0}}); /* none of the kind in class 2 */
    expect(&r, 0, log(2.0), 1.0 / 10 + 1.0 / 20);
    expect(&r, 1, log(5.0 / 15) - log(2.0), 1.0 / 10 + 1.0 / 20 + 1.0 / 15 + 1.0 / 5);
    expect(&r, 2, log(3.0), 1.0 / 10 + 1.0 / 30);
    assert_int_equal(r.states[3], COEFFICIENT_INFINITE);
    assert_true(r.coefficients[3] < -10.0 && isnan(r.standard_errors[3]));
    regression_free(&r);

    fit_table(&r, (int[2][3]){{10, 20, 30}, {0, 5, 8}}); /* none of the kind in the reference */
    expect(&r, 0, log(2.0), 1.0 / 10 + 1.0 / 20);
    expect(&r, 2, log(3.0), 1.0 / 10 + 1.0 / 30);
    for (int a = 1; a < 4; a += 2) {
        assert_int_equal(r.states[a], COEFFICIENT_INFINITE);
        assert_true(r.coefficients[a] > 10.0);
    }
    regression_free(&r);

    fit_table(&r, (int[2][3]){{10, 20, 0}, {5, 6, 7}}); /* class 2 is of the kind alone */
    expect(&r, 0, log(2.0), 1.0 / 10 + 1.0 / 20);
    expect(&r, 1, log(6.0 / 5) - log(2.0), 1.0 / 10 + 1.0 / 20 + 1.0 / 5 + 1.0 / 6);
    assert_int_equal(r.states[2], COEFFICIENT_INFINITE);
    assert_int_equal(r.states[3], COEFFICIENT_INFINITE);
    assert_true(r.coefficients[2] < 0.0 && r.coefficients[3] > 0.0);
    regression_free(&r);
}

/* A class that a threshold tells from the others is lost, the others are not. */
static void a_class_may_be_separated_by_a_threshold(void **state)
{
    (void)state;
    enum { ROWS = 800 };
    struct regression r;
    simulate(9, ROWS);
    for (int n = 0; n < ROWS; n++) {
        y[n] = x[n * COLUMNS + 1] > 1.0 ? 3 : y[n] == 3 ? 0 : y[n];
    }
    ASSERT_DONE(fit(&r, ROWS));
    for (int j = 0; j < COLUMNS; j++) {
        assert_int_equal(r.states[j], COEFFICIENT_ESTIMATED);
        assert_true(fabs(r.coefficients[j]) < 3.0 && r.standard_errors[j] < 1.0);
        assert_true(r.states[2 * COLUMNS + j] >= COEFFICIENT_INFINITE);
    }
    assert_int_equal(r.states[2 * COLUMNS + 1], COEFFICIENT_INFINITE);
    assert_true(r.coefficients[2 * COLUMNS + 1] > 0.0);
    regression_free(&r);
}

static void without_two_classes_nothing_is_fitted(void **state)
{
    (void)state;
    struct regression r;
    static const char words[] = "people in the class of reference and in another";
    ASSERT_FAILS(fit(&r, 0), ERROR_INPUT, words);
    simulate(9, 100);
    for (int n = 0; n < 100; n++) {
        y[n] = 0;
    }
    ASSERT_FAILS(fit(&r, 100), ERROR_INPUT, words);
    for (int n = 0; n < 100; n++) {
        y[n] = 1 + n % 3;
    }
    ASSERT_FAILS(fit(&r, 100), ERROR_INPUT, words);
    assert_null(r.coefficients); /* nothing is left to free, and freeing is safe */
    assert_null(r.states);
    regression_free(&r);
}

/* Fewer people than coefficients: little is left, but it is told which. */
static void a_handful_of_people_is_no_trouble(void **state)
{
    (void)state;
    for (size_t rows = 2; rows < 20; rows++) {
        struct regression r;
        simulate(rows, rows);
        y[0] = 0;
        y[1] = 1;
        ASSERT_DONE(fit(&r, rows));
        for (int a = 0; a < COEFFICIENTS; a++) {
            assert_true(isfinite(r.coefficients[a]));
            assert_true(isnan(r.standard_errors[a]) == (r.states[a] != COEFFICIENT_ESTIMATED));
        }
        regression_free(&r);
    }
}

static void freeing_twice_is_safe(void **state)
{
    (void)state;
    struct regression r, nothing = {0};
    simulate(4, 500);
    ASSERT_DONE(fit(&r, 500));
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
        cmocka_unit_test(errors_of_clusters_are_those_of_the_formula),
        cmocka_unit_test(intervals_of_clusters_hold_the_truth),
        cmocka_unit_test(columns_that_say_nothing_are_left_out),
        cmocka_unit_test(classes_without_anybody_are_left_out),
        cmocka_unit_test(separation_makes_coefficients_infinite_one_by_one),
        cmocka_unit_test(a_class_may_be_separated_by_a_threshold),
        cmocka_unit_test(without_two_classes_nothing_is_fitted),
        cmocka_unit_test(a_handful_of_people_is_no_trouble),
        cmocka_unit_test(freeing_twice_is_safe),
    };
    return cmocka_run_group_tests_name("regression", tests, NULL, NULL);
}
