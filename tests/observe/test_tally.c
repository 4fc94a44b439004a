/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/tally.h"

#include "invented_people.h"
#include "observe/outcomes.h"

enum { SITES = 3 };

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

static void check_same_outcomes(const struct tally *a, const struct tally *b,
                                const struct parameters *k)
{
    size_t count, same;
    int defined = 0;
    double *expected = outcomes_of(a, k, &count);
    double *actual = outcomes_of(b, k, &same);
    assert_int_equal(count, same);
    for (size_t i = 0; i < count; i++) {
        assert_true(isnan(expected[i]) == isnan(actual[i]));
        if (!isnan(expected[i])) {
            assert_near(actual[i], expected[i], 1e-9 * (1.0 + fabs(expected[i])));
            defined++;
        }
    }
    assert_true(defined > 400);
    free(expected);
    free(actual);
}

/* One site of everyone against the same people divided by thirds, as if it were three sites: the
 * two tallies give the same outcomes.
 */
static void parts_add_up_to_the_whole(void **state)
{
    (void)state;
    struct invented n;
    struct tally *whole = calloc(1, sizeof *whole), *sum = calloc(1, sizeof *sum);
    assert_non_null(whole);
    assert_non_null(sum);
    invent(&n, 77);
    struct site *site = &n.with.site;
    tally_site(whole, site, &n.recorder, &n.without, 1);
    const struct recorder nothing = {0};
    for (size_t part = 0; part < SITES; part++) {
        struct tally *one = calloc(1, sizeof *one);
        assert_non_null(one);
        for (size_t i = 0; i < PEOPLE; i++) {
            site->patients.counted[i] = i / (PEOPLE / SITES) == part;
        }
        if (part > 0) { /* what is of the site, not of people, is in the first part */
            site->events = (struct events){0};
            site->link_worker_count = 0;
            n.without.consultations_discounted = 0.0;
            n.without.stepped_patient_weeks = 0;
        }
        tally_site(one, site, part == 0 ? &n.recorder : &nothing, &n.without, 1);
        tally_add(sum, one);
        tally_free(one);
        free(one);
    }
    check_same_outcomes(whole, sum, &n.with.parameters);
    assert_int_equal(sum->stepped_patient_weeks, 1900);
    assert_int_equal(sum->study.count, whole->study.count);
    for (int i = 0; i < whole->study.count; i++) {
        assert_true(sum->study.drawn[i].rank == whole->study.drawn[i].rank);
    }
    tally_free(whole);
    tally_free(sum);
    free(whole);
    free(sum);
    invented_end(&n);
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

/* Seen in week 70, connected in week 82, followed up to week 52 and beyond. */
static void make_one_person(struct fixture *f)
{
    fixture_start(f);
    fixture_build(f, 1, 1);
    struct patients *p = &f->site.patients;
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
    float *snapshots = f->site.snapshots;
    snapshots[MEASURE_SWEMWBS] = 18.0f;
    snapshots[MEASURE_HOPE] = 1.0f;
    p->offer_urgency[0] = 0.25f;
    p->offer_uncertainty[0] = 0.5f;
    snapshots[lag_index(39) * MEASURE_COUNT + MEASURE_SWEMWBS] = 21.0f;
    snapshots[lag_index(52) * MEASURE_COUNT + MEASURE_SWEMWBS] = 23.0f;
}

/* One person of whom everything is known. */
static void one_person_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    struct recorder recorder = {0};
    struct tally *t = calloc(1, sizeof *t);
    assert_non_null(t);
    make_one_person(&f);
    tally_site(t, &f.site, &recorder, NULL, 1);
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
    /* bands: 18 points are 11 of 28 on 64 bins; trust 0 is in the first, beyond 1 in the last */
    assert_int_equal(t->courses[STRATUM_ALL].bins[0][MEASURE_SWEMWBS][25], 1);
    assert_int_equal(t->courses[STRATUM_ALL].bins[lag_index(39)][MEASURE_SWEMWBS][32], 1);
    assert_int_equal(t->courses[STRATUM_ALL].bins[0][MEASURE_HOPE][BAND_BINS - 1], 1);
    assert_int_equal(t->courses[STRATUM_ALL].bins[0][MEASURE_TRUST][0], 1);
    assert_int_equal(t->histograms.urgency.persons[512], 1); /* a quarter of 2048 */
    assert_int_equal(t->histograms.uncertainty.persons[1024], 1);
    assert_int_equal(t->histograms.few_alternatives.persons[1024], 1);
    assert_int_equal(t->histograms.urgency.accepted[512], 1);
    assert_int_equal(t->histograms.uncertainty.accepted[1024], 1);
    assert_int_equal(t->histograms.few_alternatives.accepted[1024], 1);
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
    tally_site(t, &f.site, &recorder, NULL, 1);
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
