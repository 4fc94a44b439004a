/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hand_model.h"
#include "mechanisms/mechanisms.h"
#include "mechanisms/session.h"
#include "state/site_fixture.h"

/* Everyone attempts every week; no own support is found; no barriers. */
static void restless(struct fixture *f)
{
    fixture_start(f);
    f->parameters.connect.attempt_intercept = 60.0;
    f->parameters.connect.accompany_probability = 0.0;
}

static void build(struct fixture *f, size_t patients, int format, int places)
{
    fixture_build(f, patients, 1);
    (void)fixture_add_service(f, NEED_MENTAL, format, places);
    fixture_draws(f, 0.9999f);
    for (size_t i = 0; i < patients; i++) {
        fixture_engage(f, i, 0);
        f->site.patients.suggestion[i] = 0;
        for (int b = 0; b < BARRIER_COUNT; b++) {
            f->site.patients.barrier[b][i] = 0.0f;
        }
        f->site.patients.group_aversion[i] = 0.0f;
    }
}

static void success_connects_and_takes_a_place(void **state)
{
    (void)state;
    const int formats[] = {FORMAT_GROUP, FORMAT_ADVICE};
    for (int n = 0; n < 2; n++) {
        struct fixture f;
        restless(&f);
        f.parameters.support.social_value_other = 0.4;
        build(&f, 1, formats[n], 1);
        struct patients *p = &f.site.patients;
        p->sessions[0] = 5;
        p->held[0] = 1;
        connection_step(&f.site);
        assert_int_equal(p->status[0], STATUS_CONNECTED);
        assert_int_equal(p->status_week[0], FIXTURE_WEEK);
        assert_int_equal(p->connected_week[0], FIXTURE_WEEK);
        assert_int_equal(p->support_place[0], 0);
        assert_int_equal(p->support_domain[0], NEED_MENTAL);
        assert_near(p->support_social[0], n == 0 ? 1.0 : 0.4, 1e-7);
        assert_int_equal(p->suggestion[0], NOTHING);
        assert_int_equal(p->held[0], 0);
        assert_int_equal(p->link_connection_week[0], FIXTURE_WEEK);
        assert_int_equal(p->sessions_at_connection[0], 5);
        assert_int_equal(p->ever_group[0], n == 0);
        assert_int_equal(p->attempts[0], 1);
        assert_int_equal(f.site.services[0].taken, 1);
        assert_int_equal(f.site.events.connections_format[formats[n]], 1);
        assert_int_equal(f.site.events.connections_domain[NEED_MENTAL], 1);
        assert_int_equal(f.site.events.open_weeks, 1);
        assert_int_equal(f.site.events.attempts, 1);
        fixture_verify(&f);
        fixture_end(&f);
    }
}

static void a_later_connection_does_not_move_the_first(void **state)
{
    (void)state;
    struct fixture f;
    restless(&f);
    build(&f, 1, FORMAT_ADVICE, 1);
    f.site.patients.link_connection_week[0] = 30;
    f.site.patients.sessions_at_connection[0] = 2;
    f.site.patients.sessions[0] = 9;
    f.site.patients.status[0] = STATUS_TAPERING; /* a success while tapering settles anew */
    connection_step(&f.site);
    assert_int_equal(f.site.patients.status[0], STATUS_CONNECTED);
    assert_int_equal(f.site.patients.link_connection_week[0], 30);
    assert_int_equal(f.site.patients.sessions_at_connection[0], 2);
    fixture_end(&f);
}

/* Someone who still has the place of an earlier episode gives it up for the new one. */
static void an_old_place_is_given_up(void **state)
{
    (void)state;
    struct fixture f;
    restless(&f);
    build(&f, 1, FORMAT_ADVICE, 1);
    const int old = fixture_add_service(&f, NEED_SOCIAL, FORMAT_GROUP, 1);
    f.site.patients.support_place[0] = old;
    f.site.patients.support_domain[0] = NEED_SOCIAL;
    f.site.services[old].taken = 1;
    connection_step(&f.site);
    assert_int_equal(f.site.services[old].taken, 0);
    assert_int_equal(f.site.services[0].taken, 1);
    fixture_verify(&f);
    fixture_end(&f);
}

static void check_attempts(double strength)
{
    enum { PATIENTS = 20000 };
    struct fixture f;
    restless(&f);
    f.parameters.connect.attempt_intercept = -1.5;
    f.parameters.connect.attempt_readiness = 2.0;
    f.parameters.connect.attempt_accountability = 3.0;
    f.parameters.connect.attempt_confidence = 1.5;
    f.parameters.mechanisms.RD4 = strength;
    build(&f, PATIENTS, FORMAT_ADVICE, PATIENTS);
    const struct hand_person hand = hand_copy(&f.site.patients, 0);
    const double x =
        -1.5 + 2.0 * hand_readiness(&f.parameters, &hand) + 3.0 * strength * 0.3 + 1.5 * 0.35;
    connection_step(&f.site);
    assert_frequency(f.site.events.attempts, PATIENTS, hand_logistic(x));
    fixture_end(&f);
}

static void attempts_follow_their_formula(void **state)
{
    (void)state;
    check_attempts(0.0);
    check_attempts(1.0);
    check_attempts(2.0);
}

/* Gates 1: whoever has barriers from `first` on fails at the first of them. */
static void the_first_barrier_is_the_reason(void **state)
{
    (void)state;
    for (int first = 0; first <= BARRIER_COUNT; first++) {
        struct fixture f;
        restless(&f);
        build(&f, 1, FORMAT_GROUP, 0); /* nor is there a place */
        f.coefficients.gate_aversion = 1.0f;
        f.site.patients.group_aversion[0] = 1.0f;
        for (int b = 0; b < BARRIER_COUNT; b++) {
            f.coefficients.gate[FORMAT_GROUP][b] = 1.0f;
            f.site.patients.barrier[b][0] = b >= first ? 1.0f : 0.0f;
        }
        connection_step(&f.site);
        for (int reason = 0; reason < REASON_COUNT; reason++) {
            assert_int_equal(f.site.events.failed[reason], reason == first);
        }
        assert_int_equal(f.site.patients.last_obstacle[0], first);
        assert_int_equal(f.site.patients.status[0], STATUS_ENGAGED);
        fixture_end(&f);
    }
}

static void places_are_checked_last(void **state)
{
    (void)state;
    struct fixture f;
    restless(&f);
    build(&f, 3, FORMAT_GROUP, 2);
    connection_step(&f.site);
    /* in the order of rows: the third comes too late */
    assert_int_equal(f.site.patients.status[0], STATUS_CONNECTED);
    assert_int_equal(f.site.patients.status[1], STATUS_CONNECTED);
    assert_int_equal(f.site.patients.status[2], STATUS_ENGAGED);
    assert_int_equal(f.site.events.failed[REASON_NO_PLACE], 1);
    fixture_verify(&f);
    fixture_end(&f);
}

/* Share stopped by one barrier at a gate, reach and language support: u < gate B. */
static void check_gate(int barrier, double gate, double b, double reach, double language,
                       double expected)
{
    enum { PATIENTS = 20000 };
    struct fixture f;
    restless(&f);
    build(&f, PATIENTS, FORMAT_REMOTE, PATIENTS);
    f.coefficients.gate[FORMAT_REMOTE][barrier] = (float)gate;
    f.site.services[0].reach = (float)reach;
    f.site.services[0].language_support = (float)language;
    for (size_t i = 0; i < PATIENTS; i++) {
        f.site.patients.barrier[barrier][i] = (float)b;
    }
    connection_step(&f.site);
    assert_frequency(f.site.events.failed[barrier], PATIENTS, expected);
    fixture_end(&f);
}

static void gates_scale_barriers(void **state)
{
    (void)state;
    check_gate(BARRIER_HOUSING, 0.6, 0.5, 0.1, 0.9, 0.3);
    check_gate(BARRIER_CARING, 0.9, 1.0, 0.1, 0.9, 0.9);
    check_gate(BARRIER_TRANSPORT, 0.8, 0.5, 0.5, 0.9, 0.2);
    check_gate(BARRIER_LANGUAGE, 0.8, 0.5, 0.1, 0.25, 0.3);
}

/* What stopped a patient stops her again, at every attempt, until the barrier has eased. */
static void hidden_thresholds_belong_to_the_suggestion(void **state)
{
    (void)state;
    enum { PATIENTS = 5000 };
    struct fixture f;
    restless(&f);
    f.parameters.connect.failed_attempts_limit = 20;
    build(&f, PATIENTS, FORMAT_ADVICE, PATIENTS);
    f.coefficients.gate[FORMAT_ADVICE][BARRIER_HEALTH] = 1.0f;
    struct patients *p = &f.site.patients;
    for (size_t i = 0; i < PATIENTS; i++) {
        p->barrier[BARRIER_HEALTH][i] = 0.5f;
    }
    connection_step(&f.site);
    const int64_t failed = f.site.events.failed[BARRIER_HEALTH];
    assert_frequency(failed, PATIENTS, 0.5);
    for (int week = 0; week < 4; week++) {
        f.site.week++;
        connection_step(&f.site); /* the same people fail */
    }
    assert_int_equal(f.site.events.failed[BARRIER_HEALTH], 5 * failed);
    for (size_t i = 0; i < PATIENTS; i++) { /* eased by half: half of them pass */
        p->barrier[BARRIER_HEALTH][i] = 0.25f;
    }
    f.site.week++;
    connection_step(&f.site);
    const int64_t still = f.site.events.failed[BARRIER_HEALTH] - 5 * failed;
    assert_frequency(still, failed, 0.5);
    int64_t again = 0; /* a new suggestion draws anew */
    for (size_t i = 0; i < PATIENTS; i++) {
        if (p->status[i] == STATUS_ENGAGED) {
            p->suggestions_made[i]++;
        }
    }
    connection_step(&f.site);
    again = f.site.events.failed[BARRIER_HEALTH] - 5 * failed - still;
    assert_frequency(again, still, 0.25);
    fixture_end(&f);
}

static void three_failures_drop_the_suggestion(void **state)
{
    (void)state;
    struct fixture f;
    restless(&f);
    f.parameters.connect.failed_attempts_limit = 3;
    f.parameters.connect.failure_hope_loss = 0.1;
    f.parameters.connect.failure_confidence_loss = 0.2;
    build(&f, 1, FORMAT_ADVICE, 0);
    struct patients *p = &f.site.patients;
    for (int n = 1; n <= 3; n++) {
        assert_int_equal(p->suggestion[0], 0);
        connection_step(&f.site);
        f.site.week++;
        assert_int_equal(p->failed_attempts[0], n);
        assert_near(p->hope[0], 0.4 * pow(0.9, n), 1e-6);
        assert_near(p->confidence[0], 0.35 * pow(0.8, n), 1e-6);
    }
    assert_int_equal(p->suggestion[0], NOTHING);
    assert_int_equal(f.site.tries[0], 1); /* exhausted counts as tried */
    connection_step(&f.site);
    assert_int_equal(f.site.events.attempts, 3);
    fixture_end(&f);
}

/* Share of groups refused for aversion .5 at gate .8, when the link worker comes along or not. */
static void check_aversion(double probability, double minutes, double strength, double expected,
                           int64_t accompanied)
{
    enum { PATIENTS = 8000 };
    struct fixture f;
    restless(&f);
    f.parameters.connect.accompany_probability = probability;
    f.parameters.connect.accompany_minutes = 10.0;
    f.parameters.connect.accompany_support = 0.6;
    f.parameters.gate.group_aversion = 0.8;
    f.parameters.mechanisms.RD3 = strength;
    build(&f, PATIENTS, FORMAT_GROUP, PATIENTS);
    f.site.link_workers[0].spare = minutes;
    for (size_t i = 0; i < PATIENTS; i++) {
        f.site.patients.group_aversion[i] = 0.5f;
    }
    connection_step(&f.site);
    assert_frequency(f.site.events.failed[REASON_AVERSION], PATIENTS, expected);
    if (accompanied >= 0) {
        assert_int_equal(f.site.events.accompanied, accompanied);
    } else {
        assert_frequency(f.site.events.accompanied, PATIENTS, probability);
    }
    fixture_end(&f);
}

static void company_helps_over_the_threshold(void **state)
{
    (void)state;
    check_aversion(0.0, 1e9, 1.0, 0.4, 0);
    check_aversion(1.0, 1e9, 1.0, 0.4 * 0.4, 8000);
    check_aversion(1.0, 1e9, 0.0, 0.4, 8000); /* the minutes are spent all the same */
    check_aversion(1.0, 1e9, 1.5, 0.4 * 0.1, 8000);
    check_aversion(1.0, 1e9, 2.0, 0.0, 8000);
    check_aversion(0.3, 1e9, 1.0, 0.4 * (1.0 - 0.3 * 0.6), -1);
    check_aversion(1.0, 0.0, 1.0, 0.4, 0);
}

static void going_along_takes_spare_time_then_community_time(void **state)
{
    (void)state;
    struct fixture f;
    restless(&f);
    f.parameters.connect.accompany_probability = 1.0;
    f.parameters.connect.accompany_minutes = 75.0;
    build(&f, 4, FORMAT_GROUP, 9);
    struct link_worker *worker = &f.site.link_workers[0];
    worker->minutes = 1000.0;
    worker->spare = 100.0;
    worker->community = 140.0;
    connection_step(&f.site); /* three times 75 of 240; the fourth goes alone */
    assert_int_equal(f.site.events.accompanied, 3);
    assert_near(worker->spare, 0.0, 1e-9);
    assert_near(worker->community, 15.0, 1e-9);
    assert_near(worker->accompanying, 225.0, 1e-9);
    fixture_verify(&f);
    fixture_end(&f);
}

static void nobody_goes_along_to_advice_or_from_a_vacant_post(void **state)
{
    (void)state;
    for (int vacant = 0; vacant < 2; vacant++) {
        struct fixture f;
        restless(&f);
        f.parameters.connect.accompany_probability = 1.0;
        build(&f, 1, vacant ? FORMAT_GROUP : FORMAT_ADVICE, 1);
        f.site.link_workers[0].spare = 1000.0;
        f.site.link_workers[0].vacant_weeks = vacant ? 3 : 0;
        connection_step(&f.site);
        assert_int_equal(f.site.events.accompanied, 0);
        assert_int_equal(f.site.patients.status[0], STATUS_CONNECTED);
        fixture_end(&f);
    }
}

/* RD2: h_own strength min(options, saturation) / saturation M Q. */
static void check_own_support(int options, double strength)
{
    enum { PATIENTS = 20000 };
    struct fixture f;
    restless(&f);
    f.parameters.suggestion.own_support_hazard = 0.9;
    f.parameters.suggestion.options_saturation = 4;
    f.parameters.mechanisms.RD2 = strength;
    fixture_build(&f, PATIENTS, 1);
    weekly_draws(&f.site);
    for (size_t i = 0; i < PATIENTS; i++) {
        f.site.patients.options_heard[i] = options;
        f.site.patients.status[i] = STATUS_CLOSED; /* off the books too */
    }
    const struct hand_person hand = hand_copy(&f.site.patients, 0);
    const double p = fmin(1.0, 0.9 * strength * (options < 4 ? options : 4) / 4.0 * 0.4 *
                                   hand_capacity(&f.parameters, &hand));
    connection_step(&f.site);
    int found = 0, low = 0; /* what her draw leaves open is uniform */
    for (size_t i = 0; i < PATIENTS; i++) {
        const bool finds = f.site.patients.support_domain[i] != NOTHING;
        found += finds;
        low += finds && f.site.patients.draw[DRAW_SUPPORT][i] < 0.3f;
        assert_int_equal(f.site.patients.status[i], STATUS_CLOSED);
    }
    assert_frequency(found, PATIENTS, p);
    assert_frequency(low, PATIENTS, 0.3 * p);
    fixture_end(&f);
}

static void own_support_follows_its_formula(void **state)
{
    (void)state;
    check_own_support(1, 1.0);
    check_own_support(3, 1.0);
    check_own_support(9, 1.0);
    check_own_support(2, 2.0);
    check_own_support(4, 0.0);
    check_own_support(4, 20.0);
    check_own_support(0, 1.0);
}

/* Who finds support, and what becomes of her: rows in five situations, all certain to find some. */
static void own_support_by_status(void **state)
{
    (void)state;
    struct fixture f;
    restless(&f);
    f.parameters.connect.attempt_intercept = -60.0;
    f.parameters.suggestion.own_support_hazard = 1.0;
    fixture_build(&f, 5, 1);
    struct patients *p = &f.site.patients;
    (void)fixture_add_service(&f, NEED_SOCIAL, FORMAT_GROUP, 5);
    fixture_draws(&f, 0.0f);
    for (size_t i = 0; i < 4; i++) {
        fixture_engage(&f, i, 0);
        p->options_heard[i] = 4;
    }
    p->suggestion[0] = 0; /* an open suggestion ends */
    p->held[0] = 1;
    p->status[1] = STATUS_TAPERING;  /* stays tapering */
    p->status[2] = STATUS_CONNECTED; /* has support already */
    p->support_domain[2] = NEED_SOCIAL;
    p->support_place[2] = 0;
    p->own_connection_week[3] = 12; /* found some before, and lost it */
    p->options_heard[4] = 0;        /* heard nothing */
    f.site.services[0].taken = 1;
    connection_step(&f.site);
    assert_int_equal(p->status[0], STATUS_CONNECTED);
    assert_int_equal(p->connected_week[0], FIXTURE_WEEK);
    assert_int_equal(p->suggestion[0], NOTHING);
    assert_int_equal(p->held[0], 0);
    assert_int_equal(p->support_domain[0], NEED_MENTAL); /* the largest need */
    assert_int_equal(p->support_place[0], NOTHING);
    assert_near(p->support_social[0], f.parameters.support.social_value_other, 1e-7);
    assert_int_equal(p->own_connection_week[0], FIXTURE_WEEK);
    assert_int_equal(p->link_connection_week[0], NEVER);
    assert_int_equal(p->status[1], STATUS_TAPERING);
    assert_int_equal(p->support_domain[1], NEED_MENTAL);
    assert_int_equal(p->support_place[2], 0);
    assert_int_equal(p->own_connection_week[2], NEVER);
    assert_int_equal(p->own_connection_week[3], 12);
    assert_int_equal(p->status[3], STATUS_CONNECTED);
    assert_int_equal(p->support_domain[4], NOTHING);
    fixture_verify(&f);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(success_connects_and_takes_a_place),
        cmocka_unit_test(a_later_connection_does_not_move_the_first),
        cmocka_unit_test(an_old_place_is_given_up),
        cmocka_unit_test(attempts_follow_their_formula),
        cmocka_unit_test(the_first_barrier_is_the_reason),
        cmocka_unit_test(places_are_checked_last),
        cmocka_unit_test(gates_scale_barriers),
        cmocka_unit_test(hidden_thresholds_belong_to_the_suggestion),
        cmocka_unit_test(three_failures_drop_the_suggestion),
        cmocka_unit_test(company_helps_over_the_threshold),
        cmocka_unit_test(going_along_takes_spare_time_then_community_time),
        cmocka_unit_test(nobody_goes_along_to_advice_or_from_a_vacant_post),
        cmocka_unit_test(own_support_follows_its_formula),
        cmocka_unit_test(own_support_by_status),
    };
    return cmocka_run_group_tests_name("connection", tests, NULL, NULL);
}
