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

void snapshots_clear(struct site *site, size_t first, size_t count)
{
    enum { PERSON = LAG_COUNT * MEASURE_COUNT };
    if (site->snapshots != NULL) {
        memset(&site->snapshots[first * PERSON], 0, count * PERSON * sizeof *site->snapshots);
    }
}

void snapshot_take(struct site *site, size_t i, int lag)
{
    if (site->snapshots == NULL) {
        return;
    }
    const struct patients *p = &site->patients;
    const struct coefficients *c = site->coefficients;
    const size_t number = (size_t)site->seen_number[i];
    float *to = &site->snapshots[(number * LAG_COUNT + (size_t)lag) * MEASURE_COUNT];
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
