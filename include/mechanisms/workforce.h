/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_MECHANISMS_WORKFORCE_H
#define BUYIN_MECHANISMS_WORKFORCE_H

#include "state/site.h"

/** Fills a post with someone new: skills drawn, knowledge after `months` in the role plus `bonus`.
 */
void workforce_hire(struct site *site, int post, double months, double bonus);

#endif
