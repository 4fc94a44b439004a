/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_LATENT_H
#define BUYIN_RUN_LATENT_H

#include "base/arena.h"
#include "run/arrival.h"

/** Registered mode: whom of the list an offer reached, and how the offer found them. */
struct latent {
    const struct site *site;
    size_t emerged;
    struct arrival *arrivals;     /* [emergence] */
    struct emergence *emergences; /* [emergence]: the person, and the consultations of the past */
    size_t *order;                /* emergences in the order of weeks, then of persons */
};

/** Lives everybody's weeks up to the first offer, or to the end of the run.
 *
 *  `lines` are the lines of the patient file, [person], or NULL. Everything is taken from `arena`.
 *  Fails: ERROR_MEMORY.
 */
int latent_live(struct latent *latent, struct arena *arena, const struct site *site,
                const double *const *lines);

/** Makes the person who emerged as number `n`, in the order of weeks, then of persons, row `i` of `p`:
 *  as she is when the offer is made, events and easing of that week done, consultations of the past
 *  drawn. Returns the offer.
 */
struct arrival latent_settle(const struct latent *latent, size_t n, struct patients *p, size_t i);

#endif
