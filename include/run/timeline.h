/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_TIMELINE_H
#define BUYIN_RUN_TIMELINE_H

#include "state/site.h"

/** The interventions at a site, in the order of weeks.
 *
 *  Between two dates the site runs on one set of coefficients. On a date the set changes, places open
 *  (new ones at once) or are marked to close (as they fall free), and shocks move states once.
 */
struct timeline {
    size_t count;
    int *weeks;                        /* in ascending order */
    struct coefficients *coefficients; /* from that week on */
};

/** The dates of a site; none if the configuration has no interventions. Fails: ERROR_MEMORY. */
int timeline_init(struct timeline *timeline, struct arena *arena,
                  const struct configuration *configuration, const struct site *site);

/** Checks what only this floor knows: that groups named by interventions exist. Fails: ERROR_INPUT. */
int timeline_check(const struct configuration *configuration);

/** Before the week after site->week begins: changes what has its date then. */
void timeline_act(const struct timeline *timeline, const struct configuration *configuration,
                  struct site *site);

/** The largest caseload cap of the run, for the room of caseloads. */
int timeline_largest_cap(const struct configuration *configuration,
                         const struct coefficients *coefficients);

#endif
