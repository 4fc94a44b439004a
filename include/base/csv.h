/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_CSV_H
#define BUYIN_BASE_CSV_H

#include <stdio.h>

/** Writes a text as a cell of a CSV file, in quotes where it holds a comma, a quote or a line break
 *  (RFC 4180).
 */
void csv_text(FILE *stream, const char *text);

#endif
