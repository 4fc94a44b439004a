/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/piece.h"

#include "run/setup.h"
#include "run/week.h"
#include "small_run.h"

/* The limits of the model, with every conservation law checked after every week. */

static void without_link_workers_nobody_is_engaged(void **state)
{
    (void)state;
    struct small_piece small;
    const char *settings[] = {"site.link_workers=0"};
    small_piece_run(&small, settings, 1);
    const struct site *site = &small.piece.result;
    int accepted = 0;
    assert_true(site->offered > 200);
    for (size_t i = 0; i < site->offered; i++) {
        const int status = site->patients.status[i];
        assert_true(status == STATUS_WAITING || status == STATUS_DECLINED);
        assert_int_equal(site->patients.ever_taken_up[i], 0);
        accepted += site->patients.ever_accepted[i];
    }
    assert_true(accepted > 100); /* offers and waiting go on */
    assert_true(site->events.left_waiting_list > 0);
    assert_int_equal(site->events.openings, 0);
    assert_false(small.piece.is_paired); /* it is its own counterfactual */
    small_piece_end(&small);
}

static const char *const no_services[] = {"services.mental_group=0",
                                          "services.mental_one_to_one=0",
                                          "services.mental_remote=0",
                                          "services.somatic_group=0",
                                          "services.somatic_one_to_one=0",
                                          "services.social_group=0",
                                          "services.social_remote=0",
                                          "services.relationships_group=0",
                                          "services.relationships_one_to_one=0",
                                          "services.financial_advice=0",
                                          "services.financial_remote=0"};

static void without_services_nobody_connects(void **state)
{
    (void)state;
    struct small_piece small;
    small_piece_run(&small, no_services, 11);
    const struct site *site = &small.piece.result;
    int continuing = 0;
    assert_int_equal(site->service_count, 0);
    assert_int_equal(site->events.suggestions, 0);
    for (size_t i = 0; i < site->offered; i++) {
        assert_int_equal(site->patients.link_connection_week[i], NEVER);
        assert_int_equal(site->patients.own_connection_week[i], NEVER); /* nothing was heard of */
        continuing += site->patients.pathway[i] == PATHWAY_C_CONNECTING_WITH;
    }
    assert_true(continuing > 20); /* (c) only */
    small_piece_end(&small);
}

static void without_places_nobody_connects_through_the_link_worker(void **state)
{
    (void)state;
    struct small_piece small;
    const char *settings[] = {"services.places=0"};
    small_piece_run(&small, settings, 1);
    const struct site *site = &small.piece.result;
    assert_true(site->events.attempts > 0);
    assert_true(site->events.failed[REASON_NO_PLACE] > 0);
    for (size_t i = 0; i < site->offered; i++) {
        assert_int_equal(site->patients.link_connection_week[i], NEVER);
    }
    small_piece_end(&small);
}

/* All gates, weights and barriers 1: nobody has any capacity, nobody connects in any way. */
static void full_barriers_at_full_gates_stop_everyone(void **state)
{
    (void)state;
    struct small_piece small = {0};
    const char *settings[] = {"suggestion.readiness_threshold=0", "suggestion.readiness_noise=1",
                              "suggestion.accept_intercept=1", "connect.attempt_intercept=8",
                              "connect.attempt_accountability=10"};
    small_configuration(&small.configuration, settings, 5);
    struct population_file *file = &small.configuration.population;
    enum { ROWS = 150 };
    small.configuration.has_population = true;
    file->rows = ROWS;
    file->values = malloc(ROWS * POPULATION_FIELD_COUNT * sizeof *file->values);
    assert_non_null(file->values);
    for (size_t v = 0; v < ROWS * POPULATION_FIELD_COUNT; v++) {
        const size_t field = v % POPULATION_FIELD_COUNT;
        const bool barrier =
            field >= POPULATION_FIELD_barrier_housing && field <= POPULATION_FIELD_barrier_health;
        file->values[v] = barrier ? 1.0 : NAN;
    }
    struct parameters *k = &small.configuration.parameters;
    k->attendance.barrier_weight = k->enrolment.takeup_barrier_weight = 0.0;
    k->readiness.housing_weight = k->readiness.income_weight = 1.0;
    k->readiness.transport_weight = k->readiness.caring_weight = 1.0;
    k->readiness.language_weight = k->readiness.health_weight = 1.0;
    k->events.caring_easing = 0.0; /* what nobody can lift: caring */
    coefficients_compute(&small.coefficients, k);
    for (int f = 0; f < FORMAT_COUNT; f++) {
        for (int b = 0; b < BARRIER_COUNT; b++) {
            small.coefficients.gate[f][b] = 1.0f;
        }
    }
    assert_int_equal(piece_init(&small.piece), 0);
    assert_int_equal(
        piece_run(&small.piece, &small.configuration, &small.coefficients, GROUP_ALL, true), 0);
    const struct site *site = &small.piece.result;
    assert_int_equal(site->offered, ROWS);
    assert_true(site->events.takeups > 30);
    for (size_t i = 0; i < site->offered; i++) {
        assert_int_equal(site->patients.link_connection_week[i], NEVER);
        assert_int_equal(site->patients.own_connection_week[i], NEVER);
    }
    small_piece_end(&small);
}

static void without_rapport_and_loan_there_is_no_trust(void **state)
{
    (void)state;
    struct small_piece small;
    const char *settings[] = {"trait.rapport_median=0", "enrolment.gp_initial_trust=0"};
    small_piece_run(&small, settings, 2);
    const struct site *site = &small.piece.result;
    assert_true(site->seen_count > 50);
    for (size_t i = 0; i < site->offered; i++) {
        assert_true(site->patients.trust[i] == 0.0f);
        assert_true(site->patients.trust_last_session[i] == 0.0f);
    }
    small_piece_end(&small);
}

/* Every law holds every week in a service under pressure, in both modes. */
static void laws_hold_under_pressure(void **state)
{
    (void)state;
    const char *pressed[] = {"site.link_workers=3",
                             "population.offers_per_week=15",
                             "services.places=2",
                             "link_worker.turnover_base=0.05",
                             "link_worker.vacancy_weeks=3",
                             "diary.caseload_cap=40",
                             "diary.hours_per_week=25",
                             "ending.max_weeks=12",
                             "gp.offer_base=0.3",
                             "gp.reoffer_weeks=4",
                             "ending.return_hazard=0.1",
                             "support.leave_base=0.05",
                             "run.mode=cohort",
                             "waiting.policy=severity"};
    for (int registered = 0; registered < 2; registered++) {
        struct small_piece small;
        const char *settings[14];
        for (int n = 0; n < 14; n++) {
            settings[n] = pressed[n];
        }
        if (registered) {
            settings[12] = "run.mode=registered";
            settings[8] = "registered.list_size_per_practice=2000";
        }
        small_piece_run(&small, settings, 14);
        const struct events *n = &small.piece.result.events;
        assert_true(n->leavers > 0 && n->takeups > 0 && n->missed_sessions > 0);
        small_piece_end(&small);
    }
}

static void a_piece_is_a_function_of_its_address(void **state)
{
    (void)state;
    struct small_piece a, b;
    small_piece_run(&a, NULL, 0);
    small_piece_run(&b, NULL, 0);
    const size_t n = a.piece.result.patients.count;
    const uint64_t hash = patients_hash(&a.piece.result.patients, n, 1);
    assert_true(patients_hash(&b.piece.result.patients, n, 1) == hash);
    a.piece.site = 1; /* another one in the same memory, and the first again */
    assert_int_equal(piece_run(&a.piece, &a.configuration, &a.coefficients, GROUP_ALL, true), 0);
    assert_false(patients_hash(&a.piece.result.patients, n, 1) == hash);
    a.piece.site = 0;
    assert_int_equal(piece_run(&a.piece, &a.configuration, &a.coefficients, GROUP_ALL, true), 0);
    assert_true(patients_hash(&a.piece.result.patients, n, 1) == hash);
    assert_memory_equal(&a.piece.result.events, &b.piece.result.events, sizeof(struct events));
    small_piece_end(&a);
    small_piece_end(&b);
}

/* Watching changes nothing: neither records, nor checks, nor the counterfactual. */
static void observation_does_not_disturb(void **state)
{
    (void)state;
    struct small_piece plain, watched;
    const char *watching[] = {"run.record=trajectories"};
    const char *alone[] = {"run.counterfactual=0"};
    small_piece_run(&watched, watching, 1);
    small_piece_run(&plain, alone, 1);
    assert_false(plain.piece.is_paired);
    const struct site *a = &plain.piece.result, *b = &watched.piece.result;
    assert_true(patients_hash(&a->patients, a->patients.count, 1) ==
                patients_hash(&b->patients, b->patients.count, 1));
    small_piece_end(&plain);
    small_piece_end(&watched);
}

/* Trajectories are the weekly states of the rows chosen, NaN before the first offer. */
static void trajectories_are_kept(void **state)
{
    (void)state;
    struct small_piece small;
    const char *settings[] = {"run.record=trajectories", "run.trajectory_sample=10",
                              "run.trajectory_bits=23"};
    small_piece_run(&small, settings, 3);
    const struct piece *piece = &small.piece;
    assert_int_equal(piece->followed_count, 10);
    for (size_t j = 0; j < 10; j++) {
        const size_t row = (size_t)piece->followed[j];
        assert_true(j == 0 || piece->followed[j] > piece->followed[j - 1]);
        const int offer = piece->result.patients.first_offer_week[row];
        const float *stress = &piece->trajectories[(TRAJECTORY_stress * 10 + j) * 80];
        const float *status = &piece->trajectories[(TRAJECTORY_status * 10 + j) * 80];
        const float *health =
            &piece->trajectories[((TRAJECTORY_barrier + BARRIER_HEALTH) * 10 + j) * 80];
        for (int week = 0; week < 80; week++) {
            assert_int_equal(isnan(stress[week]), week < offer);
        }
        assert_true(stress[79] == piece->result.patients.stress[row]);
        assert_true(status[79] == (float)piece->result.patients.status[row]);
        assert_true(health[79] == piece->result.patients.barrier[BARRIER_HEALTH][row]);
    }
    small_piece_end(&small);
}

/* Outcomes of one group: the tally holds its people only, and the course of all is the same. */
static void groups_can_be_counted_alone(void **state)
{
    (void)state;
    struct small_piece all;
    small_piece_run(&all, NULL, 0);
    const struct site *site = &all.piece.result;
    const uint64_t hash = patients_hash(&site->patients, site->patients.count, 1);
    double women = 0.0;
    for (size_t i = 0; i < site->offered; i++) {
        women += site->patients.female[i];
    }
    const int64_t openings = site->events.openings;
    assert_int_equal(site->other_events.openings, 0);
    assert_int_equal(
        piece_run(&all.piece, &all.configuration, &all.coefficients, GROUP_FEMALE, true), 0);
    assert_near(all.piece.tally->groups[GROUP_ALL][SUM_OFFERED], women, 0.0);
    assert_near(all.piece.tally->groups[GROUP_MALE][SUM_OFFERED], 0.0, 0.0);
    assert_int_equal(site->events.openings + site->other_events.openings, openings);
    assert_true(site->events.openings > 0 && site->other_events.openings > 0);
    for (size_t i = 0; i < site->patients.count; i++) {
        site->patients.counted[i] = 1;
    }
    assert_true(patients_hash(&site->patients, site->patients.count, 1) == hash);
    small_piece_end(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_link_workers_nobody_is_engaged),
        cmocka_unit_test(without_services_nobody_connects),
        cmocka_unit_test(without_places_nobody_connects_through_the_link_worker),
        cmocka_unit_test(full_barriers_at_full_gates_stop_everyone),
        cmocka_unit_test(without_rapport_and_loan_there_is_no_trust),
        cmocka_unit_test(laws_hold_under_pressure),
        cmocka_unit_test(a_piece_is_a_function_of_its_address),
        cmocka_unit_test(observation_does_not_disturb),
        cmocka_unit_test(trajectories_are_kept),
        cmocka_unit_test(groups_can_be_counted_alone),
    };
    return cmocka_run_group_tests_name("piece", tests, NULL, NULL);
}
