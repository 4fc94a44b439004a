/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_MECHANISMS_HAND_MODEL_H
#define BUYIN_TESTS_MECHANISMS_HAND_MODEL_H

#include "state/site.h"

/** The calculation for one patient and one link worker, in double precision.
 *
 *  Written from the text of the model, not from the mechanisms: plain sums, one variable a line.
 *  What is drawn at random in the model is told to it (was there advocacy, was a goal met).
 */
struct hand_person {
    double trust, hope, stress, confidence, isolation, clarity, motivation, coping, ties;
    double enjoyment, uncertainty;
    double need[NEED_COUNT], barrier[BARRIER_COUNT];
    double hope0, confidence0, clarity0, coping0, ties0; /* baselines */
    double rapport;
};

struct hand_draws {
    bool advocates, arranges, meets_goal;
};

/** The patient as the engine has her. */
struct hand_person hand_copy(const struct patients *patients, size_t i);

/** Every variable within `tolerance` of the engine's. */
void hand_compare(const struct hand_person *person, const struct patients *patients, size_t i,
                  double tolerance);

double hand_severity(const struct parameters *k, const struct hand_person *person);
double hand_capacity(const struct parameters *k, const struct hand_person *person);
double hand_readiness(const struct parameters *k, const struct hand_person *person);
double hand_attendance_barriers(const struct hand_person *person);

/** x: what the patient feels of the link worker's skills. */
double hand_input(const struct parameters *k, const struct link_worker *worker, double quality);

/** Section 5.5 of the model without the suggestion. */
void hand_session(const struct parameters *k, struct hand_person *person,
                  const struct link_worker *worker, double quality, struct hand_draws draws);

/** Section 5.7 for someone without support; `reliability` 0 off the books. */
void hand_between(const struct parameters *k, struct hand_person *person, double reliability,
                  int weeks_since_contact);

/** Section 5.1 without events: needs and barriers ease. */
void hand_ease(const struct parameters *k, struct hand_person *person);

double hand_logistic(double x);

#endif
