/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_URN_H
#define BUYIN_BASE_URN_H

#include <stddef.h>

/** Drawing one after the other, each with probability proportional to its weight among those that
 *  are still there.
 *
 *  Node k of a binary tree holds the sum of the nodes 2k and 2k + 1, the leaves hold the weights:
 *  to draw and to change a weight cost log2(count) steps, and nothing is ever subtracted.
 */
struct urn {
    size_t count;
    double *sums; /* [2 * count]: node 1 the root, leaf i at count + i */
};

/** An urn of these weights, all 0 or more (NULL: all 0). Fails: ERROR_MEMORY. */
int urn_make(struct urn *urn, const double *weights, size_t count);

/** Which one a uniform number of (0, 1) draws; it stays there. The total must be above 0; a weight
 *  of 0 is never drawn. */
size_t urn_draw(const struct urn *urn, double uniform);

/** Changes a weight; 0 takes it out. */
void urn_set(struct urn *urn, size_t which, double weight);

void urn_free(struct urn *urn);

#endif
