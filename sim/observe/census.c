/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/census.h"

#include "base/vector.h"
#include "state/indices.h"

VECTOR_LOOP
int census_flag_changes(struct site *site, int then)
{
    const int n = (int)site->offered, whole = whole_vectors(n);
    const int32_t *restrict status = site->patients.status;
    const int32_t *restrict before = site->patients.recorded_status;
    const int32_t *restrict closing = site->patients.closing_week;
    int32_t *restrict event = site->patients.event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < whole; i++) {
        const int32_t moved = (i < n) & (status[i] != before[i]);
        const int32_t closed = (i < n) & (status[i] == STATUS_CLOSED) & (closing[i] == then);
        event[i] = moved * CHANGE_MOVED + closed * CHANGE_STILL_CLOSED;
        any |= event[i];
    }
    return any;
}

VECTOR_LOOP
void census_add_wellbeing(struct site *site, float *restrict to, float discount)
{
    const struct coefficients *c = site->coefficients;
    const struct patients *p = &site->patients;
    const int n = (int)site->offered, whole = whole_vectors(n);
    const struct wellbeing_weights weights = wellbeing_weights(c);
    const float *restrict hope = p->hope, *restrict confidence = p->confidence;
    const float *restrict ties = p->ties, *restrict stress = p->stress;
    const float *restrict isolation = p->isolation, *restrict offset = p->wellbeing_offset;
    float *restrict sum = p->wellbeing_sum, *restrict discounted = p->wellbeing_discounted;
#pragma omp simd
    for (int i = 0; i < whole; i++) {
        const float points = wellbeing_of_values(&weights, hope[i], confidence[i], ties[i],
                                                 stress[i], isolation[i], offset[i]);
        const float counted = i < n ? points : 0.0f;
        to[i] = counted;
        sum[i] += counted;
        discounted[i] += discount * counted;
    }
}

/* The last vector may be short of rows: zeros stand for those that lack. */
VECTOR_LOOP
double census_sum(const float *restrict column, size_t n)
{
    double lane[VECTOR_ROWS] = {0.0};
    float last[VECTOR_ROWS];
    const size_t whole = (n - 1) / VECTOR_ROWS * VECTOR_ROWS;
    const float *restrict end = &column[whole];
    const int left = (int)(n - whole);
    for (size_t i = 0; i < whole; i += VECTOR_ROWS) {
        for (int l = 0; l < VECTOR_ROWS; l++) {
            lane[l] += (double)column[i + (size_t)l];
        }
    }
#pragma omp simd
    for (int l = 0; l < VECTOR_ROWS; l++) {
        const float value = end[l];
        last[l] = l < left ? value : 0.0f;
    }
#pragma omp simd
    for (int l = 0; l < VECTOR_ROWS; l++) {
        lane[l] += (double)last[l];
    }
#pragma GCC unroll 4
    for (int half = VECTOR_ROWS / 2; half > 0; half /= 2) {
        for (int l = 0; l < half; l++) {
            lane[l] += lane[l + half];
        }
    }
    return lane[0];
}
