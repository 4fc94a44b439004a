/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_OBSERVE_COUNTERFACTUAL_H
#define BUYIN_OBSERVE_COUNTERFACTUAL_H

#include "state/snapshots.h"

/** What would have become of the people of a site without link workers: columns by the row of the
 *  site, named and meant as in state/patient_fields.def. run/counterfactual.h makes it.
 */
struct counterfactual {
    float *wellbeing_sum, *wellbeing_discounted;
    int32_t *consultations, *consultations_from_offer;
    int32_t *consultations_from_session; /* from the week of the first session with link workers */
    float *after_closing_wellbeing;      /* four weeks after the latest closing with link workers */
    /** [lag][seen number][measure], of lag 1 on, of those who never connected with link workers */
    float *snapshots;
    double consultations_discounted; /* of everyone after the first offer */
    int64_t stepped_patient_weeks;   /* those lived twice: after the first opening contact */
};

/** The measures of row `i` of the site, who was seen but never connected, at the lag (1 or more) after
 *  the first session that she had with link workers; valid if the week lies within the run. */
static inline const float *counterfactual_at(const struct counterfactual *without,
                                             const struct site *site, size_t i, int lag)
{
    const size_t number = (size_t)site->seen_number[i];
    return &without->snapshots[snapshot_place(site->seen_count, number, lag)];
}

#endif
