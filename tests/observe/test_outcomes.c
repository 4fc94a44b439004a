/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/outcomes.h"

#include "../sim/observe/outcome_emitter.h"
#include "base/checks.h"
#include "parameters/table.h"

/* Outcomes of tallies put together by hand. */

static struct tally *tally;
static struct parameters parameters;

static int begin(void **state)
{
    (void)state;
    parameters_default(&parameters);
    tally = calloc(1, sizeof *tally);
    return tally != NULL ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    free(tally);
    return 0;
}

static void clear(void)
{
    memset(tally, 0, sizeof *tally);
}

/* The value of an outcome of the tally, by name. */
static double outcome(const char *name)
{
    struct outcome_list list;
    assert_int_equal(outcome_list_init(&list, &parameters, 7), 0);
    double *values = malloc(list.count * sizeof *values);
    assert_non_null(values);
    outcomes_compute(tally, &parameters, 7, values);
    const size_t found = outcome_find(&list, name);
    if (found == list.count) {
        free(values);
        outcome_list_free(&list);
        fail_msg("there is no outcome %s", name);
    }
    const double value = values[found];
    free(values);
    outcome_list_free(&list);
    return value;
}

static void names_differ_and_are_explained(void **state)
{
    (void)state;
    struct outcome_list list;
    assert_int_equal(outcome_list_init(&list, &parameters, 7), 0);
    assert_true(list.count > 500);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(outcome_find(&list, list.outcomes[i].name), i); /* no name comes twice */
        assert_true(strlen(list.outcomes[i].name) < OUTCOME_NAME_SIZE - 1);
        assert_true(strlen(list.outcomes[i].definition) > 10);
        assert_non_null(list.outcomes[i].unit);
    }
    assert_int_equal(outcome_find(&list, "no.such.name"), list.count);
    outcome_list_free(&list);
    assert_null(list.outcomes);
}

/* As many values as names, whatever the number of sites. */
static void values_and_names_are_as_many(void **state)
{
    (void)state;
    const size_t sites[] = {1, 7, 20, 21, 400};
    for (size_t n = 0; n < 5; n++) {
        struct outcome_list list;
        assert_int_equal(outcome_list_init(&list, &parameters, sites[n]), 0);
        double *values = malloc((list.count + 1) * sizeof *values);
        assert_non_null(values);
        for (size_t i = 0; i <= list.count; i++) {
            values[i] = 12345.0;
        }
        clear();
        outcomes_compute(tally, &parameters, sites[n], values);
        for (size_t i = 0; i < list.count; i++) {
            assert_true(values[i] != 12345.0);
        }
        assert_true(values[list.count] == 12345.0);
        free(values);
        outcome_list_free(&list);
    }
}

/* Mean and quantiles of a histogram against the sorted list of its values. */
static void histograms_have_the_quantiles_of_their_values(void **state)
{
    (void)state;
    uint64_t seed = 6;
    for (size_t n = 1; n < 40; n += 3) {
        uint32_t bins[WEEK_BINS] = {0};
        double values[40], sum = 0.0;
        for (size_t i = 0; i < n; i++) {
            const size_t value = next_input(&seed) % 12;
            bins[value]++;
            values[i] = (double)value;
            sum += (double)value;
        }
        qsort(values, n, sizeof values[0], compare_doubles);
        assert_near(histogram_mean(bins), sum / (double)n, 1e-12);
        for (int q = 0; q <= 20; q++) {
            const double h = (double)(n - 1) * q / 20.0;
            const size_t below = (size_t)h, above = below + 1 < n ? below + 1 : below;
            const double expected =
                values[below] + (h - (double)below) * (values[above] - values[below]);
            assert_near(histogram_quantile(bins, q / 20.0), expected, 1e-9);
        }
    }
    const uint32_t none[WEEK_BINS] = {0};
    assert_true(isnan(histogram_mean(none)));
    assert_true(isnan(histogram_quantile(none, 0.5)));
}

static void quintile(int q, double offered, double taken_up)
{
    tally->groups[GROUP_QUINTILE1 + q - 1][SUM_OFFERED] = offered;
    tally->groups[GROUP_QUINTILE1 + q - 1][SUM_TAKEN_UP] = taken_up;
}

/* Equal fifths at 10 to 50 %: ridits .1 .3 .5 .7 .9, so .1 per .2. */
static void the_slope_index_by_hand(void **state)
{
    (void)state;
    clear();
    for (int q = 1; q <= 5; q++) {
        quintile(q, 100.0, 10.0 * q);
    }
    assert_near(outcome("slope_index.taken_up"), 0.5, 1e-12);
    /* two groups of 30 and 10: ridits .375 and .875; .5 - .2 over a half */
    clear();
    quintile(1, 30.0, 6.0);
    quintile(5, 10.0, 5.0);
    assert_near(outcome("slope_index.taken_up"), 0.6, 1e-12);
    /* all alike: no slope */
    clear();
    for (int q = 1; q <= 5; q++) {
        quintile(q, 10.0 * q, 4.0 * q);
    }
    assert_near(outcome("slope_index.taken_up"), 0.0, 1e-12);
}

/* Against a regression of persons, one by one. */
static void the_slope_index_is_a_regression_of_persons(void **state)
{
    (void)state;
    const double offered[5] = {210, 90, 40, 160, 20}, taken[5] = {80, 40, 25, 100, 15};
    double all = 0.0, before = 0.0, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0;
    clear();
    for (int q = 0; q < 5; q++) {
        quintile(q + 1, offered[q], taken[q]);
        all += offered[q];
    }
    for (int q = 0; q < 5; q++) {
        const double ridit = (before + offered[q] / 2.0) / all;
        for (int n = 0; n < (int)offered[q]; n++) {
            const double y = n < (int)taken[q];
            sx += ridit;
            sy += y;
            sxx += ridit * ridit;
            sxy += ridit * y;
        }
        before += offered[q];
    }
    assert_near(outcome("slope_index.taken_up"), (all * sxy - sx * sy) / (all * sxx - sx * sx),
                1e-9);
}

static void shares_of_pathways(void **state)
{
    (void)state;
    clear();
    double *carers = tally->groups[GROUP_CARER];
    carers[SUM_OFFERED] = 40.0;
    carers[SUM_PATHWAY + PATHWAY_A_RAPID] = 4.0;
    carers[SUM_PATHWAY + PATHWAY_B_ANCHORED] = 6.0;
    carers[SUM_PATHWAY + PATHWAY_C_CONNECTING_WITH] = 10.0;
    carers[SUM_PATHWAY + PATHWAY_DECLINED] = 12.0;
    carers[SUM_PATHWAY + PATHWAY_WAITING] = 8.0;
    assert_near(outcome("pathway_of_offered.carer.b_anchored"), 0.15, 1e-12);
    assert_near(outcome("pathway_of_offered.carer.declined"), 0.3, 1e-12);
    assert_near(outcome("pathway_of_engaged.carer.c_connecting_with"), 0.5, 1e-12);
    assert_true(isnan(outcome("pathway_of_offered.male.a_rapid"))); /* nobody */
}

/* Nine people: the lowest three and the highest three; a bin cut in two counts in part. */
static void thirds_of_an_index(void **state)
{
    (void)state;
    clear();
    struct index_histogram *h = &tally->histograms.urgency;
    tally->groups[GROUP_ALL][SUM_OFFERED] = 9.0;
    h->persons[10] = 2;
    h->accepted[10] = 1;
    h->persons[50] = 4;
    h->accepted[50] = 3;
    h->persons[90] = 3;
    h->accepted[90] = 3;
    assert_near(outcome("enrolment.accept_low_urgency"), (1.0 + 0.25 * 3.0) / 3.0, 1e-12);
    assert_near(outcome("enrolment.accept_high_urgency"), 1.0, 1e-12);
}

/* Twenty seen: the top two are one of class 10 and one of the four of class 5. */
static void frequent_attenders_by_hand(void **state)
{
    (void)state;
    clear();
    tally->frequency[2][10] = (struct frequency_class){1.0, 10.0, 8.0, 52.0, 1.0};
    tally->frequency[1][5] = (struct frequency_class){4.0, 20.0, 24.0, 208.0, 4.0};
    tally->frequency[0][1] = (struct frequency_class){15.0, 15.0, 30.0, 780.0, 15.0};
    assert_near(outcome("gp.change_top_decile"), 14.0 / 15.0 - 1.0, 1e-12);
    /* the lower ten are of class 1: 20 after 10 */
    assert_near(outcome("gp.change_bottom_half"), 1.0, 1e-12);
    /* consultations of the top two of twenty: 15 of 45 */
    assert_near(outcome("gp.top_decile_share_of_consultations"), 15.0 / 45.0, 1e-12);
}

/* Correlation of mid-ranks of sessions with connected, person by person. */
static void dose_and_connection(void **state)
{
    (void)state;
    const int seen[5] = {0, 6, 5, 2, 3}, connected[5] = {0, 1, 2, 1, 3};
    double ranks[16], y[16], sr = 0.0, sy = 0.0, srr = 0.0, syy = 0.0, sry = 0.0;
    int n = 0;
    clear();
    for (int s = 0; s < 5; s++) {
        tally->histograms.sessions_of_seen[s] = (uint32_t)seen[s];
        tally->histograms.sessions_of_connected[s] = (uint32_t)connected[s];
        const int first = n;
        for (int i = 0; i < seen[s]; i++, n++) {
            ranks[n] = first + (seen[s] + 1) / 2.0;
            y[n] = i < connected[s];
        }
    }
    for (int i = 0; i < n; i++) {
        sr += ranks[i];
        sy += y[i];
        srr += ranks[i] * ranks[i];
        syy += y[i] * y[i];
        sry += ranks[i] * y[i];
    }
    assert_near(outcome("dose_connection_rank_correlation"),
                (n * sry - sr * sy) / sqrt((n * srr - sr * sr) * (n * syy - sy * sy)), 1e-12);
}

static void costs_by_hand(void **state)
{
    (void)state;
    clear();
    assert_true(isnan(outcome("cost.net_per_person_offered"))); /* without a counterfactual */
    parameters.cost.link_worker_year = 52000.0;
    parameters.cost.place_week = 10.0;
    parameters.cost.gp_consultation = 40.0;
    parameters.cost.qaly_per_swemwbs_point_year = 0.02;
    parameters.cost.wellby_per_swemwbs_point_year = 0.3;
    tally->has_contrast = true;
    tally->groups[GROUP_ALL][SUM_OFFERED] = 100.0;
    tally->sums.link_worker_weeks = 50.0; /* 50000 */
    tally->sums.place_weeks = 400.0;      /* 4000 */
    tally->sums.consultations_saved = 100.0;
    tally->sums.swemwbs_weeks_gained = 2600.0; /* 50 point-years */
    assert_near(outcome("cost.net_per_person_offered"), 500.0, 1e-9);
    assert_near(outcome("cost.qaly_gain_per_100_offered"), 1.0, 1e-12);
    assert_near(outcome("cost.wellby_gain_per_100_offered"), 15.0, 1e-12);
    assert_near(outcome("cost.net_per_qaly"), 50000.0, 1e-6);
    parameters_default(&parameters);
}

/* Two quintiles share the service by sessions, places by people connected, consultations by their own. */
static void economics_by_hand(void **state)
{
    (void)state;
    clear();
    parameters.cost.link_worker_year = 52000.0;
    parameters.cost.place_week = 10.0;
    parameters.cost.gp_consultation = 40.0;
    double *all = tally->groups[GROUP_ALL], *most = tally->groups[GROUP_QUINTILE1];
    all[SUM_OFFERED] = 100.0;
    most[SUM_OFFERED] = 40.0;
    tally->sums.posts = 1.0;
    tally->sums.link_worker_weeks = 50.0; /* 50000 */
    tally->sums.place_weeks = 400.0;      /* 4000 */
    tally->sums.consultations = 300.0;    /* 12000 */
    tally->sums.consultations_without = 500.0;
    assert_near(outcome("economics.quintile1.cost"), 66000.0 * 0.4 / 40.0, 1e-9); /* no other key */
    all[SUM_SESSIONS] = 200.0;
    most[SUM_SESSIONS] = 20.0;
    all[SUM_CONNECTED] = 10.0;
    most[SUM_CONNECTED] = 5.0;
    all[SUM_CONSULTATIONS] = 320.0;
    most[SUM_CONSULTATIONS] = 80.0;
    all[SUM_CONSULTATIONS_WITHOUT] = 520.0;
    most[SUM_CONSULTATIONS_WITHOUT] = 130.0;
    all[SUM_WELLBEING] = 104000.0;
    most[SUM_WELLBEING] = 41600.0;
    most[SUM_WELLBEING_WITHOUT] = 20800.0;
    assert_near(outcome("economics.all.offered"), 100.0, 1e-12);
    assert_near(outcome("economics.all.cost"), 660.0, 1e-9);
    assert_near(outcome("economics.quintile1.cost"), (5000.0 + 2000.0 + 3000.0) / 40.0, 1e-9);
    assert_near(outcome("economics.all.swemwbs_years"), 20.0, 1e-12);
    assert_near(outcome("economics.quintile1.swemwbs_years"), 20.0, 1e-12);
    assert_true(isnan(outcome("economics.all.cost_without"))); /* no counterfactual was run */
    assert_true(isnan(outcome("economics.quintile1.swemwbs_years_without")));
    assert_true(isnan(outcome("economics.quintile2.cost"))); /* nobody there */
    tally->has_contrast = true;
    assert_near(outcome("economics.all.cost_without"), 200.0, 1e-9);
    assert_near(outcome("economics.quintile1.cost_without"), 5000.0 / 40.0, 1e-9);
    assert_near(outcome("economics.quintile1.swemwbs_years_without"), 10.0, 1e-12);
    parameters.cost.programme_post_year = 5200.0; /* a tenth of a post more: 5000 */
    assert_near(outcome("economics.all.cost"), 710.0, 1e-9);
    assert_near(outcome("economics.quintile1.cost"), 10500.0 / 40.0, 1e-9);
    assert_near(outcome("cost.service_per_person_connected"), (50000.0 + 5000.0 + 4000.0) / 10.0,
                1e-9);
    tally->has_contrast = false;
    tally->sums.posts = 0.0; /* a service without link workers is its own counterfactual */
    assert_near(outcome("economics.all.cost_without"), 200.0, 1e-9);
    parameters_default(&parameters);
}

static void the_study_counts_its_interviewees(void **state)
{
    (void)state;
    clear();
    parameters.study.followed_up = 2;
    for (int i = 0; i < 4; i++) {
        const struct interviewee person = {.rank = i,
                                           .trust = 0.2f * (float)(i + 1),
                                           .change = 1.0f + (float)i,
                                           .pathway = i < 3 ? PATHWAY_B_ANCHORED : PATHWAY_BRIEF,
                                           .followed = i != 1};
        (void)study_sample_consider(&tally->study, 61, &person);
    }
    tally->sums.trust_weight[PATHWAY_B_ANCHORED] = 3.0;
    tally->sums.trust_weight[PATHWAY_DISENGAGED] = 1.0;
    tally->sums.trust_of_seen = 12.0;
    tally->groups[GROUP_ALL][SUM_SEEN] = 40.0;
    tally->groups[GROUP_ALL][SUM_OFFERED] = 60.0;
    assert_near(outcome("study_of_61.b_anchored"), 0.75, 1e-12);
    assert_near(outcome("study_of_61.brief"), 0.25, 1e-12);
    assert_near(outcome("study_of_61.trust_of_interviewees"), 0.5, 1e-6);
    assert_near(outcome("study_of_61.trust_of_all_seen"), 0.3, 1e-12);
    assert_near(outcome("study_of_61.trust_of_all_offered"), 0.2, 1e-12);
    /* the first two who can be followed up: ranks 0 and 2 */
    assert_near(outcome("study_of_61.swemwbs_change_of_41_followed_up"), 2.0, 1e-6);
    assert_near(outcome("trust_weighted.b_anchored"), 0.75, 1e-12);
    tally_free(tally);
    parameters_default(&parameters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_differ_and_are_explained),
        cmocka_unit_test(values_and_names_are_as_many),
        cmocka_unit_test(histograms_have_the_quantiles_of_their_values),
        cmocka_unit_test(the_slope_index_by_hand),
        cmocka_unit_test(the_slope_index_is_a_regression_of_persons),
        cmocka_unit_test(shares_of_pathways),
        cmocka_unit_test(thirds_of_an_index),
        cmocka_unit_test(frequent_attenders_by_hand),
        cmocka_unit_test(dose_and_connection),
        cmocka_unit_test(costs_by_hand),
        cmocka_unit_test(economics_by_hand),
        cmocka_unit_test(the_study_counts_its_interviewees),
    };
    return cmocka_run_group_tests_name("outcomes", tests, begin, end);
}
