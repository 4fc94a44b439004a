/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_ARRIVAL_H
#define BUYIN_RUN_ARRIVAL_H

#include "state/site.h"

/** When a person is first offered a referral, and by whom. */
struct arrival {
    int32_t week;
    int32_t person;
    bool by_gp;
};

/** Cohort mode: the scheduled first offers of `count` (at most RANDOM_LANES) people from `first` on
 *  (page in arrival.c). `given` are their lines of the patient file, or NULL.
 */
void arrival_schedule(const struct site *site, struct arrival *arrivals, int32_t first, int count,
                      const double *const *given);

/** Cohort mode: brings rows [first, first + count) (at most RANDOM_LANES), just drawn, to the moment of
 *  their scheduled offers.
 */
void arrival_settle(const struct site *site, struct patients *p, size_t first, int count,
                    const struct arrival *arrivals);

/** Consultations before the offer: `past` has last week's in bit 0, `now` is the offer's own week. */
void arrival_remember(struct patients *p, size_t i, uint64_t past, bool now);

/** Order of the weeks, then of persons: `order` gets the numbers of the arrivals, all of weeks before
 *  `weeks`; `starts` has room for weeks + 1 numbers. Quick where persons are nearly in order.
 */
void arrival_order(const struct arrival *arrivals, size_t count, int weeks, size_t *starts,
                   size_t *order);

#endif
