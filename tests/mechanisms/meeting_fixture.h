/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_MECHANISMS_MEETING_FIXTURE_H
#define BUYIN_TESTS_MECHANISMS_MEETING_FIXTURE_H

#include "base/checks.h"
#include "mechanisms/session.h"
#include "parameters/table.h"

/** A meeting put together by hand: one patient's values and one link worker's skills. */
struct meeting_fixture {
    struct parameters parameters;
    struct coefficients coefficients;
    struct link_worker worker;
    struct meeting meeting;
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
                                             .burnout = 0.25f}};
    parameters_default(&f->parameters);
    f->meeting = (struct meeting){.parameters = &f->parameters,
                                  .coefficients = &f->coefficients,
                                  .worker = &f->worker,
                                  .quality = 0.9f,
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
                                  .draws = {.advocacy = 0.99f, .arranged = 0.99f, .goal = 0.99f}};
}

typedef void (*effects_function)(const struct meeting *meeting, struct changes *changes);

/** What a mechanism changes at this strength. */
static inline struct changes changes_at(struct meeting_fixture *f, effects_function effects,
                                        double *strength, double value)
{
    struct changes changes = {0};
    const double before = *strength;
    *strength = value;
    coefficients_compute(&f->coefficients, &f->parameters);
    effects(&f->meeting, &changes);
    *strength = before;
    return changes;
}

/** All changes as one list, to say that nothing else has moved. */
static inline double total_change(const struct changes *c)
{
    double sum = fabs((double)c->trust) + fabs((double)c->hope) + fabs((double)c->stress) +
                 fabs((double)c->confidence) + fabs((double)c->isolation) +
                 fabs((double)c->clarity) + fabs((double)c->motivation) + fabs((double)c->coping) +
                 fabs((double)c->enjoyment) + fabs((double)c->uncertainty) +
                 fabs((double)c->need_financial);
    for (int b = 0; b < BARRIER_COUNT; b++) {
        sum += fabs((double)c->barrier[b]);
    }
    return sum;
}

#endif
