/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mechanisms/enrolment.h"

#include "hand_model.h"
#include "state/site_fixture.h"

/* The opening contact (sim/mechanisms/enrolment.c). */

static void build(struct fixture *f, size_t patients)
{
    fixture_build(f, patients, 1);
    for (size_t i = 0; i < patients; i++) {
        fixture_wait(f, i, FIXTURE_WEEK - 5);
    }
}

/* U falls by (role_clarity + bonus) listening; the bonus where link workers set the service up. */
static void the_role_is_explained(void **state)
{
    (void)state;
    for (int bonus = 0; bonus < 2; bonus++) {
        struct fixture f;
        fixture_start(&f);
        f.parameters.enrolment.role_clarity = 0.5;
        f.parameters.enrolment.role_clarity_bonus = 0.2;
        f.attributes.set_up_with_link_workers = bonus;
        build(&f, 1);
        enrolment_open(&f.site, 0, 0, 1.0f);
        assert_near(f.site.patients.uncertainty[0], 0.5 * (1.0 - (0.5 + (bonus ? 0.2 : 0.0)) * 0.7),
                    1e-6);
        fixture_end(&f);
    }
}

static void check_takeup(double en1, double quality)
{
    enum { PATIENTS = 20000 };
    struct fixture f;
    fixture_start(&f);
    f.parameters.enrolment.role_clarity = 0.5;
    f.parameters.enrolment.takeup_intercept = -0.5;
    f.parameters.enrolment.takeup_interpersonal_weight = 2.0;
    f.parameters.enrolment.takeup_trust_weight = 1.5;
    f.parameters.enrolment.takeup_uncertainty_weight = 1.8;
    f.parameters.enrolment.takeup_barrier_weight = 2.5;
    f.parameters.mechanisms.EN1 = en1;
    build(&f, PATIENTS);
    const double input = hand_input(&f.parameters, &f.site.link_workers[0], quality);
    /* U after the explanation .5 (1 - .35); A .15 */
    const double x = -0.5 + 2.0 * input + 1.5 * 0.3 - 1.8 * en1 * 0.325 - 2.5 * 0.15;
    for (size_t i = 0; i < PATIENTS; i++) {
        enrolment_open(&f.site, i, 0, (float)quality);
    }
    assert_int_equal(f.site.events.openings, PATIENTS);
    assert_frequency(f.site.events.takeups, PATIENTS, hand_logistic(x));
    assert_int_equal(f.site.link_workers[0].caseload, f.site.events.takeups);
    fixture_verify(&f);
    fixture_end(&f);
}

static void takeup_follows_its_formula(void **state)
{
    (void)state;
    check_takeup(1.0, 1.0);
    check_takeup(0.0, 1.0);
    check_takeup(2.0, 1.0);
    check_takeup(1.0, 0.5);
}

/* Whatever an earlier episode left behind, a new one begins from the start. */
static void an_episode_begins(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.enrolment.takeup_intercept = 60.0;
    build(&f, 1);
    struct patients *p = &f.site.patients;
    p->episode_sessions[0] = p->taper_sessions[0] = p->taper_attended[0] = 3;
    p->was_due[0] = p->held[0] = p->told[0] = 1;
    enrolment_open(&f.site, 0, 0, 1.0f);
    assert_int_equal(p->status[0], STATUS_ENGAGED);
    assert_int_equal(p->status_week[0], FIXTURE_WEEK);
    assert_int_equal(p->link_worker[0], 0);
    assert_int_equal(p->takeup_week[0], FIXTURE_WEEK);
    assert_int_equal(p->due_week[0], FIXTURE_WEEK + 1); /* first session due next week */
    assert_int_equal(p->contact_week[0], FIXTURE_WEEK);
    assert_int_equal(p->waited_weeks[0], 5);
    assert_int_equal(p->ever_taken_up[0], 1);
    assert_int_equal(p->episode_sessions[0], 0);
    assert_int_equal(p->taper_sessions[0], 0);
    assert_int_equal(p->taper_attended[0], 0);
    assert_int_equal(p->was_due[0], 0);
    assert_int_equal(p->held[0], 0);
    assert_int_equal(p->told[0], 0);
    assert_int_equal(p->sessions[0], 0); /* the opening contact is not a session */
    assert_int_equal(p->first_session_week[0], NEVER);
    fixture_end(&f);
}

/* The first opening contact is where the lives with and without link workers part. */
static void the_first_opening_parts_two_lives(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    build(&f, 2);
    assert_int_equal(partings_init(&f.site.partings, &f.arena, 2), 0);
    f.site.patients.waited_weeks[0] = 2; /* it was not the first */
    for (size_t i = 0; i < 2; i++) {
        enrolment_open(&f.site, i, 0, 1.0f);
    }
    const struct parting *parting = f.site.partings.list;
    assert_int_equal(f.site.partings.count, 1);
    assert_int_equal(parting->row, 1);
    assert_int_equal(parting->week, FIXTURE_WEEK);
    assert_int_equal(parting->person.status, STATUS_WAITING); /* as it was before */
    assert_int_equal(parting->contact_week, FIXTURE_WEEK - 5);
    assert_near(parting->person.uncertainty, 0.5, 1e-7);
    fixture_end(&f);
}

static void not_taking_up_is_declining(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.enrolment.takeup_intercept = -60.0;
    build(&f, 1);
    struct patients *p = &f.site.patients;
    p->waited_weeks[0] = 2; /* of an earlier opening: only the first counts */
    enrolment_open(&f.site, 0, 0, 1.0f);
    assert_int_equal(p->status[0], STATUS_DECLINED);
    assert_int_equal(p->link_worker[0], NOBODY);
    assert_int_equal(p->waited_weeks[0], 2);
    assert_int_equal(p->contact_week[0], FIXTURE_WEEK);
    assert_int_equal(f.site.events.takeups, 0);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_role_is_explained),
        cmocka_unit_test(takeup_follows_its_formula),
        cmocka_unit_test(an_episode_begins),
        cmocka_unit_test(the_first_opening_parts_two_lives),
        cmocka_unit_test(not_taking_up_is_declining),
    };
    return cmocka_run_group_tests_name("enrolment opening", tests, NULL, NULL);
}
