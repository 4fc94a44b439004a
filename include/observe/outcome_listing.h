/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_OBSERVE_OUTCOME_LISTING_H
#define BUYIN_OBSERVE_OUTCOME_LISTING_H

#include "observe/outcomes.h"
#include "parameters/listing.h"

#include <stdio.h>

/** Prints outcomes: name, unit, definition; table, JSON or Markdown.
 *
 *  words  ends with NULL, or is NULL: only outcomes in which every word occurs, capital letters or not, be it
 *         in the name, unit or definition
 *
 *  Fails: ERROR_INPUT (no outcome has these words; YAML), ERROR_FILE.
 */
int outcome_list_print(FILE *stream, enum listing_format format, const struct outcome_list *list,
                       const char *const *words);

#endif
