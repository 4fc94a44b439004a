/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_SCRATCH_FOLDER_H
#define BUYIN_TESTS_SCRATCH_FOLDER_H

/* A new folder that a test works in, and files in it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char scratch_folder[] = "/tmp/buyin_parameters_XXXXXX";

static inline int scratch_begin(void **state)
{
    (void)state;
    return mkdtemp(scratch_folder) == NULL || chdir(scratch_folder) != 0 ? -1 : 0;
}

static inline int scratch_end(void **state)
{
    (void)state;
    char command[128];
    (void)snprintf(command, sizeof command, "rm -r '%s'", scratch_folder);
    return chdir("/") != 0 || system(command) != 0 ? -1 : 0;
}

static inline void scratch_write(const char *name, const char *text)
{
    FILE *stream = fopen(name, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(text, 1, strlen(text), stream), strlen(text));
    assert_int_equal(fclose(stream), 0);
}

#endif
