/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The paired run (sim/run/counterfactual.c) against a slow twin: the whole site from its first week on,
 * without link workers, through all the steps of every week. They agree bit for bit.
 */
#include "run/counterfactual.h"

#include "observe/census.h"
#include "observe/pathways.h"
#include "parameters/scratch_folder.h"
#include "run/setup.h"
#include "run/small_run.h"
#include "run/week.h"
#include "state/indices.h"

struct twin {
    struct arena arena;
    struct site site;
    struct timeline timeline;
    float *after_closing_wellbeing;
    double consultations_discounted;
};

static bool was_looked_at(const struct site *with, size_t i, int lag)
{
    const int first = with->patients.first_session_week[i];
    return first != NEVER && has_never_connected(with, i) && first + lag_weeks[lag] < with->weeks;
}

/* The states at the end of a week, wherever the run with link workers was looked at. */
static void look(struct twin *twin, const struct site *with, struct small_piece *small)
{
    struct site *site = &twin->site;
    const struct patients *p = &with->patients;
    const double discount = discount_factor(&site->coefficients->parameters, site->week);
    twin->consultations_discounted += discount * (double)site->week_consultations;
    census_add_wellbeing(site, site->patients.draw[0], (float)discount);
    for (size_t i = 0; i < site->offered; i++) {
        if (p->closing_week[i] != NEVER && p->closing_week[i] + 4 == site->week) {
            twin->after_closing_wellbeing[i] = wellbeing(site->coefficients, &site->patients, i);
        }
        for (int lag = 1; lag < LAG_COUNT; lag++) {
            if (was_looked_at(with, i, lag) &&
                p->first_session_week[i] + lag_weeks[lag] == site->week) {
                snapshot_take(site, i, lag);
                assert_memory_equal(snapshot_at(site, i, lag),
                                    counterfactual_at(&small->piece.without, with, i, lag),
                                    MEASURE_COUNT * sizeof(float));
            }
        }
    }
}

static void live_as_a_twin(struct twin *twin, struct small_piece *small)
{
    const struct site *with = &small->piece.result;
    struct site *site = &twin->site;
    *twin = (struct twin){0};
    assert_int_equal(setup_site(site, &twin->arena, &small->coefficients, &small->configuration,
                                small->piece.site, (int)small->piece.replicate, true),
                     0);
    site->link_worker_count = 0;
    assert_int_equal(site->patients.count, with->patients.count);
    const size_t n = site->patients.count;
    memcpy(site->seen_number, with->seen_number, n * sizeof *site->seen_number);
    memcpy(site->seen, with->seen, n * sizeof *site->seen); /* whose year counts from when */
    site->seen_count = with->seen_count;
    memcpy(site->patients.session_window, with->patients.session_window,
           n * sizeof *site->patients.session_window);
    twin->after_closing_wellbeing = calloc(n + 1, sizeof(float));
    assert_non_null(twin->after_closing_wellbeing);
    assert_int_equal(timeline_init(&twin->timeline, &twin->arena, &small->configuration, site), 0);
    while (site->week < site->weeks - 1) {
        timeline_act(&twin->timeline, &small->configuration, site);
        week_step(site);
        look(twin, with, small);
    }
    weeks_complete(site);
}

/* How many people parted, in one week at most, were seen but never connected, were closed. */
struct seen {
    size_t all, parted, at_once, unconnected, closed;
};

static size_t most_in_a_week(const struct partings *partings)
{
    size_t most = 0, now = 0;
    for (size_t n = 0; n < partings->count; n++) {
        now = n > 0 && partings->list[n - 1].week == partings->list[n].week ? now + 1 : 1;
        most = now > most ? now : most;
    }
    return most;
}

static struct seen compare(const char *path, const char *const *settings, size_t count)
{
    struct small_piece small;
    struct twin twin;
    struct seen seen = {0};
    small_piece_read(&small, path, settings, count);
    live_as_a_twin(&twin, &small);
    const struct counterfactual *without = &small.piece.without;
    const struct patients *p = &twin.site.patients, *with = &small.piece.result.patients;
    assert_true(small.piece.is_paired);
    for (size_t i = 0; i < p->count; i++) {
        assert_true(without->wellbeing_sum[i] == p->wellbeing_sum[i]);
        assert_true(without->wellbeing_discounted[i] == p->wellbeing_discounted[i]);
        assert_int_equal(without->consultations[i], p->consultations[i]);
        assert_int_equal(without->consultations_from_offer[i], p->consultations_from_offer[i]);
        assert_int_equal(without->consultations_from_session[i], p->consultations_from_session[i]);
        assert_true(without->after_closing_wellbeing[i] == twin.after_closing_wellbeing[i]);
        seen.all++;
        seen.parted += with->waited_weeks[i] != NEVER;
        seen.unconnected += was_looked_at(&small.piece.result, i, 1);
        seen.closed += with->closing_week[i] != NEVER;
    }
    assert_true(without->consultations_discounted == twin.consultations_discounted);
    assert_int_equal(small.piece.result.partings.count, seen.parted);
    seen.at_once = most_in_a_week(&small.piece.result.partings);
    free(twin.after_closing_wellbeing);
    arena_free(&twin.arena);
    small_piece_end(&small);
    return seen;
}

static void a_cohort_has_its_twin(void **state)
{
    (void)state;
    const struct seen seen = compare(NULL, NULL, 0);
    assert_true(seen.all > seen.parted + 20 && seen.parted > 100);
    assert_true(seen.unconnected > 20 && seen.closed > 10);
}

/* Few link workers: people wait, leave the list, are offered a referral again, and wait again. */
static void long_waits_have_their_twin(void **state)
{
    (void)state;
    const char *settings[] = {"diary.caseload_cap=12", "gp.reoffer_weeks=2", "gp.offer_base=0.9",
                              "waiting.attrition_base=0.05", "enrolment.takeup_intercept=-2"};
    const struct seen seen = compare(NULL, settings, 5);
    assert_true(seen.parted > 30 && seen.all > 2 * seen.parted);
}

/* Hundreds wait until the caseloads are opened, in one week: several whole companies begin in it. */
static void open_in(int week)
{
    const char *settings[] = {"population.offers_per_week=60", "population.arrival_weeks=20",
                              "waiting.attrition_base=0",      "diary.caseload_cap=0",
                              "diary.minimum_minutes=1",       "diary.first_contact_minutes=1",
                              "diary.hours_per_week=80"};
    char text[160];
    (void)snprintf(text, sizeof text,
                   "interventions:\n  - name: opening\n    start: %d\n"
                   "    set: {diary.caseload_cap: 1000}\n",
                   week);
    scratch_write("opening.yaml", text);
    const struct seen seen = compare("opening.yaml", settings, 7);
    assert_true(seen.at_once > 400); /* more than three companies of 128 */
}

static void many_at_once_have_their_twin(void **state)
{
    (void)state;
    open_in(20);
    open_in(79); /* the last week */
}

static void a_register_has_its_twin(void **state)
{
    (void)state;
    const char *settings[] = {"run.mode=registered", "registered.list_size_per_practice=3000",
                              "run.weeks=120", "cost.discount_rate=0.5"};
    const struct seen seen = compare(NULL, settings, 4);
    assert_true(seen.parted > 50);
}

static void interventions_have_their_twin(void **state)
{
    (void)state;
    scratch_write(
        "interventions.yaml",
        "interventions:\n"
        "  - name: crisis\n    start: 30\n    shock: {barrier_housing: {add: 0.3}}\n"
        "  - name: loss of heart\n    start: 41\n    group: female\n"
        "    shock: {hope: {scale: 0.5}, trust: {add: 0.1}, need_social: {set: 0.9}}\n"
        "  - name: hard times\n    start: 20\n    end: 55\n"
        "    scale: {events.life_event_hazard: 5, gp.stress_effect: 2, between.trust_fade: 3}\n"
        "    set: {waiting.attrition_base: 0.1}\n");
    const struct seen seen = compare("interventions.yaml", NULL, 0);
    assert_true(seen.parted > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cohort_has_its_twin),
        cmocka_unit_test(long_waits_have_their_twin),
        cmocka_unit_test(many_at_once_have_their_twin),
        cmocka_unit_test(a_register_has_its_twin),
        cmocka_unit_test(interventions_have_their_twin),
    };
    return cmocka_run_group_tests_name("counterfactual", tests, scratch_begin, scratch_end);
}
