/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_SCREENING_H
#define BUYIN_RUN_SCREENING_H

#include "state/site.h"

/** Registered mode: the people on the list whom an offer could reach within the run.
 *
 *  Looks at everybody sixteen at a time and leaves out only people of whom run/latent.c would say
 *  that neither a GP nor another route could offer them anything before the run ends (page in
 *  screening.c). `persons` has room for site->population numbers; returns how many it holds, in
 *  ascending order.
 */
size_t screening_candidates(const struct site *site, int32_t *persons);

#endif
