/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hand_model.h"
#include "mechanisms/mechanisms.h"
#include "state/site_fixture.h"

/* Offers, decisions, the waiting list and the ways back; the opening contact has its own file. */

enum { PATIENTS = 20000 };

/* Everyone is first offered a referral this week, without an acute rise of stress. */
static void first_offers(struct fixture *f, size_t patients, bool by_gp)
{
    fixture_build(f, patients, 0);
    f->site.offered = 0;
    for (size_t i = 0; i < patients; i++) {
        f->site.patients.status[i] = STATUS_LATENT;
        f->site.patients.first_offer_week[i] = FIXTURE_WEEK;
        f->site.patients.first_offer_by_gp[i] = by_gp;
        f->site.patients.trust[i] = 0.0f;
    }
}

static void calm(struct fixture *f)
{
    fixture_start(f);
    f->parameters.population.acute_stress = f->parameters.population.acute_hope = 0.0;
}

static void check_acceptance(double en1, double en2, double en3, double en4, bool by_gp)
{
    struct fixture f;
    calm(&f);
    f.parameters.enrolment.accept_intercept = -0.4;
    f.parameters.enrolment.urgency_weight = 1.5;
    f.parameters.enrolment.few_alternatives_weight = 1.1;
    f.parameters.enrolment.gp_weight = 1.3;
    f.parameters.enrolment.uncertainty_weight = 1.7;
    f.parameters.mechanisms.EN1 = en1;
    f.parameters.mechanisms.EN2 = en2;
    f.parameters.mechanisms.EN3 = en3;
    f.parameters.mechanisms.EN4 = en4;
    first_offers(&f, PATIENTS, by_gp);
    const struct hand_person hand = hand_copy(&f.site.patients, 0);
    const double v = hand_severity(&f.parameters, &hand);
    const double x = -0.4 + 1.5 * en2 * 0.55 * v + 1.1 * en3 * 0.5 * v +
                     1.3 * en4 * (by_gp ? 0.7 : 0.0) - 1.7 * en1 * 0.5;
    enrolment_step(&f.site);
    assert_int_equal(f.site.offered, PATIENTS);
    assert_int_equal(by_gp ? f.site.events.offers_gp : f.site.events.offers_other, PATIENTS);
    assert_frequency(f.site.events.accepted_gp + f.site.events.accepted_other, PATIENTS,
                     hand_logistic(x));
    fixture_end(&f);
}

static void offers_are_accepted_by_the_formula(void **state)
{
    (void)state;
    check_acceptance(1.0, 1.0, 1.0, 1.0, true);
    check_acceptance(1.0, 1.0, 1.0, 1.0, false);
    check_acceptance(0.0, 1.0, 1.0, 1.0, true);
    check_acceptance(1.0, 0.0, 1.0, 1.0, true);
    check_acceptance(1.0, 1.0, 0.0, 1.0, true);
    check_acceptance(1.0, 1.0, 1.0, 0.0, true);
    check_acceptance(2.0, 1.0, 1.0, 1.0, true);
    check_acceptance(1.0, 2.0, 1.0, 1.0, true);
    check_acceptance(1.0, 1.0, 2.0, 1.0, true);
    check_acceptance(1.0, 1.0, 1.0, 2.0, true);
    check_acceptance(1.0, 1.0, 1.0, 2.0, false);
}

static void the_answer_is_written_down(void **state)
{
    (void)state;
    for (int accepts = 0; accepts < 2; accepts++) {
        struct fixture f;
        calm(&f);
        f.parameters.enrolment.accept_intercept = accepts ? 60.0 : -60.0;
        first_offers(&f, 1, true);
        const struct patients *p = &f.site.patients;
        const struct hand_person hand = hand_copy(p, 0);
        enrolment_step(&f.site);
        assert_int_equal(p->status[0], accepts ? STATUS_WAITING : STATUS_DECLINED);
        assert_int_equal(p->status_week[0], FIXTURE_WEEK);
        assert_int_equal(p->accepted_first[0], accepts);
        assert_int_equal(p->ever_accepted[0], accepts);
        assert_near(p->offer_urgency[0], 0.55 * hand_severity(&f.parameters, &hand), 1e-6);
        assert_near(p->offer_uncertainty[0], 0.5, 1e-7);
        if (accepts) {
            assert_int_equal(p->accepted_week[0], FIXTURE_WEEK);
            assert_int_equal(p->contact_week[0], FIXTURE_WEEK);
        }
        fixture_end(&f);
    }
}

/* T = max(T, t_gp [EN4] GP credibility): a loan, not a gift on top. */
static double trust_after(bool by_gp, double strength, double before)
{
    struct fixture f;
    calm(&f);
    f.parameters.enrolment.accept_intercept = 60.0;
    f.parameters.enrolment.gp_initial_trust = 0.4;
    f.parameters.mechanisms.EN4 = strength;
    first_offers(&f, 1, by_gp);
    f.site.patients.trust[0] = (float)before;
    enrolment_step(&f.site);
    const double trust = (double)f.site.patients.trust[0];
    fixture_end(&f);
    return trust;
}

static void a_gp_lends_trust(void **state)
{
    (void)state;
    assert_near(trust_after(true, 1.0, 0.0), 0.28, 1e-6);
    assert_near(trust_after(true, 2.0, 0.0), 0.56, 1e-6);
    assert_near(trust_after(true, 5.0, 0.0), 1.0, 1e-6);
    assert_near(trust_after(true, 0.0, 0.0), 0.0, 0.0);
    assert_near(trust_after(false, 1.0, 0.0), 0.0, 0.0);
    assert_near(trust_after(true, 1.0, 0.5), 0.5, 1e-6);
}

/* In cohort mode S rises by 2u a, H falls by 2u b, with one u: on average by a and b. */
static void people_come_when_things_are_worse(void **state)
{
    (void)state;
    for (int mode = 0; mode < 2; mode++) {
        struct fixture f;
        fixture_start(&f);
        f.parameters.run.mode = mode ? RUN_MODE_REGISTERED : RUN_MODE_COHORT;
        f.parameters.population.acute_stress = 0.3;
        f.parameters.population.acute_hope = 0.2;
        first_offers(&f, PATIENTS, true);
        enrolment_step(&f.site);
        struct sample stress = {0}, hope = {0};
        for (size_t i = 0; i < PATIENTS; i++) {
            const double s = ((double)f.site.patients.stress[i] - 0.55) / 0.45;
            const double h = (0.4 - (double)f.site.patients.hope[i]) / 0.4;
            assert_near(h, s * 0.2 / 0.3, 1e-5);
            assert_true(s > -1e-6 && s < 0.6);
            sample_add(&stress, s);
            sample_add(&hope, h);
        }
        if (mode == 0) {
            assert_sample_mean(&stress, 0.3);
            assert_sample_mean(&hope, 0.2);
            assert_near(sample_variance(&stress), 0.6 * 0.6 / 12.0, 0.001);
        } else {
            assert_near(sample_mean(&stress), 0.0, 1e-6);
        }
        fixture_end(&f);
    }
}

/* Urgency at the decision includes the acute rise. */
static void the_decision_comes_after_the_acute_rise(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.population.acute_stress = 0.5;
    first_offers(&f, 1, true);
    const struct hand_person hand = hand_copy(&f.site.patients, 0);
    enrolment_step(&f.site);
    assert_true(f.site.patients.stress[0] > 0.56f);
    assert_near(f.site.patients.offer_urgency[0],
                (double)f.site.patients.stress[0] * hand_severity(&f.parameters, &hand), 1e-6);
    fixture_end(&f);
}

static void offers_of_later_weeks_wait(void **state)
{
    (void)state;
    struct fixture f;
    calm(&f);
    first_offers(&f, 5, true);
    f.site.patients.first_offer_week[3] = FIXTURE_WEEK + 1;
    f.site.patients.first_offer_week[4] = FIXTURE_WEEK + 1;
    f.site.patients.consulted[1] = 1;
    f.site.patients.consulted[3] = 1;
    enrolment_step(&f.site);
    assert_int_equal(f.site.offered, 3);
    assert_int_equal(f.site.week_consultations, 1); /* of those offered this week */
    assert_int_equal(f.site.patients.status[3], STATUS_LATENT);
    fixture_end(&f);
}

/* Weekly attrition w_0 + w_U U, from the week after acceptance on; counts as declined. */
static void waiting_lists_lose_people(void **state)
{
    (void)state;
    for (int waited = 0; waited < 2; waited++) {
        struct fixture f;
        fixture_start(&f);
        f.parameters.waiting.attrition_base = 0.05;
        f.parameters.waiting.attrition_uncertainty = 0.2;
        fixture_build(&f, PATIENTS, 1);
        for (size_t i = 0; i < PATIENTS; i++) {
            fixture_wait(&f, i, FIXTURE_WEEK - waited);
        }
        weekly_draws(&f.site);
        enrolment_step(&f.site);
        int left = 0;
        for (size_t i = 0; i < PATIENTS; i++) {
            left += f.site.patients.status[i] == STATUS_DECLINED;
        }
        assert_int_equal(f.site.events.left_waiting_list, left);
        assert_frequency(left, PATIENTS, waited ? 0.05 + 0.2 * 0.5 : 0.0);
        fixture_end(&f);
    }
}

/* Everyone is off the books since `weeks` weeks; how many get an offer, and by whom. */
static void reoffer(struct fixture *f, int status, int weeks, bool consulted)
{
    fixture_build(f, PATIENTS, 0);
    struct patients *p = &f->site.patients;
    for (size_t i = 0; i < PATIENTS; i++) {
        p->status[i] = status;
        p->status_week[i] = FIXTURE_WEEK - weeks;
        p->consulting[i] = consulted ? 1.0f : 0.0f;
    }
    weekly_draws(&f->site);
    enrolment_step(&f->site);
}

static void gps_offer_again_after_a_while(void **state)
{
    (void)state;
    const int statuses[] = {STATUS_CLOSED, STATUS_DECLINED, STATUS_DISENGAGED};
    for (int n = 0; n < 3; n++) {
        struct fixture f;
        fixture_start(&f);
        f.parameters.gp.offer_base = 0.8;
        f.parameters.gp.reoffer_weeks = 26;
        f.parameters.gp.other_route_hazard = 0.0;
        reoffer(&f, statuses[n], 27, true);
        const struct hand_person hand = hand_copy(&f.site.patients, 0);
        const double v = hand_severity(&f.parameters, &hand);
        assert_frequency(f.site.events.offers_gp, PATIENTS, 0.8 * 0.6 * v);
        assert_int_equal(f.site.patients.accepted_first[0], 0); /* not a first offer */
        fixture_end(&f);
    }
}

static void no_offers_too_early_without_consultation_or_need(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.gp.offer_base = 1.0;
    f.parameters.gp.other_route_hazard = 0.0;
    reoffer(&f, STATUS_DECLINED, 26, true); /* not longer than 26 weeks */
    assert_int_equal(f.site.events.offers_gp, 0);
    fixture_end(&f);
    reoffer(&f, STATUS_DECLINED, 27, false);
    assert_int_equal(f.site.events.offers_gp, 0);
    fixture_end(&f);
    f.parameters.gp.minimum_severity = 0.8; /* V is .716 */
    reoffer(&f, STATUS_DECLINED, 27, true);
    assert_int_equal(f.site.events.offers_gp, 0);
    fixture_end(&f);
    f.parameters.gp.minimum_severity = 0.7;
    reoffer(&f, STATUS_DECLINED, 27, true);
    assert_true(f.site.events.offers_gp > 0);
    fixture_end(&f);
}

/* h_other V where no GP made an offer; the minimum severity is the GP's. */
static void other_routes_offer_too(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.gp.offer_base = 0.5;
    f.parameters.gp.other_route_hazard = 0.3;
    reoffer(&f, STATUS_DECLINED, 40, true);
    const struct hand_person hand = hand_copy(&f.site.patients, 0);
    const double v = hand_severity(&f.parameters, &hand), gp = 0.5 * 0.6 * v;
    assert_frequency(f.site.events.offers_gp, PATIENTS, gp);
    assert_frequency(f.site.events.offers_other, PATIENTS, (1.0 - gp) * 0.3 * v);
    fixture_end(&f);
    f.parameters.gp.minimum_severity = 0.9;
    reoffer(&f, STATUS_DECLINED, 40, false);
    assert_frequency(f.site.events.offers_other, PATIENTS, 0.3 * v);
    fixture_end(&f);
}

/* AP6: closed and told comes back with return_hazard [AP6] S a week, straight to the list. */
static void check_return(int status, int told, double strength, double expected)
{
    struct fixture f;
    fixture_start(&f);
    f.parameters.ending.return_hazard = 0.3;
    f.parameters.mechanisms.AP6 = strength;
    f.parameters.gp.other_route_hazard = 0.0;
    fixture_build(&f, PATIENTS, 0);
    for (size_t i = 0; i < PATIENTS; i++) {
        f.site.patients.status[i] = status;
        f.site.patients.status_week[i] = FIXTURE_WEEK - 1; /* no need to wait for half a year */
        f.site.patients.told[i] = told;
    }
    weekly_draws(&f.site);
    enrolment_step(&f.site);
    int waiting = 0;
    for (size_t i = 0; i < PATIENTS; i++) {
        const bool waits = f.site.patients.status[i] == STATUS_WAITING;
        waiting += waits;
        assert_int_equal(f.site.patients.ever_returned[i], waits);
        assert_true(!waits || f.site.patients.accepted_week[i] == FIXTURE_WEEK);
    }
    assert_int_equal(f.site.events.returns, waiting);
    assert_frequency(waiting, PATIENTS, expected);
    fixture_end(&f);
}

static void the_known_way_back(void **state)
{
    (void)state;
    check_return(STATUS_CLOSED, 1, 1.0, 0.3 * 0.55);
    check_return(STATUS_CLOSED, 1, 2.0, 0.6 * 0.55);
    check_return(STATUS_CLOSED, 1, 0.0, 0.0);
    check_return(STATUS_CLOSED, 0, 1.0, 0.0);
    check_return(STATUS_DISENGAGED, 1, 1.0, 0.0);
    check_return(STATUS_DECLINED, 1, 1.0, 0.0);
}

/* The known way back is tried first; other routes reach those it has not brought back. */
static void the_way_back_comes_before_other_routes(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.ending.return_hazard = 0.4;
    f.parameters.gp.other_route_hazard = 0.5;
    fixture_build(&f, PATIENTS, 0);
    struct patients *p = &f.site.patients;
    for (size_t i = 0; i < PATIENTS; i++) {
        p->status[i] = STATUS_CLOSED;
        p->status_week[i] = FIXTURE_WEEK - 40;
        p->told[i] = 1;
    }
    const struct hand_person hand = hand_copy(p, 0);
    const double back = 0.4 * 0.55, v = hand_severity(&f.parameters, &hand);
    weekly_draws(&f.site);
    enrolment_step(&f.site);
    assert_frequency(f.site.events.returns, PATIENTS, back);
    assert_frequency(f.site.events.offers_other, PATIENTS, (1.0 - back) * 0.5 * v);
    fixture_end(&f);
}

/* Those on a caseload are offered nothing. */
static void people_on_a_caseload_get_no_offers(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.gp.offer_base = 1.0;
    f.parameters.gp.other_route_hazard = 1.0;
    reoffer(&f, STATUS_ENGAGED, 50, true);
    assert_int_equal(f.site.events.offers_gp + f.site.events.offers_other, 0);
    assert_int_equal(f.site.patients.status[0], STATUS_ENGAGED);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers_are_accepted_by_the_formula),
        cmocka_unit_test(the_answer_is_written_down),
        cmocka_unit_test(a_gp_lends_trust),
        cmocka_unit_test(people_come_when_things_are_worse),
        cmocka_unit_test(the_decision_comes_after_the_acute_rise),
        cmocka_unit_test(offers_of_later_weeks_wait),
        cmocka_unit_test(waiting_lists_lose_people),
        cmocka_unit_test(gps_offer_again_after_a_while),
        cmocka_unit_test(no_offers_too_early_without_consultation_or_need),
        cmocka_unit_test(other_routes_offer_too),
        cmocka_unit_test(the_known_way_back),
        cmocka_unit_test(the_way_back_comes_before_other_routes),
        cmocka_unit_test(people_on_a_caseload_get_no_offers),
    };
    return cmocka_run_group_tests_name("enrolment", tests, NULL, NULL);
}
