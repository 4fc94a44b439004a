/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_RESULTS_SIZE_H
#define BUYIN_RUN_RESULTS_SIZE_H

#include "parameters/configuration.h"

#include <stdbool.h>

struct results_prediction {
    double bytes;  /* of the results file */
    bool is_rough; /* sites tried with fewer people, or many more replicates than were tried */
};

/** Predicts the results file of a run from a sample of it, which takes a second or two.
 *
 *  `patients` is a guess how many will be offered a referral at a site.
 *  Fails like results_writer_open and ensemble_run.
 */
int results_size_predict(const struct configuration *configuration, double patients, int threads,
                         struct results_prediction *prediction);

#endif
