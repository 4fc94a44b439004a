/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state/snapshots.h"

#include "state/indices.h"

#include <string.h>

const int lag_weeks[LAG_COUNT] = {0, 1, 2, 4, 8, 13, 17, 26, 39, 52};

const char *const measure_names[MEASURE_COUNT] = {
    "trust",          "hope",     "stress",     "readiness",  "swemwbs", "coping",
    "confidence",     "clarity",  "motivation", "isolation",  "ties",    "barrier_housing",
    "barrier_income", "capacity", "enjoyment",  "uncertainty"};

int lag_index(int weeks)
{
    int lag = 0;
    while (lag < LAG_COUNT - 1 && lag_weeks[lag] != weeks) {
        lag++;
    }
    return lag;
}

/* Where the measures of patient `i` lie. */
static float *place_of(struct site *site, size_t i, int lag)
{
    const size_t number = (size_t)site->seen_number[i];
    return &site->snapshots[snapshot_place(site->snapshot_room, number, lag)];
}

void snapshots_begin(struct site *site, size_t i)
{
    for (int lag = 1; site->snapshots != NULL && lag < LAG_COUNT; lag++) {
        if (site->week + lag_weeks[lag] >= site->weeks) {
            memset(place_of(site, i, lag), 0, MEASURE_COUNT * sizeof *site->snapshots);
        }
    }
}

void snapshots_compact(struct site *site)
{
    const size_t count = site->seen_count;
    for (int lag = 1; site->snapshots != NULL && lag < LAG_COUNT; lag++) {
        memmove(&site->snapshots[snapshot_place(count, 0, lag)],
                &site->snapshots[snapshot_place(site->snapshot_room, 0, lag)],
                count * MEASURE_COUNT * sizeof *site->snapshots);
    }
    site->snapshot_room = count;
}

void snapshot_take(struct site *site, size_t i, int lag)
{
    if (site->snapshots == NULL) {
        return;
    }
    const struct patients *p = &site->patients;
    const struct coefficients *c = site->coefficients;
    float *to = place_of(site, i, lag);
    to[MEASURE_TRUST] = p->trust[i];
    to[MEASURE_HOPE] = p->hope[i];
    to[MEASURE_STRESS] = p->stress[i];
    to[MEASURE_READINESS] = readiness(c, p, i);
    to[MEASURE_SWEMWBS] = wellbeing(c, p, i);
    to[MEASURE_COPING] = p->coping[i];
    to[MEASURE_CONFIDENCE] = p->confidence[i];
    to[MEASURE_CLARITY] = p->clarity[i];
    to[MEASURE_MOTIVATION] = p->motivation[i];
    to[MEASURE_ISOLATION] = p->isolation[i];
    to[MEASURE_TIES] = p->ties[i];
    to[MEASURE_BARRIER_HOUSING] = p->barrier[BARRIER_HOUSING][i];
    to[MEASURE_BARRIER_INCOME] = p->barrier[BARRIER_INCOME][i];
    to[MEASURE_CAPACITY] = capacity(c, p, i);
    to[MEASURE_ENJOYMENT] = p->enjoyment[i];
    to[MEASURE_UNCERTAINTY] = p->uncertainty[i];
}
