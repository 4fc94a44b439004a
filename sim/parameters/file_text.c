/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/file_text.h"

#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CHUNK_SIZE = 65536, FILE_SIZE_MAX = 256 * 1024 * 1024 };

static int read_stream(FILE *stream, const char *path, char **text, size_t *length)
{
    int status = 0;
    size_t size = 0;
    char *bytes = NULL;
    *length = 0;
    for (;;) {
        if (size - *length < CHUNK_SIZE + 1) {
            size += size / 2 + CHUNK_SIZE + 1;
            char *grown = realloc(bytes, size);
            if (grown == NULL) {
                FAIL(ERROR_MEMORY, "%s: no memory for %zu bytes", path, size);
            }
            bytes = grown;
        }
        size_t got = fread(bytes + *length, 1, CHUNK_SIZE, stream);
        *length += got;
        if (got == 0) {
            break;
        }
        if (*length > FILE_SIZE_MAX) {
            FAIL(ERROR_INPUT, "%s: is larger than %d bytes", path, FILE_SIZE_MAX);
        }
    }
    if (ferror(stream)) {
        FAIL(ERROR_FILE, "%s: cannot be read: %s", path, strerror(errno));
    }
    bytes[*length] = '\0';
    if (memchr(bytes, '\0', *length) != NULL) {
        FAIL(ERROR_INPUT, "%s: is not a text: it holds a zero byte", path);
    }
    *text = bytes;
    bytes = NULL;
out:
    free(bytes);
    return status;
}

int file_text_read(const char *path, char **text, size_t *length)
{
    int status = 0;
    struct stat information;
    FILE *stream = fopen(path, "rb");
    *text = NULL;
    if (stream == NULL) {
        FAIL(ERROR_FILE, "%s: cannot be opened: %s", path, strerror(errno));
    }
    if (fstat(fileno(stream), &information) == 0 && S_ISDIR(information.st_mode)) {
        FAIL(ERROR_FILE, "%s: is a directory, not a file", path);
    }
    TRY(read_stream(stream, path, text, length));
out:
    if (stream != NULL) {
        (void)fclose(stream);
    }
    return status;
}
