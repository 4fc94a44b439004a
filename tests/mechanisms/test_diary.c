/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hand_model.h"
#include "mechanisms/mechanisms.h"
#include "state/site_fixture.h"

/* A week of 10 hours, half of it for admin: 300 minutes; 50 a session, 60 an opening, at least
 * 20; everyone attends and nobody is suggested anything.
 */
static void short_week(struct fixture *f)
{
    fixture_start(f);
    f->parameters.diary.hours_per_week = 10.0;
    f->parameters.diary.admin_share = 0.5;
    f->parameters.diary.full_time_equivalent = 1.0;
    f->parameters.diary.preferred_minutes = 50.0;
    f->parameters.diary.first_contact_minutes = 60.0;
    f->parameters.diary.minimum_minutes = 20.0;
    f->parameters.diary.community_minutes = 100.0;
    f->parameters.diary.caseload_cap = 50;
    f->parameters.attendance.intercept = 60.0;
    f->parameters.suggestion.readiness_threshold = 5.0;
    f->parameters.enrolment.takeup_intercept = 60.0;
}

static void build(struct fixture *f, size_t engaged, size_t waiting, int posts)
{
    fixture_build(f, engaged + waiting, posts);
    for (size_t i = 0; i < engaged; i++) {
        fixture_engage(f, i, 0);
    }
    for (size_t i = engaged; i < engaged + waiting; i++) {
        fixture_wait(f, i, FIXTURE_WEEK - 3);
    }
}

static void minutes_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.diary.full_time_equivalent = 0.8;
    f.parameters.diary.hours_per_week = 37.5;
    f.parameters.diary.admin_share = 0.4;
    f.parameters.diary.travel_share = 0.05;
    build(&f, 0, 0, 1);
    diary_step(&f.site); /* one practice: no travel between them */
    assert_near(f.site.link_workers[0].minutes, 0.8 * 37.5 * 60.0 * 0.6, 1e-9);
    f.site.practice_count = 3;
    diary_step(&f.site);
    assert_near(f.site.link_workers[0].minutes, 0.8 * 37.5 * 60.0 * 0.5, 1e-9);
    f.site.practice_count = 20;
    diary_step(&f.site);
    assert_near(f.site.link_workers[0].minutes, 0.0, 0.0); /* never negative */
    fixture_end(&f);
}

static void an_easy_week(void **state)
{
    (void)state;
    struct fixture f;
    short_week(&f);
    build(&f, 2, 1, 1);
    f.site.patients.due_week[1] = FIXTURE_WEEK + 1; /* not due */
    diary_step(&f.site);
    const struct link_worker *worker = &f.site.link_workers[0];
    assert_int_equal(worker->due, 1);
    assert_int_equal(worker->sessions, 1);
    assert_near(worker->asked, 110.0, 1e-9);
    assert_near(worker->given, 110.0, 1e-9);
    assert_near(worker->session_minutes, 50.0, 1e-9);
    assert_near(worker->quality_sum, 1.0, 1e-7);
    assert_near(worker->community, 100.0, 1e-9);
    assert_near(worker->spare, 90.0, 1e-9);
    assert_true(worker->worked);
    assert_int_equal(f.site.patients.status[2], STATUS_ENGAGED); /* opened */
    assert_int_equal(f.site.patients.sessions[1], 0);
    fixture_verify(&f);
    fixture_end(&f);
}

/* 5 sessions of 50: community time shrinks before sessions are cut. */
static void community_time_shrinks_first(void **state)
{
    (void)state;
    struct fixture f;
    short_week(&f);
    build(&f, 5, 0, 1);
    diary_step(&f.site);
    assert_near(f.site.link_workers[0].session_minutes, 250.0, 1e-9);
    assert_near(f.site.link_workers[0].community, 50.0, 1e-9);
    assert_near(f.site.link_workers[0].spare, 0.0, 1e-9);
    fixture_end(&f);
}

/* 8 sessions ask 400 of 300: all get .75; quality .75^eta; community time is gone. */
static void sessions_are_cut_by_one_factor(void **state)
{
    (void)state;
    struct fixture f;
    short_week(&f);
    f.parameters.diary.quality_exponent = 0.7;
    build(&f, 8, 0, 1);
    struct hand_person hand = hand_copy(&f.site.patients, 3);
    f.site.link_workers[0].advocacy = 0.0f;
    f.coefficients.parameters.session.goal_clarity = 1.0;
    f.coefficients.parameters.session.arranged_gp = 0.0;
    diary_step(&f.site);
    const struct link_worker *worker = &f.site.link_workers[0];
    assert_int_equal(worker->sessions, 8);
    assert_near(worker->session_minutes, 300.0, 1e-6);
    assert_near(worker->quality_sum, 8.0 * pow(0.75, 0.7), 1e-5);
    assert_near(worker->community, 0.0, 1e-6);
    assert_int_equal(worker->postponed, 0);
    hand_session(&f.parameters, &hand, worker, pow(0.75, 0.7), (struct hand_draws){0});
    hand_compare(&hand, &f.site.patients, 3, 1e-5); /* the quality reaches the session */
    fixture_verify(&f);
    fixture_end(&f);
}

static void quality_follows_its_exponent(void **state)
{
    (void)state;
    const double exponents[] = {0.0, 0.5, 1.0, 3.0};
    for (int n = 0; n < 4; n++) {
        struct fixture f;
        short_week(&f);
        f.parameters.diary.quality_exponent = exponents[n];
        build(&f, 10, 0, 1); /* asks 500: factor .6 */
        diary_step(&f.site);
        assert_near(f.site.link_workers[0].quality_sum, 10.0 * pow(0.6, exponents[n]), 1e-5);
        fixture_end(&f);
    }
}

/* 20 sessions at their least of 20 minutes ask 400: 15 fit, 5 are postponed, trust falls. */
static void what_does_not_fit_is_postponed(void **state)
{
    (void)state;
    struct fixture f;
    short_week(&f);
    f.parameters.diary.broken_promise_loss = 0.1;
    build(&f, 20, 1, 1);
    struct patients *p = &f.site.patients;
    for (size_t i = 0; i < 20; i++) { /* the higher rows are overdue longer */
        p->due_week[i] = i < 10 ? FIXTURE_WEEK : FIXTURE_WEEK - 1;
    }
    diary_step(&f.site);
    const struct link_worker *worker = &f.site.link_workers[0];
    assert_int_equal(worker->sessions, 15);
    assert_int_equal(worker->postponed, 5);
    assert_near(worker->given, 300.0, 1e-6);
    assert_near(worker->quality_sum, 15.0 * pow(0.4, f.parameters.diary.quality_exponent), 1e-5);
    for (size_t i = 0; i < 20; i++) { /* 10 to 19 first, then 0 to 4 */
        const bool held = i >= 10 || i < 5;
        assert_int_equal(p->sessions[i], held);
        assert_int_equal(p->postponed[i], !held);
        assert_int_equal(p->was_due[i], 1);
        if (!held) {
            assert_near(p->trust[i], 0.27, 1e-6);
            assert_int_equal(p->due_week[i], FIXTURE_WEEK); /* overdue next week */
            assert_int_equal(p->contact_week[i], FIXTURE_WEEK - 2);
        }
    }
    assert_int_equal(p->status[20], STATUS_WAITING); /* openings come last */
    assert_int_equal(f.site.events.openings, 0);
    fixture_verify(&f);
    fixture_end(&f);
}

/* A broken promise to someone waiting costs nothing: no session was promised. */
static void postponed_openings_cost_no_trust(void **state)
{
    (void)state;
    struct fixture f;
    short_week(&f);
    build(&f, 15, 3, 1); /* sessions at 20 use all */
    diary_step(&f.site);
    for (size_t i = 15; i < 18; i++) {
        assert_near(f.site.patients.trust[i], 0.3, 1e-7);
        assert_int_equal(f.site.patients.postponed[i], 0);
        assert_int_equal(f.site.patients.status[i], STATUS_WAITING);
    }
    fixture_end(&f);
}

/* The first opening that does not fit stops those behind it; the cut applies to openings too. */
static void openings_are_cut_and_stopped(void **state)
{
    (void)state;
    struct fixture f;
    short_week(&f);
    f.parameters.diary.minimum_minutes = 40.0; /* factor not below .8: openings of 48 */
    build(&f, 4, 4, 1);                        /* 200 + 240 asked of 300 */
    diary_step(&f.site);
    const struct link_worker *worker = &f.site.link_workers[0];
    assert_near(worker->session_minutes, 160.0, 1e-6);
    assert_int_equal(f.site.events.openings, 2); /* 140 left: two of 48 */
    assert_near(worker->given, 160.0 + 96.0, 1e-6);
    assert_near(worker->community, 44.0, 1e-6);
    assert_int_equal(f.site.patients.status[4], STATUS_ENGAGED);
    assert_int_equal(f.site.patients.status[5], STATUS_ENGAGED);
    assert_int_equal(f.site.patients.status[6], STATUS_WAITING);
    fixture_end(&f);
}

static void openings_come_the_week_after_acceptance(void **state)
{
    (void)state;
    for (int delay = 0; delay < 4; delay++) {
        struct fixture f;
        short_week(&f);
        f.parameters.waiting.contact_delay_weeks = delay;
        build(&f, 0, 1, 1);
        fixture_wait(&f, 0, FIXTURE_WEEK - 2);
        diary_step(&f.site);
        assert_int_equal(f.site.events.openings, delay <= 2);
        fixture_end(&f);
    }
}

/* First come first served, or by severity now; ties to the lower row. */
static void the_waiting_are_opened_in_order(void **state)
{
    (void)state;
    for (int severe = 0; severe < 2; severe++) {
        struct fixture f;
        short_week(&f);
        f.parameters.waiting.policy = severe ? WAITING_POLICY_SEVERITY : WAITING_POLICY_FIRST_COME;
        f.parameters.diary.caseload_cap = 2;
        build(&f, 0, 5, 1);
        struct patients *p = &f.site.patients;
        const int accepted[5] = {50, 52, 49, 49, 55};
        const float need[5] = {0.1f, 0.9f, 0.2f, 0.2f, 0.8f};
        for (size_t i = 0; i < 5; i++) {
            fixture_wait(&f, i, accepted[i]);
            p->need[NEED_MENTAL][i] = need[i];
        }
        diary_step(&f.site);
        for (size_t i = 0; i < 5; i++) {
            const bool opened = severe ? i == 1 || i == 4 : i == 2 || i == 3;
            assert_int_equal(p->status[i] == STATUS_ENGAGED, opened);
        }
        fixture_end(&f);
    }
}

/* Free caseloads 3, 5, 4 of a cap of 6: openings to 1, 1, 2, 0, 1, 2, ... ties to the lowest. */
static void openings_spread_by_free_caseload(void **state)
{
    (void)state;
    struct fixture f;
    short_week(&f);
    f.parameters.diary.hours_per_week = 100.0;
    f.parameters.diary.caseload_cap = 6;
    fixture_build(&f, 20, 3);
    const int filled[3] = {3, 1, 2};
    size_t row = 0;
    for (int post = 0; post < 3; post++) {
        for (int n = 0; n < filled[post]; n++) {
            fixture_engage(&f, row, post);
            f.site.patients.due_week[row++] = FIXTURE_WEEK + 5;
        }
    }
    for (; row < 20; row++) {
        fixture_wait(&f, row, FIXTURE_WEEK - 1);
    }
    diary_step(&f.site);
    const int posts[12] = {1, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2};
    for (size_t n = 0; n < 12; n++) {
        assert_int_equal(f.site.patients.link_worker[6 + n], posts[n]);
    }
    assert_int_equal(f.site.patients.status[18], STATUS_WAITING); /* all caseloads are full */
    for (int post = 0; post < 3; post++) {
        assert_int_equal(f.site.link_workers[post].caseload, 6);
    }
    fixture_verify(&f);
    fixture_end(&f);
}

static void the_cap_is_never_exceeded(void **state)
{
    (void)state;
    struct fixture f;
    short_week(&f);
    f.parameters.diary.hours_per_week = 40.0;
    f.parameters.diary.caseload_cap = 7;
    build(&f, 0, 60, 2);
    for (int week = 0; week < 6; week++) {
        diary_step(&f.site);
        assert_true(f.site.link_workers[0].caseload <= 7);
        assert_true(f.site.link_workers[1].caseload <= 7);
        f.site.week++;
    }
    assert_int_equal(f.site.events.takeups, 14);
    fixture_end(&f);
}

/* A vacant post sees nobody; nothing is postponed; the others take the openings. */
static void a_vacancy_is_not_a_broken_promise(void **state)
{
    (void)state;
    struct fixture f;
    short_week(&f);
    build(&f, 2, 1, 2);
    f.site.link_workers[0].vacant_weeks = 4;
    f.site.link_workers[0].minutes = 77.0;
    diary_step(&f.site);
    const struct patients *p = &f.site.patients;
    assert_false(f.site.link_workers[0].worked);
    assert_near(f.site.link_workers[0].minutes, 0.0, 0.0);
    assert_int_equal(f.site.link_workers[0].caseload, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(p->sessions[i], 0);
        assert_int_equal(p->postponed[i], 0);
        assert_int_equal(p->was_due[i], 0);
        assert_near(p->trust[i], 0.3, 1e-7);
    }
    assert_int_equal(p->link_worker[2], 1);
    fixture_end(&f);
}

static void with_all_posts_vacant_nobody_is_opened(void **state)
{
    (void)state;
    struct fixture f;
    short_week(&f);
    build(&f, 0, 3, 1);
    f.site.link_workers[0].vacant_weeks = 1;
    diary_step(&f.site);
    assert_int_equal(f.site.events.openings, 0);
    fixture_end(&f);
}

/* Missed sessions give half their minutes back as spare time. */
static void missed_sessions_return_minutes(void **state)
{
    (void)state;
    struct fixture f;
    short_week(&f);
    f.parameters.attendance.intercept = -60.0;
    build(&f, 4, 0, 1);
    diary_step(&f.site);
    const struct link_worker *worker = &f.site.link_workers[0];
    assert_near(worker->given, 200.0, 1e-9);
    assert_near(worker->unused, 100.0, 1e-6);
    assert_near(worker->community, 100.0, 1e-9);
    assert_near(worker->spare, 100.0, 1e-6);
    fixture_verify(&f);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minutes_by_hand),
        cmocka_unit_test(an_easy_week),
        cmocka_unit_test(community_time_shrinks_first),
        cmocka_unit_test(sessions_are_cut_by_one_factor),
        cmocka_unit_test(quality_follows_its_exponent),
        cmocka_unit_test(what_does_not_fit_is_postponed),
        cmocka_unit_test(postponed_openings_cost_no_trust),
        cmocka_unit_test(openings_are_cut_and_stopped),
        cmocka_unit_test(openings_come_the_week_after_acceptance),
        cmocka_unit_test(the_waiting_are_opened_in_order),
        cmocka_unit_test(openings_spread_by_free_caseload),
        cmocka_unit_test(the_cap_is_never_exceeded),
        cmocka_unit_test(a_vacancy_is_not_a_broken_promise),
        cmocka_unit_test(with_all_posts_vacant_nobody_is_opened),
        cmocka_unit_test(missed_sessions_return_minutes),
    };
    return cmocka_run_group_tests_name("diary", tests, NULL, NULL);
}
