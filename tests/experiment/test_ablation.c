/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/ablation.h"

#include "observe/groups.h"
#include "small_run.h"

/* That all 26 rows work in the direction claimed is tested on the shipped defaults, in
 * system/test_theory.py. Here: that what is reported is what was asked for. */
static const char *const settings[] = {
    "site.number=2",       "run.weeks=80",     "population.arrival_weeks=40",
    "run.burn_in_weeks=5", "run.replicates=4", NULL};

/* For hundreds of scenarios. */
static const char *const tiny[] = {
    "site.number=1",       "run.weeks=60",     "population.arrival_weeks=30",
    "run.burn_in_weeks=5", "run.replicates=2", NULL};

static const char *const outcome = "pathway_of_engaged.all.b_anchored";

static struct estimate interval(double low, double high)
{
    return (struct estimate){.mean = (low + high) / 2.0, .low = low, .high = high, .replicates = 4};
}

static enum verdict verdict(double low, double high, int sign)
{
    const struct estimate e = interval(low, high);
    return verdict_of(&e, sign);
}

static void a_verdict_needs_an_interval_on_one_side_of_zero(void **state)
{
    (void)state;
    assert_int_equal(verdict(0.1, 0.3, +1), VERDICT_CONFIRMED);
    assert_int_equal(verdict(0.1, 0.3, -1), VERDICT_REFUTED);
    assert_int_equal(verdict(-0.3, -0.1, -1), VERDICT_CONFIRMED);
    assert_int_equal(verdict(-0.3, -0.1, +1), VERDICT_REFUTED);
    for (int sign = -1; sign <= 1; sign += 2) {
        assert_int_equal(verdict(-0.1, 0.3, sign), VERDICT_UNDETERMINED);
        assert_int_equal(verdict(0.0, 0.3, sign), VERDICT_UNDETERMINED);
        assert_int_equal(verdict(-0.3, 0.0, sign), VERDICT_UNDETERMINED);
        assert_int_equal(verdict(0.0, 0.0, sign), VERDICT_UNDETERMINED); /* no effect at all */
        assert_int_equal(verdict(NAN, NAN, sign), VERDICT_UNDETERMINED); /* one replicate */
    }
    assert_string_equal(verdict_names[VERDICT_CONFIRMED], "confirmed");
    assert_string_equal(verdict_names[VERDICT_REFUTED], "refuted");
    assert_string_equal(verdict_names[VERDICT_UNDETERMINED], "undetermined");
}

static bool same_estimate(const struct estimate *a, const struct estimate *b)
{
    return a->mean == b->mean && a->low == b->low && a->high == b->high &&
           a->standard_error == b->standard_error && a->replicates == b->replicates;
}

/* Full minus without, worked out here from the values of the scenarios. */
static void check_effect(const struct ablation *a, int row, const char *text,
                         const struct estimate *effect)
{
    struct quantity q;
    double differences[4];
    const struct results *results = &a->scenarios.results;
    ASSERT_DONE(quantity_read(&q, &results->list, text));
    for (size_t r = 0; r < 4; r++) {
        const double *full = results_values(results, 0, r);
        const double *without = results_values(results, 1 + (size_t)row, r);
        const bool both = q.minus < results->list.count;
        differences[r] = full[q.plus] - (both ? full[q.minus] : 0.0) -
                         (without[q.plus] - (both ? without[q.minus] : 0.0));
    }
    const struct estimate wanted = estimate_of(differences, 4);
    assert_near(effect->mean, wanted.mean, 1e-12);
    assert_near(effect->standard_error, wanted.standard_error, 1e-12);
    assert_near(effect->low, wanted.low, 1e-11);
    assert_near(effect->high, wanted.high, 1e-11);
}

static void an_ablation_is_full_minus_each_row_off(void **state)
{
    (void)state;
    struct configuration base;
    static struct ablation a;
    small_configuration(&base, settings);
    ASSERT_DONE(ablation_run(&a, &base, GROUP_ALL, 2, true));
    assert_int_equal(a.scenarios.count, 1 + THEORY_COUNT);
    assert_string_equal(a.scenarios.names[0], "full");
    for (int row = 0; row < THEORY_COUNT; row++) {
        const struct ablation_effect *e = &a.effects[row];
        char name[32];
        (void)snprintf(name, sizeof name, "without_%s", theory[row].id);
        assert_string_equal(a.scenarios.names[1 + row], name);
        struct parameters off = base.parameters;
        off.run.counterfactual = 0;
        ASSERT_DONE(theory_set_strength(&off, row, 0.0));
        assert_memory_equal(&a.scenarios.configurations[1 + row].parameters.mechanisms,
                            &off.mechanisms, sizeof off.mechanisms);
        check_effect(&a, row, theory[row].variable, &e->variable);
        check_effect(&a, row, theory[row].measure, &e->measure);
        for (int h = 0; h < HEADLINE_COUNT; h++) {
            check_effect(&a, row, headlines[h].outcome, &e->headline[h]);
        }
        assert_int_equal(e->verdict, verdict_of(&e->measure, theory[row].measure_sign));
        assert_int_equal(e->variable_verdict, verdict_of(&e->variable, theory[row].variable_sign));
        assert_true(e->variable.mean != 0.0); /* even a small run feels every row */
    }
    ablation_free(&a);
    configuration_free(&base);
}

static void strengths_begin_at_the_row_off(void **state)
{
    (void)state;
    enum { COUNT = 4 };
    static const double strengths[COUNT] = {1.0, 0.0, 0.5, 2.0};
    struct configuration base;
    static struct ablation a;
    struct estimate effects[THEORY_COUNT * COUNT];
    int ordered = 0;
    small_configuration(&base, settings);
    ASSERT_DONE(ablation_run(&a, &base, GROUP_ALL, 2, true));
    ASSERT_DONE(ablation_strengths(&base, strengths, COUNT, GROUP_ALL, 2, true, effects));
    for (int row = 0; row < THEORY_COUNT; row++) {
        const struct estimate *e = &effects[row * COUNT];
        assert_true(same_estimate(&e[0], &a.effects[row].measure));
        assert_true(e[1].mean == 0.0 && e[1].standard_error == 0.0);
        const double sign = theory[row].measure_sign;
        ordered += sign * e[3].mean > sign * e[2].mean && sign * e[2].mean > 0.0;
    }
    assert_true(ordered >= 20); /* twice the strength does more than half of it */
    ablation_free(&a);
    configuration_free(&base);
}

/* Runs the four scenarios of a pair alone, the second row switched off first. */
static struct estimate pair_by_hand(const struct configuration *base, int a, int b)
{
    struct scenarios scenarios;
    struct quantity q;
    double interactions[2];
    scenarios_init(&scenarios, base);
    for (int n = 0; n < 4; n++) {
        size_t s = 0;
        ASSERT_DONE(scenarios_add(&scenarios, "pair", &s));
        struct parameters *parameters = &scenarios.configurations[s].parameters;
        ASSERT_DONE(theory_set_strength(parameters, b, n & 2 ? 0.0 : 1.0));
        ASSERT_DONE(theory_set_strength(parameters, a, n & 1 ? 0.0 : 1.0));
    }
    ASSERT_DONE(scenarios_run(&scenarios, GROUP_ALL, 2, true));
    ASSERT_DONE(quantity_read(&q, &scenarios.results.list, outcome));
    for (size_t r = 0; r < 2; r++) {
        double v[4];
        for (size_t n = 0; n < 4; n++) {
            v[n] = results_values(&scenarios.results, n, r)[q.plus];
        }
        interactions[r] = v[0] - v[1] - v[2] + v[3];
    }
    scenarios_free(&scenarios);
    return estimate_of(interactions, 2);
}

static void pairs_are_what_exceeds_both_alone(void **state)
{
    (void)state;
    static const int chosen[][2] = {{THEORY_EN1, THEORY_EN2},
                                    {THEORY_IS1, THEORY_IS2},
                                    {THEORY_EN1, THEORY_RD6},
                                    {THEORY_KS5, THEORY_RD4},
                                    {THEORY_RD5, THEORY_RD6}};
    struct configuration base;
    struct estimate effects[THEORY_COUNT * THEORY_COUNT] = {{0}};
    int felt = 0;
    small_configuration(&base, tiny);
    ASSERT_DONE(ablation_pairs(&base, outcome, GROUP_ALL, 2, true, effects));
    for (int a = 0; a < THEORY_COUNT; a++) {
        for (int b = 0; b < THEORY_COUNT; b++) {
            const struct estimate *e = &effects[a * THEORY_COUNT + b];
            assert_int_equal(e->replicates, a < b ? 2 : 0); /* the upper triangle alone */
            felt += e->mean != 0.0;
        }
    }
    assert_true(felt > 100);
    for (size_t n = 0; n < sizeof chosen / sizeof chosen[0]; n++) {
        const struct estimate wanted = pair_by_hand(&base, chosen[n][0], chosen[n][1]);
        const struct estimate *e = &effects[chosen[n][0] * THEORY_COUNT + chosen[n][1]];
        assert_near(e->mean, wanted.mean, 1e-12);
        assert_near(e->standard_error, wanted.standard_error, 1e-12);
    }
    configuration_free(&base);
}

static double full_minus_nothing(const struct configuration *base, const char *name)
{
    struct scenarios scenarios;
    struct quantity q;
    size_t s = 0;
    scenarios_init(&scenarios, base);
    ASSERT_DONE(scenarios_add(&scenarios, "full", &s));
    ASSERT_DONE(scenarios_add(&scenarios, "nothing", &s));
    for (int row = 0; row < THEORY_COUNT; row++) {
        ASSERT_DONE(theory_set_strength(&scenarios.configurations[s].parameters, row, 0.0));
    }
    ASSERT_DONE(scenarios_run(&scenarios, GROUP_ALL, 2, true));
    ASSERT_DONE(quantity_read(&q, &scenarios.results.list, name));
    const double difference = quantity_difference(&scenarios.results, 0, 1, &q).mean;
    scenarios_free(&scenarios);
    return difference;
}

static void shares_add_up_to_the_total_effect(void **state)
{
    (void)state;
    static const char *const outcomes[] = {"pathway_of_engaged.all.b_anchored",
                                           "after_first_session.swemwbs.week39",
                                           "gp.per_year_after_first_session"};
    static const size_t permutations[] = {1, 2, 5};
    struct configuration base;
    small_configuration(&base, tiny);
    for (size_t o = 0; o < sizeof outcomes / sizeof outcomes[0]; o++) {
        struct estimate shares[THEORY_COUNT], again[THEORY_COUNT], total;
        const size_t n = permutations[o];
        double sum = 0.0;
        ASSERT_DONE(ablation_shapley(&base, outcomes[o], n, GROUP_ALL, 2, true, shares, &total));
        for (int row = 0; row < THEORY_COUNT; row++) {
            sum += shares[row].mean;
            assert_int_equal(shares[row].replicates, n);
            assert_true(n == 1 ? isnan(shares[row].standard_error)
                               : shares[row].standard_error >= 0.0);
        }
        assert_true(fabs(total.mean) > 1e-3);
        assert_near(sum, total.mean, 1e-9 * fabs(total.mean));
        assert_near(total.mean, full_minus_nothing(&base, outcomes[o]), 1e-12);
        ASSERT_DONE(ablation_shapley(&base, outcomes[o], n, GROUP_ALL, 1, true, again, &total));
        for (int row = 0; row < THEORY_COUNT; row++) { /* orders are drawn from the seed */
            assert_true(again[row].mean == shares[row].mean);
        }
    }
    configuration_free(&base);
}

/* Only enrolment is at work before the first decision: the other 22 rows have a share of exactly
 * 0 in it, in every order of switching off. */
static void a_row_has_no_share_in_what_it_cannot_touch(void **state)
{
    (void)state;
    struct configuration base;
    struct estimate shares[THEORY_COUNT], total;
    small_configuration(&base, tiny);
    ASSERT_DONE(ablation_shapley(&base, "funnel.first_offer_accepted_share", 4, GROUP_ALL, 2, true,
                                 shares, &total));
    for (int row = 0; row < THEORY_COUNT; row++) {
        if (row <= THEORY_EN4) {
            assert_true(shares[row].mean != 0.0);
        } else {
            assert_true(shares[row].mean == 0.0 && shares[row].standard_error == 0.0);
        }
    }
    assert_true(shares[THEORY_EN1].mean < 0.0 && shares[THEORY_EN2].mean > 0.0);
    configuration_free(&base);
}

/* Outcomes of a run that counts one group alone, against the full run's row for the group. */
static void check_group(const struct configuration *base, const char *name)
{
    static const char *const families[] = {"pathway_of_engaged", "pathway_of_offered"};
    static const char *const pathways[] = {"a_rapid",    "b_anchored",        "own_support",
                                           "disengaged", "c_connecting_with", "brief"};
    struct scenarios full, part;
    size_t s = 0;
    const int group = group_find(name, base->site_count);
    assert_true(group > GROUP_ALL);
    scenarios_init(&full, base);
    scenarios_init(&part, base);
    ASSERT_DONE(scenarios_add(&full, "full", &s));
    ASSERT_DONE(scenarios_add(&part, "part", &s));
    ASSERT_DONE(scenarios_run(&full, GROUP_ALL, 2, true));
    ASSERT_DONE(scenarios_run(&part, group, 2, true));
    for (size_t f = 0; f < 2; f++) {
        double sum = 0.0;
        int apart = 0;
        for (size_t p = 0; p < sizeof pathways / sizeof pathways[0]; p++) {
            struct quantity of_all, of_group;
            char all[96], mine[96];
            (void)snprintf(all, sizeof all, "%s.all.%s", families[f], pathways[p]);
            (void)snprintf(mine, sizeof mine, "%s.%s.%s", families[f], name, pathways[p]);
            ASSERT_DONE(quantity_read(&of_all, &part.results.list, all));
            ASSERT_DONE(quantity_read(&of_group, &full.results.list, mine));
            for (size_t r = 0; r < 4; r++) {
                const double counted = quantity_value(&part.results, 0, r, &of_all);
                assert_true(counted == quantity_value(&full.results, 0, r, &of_group));
                apart += counted != quantity_value(&full.results, 0, r, &of_all);
                sum += counted;
            }
        }
        assert_true(sum > 1.0 && apart > 12); /* of 24: not simply everyone */
    }
    scenarios_free(&full);
    scenarios_free(&part);
}

static void a_subgroup_counts_only_its_people(void **state)
{
    (void)state;
    struct configuration base;
    small_configuration(&base, settings);
    check_group(&base, "carer");
    check_group(&base, "female");
    check_group(&base, "quintile1");
    check_group(&base, "site2");
    configuration_free(&base);
}

static void an_ablation_of_a_subgroup_is_of_its_people(void **state)
{
    (void)state;
    struct configuration base;
    static struct ablation all, carers;
    struct quantity q;
    small_configuration(&base, settings);
    ASSERT_DONE(ablation_run(&all, &base, GROUP_ALL, 2, true));
    ASSERT_DONE(ablation_run(&carers, &base, GROUP_CARER, 2, true));
    ASSERT_DONE(
        quantity_read(&q, &all.scenarios.results.list, "pathway_of_engaged.carer.b_anchored"));
    for (int row = 0; row < THEORY_COUNT; row++) {
        const struct estimate wanted =
            quantity_difference(&all.scenarios.results, 0, 1 + (size_t)row, &q);
        assert_string_equal(headlines[2].outcome, outcome);
        assert_true(same_estimate(&carers.effects[row].headline[2], &wanted));
    }
    assert_true(carers.effects[THEORY_IS1].measure.mean != all.effects[THEORY_IS1].measure.mean);
    ablation_free(&all);
    ablation_free(&carers);
    configuration_free(&base);
}

static void what_cannot_be_worked_out_is_refused(void **state)
{
    (void)state;
    struct configuration base;
    struct estimate effects[THEORY_COUNT * THEORY_COUNT], total;
    small_configuration(&base, tiny);
    ASSERT_FAILS(ablation_strengths(&base, (const double[]){-1.0}, 1, GROUP_ALL, 2, true, effects),
                 ERROR_INPUT, "mechanisms.EN1 = -1");
    ASSERT_FAILS(
        ablation_strengths(&base, (const double[]){1.0, 99.0}, 2, GROUP_ALL, 2, true, effects),
        ERROR_INPUT, "mechanisms.EN1 = 99");
    ASSERT_FAILS(ablation_shapley(&base, "nothing.known", 1, GROUP_ALL, 2, true, effects, &total),
                 ERROR_INPUT, "'nothing.known'");
    configuration_free(&base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verdict_needs_an_interval_on_one_side_of_zero),
        cmocka_unit_test(an_ablation_is_full_minus_each_row_off),
        cmocka_unit_test(strengths_begin_at_the_row_off),
        cmocka_unit_test(pairs_are_what_exceeds_both_alone),
        cmocka_unit_test(shares_add_up_to_the_total_effect),
        cmocka_unit_test(a_row_has_no_share_in_what_it_cannot_touch),
        cmocka_unit_test(a_subgroup_counts_only_its_people),
        cmocka_unit_test(an_ablation_of_a_subgroup_is_of_its_people),
        cmocka_unit_test(what_cannot_be_worked_out_is_refused),
    };
    return cmocka_run_group_tests_name("ablation", tests, NULL, NULL);
}
