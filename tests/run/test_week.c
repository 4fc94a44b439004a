/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/week.h"

#include "mechanisms/hand_model.h"
#include "state/site_fixture.h"

/* One patient, one link worker, nothing left to chance: whole weeks, worked out by hand. */
static void certain(struct fixture *f)
{
    fixture_start(f);
    f->parameters.attendance.intercept = 60.0;
    f->parameters.suggestion.readiness_noise = 0.0;
    f->parameters.suggestion.readiness_threshold = 5.0;
    f->parameters.session.arranged_gp = 0.0;
    f->parameters.session.goal_clarity = 1.0;
    f->parameters.events.life_event_hazard = 0.0;
    f->parameters.disengage.intercept = -60.0;
    f->parameters.ending.max_weeks = 0;
    f->parameters.ending.holding = 1;
    f->parameters.ending.holding_after_sessions = 4;
    f->parameters.diary.interval_engaged = 2;
    f->parameters.diary.interval_holding = 4;
    f->parameters.diary.interval_connected = 4;
    f->parameters.diary.interval_tapering = 4;
    f->parameters.diary.crisis_stress = 1.0;
    f->parameters.link_worker.turnover_base = f->parameters.link_worker.turnover_burnout = 0.0;
}

/* What a week of light work does to a link worker. */
static void learn(const struct parameters *k, struct link_worker *worker)
{
    for (int d = 0; d < NEED_COUNT; d++) {
        const double known = (double)worker->knowledge[d];
        worker->knowledge[d] = (float)(known +
                                       k->link_worker.knowledge_gain * k->diary.community_minutes /
                                           k->link_worker.community_reference *
                                           (k->link_worker.knowledge_maximum - known) -
                                       k->link_worker.knowledge_fade * known);
    }
    worker->burnout *= (float)(1.0 - k->link_worker.burnout_recovery * k->link_worker.supervision);
}

/* Sessions every second week, from the fourth on every fourth: held. */
static void half_a_year_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    certain(&f);
    fixture_build(&f, 1, 1);
    struct site *site = &f.site;
    struct patients *p = &site->patients;
    p->health_decline[0] = 0.0f;
    p->consultation_rate[0] = 0.0f;
    site->link_workers[0].advocacy = 1.0f;
    fixture_engage(&f, 0, 0);
    p->due_week[0] = FIXTURE_WEEK + 1;
    struct hand_person hand = hand_copy(p, 0);
    struct link_worker worker = site->link_workers[0];
    const int sessions[] = {1, 3, 5, 7, 9, 13, 17, 21, 25}; /* held in week 7, booked for week 9 */
    size_t held = 0;
    int contact = -2;
    for (int week = 1; week <= 26; week++) {
        week_step(site);
        hand_ease(&f.parameters, &hand);
        if (held < sizeof sessions / sizeof sessions[0] && sessions[held] == week) {
            hand_session(&f.parameters, &hand, &worker, 1.0,
                         (struct hand_draws){.advocates = true});
            held++;
            contact = week;
        }
        hand_between(&f.parameters, &hand, (double)worker.reliability, week - contact);
        learn(&f.parameters, &worker);
        assert_int_equal(p->sessions[0], held);
        hand_compare(&hand, p, 0, 1e-5);
        assert_near(site->link_workers[0].knowledge[2], worker.knowledge[2], 1e-5);
        assert_near(site->link_workers[0].burnout, worker.burnout, 1e-5);
        fixture_verify(&f);
    }
    assert_int_equal(site->week, FIXTURE_WEEK + 26);
    assert_int_equal(p->held[0], 1);
    fixture_end(&f);
}

/* From acceptance to the first session: the opening the week after, the session the week after
 * that.
 */
static void from_the_offer_to_the_first_session(void **state)
{
    (void)state;
    struct fixture f;
    certain(&f);
    f.parameters.enrolment.accept_intercept = 60.0;
    f.parameters.enrolment.takeup_intercept = 60.0;
    f.parameters.waiting.attrition_base = f.parameters.waiting.attrition_uncertainty = 0.0;
    fixture_build(&f, 1, 1);
    struct patients *p = &f.site.patients;
    p->status[0] = STATUS_LATENT;
    p->first_offer_week[0] = FIXTURE_WEEK + 1;
    f.site.offered = 0;
    week_step(&f.site);
    assert_int_equal(p->status[0], STATUS_WAITING);
    assert_int_equal(f.site.events.openings, 0);
    week_step(&f.site);
    assert_int_equal(p->status[0], STATUS_ENGAGED);
    assert_int_equal(p->sessions[0], 0);
    assert_int_equal(p->waited_weeks[0], 1);
    week_step(&f.site);
    assert_int_equal(p->sessions[0], 1);
    assert_int_equal(p->first_session_week[0], FIXTURE_WEEK + 3);
    assert_int_equal(f.site.seen_before[FIXTURE_WEEK + 3], 0);
    week_step(&f.site);
    assert_int_equal(f.site.seen_before[FIXTURE_WEEK + 4], 1);
    fixture_end(&f);
}

/* Connected in the week of the session that suggested it, supported and settling from that week. */
static void suggested_connected_tapered_closed(void **state)
{
    (void)state;
    struct fixture f;
    certain(&f);
    f.parameters.suggestion.readiness_threshold = 0.0;
    f.parameters.suggestion.push_threshold = 0.0;
    f.parameters.suggestion.accept_intercept = 2.0;
    f.parameters.connect.attempt_intercept = 60.0;
    f.parameters.support.leave_base = f.parameters.support.leave_capacity = 0.0;
    f.parameters.ending.settle_weeks = 4;
    f.parameters.ending.taper_sessions = 2;
    fixture_build(&f, 1, 1);
    struct patients *p = &f.site.patients;
    (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_ADVICE, 1);
    for (int b = 0; b < BARRIER_COUNT; b++) {
        p->barrier[b][0] = 0.0f;
    }
    p->health_decline[0] = 0.0f;
    fixture_engage(&f, 0, 0);
    week_step(&f.site); /* session, suggestion, attempt and connection in one week */
    const int start = FIXTURE_WEEK + 1;
    assert_int_equal(p->status[0], STATUS_CONNECTED);
    assert_int_equal(p->connected_week[0], start);
    while (p->status[0] == STATUS_CONNECTED) {
        week_step(&f.site);
    }
    assert_int_equal(f.site.week, start + 4); /* settled */
    assert_int_equal(p->status[0], STATUS_TAPERING);
    while (p->status[0] == STATUS_TAPERING) {
        week_step(&f.site);
    }
    assert_int_equal(f.site.week, start + 4 + 4 + 8); /* taper sessions after 4 and 8 weeks */
    assert_int_equal(p->status[0], STATUS_CLOSED);
    assert_int_equal(p->taper_attended[0], 2);
    assert_int_equal(p->support_place[0], 0); /* the place stays hers */
    fixture_verify(&f);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_a_year_by_hand),
        cmocka_unit_test(from_the_offer_to_the_first_session),
        cmocka_unit_test(suggested_connected_tapered_closed),
    };
    return cmocka_run_group_tests_name("week", tests, NULL, NULL);
}
