/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_PARAMETERS_FILE_TEXT_H
#define BUYIN_PARAMETERS_FILE_TEXT_H

#include <stddef.h>

/** Reads a whole text file into memory, with a closing zero byte. The caller frees `*text`.
 *  Fails with ERROR_FILE if it cannot be read, ERROR_INPUT if it is not a text: `path: rule`.
 */
int file_text_read(const char *path, char **text, size_t *length);

#endif
