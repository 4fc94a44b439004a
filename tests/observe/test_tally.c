/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/tally.h"

#include "observe/outcomes.h"
#include "state/site_fixture.h"

enum { PEOPLE = 240, SITES = 3 };

static uint64_t seed;

static int below(int n)
{
    return (int)(next_input(&seed) % (uint64_t)n);
}

/* A course that the rules of the model allow, at random. */
static void invent_person(struct site *site, size_t i)
{
    struct patients *p = &site->patients;
    const bool taken_up = below(4) > 0, seen = taken_up && below(5) > 0;
    p->female[i] = below(2);
    p->quintile[i] = 1 + below(5);
    p->ethnicity[i] = below(ETHNICITY_COUNT);
    p->age[i] = 19.0f + (float)below(67);
    for (int b = 0; b < BARRIER_COUNT; b++) {
        p->starting_barrier[b][i] = (float)below(2);
    }
    p->starting_need[NEED_FINANCIAL][i] = (float)below(2);
    p->status[i] = 1 + below(7);
    p->pathway[i] = below(PATHWAY_COUNT);
    p->first_offer_week[i] = below(80);
    p->consultations_before_offer[i] = below(30);
    p->consultations_before_session[i] = below(30);
    p->consultations_from_offer[i] = below(20);
    p->consultations_from_session[i] = below(20);
    p->wellbeing_sum[i] = (float)below(3000);
    p->wellbeing_discounted[i] = (float)below(2900);
    p->offer_urgency[i] = (float)next_unit(&seed);
    p->offer_uncertainty[i] = (float)next_unit(&seed);
    p->few_alternatives[i] = (float)next_unit(&seed);
    p->accepted_first[i] = taken_up;
    p->ever_accepted[i] = taken_up || below(2) > 0;
    p->ever_taken_up[i] = taken_up;
    p->ever_closed[i] = taken_up && below(2) > 0;
    p->ever_disengaged[i] = taken_up && below(4) == 0;
    p->ever_returned[i] = p->ever_closed[i] && below(4) == 0;
    p->waited_weeks[i] = taken_up ? below(12) : NEVER;
    p->caseload_weeks[i] = below(60);
    p->first_session_week[i] = seen ? p->first_offer_week[i] + below(40) : NEVER;
    p->sessions[i] = seen ? 1 + below(14) : 0;
    p->trust_last_session[i] = seen ? (float)next_unit(&seed) : 0.0f;
    p->trusted_after[i] = seen ? below(p->sessions[i] + 1) : 0;
    p->suggestions_made[i] = seen ? below(5) : 0;
    p->suggestions_accepted[i] = below(p->suggestions_made[i] + 1);
    p->attempts[i] = p->suggestions_accepted[i] > 0 ? below(6) : 0;
    p->link_connection_week[i] =
        p->attempts[i] > 0 && below(2) > 0 ? p->first_session_week[i] + below(30) : NEVER;
    p->ever_group[i] = p->link_connection_week[i] != NEVER && below(2) > 0;
    p->own_connection_week[i] = seen && below(6) == 0 ? p->first_session_week[i] + 3 : NEVER;
    p->closing_week[i] = p->ever_closed[i] ? 90 : NEVER;
    p->after_closing_stress[i] = p->ever_closed[i] && below(3) > 0 ? 0.4f : -1.0f;
    p->after_closing_hope[i] = (float)next_unit(&seed);
    p->closing_hope[i] = (float)next_unit(&seed);
    p->after_closing_wellbeing[i] = 20.0f + (float)below(10);
    p->closing_wellbeing[i] = 20.0f + (float)below(10);
    p->starting_session_wellbeing[i] = 15.0f + (float)below(15);
    for (size_t v = 0; v < LAG_COUNT * MEASURE_COUNT; v++) {
        const bool points = v % MEASURE_COUNT == MEASURE_SWEMWBS;
        site->snapshots[i * LAG_COUNT * MEASURE_COUNT + v] =
            (float)(points ? 7.0 + 28.0 * next_unit(&seed) : next_unit(&seed));
    }
}

static void invent(struct fixture *f, struct recorder *recorder, struct fixture *without,
                   struct recorder *without_recorder)
{
    fixture_start(f);
    fixture_build(f, PEOPLE, 2);
    fixture_start(without);
    fixture_build(without, PEOPLE, 0);
    *recorder = *without_recorder = (struct recorder){0};
    for (size_t i = 0; i < PEOPLE; i++) {
        invent_person(&f->site, i);
        without->site.patients.wellbeing_sum[i] = (float)below(3000);
        without->site.patients.wellbeing_discounted[i] = (float)below(2900);
        without->site.patients.consultations_from_offer[i] = below(25);
        without->site.patients.consultations_from_session[i] = below(25);
    }
    double *window = (double *)&recorder->window;
    for (size_t v = 0; v < sizeof recorder->window / sizeof(double); v++) {
        window[v] = 1.0 + below(1000);
    }
    int64_t *events = (int64_t *)&f->site.events;
    for (size_t v = 0; v < sizeof f->site.events / sizeof(int64_t); v++) {
        events[v] = 1 + below(1000);
    }
    recorder->link_worker_cost_weeks = 100.0 + below(50);
    recorder->place_cost_weeks = 900.0 + below(50);
    recorder->consultations_discounted = 500.0 + below(100);
    without_recorder->consultations_discounted = 700.0 + below(100);
    recorder->stepped_patient_weeks = 1000;
    without_recorder->stepped_patient_weeks = 900;
}

static double *outcomes_of(const struct tally *tally, const struct parameters *k, size_t *count)
{
    struct outcome_list list;
    assert_int_equal(outcome_list_init(&list, k, 1), 0);
    double *values = malloc(list.count * sizeof *values);
    assert_non_null(values);
    outcomes_compute(tally, k, 1, values);
    *count = list.count;
    outcome_list_free(&list);
    return values;
}

/* One site of everyone against the same people divided by thirds, as if it were three sites: the
 * two tallies give the same outcomes.
 */
static void parts_add_up_to_the_whole(void **state)
{
    (void)state;
    struct fixture f, without;
    struct recorder recorder, without_recorder;
    struct tally *whole = calloc(1, sizeof *whole), *sum = calloc(1, sizeof *sum);
    assert_non_null(whole);
    assert_non_null(sum);
    seed = 77;
    invent(&f, &recorder, &without, &without_recorder);
    tally_site(whole, &f.site, &recorder, &without.site, &without_recorder, 1);
    const struct recorder nothing = {0};
    for (size_t part = 0; part < SITES; part++) {
        struct tally *one = calloc(1, sizeof *one);
        assert_non_null(one);
        for (size_t i = 0; i < PEOPLE; i++) {
            f.site.patients.counted[i] = i / (PEOPLE / SITES) == part;
        }
        if (part > 0) { /* what is of the site, not of people, is in the first part */
            f.site.events = (struct events){0};
            f.site.link_worker_count = 0;
        }
        tally_site(one, &f.site, part == 0 ? &recorder : &nothing, &without.site,
                   part == 0 ? &without_recorder : &nothing, 1);
        tally_add(sum, one);
        tally_free(one);
        free(one);
    }
    size_t count, same;
    double *expected = outcomes_of(whole, &f.parameters, &count);
    double *actual = outcomes_of(sum, &f.parameters, &same);
    assert_int_equal(count, same);
    int defined = 0;
    for (size_t i = 0; i < count; i++) {
        assert_true(isnan(expected[i]) == isnan(actual[i]));
        if (!isnan(expected[i])) {
            assert_near(actual[i], expected[i], 1e-9 * (1.0 + fabs(expected[i])));
            defined++;
        }
    }
    assert_true(defined > 400);
    assert_int_equal(sum->stepped_patient_weeks, 1900);
    assert_int_equal(sum->study.count, whole->study.count);
    for (int n = 0; n < whole->study.count; n++) {
        assert_true(sum->study.drawn[n].rank == whole->study.drawn[n].rank);
    }
    free(expected);
    free(actual);
    tally_free(whole);
    tally_free(sum);
    free(whole);
    free(sum);
    fixture_end(&f);
    fixture_end(&without);
}

/* Every number of a tally takes part in the sum: added to itself it doubles. */
static void nothing_is_forgotten_in_the_sum(void **state)
{
    (void)state;
    struct tally *part = calloc(1, sizeof *part), *sum = calloc(1, sizeof *sum);
    assert_non_null(part);
    assert_non_null(sum);
    double *groups = &part->groups[0][0], *sums = (double *)&part->sums;
    double *window = (double *)&part->window, *frequency = (double *)&part->frequency;
    int64_t *events = (int64_t *)&part->events;
    uint32_t *histograms = (uint32_t *)&part->histograms;
    groups[GROUP_COUNT * GROUP_SUM_COUNT - 1] = 1.0;
    sums[sizeof part->sums / sizeof(double) - 1] = 2.0;
    window[sizeof part->window / sizeof(double) - 1] = 3.0;
    frequency[sizeof part->frequency / sizeof(double) - 1] = 4.0;
    events[sizeof part->events / sizeof(int64_t) - 1] = 5;
    histograms[sizeof part->histograms / sizeof(uint32_t) - 1] = 6;
    part->courses[STRATUM_COUNT - 1].persons[LAG_COUNT - 1] = 7.0;
    part->courses[STRATUM_COUNT - 1].sum[LAG_COUNT - 1][MEASURE_COUNT - 1] = 8.0;
    part->courses[STRATUM_COUNT - 1].bins[LAG_COUNT - 1][BAND_MEASURES - 1][BAND_BINS - 1] = 9;
    part->stepped_patient_weeks = 10;
    part->has_contrast = true;
    tally_add(sum, part);
    assert_memory_equal(sum, part, sizeof *sum); /* the first sum is the part itself */
    tally_add(sum, part);
    assert_near(sum->groups[GROUP_COUNT - 1][GROUP_SUM_COUNT - 1], 2.0, 0.0);
    assert_near(((double *)&sum->sums)[sizeof sum->sums / sizeof(double) - 1], 4.0, 0.0);
    assert_near(((double *)&sum->window)[sizeof sum->window / sizeof(double) - 1], 6.0, 0.0);
    assert_int_equal(((int64_t *)&sum->events)[sizeof sum->events / sizeof(int64_t) - 1], 10);
    assert_int_equal(sum->stepped_patient_weeks, 20);
    free(part);
    free(sum);
}

/* One person seen, connected after four sessions, of whom everything is known. */
static void one_person_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    struct recorder recorder = {0};
    struct tally *t = calloc(1, sizeof *t);
    assert_non_null(t);
    fixture_start(&f);
    fixture_build(&f, 1, 1);
    struct patients *p = &f.site.patients;
    p->pathway[0] = PATHWAY_B_ANCHORED;
    p->accepted_first[0] = p->ever_accepted[0] = p->ever_taken_up[0] = 1;
    p->first_offer_week[0] = 60;
    p->first_session_week[0] = 70;
    p->sessions[0] = 6;
    p->waited_weeks[0] = 3;
    p->link_connection_week[0] = 82;
    p->ever_group[0] = 1;
    p->trusted_after[0] = 3;
    p->suggestions_made[0] = p->suggestions_accepted[0] = p->attempts[0] = 1;
    p->trust_last_session[0] = 0.64f;
    p->consultations_before_offer[0] = 9;
    p->consultations_before_session[0] = 11;
    p->consultations_from_session[0] = 5;
    p->starting_session_wellbeing[0] = 18.0f;
    float *snapshots = f.site.snapshots;
    snapshots[0 * MEASURE_COUNT + MEASURE_SWEMWBS] = 18.0f;
    snapshots[lag_index(39) * MEASURE_COUNT + MEASURE_SWEMWBS] = 21.0f;
    snapshots[lag_index(52) * MEASURE_COUNT + MEASURE_SWEMWBS] = 23.0f;
    tally_site(t, &f.site, &recorder, NULL, NULL, 1);
    const double *all = t->groups[GROUP_ALL];
    assert_near(all[SUM_OFFERED], 1.0, 0.0);
    assert_near(all[SUM_SEEN], 1.0, 0.0);
    assert_near(all[SUM_CONNECTED], 1.0, 0.0);
    assert_near(all[SUM_SESSIONS], 6.0, 0.0);
    assert_near(all[SUM_WAITED_WEEKS], 3.0, 0.0);
    assert_near(all[SUM_SWEMWBS_CHANGE], 3.0, 1e-6);
    assert_near(all[SUM_TRUST_LAST], 0.64, 1e-6);
    assert_near(all[SUM_PATHWAY + PATHWAY_B_ANCHORED], 1.0, 0.0);
    assert_near(t->groups[GROUP_FEMALE][SUM_OFFERED], 1.0, 0.0);
    assert_near(t->groups[GROUP_MALE][SUM_OFFERED], 0.0, 0.0);
    assert_near(t->sums.late_change, 4.0, 1e-6); /* mean of weeks 39 and 52, minus before */
    assert_near(t->sums.trusted_after[2], 1.0, 0.0);
    assert_near(t->sums.censored, 0.0, 0.0); /* 70 + 52 lies within 156 */
    assert_near(t->sums.gp_before, 11.0, 0.0);
    assert_near(t->sums.gp_before_weeks, 52.0, 0.0);
    assert_near(t->sums.gp_after_weeks, 52.0, 0.0);
    assert_near(t->frequency[0][9].persons, 1.0, 0.0);
    assert_near(t->frequency[0][9].after, 5.0, 0.0);
    assert_int_equal(t->histograms.weeks_to_connection[12], 1);
    assert_int_equal(t->histograms.sessions_of_connected[6], 1);
    assert_near(t->courses[STRATUM_NEVER_CONNECTED].persons[0], 0.0, 0.0);
    assert_near(t->courses[STRATUM_MONEY_NEED].persons[LAG_COUNT - 1], 1.0, 0.0);
    assert_near(t->sums.trust_weight[PATHWAY_B_ANCHORED], 0.64, 1e-6);
    assert_false(t->has_contrast);
    tally_free(t);
    free(t);
    fixture_end(&f);
}

/* Lags and the horizon that lie beyond the run are left out, not taken as 0. */
static void what_lies_after_the_run_is_left_out(void **state)
{
    (void)state;
    struct fixture f;
    struct recorder recorder = {0};
    struct tally *t = calloc(1, sizeof *t);
    assert_non_null(t);
    fixture_start(&f);
    fixture_build(&f, 2, 1);
    struct patients *p = &f.site.patients;
    for (size_t i = 0; i < 2; i++) {
        p->pathway[i] = PATHWAY_BRIEF;
        p->ever_accepted[i] = p->ever_taken_up[i] = 1;
        p->sessions[i] = 1;
        p->trust_last_session[i] = 0.5f;
        p->first_session_week[i] = FIXTURE_WEEKS - 39 - (int)i; /* week 39 is the 157th, the last */
    }
    tally_site(t, &f.site, &recorder, NULL, NULL, 1);
    const double persons[LAG_COUNT] = {2, 2, 2, 2, 2, 2, 2, 2, 1, 0};
    for (int lag = 0; lag < LAG_COUNT; lag++) {
        assert_near(t->courses[STRATUM_ALL].persons[lag], persons[lag], 0.0);
    }
    assert_near(t->groups[GROUP_ALL][SUM_CHANGE_PERSONS], 1.0, 0.0);
    assert_near(t->sums.censored, 2.0, 0.0);
    assert_near(t->sums.gp_after_weeks, 39.0 + 40.0, 0.0);
    tally_free(t);
    free(t);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_add_up_to_the_whole),
        cmocka_unit_test(nothing_is_forgotten_in_the_sum),
        cmocka_unit_test(one_person_by_hand),
        cmocka_unit_test(what_lies_after_the_run_is_left_out),
    };
    return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
