/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_THEORY_REPORT_H
#define BUYIN_EXPERIMENT_THEORY_REPORT_H

#include <stdio.h>

/** Prints the table of configurations: text, Markdown or JSON. */
void theory_print(FILE *stream);
void theory_print_markdown(FILE *stream);
void theory_print_json(FILE *stream);

#endif
