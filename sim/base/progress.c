/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

double clock_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void progress_begin(struct progress *progress, const char *task, size_t total, bool is_quiet)
{
    const double now = clock_seconds();
    *progress = (struct progress){.task = task,
                                  .total = total,
                                  .started = now,
                                  .reported = now,
                                  .is_quiet = is_quiet,
                                  .is_terminal = isatty(STDERR_FILENO) != 0};
}

void progress_show(struct progress *progress, size_t done, double units, const char *unit)
{
    const double now = clock_seconds(), elapsed = now - progress->started;
    const double pause = progress->is_terminal ? 0.2 : 10.0;
    if (progress->is_quiet || now - progress->reported < pause || done == 0) {
        return;
    }
    progress->reported = now;
    progress->was_shown = true;
    const double left = elapsed * (double)(progress->total - done) / (double)done;
    (void)fprintf(stderr, "%s%s: %zu of %zu (%.0f %%), %.3g %s/s, %.0f s left%s",
                  progress->is_terminal ? "\r\033[K" : "", progress->task, done, progress->total,
                  100.0 * (double)done / (double)progress->total, units / elapsed, unit, left,
                  progress->is_terminal ? "" : "\n");
    (void)fflush(stderr);
}

double progress_end(struct progress *progress)
{
    if (progress->was_shown && progress->is_terminal) {
        (void)fputs("\r\033[K", stderr);
    }
    return clock_seconds() - progress->started;
}
