/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_MECHANISMS_CONSULTATION_H
#define BUYIN_MECHANISMS_CONSULTATION_H

#include "base/numeric.h"
#include "state/site.h"

/** Weekly probability of consulting a GP at a yearly rate (page in consultation.c). */
static inline float consultation_probability(float rate, float stress_effect, float stress,
                                             float substituted)
{
    const float yearly =
        rate * exponential(stress_effect * (stress - 0.3f)) * clip01(1.0f - substituted);
    return 1.0f - exponential(yearly * (-1.0f / 52.0f));
}

/** After the last week: the counts of years that the run ends within. */
void consultation_complete(struct site *site);

#endif
