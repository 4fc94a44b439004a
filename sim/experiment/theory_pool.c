/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/theory_pool.h"

#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>

/* Mark of a scenario with a strength that is neither 0 nor the base's. */
static const uint32_t OTHER_STRENGTH = UINT32_MAX;

_Static_assert(THEORY_COUNT < 32, "the rows switched off fit into 32 bits");

int theory_pool_init(struct theory_pool *pool, const struct configuration *base)
{
    *pool = (struct theory_pool){0};
    scenarios_init(&pool->scenarios, base);
    return outcome_list_init(&pool->outcomes, &base->parameters, base->site_count);
}

int theory_pool_measure(struct theory_pool *pool, const char *text)
{
    int status = 0;
    if (pool->measured_count == MEASURED_LIMIT) {
        FAIL(ERROR_MODEL, "more than %d outcomes to be measured", (int)MEASURED_LIMIT);
    }
    TRY(quantity_read(&pool->quantities[pool->measured_count], &pool->outcomes, text));
    pool->measured_count++;
out:
    return status;
}

static int add(struct theory_pool *pool, const char *name, uint32_t off, size_t *scenario)
{
    int status = 0;
    if (pool->scenarios.count == pool->room) {
        const size_t room = pool->room == 0 ? 64 : 2 * pool->room;
        uint32_t *bits = realloc(pool->off, room * sizeof *bits);
        if (bits == NULL) {
            FAIL(ERROR_MEMORY, "no memory for %zu scenarios", room);
        }
        pool->off = bits;
        pool->room = room;
    }
    TRY(scenarios_add(&pool->scenarios, name, scenario));
    pool->off[*scenario] = off;
out:
    return status;
}

size_t theory_pool_find(const struct theory_pool *pool, uint32_t off)
{
    size_t s = 0;
    while (s < pool->scenarios.count && pool->off[s] != off) {
        s++;
    }
    return s;
}

/* "full", "without_EN1_KS2", "only_RD6", "nothing": no two sets have one name. */
static void name_of(uint32_t off, char name[SCENARIO_NAME_SIZE])
{
    const int rows = __builtin_popcount(off);
    const bool most = rows > THEORY_COUNT / 2;
    const uint32_t told = most ? ALL_ROWS & ~off : off;
    size_t used = (size_t)snprintf(name, SCENARIO_NAME_SIZE, "%s",
                                   rows == 0              ? "full"
                                   : rows == THEORY_COUNT ? "nothing"
                                   : most                 ? "only"
                                                          : "without");
    for (int row = 0; row < THEORY_COUNT; row++) {
        if (told & ROW_BIT(row)) {
            used += (size_t)snprintf(name + used, SCENARIO_NAME_SIZE - used, "_%s", theory[row].id);
        }
    }
}

int theory_pool_without(struct theory_pool *pool, uint32_t off, size_t *scenario)
{
    int status = 0;
    char name[SCENARIO_NAME_SIZE];
    *scenario = theory_pool_find(pool, off);
    if (*scenario < pool->scenarios.count) {
        return 0;
    }
    name_of(off, name);
    TRY(add(pool, name, off, scenario));
    for (int row = 0; row < THEORY_COUNT; row++) {
        if (off & ROW_BIT(row)) {
            TRY(theory_set_strength(&pool->scenarios.configurations[*scenario].parameters, row,
                                    0.0));
        }
    }
out:
    return status;
}

int theory_pool_at(struct theory_pool *pool, int row, double strength, size_t *scenario)
{
    int status = 0;
    char name[SCENARIO_NAME_SIZE];
    if (strength == 0.0) {
        return theory_pool_without(pool, ROW_BIT(row), scenario);
    }
    if (strength == theory_strength(&pool->scenarios.base->parameters, row)) {
        return theory_pool_without(pool, 0, scenario);
    }
    (void)snprintf(name, sizeof name, "%s_at_%g", theory[row].id, strength);
    TRY(add(pool, name, OTHER_STRENGTH, scenario));
    TRY(theory_set_strength(&pool->scenarios.configurations[*scenario].parameters, row, strength));
out:
    return status;
}

static void measure(void *context, size_t scenario, size_t replicate, const double *outcomes)
{
    struct theory_pool *pool = context;
    double *values = results_values(&pool->measured, scenario, replicate);
    for (size_t m = 0; m < pool->measured_count; m++) {
        values[m] = quantity_of(&pool->quantities[m], outcomes, pool->outcomes.count);
    }
}

int theory_pool_run(struct theory_pool *pool, int group, int threads, bool is_quiet)
{
    struct scenarios *scenarios = &pool->scenarios;
    struct results *measured = &pool->measured;
    measured->scenario_count = scenarios->count;
    measured->replicate_count = (size_t)scenarios->base->parameters.run.replicates;
    measured->list.count = pool->measured_count;
    measured->values =
        calloc(measured->scenario_count * measured->replicate_count * pool->measured_count,
               sizeof *measured->values);
    if (measured->values == NULL) {
        return error_set(ERROR_MEMORY, "no memory for what %zu scenarios show", scenarios->count);
    }
    for (size_t s = 0; s < scenarios->count && !pool->with_counterfactual; s++) {
        scenarios->configurations[s].parameters.run.counterfactual = 0;
    }
    scenarios->read = measure;
    scenarios->context = pool;
    return scenarios_run(scenarios, group, threads, is_quiet);
}

void theory_pool_free(struct theory_pool *pool)
{
    scenarios_free(&pool->scenarios);
    outcome_list_free(&pool->outcomes);
    results_free(&pool->measured);
    free(pool->off);
    *pool = (struct theory_pool){0};
}
