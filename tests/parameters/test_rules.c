/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/rules.h"

#include "base/error.h"
#include "parameters/configuration.h"
#include "scratch_folder.h"

/** Every rule broken once: the settings that break it and what is said. */
struct broken_rule {
    const char *settings[6];
    const char *message;
};

static const struct broken_rule broken_rules[] = {
    {{"population.age_minimum=60"},
     "population.age_minimum = 60: must be below population.age_mean = 49.3"},
    {{"population.age_maximum=49"},
     "population.age_mean = 49.3: must be below population.age_maximum = 49"},
    {{"population.age_sd=34"},
     "population.age_sd = 34: must be below 33.3468, the most that ages between "
     "population.age_minimum = 19 and population.age_maximum = 86 with population.age_mean = 49.3 "
     "can have"},
    {{"run.mode=registered", "registered.age_minimum=60"},
     "registered.age_minimum = 60: must be below registered.age_mean = 49.5"},
    {{"run.mode=registered", "registered.age_maximum=49"},
     "registered.age_mean = 49.5: must be below registered.age_maximum = 49"},
    {{"run.mode=registered", "registered.age_sd=39"},
     "registered.age_sd = 39: must be below 37.8583, the most that ages between "
     "registered.age_minimum = 18 and registered.age_maximum = 95 with registered.age_mean = 49.5 "
     "can have"},
    {{"population.ethnicity_white_british=0", "population.ethnicity_white_other=0",
      "population.ethnicity_asian=0", "population.ethnicity_black=0",
      "population.ethnicity_mixed=0", "population.ethnicity_other=0"},
     "population.ethnicity_white_british to population.ethnicity_other = 0 in sum: at least one "
     "must be above 0"},
    {{"deprivation.high_quintile1=0.5"},
     "deprivation.high_quintile1 to deprivation.high_quintile5 = 1.05 in sum: must be 1 in sum"},
    {{"deprivation.medium_quintile5=0.19999"},
     "deprivation.medium_quintile1 to deprivation.medium_quintile5 = 0.99999 in sum: must be 1 in "
     "sum"},
    {{"need.mental_base=0", "need.somatic_base=0", "need.social_base=0",
      "need.relationships_base=0", "need.financial_base=0.001"},
     "need.mental_base to need.financial_base = 0.001 in sum: must be at least 0.01 in sum, as "
     "people without need are not referred"},
    {{"population.arrival_weeks=157"},
     "population.arrival_weeks = 157: must be at most run.weeks = 156"},
    {{"run.burn_in_weeks=104"},
     "run.burn_in_weeks = 104: must be below population.arrival_weeks = 104, where the tallies "
     "end"},
    {{"run.mode=registered", "run.weeks=26"},
     "run.burn_in_weeks = 26: must be below run.weeks = 26, where the tallies end"},
    {{"diary.minimum_minutes=46"},
     "diary.minimum_minutes = 46: must be at most diary.preferred_minutes = 45"},
    {{"diary.minimum_minutes=40", "diary.first_contact_minutes=39"},
     "diary.minimum_minutes = 40: must be at most diary.first_contact_minutes = 39"},
    {{"diary.travel_share=0.2"},
     "diary.admin_share = 0.46: leaves no time with diary.travel_share = 0.2 for each practice "
     "beyond the first, at a site of 5 practices"},
    {{"ending.max_sessions=157"},
     "ending.max_sessions = 157: must be at most run.weeks = 156, or 0: a run cannot have more "
     "sessions than weeks"},
    {{"waiting.attrition_base=0.99"},
     "waiting.attrition_base = 0.99: must be at most 1 together with "
     "waiting.attrition_uncertainty = 0.0193"},
    {{"support.leave_base=0.99"},
     "support.leave_base = 0.99: must be at most 1 together with support.leave_capacity = 0.024"},
    {{"link_worker.turnover_base=0.99"},
     "link_worker.turnover_base = 0.99: must be at most 1 together with "
     "link_worker.turnover_burnout = 0.012"},
    {{"study.followed_up=62"}, "study.followed_up = 62: must be at most study.interviewees = 61"},
    {{"study.overlap=62", "study.observed=80"},
     "study.overlap = 62: must be at most study.interviewees = 61"},
    {{"study.overlap=36"}, "study.overlap = 36: must be at most study.observed = 35"},
    {{"outcome.few_sessions=52"},
     "outcome.few_sessions = 52: must be below outcome.pathway_weeks = 52, as there is at most one "
     "session a week"},
};

static size_t count_settings(const struct broken_rule *rule)
{
    size_t count = 0;
    while (count < 6 && rule->settings[count] != NULL) {
        count++;
    }
    return count;
}

static void each_rule_says_what_is_wrong(void **state)
{
    (void)state;
    for (size_t index = 0; index < sizeof broken_rules / sizeof broken_rules[0]; index++) {
        const struct broken_rule *rule = &broken_rules[index];
        struct configuration configuration;
        if (configuration_read(&configuration, NULL, rule->settings, count_settings(rule)) !=
            ERROR_INPUT) {
            fail_msg("not refused: %s", rule->message);
        }
        assert_string_equal(error_message(), rule->message);
    }
}

static void registered_weights_must_not_all_be_zero(void **state)
{
    (void)state;
    struct configuration configuration;
    const char *settings[] = {
        "run.mode=registered",          "registered.ethnicity_white_british=0",
        "registered.ethnicity_asian=0", "registered.ethnicity_white_other=0",
        "registered.ethnicity_black=0", "registered.ethnicity_mixed=0",
        "registered.ethnicity_other=0"};
    assert_int_equal(configuration_read(&configuration, NULL, settings, 7), ERROR_INPUT);
    assert_string_equal(error_message(),
                        "registered.ethnicity_white_british to registered.ethnicity_other = 0 in "
                        "sum: at least one must be above 0");
}

static void rules_of_the_other_mode_are_not_asked(void **state)
{
    (void)state;
    struct configuration configuration;
    const char *cohort[] = {"registered.age_minimum=60"};
    const char *registered[] = {"run.mode=registered", "population.age_minimum=60", "run.weeks=52"};
    assert_int_equal(configuration_read(&configuration, NULL, cohort, 1), 0);
    configuration_free(&configuration);
    assert_int_equal(configuration_read(&configuration, NULL, registered, 3), 0);
    configuration_free(&configuration);
}

static void limits_themselves_are_allowed(void **state)
{
    (void)state;
    struct configuration configuration;
    const char *settings[] = {"population.arrival_weeks=156", "run.burn_in_weeks=155",
                              "diary.minimum_minutes=45",     "ending.max_sessions=156",
                              "study.followed_up=61",         "ending.max_weeks=500",
                              "diary.travel_share=0.135",     "study.overlap=35"};
    if (configuration_read(&configuration, NULL, settings, 8) != 0) {
        fail_msg("%s", error_message());
    }
    configuration_free(&configuration);
}

static void services_may_be_absent(void **state)
{
    (void)state;
    struct configuration configuration;
    const char *settings[] = {"services.places=0", "site.link_workers=0"};
    assert_int_equal(configuration_read(&configuration, NULL, settings, 2), 0);
    configuration_free(&configuration);
}

static void the_file_is_named(void **state)
{
    (void)state;
    struct configuration configuration;
    scratch_write("a.yaml", "study: {followed_up: 62}\n");
    assert_int_equal(configuration_read(&configuration, "a.yaml", NULL, 0), ERROR_INPUT);
    assert_string_equal(error_message(),
                        "a.yaml: study.followed_up = 62: must be at most study.interviewees = 61");
}

static void expect_patient_refusal(const char *text, const char *message)
{
    struct configuration configuration;
    const char *settings[] = {"population.file=p.csv"};
    scratch_write("p.csv", text);
    assert_int_equal(configuration_read(&configuration, NULL, settings, 1), ERROR_INPUT);
    assert_string_equal(error_message(), message);
}

static void patients_must_fit_their_site(void **state)
{
    (void)state;
    struct configuration configuration;
    const char *settings[] = {"population.file=p.csv"};
    expect_patient_refusal("site,practice\n1,2\n2,2\n",
                           "p.csv:3: practice = 2: site2 has 1 practices");
    expect_patient_refusal("practice\n2\n", "p.csv:2: practice = 2: site2 has 1 practices");
    expect_patient_refusal("first_offer_week\n155\n156\n",
                           "p.csv:3: first_offer_week = 156: must be below run.weeks = 156");
    scratch_write("p.csv", "site,practice,first_offer_week\n6,5,155\n,1,\n");
    assert_int_equal(configuration_read(&configuration, NULL, settings, 1), 0);
    configuration_free(&configuration);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_says_what_is_wrong),
        cmocka_unit_test(registered_weights_must_not_all_be_zero),
        cmocka_unit_test(rules_of_the_other_mode_are_not_asked),
        cmocka_unit_test(limits_themselves_are_allowed),
        cmocka_unit_test(services_may_be_absent),
        cmocka_unit_test(the_file_is_named),
        cmocka_unit_test(patients_must_fit_their_site),
    };
    return cmocka_run_group_tests_name("parameters/rules", tests, scratch_begin, scratch_end);
}
