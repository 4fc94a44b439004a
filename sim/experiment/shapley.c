/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/shapley.h"

#include "base/error.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>

void shapley_order(int order[THEORY_COUNT], int seed, size_t number)
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

static int seed_of(const struct theory_pool *pool)
{
    return pool->scenarios.base->parameters.run.seed;
}

int shapley_ask(struct theory_pool *pool, size_t orders)
{
    int status = 0;
    for (size_t n = 0; n < orders; n++) {
        int order[THEORY_COUNT];
        uint32_t off = 0;
        size_t scenario = 0;
        shapley_order(order, seed_of(pool), n);
        for (int i = 0; i < THEORY_COUNT; i++) {
            off |= ROW_BIT(order[i]);
            TRY(theory_pool_without(pool, off, &scenario));
        }
    }
out:
    return status;
}

/* Adds what each row contributes in one order to `values`, [row][order][replicate]; `is_defined` tells
 * of each replicate whether the outcome is, wherever it was needed. */
static void contribute(const struct theory_pool *pool, size_t orders, size_t number,
                       const struct quantity *quantity, double *values, bool *is_defined)
{
    const struct results *measured = &pool->measured;
    const size_t replicates = measured->replicate_count;
    int order[THEORY_COUNT];
    uint32_t off = 0;
    size_t before = theory_pool_find(pool, 0);
    shapley_order(order, seed_of(pool), number);
    for (int i = 0; i < THEORY_COUNT; i++) {
        off |= ROW_BIT(order[i]);
        const size_t after = theory_pool_find(pool, off);
        for (size_t r = 0; r < replicates; r++) {
            const double lost = quantity_value(measured, before, r, quantity) -
                                quantity_value(measured, after, r, quantity);
            values[((size_t)order[i] * orders + number) * replicates + r] = lost;
            is_defined[r] = is_defined[r] && isfinite(lost);
        }
        before = after;
    }
}

int shapley_shares(const struct theory_pool *pool, size_t orders, size_t which,
                   struct estimate shares[THEORY_COUNT], struct estimate *total)
{
    int status = 0;
    const struct quantity quantity = theory_pool_quantity(pool, which);
    const size_t replicates = pool->measured.replicate_count, cells = orders * replicates;
    double *values = calloc(THEORY_COUNT * cells, sizeof *values);
    double *totals = calloc(replicates, sizeof *totals);
    bool *is_defined = malloc(replicates * sizeof *is_defined);
    if (values == NULL || totals == NULL || is_defined == NULL) {
        FAIL(ERROR_MEMORY, "no memory for the shares of %zu orders", orders);
    }
    for (size_t r = 0; r < replicates; r++) {
        is_defined[r] = true;
    }
    for (size_t n = 0; n < orders; n++) {
        contribute(pool, orders, n, &quantity, values, is_defined);
    }
    for (size_t i = 0; i < THEORY_COUNT * cells; i++) {
        values[i] = is_defined[i % replicates] ? values[i] : NAN;
    }
    const size_t full = theory_pool_find(pool, 0), nothing = theory_pool_find(pool, ALL_ROWS);
    for (size_t r = 0; r < replicates; r++) {
        totals[r] = is_defined[r] ? quantity_value(&pool->measured, full, r, &quantity) -
                                        quantity_value(&pool->measured, nothing, r, &quantity)
                                  : NAN;
    }
    *total = estimate_of(totals, replicates);
    for (size_t row = 0; row < THEORY_COUNT; row++) {
        shares[row] = estimate_crossed(&values[row * cells], orders, replicates);
    }
out:
    free(values);
    free(totals);
    free(is_defined);
    return status;
}
