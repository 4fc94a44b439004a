/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_OBSERVE_OUTCOMES_H
#define BUYIN_OBSERVE_OUTCOMES_H

#include "observe/tally.h"

/** The outcomes: what is reported of a replicate under a flat name such as
 *  pathway_of_engaged.carer.c_connecting_with. NaN where nobody qualifies.
 */

enum { OUTCOME_NAME_SIZE = 96 };

struct outcome {
    char name[OUTCOME_NAME_SIZE];
    const char *unit;
    const char *definition; /* one sentence */
};

/** Names, units and definitions, in the order of outcomes_compute. */
struct outcome_list {
    size_t count, room;
    struct outcome *outcomes;
};

/** The list for this many sites. Fails: ERROR_MEMORY. */
int outcome_list_init(struct outcome_list *list, const struct parameters *parameters, size_t sites);

void outcome_list_free(struct outcome_list *list);

/** Position of a name, or list->count. */
size_t outcome_find(const struct outcome_list *list, const char *name);

/** Writes list->count values of a replicate. */
void outcomes_compute(const struct tally *tally, const struct parameters *parameters, size_t sites,
                      double *values);

#endif
