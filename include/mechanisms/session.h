/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_MECHANISMS_SESSION_H
#define BUYIN_MECHANISMS_SESSION_H

#include "base/numeric.h"
#include "state/site.h"

/** Sessions of one link worker in a week, as many at a time as draws are made together. */
enum { MEETINGS = RANDOM_LANES };

/** A number of each of them. */
typedef float each_meeting[MEETINGS];

/** Who meets whom, and how the patients were when it began.
 *
 *  Every mechanism reads these values and adds its changes to `struct changes`; they are
 *  summed, applied together and clipped, so that the order of mechanisms is without effect.
 *  Mechanisms run over whole vectors of meetings; those from `count` on are nobody's business.
 */
struct meetings {
    const struct coefficients *coefficients;
    const struct link_worker *worker;
    float quality; /* q */
    float input;   /* x, interpersonal input */
    int count;
    /* the patients before the session */
    each_meeting rapport, trust, hope, stress, confidence, isolation, clarity, motivation, coping;
    each_meeting enjoyment, uncertainty, need[NEED_COUNT], barrier[BARRIER_COUNT];
    each_meeting capacity;
    each_meeting knowledge; /* the link worker's, of the domain of the largest need */
    /* what is drawn: PURPOSE_SESSION at the person's number of sessions due before */
    each_meeting u_attendance, u_advocacy, u_arranged, u_goal;
};

struct changes {
    each_meeting trust, hope, stress, confidence, isolation, clarity, motivation, coping, enjoyment;
    each_meeting uncertainty, need_financial, barrier[BARRIER_COUNT];
    int32_t arranged_consultation[MEETINGS], goal_met[MEETINGS]; /* 0 or 1 */
};

/** The draws of a suggestion: a block of PURPOSE_SUGGESTION at the same address. */
struct suggestion_draws {
    uint32_t noise; /* a word, of which a normal draw is made */
    float asks, which, accepts;
};

static inline struct suggestion_draws suggestion_draws_of(random_words words, int lane)
{
    return (struct suggestion_draws){.noise = words[0][lane],
                                     .asks = random_unit(words[1][lane]),
                                     .which = random_unit(words[2][lane]),
                                     .accepts = random_unit(words[3][lane])};
}

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

void interpersonal_effects(const struct meetings *meetings, struct changes *changes);
void knowledge_effects(const struct meetings *meetings, struct changes *changes);
void anchor_effects(const struct meetings *meetings, struct changes *changes);
void readiness_effects(const struct meetings *meetings, struct changes *changes);

/** Sessions in the diary of `post` fall due for the patients of `count` (at most MEETINGS) different
 *  rows: attended or missed, then booked anew. */
void sessions_hold(struct site *site, int post, const int32_t *rows, int count, float minutes,
                   float quality);

/** Closes a session with a suggestion, if there is one to make (page in suggestion.c). */
void suggestion_make(struct site *site, size_t i, const struct link_worker *worker,
                     const struct suggestion_draws *draws);

/** What is left of barrier `k` of patient `i` at a service: transport scaled by its reach,
 *  language by what its language support leaves.
 */
float barrier_at_service(const struct patients *patients, const struct vcse_service *service, int k,
                         size_t i);

#endif
