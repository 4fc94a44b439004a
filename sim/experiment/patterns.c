/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/patterns.h"

#include "base/error.h"
#include "experiment/quantity.h"

const char *const pattern_ids[PATTERN_COUNT] = {
#define PATTERN(id, expectation) #id,
#include "experiment/patterns.def"
};

const char *const pattern_expectations[PATTERN_COUNT] = {
#define PATTERN(id, expectation) expectation,
#include "experiment/patterns.def"
};

#define OF(a)                                                                                      \
    {                                                                                              \
        VARIANT_##a, VARIANT_NONE, VARIANT_NONE, VARIANT_NONE                                      \
    }
#define MINUS(a, b)                                                                                \
    {                                                                                              \
        VARIANT_##a, VARIANT_##b, VARIANT_NONE, VARIANT_NONE                                       \
    }
#define BEYOND(a, b, c, d)                                                                         \
    {                                                                                              \
        VARIANT_##a, VARIANT_##b, VARIANT_##c, VARIANT_##d                                         \
    }
const struct pattern_rule pattern_rules[RULE_COUNT] = {
#define RULE(pattern, words, comparison, statistic, sign, bound)                                   \
    {PATTERN_##pattern, words, comparison, statistic, sign, bound},
#include "experiment/patterns.def"
};
#undef OF
#undef MINUS
#undef BEYOND

const struct variant_setting variant_settings[VARIANT_SETTING_COUNT] = {
#define SET(variant, parameter, value) {VARIANT_##variant, parameter, value},
#include "experiment/patterns.def"
};

static const struct {
    const char *name, *words;
} variants[VARIANT_COUNT] = {
#define VARIANT(id, words) {#id, words},
#include "experiment/patterns.def"
};

static int make_variants(struct scenarios *scenarios)
{
    int status = 0;
    for (int v = 0; v < VARIANT_COUNT; v++) {
        size_t s = 0;
        TRY(scenarios_add(scenarios, variants[v].name, &s));
        TRY(scenarios_set(scenarios, s, "run.counterfactual", 0.0));
    }
    for (int i = 0; i < VARIANT_SETTING_COUNT; i++) {
        const struct variant_setting *setting = &variant_settings[i];
        TRY(scenarios_set(scenarios, (size_t)setting->variant, setting->parameter, setting->value));
    }
out:
    return status;
}

static struct estimate compare(const struct results *results, const struct comparison *c,
                               const struct quantity *quantity)
{
    if (c->minus == VARIANT_NONE) {
        return quantity_estimate(results, (size_t)c->of, quantity);
    }
    if (c->beyond == VARIANT_NONE) {
        return quantity_difference(results, (size_t)c->of, (size_t)c->minus, quantity);
    }
    return quantity_interaction(results, (size_t)c->of, (size_t)c->minus, (size_t)c->beyond,
                                (size_t)c->beyond_minus, quantity);
}

static int apply_rule(struct patterns *patterns, const struct results *results, int r)
{
    int status = 0;
    const struct pattern_rule *rule = &pattern_rules[r];
    struct quantity quantity;
    struct estimate *e = &patterns->statistics[r];
    TRY(quantity_read(&quantity, &results->list, rule->statistic));
    *e = compare(results, &rule->comparison, &quantity);
    patterns->holds[r] = rule->sign > 0 ? e->low > rule->bound : e->high < rule->bound;
out:
    return status;
}

int patterns_test(struct patterns *patterns, const struct configuration *configuration, int threads,
                  bool is_quiet)
{
    int status = 0;
    struct scenarios scenarios;
    *patterns = (struct patterns){0};
    scenarios_init(&scenarios, configuration);
    TRY(make_variants(&scenarios));
    TRY(scenarios_run(&scenarios, 0, threads, is_quiet));
    for (int p = 0; p < PATTERN_COUNT; p++) {
        patterns->pattern_holds[p] = true;
    }
    for (int r = 0; r < RULE_COUNT; r++) {
        TRY(apply_rule(patterns, &scenarios.results, r));
        patterns->pattern_holds[pattern_rules[r].pattern] &= patterns->holds[r];
    }
    for (int p = 0; p < PATTERN_COUNT; p++) {
        patterns->failed += !patterns->pattern_holds[p];
    }
out:
    scenarios_free(&scenarios);
    return status;
}

static const char *side_of(const struct pattern_rule *rule)
{
    return rule->sign > 0 ? "above" : "below";
}

void patterns_print(FILE *stream, const struct patterns *patterns,
                    const struct configuration *configuration)
{
    for (int p = 0; p < PATTERN_COUNT; p++) {
        (void)fprintf(stream, "%-4s %s  %s\n", pattern_ids[p],
                      patterns->pattern_holds[p] ? "pass" : "FAIL", pattern_expectations[p]);
        for (int r = 0; r < RULE_COUNT; r++) {
            const struct pattern_rule *rule = &pattern_rules[r];
            const struct estimate *e = &patterns->statistics[r];
            if ((int)rule->pattern == p) {
                (void)fprintf(stream, "       %s  %-60s %8.4f (%8.4f to %8.4f)  %s %g\n",
                              patterns->holds[r] ? "yes" : "NO ", rule->words, e->mean, e->low,
                              e->high, side_of(rule), rule->bound);
            }
        }
    }
    (void)fprintf(
        stream,
        "\n%d of %d patterns hold (seed %d, %d replicates; a rule holds when its whole 95 %% "
        "interval lies beyond the bound)\n'buyin reproduce --rules' says what each rule "
        "compares.\n",
        (int)PATTERN_COUNT - patterns->failed, (int)PATTERN_COUNT,
        configuration->parameters.run.seed, configuration->parameters.run.replicates);
}

static void print_variant(FILE *stream, int v)
{
    const char *before = "";
    (void)fprintf(stream, "| %s | %s | ", variants[v].name, variants[v].words);
    for (int i = 0; i < VARIANT_SETTING_COUNT; i++) {
        if ((int)variant_settings[i].variant == v) {
            (void)fprintf(stream, "%s`%s=%g`", before, variant_settings[i].parameter,
                          variant_settings[i].value);
            before = ", ";
        }
    }
    (void)fprintf(stream, " |\n");
}

static void print_comparison(FILE *stream, const struct comparison *c)
{
    const char *of = variants[c->of].name;
    if (c->minus == VARIANT_NONE) {
        (void)fprintf(stream, "%s", of);
    } else if (c->beyond == VARIANT_NONE) {
        (void)fprintf(stream, "%s - %s", of, variants[c->minus].name);
    } else {
        (void)fprintf(stream, "(%s - %s) - (%s - %s)", of, variants[c->minus].name,
                      variants[c->beyond].name, variants[c->beyond_minus].name);
    }
}

void patterns_print_rules(FILE *stream)
{
    (void)fprintf(stream, "| variant | what differs | settings |\n| --- | --- | --- |\n");
    for (int v = 0; v < VARIANT_COUNT; v++) {
        print_variant(stream, v);
    }
    (void)fprintf(stream, "\n| pattern | rule | compared | statistic | its 95 %% interval lies |\n"
                          "| --- | --- | --- | --- | --- |\n");
    for (int r = 0; r < RULE_COUNT; r++) {
        const struct pattern_rule *rule = &pattern_rules[r];
        (void)fprintf(stream, "| %s | %s | ", pattern_ids[rule->pattern], rule->words);
        print_comparison(stream, &rule->comparison);
        (void)fprintf(stream, " | `%s` | %s %g |\n", rule->statistic, side_of(rule), rule->bound);
    }
}
