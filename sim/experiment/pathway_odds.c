/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/pathway_odds.h"

#include "base/error.h"
#include "experiment/characteristics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Classes of the regression: the reference first. */
static const enum pathway classes[] = {PATHWAY_A_RAPID, PATHWAY_B_ANCHORED,
                                       PATHWAY_C_CONNECTING_WITH, PATHWAY_OWN_SUPPORT,
                                       PATHWAY_DISENGAGED};
static const char *const class_names[] = {"a rapid", "b anchored", "c connecting with",
                                          "own support", "dropped out"};
enum { CLASS_COUNT = sizeof classes / sizeof classes[0] };

static const struct {
    const char *key, *name;
} columns[] = {{"intercept", "intercept"},
               {"age_decades", "age, ten years"},
               {"woman", "woman"},
               {"quintile", "quintile, one less deprived"},
               {"carer", "carer"},
               {"language", "little English"},
               {"transport", "poor transport"},
               {"housing", "poor housing"},
               {"health", "poor health"}};
enum { MAIN_COUNT = sizeof columns / sizeof columns[0], FIRST_IN_PAIRS = 2 };
enum {
    IN_PAIRS = MAIN_COUNT - FIRST_IN_PAIRS,
    MOST_COLUMNS = MAIN_COUNT + IN_PAIRS * (IN_PAIRS - 1) / 2
};

/* The two columns whose product is column j; the second is 0, the intercept, for main effects. */
static void factors_of(size_t j, size_t *first, size_t *second)
{
    *first = j;
    *second = 0;
    size_t next = MAIN_COUNT;
    for (size_t a = FIRST_IN_PAIRS; a < MAIN_COUNT; a++) {
        for (size_t b = a + 1; b < MAIN_COUNT; b++) {
            if (next++ == j) {
                *first = a;
                *second = b;
            }
        }
    }
}

static void explain(const struct person *person, double *x, size_t count)
{
    x[0] = 1.0;
    x[1] = ((double)person->age - 50.0) / 10.0;
    x[2] = person->female;
    x[3] = person->quintile - 3.0;
    x[4] = characteristics[IS_CARER].holds(person);
    x[5] = characteristics[LACKS_ENGLISH].holds(person);
    x[6] = characteristics[LACKS_TRANSPORT].holds(person);
    x[7] = characteristics[LACKS_HOUSING].holds(person);
    x[8] = characteristics[LACKS_HEALTH].holds(person);
    for (size_t a = FIRST_IN_PAIRS, j = MAIN_COUNT; a < MAIN_COUNT; a++) {
        for (size_t b = a + 1; b < MAIN_COUNT && j < count; b++) {
            x[j++] = x[a] * x[b];
        }
    }
}

static int class_of(const struct person *person)
{
    for (int class = 0; class < CLASS_COUNT; class ++) {
        if (person->pathway == (int)classes[class]) {
            return class;
        }
    }
    return -1;
}

int pathway_odds_fit(struct pathway_odds *odds, const struct people *people, bool interactions)
{
    int status = 0;
    const size_t count = interactions ? MOST_COLUMNS : MAIN_COUNT;
    double *x = malloc((people->count + 1) * count * sizeof *x);
    int *y = malloc((people->count + 1) * sizeof *y);
    size_t *replicate = malloc((people->count + 1) * sizeof *replicate);
    size_t on_a = 0;
    *odds =
        (struct pathway_odds){.replicates = people->replicates, .has_interactions = interactions};
    if (x == NULL || y == NULL || replicate == NULL) {
        FAIL(ERROR_MEMORY, "no memory for a regression of %zu people", people->count);
    }
    for (size_t r = 0; r < people->replicates; r++) {
        for (size_t i = people->starts[r]; i < people->starts[r + 1]; i++) {
            const int class = class_of(&people->persons[i]);
            if (class >= 0) {
                explain(&people->persons[i], &x[odds->persons * count], count);
                replicate[odds->persons] = r;
                y[odds->persons++] = class;
                on_a += class == 0;
            }
        }
    }
    if (on_a == 0 || on_a == odds->persons) {
        FAIL(ERROR_INPUT, "%s is on pathway a, with which the others are compared",
             on_a == 0 ? "nobody" : "everybody");
    }
    const struct observations observations = {.rows = odds->persons,
                                              .columns = count,
                                              .classes = CLASS_COUNT,
                                              .x = x,
                                              .y = y,
                                              .cluster = replicate};
    TRY(regression_fit(&odds->fit, &observations));
out:
    free(x);
    free(y);
    free(replicate);
    return status;
}

static size_t place_of(const struct pathway_odds *odds, size_t class, size_t column)
{
    return (class - 1) * odds->fit.columns + column;
}

enum { CELL = 64 };

static void write_ratio(char *text, size_t size, double log_odds)
{
    const double ratio = exp(log_odds);
    (void)snprintf(text, size, ratio < 999.995 ? "%.2f" : "%.3g", ratio);
}

/* An odds ratio with its interval, or why there is none. */
static const char *write_cell(char cell[CELL], const struct pathway_odds *odds, size_t a)
{
    const double b = odds->fit.coefficients[a];
    const double half = regression_reach(&odds->fit) * odds->fit.standard_errors[a];
    char ratio[20], low[20], high[20];
    if (odds->fit.states[a] == COEFFICIENT_INFINITE) {
        return b > 0.0 ? "-> inf" : "  -> 0";
    }
    if (odds->fit.states[a] != COEFFICIENT_ESTIMATED) {
        return "     -";
    }
    write_ratio(ratio, sizeof ratio, b);
    write_ratio(low, sizeof low, b - half);
    write_ratio(high, sizeof high, b + half);
    (void)snprintf(cell, CELL, "%6s (%s-%s)", ratio, low, high);
    return cell;
}

static void write_name(char name[CELL], size_t column)
{
    size_t a, b;
    factors_of(column, &a, &b);
    (void)snprintf(name, CELL, b == 0 ? "%s" : "%s x %s", columns[a].name,
                   strcmp(columns[b].key, "quintile") == 0 ? "quintile" : columns[b].name);
    if (b > 0 && strcmp(columns[a].key, "quintile") == 0) {
        (void)snprintf(name, CELL, "quintile x %s", columns[b].name);
    }
}

static bool is_in(const struct pathway_odds *odds, enum coefficient_state state)
{
    for (size_t a = 0; a < (CLASS_COUNT - 1) * odds->fit.columns; a++) {
        if (odds->fit.states[a] == state) {
            return true;
        }
    }
    return false;
}

/* Below this many replicates an interval from their spread says little. */
enum { FEW_CLUSTERS = 5 };

/* Names what was left out, and says what the signs mean. */
static void print_notes(FILE *stream, const struct pathway_odds *odds)
{
    for (size_t j = 0; j < odds->fit.columns; j++) {
        enum coefficient_state state = COEFFICIENT_EMPTY_CLASS;
        char name[CELL];
        for (size_t k = 1; k < CLASS_COUNT && state == COEFFICIENT_EMPTY_CLASS; k++) {
            state = odds->fit.states[place_of(odds, k, j)];
        }
        write_name(name, j);
        if (state == COEFFICIENT_EMPTY_COLUMN || state == COEFFICIENT_TOLD_BEFORE) {
            (void)fprintf(stream, "Left out: %s (%s).\n", name,
                          state == COEFFICIENT_EMPTY_COLUMN ? "nobody"
                                                            : "follows from the lines above it");
        }
    }
    for (size_t k = 1; k < CLASS_COUNT; k++) {
        if (odds->fit.states[place_of(odds, k, 0)] == COEFFICIENT_EMPTY_CLASS) {
            (void)fprintf(stream, "Left out: %s (nobody).\n", class_names[k]);
        }
    }
    if (is_in(odds, COEFFICIENT_INFINITE)) {
        (void)fputs("-> 0, -> inf: no finite odds ratio, since some are never on that pathway, or "
                    "never on a; the others hold in the limit.\n",
                    stream);
    }
    if (is_in(odds, COEFFICIENT_UNDETERMINED)) {
        (void)fputs("-: too few people to tell.\n", stream);
    }
    if (odds->fit.clusters < 2) {
        (void)fputs("One replicate: the intervals are those of the model, as if people were "
                    "independent; set run.replicates for better ones.\n",
                    stream);
        return;
    }
    (void)fprintf(
        stream,
        "Intervals: standard errors clustered by replicate, Student's t with %zu "
        "degree%s of freedom.%s\n",
        odds->fit.clusters - 1, odds->fit.clusters == 2 ? "" : "s",
        odds->fit.clusters < FEW_CLUSTERS
            ? "\nSo few replicates make them unsteady: some far too wide, some far too narrow."
            : "");
}

void pathway_odds_print(FILE *stream, const struct pathway_odds *odds)
{
    (void)fprintf(stream,
                  "\nOdds ratios against pathway a (95 %% interval): multinomial logistic "
                  "regression, %zu people of %zu replicate%s\n",
                  odds->persons, odds->replicates, odds->replicates == 1 ? "" : "s");
    if (odds->has_interactions) {
        (void)fputs("A line 'x': the odds ratio of both together, over the product of the two "
                    "alone\n",
                    stream);
    }
    (void)fprintf(stream, "\n  %-31s", "");
    for (size_t k = 1; k < CLASS_COUNT; k++) {
        (void)fprintf(stream, "   %-*s", k + 1 < CLASS_COUNT ? 19 : 0, class_names[k]);
    }
    (void)fputs("\n", stream);
    for (size_t j = 0; j < odds->fit.columns; j++) {
        char name[CELL], cell[CELL];
        write_name(name, j);
        (void)fprintf(stream, "  %-31s", name);
        for (size_t k = 1; k < CLASS_COUNT; k++) {
            (void)fprintf(stream, " %-*s", k + 1 < CLASS_COUNT ? 21 : 0,
                          write_cell(cell, odds, place_of(odds, k, j)));
        }
        (void)fputs("\n", stream);
    }
    print_notes(stream, odds);
}

void pathway_odds_print_csv(FILE *stream, const struct pathway_odds *odds)
{
    static const char *const notes[] = {"",       "nobody",   "follows from others",
                                        "nobody", "infinite", "undetermined"};
    const double reach = regression_reach(&odds->fit);
    for (size_t j = 0; j < odds->fit.columns; j++) {
        size_t first, second;
        factors_of(j, &first, &second);
        for (size_t k = 1; k < CLASS_COUNT; k++) {
            const size_t a = place_of(odds, k, j);
            const enum coefficient_state state = odds->fit.states[a];
            const double b = odds->fit.coefficients[a], error = odds->fit.standard_errors[a];
            const double ratio = state == COEFFICIENT_ESTIMATED  ? exp(b)
                                 : state != COEFFICIENT_INFINITE ? NAN
                                 : b > 0.0                       ? INFINITY
                                                                 : 0.0;
            (void)fprintf(
                stream, "odds_ratio,%s,%s,%s,%.9g,%.9g,%.9g,%.9g,%zu,%s\n", columns[first].key,
                second > 0 ? columns[second].key : "", pathway_names[classes[k]], ratio, error,
                exp(b - reach * error), exp(b + reach * error), odds->persons,
                odds->fit.clusters < 2 && state == COEFFICIENT_ESTIMATED ? "interval of the model"
                                                                         : notes[state]);
        }
    }
}

void pathway_odds_free(struct pathway_odds *odds)
{
    regression_free(&odds->fit);
}
