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

/** Whether a GP consulted this week makes an offer, at this chance of one. */
static inline int gp_offers(float u_consultation, float consulting, float offer)
{
    return u_consultation < consulting * offer;
}

/** What decides whether someone off the caseloads may move this week: weekly probabilities, bounds of
 *  them for the readiest practice and for people who were told of the way back. */
struct moving_weights {
    float attrition, attrition_uncertainty, back, other, minimum, most_offering;
    int reoffer;
};

struct moving_weights moving_weights(const struct site *site);

/** Not 0 for everyone who does move; u: draw of the transition. */
static inline int32_t may_move(const struct moving_weights *w, int32_t status, int32_t weeks_in_it,
                               float severe, float unsure, float stress, float u,
                               float u_consultation, float consulting)
{
    const int32_t waits = (status == STATUS_WAITING) & (weeks_in_it > 0);
    const int32_t leaves = waits & (u < w->attrition + w->attrition_uncertainty * unsure);
    const int32_t again = (status >= STATUS_CLOSED) & (weeks_in_it > w->reoffer);
    const float returning = status == STATUS_CLOSED ? clip01(w->back * stress) : 0.0f;
    const float elsewhere = again ? w->other * severe : 0.0f;
    const int32_t by_gp = again & (severe >= w->minimum) &
                          gp_offers(u_consultation, consulting, clip01(w->most_offering * severe));
    return leaves | by_gp | (u < returning + elsewhere);
}

/** Moves those of the first `flagged` rows of site->flagged who move this week: off the waiting list, or
 *  back to it by an offer or the known way back. */
void enrolment_move(struct site *site, size_t flagged);

/** Holds the opening contact of patient `i` with a post at session quality q (page in enrolment.c).
 */
void enrolment_open(struct site *site, size_t i, int post, float quality);

#endif
