/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_MECHANISMS_LIFE_H
#define BUYIN_MECHANISMS_LIFE_H

#include "state/site.h"

/** A life event of patient `i`: one need rises, stress rises (page in life.c).
 *  Also used for the weeks before the first offer, which is why it does not take a site.
 */
void life_event_apply(const struct coefficients *c, struct random_stream *stream,
                      float *const need[NEED_COUNT], float *stress, size_t i);

#endif
