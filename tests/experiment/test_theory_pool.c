/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/theory_pool.h"

#include "observe/groups.h"
#include "small_run.h"

static const char *const settings[] = {"site.number=1",
                                       "run.weeks=60",
                                       "population.arrival_weeks=30",
                                       "run.burn_in_weeks=5",
                                       "run.replicates=2",
                                       "mechanisms.KS1=0.5",
                                       NULL};

static const char *const trust = "after_first_session.trust.week13";
static const char *const difference = "enrolment.accept_gp - enrolment.accept_other";

static void a_set_of_rows_is_one_scenario(void **state)
{
    (void)state;
    struct configuration base;
    struct theory_pool pool;
    size_t s = 99, again = 99;
    const uint32_t both = ROW_BIT(THEORY_IS1) | ROW_BIT(THEORY_RD6);
    small_configuration(&base, settings);
    ASSERT_DONE(theory_pool_init(&pool, &base));
    ASSERT_DONE(theory_pool_without(&pool, 0, &s));
    assert_int_equal(s, 0);
    ASSERT_DONE(theory_pool_without(&pool, both, &s));
    ASSERT_DONE(theory_pool_without(&pool, both, &again));
    assert_int_equal(s, 1);
    assert_int_equal(again, 1);
    ASSERT_DONE(theory_pool_without(&pool, ALL_ROWS, &s));
    assert_int_equal(pool.scenarios.count, 3);
    assert_string_equal(pool.scenarios.names[0], "full");
    assert_string_equal(pool.scenarios.names[1], "without_IS1_RD6");
    assert_string_equal(pool.scenarios.names[2], "nothing");
    assert_int_equal(theory_pool_find(&pool, both), 1);
    assert_int_equal(theory_pool_find(&pool, ROW_BIT(THEORY_IS1)), 3); /* not there */
    for (int row = 0; row < THEORY_COUNT; row++) {
        const double strength = row == THEORY_KS1 ? 0.5 : 1.0;
        for (size_t n = 0; n < 3; n++) {
            const bool off = n == 2 || (n == 1 && (both & ROW_BIT(row)));
            assert_true(theory_strength(&pool.scenarios.configurations[n].parameters, row) ==
                        (off ? 0.0 : strength));
        }
    }
    theory_pool_free(&pool);
    configuration_free(&base);
}

/* The longest names fit, and half of the rows off is not the other half off. */
static void sets_have_names_of_their_own(void **state)
{
    (void)state;
    const uint32_t half = ROW_BIT(THEORY_COUNT / 2) - 1;
    const uint32_t sets[] = {half, ALL_ROWS & ~half, half | ROW_BIT(THEORY_RD6),
                             ALL_ROWS & ~ROW_BIT(THEORY_RD6)};
    struct configuration base;
    struct theory_pool pool;
    size_t s = 0;
    small_configuration(&base, settings);
    ASSERT_DONE(theory_pool_init(&pool, &base));
    for (size_t n = 0; n < 4; n++) {
        ASSERT_DONE(theory_pool_without(&pool, sets[n], &s));
        assert_int_equal(s, n);
    }
    assert_string_equal(pool.scenarios.names[0],
                        "without_EN1_EN2_EN3_EN4_IS1_IS2_IS3_IS4_IS5_KS1_KS2_KS3_KS4");
    assert_string_equal(pool.scenarios.names[1],
                        "without_KS5_AP1_AP2_AP3_AP4_AP5_AP6_RD1_RD2_RD3_RD4_RD5_RD6");
    assert_string_equal(pool.scenarios.names[2],
                        "only_KS5_AP1_AP2_AP3_AP4_AP5_AP6_RD1_RD2_RD3_RD4_RD5");
    assert_string_equal(pool.scenarios.names[3], "only_RD6");
    theory_pool_free(&pool);
    configuration_free(&base);
}

static void a_strength_that_is_there_is_not_added(void **state)
{
    (void)state;
    struct configuration base;
    struct theory_pool pool;
    size_t full = 9, off = 9, s = 9;
    small_configuration(&base, settings);
    ASSERT_DONE(theory_pool_init(&pool, &base));
    ASSERT_DONE(theory_pool_without(&pool, 0, &full));
    ASSERT_DONE(theory_pool_without(&pool, ROW_BIT(THEORY_KS1), &off));
    ASSERT_DONE(theory_pool_at(&pool, THEORY_KS1, 0.0, &s));
    assert_int_equal(s, off);
    ASSERT_DONE(theory_pool_at(&pool, THEORY_KS1, 0.5, &s)); /* the base's */
    assert_int_equal(s, full);
    ASSERT_DONE(theory_pool_at(&pool, THEORY_KS1, 1.0, &s));
    assert_int_equal(s, 2);
    assert_string_equal(pool.scenarios.names[2], "KS1_at_1");
    ASSERT_DONE(theory_pool_at(&pool, THEORY_KS2, 1.0, &s));
    assert_int_equal(s, full);
    assert_int_equal(pool.scenarios.count, 3);
    ASSERT_FAILS(theory_pool_at(&pool, THEORY_KS2, 99.0, &s), ERROR_INPUT, "mechanisms.KS2 = 99");
    ASSERT_FAILS(theory_pool_measure(&pool, "nothing.known"), ERROR_INPUT, "'nothing.known'");
    theory_pool_free(&pool);
    theory_pool_free(&pool);
    configuration_free(&base);
}

/* What is measured of a scenario is the same whether its outcomes are kept or not, and what a run of
 * its own gives. */
static void what_is_not_kept_is_measured_all_the_same(void **state)
{
    (void)state;
    struct configuration base;
    struct theory_pool pool;
    struct scenarios alone;
    struct quantity of_trust, of_difference;
    size_t s = 0;
    small_configuration(&base, settings);
    ASSERT_DONE(theory_pool_init(&pool, &base));
    ASSERT_DONE(theory_pool_measure(&pool, difference));
    ASSERT_DONE(theory_pool_measure(&pool, trust));
    ASSERT_DONE(theory_pool_without(&pool, 0, &s));
    ASSERT_DONE(theory_pool_without(&pool, ROW_BIT(THEORY_EN4), &s));
    ASSERT_DONE(theory_pool_at(&pool, THEORY_IS1, 2.0, &s));
    pool.scenarios.kept = 1;
    ASSERT_DONE(theory_pool_run(&pool, GROUP_ALL, 2, true));
    assert_int_equal(pool.scenarios.results.scenario_count, 1);
    assert_int_equal(pool.measured.scenario_count, 3);

    scenarios_init(&alone, &base);
    for (size_t n = 0; n < 3; n++) {
        ASSERT_DONE(scenarios_add(&alone, "alone", &s));
        alone.configurations[s].parameters.run.counterfactual = 0;
    }
    ASSERT_DONE(theory_set_strength(&alone.configurations[1].parameters, THEORY_EN4, 0.0));
    ASSERT_DONE(theory_set_strength(&alone.configurations[2].parameters, THEORY_IS1, 2.0));
    ASSERT_DONE(scenarios_run(&alone, GROUP_ALL, 1, true));
    ASSERT_DONE(quantity_read(&of_difference, &alone.results.list, difference));
    ASSERT_DONE(quantity_read(&of_trust, &alone.results.list, trust));
    const struct quantity first = theory_pool_quantity(&pool, 0);
    const struct quantity second = theory_pool_quantity(&pool, 1);
    for (size_t n = 0; n < 3; n++) {
        for (size_t r = 0; r < 2; r++) {
            assert_true(quantity_value(&pool.measured, n, r, &first) ==
                        quantity_value(&alone.results, n, r, &of_difference));
            assert_true(quantity_value(&pool.measured, n, r, &second) ==
                        quantity_value(&alone.results, n, r, &of_trust));
        }
    }
    assert_true(quantity_difference(&pool.measured, 2, 0, &second).mean > 0.05);
    const size_t bytes = 2 * alone.results.list.count * sizeof(double);
    assert_memory_equal(results_values(&pool.scenarios.results, 0, 0),
                        results_values(&alone.results, 0, 0), bytes);
    scenarios_free(&alone);
    theory_pool_free(&pool);
    configuration_free(&base);
}

static void contrasts_need_the_counterfactual(void **state)
{
    (void)state;
    struct configuration base;
    small_configuration(&base, settings);
    for (int with = 0; with < 2; with++) {
        struct theory_pool pool;
        size_t s = 0;
        ASSERT_DONE(theory_pool_init(&pool, &base));
        ASSERT_DONE(theory_pool_measure(&pool, "contrast.swemwbs_mean_difference_seen"));
        ASSERT_DONE(theory_pool_without(&pool, 0, &s));
        pool.with_counterfactual = with;
        ASSERT_DONE(theory_pool_run(&pool, GROUP_ALL, 2, true));
        assert_int_equal(isfinite(results_values(&pool.measured, 0, 0)[0]) != 0, with);
        theory_pool_free(&pool);
    }
    configuration_free(&base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_of_rows_is_one_scenario),
        cmocka_unit_test(sets_have_names_of_their_own),
        cmocka_unit_test(a_strength_that_is_there_is_not_added),
        cmocka_unit_test(what_is_not_kept_is_measured_all_the_same),
        cmocka_unit_test(contrasts_need_the_counterfactual),
    };
    return cmocka_run_group_tests_name("theory_pool", tests, NULL, NULL);
}
