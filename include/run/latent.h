/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_LATENT_H
#define BUYIN_RUN_LATENT_H

#include "base/arena.h"
#include "run/arrival.h"

/** Registered mode: the people of the list whom an offer might reach, and how the offer found them. */
struct latent {
    const struct site *site;
    struct patients people;     /* traits, baselines and states of who might be offered something */
    struct prospect *prospects; /* [row]: when that might be next */
    size_t count;
    struct emergence *emergences; /* of those who were: the person, the week and the state then */
    size_t emerged;
};

/** Lives everybody's weeks up to the first offer, or to the end of the run.
 *
 *  `lines` are the lines of the patient file, [person], or NULL. Everything is taken from `arena`.
 *  Afterwards `emergences` is in the order of weeks, then of persons. Fails: ERROR_MEMORY.
 */
int latent_live(struct latent *latent, struct arena *arena, const struct site *site,
                const double *const *lines);

/** Makes the person of emergence `n` row `i` of `p`: as she is when the offer is made, events and
 *  easing of that week done, consultations of the past drawn. Returns the offer.
 */
struct arrival latent_settle(const struct latent *latent, size_t n, struct patients *p, size_t i);

#endif
