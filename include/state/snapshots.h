/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_STATE_SNAPSHOTS_H
#define BUYIN_STATE_SNAPSHOTS_H

#include "state/site.h"

/** What is kept of a patient at chosen times after the first session. */
enum measure {
    MEASURE_TRUST,
    MEASURE_HOPE,
    MEASURE_STRESS,
    MEASURE_READINESS,
    MEASURE_SWEMWBS,
    MEASURE_COPING,
    MEASURE_CONFIDENCE,
    MEASURE_CLARITY,
    MEASURE_MOTIVATION,
    MEASURE_ISOLATION,
    MEASURE_TIES,
    MEASURE_BARRIER_HOUSING,
    MEASURE_BARRIER_INCOME,
    MEASURE_CAPACITY,
    MEASURE_ENJOYMENT,
    MEASURE_UNCERTAINTY,
    MEASURE_COUNT
};

/** Lag 0 is just before the first session's effects; the others are at the end of that week. */
enum { LAG_COUNT = 10 };
extern const int lag_weeks[LAG_COUNT]; /* 0 1 2 4 8 13 17 26 39 52 */

extern const char *const measure_names[MEASURE_COUNT];

/** Index of the lag of this many weeks, which must be one of them. */
int lag_index(int weeks);

/** Sets to 0 what will never be taken of patient `i`, who is seen for the first time this week: lags
 *  beyond the end of the run. */
void snapshots_begin(struct site *site, size_t i);

/** Leaves no room but for those who have been seen. */
void snapshots_compact(struct site *site);

/** Writes the measures of patient `i`, who has been seen, as they are now. */
void snapshot_take(struct site *site, size_t i, int lag);

/** Where the measures of the nth of those seen lie at a lag. */
static inline size_t snapshot_place(size_t room, size_t number, int lag)
{
    return ((size_t)lag * room + number) * MEASURE_COUNT;
}

/** The measures of patient `i`, who has been seen, at a lag; valid if the week lies within the run. */
static inline const float *snapshot_at(const struct site *site, size_t i, int lag)
{
    const size_t number = (size_t)site->seen_number[i];
    return &site->snapshots[snapshot_place(site->snapshot_room, number, lag)];
}

#endif
