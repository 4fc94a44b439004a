/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/results.h"

#include "run/ensemble.h"
#include "small_run.h"

struct collector {
    struct results results;
    const struct configuration *scenarios;
    int completed;
};

static int collect(void *context, const struct piece *piece)
{
    struct collector *c = context;
    const struct configuration *of = &c->scenarios[piece->scenario];
    const bool done = results_add(&c->results, piece, of);
    assert_int_equal(done, piece->site + 1 == of->site_count);
    c->completed += done;
    return 0;
}

static void run(struct collector *c, const struct configuration *scenarios, size_t count)
{
    *c = (struct collector){.scenarios = scenarios};
    assert_int_equal(results_init(&c->results, scenarios, count), 0);
    struct ensemble ensemble = {.scenarios = scenarios, .scenario_count = count, .threads = 1};
    assert_int_equal(ensemble_run(&ensemble, collect, c), 0);
}

static void statistics_by_hand(void **state)
{
    (void)state;
    struct configuration configuration;
    struct results results;
    const char *settings[] = {"run.replicates=4"};
    small_configuration(&configuration, settings, 1);
    assert_int_equal(results_init(&results, &configuration, 1), 0);
    const size_t outcome = outcome_find(&results.list, "funnel.offered");
    const double values[4] = {10.0, 12.0, 17.0, NAN};
    for (size_t r = 0; r < 4; r++) {
        results_values(&results, 0, r)[outcome] = values[r];
    }
    /* mean 13, deviations -3 -1 4: variance 13, t(0.975, 2) = 4.302653 */
    const struct estimate e = results_named(&results, 0, "funnel.offered");
    const double error = sqrt(13.0 / 3.0);
    assert_int_equal(e.replicates, 3);
    assert_near(e.mean, 13.0, 1e-12);
    assert_near(e.standard_error, error, 1e-12);
    assert_near(e.low, 13.0 - 4.302652730 * error, 1e-7);
    assert_near(e.high, 13.0 + 4.302652730 * error, 1e-7);
    const struct estimate none = results_named(&results, 0, "no.such.outcome");
    assert_true(isnan(none.mean));
    assert_int_equal(none.replicates, 0);
    results_free(&results);
    configuration_free(&configuration);
    assert_null(results.values);
}

/* Replicates and scenarios keep their own values: each cell is written once, none is shared. */
static void every_replicate_has_its_place(void **state)
{
    (void)state;
    struct configuration scenarios[2];
    const char *first[] = {"run.replicates=3"};
    const char *second[] = {"run.replicates=3", "site.link_workers=0", "run.counterfactual=0"};
    small_configuration(&scenarios[0], first, 1);
    small_configuration(&scenarios[1], second, 3);
    struct collector c;
    run(&c, scenarios, 2);
    assert_int_equal(c.completed, 6);
    const size_t seen = outcome_find(&c.results.list, "funnel.seen_share_of_accepted");
    const size_t offered = outcome_find(&c.results.list, "funnel.offered");
    for (size_t r = 0; r < 3; r++) {
        assert_true(results_values(&c.results, 0, r)[seen] > 0.2);
        assert_true(results_values(&c.results, 1, r)[seen] == 0.0);
        assert_near(results_values(&c.results, 0, r)[offered], 2.0 * 267.0, 0.0); /* two sites */
        assert_near(results_values(&c.results, 1, r)[offered], 2.0 * 267.0, 0.0);
    }
    assert_true(results_values(&c.results, 0, 0)[seen] != results_values(&c.results, 0, 1)[seen]);
    assert_true(c.results.stepped_patient_weeks > 0);
    results_free(&c.results);
    configuration_free(&scenarios[0]);
    configuration_free(&scenarios[1]);
}

/* What a replicate reports is what can be counted among its patients. */
static void outcomes_agree_with_a_count_of_patients(void **state)
{
    (void)state;
    struct small_piece small;
    struct results results;
    const char *settings[] = {"site.number=1", "run.replicates=1"};
    small_piece_run(&small, settings, 2);
    assert_int_equal(results_init(&results, &small.configuration, 1), 0);
    assert_true(results_add(&results, &small.piece, &small.configuration));
    const struct patients *p = &small.piece.result.patients;
    double accepted = 0, taken_up = 0, seen = 0, connected = 0, sessions = 0, anchored = 0;
    const size_t n = small.piece.result.offered;
    for (size_t i = 0; i < n; i++) {
        accepted += p->ever_accepted[i];
        taken_up += p->ever_taken_up[i];
        seen += p->first_session_week[i] != NEVER;
        connected += p->link_connection_week[i] != NEVER;
        sessions += p->sessions[i];
        anchored += p->pathway[i] == PATHWAY_B_ANCHORED;
    }
#define VALUE(name) results_named(&results, 0, name).mean
    assert_near(VALUE("funnel.offered"), (double)n, 0.0);
    assert_near(VALUE("funnel.accepted_share_of_offered"), accepted / (double)n, 1e-12);
    assert_near(VALUE("funnel.taken_up_share_of_accepted"), taken_up / accepted, 1e-12);
    assert_near(VALUE("funnel.seen_share_of_accepted"), seen / accepted, 1e-12);
    assert_near(VALUE("funnel.connected_share_of_offered"), connected / (double)n, 1e-12);
    assert_near(VALUE("sessions.mean_of_seen"), sessions / seen, 1e-12);
    assert_near(VALUE("pathway_of_offered.all.b_anchored"), anchored / (double)n, 1e-12);
#undef VALUE
    results_free(&results);
    small_piece_end(&small);
}

/* The standard error falls by about the root of 2 for twice the replicates: the mean over outcomes
 * of the ratio of errors, which scatters by about 12 % for each alone.
 */
static void errors_fall_with_replicates(void **state)
{
    (void)state;
    static const char *const names[] = {"funnel.accepted_share_of_offered",
                                        "funnel.taken_up_share_of_accepted",
                                        "funnel.seen_share_of_accepted",
                                        "sessions.mean_of_seen",
                                        "service.caseload",
                                        "pathway_of_offered.all.b_anchored",
                                        "after_first_session.trust.week13",
                                        "enrolment.accept_gp"};
    enum { NAMES = sizeof names / sizeof names[0] };
    struct configuration configuration;
    const char *settings[] = {"run.replicates=64",   "site.number=1",
                              "run.weeks=40",        "population.arrival_weeks=25",
                              "run.burn_in_weeks=5", "run.counterfactual=0"};
    small_configuration(&configuration, settings, 6);
    struct collector c;
    run(&c, &configuration, 1);
    double ratio = 0.0;
    for (size_t n = 0; n < NAMES; n++) {
        const size_t outcome = outcome_find(&c.results.list, names[n]);
        assert_true(outcome < c.results.list.count);
        double values[64];
        for (size_t r = 0; r < 64; r++) {
            values[r] = results_values(&c.results, 0, r)[outcome];
        }
        const double halves = 0.5 * (estimate_of(values, 32).standard_error +
                                     estimate_of(&values[32], 32).standard_error);
        ratio += halves / estimate_of(values, 64).standard_error / NAMES;
    }
    assert_near(ratio, sqrt(2.0), 0.15);
    results_free(&c.results);
    configuration_free(&configuration);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statistics_by_hand),
        cmocka_unit_test(every_replicate_has_its_place),
        cmocka_unit_test(outcomes_agree_with_a_count_of_patients),
        cmocka_unit_test(errors_fall_with_replicates),
    };
    return cmocka_run_group_tests_name("results", tests, NULL, NULL);
}
