/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_WORDS_H
#define BUYIN_BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/** Whether each word occurs in one of the texts at least, capital letters or not; no word at all occurs
 *  everywhere. Both lists end with NULL; words may itself be NULL.
 */
bool words_occur(const char *const *words, const char *const *texts);

/** The ending of a noun after a number: "" for one, otherwise "s". */
const char *plural(size_t count);

#endif
