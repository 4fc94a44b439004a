/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state/indices.h"

#include "site_fixture.h"

static void severity_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.need.severity_weight = 0.8;
    fixture_build(&f, 3, 0);
    const float needs[3][NEED_COUNT] = {{0.0f, 0.0f, 0.0f, 0.0f, 0.0f},
                                        {0.5f, 0.0f, 0.25f, 0.0f, 1.0f},
                                        {1.0f, 1.0f, 1.0f, 1.0f, 1.0f}};
    for (size_t i = 0; i < 3; i++) {
        for (int d = 0; d < NEED_COUNT; d++) {
            f.site.patients.need[d][i] = needs[i][d];
        }
    }
    assert_true(severity(&f.coefficients, &f.site.patients, 0) == 0.0f);
    /* 1 - 0.6 * 1 * 0.8 * 1 * 0.2 */
    assert_near(severity(&f.coefficients, &f.site.patients, 1), 0.904, 1e-6);
    assert_near(severity(&f.coefficients, &f.site.patients, 2), 1.0 - 0.00032, 1e-6);
    fixture_end(&f);
}

static void capacity_and_readiness_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.readiness.stress_weight = 0.5;
    f.parameters.readiness.housing_weight = 0.1;
    f.parameters.readiness.income_weight = 0.2;
    f.parameters.readiness.transport_weight = 0.3;
    f.parameters.readiness.caring_weight = 0.4;
    f.parameters.readiness.language_weight = 0.5;
    f.parameters.readiness.health_weight = 0.6;
    f.parameters.readiness.clarity_floor = 0.25;
    fixture_build(&f, 1, 0);
    struct patients *p = &f.site.patients;
    const float barriers[BARRIER_COUNT] = {1.0f, 0.5f, 0.2f, 0.75f, 0.4f, 0.5f};
    for (int k = 0; k < BARRIER_COUNT; k++) {
        p->barrier[k][0] = barriers[k];
    }
    p->stress[0] = 0.6f;
    p->motivation[0] = 0.8f;
    p->clarity[0] = 0.4f;
    /* (1 - .5 .6) (1 - .1) (1 - .1) (1 - .06) (1 - .3) (1 - .2) (1 - .3) */
    const double able = 0.7 * 0.9 * 0.9 * 0.94 * 0.7 * 0.8 * 0.7;
    assert_near(capacity(&f.coefficients, p, 0), able, 1e-6);
    /* 0.8 (0.25 + 0.75 * 0.4) */
    assert_near(readiness(&f.coefficients, p, 0), 0.8 * 0.55 * able, 1e-6);
    fixture_end(&f);
}

/* Motivation without capacity is not readiness, and the other way round. */
static void readiness_needs_both(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.readiness.caring_weight = 1.0;
    fixture_build(&f, 2, 0);
    struct patients *p = &f.site.patients;
    p->motivation[0] = 1.0f;
    p->barrier[BARRIER_CARING][0] = 1.0f;
    p->motivation[1] = 0.0f;
    assert_true(readiness(&f.coefficients, p, 0) == 0.0f);
    assert_true(readiness(&f.coefficients, p, 1) == 0.0f);
    fixture_end(&f);
}

static void attendance_barriers_are_a_mean_of_three(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 1, 0);
    struct patients *p = &f.site.patients;
    const float barriers[BARRIER_COUNT] = {1.0f, 1.0f, 0.2f, 0.4f, 1.0f, 0.9f};
    for (int k = 0; k < BARRIER_COUNT; k++) {
        p->barrier[k][0] = barriers[k];
    }
    assert_near(attendance_barriers(p, 0), 0.5, 1e-6);
    fixture_end(&f);
}

static void wellbeing_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.wellbeing.intercept = 0.3;
    f.parameters.wellbeing.hope_weight = 0.2;
    f.parameters.wellbeing.confidence_weight = 0.1;
    f.parameters.wellbeing.ties_weight = 0.25;
    f.parameters.wellbeing.stress_weight = 0.15;
    f.parameters.wellbeing.isolation_weight = 0.35;
    fixture_build(&f, 1, 0);
    struct patients *p = &f.site.patients;
    p->hope[0] = 0.5f;
    p->confidence[0] = 0.4f;
    p->ties[0] = 0.8f;
    p->stress[0] = 0.6f;
    p->isolation[0] = 0.2f;
    p->wellbeing_offset[0] = -1.5f;
    /* 0.3 + 0.1 + 0.04 + 0.2 - 0.09 - 0.07 = 0.48 */
    assert_near(wellbeing(&f.coefficients, p, 0), 7.0 + 28.0 * 0.48 - 1.5, 1e-5);
    p->wellbeing_offset[0] = 30.0f;
    assert_true(wellbeing(&f.coefficients, p, 0) == 35.0f);
    p->wellbeing_offset[0] = -30.0f;
    assert_true(wellbeing(&f.coefficients, p, 0) == 7.0f);
    /* the index is clipped before the offset is added */
    f.coefficients.wellbeing_intercept = -5.0f;
    p->wellbeing_offset[0] = 2.0f;
    assert_near(wellbeing(&f.coefficients, p, 0), 9.0, 1e-6);
    fixture_end(&f);
}

static void the_largest_need_and_its_ties(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 1, 0);
    struct patients *p = &f.site.patients;
    for (int d = 0; d < NEED_COUNT; d++) {
        p->need[d][0] = 0.3f;
    }
    assert_int_equal(largest_need(p, 0), NEED_MENTAL);
    p->need[NEED_FINANCIAL][0] = p->need[NEED_SOCIAL][0] = 0.6f;
    assert_int_equal(largest_need(p, 0), NEED_SOCIAL);
    p->need[NEED_FINANCIAL][0] = 0.61f;
    assert_int_equal(largest_need(p, 0), NEED_FINANCIAL);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(severity_by_hand),
        cmocka_unit_test(capacity_and_readiness_by_hand),
        cmocka_unit_test(readiness_needs_both),
        cmocka_unit_test(attendance_barriers_are_a_mean_of_three),
        cmocka_unit_test(wellbeing_by_hand),
        cmocka_unit_test(the_largest_need_and_its_ties),
    };
    return cmocka_run_group_tests_name("indices", tests, NULL, NULL);
}
