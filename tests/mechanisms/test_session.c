/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mechanisms/session.h"

#include "hand_model.h"
#include "mechanisms/mechanisms.h"
#include "state/indices.h"
#include "state/site_fixture.h"

/* A session by itself. */
static void hold(struct site *site, size_t i, int post, float minutes, float quality)
{
    const int32_t row = (int32_t)i;
    sessions_hold(site, post, &row, 1, minutes, quality);
}

static const float CERTAIN = 60.0f; /* a logit whose probability is 1 in single precision */

/* Sessions are always attended, nothing is suggested, nobody advocates or meets a goal by chance.
 */
static void quiet(struct fixture *f)
{
    fixture_start(f);
    f->parameters.attendance.intercept = (double)CERTAIN;
    f->parameters.suggestion.readiness_noise = 0.0;
    f->parameters.suggestion.readiness_threshold = 5.0;
    f->parameters.session.arranged_gp = 0.0;
    f->parameters.session.goal_clarity = 1.0;
    f->parameters.diary.interval_engaged = 2;
    f->parameters.diary.crisis_stress = 0.85;
}

static void advance(struct site *site, int weeks)
{
    site->week += weeks;
}

/* Three sessions a fortnight apart, with what fades in the weeks between. */
static void three_sessions_by_hand(void **state)
{
    (void)state;
    for (int advocates = 0; advocates < 2; advocates++) {
        struct fixture f;
        quiet(&f);
        fixture_build(&f, 1, 1);
        struct site *site = &f.site;
        struct link_worker *worker = &site->link_workers[0];
        worker->advocacy = (float)advocates;
        fixture_engage(&f, 0, 0);
        struct hand_person hand = hand_copy(&site->patients, 0);
        const double quality[3] = {1.0, 0.8, 0.55};
        for (int n = 0; n < 3; n++) {
            hold(site, 0, 0, 45.0f, (float)quality[n]);
            hand_session(&f.parameters, &hand, worker, quality[n],
                         (struct hand_draws){.advocates = advocates != 0});
            hand_compare(&hand, &site->patients, 0, 1e-5);
            for (int week = 0; week < 2; week++) {
                between_step(site);
                hand_between(&f.parameters, &hand, (double)worker->reliability, week);
                hand_compare(&hand, &site->patients, 0, 1e-5);
                advance(site, 1);
            }
        }
        assert_int_equal(site->patients.sessions[0], 3);
        fixture_end(&f);
    }
}

/* The numbers that the pocket calculator was given, whatever the defaults are calibrated to. */
static void pocket_numbers(struct parameters *k)
{
    k->session.listening_weight = 0.55;
    k->session.informality_weight = 0.4;
    k->session.burnout_listening_loss = 0.6;
    k->session.interpreter = 0.4;
    k->session.role_clarity = 0.297;
    k->session.offload_stress = 0.102;
    k->session.offload_coping = 0.21;
    k->session.uplift_hope = 0.0347;
    k->session.knowledge_hope = 0.0566;
    k->session.plan_clarity = 0.298;
    k->session.plan_confidence = 0.1;
    k->session.financial_relief = k->session.financial_stress_relief = 0.12;
    k->session.coping_strategies = 0.0474;
    k->session.anchor_clarity = 0.116;
    k->session.tailoring_motivation = 0.278;
}

/* One session worked out with a pocket calculator, so that no code stands behind the numbers.
 *
 * T .3, rapport .4, x = clip(.55 .7 (1 - .6 .2) + .4 .6) = .5788, understood 1 - .2 .6 = .88
 * T + .4 .5788 .88 .7 = .3 + .1426163
 * U - .297 .7 .5 = .5 - .10395
 * E to the middle of .1 and .3 .5788 = .17364: .13682
 */
static void one_session_with_a_pocket_calculator(void **state)
{
    (void)state;
    struct fixture f;
    quiet(&f);
    pocket_numbers(&f.parameters);
    fixture_build(&f, 1, 1);
    struct patients *p = &f.site.patients;
    f.site.link_workers[0].advocacy = 0.0f;
    fixture_engage(&f, 0, 0);
    hold(&f.site, 0, 0, 45.0f, 1.0f);
    assert_near(p->trust[0], 0.4426163, 1e-5);
    assert_near(p->uncertainty[0], 0.39605, 1e-5);
    assert_near(p->enjoyment[0], 0.13682, 1e-5);
    /* H .4 + .0347 .17364 .6 + .0566 .5 .3 .6 */
    assert_near(p->hope[0], 0.4 + 0.003615185 + 0.005094, 1e-5);
    /* S .55 - .102 .17364 .55 - .12 .4 .7 .55 */
    assert_near(p->stress[0], 0.55 - 0.009741204 - 0.01848, 1e-5);
    /* K .3 + .298 .5 .3 .8 .7 + .116 .3 .7 */
    assert_near(p->clarity[0], 0.3 + 0.025032 + 0.02436, 1e-5);
    /* C .35 + .1 .5 .3 .65 */
    assert_near(p->confidence[0], 0.35975, 1e-5);
    /* P .45 + .21 .17364 .55 + .0474 .5 .55 */
    assert_near(p->coping[0], 0.45 + 0.02005542 + 0.013035, 1e-5);
    /* M .4 + .278 .6 .3 .4 .6 */
    assert_near(p->motivation[0], 0.4120096, 1e-5);
    assert_near(p->need[NEED_FINANCIAL][0], 0.4 * (1.0 - 0.12 * 0.7), 1e-5);
    assert_near(p->barrier[BARRIER_INCOME][0], 0.25 * (1.0 - 0.12 * 0.7), 1e-5);
    assert_near(p->isolation[0], 0.45, 1e-7);
    assert_near(p->ties[0], 0.5, 1e-7);
    fixture_end(&f);
}

static void a_session_leaves_its_marks(void **state)
{
    (void)state;
    struct fixture f;
    quiet(&f);
    fixture_build(&f, 2, 1);
    struct site *site = &f.site;
    struct patients *p = &site->patients;
    fixture_engage(&f, 1, 0);
    p->rapport[1] = 5.0f;
    p->consulted[1] = 1;
    p->consultation_history[1] = 0x7; /* this week and the two before */
    hold(site, 1, 0, 45.0f, 1.0f);
    assert_int_equal(p->sessions[1], 1);
    assert_int_equal(p->episode_sessions[1], 1);
    assert_int_equal(p->first_session_week[1], FIXTURE_WEEK);
    assert_int_equal(p->session_window[1], FIXTURE_WEEK);
    assert_int_equal(p->contact_week[1], FIXTURE_WEEK);
    assert_int_equal(p->was_due[1], 1);
    assert_int_equal(p->consultations_before_session[1], 2);
    assert_int_equal(site->seen_count, 1);
    assert_int_equal(site->seen[0], 1);
    assert_near(p->trust_last_session[1], p->trust[1], 0.0);
    assert_int_equal(p->trusted_after[1], 1);                       /* above .4 at once */
    assert_near(snapshot_at(site, 1, 0)[MEASURE_TRUST], 0.3, 1e-7); /* just before */
    assert_int_equal(site->events.diary_sessions, 1);
    assert_int_equal(site->events.missed_sessions, 0);
    hold(site, 1, 0, 45.0f, 1.0f);
    assert_int_equal(site->seen_count, 1);
    assert_int_equal(p->trusted_after[1], 1);
    fixture_end(&f);
}

/* Consultations of more than a year before the first session do not count. */
static void a_year_before_the_first_session_counts(void **state)
{
    (void)state;
    struct fixture f;
    quiet(&f);
    fixture_build(&f, 1, 1);
    fixture_engage(&f, 0, 0);
    f.site.patients.consultation_history[0] = UINT64_MAX;
    hold(&f.site, 0, 0, 45.0f, 1.0f);
    assert_int_equal(f.site.patients.consultations_before_session[0], 52);
    fixture_end(&f);
}

static void a_missed_session_is_neither_contact_nor_session(void **state)
{
    (void)state;
    struct fixture f;
    quiet(&f);
    f.parameters.attendance.intercept = -(double)CERTAIN;
    f.parameters.diary.missed_share = 0.3;
    fixture_build(&f, 1, 1);
    struct patients *p = &f.site.patients;
    fixture_engage(&f, 0, 0);
    const struct hand_person before = hand_copy(p, 0);
    hold(&f.site, 0, 0, 40.0f, 1.0f);
    hand_compare(&before, p, 0, 0.0);
    assert_int_equal(p->sessions[0], 0);
    assert_int_equal(p->first_session_week[0], NEVER);
    assert_int_equal(p->contact_week[0], FIXTURE_WEEK - 2);
    assert_int_equal(p->was_due[0], 1);
    assert_int_equal(p->due_week[0], FIXTURE_WEEK + 2);
    assert_int_equal(f.site.events.missed_sessions, 1);
    assert_near(f.site.link_workers[0].unused, 40.0 * 0.7, 1e-5);
    fixture_end(&f);
}

static void attendance_follows_its_formula(void **state)
{
    (void)state;
    enum { PATIENTS = 20000 };
    struct fixture f;
    fixture_start(&f);
    f.parameters.attendance.intercept = 0.7;
    f.parameters.attendance.trust_weight = 1.5;
    f.parameters.attendance.enjoyment_weight = 2.5;
    f.parameters.attendance.stress_weight = 1.2;
    f.parameters.attendance.barrier_weight = 3.0;
    fixture_build(&f, PATIENTS, 1);
    for (size_t i = 0; i < PATIENTS; i++) {
        fixture_engage(&f, i, 0);
        hold(&f.site, i, 0, 45.0f, 1.0f);
    }
    /* A = (.3 + 0 + .15) / 3 */
    const double x = 0.7 + 1.5 * 0.3 + 2.5 * 0.1 - 1.2 * 0.55 - 3.0 * 0.15;
    assert_frequency(PATIENTS - f.site.events.missed_sessions, PATIENTS, hand_logistic(x));
    fixture_end(&f);
}

/* People who differ, with services to suggest. */
static void build_crowd(struct fixture *f, size_t patients)
{
    fixture_start(f);
    fixture_build(f, patients, 1);
    (void)fixture_add_service(f, NEED_MENTAL, FORMAT_ADVICE, 5);
    (void)fixture_add_service(f, NEED_FINANCIAL, FORMAT_GROUP, 5);
    struct patients *p = &f->site.patients;
    for (size_t i = 0; i < patients; i++) {
        fixture_engage(f, i, 0);
        p->need[i % NEED_COUNT][i] = 0.9f;
        p->trust[i] = 0.01f * (float)(i % 90);
        p->stress[i] = 0.99f - 0.01f * (float)(i % 80);
        p->barrier[i % BARRIER_COUNT][i] = 0.7f;
        p->clarity[i] = 0.5f + 0.005f * (float)(i % 70);
    }
}

/* Held together, in any order, sessions are what they are one by one. */
static void sessions_held_together_are_the_same(void **state)
{
    (void)state;
    for (int count = 1; count <= MEETINGS; count += 9) {
        struct fixture together, alone;
        const size_t patients = 2 * (size_t)count + 1;
        build_crowd(&together, patients);
        build_crowd(&alone, patients);
        int32_t rows[MEETINGS];
        for (int n = 0; n < count; n++) {
            rows[n] = 2 * (count - n) - 1;
            hold(&alone.site, (size_t)rows[n], 0, 45.0f, 0.8f);
        }
        sessions_hold(&together.site, 0, rows, count, 45.0f, 0.8f);
        assert_true(patients_hash(&together.site.patients, patients, 1) ==
                    patients_hash(&alone.site.patients, patients, 1));
        assert_memory_equal(&together.site.events, &alone.site.events, sizeof alone.site.events);
        assert_true(count < 19 || together.site.events.suggestions > 0);
        fixture_end(&together);
        fixture_end(&alone);
    }
}

/* Weeks to the next session of a patient in this state. */
static int interval(int status, float stress, int held, int taper_sessions)
{
    struct fixture f;
    quiet(&f);
    f.parameters.diary.interval_engaged = 2;
    f.parameters.diary.interval_crisis = 1;
    f.parameters.diary.interval_holding = 5;
    f.parameters.diary.interval_connected = 6;
    f.parameters.diary.interval_tapering = 4;
    f.parameters.session.offload_stress = 0.0;
    f.parameters.session.financial_stress_relief = 0.0;
    fixture_build(&f, 1, 1);
    struct patients *p = &f.site.patients;
    fixture_engage(&f, 0, 0);
    p->status[0] = status;
    p->stress[0] = stress;
    p->held[0] = held;
    p->taper_sessions[0] = taper_sessions;
    hold(&f.site, 0, 0, 45.0f, 1.0f);
    const int weeks = p->due_week[0] - FIXTURE_WEEK;
    fixture_end(&f);
    return weeks;
}

static void intervals_follow_the_status(void **state)
{
    (void)state;
    assert_int_equal(interval(STATUS_ENGAGED, 0.5f, 0, 0), 2);
    assert_int_equal(interval(STATUS_ENGAGED, 0.5f, 1, 0), 5);
    assert_int_equal(interval(STATUS_CONNECTED, 0.5f, 0, 0), 6);
    assert_int_equal(interval(STATUS_ENGAGED, 0.86f, 0, 0), 1);
    assert_int_equal(interval(STATUS_ENGAGED, 0.86f, 1, 0), 1);
    assert_int_equal(interval(STATUS_CONNECTED, 0.86f, 0, 0), 1);
    assert_int_equal(interval(STATUS_ENGAGED, 0.85f, 0, 0), 2); /* the limit is not beyond it */
}

static void tapering_intervals_double(void **state)
{
    (void)state;
    /* the first came after 4 weeks; the next after 8, 16, 32, crisis or not */
    assert_int_equal(interval(STATUS_TAPERING, 0.5f, 0, 0), 8);
    assert_int_equal(interval(STATUS_TAPERING, 0.5f, 0, 1), 16);
    assert_int_equal(interval(STATUS_TAPERING, 0.95f, 0, 2), 32);
    assert_true(interval(STATUS_TAPERING, 0.5f, 0, 19) > 0); /* no overflow */
}

static void taper_sessions_are_counted_missed_or_not(void **state)
{
    (void)state;
    for (int attended = 0; attended < 2; attended++) {
        struct fixture f;
        quiet(&f);
        f.parameters.attendance.intercept = attended ? 60.0 : -60.0;
        fixture_build(&f, 1, 1);
        fixture_engage(&f, 0, 0);
        f.site.patients.status[0] = STATUS_TAPERING;
        hold(&f.site, 0, 0, 45.0f, 1.0f);
        assert_int_equal(f.site.patients.taper_sessions[0], 1);
        assert_int_equal(f.site.patients.taper_attended[0], attended);
        fixture_end(&f);
    }
}

/* AP3: a consultation besides those of the week, and relief of the health barrier. */
static void arranged_consultations_are_counted(void **state)
{
    (void)state;
    struct fixture f;
    quiet(&f);
    f.parameters.session.arranged_gp = 1.0;
    f.parameters.session.arranged_gp_stress = 0.6;
    f.parameters.session.arranged_gp_health = 0.5;
    fixture_build(&f, 2, 1);
    struct patients *p = &f.site.patients;
    f.site.link_workers[0].advocacy = 1.0f;
    for (size_t i = 0; i < 2; i++) {
        fixture_engage(&f, i, 0);
        p->stress[i] = i == 0 ? 0.61f : 0.59f;
        p->first_offer_week[i] = FIXTURE_WEEK - 10;
        hold(&f.site, i, 0, 45.0f, 1.0f);
    }
    assert_int_equal(f.site.events.arranged, 1);
    assert_int_equal(f.site.events.caseload_consultations, 1);
    assert_int_equal(f.site.week_consultations, 1);
    assert_int_equal(p->consultations[0], 1);
    assert_int_equal(p->consultations_from_offer[0], 1);
    assert_int_equal(p->consultations_from_session[0], 1);
    assert_int_equal(p->consultations[1], 0);
    assert_near(p->barrier[BARRIER_HEALTH][0], 0.075, 1e-6);
    assert_near(p->barrier[BARRIER_HEALTH][1], 0.15, 1e-6);
    fixture_end(&f);
}

/* A year after the first offer the window of that count is over. */
static void arranged_consultations_fall_out_of_their_windows(void **state)
{
    (void)state;
    struct fixture f;
    quiet(&f);
    f.parameters.session.arranged_gp = 1.0;
    f.parameters.session.arranged_gp_stress = 0.0;
    fixture_build(&f, 1, 1);
    struct patients *p = &f.site.patients;
    f.site.link_workers[0].advocacy = 1.0f;
    fixture_engage(&f, 0, 0);
    p->first_offer_week[0] = FIXTURE_WEEK - 52;
    p->first_session_week[0] = p->session_window[0] = FIXTURE_WEEK - 51;
    hold(&f.site, 0, 0, 45.0f, 1.0f);
    assert_int_equal(p->consultations[0], 1);
    assert_int_equal(p->consultations_from_offer[0], 0);
    assert_int_equal(p->consultations_from_session[0], 1);
    fixture_end(&f);
}

/* A session sums its changes and clips once. */
static void sums_are_clipped_to_the_unit_interval(void **state)
{
    (void)state;
    struct fixture f;
    quiet(&f);
    f.parameters.session.offload_stress = 1.0;
    f.parameters.session.financial_stress_relief = 1.0;
    f.parameters.session.uplift_hope = 1.0;
    f.parameters.session.knowledge_hope = 1.0;
    f.parameters.mechanisms.IS3 = f.parameters.mechanisms.IS5 = 5.0;
    f.parameters.mechanisms.KS1 = f.parameters.mechanisms.KS4 = 5.0;
    fixture_build(&f, 1, 1);
    fixture_engage(&f, 0, 0);
    f.site.patients.trust[0] = 1.0f;
    hold(&f.site, 0, 0, 45.0f, 1.0f);
    assert_true(f.site.patients.stress[0] == 0.0f);
    assert_true(f.site.patients.hope[0] == 1.0f);
    fixture_verify(&f);
    fixture_end(&f);
}

/* Events add up, in millionths, what sessions changed, suggestions included. */
static void changes_of_sessions_are_added_up(void **state)
{
    (void)state;
    struct fixture f;
    quiet(&f);
    f.parameters.suggestion.readiness_threshold = 0.0;
    f.parameters.suggestion.push_threshold = 0.9;
    fixture_build(&f, 1, 1);
    (void)fixture_add_service(&f, NEED_MENTAL, FORMAT_ADVICE, 5);
    struct patients *p = &f.site.patients;
    f.site.link_workers[0].advocacy = 1.0f;
    fixture_engage(&f, 0, 0);
    const struct hand_person before = hand_copy(p, 0);
    double input = 0.0;
    for (int n = 0; n < 2; n++) {
        hold(&f.site, 0, 0, 45.0f, 0.9f);
        input += hand_input(&f.parameters, &f.site.link_workers[0], 0.9);
    }
    const struct hand_person after = hand_copy(p, 0);
    const struct events *e = &f.site.events;
    assert_true(e->pushes > 0);
    assert_near((double)e->session_input * 1e-6, input, 2e-6);
    assert_near((double)e->session_trust * 1e-6, after.trust - before.trust, 2e-6);
    assert_near((double)e->session_hope * 1e-6, after.hope - before.hope, 2e-6);
    assert_near((double)e->session_stress * 1e-6, after.stress - before.stress, 2e-6);
    assert_near((double)e->session_confidence * 1e-6, after.confidence - before.confidence, 2e-6);
    assert_near((double)e->session_clarity * 1e-6, after.clarity - before.clarity, 2e-6);
    assert_near((double)e->session_motivation * 1e-6, after.motivation - before.motivation, 2e-6);
    assert_near((double)e->session_coping * 1e-6, after.coping - before.coping, 2e-6);
    assert_near((double)e->session_isolation * 1e-6, after.isolation - before.isolation, 2e-6);
    assert_true(fabs(after.isolation - before.isolation) > 0.01);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_held_together_are_the_same),
        cmocka_unit_test(three_sessions_by_hand),
        cmocka_unit_test(one_session_with_a_pocket_calculator),
        cmocka_unit_test(a_session_leaves_its_marks),
        cmocka_unit_test(a_year_before_the_first_session_counts),
        cmocka_unit_test(a_missed_session_is_neither_contact_nor_session),
        cmocka_unit_test(attendance_follows_its_formula),
        cmocka_unit_test(intervals_follow_the_status),
        cmocka_unit_test(tapering_intervals_double),
        cmocka_unit_test(taper_sessions_are_counted_missed_or_not),
        cmocka_unit_test(arranged_consultations_are_counted),
        cmocka_unit_test(arranged_consultations_fall_out_of_their_windows),
        cmocka_unit_test(sums_are_clipped_to_the_unit_interval),
        cmocka_unit_test(changes_of_sessions_are_added_up),
    };
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
