/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/measure.h"

#include "base/error.h"
#include "base/progress.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds_of(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double thread_seconds(void)
{
    return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

struct bench_case *bench_add(struct bench *bench, int (*run)(struct bench *, struct bench_case *),
                             void *context, const char *name, ...)
{
    if (bench->case_count == MOST_CASES) {
        abort(); /* a defect of the benchmark: its cases are known beforehand */
    }
    struct bench_case *c = &bench->cases[bench->case_count++];
    *c = (struct bench_case){.run = run, .context = context, .threads = 1};
    va_list arguments;
    va_start(arguments, name);
    (void)vsnprintf(c->name, sizeof c->name, name, arguments);
    va_end(arguments);
    return c;
}

int bench_round(struct bench *bench, int round)
{
    int status = 0;
    for (size_t i = 0; i < bench->case_count; i++) {
        struct bench_case *c = &bench->cases[i];
        if (c->most_rounds > 0 && round >= c->most_rounds) {
            continue;
        }
        const clockid_t clock =
            c->threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_PROCESS_CPUTIME_ID;
        const double cpu = seconds_of(clock), wall = clock_seconds();
        TRY(c->run(bench, c));
        if (!c->is_timed) {
            c->wall[round] = clock_seconds() - wall;
            c->cpu[round] = seconds_of(clock) - cpu;
        }
        c->rounds = round + 1;
    }
out:
    return status;
}

struct bench_case *bench_find(struct bench *bench, const char *name, ...)
{
    char wanted[BENCH_NAME_SIZE];
    va_list arguments;
    va_start(arguments, name);
    (void)vsnprintf(wanted, sizeof wanted, name, arguments);
    va_end(arguments);
    for (size_t i = 0; i < bench->case_count; i++) {
        if (strcmp(bench->cases[i].name, wanted) == 0) {
            return &bench->cases[i];
        }
    }
    return NULL;
}

const double *case_seconds(const struct bench_case *c)
{
    return c->threads == 1 ? c->cpu : c->wall;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double median_of(const double *values, size_t count)
{
    double sorted[MOST_CASES];
    if (count == 0 || count > MOST_CASES) {
        return NAN;
    }
    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare);
    return 0.5 * (sorted[(count - 1) / 2] + sorted[count / 2]);
}

struct figure *figure_add(struct bench *bench, const char *name, const char *unit,
                          const double *values, size_t count, const char *meaning)
{
    if (bench->figure_count == MOST_FIGURES) {
        abort(); /* as above */
    }
    struct figure *figure = &bench->figures[bench->figure_count++];
    *figure = (struct figure){.unit = unit, .median = median_of(values, count)};
    (void)snprintf(figure->name, sizeof figure->name, "%s", name);
    (void)snprintf(figure->meaning, sizeof figure->meaning, "%s", meaning);
    figure->least = figure->most = values[0];
    for (size_t i = 1; i < count; i++) {
        figure->least = fmin(figure->least, values[i]);
        figure->most = fmax(figure->most, values[i]);
    }
    return figure;
}

struct figure *figure_rate(struct bench *bench, const char *name, const char *unit, double scale,
                           const struct bench_case *c, double work, const char *meaning)
{
    double values[MOST_ROUNDS];
    for (int r = 0; r < c->rounds; r++) {
        values[r] = scale * work / case_seconds(c)[r];
    }
    return figure_add(bench, name, unit, values, (size_t)c->rounds, meaning);
}

struct figure *figure_time(struct bench *bench, const char *name, const char *unit, double scale,
                           const struct bench_case *c, double work, const char *meaning)
{
    double values[MOST_ROUNDS];
    for (int r = 0; r < c->rounds; r++) {
        values[r] = scale * case_seconds(c)[r] / work;
    }
    return figure_add(bench, name, unit, values, (size_t)c->rounds, meaning);
}

struct figure *figure_ratio(struct bench *bench, const char *name, double scale,
                            const struct bench_case *a, const struct bench_case *b,
                            const char *meaning)
{
    double values[MOST_ROUNDS];
    const int rounds = a->rounds < b->rounds ? a->rounds : b->rounds;
    for (int r = 0; r < rounds; r++) {
        values[r] = scale * case_seconds(a)[r] / case_seconds(b)[r];
    }
    return figure_add(bench, name, "times", values, (size_t)rounds, meaning);
}

void figure_share(struct figure *figure, double share, const char *limit)
{
    if (share > 0.0 && isfinite(share)) {
        figure->share = share;
        figure->limit = limit;
    }
}

const struct figure *figure_find(const struct bench *bench, const char *name)
{
    for (size_t i = 0; i < bench->figure_count; i++) {
        if (strcmp(bench->figures[i].name, name) == 0) {
            return &bench->figures[i];
        }
    }
    return NULL;
}

double figure_value(const struct bench *bench, const char *name)
{
    const struct figure *figure = figure_find(bench, name);
    return figure != NULL ? figure->median : 0.0;
}

void bench_busy(const struct bench *bench, double *median, double *most)
{
    double ratios[MOST_CASES];
    size_t count = 0;
    *most = 0.0;
    for (size_t i = 0; i < bench->case_count; i++) {
        const struct bench_case *c = &bench->cases[i];
        double rounds[MOST_ROUNDS];
        for (int r = 0; r < c->rounds; r++) {
            rounds[r] = c->wall[r] / c->cpu[r];
        }
        if (c->threads == 1 && !c->is_timed && c->rounds > 0) {
            ratios[count] = median_of(rounds, (size_t)c->rounds);
            *most = fmax(*most, ratios[count]);
            count++;
        }
    }
    *median = median_of(ratios, count);
}

void bench_free(struct bench *bench)
{
    for (size_t i = 0; i < bench->case_count; i++) {
        free(bench->cases[i].context);
    }
}
