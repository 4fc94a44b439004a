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
    const struct results *results = &a->pool.scenarios.results;
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
    ASSERT_DONE(ablation_run(&a, &base, &(struct ablation_plan){.group = GROUP_ALL}, 2, true));
    const struct scenarios *scenarios = &a.pool.scenarios;
    assert_int_equal(scenarios->count, 1 + THEORY_COUNT);
    assert_int_equal(a.headline_count, HEADLINE_COUNT);
    assert_int_equal(ablation_replicates(&a), 4);
    assert_true(a.interactions == NULL && a.shares == NULL);
    assert_string_equal(scenarios->names[0], "full");
    for (int row = 0; row < THEORY_COUNT; row++) {
        const struct ablation_effect *e = &a.effects[row];
        char name[32];
        (void)snprintf(name, sizeof name, "without_%s", theory[row].id);
        assert_string_equal(scenarios->names[1 + row], name);
        struct parameters off = base.parameters;
        off.run.counterfactual = 0;
        ASSERT_DONE(theory_set_strength(&off, row, 0.0));
        assert_memory_equal(&scenarios->configurations[1 + row].parameters.mechanisms,
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

static bool same_effects(const struct ablation *a, const struct ablation *b)
{
    bool same = true;
    for (int row = 0; row < THEORY_COUNT; row++) {
        same = same && same_estimate(&a->effects[row].variable, &b->effects[row].variable) &&
               same_estimate(&a->effects[row].measure, &b->effects[row].measure);
        for (int h = 0; h < HEADLINE_COUNT; h++) {
            same =
                same && same_estimate(&a->effects[row].headline[h], &b->effects[row].headline[h]);
        }
    }
    return same;
}

static void strengths_begin_at_the_row_off(void **state)
{
    (void)state;
    enum { COUNT = 4 };
    static const double strengths[COUNT] = {1.0, 0.0, 0.5, 2.0};
    struct configuration base;
    static struct ablation a;
    int ordered = 0, seen = 0;
    small_configuration(&base, settings);
    const struct ablation_plan plan = {.strengths = strengths, .strength_count = COUNT};
    ASSERT_DONE(ablation_run(&a, &base, &plan, 2, true));
    /* strengths 1 and 0 are the full model and the row off: they are not simulated again */
    assert_int_equal(a.pool.scenarios.count, 1 + THEORY_COUNT + 2 * THEORY_COUNT);
    for (size_t row = 0; row < THEORY_COUNT; row++) {
        const struct ablation_effect *effect = &a.effects[row];
        assert_true(same_estimate(&ablation_dose(&a, row, 0)->measure, &effect->measure));
        assert_true(same_estimate(&ablation_dose(&a, row, 0)->variable, &effect->variable));
        const struct dose_effect *off = ablation_dose(&a, row, 1);
        assert_true(off->measure.mean == 0.0 && off->measure.standard_error == 0.0);
        assert_true(off->variable.mean == 0.0 && off->variable.standard_error == 0.0);
        const struct dose_effect *half = ablation_dose(&a, row, 2),
                                 *twice = ablation_dose(&a, row, 3);
        const double sign = theory[row].measure_sign, shown = theory[row].variable_sign;
        ordered += sign * twice->measure.mean > sign * half->measure.mean &&
                   sign * half->measure.mean > 0.0;
        seen += shown * twice->variable.mean > shown * half->variable.mean &&
                shown * half->variable.mean > 0.0;
    }
    assert_true(ordered >= 20); /* twice the strength does more than half of it */
    assert_true(seen >= 22);
    ablation_free(&a);
    configuration_free(&base);
}

/* Runs the four scenarios of a pair alone, the second row switched off first. */
static struct estimate pair_by_hand(const struct configuration *base, int a, int b,
                                    const char *outcome)
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

static void check_pairs(const struct ablation *a, const struct configuration *base)
{
    static const int chosen[][2] = {{THEORY_EN1, THEORY_EN2},
                                    {THEORY_IS1, THEORY_IS2},
                                    {THEORY_RD6, THEORY_EN1},
                                    {THEORY_KS5, THEORY_RD4}};
    int felt = 0;
    for (size_t first = 0; first < THEORY_COUNT; first++) {
        for (size_t second = 0; second < THEORY_COUNT; second++) {
            for (size_t h = 0; h < a->headline_count; h++) {
                const struct estimate *e = ablation_interaction(a, first, second, h);
                assert_int_equal(e->replicates, first != second ? 2 : 0);
                assert_true(same_estimate(e, ablation_interaction(a, second, first, h)));
                felt += e->mean != 0.0;
            }
        }
    }
    assert_true(felt > 1000);
    for (size_t n = 0; n < sizeof chosen / sizeof chosen[0]; n++) {
        for (size_t h = 2; h < MOST_HEADLINES; h += 4) { /* pathway b and the chosen outcome */
            const struct estimate wanted =
                pair_by_hand(base, chosen[n][0], chosen[n][1], a->headlines[h].outcome);
            const struct estimate *e =
                ablation_interaction(a, (size_t)chosen[n][0], (size_t)chosen[n][1], h);
            assert_near(e->mean, wanted.mean, 1e-12);
            assert_near(e->standard_error, wanted.standard_error, 1e-12);
        }
    }
}

/* Everything at once shares scenarios, and gives each what it gives alone. */
static void all_that_is_asked_shares_one_pool(void **state)
{
    (void)state;
    enum { ORDERS = 3, PAIRS = THEORY_COUNT * (THEORY_COUNT - 1) / 2 };
    static const double strengths[] = {0.5, 1.0};
    struct configuration base;
    static struct ablation all, plain, shares;
    small_configuration(&base, tiny);
    const struct ablation_plan everything = {.outcome = "after_first_session.trust.week13",
                                             .strengths = strengths,
                                             .strength_count = 2,
                                             .pairs = true,
                                             .orders = ORDERS};
    ASSERT_DONE(ablation_run(&all, &base, &everything, 2, true));
    ASSERT_DONE(ablation_run(&plain, &base, &(struct ablation_plan){.group = GROUP_ALL}, 2, true));
    ASSERT_DONE(ablation_run(&shares, &base, &(struct ablation_plan){.orders = ORDERS}, 1, true));
    /* full, each off, each at one half, each pair, all off, and of each order 3 to 25 off */
    const size_t most = 1 + 2 * THEORY_COUNT + PAIRS + 1 + ORDERS * (THEORY_COUNT - 3);
    assert_true(all.pool.scenarios.count <= most);
    assert_true(all.pool.scenarios.count > most - ORDERS * 3);
    assert_int_equal(all.pool.scenarios.results.scenario_count, 1 + THEORY_COUNT);
    assert_int_equal(all.headline_count, MOST_HEADLINES);
    assert_true(same_effects(&all, &plain));
    assert_true(all.effects[THEORY_IS1].headline[HEADLINE_COUNT].mean ==
                all.effects[THEORY_IS1].measure.mean); /* the chosen outcome is IS1's own */
    check_pairs(&all, &base);
    for (size_t h = 0; h < HEADLINE_COUNT; h++) {
        double sum = 0.0;
        for (size_t row = 0; row < THEORY_COUNT; row++) {
            assert_true(
                same_estimate(ablation_share(&all, row, h), ablation_share(&shares, row, h)));
            sum += ablation_share(&all, row, h)->mean;
        }
        assert_near(sum, all.totals[h].mean, 1e-9);
        assert_true(same_estimate(&all.totals[h], &shares.totals[h]));
    }
    ablation_free(&all);
    ablation_free(&plain);
    ablation_free(&shares);
    configuration_free(&base);
}

static void a_headline_is_not_added_twice(void **state)
{
    (void)state;
    struct configuration base;
    static struct ablation a;
    small_configuration(&base, tiny);
    const struct ablation_plan plan = {.outcome = headlines[4].outcome};
    ASSERT_DONE(ablation_run(&a, &base, &plan, 2, true));
    assert_int_equal(a.headline_count, HEADLINE_COUNT);
    ablation_free(&a);
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

/* What is said of carers alone is what the outcome of carers says among everyone. */
static void an_ablation_of_a_subgroup_is_of_its_people(void **state)
{
    (void)state;
    enum { PATHWAY_B = 2, CHOSEN = HEADLINE_COUNT };
    static const double strengths[] = {2.0};
    struct configuration base;
    static struct ablation all, carers;
    struct ablation_plan plan = {.outcome = "pathway_of_engaged.carer.b_anchored",
                                 .strengths = strengths,
                                 .strength_count = 1,
                                 .pairs = true,
                                 .orders = 2};
    small_configuration(&base, tiny);
    ASSERT_DONE(ablation_run(&all, &base, &plan, 2, true));
    plan.group = GROUP_CARER;
    plan.outcome = NULL;
    ASSERT_DONE(ablation_run(&carers, &base, &plan, 2, true));
    assert_string_equal(headlines[PATHWAY_B].outcome, "pathway_of_engaged.all.b_anchored");
    for (size_t row = 0; row < THEORY_COUNT; row++) {
        assert_true(same_estimate(&carers.effects[row].headline[PATHWAY_B],
                                  &all.effects[row].headline[CHOSEN]));
        assert_true(same_estimate(ablation_share(&carers, row, PATHWAY_B),
                                  ablation_share(&all, row, CHOSEN)));
        for (size_t other = 0; other < THEORY_COUNT; other++) {
            assert_true(same_estimate(ablation_interaction(&carers, row, other, PATHWAY_B),
                                      ablation_interaction(&all, row, other, CHOSEN)));
        }
    }
    assert_true(same_estimate(&carers.totals[PATHWAY_B], &all.totals[CHOSEN]));
    assert_true(carers.totals[PATHWAY_B].mean != all.totals[PATHWAY_B].mean);
    assert_true(carers.effects[THEORY_IS1].measure.mean != all.effects[THEORY_IS1].measure.mean);
    assert_true(ablation_dose(&carers, THEORY_IS1, 0)->measure.mean !=
                ablation_dose(&all, THEORY_IS1, 0)->measure.mean);
    ablation_free(&all);
    ablation_free(&carers);
    configuration_free(&base);
}

static void what_cannot_be_worked_out_is_refused(void **state)
{
    (void)state;
    struct configuration base;
    static struct ablation a;
    small_configuration(&base, tiny);
    const struct ablation_plan negative = {.strengths = (const double[]){-1.0},
                                           .strength_count = 1};
    ASSERT_FAILS(ablation_run(&a, &base, &negative, 2, true), ERROR_INPUT, "mechanisms.EN1 = -1");
    const struct ablation_plan large = {.strengths = (const double[]){1.0, 99.0},
                                        .strength_count = 2};
    ASSERT_FAILS(ablation_run(&a, &base, &large, 2, true), ERROR_INPUT, "mechanisms.EN1 = 99");
    const struct ablation_plan unknown = {.outcome = "nothing.known", .orders = 1};
    ASSERT_FAILS(ablation_run(&a, &base, &unknown, 2, true), ERROR_INPUT, "'nothing.known'");
    assert_true(a.doses == NULL && a.pool.scenarios.count == 0);
    configuration_free(&base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verdict_needs_an_interval_on_one_side_of_zero),
        cmocka_unit_test(an_ablation_is_full_minus_each_row_off),
        cmocka_unit_test(strengths_begin_at_the_row_off),
        cmocka_unit_test(all_that_is_asked_shares_one_pool),
        cmocka_unit_test(a_headline_is_not_added_twice),
        cmocka_unit_test(a_subgroup_counts_only_its_people),
        cmocka_unit_test(an_ablation_of_a_subgroup_is_of_its_people),
        cmocka_unit_test(what_cannot_be_worked_out_is_refused),
    };
    return cmocka_run_group_tests_name("ablation", tests, NULL, NULL);
}
