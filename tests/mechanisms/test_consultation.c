/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mechanisms/consultation.h"

#include "mechanisms/mechanisms.h"
#include "state/site_fixture.h"

static void the_probability_by_hand(void **state)
{
    (void)state;
    /* g = 6 exp(.84 (.55 - .3)) */
    const double g = 6.0 * exp(0.84 * 0.25);
    assert_near(consultation_probability(6.0f, 0.84f, 0.55f, 0.0f), 1.0 - exp(-g / 52.0), 1e-6);
    assert_near(consultation_probability(6.0f, 0.84f, 0.3f, 0.0f), 1.0 - exp(-6.0 / 52.0), 1e-6);
    assert_near(consultation_probability(6.0f, 0.84f, 0.3f, 0.25f), 1.0 - exp(-4.5 / 52.0), 1e-6);
    assert_true(consultation_probability(6.0f, 0.84f, 0.3f, 1.4f) == 0.0f); /* never negative */
    assert_true(consultation_probability(0.0f, 0.84f, 0.9f, 0.0f) == 0.0f);
    assert_near(consultation_probability(1e5f, 0.84f, 0.9f, 0.0f), 1.0, 1e-7);
}

/* Frequency over many persons; AP4 acts on a caseload only, at strength 0, 1, 2. */
static void check_frequency(int status, double strength, double substituted)
{
    enum { PATIENTS = 50000 };
    struct fixture f;
    fixture_start(&f);
    f.parameters.gp.stress_effect = 0.84;
    f.parameters.gp.substitution = 0.9;
    f.parameters.mechanisms.AP4 = strength;
    fixture_build(&f, PATIENTS, 1);
    for (size_t i = 0; i < PATIENTS; i++) {
        f.site.patients.status[i] = status;
    }
    weekly_draws(&f.site);
    consultation_step(&f.site);
    const double g = 6.0 * exp(0.84 * (0.55 - 0.3)) * (1.0 - substituted);
    assert_frequency(f.site.week_consultations, PATIENTS, 1.0 - exp(-g / 52.0));
    const bool on = status_is_on_caseload(status) != 0;
    assert_int_equal(f.site.events.caseload_weeks, on ? PATIENTS : 0);
    assert_int_equal(f.site.events.caseload_consultations, on ? f.site.week_consultations : 0);
    fixture_end(&f);
}

static void consultations_come_with_their_probability(void **state)
{
    (void)state;
    check_frequency(STATUS_WAITING, 1.0, 0.0);
    check_frequency(STATUS_CLOSED, 2.0, 0.0);
    check_frequency(STATUS_DECLINED, 1.0, 0.0);
    check_frequency(STATUS_ENGAGED, 0.0, 0.0);
    check_frequency(STATUS_ENGAGED, 1.0, 0.9 * 0.3);
    check_frequency(STATUS_CONNECTED, 2.0, 0.9 * 0.3 * 2.0);
    check_frequency(STATUS_TAPERING, 1.0, 0.9 * 0.3);
}

static void consultations_are_remembered(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 5, 0);
    struct patients *p = &f.site.patients;
    fixture_draws(&f, 0.0f); /* everybody consults */
    for (size_t i = 0; i < 5; i++) {
        p->consultation_history[i] = 0x5;
    }
    consultation_step(&f.site);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(p->consulted[i], 1);
        assert_int_equal(p->consultations[i], 1);
        assert_true(p->consultation_history[i] == 0xb);
    }
    fixture_draws(&f, 0.9999f);
    consultation_step(&f.site);
    assert_int_equal(p->consulted[0], 0);
    assert_int_equal(p->consultations[0], 1);
    assert_true(p->consultation_history[0] == 0x16);
    assert_int_equal(f.site.week_consultations, 0);
    fixture_end(&f);
}

/* Everybody consults every week and has had three consultations arranged. The year of row i begins i weeks
 * after that of row 0, which is over this week. */
static void years_are_counted_when_they_are_over(void **state)
{
    (void)state;
    enum { ROWS = 52, BEGIN = FIXTURE_WEEK - 51 };
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, ROWS, 0);
    struct patients *p = &f.site.patients;
    fixture_draws(&f, 0.0f);
    for (size_t i = 0; i < ROWS; i++) {
        p->first_offer_week[i] = p->session_window[i] = BEGIN + (int)i;
        p->consultations_from_offer[i] = p->consultations_from_session[i] = 3;
        p->consultation_history[i] = UINT64_MAX;
        f.site.seen[i] = (int32_t)i;
    }
    f.site.seen_count = ROWS;
    for (int over = 1; over <= 3; over++) {
        consultation_step(&f.site);
        for (int i = 0; i < ROWS; i++) {
            assert_int_equal(p->consultations_from_offer[i], i < over ? 3 + 52 : 3);
            assert_int_equal(p->consultations_from_session[i], i < over ? 3 + 52 : 3);
        }
        f.site.week++;
    }
    f.site.week--;
    consultation_complete(&f.site); /* the run ends here: 52 weeks for row 2, 51 for row 3 */
    for (int i = 0; i < ROWS; i++) {
        const int weeks = i < 3 ? 52 : 54 - i;
        assert_int_equal(p->consultations_from_offer[i], 3 + weeks);
        assert_int_equal(p->consultations_from_session[i], 3 + weeks);
    }
    fixture_end(&f);
}

/* Patients of other groups consult, but are not counted among the events. */
static void only_the_counted_are_counted(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 3, 1);
    for (size_t i = 0; i < 3; i++) {
        fixture_engage(&f, i, 0);
    }
    f.site.patients.counted[1] = 0;
    fixture_draws(&f, 0.0f);
    consultation_step(&f.site);
    assert_int_equal(f.site.events.caseload_weeks, 2);
    assert_int_equal(f.site.events.caseload_consultations, 2);
    assert_int_equal(f.site.week_consultations, 3);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_probability_by_hand),
        cmocka_unit_test(consultations_come_with_their_probability),
        cmocka_unit_test(consultations_are_remembered),
        cmocka_unit_test(years_are_counted_when_they_are_over),
        cmocka_unit_test(only_the_counted_are_counted),
    };
    return cmocka_run_group_tests_name("consultation", tests, NULL, NULL);
}
