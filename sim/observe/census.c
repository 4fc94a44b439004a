/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/census.h"

#include "base/numeric.h"
#include "base/vector.h"

VECTOR_LOOP
void census_count(const struct site *site, int counts[STATUS_COUNT])
{
    const int n = (int)site->offered, whole = whole_vectors(n);
    const int32_t *restrict status = site->patients.status;
    int waiting = 0, engaged = 0, connected = 0, tapering = 0, closed = 0, declined = 0, left = 0;
#pragma omp simd reduction(+ : waiting, engaged, connected, tapering, closed, declined, left)
    for (int i = 0; i < whole; i++) {
        const int32_t now = i < n ? status[i] : STATUS_LATENT;
        waiting += now == STATUS_WAITING;
        engaged += now == STATUS_ENGAGED;
        connected += now == STATUS_CONNECTED;
        tapering += now == STATUS_TAPERING;
        closed += now == STATUS_CLOSED;
        declined += now == STATUS_DECLINED;
        left += now == STATUS_DISENGAGED;
    }
    counts[STATUS_LATENT] = 0;
    counts[STATUS_WAITING] = waiting;
    counts[STATUS_ENGAGED] = engaged;
    counts[STATUS_CONNECTED] = connected;
    counts[STATUS_TAPERING] = tapering;
    counts[STATUS_CLOSED] = closed;
    counts[STATUS_DECLINED] = declined;
    counts[STATUS_DISENGAGED] = left;
}

VECTOR_LOOP
int census_flag_moved(struct site *site)
{
    const int n = (int)site->offered, whole = whole_vectors(n);
    const int32_t *restrict status = site->patients.status;
    const int32_t *restrict before = site->patients.recorded_status;
    int32_t *restrict event = site->patients.event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < whole; i++) {
        event[i] = (i < n) & (status[i] != before[i]);
        any |= event[i];
    }
    return any;
}

VECTOR_LOOP
int census_flag_closings(struct site *site, int then, bool anyone)
{
    const int n = (int)site->offered, whole = whole_vectors(n), all = anyone;
    const int32_t *restrict status = site->patients.status;
    const int32_t *restrict closing = site->patients.closing_week;
    int32_t *restrict event = site->patients.event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < whole; i++) {
        event[i] = (i < n) & (closing[i] == then) & (all | (status[i] == STATUS_CLOSED));
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
    const float v0 = c->wellbeing_intercept, vh = c->wellbeing_hope, vc = c->wellbeing_confidence;
    const float vf = c->wellbeing_ties, vs = c->wellbeing_stress, vl = c->wellbeing_isolation;
    const float *restrict hope = p->hope, *restrict confidence = p->confidence;
    const float *restrict ties = p->ties, *restrict stress = p->stress;
    const float *restrict isolation = p->isolation, *restrict offset = p->wellbeing_offset;
    float *restrict sum = p->wellbeing_sum, *restrict discounted = p->wellbeing_discounted;
#pragma omp simd
    for (int i = 0; i < whole; i++) {
        const float index = v0 + vh * hope[i] + vc * confidence[i] + vf * ties[i] - vs * stress[i] -
                            vl * isolation[i];
        const float points = clip(7.0f + 28.0f * clip01(index) + offset[i], 7.0f, 35.0f);
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
