/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/unfinished.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MOST_FILES = 8, PATH_SIZE = 4096 };

/* Read by a signal handler: a path is complete before it counts. */
static char paths[MOST_FILES][PATH_SIZE];
static volatile sig_atomic_t counts[MOST_FILES];
static bool has_terminal;

void unfinished_begin(const char *path)
{
    for (size_t i = 0; i < MOST_FILES && strlen(path) < PATH_SIZE; i++) {
        if (counts[i] == 0) {
            (void)snprintf(paths[i], PATH_SIZE, "%s", path);
            counts[i] = 1;
            return;
        }
    }
}

void unfinished_end(const char *path)
{
    for (size_t i = 0; i < MOST_FILES; i++) {
        if (counts[i] != 0 && strcmp(paths[i], path) == 0) {
            counts[i] = 0;
        }
    }
}

/* Appends words as far as there is room; like all below, safe within a signal handler. */
static size_t append(char *line, size_t size, size_t used, const char *words)
{
    while (*words != '\0' && used < size) {
        line[used++] = *words++;
    }
    return used;
}

/* Removes first: nobody may be listening. */
static void clear_away(int signal_number)
{
    static char line[MOST_FILES * (PATH_SIZE + 32)];
    size_t used = append(line, sizeof line, 0, has_terminal ? "\n" : "");
    used = append(line, sizeof line, used, "buyin: interrupted");
    for (size_t i = 0; i < MOST_FILES; i++) {
        if (counts[i] != 0 && unlink(paths[i]) == 0) {
            used = append(line, sizeof line, used, "; removed the unfinished ");
            used = append(line, sizeof line, used, paths[i]);
        }
    }
    used = append(line, sizeof line, used, "\n");
    const ssize_t written = write(STDERR_FILENO, line, used);
    (void)written;
    (void)signal(signal_number, SIG_DFL);
    (void)raise(signal_number);
}

void unfinished_watch(void)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
    const struct sigaction act = {.sa_handler = clear_away};
    has_terminal = isatty(STDERR_FILENO) != 0;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct sigaction now;
        if (sigaction(ends[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN) {
            (void)sigaction(ends[i], &act, NULL);
        }
    }
}
