/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mechanisms/between.h"

#include "hand_model.h"
#include "mechanisms/mechanisms.h"
#include "state/site_fixture.h"

/* Resting levels with numbers that a pencil can follow. */
static void resting_levels_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.between.stress_intercept = 0.2;
    f.parameters.between.stress_severity = 0.5;
    f.parameters.between.stress_barriers = 0.6;
    f.parameters.between.stress_isolation = 0.1;
    f.parameters.between.stress_coping = 0.3;
    f.parameters.between.motivation_intercept = 0.3;
    f.parameters.between.motivation_hope = 0.4;
    f.parameters.between.motivation_confidence = 0.2;
    f.parameters.between.motivation_clarity = 0.1;
    f.parameters.between.motivation_stress = 0.5;
    f.parameters.between.isolation_intercept = 0.5;
    f.parameters.between.isolation_social = 0.4;
    f.parameters.between.isolation_relationships = 0.2;
    f.parameters.between.isolation_ties = 0.6;
    coefficients_compute(&f.coefficients, &f.parameters);
    const struct resting_weights w = resting_weights(&f.coefficients);
    /* .2 + .5 .8 + .6 (1.5 / 6) + .1 .4 - .3 .5 */
    assert_near(resting_stress(&w, 0.8f, 1.5f, 0.4f, 0.5f), 0.64, 1e-6);
    assert_true(resting_stress(&w, 1.0f, 6.0f, 1.0f, 0.0f) == 1.0f);    /* 1.4 */
    assert_near(resting_stress(&w, 0.0f, 0.0f, 0.0f, 0.7f), 0.0, 1e-6); /* -.01 */
    /* .3 + .4 .5 + .2 .6 + .1 .7 - .5 .4 */
    assert_near(resting_motivation(&w, 0.5f, 0.6f, 0.7f, 0.4f), 0.49, 1e-6);
    assert_true(resting_motivation(&w, 0.0f, 0.0f, 0.0f, 1.0f) == 0.0f);
    /* .5 + .4 .3 + .2 .2 - .6 .5 */
    assert_near(resting_isolation(&w, 0.3f, 0.2f, 0.5f), 0.36, 1e-6);
    assert_true(resting_isolation(&w, 1.0f, 1.0f, 0.0f) == 1.0f);
    /* needs .5 0 .25 0 1 at .8: 1 - .6 .8 .2 */
    assert_near(severity_of_values(w.severity_weight, 0.5f, 0.0f, 0.25f, 0.0f, 1.0f), 0.904, 1e-6);
}

/* AP1 at strength 0, 1, 2, over ten weeks; with and without a caseload. */
static void ten_weeks_by_hand(void **state)
{
    (void)state;
    for (int times = 0; times <= 2; times++) {
        struct fixture f;
        fixture_start(&f);
        f.parameters.mechanisms.AP1 = times;
        fixture_build(&f, 20, 1); /* more than a vector */
        struct patients *p = &f.site.patients;
        fixture_engage(&f, 17, 0);
        for (size_t i = 0; i < 20; i++) {
            p->contact_week[i] = FIXTURE_WEEK;
            p->hope[i] = 0.9f;
            p->confidence[i] = 0.8f;
            p->clarity[i] = 0.7f;
            p->coping[i] = 0.2f;
            p->ties[i] = 0.1f;
        }
        struct hand_person on = hand_copy(p, 17), off = hand_copy(p, 16);
        for (int week = 0; week < 10; week++) {
            between_step(&f.site);
            hand_between(&f.parameters, &on, 0.8, week);
            hand_between(&f.parameters, &off, 0.0, week);
            hand_compare(&on, p, 17, 1e-5);
            hand_compare(&off, p, 16, 1e-5);
            f.site.week++;
        }
        assert_int_equal(on.stress<off.stress, times> 0);
        fixture_end(&f);
    }
}

static void a_vacant_post_anchors_nobody(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 1, 1);
    fixture_engage(&f, 0, 0);
    f.site.link_workers[0].vacant_weeks = 2;
    struct hand_person hand = hand_copy(&f.site.patients, 0);
    between_step(&f.site);
    hand_between(&f.parameters, &hand, 0.0, 2);
    hand_compare(&hand, &f.site.patients, 0, 1e-6);
    fixture_end(&f);
}

/* Leaving a caseload ends the anchoring, whatever was written down last week. */
static void anchors_are_found_anew_each_week(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 1, 1);
    fixture_engage(&f, 0, 0);
    between_step(&f.site);
    assert_near(f.site.patients.anchor[0], 0.8, 1e-7);
    site_leave_caseload(&f.site, 0);
    between_step(&f.site);
    assert_true(f.site.patients.anchor[0] == 0.0f);
    fixture_end(&f);
}

static void trust_fades_after_the_gap(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.between.trust_gap_weeks = 6;
    f.parameters.between.trust_fade = 0.1;
    fixture_build(&f, 3, 0);
    struct patients *p = &f.site.patients;
    p->contact_week[0] = FIXTURE_WEEK;
    p->contact_week[1] = FIXTURE_WEEK - 6; /* not more than six weeks */
    p->contact_week[2] = FIXTURE_WEEK - 7;
    between_step(&f.site);
    assert_near(p->trust[0], 0.3, 1e-7);
    assert_near(p->trust[1], 0.3, 1e-7);
    assert_near(p->trust[2], 0.27, 1e-7);
    fixture_end(&f);
}

static void those_before_their_offer_do_not_move(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 3, 0);
    f.site.offered = 2;
    const struct hand_person hand = hand_copy(&f.site.patients, 2);
    between_step(&f.site);
    hand_compare(&hand, &f.site.patients, 2, 0.0);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resting_levels_by_hand),
        cmocka_unit_test(ten_weeks_by_hand),
        cmocka_unit_test(a_vacant_post_anchors_nobody),
        cmocka_unit_test(anchors_are_found_anew_each_week),
        cmocka_unit_test(trust_fades_after_the_gap),
        cmocka_unit_test(those_before_their_offer_do_not_move),
    };
    return cmocka_run_group_tests_name("between", tests, NULL, NULL);
}
