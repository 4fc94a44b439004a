/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_THEORY_REPORT_H
#define BUYIN_EXPERIMENT_THEORY_REPORT_H

#include "experiment/ablation.h"

#include <stdio.h>

/** Prints the table of configurations: text, Markdown or JSON. */
void theory_print(FILE *stream);
void theory_print_markdown(FILE *stream);
void theory_print_json(FILE *stream);

/** Prints the effects with their intervals and verdicts. */
void ablation_print(FILE *stream, const struct ablation *ablation);
void ablation_print_csv(FILE *stream, const struct ablation *ablation);

/** Draws the effects on the declared outcomes as an SVG, each as a share of the outcome's value in
 * the full model, so that rows of different units stand on one scale.
 */
void ablation_draw(FILE *stream, const struct ablation *ablation, const char *title);

/** Writes a results file with all scenarios' outcomes and the group /theory. */
int ablation_write(const struct ablation *ablation, const char *path, bool force,
                   const char *command, int threads);

#endif
