/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/quantity.h"

#include "small_run.h"

/* Four scenarios with four replicates of three outcomes, made up: nothing is simulated. */
enum { SCENARIOS = 4, REPLICATES = 4, OUTCOMES = 3 };

struct made_up {
    struct outcome outcomes[OUTCOMES];
    double values[SCENARIOS * REPLICATES * OUTCOMES];
    struct results results;
};

/* The value of the first two outcomes; the third is an anchor that must not be touched. */
static const double first[SCENARIOS][REPLICATES] = {{10.0, 20.0, 30.0, 44.0},
                                                    {9.0, 18.5, 29.0, 41.5},
                                                    {8.0, 17.0, 33.0, 40.0},
                                                    {1.0, 2.0, 3.0, 5.0}};
static const double second[SCENARIOS][REPLICATES] = {
    {1.0, 2.0, 4.0, 8.0}, {0.5, 2.5, 4.0, 7.0}, {3.0, 3.0, 3.0, 3.0}, {0.0, 1.0, 0.0, 1.0}};

static void make_up(struct made_up *m)
{
    *m = (struct made_up){.outcomes = {{.name = "course.first"},
                                       {.name = "course.second"},
                                       {.name = "course.first_and_more"}}};
    for (size_t s = 0; s < SCENARIOS; s++) {
        for (size_t r = 0; r < REPLICATES; r++) {
            double *row = &m->values[(s * REPLICATES + r) * OUTCOMES];
            row[0] = first[s][r];
            row[1] = second[s][r];
            row[2] = -1e6;
        }
    }
    m->results = (struct results){.list = {.count = OUTCOMES, .outcomes = m->outcomes},
                                  .scenario_count = SCENARIOS,
                                  .replicate_count = REPLICATES,
                                  .values = m->values};
}

static void names_and_differences_of_names_are_read(void **state)
{
    (void)state;
    struct made_up m;
    struct quantity q;
    make_up(&m);
    ASSERT_DONE(quantity_read(&q, &m.results.list, "course.first"));
    assert_int_equal(q.plus, 0);
    assert_int_equal(q.minus, OUTCOMES);
    ASSERT_DONE(quantity_read(&q, &m.results.list, "course.first_and_more"));
    assert_int_equal(q.plus, 2);
    ASSERT_DONE(quantity_read(&q, &m.results.list, "course.second - course.first"));
    assert_int_equal(q.plus, 1);
    assert_int_equal(q.minus, 0);
}

static void names_that_do_not_exist_are_refused(void **state)
{
    (void)state;
    struct made_up m;
    struct quantity q;
    make_up(&m);
    const struct outcome_list *list = &m.results.list;
    ASSERT_FAILS(quantity_read(&q, list, "course.fist"), ERROR_INPUT, "'course.fist'");
    ASSERT_FAILS(quantity_read(&q, list, ""), ERROR_INPUT, "no outcome ''");
    ASSERT_FAILS(quantity_read(&q, list, "course.first - "), ERROR_INPUT, "no outcome ''");
    ASSERT_FAILS(quantity_read(&q, list, " - course.first"), ERROR_INPUT, "no outcome ''");
    ASSERT_FAILS(quantity_read(&q, list, "course.first - other"), ERROR_INPUT, "'other'");
    ASSERT_FAILS(quantity_read(&q, list, "course.first-course.second"), ERROR_INPUT,
                 "'course.first-course.second'");
    ASSERT_FAILS(quantity_read(&q, list, "course.first - course.first - course.second"),
                 ERROR_INPUT, "'course.first - course.second'");
    char endless[400];
    memset(endless, 'x', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    ASSERT_FAILS(quantity_read(&q, list, endless), ERROR_INPUT, "xxx");
}

static void values_are_those_of_the_scenario_and_replicate(void **state)
{
    (void)state;
    struct made_up m;
    struct quantity alone, both;
    make_up(&m);
    ASSERT_DONE(quantity_read(&alone, &m.results.list, "course.second"));
    ASSERT_DONE(quantity_read(&both, &m.results.list, "course.first - course.second"));
    for (size_t s = 0; s < SCENARIOS; s++) {
        for (size_t r = 0; r < REPLICATES; r++) {
            assert_true(quantity_value(&m.results, s, r, &alone) == second[s][r]);
            assert_true(quantity_value(&m.results, s, r, &both) == first[s][r] - second[s][r]);
        }
    }
}

/* 3.182446 is the 97.5 % quantile of Student's t with 3 degrees of freedom. */
static const double QUANTILE = 3.182446305284263;

static void a_difference_is_paired_by_replicate(void **state)
{
    (void)state;
    struct made_up m;
    struct quantity q;
    make_up(&m);
    ASSERT_DONE(quantity_read(&q, &m.results.list, "course.first"));
    const struct estimate alone = quantity_estimate(&m.results, 0, &q);
    assert_near(alone.mean, 26.0, 1e-12);
    assert_near(alone.standard_error, sqrt(632.0 / 3.0 / 4.0), 1e-12);

    /* 1.0, 1.5, 1.0, 2.5: mean 1.5, squares 0.25 + 0 + 0.25 + 1 */
    const struct estimate e = quantity_difference(&m.results, 0, 1, &q);
    const double error = sqrt(1.5 / 3.0 / 4.0);
    assert_int_equal(e.replicates, 4);
    assert_near(e.mean, 1.5, 1e-12);
    assert_near(e.standard_error, error, 1e-12);
    assert_near(e.low, 1.5 - QUANTILE * error, 1e-9);
    assert_near(e.high, 1.5 + QUANTILE * error, 1e-9);
    const struct estimate back = quantity_difference(&m.results, 1, 0, &q);
    assert_near(back.mean, -1.5, 1e-12);
    assert_near(back.low, -e.high, 1e-12);

    const struct estimate same = quantity_difference(&m.results, 2, 2, &q);
    assert_true(same.mean == 0.0 && same.low == 0.0 && same.high == 0.0);

    /* of a difference of outcomes: 9 18 26 36 minus 8.5 16 25 34.5 = 0.5 2 1 1.5 */
    ASSERT_DONE(quantity_read(&q, &m.results.list, "course.first - course.second"));
    const struct estimate of_both = quantity_difference(&m.results, 0, 1, &q);
    assert_near(of_both.mean, 1.25, 1e-12);
    assert_near(of_both.standard_error, sqrt(1.25 / 3.0 / 4.0), 1e-12);
}

static void an_interaction_is_what_exceeds_the_sum(void **state)
{
    (void)state;
    struct made_up m;
    struct quantity q;
    make_up(&m);
    ASSERT_DONE(quantity_read(&q, &m.results.list, "course.first"));
    /* 10-9-8+1 = -6, 20-18.5-17+2 = -13.5, 30-29-33+3 = -29, 44-41.5-40+5 = -32.5 */
    const struct estimate e = quantity_interaction(&m.results, 0, 1, 2, 3, &q);
    assert_near(e.mean, -20.25, 1e-12);
    const double squares = 14.25 * 14.25 + 6.75 * 6.75 + 8.75 * 8.75 + 12.25 * 12.25;
    assert_near(e.standard_error, sqrt(squares / 3.0 / 4.0), 1e-12);
    const struct estimate swapped = quantity_interaction(&m.results, 0, 2, 1, 3, &q);
    assert_near(swapped.mean, e.mean, 1e-12);
    assert_near(swapped.standard_error, e.standard_error, 1e-12);
}

static void a_replicate_where_nobody_qualifies_is_left_out_of_the_pair(void **state)
{
    (void)state;
    struct made_up m;
    struct quantity q;
    make_up(&m);
    m.values[(1 * REPLICATES + 3) * OUTCOMES] = NAN; /* scenario 1, replicate 3 */
    ASSERT_DONE(quantity_read(&q, &m.results.list, "course.first"));
    const struct estimate e = quantity_difference(&m.results, 0, 1, &q);
    assert_int_equal(e.replicates, 3); /* 1.0, 1.5, 1.0 */
    assert_near(e.mean, 3.5 / 3.0, 1e-12);
    assert_int_equal(quantity_estimate(&m.results, 0, &q).replicates, 4);
}

static void one_replicate_has_no_interval(void **state)
{
    (void)state;
    struct made_up m;
    struct quantity q;
    make_up(&m);
    m.results.replicate_count = 1;
    ASSERT_DONE(quantity_read(&q, &m.results.list, "course.second"));
    const struct estimate e = quantity_estimate(&m.results, 0, &q);
    assert_true(e.mean == 1.0 && isnan(e.low) && isnan(e.high) && isnan(e.standard_error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_differences_of_names_are_read),
        cmocka_unit_test(names_that_do_not_exist_are_refused),
        cmocka_unit_test(values_are_those_of_the_scenario_and_replicate),
        cmocka_unit_test(a_difference_is_paired_by_replicate),
        cmocka_unit_test(an_interaction_is_what_exceeds_the_sum),
        cmocka_unit_test(a_replicate_where_nobody_qualifies_is_left_out_of_the_pair),
        cmocka_unit_test(one_replicate_has_no_interval),
    };
    return cmocka_run_group_tests_name("quantity", tests, NULL, NULL);
}
