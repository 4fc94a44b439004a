/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_MECHANISMS_LIFE_H
#define BUYIN_MECHANISMS_LIFE_H

#include "state/site.h"

/** What life does to people (page in life.c), also in the weeks before their first offer, when they are
 *  no patients of the site yet.
 */

/** A life event of the person in row `i`, in this week: one need rises, stress rises. */
void life_event_apply(const struct site *site, int32_t person, int week,
                      float *const need[NEED_COUNT], float *stress, size_t i);

/** A decline of health: the barrier rises. */
void health_decline_apply(const struct coefficients *c, float *health);

/** A week's easing of needs and barriers of rows [first, first + count); `first` begins a vector. */
void life_ease(const struct coefficients *c, const struct patients *p, size_t first, int count);

#endif
