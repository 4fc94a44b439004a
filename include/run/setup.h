/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_SETUP_H
#define BUYIN_RUN_SETUP_H

#include "state/site.h"

/** Makes a site ready for its first week.
 *
 *  Practices, VCSE services, link workers, and everyone who will be offered a referral within
 *  the run, brought to the moment of the first offer. `site_index` counts from 0.
 *  Everything lives in `arena`. Fails: ERROR_MEMORY.
 */
int setup_site(struct site *site, struct arena *arena, const struct coefficients *coefficients,
               const struct configuration *configuration, size_t site_index, int replicate,
               bool keep_snapshots);

#endif
