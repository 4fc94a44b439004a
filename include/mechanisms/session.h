/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_MECHANISMS_SESSION_H
#define BUYIN_MECHANISMS_SESSION_H

#include "base/numeric.h"
#include "state/site.h"

/** The draws of a session: a block of PURPOSE_SESSION and one of PURPOSE_SUGGESTION, at the person's
 *  number of sessions due before. */
struct session_draws {
    float attendance, advocacy, arranged, goal;
    uint32_t noise; /* a word, of which a normal draw is made */
    float asks, which, accepts;
};

static inline struct session_draws session_draws_of(const uint32_t session[4],
                                                    const uint32_t suggestion[4])
{
    return (struct session_draws){
        .attendance = random_unit(session[0]),
        .advocacy = random_unit(session[1]),
        .arranged = random_unit(session[2]),
        .goal = random_unit(session[3]),
        .noise = suggestion[0],
        .asks = random_unit(suggestion[1]),
        .which = random_unit(suggestion[2]),
        .accepts = random_unit(suggestion[3]),
    };
}

/** One session: who meets whom, and how the patient was when it began.
 *
 *  Every mechanism reads these values and adds its changes to `struct changes`; they are
 *  summed, applied together and clipped, so that the order of mechanisms is without effect.
 */
struct meeting {
    const struct parameters *parameters;
    const struct coefficients *coefficients;
    const struct link_worker *worker;
    float quality; /* q */
    float input;   /* x, interpersonal input */
    /* the patient before the session */
    float rapport, trust, hope, stress, confidence, isolation, clarity, motivation, coping;
    float enjoyment, uncertainty, capacity;
    float need[NEED_COUNT], barrier[BARRIER_COUNT];
    int largest; /* domain of the largest need */
    struct session_draws draws;
};

struct changes {
    float trust, hope, stress, confidence, isolation, clarity, motivation, coping, enjoyment;
    float uncertainty;
    float need_financial;
    float barrier[BARRIER_COUNT];
    bool arranged_consultation, goal_met;
};

/** What `rise(x, a)` adds. */
static inline float gain(float x, float a)
{
    return clip01(a) * (1.0f - x);
}

/** What `fall(x, a)` takes away, as a negative number. */
static inline float loss(float x, float a)
{
    return -clip01(a) * x;
}

/** x = clip(i_1 [IS1] listening (1 - k_b burnout) q + i_2 [IS2] informality q). */
float interpersonal_input(const struct parameters *parameters, const struct link_worker *worker,
                          float quality);

void interpersonal_effects(const struct meeting *meeting, struct changes *changes);
void knowledge_effects(const struct meeting *meeting, struct changes *changes);
void anchor_effects(const struct meeting *meeting, struct changes *changes);
void readiness_effects(const struct meeting *meeting, struct changes *changes);

/** A session in the diary falls due for patient `i`: attended or missed, then booked anew. */
void session_hold(struct site *site, size_t i, int post, float minutes, float quality,
                  const struct session_draws *draws);

/** Closes a session with a suggestion, if there is one to make (page in suggestion.c). */
void suggestion_make(struct site *site, size_t i, const struct link_worker *worker,
                     const struct session_draws *draws);

/** What is left of barrier `k` of patient `i` at a service: transport scaled by its reach,
 *  language by what its language support leaves.
 */
float barrier_at_service(const struct patients *patients, const struct vcse_service *service, int k,
                         size_t i);

#endif
