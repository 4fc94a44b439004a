/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mechanisms/workforce.h"

#include "mechanisms/mechanisms.h"
#include "state/site_fixture.h"

/* Nobody leaves. */
static void loyal(struct fixture *f)
{
    fixture_start(f);
    f->parameters.link_worker.turnover_base = 0.0;
    f->parameters.link_worker.turnover_burnout = 0.0;
}

static void knowledge_and_burnout_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    loyal(&f);
    f.parameters.link_worker.knowledge_gain = 0.04;
    f.parameters.link_worker.community_reference = 200.0;
    f.parameters.link_worker.knowledge_maximum = 0.9;
    f.parameters.link_worker.knowledge_fade = 0.01;
    f.parameters.link_worker.burnout_overload = 0.3;
    f.parameters.link_worker.burnout_recovery = 0.05;
    f.parameters.link_worker.supervision = 0.5;
    fixture_build(&f, 0, 1);
    struct link_worker *worker = &f.site.link_workers[0];
    double known[NEED_COUNT] = {0.5, 0.4, 0.6, 0.3, 0.7}, burnout = 0.2;
    for (int week = 0; week < 30; week++) {
        const double community = 10.0 * week, asked = 500.0, given = 500.0 - 12.0 * week;
        worker->community = community;
        worker->asked = asked;
        worker->given = given;
        workforce_step(&f.site);
        for (int d = 0; d < NEED_COUNT; d++) {
            known[d] += 0.04 * community / 200.0 * (0.9 - known[d]) - 0.01 * known[d];
            assert_near(worker->knowledge[d], known[d], 1e-5);
        }
        burnout += 0.3 * (1.0 - given / asked) * (1.0 - burnout) - 0.05 * 0.5 * burnout;
        assert_near(worker->burnout, burnout, 1e-5);
    }
    fixture_end(&f);
}

/* A week in which nothing was asked is no overload. */
static void an_empty_week_is_rest(void **state)
{
    (void)state;
    struct fixture f;
    loyal(&f);
    f.parameters.link_worker.burnout_recovery = 0.1;
    f.parameters.link_worker.supervision = 0.5;
    fixture_build(&f, 0, 1);
    f.site.link_workers[0].asked = 0.0;
    workforce_step(&f.site);
    assert_near(f.site.link_workers[0].burnout, 0.2 * 0.95, 1e-6);
    fixture_end(&f);
}

static void leaving_follows_its_formula(void **state)
{
    (void)state;
    enum { POSTS = 20000 };
    struct fixture f;
    fixture_start(&f);
    f.parameters.link_worker.turnover_base = 0.1;
    f.parameters.link_worker.turnover_burnout = 0.3;
    f.parameters.link_worker.burnout_recovery = 0.0;
    f.parameters.link_worker.vacancy_weeks = 7;
    fixture_build(&f, 0, POSTS);
    workforce_step(&f.site); /* burnout .2 */
    int left = 0;
    for (int post = 0; post < POSTS; post++) {
        const struct link_worker *worker = &f.site.link_workers[post];
        left += worker->left;
        assert_int_equal(worker->vacant_weeks, worker->left ? 7 : 0);
    }
    assert_int_equal(f.site.events.leavers, left);
    assert_frequency(left, POSTS, 0.1 + 0.3 * 0.2);
    fixture_end(&f);
}

/* Leaves in week w, is missing in w + 1 to w + vacancy, and a successor sees people after that. */
static void vacancies_last_their_weeks(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.link_worker.turnover_base = 1.0;
    f.parameters.link_worker.vacancy_weeks = 3;
    f.parameters.link_worker.handover = 0.6;
    f.parameters.link_worker.successor_months = 2.0;
    fixture_build(&f, 3, 1);
    fixture_engage(&f, 0, 0);
    fixture_engage(&f, 2, 0);
    struct link_worker *worker = &f.site.link_workers[0];
    workforce_step(&f.site);
    f.coefficients.parameters.link_worker.turnover_base = 0.0;
    f.coefficients.parameters.link_worker.turnover_burnout = 0.0;
    int missing = 0;
    while (!link_worker_is_in_post(worker)) {
        f.site.week++;
        missing++;
        assert_near(f.site.patients.trust[0], 0.3, 1e-7); /* until the successor starts */
        assert_int_equal(worker->caseload, 2);
        workforce_step(&f.site);
    }
    assert_int_equal(missing, 3);
    assert_near(f.site.patients.trust[0], 0.18, 1e-6);
    assert_near(f.site.patients.trust[1], 0.3, 1e-7); /* nobody's patient */
    assert_near(f.site.patients.trust[2], 0.18, 1e-6);
    assert_true(worker->burnout == 0.0f);
    const double known = f.parameters.link_worker.knowledge_maximum *
                         (1.0 - exp(-2.0 / f.parameters.link_worker.knowledge_months));
    for (int d = 0; d < NEED_COUNT; d++) {
        assert_near(worker->knowledge[d], known, 1e-6); /* without a bonus */
    }
    fixture_verify(&f);
    fixture_end(&f);
}

static void without_a_vacancy_the_successor_starts_at_once(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.link_worker.turnover_base = 1.0;
    f.parameters.link_worker.vacancy_weeks = 0;
    f.parameters.link_worker.handover = 0.5;
    fixture_build(&f, 1, 1);
    fixture_engage(&f, 0, 0);
    workforce_step(&f.site);
    assert_true(link_worker_is_in_post(&f.site.link_workers[0]));
    assert_near(f.site.patients.trust[0], 0.15, 1e-6);
    assert_true(f.site.link_workers[0].burnout == 0.0f);
    assert_int_equal(f.site.events.leavers, 1);
    fixture_end(&f);
}

/* Skills ~ Beta around their means; knowledge by months in the role; a bonus of a VCSE manager. */
static void hiring_draws_skills(void **state)
{
    (void)state;
    enum { POSTS = 20000 };
    struct fixture f;
    fixture_start(&f);
    f.parameters.link_worker.skill_concentration = 20.0;
    f.parameters.link_worker.knowledge_maximum = 0.8;
    f.parameters.link_worker.knowledge_months = 12.0;
    fixture_build(&f, 0, POSTS);
    struct sample skills[7] = {{0}};
    for (int post = 0; post < POSTS; post++) {
        workforce_hire(&f.site, post, 12.0, 0.1);
        const struct link_worker *w = &f.site.link_workers[post];
        const float values[7] = {w->listening, w->informality,  w->reliability, w->directiveness,
                                 w->tailoring, w->goal_setting, w->advocacy};
        for (int s = 0; s < 7; s++) {
            sample_add(&skills[s], (double)values[s]);
        }
        assert_near(w->knowledge[3], 0.8 * (1.0 - exp(-1.0)) + 0.1, 1e-6);
        assert_int_equal(w->vacant_weeks, 0);
        assert_true(w->burnout == 0.0f);
    }
    const struct parameters *k = &f.parameters;
    const double means[7] = {k->link_worker.listening_mean,   k->link_worker.informality_mean,
                             k->link_worker.reliability_mean, k->link_worker.directiveness_mean,
                             k->link_worker.tailoring_mean,   k->link_worker.goal_setting_mean,
                             k->link_worker.advocacy_mean};
    for (int s = 0; s < 7; s++) {
        const struct sample *skill = &skills[s];
        assert_sample_mean(skill, means[s]);
        assert_near(sample_variance(skill), means[s] * (1.0 - means[s]) / 21.0, 0.0007);
    }
    fixture_end(&f);
}

/* Training raises listening and tailoring, and nothing else. */
static void training_raises_two_skills(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.link_worker.training_effect = 0.4;
    fixture_build(&f, 0, 2);
    workforce_hire(&f.site, 0, 12.0, 0.0);
    const struct link_worker before = f.site.link_workers[0];
    f.coefficients.parameters.link_worker.training = 0.5;
    workforce_hire(&f.site, 0, 12.0, 0.0);
    const struct link_worker after = f.site.link_workers[0];
    assert_near(after.listening, (double)before.listening + 0.2 * (1.0 - (double)before.listening),
                1e-6);
    assert_near(after.tailoring, (double)before.tailoring + 0.2 * (1.0 - (double)before.tailoring),
                1e-6);
    assert_true(after.informality == before.informality);
    assert_true(after.reliability == before.reliability);
    assert_true(after.directiveness == before.directiveness);
    assert_true(after.goal_setting == before.goal_setting);
    assert_true(after.advocacy == before.advocacy);
    fixture_end(&f);
}

/* Knowledge never leaves [0, 1], not even with a bonus on a full mind. */
static void knowledge_is_clipped(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    f.parameters.link_worker.knowledge_maximum = 1.0;
    fixture_build(&f, 0, 1);
    workforce_hire(&f.site, 0, 600.0, 0.3);
    assert_true(f.site.link_workers[0].knowledge[0] == 1.0f);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knowledge_and_burnout_by_hand),
        cmocka_unit_test(an_empty_week_is_rest),
        cmocka_unit_test(leaving_follows_its_formula),
        cmocka_unit_test(vacancies_last_their_weeks),
        cmocka_unit_test(without_a_vacancy_the_successor_starts_at_once),
        cmocka_unit_test(hiring_draws_skills),
        cmocka_unit_test(training_raises_two_skills),
        cmocka_unit_test(knowledge_is_clipped),
    };
    return cmocka_run_group_tests_name("workforce", tests, NULL, NULL);
}
