/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_MECHANISMS_ENROLMENT_H
#define BUYIN_MECHANISMS_ENROLMENT_H

#include "base/numeric.h"
#include "state/site.h"

/** Probability that a GP who is consulted makes an offer: 0 below the minimum severity, else by the
 *  severity and the practice's adoption.
 */
static inline float offer_probability(const struct parameters *k, float adoption, float severity)
{
    return severity >= (float)k->gp.minimum_severity
               ? clip01((float)k->gp.offer_base * adoption * severity)
               : 0.0f;
}

/** Holds the opening contact of patient `i` with a post at session quality q (page in enrolment.c).
 */
void enrolment_open(struct site *site, size_t i, int post, float quality);

#endif
