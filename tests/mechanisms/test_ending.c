/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hand_model.h"
#include "mechanisms/mechanisms.h"
#include "state/indices.h"
#include "state/site_fixture.h"

static void build(struct fixture *f)
{
    fixture_build(f, 1, 1);
    fixture_engage(f, 0, 0);
}

/* Connected for this many weeks, in an episode without limits. */
static int status_after_settling(int weeks)
{
    struct fixture f;
    fixture_start(&f);
    f.parameters.ending.settle_weeks = 4;
    f.parameters.ending.max_weeks = 0;
    f.parameters.diary.interval_tapering = 5;
    build(&f);
    struct patients *p = &f.site.patients;
    p->status[0] = STATUS_CONNECTED;
    p->support_domain[0] = NEED_SOCIAL;
    p->connected_week[0] = FIXTURE_WEEK - weeks;
    p->taper_sessions[0] = 1; /* of an earlier taper of the episode */
    p->taper_attended[0] = 1;
    ending_step(&f.site);
    const int status = p->status[0];
    if (status == STATUS_TAPERING) {
        assert_int_equal(p->due_week[0], FIXTURE_WEEK + 5);
        assert_int_equal(p->taper_sessions[0], 0);
        assert_int_equal(p->taper_attended[0], 1); /* counts in the whole episode */
        assert_int_equal(p->status_week[0], FIXTURE_WEEK);
    }
    fixture_verify(&f);
    fixture_end(&f);
    return status;
}

static void tapering_begins_when_settled(void **state)
{
    (void)state;
    assert_int_equal(status_after_settling(3), STATUS_CONNECTED);
    assert_int_equal(status_after_settling(4), STATUS_TAPERING);
}

struct engaged {
    int sessions, weeks, suggestion, holding, max_sessions, max_weeks;
};

/* What becomes of someone engaged; `held` is told too. */
static int status_of_engaged(struct engaged e, int *held)
{
    struct fixture f;
    fixture_start(&f);
    f.parameters.ending.holding_after_sessions = 4;
    f.parameters.ending.holding = e.holding;
    f.parameters.ending.max_sessions = e.max_sessions;
    f.parameters.ending.max_weeks = e.max_weeks;
    build(&f);
    (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_GROUP, 1);
    struct patients *p = &f.site.patients;
    p->episode_sessions[0] = e.sessions;
    p->takeup_week[0] = FIXTURE_WEEK - e.weeks;
    p->suggestion[0] = e.suggestion;
    ending_step(&f.site);
    const int status = p->status[0];
    *held = p->held[0];
    fixture_end(&f);
    return status;
}

static void holding_after_a_number_of_sessions(void **state)
{
    (void)state;
    int held;
    const struct engaged early = {3, 10, NOTHING, 1, 0, 0}, at = {4, 10, NOTHING, 1, 0, 0};
    const struct engaged hopeful = {9, 10, 0, 1, 0, 0}, not_allowed = {4, 10, NOTHING, 0, 0, 0};
    assert_int_equal(status_of_engaged(early, &held), STATUS_ENGAGED);
    assert_int_equal(held, 0);
    assert_int_equal(status_of_engaged(at, &held), STATUS_ENGAGED);
    assert_int_equal(held, 1);
    assert_int_equal(status_of_engaged(hopeful, &held), STATUS_ENGAGED);
    assert_int_equal(held, 0); /* an open suggestion */
    assert_int_equal(status_of_engaged(not_allowed, &held), STATUS_TAPERING);
    assert_int_equal(held, 0);
}

static void limits_end_an_episode(void **state)
{
    (void)state;
    int held;
    const struct engaged below = {5, 25, 0, 1, 6, 26}, sessions = {6, 25, 0, 1, 6, 26};
    const struct engaged weeks = {5, 26, 0, 1, 6, 26}, none = {99, 99, 0, 1, 0, 0};
    assert_int_equal(status_of_engaged(below, &held), STATUS_ENGAGED);
    assert_int_equal(status_of_engaged(sessions, &held), STATUS_TAPERING);
    assert_int_equal(status_of_engaged(weeks, &held), STATUS_TAPERING);
    assert_int_equal(held, 0);
    assert_int_equal(status_of_engaged(none, &held), STATUS_ENGAGED); /* 0: no limit */
}

/* Someone connected anew after max_weeks tapers at once, settled or not. */
static void limits_do_not_wait_for_settling(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.ending.max_weeks = 26;
    build(&f);
    struct patients *p = &f.site.patients;
    p->status[0] = STATUS_CONNECTED;
    p->support_domain[0] = NEED_SOCIAL;
    p->connected_week[0] = FIXTURE_WEEK;
    p->takeup_week[0] = FIXTURE_WEEK - 30;
    ending_step(&f.site);
    assert_int_equal(p->status[0], STATUS_TAPERING);
    fixture_end(&f);
}

static void tapering_closes_after_its_sessions(void **state)
{
    (void)state;
    for (int due = 0; due <= 3; due++) {
        struct fixture f;
        fixture_start(&f);
        f.parameters.ending.taper_sessions = 2;
        f.parameters.ending.max_weeks = 1; /* does not begin a taper anew */
        build(&f);
        f.site.patients.status[0] = STATUS_TAPERING;
        f.site.patients.taper_sessions[0] = due;
        ending_step(&f.site);
        assert_int_equal(f.site.patients.status[0], due >= 2 ? STATUS_CLOSED : STATUS_TAPERING);
        assert_int_equal(f.site.link_workers[0].caseload, due < 2);
        fixture_verify(&f);
        fixture_end(&f);
    }
}

static void abrupt_endings_close_at_once(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.ending.taper_sessions = 0;
    f.parameters.ending.max_sessions = 3;
    build(&f);
    f.site.patients.episode_sessions[0] = 3;
    ending_step(&f.site);
    assert_int_equal(f.site.patients.status[0], STATUS_CLOSED);
    fixture_verify(&f);
    fixture_end(&f);
}

/* shock = T (1 - k_taper [AP5] (1 - exp(-attended / tau))) (1 - k_inform [AP6] told) */
static void check_shock(double ap5, double ap6, int attended, int told, double expected)
{
    struct fixture f;
    fixture_start(&f);
    f.parameters.ending.taper_sessions = 1;
    f.parameters.ending.taper_protection = 0.6;
    f.parameters.ending.taper_time_constant = 2.0;
    f.parameters.ending.inform_protection = 0.3;
    f.parameters.ending.inform_return = told;
    f.parameters.ending.shock_stress = 0.5;
    f.parameters.ending.shock_hope = 0.4;
    f.parameters.mechanisms.AP5 = ap5;
    f.parameters.mechanisms.AP6 = ap6;
    build(&f);
    struct patients *p = &f.site.patients;
    p->status[0] = STATUS_TAPERING;
    p->taper_sessions[0] = 3;
    p->taper_attended[0] = attended;
    p->trust[0] = 0.8f;
    const double points = (double)wellbeing(&f.coefficients, p, 0);
    ending_step(&f.site);
    assert_near(p->stress[0], 0.55 + 0.5 * expected * 0.45, 1e-6);
    assert_near(p->hope[0], 0.4 - 0.4 * expected * 0.4, 1e-6);
    assert_int_equal(p->told[0], told);
    assert_int_equal(p->ever_closed[0], 1);
    assert_int_equal(p->closing_week[0], FIXTURE_WEEK);
    assert_near(p->closing_hope[0], 0.4, 1e-7); /* just before the shock */
    assert_near(p->closing_wellbeing[0], points, 1e-6);
    assert_near(p->trust[0], 0.8, 1e-7);
    assert_int_equal(f.site.events.endings, 1);
    assert_near((double)f.site.events.ending_shock * 1e-6, expected, 1e-6);
    fixture_end(&f);
}

static void the_shock_of_an_ending(void **state)
{
    (void)state;
    const double prepared = 0.6 * (1.0 - exp(-1.0)); /* two sessions attended, tau 2 */
    check_shock(1.0, 1.0, 0, 0, 0.8);
    check_shock(1.0, 1.0, 2, 0, 0.8 * (1.0 - prepared));
    check_shock(1.0, 1.0, 0, 1, 0.8 * 0.7);
    check_shock(1.0, 1.0, 2, 1, 0.8 * (1.0 - prepared) * 0.7);
    check_shock(0.0, 1.0, 2, 0, 0.8);
    check_shock(2.0, 1.0, 2, 0, 0.8 * (1.0 - 2.0 * prepared));
    check_shock(3.0, 1.0, 2, 0, 0.0); /* not a comfort */
    check_shock(1.0, 0.0, 0, 1, 0.8);
    check_shock(1.0, 2.0, 0, 1, 0.8 * 0.4);
    check_shock(1.0, 5.0, 0, 1, 0.0);
}

/* Support of a place outlasts the contact. */
static void support_goes_on_after_closing(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.ending.taper_sessions = 0;
    f.parameters.ending.settle_weeks = 0;
    build(&f);
    (void)fixture_add_service(&f, NEED_SOCIAL, FORMAT_GROUP, 1);
    struct patients *p = &f.site.patients;
    p->status[0] = STATUS_CONNECTED;
    p->support_domain[0] = NEED_SOCIAL;
    p->support_place[0] = 0;
    f.site.services[0].taken = 1;
    ending_step(&f.site);
    assert_int_equal(p->status[0], STATUS_CLOSED);
    assert_int_equal(p->support_place[0], 0);
    fixture_verify(&f);
    fixture_end(&f);
}

/* Whoever leaves the list while it is walked through, everyone is reviewed once. */
static void a_whole_caseload_is_reviewed(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.ending.taper_sessions = 1;
    fixture_build(&f, 9, 2);
    for (size_t i = 0; i < 9; i++) {
        fixture_engage(&f, i, (int)(i % 2));
        f.site.patients.status[i] = STATUS_TAPERING;
        f.site.patients.taper_sessions[i] = i % 3 != 0;
    }
    ending_step(&f.site);
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(f.site.patients.status[i], i % 3 != 0 ? STATUS_CLOSED : STATUS_TAPERING);
    }
    fixture_verify(&f);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tapering_begins_when_settled),
        cmocka_unit_test(holding_after_a_number_of_sessions),
        cmocka_unit_test(limits_end_an_episode),
        cmocka_unit_test(limits_do_not_wait_for_settling),
        cmocka_unit_test(tapering_closes_after_its_sessions),
        cmocka_unit_test(abrupt_endings_close_at_once),
        cmocka_unit_test(the_shock_of_an_ending),
        cmocka_unit_test(support_goes_on_after_closing),
        cmocka_unit_test(a_whole_caseload_is_reviewed),
    };
    return cmocka_run_group_tests_name("ending", tests, NULL, NULL);
}
