/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_STORY_H
#define BUYIN_EXPERIMENT_STORY_H

#include "parameters/configuration.h"

#include <stdio.h>

/** Which patient: the columns replicate, site (counted from 0) and person of /cohort. */
struct story_address {
    size_t replicate, site;
    int person;
};

/** Simulates the patient's site anew and tells her weeks: a timeline on `stream` and, if `csv` is
 * not NULL, every week with all states as a table. Fails: ERROR_INPUT (no such patient),
 * ERROR_MEMORY.
 */
int story_tell(FILE *stream, FILE *csv, const struct configuration *configuration,
               const struct story_address *address);

#endif
