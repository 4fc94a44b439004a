/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_WEEK_H
#define BUYIN_RUN_WEEK_H

#include "state/site.h"

/** Moves a site on by one week: the mechanisms, in their order (recording is the caller's). */
void week_step(struct site *site);

/** After the last week: brings to the end of the run what is counted over weeks, and fixes pathways. */
void weeks_complete(struct site *site);

#endif
