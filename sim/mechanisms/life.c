/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Life: events, health decline, easing (step 1)
 *
 *   life event      weekly probability life_event_hazard:
 *                   one need, each as likely:  n_d + b (1 - n_d),  b ~ Beta(2, 2)
 *                   S + life_stress (1 - S)
 *   health decline  weekly probability hazard exp(slope (age - 50) / 10):
 *                   B_health + amount (1 - B_health)
 *   easing          n_d (1 - easing_d),  B_k (1 - easing_k):  every week, after the events
 *
 * reads   draw, health_decline
 * writes  need, barrier, stress
 * draws   DRAW_LIFE; PURPOSE_LIFE_EVENT when one happens
 * units   probabilities per week
 * source  events.*: assumed; the paper's patients live with setbacks (context of readiness)
 */
#include "mechanisms/life.h"

#include "base/numeric.h"
#include "mechanisms/mechanisms.h"

#include <string.h>

void life_event_apply(const struct site *site, int32_t person, int week,
                      float *const need[NEED_COUNT], float *stress, size_t i)
{
    const struct coefficients *c = site->coefficients;
    struct random_stream stream =
        random_open(&site->key, (uint32_t)person, (uint32_t)week, PURPOSE_LIFE_EVENT);
    int domain = (int)(random_uniform(&stream) * NEED_COUNT);
    const float blow = quantile_of_beta(&c->blow, random_bits(&stream));
    need[domain][i] = rise(need[domain][i], blow);
    stress[i] = rise(stress[i], (float)c->parameters.events.life_event_stress);
}

void health_decline_apply(const struct coefficients *c, float *health)
{
    *health = rise(*health, (float)c->parameters.events.health_decline_amount);
}

VECTOR_LOOP
static int flag_events(struct site *site)
{
    const int n = (int)site->offered, whole = whole_vectors(n);
    const float hazard = (float)site->coefficients->parameters.events.life_event_hazard;
    const float *restrict decline = site->patients.health_decline;
    const float *restrict u = site->patients.draw[DRAW_LIFE];
    int32_t *restrict event = site->patients.event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < whole; i++) {
        const int32_t flags = (u[i] < hazard) | (second_happens(u[i], hazard, decline[i]) << 1);
        event[i] = i < n ? flags : 0;
        any |= event[i];
    }
    return any;
}

static void apply_events(struct site *site, size_t flagged)
{
    struct patients *p = &site->patients;
    for (size_t f = 0; f < flagged; f++) {
        const size_t i = (size_t)site->flagged[f];
        if (p->event[i] & 1) {
            life_event_apply(site, p->person[i], site->week, p->need, p->stress, i);
        }
        if (p->event[i] & 2) {
            health_decline_apply(site->coefficients, &p->barrier[BARRIER_HEALTH][i]);
        }
    }
}

VECTOR_LOOP
void life_ease(const struct coefficients *c, const struct patients *p, size_t first, int count)
{
    const int whole = whole_vectors(count);
    float en[NEED_COUNT], eb[BARRIER_COUNT];
    float *restrict n0 = &p->need[0][first];
    float *restrict n1 = &p->need[1][first];
    float *restrict n2 = &p->need[2][first];
    float *restrict n3 = &p->need[3][first];
    float *restrict n4 = &p->need[4][first];
    float *restrict b0 = &p->barrier[0][first];
    float *restrict b1 = &p->barrier[1][first];
    float *restrict b2 = &p->barrier[2][first];
    float *restrict b3 = &p->barrier[3][first];
    float *restrict b4 = &p->barrier[4][first];
    float *restrict b5 = &p->barrier[5][first];
    memcpy(en, c->need_easing, sizeof en);
    memcpy(eb, c->barrier_easing, sizeof eb);
#pragma omp simd
    for (int i = 0; i < whole; i++) {
        const float here = i < count ? 1.0f : 0.0f;
        n0[i] = eased(n0[i], here * en[0]);
        n1[i] = eased(n1[i], here * en[1]);
        n2[i] = eased(n2[i], here * en[2]);
        n3[i] = eased(n3[i], here * en[3]);
        n4[i] = eased(n4[i], here * en[4]);
        b0[i] = eased(b0[i], here * eb[0]);
        b1[i] = eased(b1[i], here * eb[1]);
        b2[i] = eased(b2[i], here * eb[2]);
        b3[i] = eased(b3[i], here * eb[3]);
        b4[i] = eased(b4[i], here * eb[4]);
        b5[i] = eased(b5[i], here * eb[5]);
    }
}

void life_step(struct site *site)
{
    apply_events(site, site_list_flagged(site, flag_events(site)));
    life_ease(site->coefficients, &site->patients, 0, (int)site->offered);
}
