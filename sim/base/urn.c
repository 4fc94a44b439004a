/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/urn.h"

#include "base/error.h"

#include <stdlib.h>

int urn_make(struct urn *urn, const double *weights, size_t count)
{
    *urn = (struct urn){.count = count, .sums = calloc(2 * count + 2, sizeof *urn->sums)};
    if (urn->sums == NULL) {
        return error_set(ERROR_MEMORY, "no memory for %zu weights", count);
    }
    for (size_t i = 0; i < count; i++) {
        urn->sums[count + i] = weights != NULL ? weights[i] : 0.0;
    }
    for (size_t k = count; k-- > 1;) {
        urn->sums[k] = urn->sums[2 * k] + urn->sums[2 * k + 1];
    }
    return 0;
}

size_t urn_draw(const struct urn *urn, double uniform)
{
    double left = uniform * urn->sums[1];
    size_t k = 1;
    while (k < urn->count) {
        k *= 2;
        if (left >= urn->sums[k] && urn->sums[k + 1] > 0.0) { /* rounding may overshoot */
            left -= urn->sums[k];
            k++;
        }
    }
    return k - urn->count;
}

void urn_set(struct urn *urn, size_t which, double weight)
{
    size_t k = urn->count + which;
    urn->sums[k] = weight;
    while (k > 1) {
        k /= 2;
        urn->sums[k] = urn->sums[2 * k] + urn->sums[2 * k + 1];
    }
}

void urn_free(struct urn *urn)
{
    free(urn->sums);
    *urn = (struct urn){0};
}
