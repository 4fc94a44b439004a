/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/external.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

/* Whether a name may be looked for: letters, digits and hyphens only. */
static int is_plain(const char *name)
{
    const size_t length = strlen(name);
    return length > 0 && length < 64 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

void external_start(const char *name, int argc, char **argv)
{
    static const char *const places[] = {"", "../libexec/buyin/", "../scripts/"};
    char program[PATH_SIZE / 2], path[PATH_SIZE];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    char **arguments = calloc((size_t)argc + 1, sizeof *arguments);
    if (!is_plain(name) || arguments == NULL) {
        free(arguments);
        return;
    }
    memcpy(arguments, argv, (size_t)argc * sizeof *arguments);
    for (size_t i = 0; length > 0 && i < sizeof places / sizeof places[0]; i++) {
        program[length] = '\0';
        (void)setenv("BUYIN_PROGRAM", program, 1);
        const char *slash = strrchr(program, '/');
        (void)snprintf(path, sizeof path, "%.*s/%sbuyin-%s", (int)(slash - program), program,
                       places[i], name);
        (void)execv(path, arguments);
    }
    (void)snprintf(path, sizeof path, "buyin-%s", name);
    (void)execvp(path, arguments);
    free(arguments);
}
