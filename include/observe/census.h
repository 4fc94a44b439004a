/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_OBSERVE_CENSUS_H
#define BUYIN_OBSERVE_CENSUS_H

#include "state/site.h"

/** Loops over everyone after the first offer, at the end of a week; what is found of one person is
 *  flagged in the column `event`, as in the mechanisms.
 */

/** Flags of census_flag_changes. */
enum { CHANGE_MOVED = 1, CHANGE_STILL_CLOSED = 2 };

/** Flags those whose status is not what it was at the end of the week before, and those who are still
 *  closed since week `then`; 0: nobody. */
int census_flag_changes(struct site *site, int then);

/** SWEMWBS of everyone into `to` (whole vectors), and onto the sums, plain and times `discount`. */
void census_add_wellbeing(struct site *site, float *to, float discount);

/** Sum of the first n values of a column, n > 0, in sixteen lanes that are added in a fixed order:
 *  the same on every machine. */
double census_sum(const float *column, size_t n);

#endif
