/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/ablation.h"

#include "base/error.h"
#include "base/random.h"

#include <stdio.h>
#include <stdlib.h>

const char *const verdict_names[3] = {"confirmed", "refuted", "undetermined"};

const struct headline headlines[HEADLINE_COUNT] = {
    {"enrolment", "funnel.taken_up_share_of_offered"},
    {"pathway a", "pathway_of_engaged.all.a_rapid"},
    {"pathway b", "pathway_of_engaged.all.b_anchored"},
    {"pathway c", "pathway_of_engaged.all.c_connecting_with"},
    {"SWEMWBS", "after_first_session.swemwbs.week39"},
    {"GP a year", "gp.per_year_after_first_session"}};

enum verdict verdict_of(const struct estimate *effect, int sign)
{
    if (!(effect->low > 0.0) && !(effect->high < 0.0)) {
        return VERDICT_UNDETERMINED;
    }
    const int direction = effect->low > 0.0 ? 1 : -1;
    return direction == sign ? VERDICT_CONFIRMED : VERDICT_REFUTED;
}

/* A scenario that switches rows off; `name` tells which. */
static int add_without(struct scenarios *scenarios, const char *name, const int *rows, size_t count)
{
    int status = 0;
    size_t s = 0;
    TRY(scenarios_add(scenarios, name, &s));
    for (size_t i = 0; i < count; i++) {
        TRY(theory_set_strength(&scenarios->configurations[s].parameters, rows[i], 0.0));
    }
out:
    return status;
}

/* The full model, then each row alone switched off. Effects need no counterfactual. */
static int add_singles(struct scenarios *scenarios)
{
    int status = 0;
    TRY(add_without(scenarios, "full", NULL, 0));
    for (int row = 0; row < THEORY_COUNT; row++) {
        char name[SCENARIO_NAME_SIZE];
        (void)snprintf(name, sizeof name, "without_%s", theory[row].id);
        TRY(add_without(scenarios, name, &row, 1));
    }
out:
    return status;
}

static int run(struct scenarios *scenarios, int group, int threads, bool is_quiet)
{
    for (size_t s = 0; s < scenarios->count; s++) {
        scenarios->configurations[s].parameters.run.counterfactual = 0;
    }
    return scenarios_run(scenarios, group, threads, is_quiet);
}

static int work_out(struct ablation *ablation, int row)
{
    int status = 0;
    const struct results *results = &ablation->scenarios.results;
    const struct outcome_list *list = &results->list;
    struct ablation_effect *effect = &ablation->effects[row];
    struct quantity quantity;
    const size_t without = 1 + (size_t)row;
    TRY(quantity_read(&quantity, list, theory[row].variable));
    effect->variable = quantity_difference(results, 0, without, &quantity);
    effect->variable_verdict = verdict_of(&effect->variable, theory[row].variable_sign);
    TRY(quantity_read(&quantity, list, theory[row].measure));
    effect->measure = quantity_difference(results, 0, without, &quantity);
    effect->full = quantity_estimate(results, 0, &quantity).mean;
    effect->verdict = verdict_of(&effect->measure, theory[row].measure_sign);
    for (int h = 0; h < HEADLINE_COUNT; h++) {
        TRY(quantity_read(&quantity, list, headlines[h].outcome));
        effect->headline[h] = quantity_difference(results, 0, without, &quantity);
    }
out:
    return status;
}

int ablation_run(struct ablation *ablation, const struct configuration *base, int group,
                 int threads, bool is_quiet)
{
    int status = 0;
    scenarios_init(&ablation->scenarios, base);
    TRY(add_singles(&ablation->scenarios));
    TRY(run(&ablation->scenarios, group, threads, is_quiet));
    for (int row = 0; row < THEORY_COUNT; row++) {
        TRY(work_out(ablation, row));
    }
out:
    if (status != 0) {
        ablation_free(ablation);
    }
    return status;
}

void ablation_free(struct ablation *ablation)
{
    scenarios_free(&ablation->scenarios);
}

int ablation_strengths(const struct configuration *base, const double *strengths, size_t count,
                       int group, int threads, bool is_quiet, struct estimate *effects)
{
    int status = 0;
    struct scenarios scenarios;
    scenarios_init(&scenarios, base);
    TRY(add_singles(&scenarios));
    for (int row = 0; row < THEORY_COUNT; row++) {
        for (size_t n = 0; n < count; n++) {
            char name[SCENARIO_NAME_SIZE];
            size_t s = 0;
            (void)snprintf(name, sizeof name, "%s_at_%g", theory[row].id, strengths[n]);
            TRY(scenarios_add(&scenarios, name, &s));
            TRY(theory_set_strength(&scenarios.configurations[s].parameters, row, strengths[n]));
        }
    }
    TRY(run(&scenarios, group, threads, is_quiet));
    for (int row = 0; row < THEORY_COUNT; row++) {
        struct quantity quantity;
        TRY(quantity_read(&quantity, &scenarios.results.list, theory[row].measure));
        for (size_t n = 0; n < count; n++) {
            const size_t s = 1 + THEORY_COUNT + (size_t)row * count + n;
            effects[(size_t)row * count + n] =
                quantity_difference(&scenarios.results, s, 1 + (size_t)row, &quantity);
        }
    }
out:
    scenarios_free(&scenarios);
    return status;
}

int ablation_pairs(const struct configuration *base, const char *outcome, int group, int threads,
                   bool is_quiet, struct estimate *effects)
{
    int status = 0;
    size_t s = 1 + THEORY_COUNT;
    struct scenarios scenarios;
    struct quantity quantity;
    scenarios_init(&scenarios, base);
    TRY(add_singles(&scenarios));
    for (int a = 0; a < THEORY_COUNT; a++) {
        for (int b = a + 1; b < THEORY_COUNT; b++) {
            char name[SCENARIO_NAME_SIZE];
            (void)snprintf(name, sizeof name, "without_%s_%s", theory[a].id, theory[b].id);
            TRY(add_without(&scenarios, name, (const int[]){a, b}, 2));
        }
    }
    TRY(run(&scenarios, group, threads, is_quiet));
    TRY(quantity_read(&quantity, &scenarios.results.list, outcome));
    for (size_t a = 0; a < THEORY_COUNT; a++) {
        for (size_t b = a + 1; b < THEORY_COUNT; b++) {
            effects[a * THEORY_COUNT + b] =
                quantity_interaction(&scenarios.results, 0, 1 + a, 1 + b, s++, &quantity);
        }
    }
out:
    scenarios_free(&scenarios);
    return status;
}

/* A random order of the rows: a draw of the seed and of the number of the permutation. */
static void permute(int order[THEORY_COUNT], int seed, size_t number)
{
    const struct random_key key = {.seed = (uint32_t)seed};
    struct random_stream stream = random_open(&key, (uint32_t)number, 0, 0);
    for (int i = 0; i < THEORY_COUNT; i++) {
        order[i] = i;
    }
    for (int i = THEORY_COUNT - 1; i > 0; i--) {
        const int j = (int)(random_uniform(&stream) * (float)(i + 1));
        const int moved = order[i];
        order[i] = order[j];
        order[j] = moved;
    }
}

static int add_permutations(struct scenarios *scenarios, size_t permutations, int seed)
{
    int status = 0;
    int all[THEORY_COUNT];
    permute(all, seed, 0);
    TRY(add_without(scenarios, "full", NULL, 0));
    TRY(add_without(scenarios, "nothing", all, THEORY_COUNT));
    for (size_t n = 0; n < permutations; n++) {
        int order[THEORY_COUNT];
        permute(order, seed, n);
        for (size_t off = 1; off < THEORY_COUNT; off++) {
            char name[SCENARIO_NAME_SIZE];
            (void)snprintf(name, sizeof name, "order_%zu_off_%zu", n, off);
            TRY(add_without(scenarios, name, order, off));
        }
    }
out:
    return status;
}

int ablation_shapley(const struct configuration *base, const char *outcome, size_t permutations,
                     int group, int threads, bool is_quiet, struct estimate *shares,
                     struct estimate *total)
{
    int status = 0;
    const int seed = base->parameters.run.seed;
    struct scenarios scenarios;
    struct quantity quantity;
    double *values = calloc(THEORY_COUNT * permutations, sizeof *values);
    scenarios_init(&scenarios, base);
    if (values == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %zu permutations", permutations);
    }
    TRY(add_permutations(&scenarios, permutations, seed));
    TRY(run(&scenarios, group, threads, is_quiet));
    TRY(quantity_read(&quantity, &scenarios.results.list, outcome));
    *total = quantity_difference(&scenarios.results, 0, 1, &quantity);
    for (size_t n = 0; n < permutations; n++) {
        int order[THEORY_COUNT];
        permute(order, seed, n);
        for (size_t off = 0; off < THEORY_COUNT; off++) {
            const size_t chain = 2 + n * (THEORY_COUNT - 1);
            const size_t before = off == 0 ? 0 : chain + off - 1;
            const size_t after = off == THEORY_COUNT - 1 ? 1 : chain + off;
            values[(size_t)order[off] * permutations + n] =
                quantity_difference(&scenarios.results, before, after, &quantity).mean;
        }
    }
    for (size_t row = 0; row < THEORY_COUNT; row++) {
        shares[row] = estimate_of(&values[row * permutations], permutations);
    }
out:
    scenarios_free(&scenarios);
    free(values);
    return status;
}
