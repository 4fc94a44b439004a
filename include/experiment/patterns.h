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

/** Variants of the configuration that rules compare. */
enum variant {
    VARIANT_NONE = -1,
#define VARIANT(id, words) VARIANT_##id,
#include "experiment/patterns.def"
    VARIANT_COUNT
};

/** (of - minus) - (beyond - beyond_minus); those that take no part are VARIANT_NONE. */
struct comparison {
    enum variant of, minus, beyond, beyond_minus;
};

struct pattern_rule {
    enum pattern pattern;
    const char *words;
    struct comparison comparison;
    const char *statistic;
    int sign;
    double bound;
};

enum {
    RULE_COUNT = 0
#define RULE(...) +1
#include "experiment/patterns.def"
};

/** One setting of a variant. */
struct variant_setting {
    enum variant variant;
    const char *parameter;
    double value;
};

enum {
    VARIANT_SETTING_COUNT = 0
#define SET(...) +1
#include "experiment/patterns.def"
};

extern const char *const pattern_ids[PATTERN_COUNT];
extern const char *const pattern_expectations[PATTERN_COUNT];
extern const struct pattern_rule pattern_rules[RULE_COUNT];
extern const struct variant_setting variant_settings[VARIANT_SETTING_COUNT];

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

/** Prints the variants and the rules as two tables in Markdown. */
void patterns_print_rules(FILE *stream);

#endif
