/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_MECHANISMS_MEETING_FIXTURE_H
#define BUYIN_TESTS_MECHANISMS_MEETING_FIXTURE_H

#include "base/checks.h"
#include "mechanisms/session.h"
#include "parameters/table.h"

/* The numbers of a patient that mechanisms read, and those that they change. */
#define MEETING_NUMBERS(EACH)                                                                      \
    EACH(rapport)                                                                                  \
    EACH(trust)                                                                                    \
    EACH(hope)                                                                                     \
    EACH(stress)                                                                                   \
    EACH(confidence)                                                                               \
    EACH(isolation)                                                                                \
    EACH(clarity) EACH(motivation) EACH(coping) EACH(enjoyment) EACH(uncertainty) EACH(capacity)
#define CHANGE_NUMBERS(EACH)                                                                       \
    EACH(trust)                                                                                    \
    EACH(hope)                                                                                     \
    EACH(stress)                                                                                   \
    EACH(confidence)                                                                               \
    EACH(isolation)                                                                                \
    EACH(clarity)                                                                                  \
    EACH(motivation) EACH(coping) EACH(enjoyment) EACH(uncertainty) EACH(need_financial)

/** A meeting put together by hand: one patient's values and one link worker's skills. */
struct meeting_fixture {
    struct parameters parameters;
    struct coefficients coefficients;
    struct link_worker worker;
    struct {
        float quality, input, need[NEED_COUNT], barrier[BARRIER_COUNT];
        float rapport, trust, hope, stress, confidence, isolation, clarity, motivation, coping;
        float enjoyment, uncertainty, capacity;
        int largest;
        struct {
            float advocacy, arranged, goal;
        } draws;
    } meeting;
};

/** What a mechanism changes in it. */
struct one_change {
    float trust, hope, stress, confidence, isolation, clarity, motivation, coping, enjoyment;
    float uncertainty, need_financial, barrier[BARRIER_COUNT];
    bool arranged_consultation, goal_met;
};

static inline void meeting_start(struct meeting_fixture *f)
{
    *f = (struct meeting_fixture){.worker = {.listening = 0.8f,
                                             .informality = 0.5f,
                                             .directiveness = 0.4f,
                                             .tailoring = 0.7f,
                                             .goal_setting = 0.6f,
                                             .advocacy = 0.5f,
                                             .knowledge = {0.2f, 0.3f, 0.4f, 0.5f, 0.6f},
                                             .burnout = 0.25f},
                                  .meeting = {.quality = 0.9f,
                                              .input = 0.6f,
                                              .rapport = 0.5f,
                                              .trust = 0.4f,
                                              .hope = 0.3f,
                                              .stress = 0.7f,
                                              .confidence = 0.35f,
                                              .isolation = 0.55f,
                                              .clarity = 0.45f,
                                              .motivation = 0.25f,
                                              .coping = 0.15f,
                                              .enjoyment = 0.2f,
                                              .uncertainty = 0.65f,
                                              .capacity = 0.5f,
                                              .need = {0.1f, 0.2f, 0.3f, 0.9f, 0.5f},
                                              .barrier = {0.4f, 0.5f, 0.6f, 0.7f, 0.3f, 0.8f},
                                              .largest = NEED_RELATIONSHIPS,
                                              .draws = {0.99f, 0.99f, 0.99f}}};
    parameters_default(&f->parameters);
}

/* The meeting as one of many; the others' numbers are scaled. */
static inline void meeting_put(struct meetings *m, int lane, const struct meeting_fixture *f,
                               float scale)
{
#define PUT(name) m->name[lane] = scale * f->meeting.name;
    MEETING_NUMBERS(PUT)
#undef PUT
    for (int d = 0; d < NEED_COUNT; d++) {
        m->need[d][lane] = scale * f->meeting.need[d];
    }
    for (int b = 0; b < BARRIER_COUNT; b++) {
        m->barrier[b][lane] = scale * f->meeting.barrier[b];
    }
    m->knowledge[lane] = f->worker.knowledge[f->meeting.largest];
    m->u_advocacy[lane] = f->meeting.draws.advocacy;
    m->u_arranged[lane] = f->meeting.draws.arranged;
    m->u_goal[lane] = f->meeting.draws.goal;
}

typedef void (*effects_function)(const struct meetings *meetings, struct changes *changes);

/** What a mechanism changes, at the parameters as they are; other meetings go on beside it. */
static inline struct one_change changes_of(struct meeting_fixture *f, effects_function effects)
{
    enum { COUNT = 19, LANE = 17 };
    struct meetings m = {.coefficients = &f->coefficients,
                         .worker = &f->worker,
                         .quality = f->meeting.quality,
                         .input = f->meeting.input,
                         .count = COUNT};
    struct changes changes = {0};
    struct one_change change;
    coefficients_compute(&f->coefficients, &f->parameters);
    for (int lane = 0; lane < MEETINGS; lane++) {
        meeting_put(&m, lane, f, lane == LANE ? 1.0f : 0.5f + 0.01f * (float)lane);
    }
    effects(&m, &changes);
#define TAKE(name) change.name = changes.name[LANE];
    CHANGE_NUMBERS(TAKE)
#undef TAKE
    for (int b = 0; b < BARRIER_COUNT; b++) {
        change.barrier[b] = changes.barrier[b][LANE];
    }
    change.arranged_consultation = changes.arranged_consultation[LANE] != 0;
    change.goal_met = changes.goal_met[LANE] != 0;
    return change;
}

/** What it changes at this strength. */
static inline struct one_change changes_at(struct meeting_fixture *f, effects_function effects,
                                           double *strength, double value)
{
    const double before = *strength;
    *strength = value;
    const struct one_change change = changes_of(f, effects);
    *strength = before;
    return change;
}

/** All changes as one list, to say that nothing else has moved. */
static inline double total_change(const struct one_change *c)
{
    double sum = 0.0;
#define ADD(name) sum += fabs((double)c->name);
    CHANGE_NUMBERS(ADD)
#undef ADD
    for (int b = 0; b < BARRIER_COUNT; b++) {
        sum += fabs((double)c->barrier[b]);
    }
    return sum;
}

#endif
