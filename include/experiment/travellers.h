/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_TRAVELLERS_H
#define BUYIN_EXPERIMENT_TRAVELLERS_H

#include "experiment/rerun.h"

#include <stdio.h>

/** Who travels which pathway, and why people did not connect: the study's question for future
 * research. Shares are of those who took up; intervals are over replicates.
 */

/** Shares of the pathways by group and by combinations of two barriers or traits. */
int travellers_print_shares(FILE *stream, const struct people *people);

/** Why those who took up did not connect through the link worker, by group. */
int travellers_print_reasons(FILE *stream, const struct people *people);

/** Odds ratios of b, c, own support and dropping out against a, by woman, age, deprivation and
 * barriers: a multinomial logistic regression in each replicate, log odds ratios averaged over
 * replicates.
 */
int travellers_print_regression(FILE *stream, const struct people *people);

/** The people as a table, so that any other program can do the regression: one row a person who
 * took up. */
void travellers_print_csv(FILE *stream, const struct people *people);

#endif
