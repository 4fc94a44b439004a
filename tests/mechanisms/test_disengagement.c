/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hand_model.h"
#include "mechanisms/mechanisms.h"
#include "state/site_fixture.h"

enum { PATIENTS = 20000 };

static void check_dropout(int pushed, int postponed)
{
    struct fixture f;
    fixture_start(&f);
    f.parameters.disengage.intercept = -1.0;
    f.parameters.disengage.trust = 2.0;
    f.parameters.disengage.enjoyment = 3.0;
    f.parameters.disengage.hope = 0.7;
    f.parameters.disengage.push = 1.4;
    f.parameters.disengage.postponed = 0.9;
    f.parameters.disengage.uncertainty = 1.1;
    f.parameters.disengage.barriers = 1.6;
    fixture_build(&f, PATIENTS, 1);
    struct patients *p = &f.site.patients;
    for (size_t i = 0; i < PATIENTS; i++) {
        fixture_engage(&f, i, 0);
        p->was_due[i] = 1;
        p->pushed[i] = pushed;
        p->postponed[i] = postponed;
    }
    const double x = -1.0 - 2.0 * 0.3 - 3.0 * 0.1 - 0.7 * 0.4 + 1.4 * pushed + 0.9 * postponed +
                     1.1 * 0.5 + 1.6 * 0.15;
    disengagement_step(&f.site);
    int left = 0;
    for (size_t i = 0; i < PATIENTS; i++) {
        const bool dropped = p->status[i] == STATUS_DISENGAGED;
        left += dropped;
        assert_int_equal(p->ever_disengaged[i], dropped);
        assert_int_equal(p->link_worker[i], dropped ? NOBODY : 0);
        assert_int_equal(p->pushed[i], 0); /* of this week only */
        assert_int_equal(p->postponed[i], 0);
    }
    assert_frequency(left, PATIENTS, hand_logistic(x));
    fixture_verify(&f);
    fixture_end(&f);
}

static void dropping_out_follows_its_formula(void **state)
{
    (void)state;
    check_dropout(0, 0);
    check_dropout(1, 0);
    check_dropout(0, 1);
    check_dropout(1, 1);
}

/* Only the engaged, and only from their first due session on; all others are certain to stay. */
static void who_can_drop_out(void **state)
{
    (void)state;
    const struct {
        int status, was_due, leaves;
    } cases[] = {{STATUS_ENGAGED, 1, 1},
                 {STATUS_ENGAGED, 0, 0},
                 {STATUS_CONNECTED, 1, 0},
                 {STATUS_TAPERING, 1, 0}};
    for (int n = 0; n < 4; n++) {
        struct fixture f;
        fixture_start(&f);
        f.parameters.disengage.intercept = 60.0;
        fixture_build(&f, 1, 1);
        fixture_engage(&f, 0, 0);
        f.site.patients.status[0] = cases[n].status;
        f.site.patients.support_domain[0] = NEED_SOCIAL;
        f.site.patients.was_due[0] = cases[n].was_due;
        disengagement_step(&f.site);
        assert_int_equal(f.site.patients.status[0] == STATUS_DISENGAGED, cases[n].leaves);
        fixture_end(&f);
    }
}

/* The hazard goes on while the post is vacant. */
static void a_vacancy_does_not_keep_anyone(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.disengage.intercept = 60.0;
    fixture_build(&f, 3, 1);
    for (size_t i = 0; i < 3; i++) {
        fixture_engage(&f, i, 0);
        f.site.patients.was_due[i] = 1;
        f.site.patients.suggestion[i] = 0;
    }
    f.site.link_workers[0].vacant_weeks = 5;
    disengagement_step(&f.site);
    assert_int_equal(f.site.link_workers[0].caseload, 0);
    assert_int_equal(f.site.patients.suggestion[1], NOTHING);
    assert_int_equal(f.site.patients.status_week[1], FIXTURE_WEEK);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dropping_out_follows_its_formula),
        cmocka_unit_test(who_can_drop_out),
        cmocka_unit_test(a_vacancy_does_not_keep_anyone),
    };
    return cmocka_run_group_tests_name("disengagement", tests, NULL, NULL);
}
