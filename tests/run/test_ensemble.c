/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/ensemble.h"

#include "small_run.h"

#include <omp.h>

/* What the sink was given. */
struct received {
    size_t count, fail_at;
    size_t scenario[64], replicate[64], site[64];
    uint64_t digest;
    int inside; /* calls that are under way */
    bool met;   /* two of them at once: not asserted there, since it is another thread */
};

static int receive(void *context, const struct piece *piece)
{
    struct received *r = context;
    int inside;
#pragma omp atomic capture
    inside = ++r->inside;
    r->met |= inside != 1;
    r->scenario[r->count] = piece->scenario;
    r->replicate[r->count] = piece->replicate;
    r->site[r->count] = piece->site;
    const struct patients *p = &piece->result.patients;
    r->digest = patients_hash(p, p->count, r->digest);
    r->count++;
#pragma omp atomic
    r->inside--;
    if (r->count == r->fail_at) {
        return error_set(ERROR_FILE, "disk full at piece %zu", r->count);
    }
    return 0;
}

static const char *const quick[] = {"run.weeks=40", "population.arrival_weeks=30",
                                    "run.replicates=3", "site.number=2",
                                    "population.offers_per_week=2"};

static void two_scenarios(struct configuration scenarios[2])
{
    const char *settings[6];
    for (int i = 0; i < 5; i++) {
        settings[i] = quick[i];
    }
    settings[5] = "diary.caseload_cap=10";
    small_configuration(&scenarios[0], quick, 5);
    small_configuration(&scenarios[1], settings, 6);
}

static void end(struct configuration scenarios[2])
{
    configuration_free(&scenarios[0]);
    configuration_free(&scenarios[1]);
}

static void any_number_of_threads_gives_the_same(void **state)
{
    (void)state;
    struct configuration scenarios[2];
    uint64_t digest = 0;
    const int threads[] = {1, 2, 3, 7};
    two_scenarios(scenarios);
    for (int n = 0; n < 4; n++) {
        struct received received = {0};
        struct ensemble ensemble = {
            .scenarios = scenarios, .scenario_count = 2, .threads = threads[n], .verify = true};
        assert_int_equal(ensemble_threads(&ensemble), threads[n]);
        assert_int_equal(ensemble_piece_count(&ensemble), 12);
        assert_int_equal(ensemble_run(&ensemble, receive, &received), 0);
        assert_int_equal(received.count, 12);
        assert_false(received.met);
        for (size_t i = 0; i < 12; i++) { /* scenario, replicate, site */
            assert_int_equal(received.scenario[i], i / 6);
            assert_int_equal(received.replicate[i], i / 2 % 3);
            assert_int_equal(received.site[i], i % 2);
        }
        assert_true(n == 0 || received.digest == digest);
        assert_true(ensemble.peak_bytes > 100000);
        digest = received.digest;
    }
    end(scenarios);
}

static void no_number_of_threads_means_as_many_as_there_are(void **state)
{
    (void)state;
    const struct ensemble ensemble = {.threads = 0};
    assert_int_equal(ensemble_threads(&ensemble), omp_get_max_threads());
}

/* The sink's error ends the run: no piece is delivered after it, and its message arrives. */
static void an_error_of_the_sink_stops_the_run(void **state)
{
    (void)state;
    struct configuration scenarios[2];
    const int threads[] = {1, 2, 7};
    two_scenarios(scenarios);
    for (int n = 0; n < 3; n++) {
        for (size_t at = 1; at <= 12; at += 11) {
            struct received received = {.fail_at = at};
            char expected[64];
            struct ensemble ensemble = {
                .scenarios = scenarios, .scenario_count = 2, .threads = threads[n]};
            assert_int_equal(ensemble_run(&ensemble, receive, &received), ERROR_FILE);
            assert_int_equal(received.count, at);
            (void)snprintf(expected, sizeof expected, "disk full at piece %zu", at);
            assert_string_equal(error_message(), expected);
        }
    }
    end(scenarios);
}

/* A piece breaks a law: needs that grow instead of easing, past the checks of the reader. */
static void an_error_of_a_piece_stops_the_run(void **state)
{
    (void)state;
    struct configuration scenarios[2];
    two_scenarios(scenarios);
    scenarios[1].parameters.events.social_easing = -5.0;
    for (int threads = 1; threads <= 3; threads++) {
        struct received received = {0};
        struct ensemble ensemble = {
            .scenarios = scenarios, .scenario_count = 2, .threads = threads, .verify = true};
        assert_int_equal(ensemble_run(&ensemble, receive, &received), ERROR_MODEL);
        assert_int_equal(received.count, 6); /* the first scenario came whole */
        assert_non_null(strstr(error_message(), "site 0, replicate 0, week "));
        assert_non_null(strstr(error_message(), "a need lies outside [0, 1]"));
    }
    end(scenarios);
}

/* One group counted: everyone lives as before. */
static void a_group_is_passed_on(void **state)
{
    (void)state;
    struct configuration scenarios[2];
    two_scenarios(scenarios);
    struct received received = {0};
    struct ensemble ensemble = {
        .scenarios = scenarios, .scenario_count = 1, .threads = 2, .group = GROUP_FEMALE};
    assert_int_equal(ensemble_piece_count(&ensemble), 6);
    assert_int_equal(ensemble_run(&ensemble, receive, &received), 0);
    assert_int_equal(received.count, 6);
    end(scenarios);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_threads_gives_the_same),
        cmocka_unit_test(no_number_of_threads_means_as_many_as_there_are),
        cmocka_unit_test(an_error_of_the_sink_stops_the_run),
        cmocka_unit_test(an_error_of_a_piece_stops_the_run),
        cmocka_unit_test(a_group_is_passed_on),
    };
    return cmocka_run_group_tests_name("ensemble", tests, NULL, NULL);
}
