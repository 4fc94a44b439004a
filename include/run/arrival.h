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

/** Cohort mode: the scheduled first offer (page in arrival.c). */
struct arrival arrival_scheduled(const struct site *site, int32_t person, const double *given);

/** Cohort mode: brings row `i`, just drawn, to the moment of its scheduled offer. `past` is the
 *  person's stream of PURPOSE_PAST, of which at most PAST_BLOCKS blocks are used.
 */
void arrival_settle(const struct site *site, struct patients *p, size_t i,
                    const struct arrival *arrival, struct random_stream *past);
enum { PAST_BLOCKS = 16 };

/** Consultations before the offer: `past` has last week's in bit 0, `now` is the offer's own week. */
void arrival_remember(struct patients *p, size_t i, uint64_t past, bool now);

#endif
