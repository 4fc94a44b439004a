/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_RUN_ONE_LIFE_H
#define BUYIN_TESTS_RUN_ONE_LIFE_H

#include "run/arrival.h"

/** What run/latent.c does, for one person, one week at a time and in plain C.
 *
 *  No vectors, no screening, nobody left out early; the draws are at the same addresses, so that
 *  every bit has to agree. Row `i` of `p` is left as it is when the first offer is made.
 *  *has_candidate: there is a week within the run in which an offer might have come.
 */
bool one_life(const struct site *site, struct patients *p, size_t i, int32_t person,
              struct arrival *arrival, bool *has_candidate);

#endif
