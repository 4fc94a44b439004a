/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/quantity.h"

#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int find(size_t *position, const struct outcome_list *list, const char *name)
{
    *position = outcome_find(list, name);
    if (*position == list->count) {
        return error_set(ERROR_INPUT, "there is no outcome '%s' ('buyin run --json' lists them)",
                         name);
    }
    return 0;
}

int quantity_read(struct quantity *quantity, const struct outcome_list *list, const char *text)
{
    int status = 0;
    char first[OUTCOME_NAME_SIZE];
    const char *dash = strstr(text, " - ");
    const size_t length = dash != NULL ? (size_t)(dash - text) : strlen(text);
    (void)snprintf(first, sizeof first, "%.*s", (int)length, text);
    quantity->minus = list->count;
    TRY(find(&quantity->plus, list, first));
    if (dash != NULL) {
        TRY(find(&quantity->minus, list, dash + 3));
    }
out:
    return status;
}

double quantity_of(const struct quantity *quantity, const double *outcomes, size_t count)
{
    const double taken = quantity->minus < count ? outcomes[quantity->minus] : 0.0;
    return outcomes[quantity->plus] - taken;
}

double quantity_value(const struct results *results, size_t scenario, size_t replicate,
                      const struct quantity *quantity)
{
    return quantity_of(quantity, results_values(results, scenario, replicate), results->list.count);
}

/* The estimate of sum over scenarios of weight times value. */
static struct estimate combine(const struct results *results, const size_t *scenarios,
                               const double *weights, size_t count, const struct quantity *quantity)
{
    double *values = calloc(results->replicate_count, sizeof *values);
    if (values == NULL) {
        return estimate_of(NULL, 0);
    }
    for (size_t r = 0; r < results->replicate_count; r++) {
        for (size_t s = 0; s < count; s++) {
            values[r] += weights[s] * quantity_value(results, scenarios[s], r, quantity);
        }
    }
    const struct estimate e = estimate_of(values, results->replicate_count);
    free(values);
    return e;
}

struct estimate quantity_estimate(const struct results *results, size_t scenario,
                                  const struct quantity *quantity)
{
    return combine(results, (const size_t[]){scenario}, (const double[]){1.0}, 1, quantity);
}

struct estimate quantity_difference(const struct results *results, size_t a, size_t b,
                                    const struct quantity *quantity)
{
    return combine(results, (const size_t[]){a, b}, (const double[]){1.0, -1.0}, 2, quantity);
}

struct estimate quantity_interaction(const struct results *results, size_t a, size_t b, size_t c,
                                     size_t d, const struct quantity *quantity)
{
    return combine(results, (const size_t[]){a, b, c, d}, (const double[]){1.0, -1.0, -1.0, 1.0}, 4,
                   quantity);
}
