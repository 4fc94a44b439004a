/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/scenarios.h"

#include "experiment/quantity.h"
#include "observe/groups.h"
#include "parameters/table.h"
#include "small_run.h"

static const char *const settings[] = {"site.number=2",
                                       "run.weeks=60",
                                       "population.arrival_weeks=30",
                                       "run.burn_in_weeks=5",
                                       "run.replicates=3",
                                       "run.counterfactual=0",
                                       NULL};

static double rapport(const struct scenarios *scenarios, size_t s)
{
    return scenarios->configurations[s].parameters.trait.rapport_median;
}

static void scenarios_are_copies_of_the_base(void **state)
{
    (void)state;
    struct configuration base;
    struct scenarios scenarios;
    size_t s = 99;
    char long_name[200];
    memset(long_name, 'n', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    small_configuration(&base, settings);
    scenarios_init(&scenarios, &base);
    assert_int_equal(scenarios.count, 0);
    for (size_t n = 0; n < 70; n++) { /* grows twice */
        char name[16];
        (void)snprintf(name, sizeof name, "s%zu", n);
        ASSERT_DONE(scenarios_add(&scenarios, n == 69 ? long_name : name, &s));
        assert_int_equal(s, n);
        ASSERT_DONE(scenarios_set(&scenarios, s, "trait.rapport_median", 0.01 * (double)n));
    }
    assert_int_equal(scenarios.count, 70);
    for (size_t n = 0; n < 70; n++) {
        assert_near(rapport(&scenarios, n), 0.01 * (double)n, 1e-15);
        assert_int_equal(scenarios.configurations[n].parameters.run.weeks, 60);
        assert_int_equal(scenarios.configurations[n].site_count, 2);
        assert_ptr_not_equal(scenarios.configurations[n].sites, base.sites);
    }
    assert_string_equal(scenarios.names[31], "s31");
    assert_int_equal(strlen(scenarios.names[69]), SCENARIO_NAME_SIZE - 1);
    assert_near(base.parameters.trait.rapport_median, 0.4, 1e-15); /* the base stays */
    ASSERT_DONE(scenarios_add(&scenarios, "s31", &s));
    assert_string_equal(scenarios.names[s], "s31 (2)");
    ASSERT_DONE(scenarios_add(&scenarios, long_name, &s));
    assert_int_equal(strlen(scenarios.names[s]), SCENARIO_NAME_SIZE - 1 - 14 + 4);
    assert_string_not_equal(scenarios.names[s], scenarios.names[69]);
    scenarios_free(&scenarios);
    scenarios_free(&scenarios);
    configuration_free(&base);
}

static void what_cannot_be_set_is_refused(void **state)
{
    (void)state;
    struct configuration base;
    struct scenarios scenarios;
    size_t s = 0;
    small_configuration(&base, settings);
    scenarios_init(&scenarios, &base);
    ASSERT_DONE(scenarios_add(&scenarios, "one", &s));
    ASSERT_FAILS(scenarios_set(&scenarios, s, "trait.raport_median", 0.5), ERROR_INPUT,
                 "'trait.raport_median'");
    ASSERT_FAILS(scenarios_set(&scenarios, s, "trait.rapport_median", 6.0), ERROR_INPUT,
                 "trait.rapport_median = 6");
    ASSERT_FAILS(scenarios_set(&scenarios, s, "diary.caseload_cap", 2.5), ERROR_INPUT,
                 "diary.caseload_cap = 2.5");
    assert_near(rapport(&scenarios, s), 0.4, 1e-15);
    scenarios_free(&scenarios);
    configuration_free(&base);
}

/* Values of all outcomes of a scenario, bit by bit. */
static bool same_values(const struct scenarios *a, size_t sa, const struct scenarios *b, size_t sb)
{
    const size_t bytes = a->results.replicate_count * a->results.list.count * sizeof(double);
    return memcmp(results_values(&a->results, sa, 0), results_values(&b->results, sb, 0), bytes) ==
           0;
}

static void add_three(struct scenarios *scenarios, const struct configuration *base)
{
    size_t s = 0;
    scenarios_init(scenarios, base);
    ASSERT_DONE(scenarios_add(scenarios, "full", &s));
    ASSERT_DONE(scenarios_add(scenarios, "twin", &s));
    ASSERT_DONE(scenarios_add(scenarios, "slow", &s));
    ASSERT_DONE(scenarios_set(scenarios, s, "trait.rapport_median", 0.1));
}

static void scenarios_share_their_random_numbers_and_nothing_else(void **state)
{
    (void)state;
    struct configuration base;
    struct scenarios three, again, alone;
    struct quantity trust, people;
    size_t s = 0;
    small_configuration(&base, settings);
    add_three(&three, &base);
    add_three(&again, &base);
    scenarios_init(&alone, &base);
    ASSERT_DONE(scenarios_add(&alone, "full", &s));
    ASSERT_DONE(scenarios_run(&three, GROUP_ALL, 1, true));
    ASSERT_DONE(scenarios_run(&again, GROUP_ALL, 3, true));
    ASSERT_DONE(scenarios_run(&again, GROUP_ALL, 2, true)); /* may be run anew */
    ASSERT_DONE(scenarios_run(&alone, GROUP_ALL, 2, true));
    assert_int_equal(three.results.scenario_count, 3);
    assert_int_equal(three.results.replicate_count, 3);
    assert_true(three.results.stepped_patient_weeks > 0);
    assert_true(same_values(&three, 0, &three, 1)); /* twins: the same seed, the same life */
    assert_true(same_values(&three, 0, &alone, 0)); /* whoever else runs */
    assert_false(same_values(&three, 0, &three, 2));
    for (size_t n = 0; n < 3; n++) {
        assert_true(same_values(&three, n, &again, n)); /* whatever the threads */
    }
    ASSERT_DONE(quantity_read(&trust, &three.results.list, "after_first_session.trust.week13"));
    ASSERT_DONE(quantity_read(&people, &three.results.list, "funnel.offered"));
    const struct estimate twin = quantity_difference(&three.results, 0, 1, &trust);
    assert_true(twin.mean == 0.0 && twin.standard_error == 0.0);
    assert_true(quantity_difference(&three.results, 0, 2, &trust).low > 0.05);
    const struct estimate offered = quantity_difference(&three.results, 0, 2, &people);
    assert_true(offered.mean == 0.0 && offered.standard_error == 0.0);
    scenarios_free(&three);
    scenarios_free(&again);
    scenarios_free(&alone);
    configuration_free(&base);
}

/* Common random numbers: of the paired difference far less is chance than of either value. */
static void pairing_makes_a_difference_certain(void **state)
{
    (void)state;
    struct configuration base;
    struct scenarios three;
    struct quantity share;
    small_configuration(&base, settings);
    add_three(&three, &base);
    ASSERT_DONE(scenarios_set(&three, 1, "mechanisms.KS5", 0.9));
    ASSERT_DONE(scenarios_run(&three, GROUP_ALL, 2, true));
    ASSERT_DONE(quantity_read(&share, &three.results.list, "after_first_session.coping.week13"));
    const struct estimate full = quantity_estimate(&three.results, 0, &share);
    const struct estimate effect = quantity_difference(&three.results, 0, 1, &share);
    assert_true(effect.mean > 0.0);
    assert_true(effect.standard_error < 0.1 * full.standard_error);
    scenarios_free(&three);
    configuration_free(&base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenarios_are_copies_of_the_base),
        cmocka_unit_test(what_cannot_be_set_is_refused),
        cmocka_unit_test(scenarios_share_their_random_numbers_and_nothing_else),
        cmocka_unit_test(pairing_makes_a_difference_certain),
    };
    return cmocka_run_group_tests_name("scenarios", tests, NULL, NULL);
}
