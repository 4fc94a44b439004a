/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/groups.h"

#include "state/site_fixture.h"

static bool belongs(const struct fixture *f, size_t i, size_t sites, const char *name)
{
    int groups[GROUPS_OF_A_PATIENT];
    const int n = groups_of(&f->site, i, sites, groups);
    assert_true(n <= GROUPS_OF_A_PATIENT);
    for (int g = 0; g < n; g++) {
        char own[GROUP_NAME_SIZE];
        group_name(groups[g], own);
        if (strcmp(own, name) == 0) {
            return true;
        }
    }
    return false;
}

static void a_person_s_groups(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 1, 0);
    struct patients *p = &f.site.patients;
    f.site.key.site = 4;
    p->female[0] = 0;
    p->quintile[0] = 5;
    p->age[0] = 64.9f;
    p->ethnicity[0] = ETHNICITY_BLACK;
    for (int b = 0; b < BARRIER_COUNT; b++) {
        p->starting_barrier[b][0] = b == BARRIER_CARING || b == BARRIER_HEALTH ? 0.2f : 0.0f;
        p->barrier[b][0] = 0.5f; /* today's do not count */
    }
    const char *const of[] = {"all",
                              "male",
                              "quintile5",
                              "carer",
                              "no_language_barrier",
                              "no_transport_barrier",
                              "no_housing_barrier",
                              "health_barrier",
                              "age_40_to_64",
                              "black",
                              "site5"};
    int groups[GROUPS_OF_A_PATIENT];
    assert_int_equal(groups_of(&f.site, 0, 7, groups), 11);
    for (size_t n = 0; n < 11; n++) {
        assert_true(belongs(&f, 0, 7, of[n]));
    }
    assert_int_equal(groups_of(&f.site, 0, 21, groups), 10); /* too many sites to tell apart */
    fixture_end(&f);
}

static void limits_of_age(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 4, 0);
    const float ages[4] = {39.99f, 40.0f, 64.99f, 65.0f};
    const char *const bands[4] = {"age_under_40", "age_40_to_64", "age_40_to_64",
                                  "age_65_and_over"};
    for (size_t i = 0; i < 4; i++) {
        f.site.patients.age[i] = ages[i];
        assert_true(belongs(&f, i, 1, bands[i]));
    }
    fixture_end(&f);
}

/* Each partition puts everyone into exactly one of its groups. */
static void partitions_are_complete(void **state)
{
    (void)state;
    static const char *const partitions[][7] = {
        {"female", "male"},
        {"quintile1", "quintile2", "quintile3", "quintile4", "quintile5"},
        {"carer", "not_carer"},
        {"language_barrier", "no_language_barrier"},
        {"transport_barrier", "no_transport_barrier"},
        {"housing_barrier", "no_housing_barrier"},
        {"health_barrier", "no_health_barrier"},
        {"age_under_40", "age_40_to_64", "age_65_and_over"},
        {"white_british", "white_other", "asian", "black", "mixed", "other"},
        {"site1", "site2", "site3"}};
    struct fixture f;
    uint64_t inputs = 3;
    fixture_start(&f);
    fixture_build(&f, 60, 0);
    f.site.key.site = 1;
    for (size_t i = 0; i < 60; i++) {
        struct patients *p = &f.site.patients;
        p->female[i] = (int32_t)(next_input(&inputs) % 2);
        p->quintile[i] = (int32_t)(next_input(&inputs) % 5) + 1;
        p->ethnicity[i] = (int32_t)(next_input(&inputs) % ETHNICITY_COUNT);
        p->age[i] = 19.0f + (float)(next_input(&inputs) % 67);
        for (int b = 0; b < BARRIER_COUNT; b++) {
            p->starting_barrier[b][i] = (float)(next_input(&inputs) % 2);
        }
        for (size_t n = 0; n < sizeof partitions / sizeof partitions[0]; n++) {
            int of = 0;
            for (size_t g = 0; g < 7 && partitions[n][g] != NULL; g++) {
                of += belongs(&f, i, 3, partitions[n][g]);
            }
            assert_int_equal(of, 1);
        }
        assert_true(belongs(&f, i, 3, p->female[i] ? "female" : "male"));
        assert_int_equal(belongs(&f, i, 3, "transport_barrier"),
                         p->starting_barrier[BARRIER_TRANSPORT][i] > 0.0f);
        assert_int_equal(belongs(&f, i, 3, "housing_barrier"),
                         p->starting_barrier[BARRIER_HOUSING][i] > 0.0f);
        assert_int_equal(belongs(&f, i, 3, "language_barrier"),
                         p->starting_barrier[BARRIER_LANGUAGE][i] > 0.0f);
    }
    fixture_end(&f);
}

static void names_are_found_again(void **state)
{
    (void)state;
    assert_int_equal(group_count(7), GROUP_SITE1 + 7);
    assert_int_equal(group_count(20), GROUP_SITE1 + 20);
    assert_int_equal(group_count(21), GROUP_SITE1);
    for (int group = 0; group < group_count(7); group++) {
        char name[GROUP_NAME_SIZE];
        group_name(group, name);
        assert_int_equal(group_find(name, 7), group);
    }
    assert_int_equal(group_find("site8", 7), -1);
    assert_int_equal(group_find("nobody", 7), -1);
}

static void counting_one_group_only(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 4, 0);
    f.site.patients.quintile[2] = 1;
    f.site.offered = 0; /* before the first week */
    groups_count_only(&f.site, group_find("quintile1", 1), 1);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(f.site.patients.counted[i], i == 2);
    }
    events_of(&f.site, 2)->openings++;
    events_of(&f.site, 0)->openings += 5;
    assert_int_equal(f.site.events.openings, 1);
    assert_int_equal(f.site.other_events.openings, 5);
    groups_count_only(&f.site, GROUP_ALL, 1);
    assert_int_equal(f.site.patients.counted[0], 1);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_s_groups),       cmocka_unit_test(limits_of_age),
        cmocka_unit_test(partitions_are_complete), cmocka_unit_test(names_are_found_again),
        cmocka_unit_test(counting_one_group_only),
    };
    return cmocka_run_group_tests_name("groups", tests, NULL, NULL);
}
