/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/economics.h"

#include "parameters/scratch_folder.h"
#include "small_run.h"

static const char *const settings[] = {
    "site.number=1",       "run.weeks=60",     "population.arrival_weeks=30",
    "run.burn_in_weeks=5", "run.replicates=2", "outcome.pathway_weeks=20"};
enum { SETTINGS = 6, SETS = 12 };

static const char *const base_text =
    "uncertain:\n"
    "  cost.place_week: {distribution: gamma, mean: 12, sd: 4}\n"
    "  trait.rapport_median: {distribution: lognormal, mean: 0.4, sd: 0.1}\n";

static struct economics_request ask(const char *const *paths, size_t count)
{
    return (struct economics_request){.paths = paths,
                                      .path_count = count,
                                      .settings = settings,
                                      .setting_count = SETTINGS,
                                      .sets = SETS,
                                      .threshold = 100.0};
}

static void evaluate(struct economics *e, const struct economics_request *request, int threads)
{
    ASSERT_DONE(economics_make(e, request));
    ASSERT_DONE(economics_run(e, threads, true));
}

static const struct parameters *parameters_of(const struct economics *e, size_t scenario,
                                              size_t set)
{
    return &e->scenarios.configurations[scenario * e->set_count + set].parameters;
}

static void draws_depend_on_seed_set_and_name_alone(void **state)
{
    (void)state;
    enum { DRAWS = 20000 };
    static double uniforms[DRAWS];
    assert_true(economics_uniform(1, 0, "a.b") == economics_uniform(1, 0, "a.b"));
    assert_true(economics_uniform(1, 0, "a.b") != economics_uniform(1, 1, "a.b"));
    assert_true(economics_uniform(1, 0, "a.b") != economics_uniform(2, 0, "a.b"));
    assert_true(economics_uniform(1, 0, "a.b") != economics_uniform(1, 0, "a.c"));
    double product = 0.0;
    for (size_t k = 0; k < DRAWS; k++) {
        uniforms[k] = economics_uniform(7, k, "cost.place_week");
        product += (uniforms[k] - 0.5) * (economics_uniform(7, k, "cost.gp_consultation") - 0.5);
    }
    assert_near(product / DRAWS, 0.0, FIVE_SIGMA / 12.0 / sqrt(DRAWS)); /* independent parameters */
    assert_true(kolmogorov_distance(uniforms, DRAWS) < KOLMOGOROV_LIMIT);
}

static void sets_have_the_moments_asked_for(void **state)
{
    (void)state;
    const char *const paths[] = {"base.yaml"};
    struct economics_request request = ask(paths, 1);
    struct economics e;
    struct sample cost = {0}, rapport = {0};
    scratch_write("base.yaml", base_text);
    request.sets = 2000;
    ASSERT_DONE(economics_make(&e, &request));
    assert_int_equal(e.parameter_count, 2);
    for (size_t k = 0; k < 2000; k++) {
        sample_add(&cost, parameters_of(&e, 0, k)->cost.place_week);
        sample_add(&rapport, parameters_of(&e, 0, k)->trait.rapport_median);
    }
    assert_sample_mean(&cost, 12.0);
    assert_sample_mean(&rapport, 0.4);
    assert_near(sqrt(sample_variance(&cost)), 4.0, 0.4);
    assert_near(sqrt(sample_variance(&rapport)), 0.1, 0.01);
    economics_free(&e);
}

/* The same sets in all scenarios, but for what a scenario settles; an option that differs in nothing else
 * differs in nothing at all.
 */
static void all_options_have_the_same_sets(void **state)
{
    (void)state;
    const char *const paths[] = {"base.yaml", "same.yaml", "dear.yaml"};
    const struct economics_request request = ask(paths, 3);
    struct economics e;
    scratch_write("base.yaml", base_text);
    scratch_write("same.yaml", "title: the same\n");
    scratch_write("dear.yaml", "cost: {place_week: 100}\n");
    evaluate(&e, &request, 2);
    assert_int_equal(e.option_count, 3);
    assert_string_equal(e.option_names[1], "same");
    for (size_t k = 0; k < SETS; k++) {
        const struct parameters *base = parameters_of(&e, 0, k);
        assert_true(base->cost.place_week != 12.0);
        assert_true(parameters_of(&e, 1, k)->cost.place_week == base->cost.place_week);
        assert_true(parameters_of(&e, 2, k)->cost.place_week == 100.0);
        assert_true(parameters_of(&e, 2, k)->trait.rapport_median == base->trait.rapport_median);
        assert_true(decision_mean(&e.groups[0], of_cost, k, 2) >
                    decision_mean(&e.groups[0], of_cost, k, 0));
        for (size_t p = 0; p < e.parameter_count; p++) {
            assert_true(e.drawn[k * e.parameter_count + p] ==
                        parameter_value(base, e.parameters[p]));
        }
    }
    const struct spread same = decision_increment(&e.groups[0], of_effect, 1);
    assert_true(same.mean == 0.0 && same.low == 0.0 && same.high == 0.0);
    assert_true(decision_increment(&e.groups[0], of_cost, 1).mean == 0.0);
    assert_true(decision_increment(&e.groups[0], of_effect, 2).mean == 0.0);
    assert_true(e.same_people);
    economics_free(&e);
}

/* Costs and effects are the outcomes of the runs, and no link workers the counterfactual of the base. */
static void values_are_the_outcomes(void **state)
{
    (void)state;
    const char *const paths[] = {"base.yaml"};
    const struct economics_request request = ask(paths, 1);
    struct economics e;
    scratch_write("base.yaml", base_text);
    evaluate(&e, &request, 2);
    assert_true(e.has_none && e.option_count == 2);
    assert_string_equal(e.option_names[0], "no link workers");
    const struct outcome_list *list = &e.scenarios.results.list;
    for (size_t k = 0; k < SETS; k++) {
        for (size_t r = 0; r < 2; r++) {
            const double *values = results_values(&e.scenarios.results, k, r);
            const size_t none = decision_at(&e.groups[0], k, r, 0);
            const size_t with = decision_at(&e.groups[0], k, r, 1);
            assert_near(e.groups[0].costs[with] - e.groups[0].costs[none],
                        values[outcome_find(list, "cost.net_per_person_offered")], 1e-9);
            assert_near(0.02 * (e.groups[0].effects[with] - e.groups[0].effects[none]),
                        values[outcome_find(list, "cost.qaly_gain_per_100_offered")] / 100.0, 1e-9);
            double cost = 0.0;
            for (size_t g = 1; g < ECONOMICS_GROUPS; g++) { /* quintiles add up to everyone */
                char name[64];
                (void)snprintf(name, sizeof name, "economics.quintile%zu.offered", g);
                const double offered = values[outcome_find(list, name)];
                cost += offered > 0.0 ? e.groups[g].costs[with] * offered : 0.0;
            }
            assert_near(cost / values[outcome_find(list, "economics.all.offered")],
                        e.groups[0].costs[with], 1e-9);
        }
    }
    economics_free(&e);
}

static void threads_change_no_cost_and_no_effect(void **state)
{
    (void)state;
    const char *const paths[] = {"base.yaml", "dear.yaml"};
    const struct economics_request request = ask(paths, 2);
    struct economics one, three;
    scratch_write("base.yaml", base_text);
    scratch_write("dear.yaml", "diary: {caseload_cap: 5}\n");
    evaluate(&one, &request, 1);
    evaluate(&three, &request, 3);
    const size_t bytes = (size_t)SETS * 2 * 2 * sizeof(double);
    assert_memory_equal(one.groups[0].costs, three.groups[0].costs, bytes);
    assert_memory_equal(one.groups[0].effects, three.groups[0].effects, bytes);
    economics_free(&one);
    economics_free(&three);
}

/* Twice the offers: what link workers change for twice the people, per person of the base. */
static void other_people_count_against_none(void **state)
{
    (void)state;
    const char *const paths[] = {"base.yaml", "more.yaml"};
    const struct economics_request request = ask(paths, 2);
    struct economics e;
    scratch_write("base.yaml", base_text);
    scratch_write("more.yaml", "population: {offers_per_week: 8.9}\n");
    evaluate(&e, &request, 2);
    assert_false(e.same_people);
    const struct outcome_list *list = &e.scenarios.results.list;
    const double *base = results_values(&e.scenarios.results, 3, 1);
    const double *more = results_values(&e.scenarios.results, SETS + 3, 1);
    const double people = more[outcome_find(list, "economics.all.offered")] /
                          base[outcome_find(list, "economics.all.offered")];
    assert_near(people, 2.0, 0.05);
    assert_near(e.groups[0].costs[decision_at(&e.groups[0], 3, 1, 1)],
                base[outcome_find(list, "economics.all.cost_without")] +
                    people * more[outcome_find(list, "cost.net_per_person_offered")],
                1e-9);
    economics_free(&e);
}

/* The named mapping turns point-years into QALYs, by the coefficient of the set. */
static void the_mapping_is_named_and_warned_about(void **state)
{
    (void)state;
    const char *const paths[] = {"base.yaml"};
    const char *named[SETTINGS + 1];
    struct economics plain, mapped;
    struct economics_request request = ask(paths, 1);
    scratch_write("base.yaml", "uncertain:\n  cost.qaly_per_swemwbs_point_year: {distribution: "
                               "gamma, mean: 0.02, sd: 0.01}\n");
    request.threshold = NAN;
    evaluate(&plain, &request, 2);
    memcpy(named, settings, sizeof settings);
    named[SETTINGS] = "cost.wellbeing_value=placeholder_qaly";
    request.settings = named;
    request.setting_count = SETTINGS + 1;
    evaluate(&mapped, &request, 2);
    assert_string_equal(economics_unit(&plain), "SWEMWBS point-year");
    assert_string_equal(economics_caution(&plain), "");
    assert_true(isnan(plain.threshold)); /* nothing is accepted for a point */
    assert_string_equal(economics_unit(&mapped), "QALY");
    assert_non_null(strstr(economics_caution(&mapped), "do not quote"));
    assert_near(mapped.threshold, 20000.0, 0.0);
    for (size_t i = 0; i < (size_t)SETS * 2 * 2; i++) {
        assert_near(mapped.groups[0].effects[i], plain.groups[0].effects[i] * mapped.drawn[i / 4],
                    1e-12);
    }
    struct printed printed;
    print_begin(&printed);
    ASSERT_DONE(economics_print(printed.stream, &mapped));
    assert_non_null(strstr(print_end(&printed), "CAUTION"));
    print_free(&printed);
    print_begin(&printed);
    ASSERT_DONE(economics_draw(printed.stream, &mapped));
    assert_non_null(strstr(print_end(&printed), "do not quote"));
    print_free(&printed);
    economics_free(&plain);
    economics_free(&mapped);
}

static void what_cannot_be_evaluated_is_refused(void **state)
{
    (void)state;
    const char *const alone[] = {"bare.yaml"}, *const two[] = {"base.yaml", "other.yaml"};
    struct economics e;
    struct economics_request request = ask(alone, 1);
    scratch_write("bare.yaml", "title: nothing\n");
    scratch_write("base.yaml", base_text);
    ASSERT_FAILS(economics_make(&e, &request), ERROR_INPUT, "nothing is uncertain");
    request.path_count = 0;
    ASSERT_FAILS(economics_make(&e, &request), ERROR_INPUT, "a base is needed");
    request = ask(two, 2);
    scratch_write("other.yaml", "cost: {wellbeing_value: placeholder_qaly}\n");
    ASSERT_FAILS(economics_make(&e, &request), ERROR_INPUT, "cost.wellbeing_value: must be as");
    request = ask(two, 1);
    request.setting_count = 5;
    request.settings =
        (const char *const[]){"site.number=1", "run.weeks=60", "population.arrival_weeks=30",
                              "run.burn_in_weeks=5", "run.replicates=1"};
    ASSERT_FAILS(economics_make(&e, &request), ERROR_INPUT, "run.replicates = 1: chance can be");
    request.settings =
        (const char *const[]){"site.number=1", "run.weeks=60", "population.arrival_weeks=30",
                              "run.burn_in_weeks=5", "run.counterfactual=0"};
    ASSERT_FAILS(economics_make(&e, &request), ERROR_INPUT, "run.counterfactual = 0: comparing");
    request = ask(two, 2);
    scratch_write("other.yaml", "waiting: {attrition_base: 0}\nuncertain:\n"
                                "  waiting.attrition_base: {distribution: uniform, low: 0.9, high: "
                                "1}\n  waiting.attrition_uncertainty: {distribution: uniform, low: "
                                "0.2, high: 0.3}\n");
    ASSERT_FAILS(economics_make(&e, &request), ERROR_INPUT,
                 "set 0 of the uncertain parameters breaks a rule");
    assert_int_equal(e.scenarios.count, 0); /* nothing is left */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_depend_on_seed_set_and_name_alone),
        cmocka_unit_test(sets_have_the_moments_asked_for),
        cmocka_unit_test(all_options_have_the_same_sets),
        cmocka_unit_test(values_are_the_outcomes),
        cmocka_unit_test(threads_change_no_cost_and_no_effect),
        cmocka_unit_test(other_people_count_against_none),
        cmocka_unit_test(the_mapping_is_named_and_warned_about),
        cmocka_unit_test(what_cannot_be_evaluated_is_refused),
    };
    return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
