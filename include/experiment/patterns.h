/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_PATTERNS_H
#define BUYIN_EXPERIMENT_PATTERNS_H

#include "experiment/scenarios.h"

#include <stdio.h>

/** The patterns of the study that a run of the model must show; patterns.def holds them all. */
enum pattern {
#define PATTERN(id, expectation) PATTERN_##id,
#include "experiment/patterns.def"
    PATTERN_COUNT
};

enum pattern_scenario {
    SCENARIO_NONE = -1,
    SCENARIO_FULL,
#define VARIANT(id, parameter, value) SCENARIO_##id,
#include "experiment/patterns.def"
    SCENARIO_COUNT
};

struct pattern_rule {
    enum pattern pattern;
    const char *words;
    enum pattern_scenario scenario, other;
    const char *statistic;
    int sign;
    double bound;
};

enum {
    RULE_COUNT = 0
#define RULE(...) +1
#include "experiment/patterns.def"
};

extern const char *const pattern_ids[PATTERN_COUNT];
extern const char *const pattern_expectations[PATTERN_COUNT];
extern const struct pattern_rule pattern_rules[RULE_COUNT];

struct patterns {
    struct estimate statistics[RULE_COUNT];
    bool holds[RULE_COUNT];
    bool pattern_holds[PATTERN_COUNT];
    int failed; /* patterns that do not hold */
};

/** Runs the configuration and its variants, and applies every rule. */
int patterns_test(struct patterns *patterns, const struct configuration *configuration, int threads,
                  bool is_quiet);

/** Prints a table: pattern, rule, statistic, interval, holds or not. */
void patterns_print(FILE *stream, const struct patterns *patterns,
                    const struct configuration *configuration);

#endif
