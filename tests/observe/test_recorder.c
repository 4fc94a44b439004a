/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/recorder.h"

#include "observe/pathways.h"
#include "state/indices.h"
#include "state/site_fixture.h"

static const float *row_of(const struct recorder *recorder, int week)
{
    return &recorder->weekly[(size_t)week * RECORD_COUNT];
}

static void begin(struct fixture *f, struct recorder *recorder)
{
    assert_int_equal(recorder_init(recorder, &f->arena, &f->site), 0);
}

/* 35 people, more than two vectors and a rest: five in each status; two posts, one of them vacant.
 * Returns the mean of SWEMWBS.
 */
static double crowd(struct fixture *f)
{
    struct patients *p = &f->site.patients;
    double points = 0.0;
    f->site.population = 50;
    f->site.week_consultations = 9;
    for (size_t i = 0; i < 35; i++) {
        p->trust[i] = 0.02f * (float)i;
        p->hope[i] = 0.5f;
        p->status[i] = (int32_t)(1 + i % 7);
        points += (double)wellbeing(&f->coefficients, p, i) / 35.0;
    }
    for (int post = 0; post < 2; post++) {
        struct link_worker *w = &f->site.link_workers[post];
        w->worked = post == 0;
        w->sessions = 4 + post;
        w->session_minutes = 150.0;
        w->postponed = 1;
        w->minutes = 600.0;
        w->asked = 300.0;
        w->given = 240.0;
    }
    (void)fixture_add_service(f, NEED_SOCIAL, FORMAT_GROUP, 7);
    (void)fixture_add_service(f, NEED_SOCIAL, FORMAT_REMOTE, 5);
    f->site.services[0].taken = 3;
    f->site.services[1].taken = 1;
    return points;
}

static void a_week_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    struct recorder recorder;
    fixture_start(&f);
    fixture_build(&f, 35, 2);
    const double points = crowd(&f);
    begin(&f, &recorder);
    recorder_week(&recorder, &f.site);
    const float *row = row_of(&recorder, FIXTURE_WEEK);
    const struct {
        int column;
        double value;
    } expected[] = {{RECORD_STATUS, 15.0},
                    {RECORD_OFFERED, 35.0},
                    {RECORD_CONSULTATIONS, 9.0},
                    {RECORD_PLACES_TAKEN, 4.0},
                    {RECORD_PLACES, 12.0},
                    {RECORD_SESSIONS, 9.0},
                    {RECORD_SESSION_MINUTES, 300.0},
                    {RECORD_POSTPONED, 2.0},
                    {RECORD_MINUTES, 1200.0},
                    {RECORD_MINUTES_ASKED, 600.0},
                    {RECORD_MINUTES_GIVEN, 480.0},
                    {RECORD_POSTS_FILLED, 1.0},
                    {RECORD_TRUST, 0.02 * 17.0},
                    {RECORD_HOPE, 0.5},
                    {RECORD_STRESS, 0.55},
                    {RECORD_CONFIDENCE, 0.35},
                    {RECORD_ISOLATION, 0.45},
                    {RECORD_CLARITY, 0.3},
                    {RECORD_MOTIVATION, 0.4},
                    {RECORD_COPING, 0.45},
                    {RECORD_TIES, 0.5}};
    for (size_t n = 0; n < sizeof expected / sizeof expected[0]; n++) {
        assert_near(row[expected[n].column], expected[n].value, 1e-6);
    }
    for (int s = 1; s < STATUS_COUNT; s++) {
        assert_near(row[RECORD_STATUS + s], 5.0, 0.0);
    }
    assert_near(row[RECORD_SWEMWBS], points, 1e-4);
    fixture_end(&f);
}

static void a_post_s_week_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    struct recorder recorder;
    fixture_start(&f);
    fixture_build(&f, 3, 2);
    fixture_engage(&f, 0, 1);
    struct link_worker *w = &f.site.link_workers[1];
    w->worked = true;
    w->sessions = 4;
    w->postponed = 2;
    w->asked = 300.0;
    w->given = 240.0;
    w->community = 33.0;
    begin(&f, &recorder);
    recorder_week(&recorder, &f.site);
    const float *row = &recorder.post_weekly[(FIXTURE_WEEKS + FIXTURE_WEEK) * POST_COUNT];
    const double expected[POST_COUNT] = {1.0, 1.0, 4.0, 2.0, 300.0, 240.0, 33.0, 0.5, 0.2};
    for (int c = 0; c < POST_COUNT; c++) {
        assert_near(row[c], expected[c], 1e-6);
    }
    fixture_end(&f);
}

/* Sums of the window: burn-in to the end of arrivals, staffed weeks only. */
static void windows_of_the_service(void **state)
{
    (void)state;
    struct fixture f;
    struct recorder recorder;
    fixture_start(&f);
    f.parameters.run.burn_in_weeks = 20;
    f.parameters.population.arrival_weeks = 100;
    fixture_build(&f, 4, 2);
    (void)fixture_add_service(&f, NEED_SOCIAL, FORMAT_GROUP, 10);
    f.site.services[0].taken = 2;
    fixture_engage(&f, 0, 0);
    fixture_wait(&f, 1, 5);
    struct link_worker *w = &f.site.link_workers[0];
    w->worked = true;
    w->asked = 200.0;
    w->given = 150.0;
    w->accompanying = 75.0;
    w->unused = 20.0;
    w->community = 60.0;
    w->sessions = 3;
    w->session_minutes = 120.0;
    w->quality_sum = 2.4;
    w->postponed = 1;
    w->due = 4;
    begin(&f, &recorder);
    for (f.site.week = 15; f.site.week < 110; f.site.week++) {
        w->left = f.site.week == 50 || f.site.week == 105;
        recorder_week(&recorder, &f.site);
    }
    const struct window *s = &recorder.window;
    const double weeks = 80.0; /* 20 to 99 */
    assert_near(s->site_weeks, weeks, 0.0);
    assert_near(s->post_weeks, 2.0 * weeks, 0.0);
    assert_near(s->staffed_weeks, weeks, 0.0);
    assert_near(s->caseload, weeks, 0.0);
    assert_near(s->community_minutes, 60.0 * weeks, 1e-6);
    assert_near(s->knowledge, 0.5 * weeks, 1e-4);
    assert_near(s->overload, 0.25 * weeks, 1e-6);
    assert_near(s->burnout, 0.2 * weeks, 1e-4);
    assert_near(s->contact_minutes, 205.0 * weeks, 1e-6);
    assert_near(s->sessions, 3.0 * weeks, 0.0);
    assert_near(s->session_minutes, 120.0 * weeks, 1e-6);
    assert_near(s->quality, 2.4 * weeks, 1e-6);
    assert_near(s->postponed, weeks, 0.0);
    assert_near(s->due, 4.0 * weeks, 0.0);
    assert_near(s->leavers, 1.0, 0.0);
    assert_near(s->waiting, weeks, 0.0);
    assert_near(s->places_taken, 2.0 * weeks, 0.0);
    assert_near(s->places, 10.0 * weeks, 0.0);
    assert_near(s->person_weeks, 4.0 * weeks, 0.0);
    assert_near(s->status_weeks[STATUS_ENGAGED], weeks, 0.0);
    assert_near(s->status_weeks[STATUS_DECLINED], 2.0 * weeks, 0.0);
    fixture_end(&f);
}

static void registered_windows_end_with_the_run(void **state)
{
    (void)state;
    struct fixture f;
    struct recorder recorder;
    fixture_start(&f);
    f.parameters.run.mode = RUN_MODE_REGISTERED;
    fixture_build(&f, 1, 1);
    begin(&f, &recorder);
    assert_int_equal(recorder.window_start, f.parameters.run.burn_in_weeks);
    assert_int_equal(recorder.window_end, FIXTURE_WEEKS);
    fixture_end(&f);
}

/* Wellbeing adds up plain and discounted; costs are discounted by (1 + r)^(-week / 52). */
static void sums_are_discounted(void **state)
{
    (void)state;
    struct fixture f;
    struct recorder recorder;
    fixture_start(&f);
    f.parameters.cost.discount_rate = 0.1;
    f.parameters.diary.full_time_equivalent = 0.5;
    fixture_build(&f, 2, 2);
    (void)fixture_add_service(&f, NEED_SOCIAL, FORMAT_GROUP, 10);
    f.site.services[0].taken = 3;
    f.site.week_consultations = 4;
    begin(&f, &recorder);
    const double points = (double)wellbeing(&f.coefficients, &f.site.patients, 1);
    double factors = 0.0;
    for (f.site.week = 0; f.site.week < 105; f.site.week++) {
        recorder_week(&recorder, &f.site);
        factors += pow(1.1, -f.site.week / 52.0);
    }
    assert_near(discount_factor(&f.coefficients.parameters, 104), 1.0 / 1.21, 1e-12);
    assert_near(f.site.patients.wellbeing_sum[1], 105.0 * points, 0.02);
    assert_near(f.site.patients.wellbeing_discounted[1], factors * points, 0.02);
    assert_near(recorder.link_worker_cost_weeks, factors * 2.0 * 0.5, 1e-9);
    assert_near(recorder.place_cost_weeks, factors * 3.0, 1e-9);
    assert_near(recorder.consultations_discounted, factors * 4.0, 1e-9);
    assert_int_equal(recorder.stepped_patient_weeks, 210);
    fixture_end(&f);
}

/* Snapshots come at the end of the weeks 1, 2, 4, ... 52 after the first session. */
static void snapshots_come_at_their_lags(void **state)
{
    (void)state;
    struct fixture f;
    struct recorder recorder;
    fixture_start(&f);
    fixture_build(&f, 3, 1);
    begin(&f, &recorder);
    f.site.seen_count = 0;
    for (f.site.week = 0; f.site.week < 100; f.site.week++) {
        f.site.seen_before[f.site.week] = f.site.seen_count;
        if (f.site.week == 10) { /* row 2 is seen first in week 10, row 1 in week 40 */
            f.site.seen[f.site.seen_count++] = 2;
        } else if (f.site.week == 40) {
            f.site.seen[f.site.seen_count++] = 1;
        }
        for (size_t i = 0; i < 3; i++) {
            f.site.patients.trust[i] = (float)f.site.week / 200.0f;
        }
        recorder_week(&recorder, &f.site);
    }
    for (int lag = 1; lag < LAG_COUNT; lag++) {
        assert_near(snapshot_at(&f.site, 2, lag)[MEASURE_TRUST], (10.0 + lag_weeks[lag]) / 200.0,
                    1e-6);
        assert_near(snapshot_at(&f.site, 1, lag)[MEASURE_TRUST], (40.0 + lag_weeks[lag]) / 200.0,
                    1e-6);
        assert_true(snapshot_at(&f.site, 0, lag)[MEASURE_TRUST] == 0.0f);
    }
    fixture_end(&f);
}

static void pathways_are_fixed_at_their_horizon(void **state)
{
    (void)state;
    struct fixture f;
    struct recorder recorder;
    fixture_start(&f);
    f.parameters.outcome.pathway_weeks = 20;
    fixture_build(&f, 1, 1);
    begin(&f, &recorder);
    f.site.patients.ever_taken_up[0] = 1;
    f.site.patients.sessions[0] = 9;
    for (f.site.week = 0; f.site.week < 60; f.site.week++) {
        f.site.seen_before[f.site.week] = f.site.seen_count;
        if (f.site.week == 7) {
            f.site.seen[f.site.seen_count++] = 0;
        }
        if (f.site.week == 28) { /* connects just after the horizon of week 27 */
            f.site.patients.link_connection_week[0] = 28;
        }
        recorder_week(&recorder, &f.site);
        assert_int_equal(f.site.patients.pathway[0],
                         f.site.week < 27 ? NEVER : PATHWAY_C_CONNECTING_WITH);
    }
    fixture_end(&f);
}

/* Four weeks after a closing, if still closed. */
static void closings_are_looked_back_at(void **state)
{
    (void)state;
    struct fixture f;
    struct recorder recorder;
    fixture_start(&f);
    fixture_build(&f, 3, 1);
    begin(&f, &recorder);
    struct patients *p = &f.site.patients;
    for (size_t i = 0; i < 3; i++) {
        p->closing_week[i] = FIXTURE_WEEK - (i == 1 ? 3 : 4);
        p->status[i] = i == 2 ? STATUS_WAITING : STATUS_CLOSED;
    }
    recorder_week(&recorder, &f.site);
    assert_near(p->after_closing_stress[0], 0.55, 1e-7);
    assert_near(p->after_closing_hope[0], 0.4, 1e-7);
    assert_near(p->after_closing_wellbeing[0], wellbeing(&f.coefficients, p, 0), 1e-6);
    assert_near(p->after_closing_stress[1], -1.0, 0.0);
    assert_near(p->after_closing_stress[2], -1.0, 0.0);
    fixture_end(&f);
}

static void means_of_nobody_are_undefined(void **state)
{
    (void)state;
    struct fixture f;
    struct recorder recorder;
    fixture_start(&f);
    fixture_build(&f, 2, 1);
    f.site.offered = 0;
    begin(&f, &recorder);
    recorder_week(&recorder, &f.site);
    for (int c = RECORD_TRUST; c < RECORD_MOVES; c++) {
        assert_true(isnan(row_of(&recorder, FIXTURE_WEEK)[c]));
    }
    assert_near(row_of(&recorder, FIXTURE_WEEK)[RECORD_STATUS], 2.0, 0.0);
    fixture_end(&f);
}

/* A change of status is counted once, in the week in which it shows; who stays is not counted. */
static void moves_between_statuses(void **state)
{
    (void)state;
    struct fixture f;
    struct recorder recorder;
    fixture_start(&f);
    fixture_build(&f, 4, 1);
    int32_t *status = f.site.patients.status;
    const int32_t first[] = {STATUS_WAITING, STATUS_WAITING, STATUS_DECLINED, STATUS_ENGAGED};
    memcpy(status, first, sizeof first);
    begin(&f, &recorder);
    recorder_week(&recorder, &f.site);
    status[0] = STATUS_ENGAGED;
    status[3] = STATUS_CLOSED;
    f.site.week++;
    recorder_week(&recorder, &f.site);
    float expected[2][STATUS_COUNT][STATUS_COUNT] = {{{0.0f}}};
    expected[0][STATUS_LATENT][STATUS_WAITING] = 2.0f;
    expected[0][STATUS_LATENT][STATUS_DECLINED] = 1.0f;
    expected[0][STATUS_LATENT][STATUS_ENGAGED] = 1.0f;
    expected[1][STATUS_WAITING][STATUS_ENGAGED] = 1.0f;
    expected[1][STATUS_ENGAGED][STATUS_CLOSED] = 1.0f;
    for (int week = 0; week < 2; week++) {
        const float *moves = row_of(&recorder, FIXTURE_WEEK + week) + RECORD_MOVES;
        assert_memory_equal(moves, expected[week], sizeof expected[week]);
    }
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_by_hand),
        cmocka_unit_test(a_post_s_week_by_hand),
        cmocka_unit_test(windows_of_the_service),
        cmocka_unit_test(registered_windows_end_with_the_run),
        cmocka_unit_test(sums_are_discounted),
        cmocka_unit_test(snapshots_come_at_their_lags),
        cmocka_unit_test(pathways_are_fixed_at_their_horizon),
        cmocka_unit_test(closings_are_looked_back_at),
        cmocka_unit_test(means_of_nobody_are_undefined),
        cmocka_unit_test(moves_between_statuses),
    };
    return cmocka_run_group_tests_name("recorder", tests, NULL, NULL);
}
