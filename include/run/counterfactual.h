/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_COUNTERFACTUAL_H
#define BUYIN_RUN_COUNTERFACTUAL_H

#include "observe/counterfactual.h"
#include "observe/recorder.h"
#include "run/timeline.h"

/** Lives the weeks of a finished site again, without link workers.
 *
 *  `site` kept its partings; `coefficients` are those before any intervention. Everything lives in
 *  `arena`. Fails: ERROR_MEMORY.
 */
int counterfactual_live(struct counterfactual *without, struct arena *arena,
                        const struct site *site, const struct recorder *recorder,
                        const struct timeline *timeline, const struct configuration *configuration,
                        const struct coefficients *coefficients);

#endif
