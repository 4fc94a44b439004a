/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hand_model.h"
#include "mechanisms/mechanisms.h"
#include "state/site_fixture.h"

static void supported(struct fixture *f, size_t i, int service)
{
    struct patients *p = &f->site.patients;
    p->status[i] = STATUS_CONNECTED;
    p->support_domain[i] = NEED_SOCIAL;
    p->support_social[i] = 1.0f;
    p->support_place[i] = service;
    f->site.services[service].taken++;
}

static void build(struct fixture *f, size_t patients)
{
    fixture_build(f, patients, 1);
    (void)fixture_add_service(f, NEED_SOCIAL, FORMAT_GROUP, (int)patients);
    for (size_t i = 0; i < patients; i++) {
        fixture_engage(f, i, 0);
        supported(f, i, 0);
    }
}

/* RD3 and RD5 at strength 0, 1, 2; a group counts in full, another format in part. */
static void support_relieves_by_hand(void **state)
{
    (void)state;
    for (int times = 0; times <= 2; times++) {
        for (int group = 0; group < 2; group++) {
            const double social = group ? 1.0 : 0.3;
            struct fixture f;
            fixture_start(&f);
            f.parameters.support.need_relief = 0.1;
            f.parameters.support.isolation_relief = 0.2;
            f.parameters.support.stress_relief = 0.15;
            f.parameters.support.confidence_gain = 0.12;
            f.parameters.support.ties_gain = 0.25;
            f.parameters.support.leave_base = f.parameters.support.leave_capacity = 0.0;
            f.parameters.mechanisms.RD3 = f.parameters.mechanisms.RD5 = times;
            build(&f, 1);
            struct patients *p = &f.site.patients;
            p->support_social[0] = (float)social;
            fixture_draws(&f, 0.0f);
            struct hand_person hand = hand_copy(p, 0);
            support_step(&f.site);
            hand.need[NEED_SOCIAL] *= 0.9; /* whatever the strengths */
            hand.isolation *= 1.0 - times * social * 0.2;
            hand.stress *= 1.0 - times * social * 0.15;
            hand.confidence += times * social * 0.12 * (1.0 - hand.confidence);
            hand.ties += times * 0.25 * (1.0 - hand.ties); /* RD5 does not ask for the format */
            hand_compare(&hand, p, 0, 1e-6);
            fixture_end(&f);
        }
    }
}

static void support_works_in_weeks_attended(void **state)
{
    (void)state;
    for (int attends = 0; attends < 2; attends++) {
        struct fixture f;
        fixture_start(&f);
        f.parameters.support.attend = 0.7;
        build(&f, 1);
        fixture_draws(&f, attends ? 0.6999f : 0.7001f);
        support_step(&f.site);
        assert_int_equal(f.site.patients.need[NEED_SOCIAL][0] < 0.3f, attends);
        fixture_end(&f);
    }
}

/* Leaves with z_0 + z_Q (1 - Q), Q after the week's relief. */
static void leaving_depends_on_capacity(void **state)
{
    (void)state;
    for (int leaves = 0; leaves < 2; leaves++) {
        struct fixture f;
        fixture_start(&f);
        f.parameters.support.leave_base = 0.1;
        f.parameters.support.leave_capacity = 0.5;
        f.parameters.support.stress_relief = 0.9;
        f.parameters.support.attend = 1.0;
        build(&f, 1);
        struct hand_person hand = hand_copy(&f.site.patients, 0);
        hand.stress *= 1.0 - 0.9;
        const double p = 0.1 + 0.5 * (1.0 - hand_capacity(&f.parameters, &hand));
        fixture_draws(&f, 0.0f);
        f.site.patients.draw[DRAW_SUPPORT][0] = (float)p + (leaves ? -1e-5f : 1e-5f);
        support_step(&f.site);
        assert_int_equal(f.site.patients.support_domain[0] == NOTHING, leaves);
        assert_int_equal(f.site.services[0].taken, !leaves);
        assert_int_equal(f.site.patients.status[0], leaves ? STATUS_ENGAGED : STATUS_CONNECTED);
        fixture_verify(&f);
        fixture_end(&f);
    }
}

/* One draw decides both, as two would. */
static void leaving_does_not_depend_on_attending(void **state)
{
    (void)state;
    enum { PATIENTS = 20000 };
    struct fixture f;
    fixture_start(&f);
    f.parameters.support.attend = 0.7;
    f.parameters.support.leave_base = 0.4;
    f.parameters.support.leave_capacity = 0.0;
    build(&f, PATIENTS);
    weekly_draws(&f.site);
    const float before = f.site.patients.need[NEED_SOCIAL][0];
    support_step(&f.site);
    int attended = 0, left = 0, both = 0;
    for (size_t i = 0; i < PATIENTS; i++) {
        const bool attends = f.site.patients.need[NEED_SOCIAL][i] < before;
        const bool leaves = f.site.patients.support_domain[i] == NOTHING;
        attended += attends;
        left += leaves;
        both += attends && leaves;
    }
    assert_frequency(attended, PATIENTS, 0.7);
    assert_frequency(left, PATIENTS, 0.4);
    assert_frequency(both, PATIENTS, 0.7 * 0.4);
    fixture_end(&f);
}

static void who_leaves_support_is_engaged_only_if_connected(void **state)
{
    (void)state;
    const int statuses[] = {STATUS_TAPERING, STATUS_CLOSED, STATUS_WAITING, STATUS_DISENGAGED};
    for (int n = 0; n < 4; n++) {
        struct fixture f;
        fixture_start(&f);
        f.parameters.support.leave_base = 1.0;
        build(&f, 1);
        f.site.patients.status[0] = statuses[n];
        fixture_draws(&f, 0.5f);
        support_step(&f.site);
        assert_int_equal(f.site.patients.status[0], statuses[n]);
        assert_int_equal(f.site.patients.support_domain[0], NOTHING);
        fixture_end(&f);
    }
}

static void those_without_support_are_left_alone(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.support.leave_base = 1.0;
    build(&f, 2);
    site_leave_support(&f.site, 1);
    f.site.patients.status[1] = STATUS_ENGAGED;
    fixture_draws(&f, 0.0f);
    const struct hand_person hand = hand_copy(&f.site.patients, 1);
    support_step(&f.site);
    hand_compare(&hand, &f.site.patients, 1, 0.0);
    assert_int_equal(f.site.services[0].taken, 0);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(support_relieves_by_hand),
        cmocka_unit_test(support_works_in_weeks_attended),
        cmocka_unit_test(leaving_depends_on_capacity),
        cmocka_unit_test(leaving_does_not_depend_on_attending),
        cmocka_unit_test(who_leaves_support_is_engaged_only_if_connected),
        cmocka_unit_test(those_without_support_are_left_alone),
    };
    return cmocka_run_group_tests_name("support", tests, NULL, NULL);
}
