/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/patterns.h"

#include "experiment/quantity.h"
#include "parameters/table.h"
#include "small_run.h"

static void patterns_are_p1_to_p11_and_each_has_a_rule(void **state)
{
    (void)state;
    assert_int_equal(PATTERN_COUNT, 11);
    for (int p = 0; p < PATTERN_COUNT; p++) {
        char id[16];
        int rules = 0;
        (void)snprintf(id, sizeof id, "P%d", p + 1);
        assert_string_equal(pattern_ids[p], id);
        assert_true(strlen(pattern_expectations[p]) > 20);
        for (int r = 0; r < RULE_COUNT; r++) {
            rules += (int)pattern_rules[r].pattern == p;
        }
        assert_true(rules >= 1);
    }
}

/* A comparison names one, two or four variants, and none twice. */
static int count_compared(const struct comparison *c)
{
    const enum variant all[] = {c->of, c->minus, c->beyond, c->beyond_minus};
    int count = 0;
    for (int i = 0; i < 4; i++) {
        assert_true(all[i] >= VARIANT_NONE && all[i] < VARIANT_COUNT);
        assert_true(i == 0 || all[i] == VARIANT_NONE || all[i - 1] != VARIANT_NONE);
        count += all[i] != VARIANT_NONE;
        for (int j = 0; j < i; j++) {
            assert_true(all[i] == VARIANT_NONE || all[i] != all[j]);
        }
    }
    return count;
}

static bool is_same_question(const struct pattern_rule *a, const struct pattern_rule *b)
{
    return memcmp(&a->comparison, &b->comparison, sizeof a->comparison) == 0 &&
           a->sign == b->sign && strcmp(a->statistic, b->statistic) == 0;
}

static void every_rule_can_be_applied(void **state)
{
    (void)state;
    struct parameters parameters;
    struct outcome_list list;
    struct quantity quantity;
    bool used[VARIANT_COUNT] = {false};
    parameters_default(&parameters);
    ASSERT_DONE(outcome_list_init(&list, &parameters, 7));
    for (int r = 0; r < RULE_COUNT; r++) {
        const struct pattern_rule *rule = &pattern_rules[r];
        const struct comparison *c = &rule->comparison;
        ASSERT_DONE(quantity_read(&quantity, &list, rule->statistic));
        assert_true(rule->sign == 1 || rule->sign == -1);
        assert_true(isfinite(rule->bound) && strlen(rule->words) > 5);
        const int compared = count_compared(c);
        assert_true(compared == 1 || compared == 2 || compared == 4);
        used[c->of] = true;
        if (compared > 1) {
            used[c->minus] = true;
        }
        if (compared > 2) {
            used[c->beyond] = used[c->beyond_minus] = true;
        }
        for (int s = 0; s < r; s++) { /* no rule counts twice, and words tell rules apart */
            assert_false(is_same_question(rule, &pattern_rules[s]));
            assert_true(strcmp(rule->words, pattern_rules[s].words) != 0);
        }
    }
    for (int v = 0; v < VARIANT_COUNT; v++) {
        assert_true(used[v]); /* no variant is run in vain */
    }
    outcome_list_free(&list);
}

static void every_setting_is_within_its_range_and_changes_something(void **state)
{
    (void)state;
    struct parameters parameters;
    bool differs[VARIANT_COUNT] = {[VARIANT_FULL] = true};
    parameters_default(&parameters);
    for (int i = 0; i < VARIANT_SETTING_COUNT; i++) {
        const struct variant_setting *setting = &variant_settings[i];
        const struct parameter_row *row = parameter_find(setting->parameter);
        const bool is_measured = strcmp(setting->parameter, "run.counterfactual") == 0;
        assert_non_null(row);
        if (row != NULL) {
            assert_true(is_measured || row->default_value != setting->value);
            differs[setting->variant] |= !is_measured;
            ASSERT_DONE(parameter_set_value(&parameters, row, setting->value));
        }
    }
    for (int v = 0; v < VARIANT_COUNT; v++) {
        assert_true(differs[v]);
    }
}

/* A rule that asks for the counterfactual asks it of a variant that has one. */
static void contrasts_are_asked_of_variants_that_have_them(void **state)
{
    (void)state;
    bool has[VARIANT_COUNT] = {false};
    for (int i = 0; i < VARIANT_SETTING_COUNT; i++) {
        has[variant_settings[i].variant] |=
            strcmp(variant_settings[i].parameter, "run.counterfactual") == 0 &&
            variant_settings[i].value == 1.0;
    }
    for (int r = 0; r < RULE_COUNT; r++) {
        const struct comparison *c = &pattern_rules[r].comparison;
        if (strstr(pattern_rules[r].statistic, "contrast") != NULL) {
            assert_true(has[c->of]);
            assert_true(c->minus == VARIANT_NONE || has[c->minus]);
            assert_true(c->beyond == VARIANT_NONE);
        }
    }
}

static const char *const small[] = {"site.number=3", "run.weeks=104", "population.arrival_weeks=60",
                                    "run.replicates=4", NULL};

static void a_pattern_holds_when_all_its_rules_do(void **state)
{
    (void)state;
    struct configuration c;
    struct patterns p, again;
    bool holds[PATTERN_COUNT];
    int failed = 0;
    small_configuration(&c, small);
    ASSERT_DONE(patterns_test(&p, &c, 2, true));
    memset(holds, 1, sizeof holds);
    for (int r = 0; r < RULE_COUNT; r++) {
        const struct estimate *e = &p.statistics[r];
        const struct pattern_rule *rule = &pattern_rules[r];
        const bool beyond = rule->sign > 0 ? e->low > rule->bound : e->high < rule->bound;
        assert_int_equal(p.holds[r], beyond);
        assert_true(e->low <= e->mean && e->mean <= e->high);
        holds[rule->pattern] &= beyond;
    }
    for (int n = 0; n < PATTERN_COUNT; n++) {
        assert_int_equal(p.pattern_holds[n], holds[n]);
        failed += !holds[n];
    }
    assert_int_equal(p.failed, failed);
    assert_true(failed < PATTERN_COUNT); /* a small run shows some, and not all */
    ASSERT_DONE(patterns_test(&again, &c, 1, true));
    assert_memory_equal(p.holds, again.holds, sizeof p.holds);
    assert_true(p.statistics[0].mean == again.statistics[0].mean);
    configuration_free(&c);
}

/* One replicate has no interval, and without one nothing holds. */
static void nothing_holds_without_an_interval(void **state)
{
    (void)state;
    struct configuration c;
    struct patterns p;
    const char *one[] = {"site.number=1", "run.weeks=80", "population.arrival_weeks=40",
                         "run.replicates=1", NULL};
    small_configuration(&c, one);
    ASSERT_DONE(patterns_test(&p, &c, 2, true));
    assert_int_equal(p.failed, PATTERN_COUNT);
    for (int r = 0; r < RULE_COUNT; r++) {
        assert_false(p.holds[r]);
    }
    configuration_free(&c);
}

static void the_table_says_pass_or_fail_for_each(void **state)
{
    (void)state;
    struct configuration c;
    struct printed printed;
    struct patterns p = {.failed = 3};
    small_configuration(&c, small);
    for (int n = 0; n < PATTERN_COUNT; n++) {
        p.pattern_holds[n] = n % 4 != 2; /* P3, P7, P11 fail */
    }
    for (int r = 0; r < RULE_COUNT; r++) {
        p.holds[r] = p.pattern_holds[pattern_rules[r].pattern];
        p.statistics[r] = (struct estimate){0.5 + r, 0.1, 0.25 + r, 0.75 + r, 4};
    }
    print_begin(&printed);
    patterns_print(printed.stream, &p, &c);
    const char *text = print_end(&printed);
    assert_int_equal(count_words(text, " pass  "), 8);
    assert_int_equal(count_words(text, " FAIL  "), 3);
    assert_int_equal(count_words(text, "       yes ") + count_words(text, "       NO  "),
                     RULE_COUNT);
    assert_non_null(strstr(text, "P3   FAIL  "));
    assert_non_null(strstr(text, "P11  FAIL  "));
    assert_non_null(strstr(text, "0.5000 (  0.2500 to   0.7500)  above 0.08"));
    assert_non_null(strstr(text, "8 of 11 patterns hold (seed 1, 4 replicates"));
    print_free(&printed);
    configuration_free(&c);
}

static void the_rules_are_printed_as_tables(void **state)
{
    (void)state;
    struct printed printed;
    print_begin(&printed);
    patterns_print_rules(printed.stream);
    const char *text = print_end(&printed);
    assert_int_equal(count_words(text, "\n"), 2 + VARIANT_COUNT + 1 + 2 + RULE_COUNT);
    assert_non_null(strstr(text, "| TOLD | contact ends without tapering, and all are told of the "
                                 "way back | `ending.taper_sessions=0` |\n"));
    assert_non_null(strstr(text, "| P1 | at least 8 % travel b | FULL | "
                                 "`pathway_of_engaged.all.b_anchored` | above 0.08 |\n"));
    assert_non_null(strstr(text, " | DIRECTIVE - FULL | "));
    assert_non_null(
        strstr(text, " | (TOLD - ABRUPT) - (TOLD_PAINLESS - ABRUPT_PAINLESS) | `ending.stress_4_"));
    print_free(&printed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_are_p1_to_p11_and_each_has_a_rule),
        cmocka_unit_test(every_rule_can_be_applied),
        cmocka_unit_test(every_setting_is_within_its_range_and_changes_something),
        cmocka_unit_test(contrasts_are_asked_of_variants_that_have_them),
        cmocka_unit_test(a_pattern_holds_when_all_its_rules_do),
        cmocka_unit_test(nothing_holds_without_an_interval),
        cmocka_unit_test(the_table_says_pass_or_fail_for_each),
        cmocka_unit_test(the_rules_are_printed_as_tables),
    };
    return cmocka_run_group_tests_name("patterns", tests, NULL, NULL);
}
