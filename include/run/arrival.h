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

/** Registered mode: lives person `person` in row `i` of `p` up to the first offer.
 *
 *  Returns false if there is none within the run.  With `settle` the row is left as it is at the
 *  moment of the offer (events and easing of that week done, past consultations drawn).
 */
bool arrival_emerges(const struct site *site, struct patients *p, size_t i, int32_t person,
                     const double *given, bool settle, struct arrival *arrival);

/** Cohort mode: brings row `i`, just drawn, to the moment of its scheduled offer. */
void arrival_settle(const struct site *site, struct patients *p, size_t i,
                    const struct arrival *arrival);

#endif
