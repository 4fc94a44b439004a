/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/uncertain.h"

#include "base/error.h"
#include "parameters/configuration.h"
#include "parameters/listing.h"
#include "scratch_folder.h"

#include <math.h>

static void read_good(struct configuration *configuration, const char *const *paths, size_t count,
                      const char *setting)
{
    if (configuration_read_several(configuration, paths, count, &setting, setting != NULL) != 0) {
        fail_msg("%s", error_message());
    }
}

static const struct uncertain_parameter *of(const struct configuration *c, const char *name)
{
    return uncertain_find(c, parameter_find(name));
}

static void expect_refusal(const char *text, const char *message)
{
    struct configuration configuration;
    scratch_write("a.yaml", text);
    assert_int_equal(configuration_read(&configuration, "a.yaml", NULL, 0), ERROR_INPUT);
    assert_string_equal(error_message(), message);
}

static void distributions_are_read_in_both_spellings(void **state)
{
    (void)state;
    struct configuration c;
    scratch_write("a.yaml", "uncertain:\n"
                            "  cost:\n"
                            "    place_week: {distribution: gamma, mean: 12, sd: 4, reason: why}\n"
                            "    gp_consultation: {distribution: uniform, low: 37, high: 42}\n"
                            "  connect.accompany_support:\n"
                            "    distribution: beta\n"
                            "    low_95: 0.5\n"
                            "    high_95: 0.9\n"
                            "cost: {place_week: 13}\n");
    read_good(&c, (const char *const[]){"a.yaml"}, 1, NULL);
    assert_int_equal(c.uncertain_count, 3);
    assert_true(c.parameters.cost.place_week == 13.0); /* what a run takes */
    const struct uncertain_parameter *place = of(&c, "cost.place_week");
    assert_non_null(place);
    assert_string_equal(place->reason, "why");
    assert_true(fabs(place->distribution.a * place->distribution.b - 12.0) < 1e-12);
    assert_true(fabs(distribution_quantile(&of(&c, "cost.gp_consultation")->distribution, 0.5) -
                     39.5) < 1e-12);
    assert_true(
        fabs(distribution_quantile(&of(&c, "connect.accompany_support")->distribution, 0.025) -
             0.5) < 1e-6);
    assert_null(of(&c, "cost.link_worker_year"));
    configuration_free(&c);
}

/* What comes later wins: another distribution, `fixed`, a value in a later file, a setting. */
static void later_files_and_settings_win(void **state)
{
    (void)state;
    struct configuration c;
    scratch_write("a.yaml", "uncertain:\n"
                            "  cost.place_week: {distribution: gamma, mean: 12, sd: 4}\n"
                            "  cost.gp_consultation: {distribution: uniform, low: 37, high: 42}\n"
                            "  trait.rapport_median: {distribution: normal, mean: 0.4, sd: 0.1}\n"
                            "  diary.missed_share: {distribution: normal, mean: 0.4, sd: 0.1}\n"
                            "diary: {missed_share: 0.45}\n");
    scratch_write("b.yaml", "inherits: a.yaml\n"
                            "cost: {gp_consultation: 40}\n"
                            "uncertain:\n"
                            "  cost.place_week: {distribution: normal, mean: 9, sd: 1}\n"
                            "  trait.rapport_median: {distribution: fixed}\n");
    read_good(&c, (const char *const[]){"b.yaml"}, 1, NULL);
    assert_int_equal(c.uncertain_count, 2);
    assert_true(of(&c, "cost.place_week")->distribution.a == 9.0);
    assert_null(of(&c, "cost.gp_consultation"));
    assert_null(of(&c, "trait.rapport_median"));
    assert_non_null(
        of(&c, "diary.missed_share")); /* a value beside its distribution settles nothing */
    configuration_free(&c);
    scratch_write("c.yaml", "cost: {place_week: 8}\n");
    read_good(&c, (const char *const[]){"a.yaml", "c.yaml"}, 2, "trait.rapport_median=0.5");
    assert_int_equal(c.uncertain_count, 2);
    assert_null(of(&c, "cost.place_week"));
    assert_null(of(&c, "trait.rapport_median"));
    struct configuration copy;
    assert_int_equal(configuration_copy(&copy, &c), 0);
    assert_int_equal(copy.uncertain_count, 2);
    assert_ptr_not_equal(copy.uncertain, c.uncertain);
    configuration_free(&copy);
    configuration_free(&c);
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    struct configuration c, again;
    scratch_write(
        "a.yaml",
        "uncertain:\n"
        "  cost.place_week: {distribution: gamma, mean: 12, sd: 4, reason: 'a \"b\" \\ c'}\n"
        "  cost.gp_consultation: {distribution: triangular, low: 30, mode: 42, high: 43}\n"
        "  trait.rapport_median: {distribution: lognormal, low_95: 0.1, high_95: 0.45}\n");
    read_good(&c, (const char *const[]){"a.yaml"}, 1, NULL);
    FILE *stream = fopen("b.yaml", "w");
    assert_non_null(stream);
    assert_int_equal(configuration_write_yaml(stream, &c), 0);
    assert_int_equal(fclose(stream), 0);
    read_good(&again, (const char *const[]){"b.yaml"}, 1, NULL);
    assert_int_equal(again.uncertain_count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct uncertain_parameter *a = &c.uncertain[i], *b = &again.uncertain[i];
        assert_ptr_equal(a->row, b->row);
        assert_string_equal(a->reason, b->reason);
        assert_memory_equal(&a->distribution, &b->distribution, sizeof a->distribution);
    }
    assert_int_equal(uncertain_print_difference(stderr, &c, &again), 0);
    configuration_free(&again);
    configuration_free(&c);
}

static void bad_distributions_are_refused(void **state)
{
    (void)state;
    expect_refusal("uncertain: 5\n",
                   "a.yaml:1:12: uncertain = 5: must hold parameters with a distribution each");
    expect_refusal("uncertain:\n  cost.place_wek: {distribution: gamma, mean: 1, sd: 1}\n",
                   "a.yaml:2:3: uncertain.cost.place_wek: there is no parameter 'cost.place_wek'; "
                   "did you mean 'cost.place_week'?");
    expect_refusal("uncertain:\n  cost:\n    place_week: 12\n",
                   "a.yaml:3:17: uncertain.cost.place_week = 12: must be a distribution, such as "
                   "{distribution: gamma, mean: 12, sd: 4}");
    expect_refusal("uncertain:\n  diary.caseload_cap: {distribution: normal, mean: 50, sd: 5}\n",
                   "a.yaml:2:23: uncertain.diary.caseload_cap = {...}: must be a real number: "
                   "whole numbers, flags and choices cannot be declared uncertain");
    expect_refusal("uncertain:\n  cost: {place_week: {distribution: normal, mean: 1, sd: 1}}\n"
                   "  cost.place_week: {distribution: normal, mean: 1, sd: 1}\n",
                   "a.yaml:3:20: uncertain.cost.place_week = {...}: is declared uncertain twice in "
                   "this file");
    expect_refusal("uncertain:\n  cost.place_week: {distribution: poisson, mean: 1}\n",
                   "a.yaml:2:35: uncertain.cost.place_week.distribution = poisson: must be normal, "
                   "lognormal, beta, gamma, uniform, triangular or fixed");
    expect_refusal("uncertain:\n  cost.place_week: {distribution: gamma, mean: 1, var: 1}\n",
                   "a.yaml:2:56: uncertain.cost.place_week.var = 1: unknown word of a distribution "
                   "(distribution, mean, sd, low_95, high_95, low, mode, high, reason)");
    expect_refusal("uncertain:\n  cost.place_week: {distribution: gamma, mean: much, sd: 1}\n",
                   "a.yaml:2:48: uncertain.cost.place_week.mean = much: must be a number between "
                   "-1e12 and 1e12");
    expect_refusal("uncertain:\n  cost.place_week: {mean: 1, sd: 1}\n",
                   "a.yaml:2:3: uncertain.cost.place_week: says no distribution (normal, "
                   "lognormal, beta, gamma, uniform, triangular or fixed)");
    expect_refusal("uncertain:\n  cost.place_week: {distribution: gamma, mean: 1, sd: 1, low_95: "
                   "0.1, high_95: 2}\n",
                   "a.yaml:2:3: uncertain.cost.place_week: is settled twice: give mean and sd, or "
                   "low_95 and high_95");
    expect_refusal("uncertain:\n  cost.place_week: {distribution: gamma, mean: 1}\n",
                   "a.yaml:2:3: uncertain.cost.place_week: needs mean and sd, or low_95 and "
                   "high_95, and nothing else");
    expect_refusal("uncertain:\n  cost.place_week: {distribution: uniform, mean: 1, sd: 1}\n",
                   "a.yaml:2:3: uncertain.cost.place_week: a uniform distribution needs low and "
                   "high");
    expect_refusal("uncertain:\n  cost.place_week: {distribution: triangular, low: 1, high: 2}\n",
                   "a.yaml:2:3: uncertain.cost.place_week: a triangular distribution needs low, "
                   "mode and high");
    expect_refusal("uncertain:\n  cost.place_week: {distribution: fixed, mean: 1}\n",
                   "a.yaml:2:3: uncertain.cost.place_week: is fixed: give it no numbers here");
}

static void impossible_distributions_are_refused(void **state)
{
    (void)state;
    expect_refusal("uncertain:\n  diary.missed_share: {distribution: beta, mean: 0.5, sd: 0.6}\n",
                   "a.yaml:2:3: uncertain.diary.missed_share = {beta, mean: 0.5, sd: 0.6}: there "
                   "is no such distribution on 0 to 1 (sd^2 must be below mean (1 - mean))");
    expect_refusal("uncertain:\n  cost.place_week: {distribution: gamma, mean: -1, sd: 0.6}\n",
                   "a.yaml:2:3: uncertain.cost.place_week = {gamma, mean: -1, sd: 0.6}: there is "
                   "no such distribution (numbers must be above 0, and rise)");
    expect_refusal("uncertain:\n  cost.place_week: {distribution: uniform, low: 2, high: 1}\n",
                   "a.yaml:2:3: uncertain.cost.place_week = {uniform, low: 2, high: 1}: there is "
                   "no such distribution (sd must be above 0, limits must rise)");
    expect_refusal("uncertain:\n  diary.missed_share: {distribution: normal, mean: 1.5, sd: 0.5}\n",
                   "a.yaml:2:3: uncertain.diary.missed_share = {normal, mean: 1.5, sd: 0.5}: only "
                   "0.16 of it lies in the parameter's range [0, 1]: half must");
    expect_refusal("uncertain:\n  diary.missed_share: {distribution: uniform, low: 0, high: 2}\n",
                   "a.yaml:2:3: uncertain.diary.missed_share = {uniform, low: 0, high: 2}: only "
                   "0.5 of it lies in the parameter's range [0, 1]: limits must lie in it");
    expect_refusal("uncertain:\n  cost.place_week: {distribution: gamma, mean: 1, sd: 1}\n"
                   "sweep:\n  - cost.place_week=1,2\n",
                   "a.yaml:2:3: uncertain.cost.place_week: is also swept over: a parameter is "
                   "either swept or uncertain");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distributions_are_read_in_both_spellings),
        cmocka_unit_test(later_files_and_settings_win),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(bad_distributions_are_refused),
        cmocka_unit_test(impossible_distributions_are_refused),
    };
    return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
