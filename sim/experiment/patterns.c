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

const struct pattern_rule pattern_rules[RULE_COUNT] = {
#define RULE(pattern, words, scenario, other, statistic, sign, bound)                              \
    {PATTERN_##pattern, words, SCENARIO_##scenario, SCENARIO_##other, statistic, sign, bound},
#include "experiment/patterns.def"
};

static const struct {
    const char *name;
    const char *parameter;
    double value;
} variants[] = {
    {"full", NULL, 0.0},
#define VARIANT(id, parameter, value) {#id, parameter, value},
#include "experiment/patterns.def"
};

static int make_variants(struct scenarios *scenarios)
{
    int status = 0;
    for (int v = 0; v < SCENARIO_COUNT; v++) {
        size_t s = 0;
        TRY(scenarios_add(scenarios, variants[v].name, &s));
        if (variants[v].parameter != NULL) {
            TRY(scenarios_set(scenarios, s, variants[v].parameter, variants[v].value));
            TRY(scenarios_set(scenarios, s, "run.counterfactual", 0.0));
        }
    }
out:
    return status;
}

static int apply_rule(struct patterns *patterns, const struct results *results, int r)
{
    int status = 0;
    const struct pattern_rule *rule = &pattern_rules[r];
    struct quantity quantity;
    struct estimate *e = &patterns->statistics[r];
    TRY(quantity_read(&quantity, &results->list, rule->statistic));
    *e = rule->other == SCENARIO_NONE
             ? quantity_estimate(results, (size_t)rule->scenario, &quantity)
             : quantity_difference(results, (size_t)rule->scenario, (size_t)rule->other, &quantity);
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
                (void)fprintf(stream, "       %s  %-55s %8.4f (%8.4f to %8.4f)  %s %g\n",
                              patterns->holds[r] ? "yes" : "NO ", rule->words, e->mean, e->low,
                              e->high, rule->sign > 0 ? "above" : "below", rule->bound);
            }
        }
    }
    (void)fprintf(
        stream,
        "\n%d of %d patterns hold (seed %d, %d replicates; a rule holds when its whole 95 %% "
        "interval lies beyond the bound)\n",
        (int)PATTERN_COUNT - patterns->failed, (int)PATTERN_COUNT,
        configuration->parameters.run.seed, configuration->parameters.run.replicates);
}
