/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_OBSERVE_CENSUS_H
#define BUYIN_OBSERVE_CENSUS_H

#include "state/site.h"

/** Loops over everyone after the first offer, at the end of a week; what is found of one person is
 *  flagged in the column `event`, as in the mechanisms.
 */

/** How many are in each status; nobody is latent here. */
void census_count(const struct site *site, int counts[STATUS_COUNT]);

/** Flags those whose status is not what it was at the end of the week before; 0: nobody. */
int census_flag_moved(struct site *site);

/** Flags those whose latest closing was in week `then` (and who are still closed, unless `anyone`);
 *  0: nobody. */
int census_flag_closings(struct site *site, int then, bool anyone);

/** SWEMWBS of everyone into `to` (whole vectors), and onto the sums, plain and times `discount`. */
void census_add_wellbeing(struct site *site, float *to, float discount);

/** Sum of the first n values of a column, n > 0, in sixteen lanes that are added in a fixed order:
 *  the same on every machine. */
double census_sum(const float *column, size_t n);

#endif
