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
 * draws   DRAW_LIFE_EVENT, DRAW_HEALTH_DECLINE; PURPOSE_LIFE_EVENT when one happens
 * units   probabilities per week
 * source  events.*: assumed; the paper's patients live with setbacks (context of readiness)
 */
#include "mechanisms/life.h"

#include "base/numeric.h"
#include "mechanisms/mechanisms.h"

void life_event_apply(const struct coefficients *c, struct random_stream *stream,
                      float *const need[NEED_COUNT], float *stress, size_t i)
{
    int domain = (int)(random_uniform(stream) * NEED_COUNT);
    const float blow = quantile_of_beta(&c->blow, random_bits(stream));
    need[domain][i] = rise(need[domain][i], blow);
    stress[i] = rise(stress[i], (float)c->parameters.events.life_event_stress);
}

VECTOR_LOOP
static int flag_events(struct site *site)
{
    const int n = (int)site->offered;
    const float hazard = (float)site->coefficients->parameters.events.life_event_hazard;
    const float *restrict decline = site->patients.health_decline;
    const float *restrict u_life = site->patients.draw[DRAW_LIFE_EVENT];
    const float *restrict u_health = site->patients.draw[DRAW_HEALTH_DECLINE];
    int32_t *restrict event = site->patients.event;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int i = 0; i < n; i++) {
        event[i] = (u_life[i] < hazard) | ((u_health[i] < decline[i]) << 1);
        any |= event[i];
    }
    return any;
}

static void apply_events(struct site *site)
{
    const struct coefficients *c = site->coefficients;
    struct patients *p = &site->patients;
    const float amount = (float)c->parameters.events.health_decline_amount;
    for (size_t i = next_flagged(p, 0, site->offered); i < site->offered;
         i = next_flagged(p, i + 1, site->offered)) {
        if (p->event[i] & 1) {
            struct random_stream stream = random_open(&site->key, (uint32_t)p->person[i],
                                                      (uint32_t)site->week, PURPOSE_LIFE_EVENT);
            life_event_apply(c, &stream, p->need, p->stress, i);
        }
        if (p->event[i] & 2) {
            p->barrier[BARRIER_HEALTH][i] = rise(p->barrier[BARRIER_HEALTH][i], amount);
        }
    }
}

VECTOR_LOOP
static void ease(float *restrict column, float easing, int n)
{
#pragma omp simd
    for (int i = 0; i < n; i++) {
        column[i] -= easing * column[i];
    }
}

void life_step(struct site *site)
{
    const struct coefficients *c = site->coefficients;
    if (flag_events(site) != 0) {
        apply_events(site);
    }
    for (int d = 0; d < NEED_COUNT; d++) {
        ease(site->patients.need[d], c->need_easing[d], (int)site->offered);
    }
    for (int k = 0; k < BARRIER_COUNT; k++) {
        ease(site->patients.barrier[k], c->barrier_easing[k], (int)site->offered);
    }
}
