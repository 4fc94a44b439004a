/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_PROGRESS_H
#define BUYIN_BASE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/** How far a long task is: one line that renews itself on a terminal, a line now and then
 * elsewhere. */
struct progress {
    const char *task;
    size_t total;
    double started, reported; /* seconds of the monotonic clock */
    bool is_quiet, is_terminal, was_shown;
};

/** Seconds of a clock that only goes forward. */
double clock_seconds(void);

void progress_begin(struct progress *progress, const char *task, size_t total, bool is_quiet);

/** Shows `done` of the total with what it is a rate of, on standard error. */
void progress_show(struct progress *progress, size_t done, double units, const char *unit);

/** Clears the line; returns the seconds since progress_begin. */
double progress_end(struct progress *progress);

#endif
