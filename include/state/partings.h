/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_STATE_PARTINGS_H
#define BUYIN_STATE_PARTINGS_H

#include "state/patients.h"

/** Where the lives with and without link workers part.
 *
 *  Up to the first opening contact no link worker has met the patient, and nothing that link workers
 *  do reaches her: her life is the same in the paired run without them, draw for draw. What she is at
 *  that moment is kept, and the paired run (run/counterfactual.h) goes on from there; those who never
 *  come to one live the same life in both. Beside traits and states this is what the steps of the
 *  paired run read and add to; tests/run/test_counterfactual.c finds what is forgotten.
 */
struct parting {
    int32_t row, week;
    int32_t status_week, contact_week;
    int32_t consultations, consultations_from_offer;
    float wellbeing_sum, wellbeing_discounted;
    struct patient person;
};

/** Of a site, in the order in which they happen. */
struct partings {
    size_t count;
    struct parting *list; /* room for every patient; NULL: none are kept */
};

/** Room for `count` partings. Fails: ERROR_MEMORY. */
int partings_init(struct partings *partings, struct arena *arena, size_t count);

/** Keeps what patient `i` is now, if partings are kept. */
void parting_note(struct partings *partings, const struct patients *patients, size_t i, int week);

/** Makes row `to` the patient of the parting. */
void parting_resume(const struct parting *parting, struct patients *patients, size_t to);

#endif
