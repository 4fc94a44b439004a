/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/csv.h"

#include <string.h>

void csv_text(FILE *stream, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        (void)fputs(text, stream);
        return;
    }
    (void)fputc('"', stream);
    for (const char *letter = text; *letter != '\0'; letter++) {
        if (*letter == '"') {
            (void)fputc('"', stream);
        }
        (void)fputc(*letter, stream);
    }
    (void)fputc('"', stream);
}
