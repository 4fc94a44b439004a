/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_COUNTERFACTUAL_H
#define BUYIN_RUN_COUNTERFACTUAL_H

#include "observe/counterfactual.h"
#include "observe/recorder.h"
#include "run/timeline.h"

/** A finished run with link workers, which kept its partings. */
struct run_with {
    const struct site *site;
    const struct recorder *recorder;
    const struct timeline *timeline;
    const struct configuration *configuration;
    const struct coefficients *coefficients; /* before any intervention */
    bool verify;                             /* check the laws after every week */
};

/** Lives on from the partings of a run to its end, without link workers. Everything lives in `arena`.
 *  Fails: ERROR_MEMORY, ERROR_MODEL.
 */
int counterfactual_live(struct counterfactual *without, struct arena *arena,
                        const struct run_with *run);

#endif
