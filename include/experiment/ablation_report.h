/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_ABLATION_REPORT_H
#define BUYIN_EXPERIMENT_ABLATION_REPORT_H

#include "experiment/ablation.h"

#include <stdio.h>

/** Prints the effects with their intervals and verdicts, then, where they were asked for, dose and
 *  response, the largest interactions and the shares of the total effect.
 */
void ablation_print(FILE *stream, const struct ablation *ablation);

/** Everything as one tidy table; the column `kind` tells what a line is:
 *
 *    mechanism, outcome, headline    effect of the configuration on that outcome
 *    dose_mechanism, dose_outcome    the same at a strength, minus at strength 0
 *    interaction                     of two configurations, each pair once
 *    share, total                    Shapley share; total effect of all configurations together
 */
void ablation_print_csv(FILE *stream, const struct ablation *ablation);

/** Draws the effects on the declared outcomes as an SVG, each as a share of the outcome's value in
 * the full model, so that rows of different units stand on one scale.
 */
void ablation_draw(FILE *stream, const struct ablation *ablation, const char *title);

/** Writes a results file with the outcomes of the full model and of each row off, and the group
 *  /theory (sim/experiment/ablation_file.c). Fails: ERROR_INPUT (path), ERROR_FILE, ERROR_MEMORY.
 */
int ablation_write(const struct ablation *ablation, const char *path, bool force,
                   const char *command, int threads);

#endif
