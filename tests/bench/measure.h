/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_BENCH_MEASURE_H
#define BUYIN_TESTS_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

/** Taking times on a machine that others use too.
 *
 *  Every case is run once a round, all cases in turn, so that a slow minute meets all of them; a
 *  figure is the median over rounds, with the least and the most.  Wherever one thread is measured
 *  its CPU time counts, not the wall clock's: what other programs took is not ours.  How far the
 *  two are apart says how busy the machine was.
 */

enum { MOST_ROUNDS = 31, MOST_CASES = 128, MOST_FIGURES = 192, BENCH_NAME_SIZE = 64 };

struct bench;

/** Something whose time is taken. */
struct bench_case {
    char name[BENCH_NAME_SIZE];
    int (*run)(struct bench *bench, struct bench_case *self); /* once; sets work, may set times */
    void *context;                                            /* freed by bench_free */
    int number;                                               /* as `run` likes: threads, a size */
    int threads;                                              /* that it uses */
    int most_rounds;                                          /* 0: all */
    double work, more_work;                                   /* units of one repetition */
    int rounds;
    double wall[MOST_ROUNDS], cpu[MOST_ROUNDS]; /* seconds */
    double memory;                              /* of a child process, bytes */
    bool is_timed;                              /* by itself: a child process */
};

/** A number to report. */
struct figure {
    char name[BENCH_NAME_SIZE];
    const char *unit;
    char meaning[256];
    double median, least, most;
    double share;      /* of what the machine could do; 0: not known */
    const char *limit; /* what that is */
};

/** A part of the benchmark. */
struct bench_part {
    const char *name, *meaning;
    int (*add)(struct bench *bench);     /* its cases */
    void (*report)(struct bench *bench); /* its figures */
};

struct bench {
    int rounds, threads;
    bool quick;
    const char *folder; /* for files that are written */
    struct bench_case cases[MOST_CASES];
    size_t case_count;
    struct figure figures[MOST_FIGURES];
    size_t figure_count;
};

/** Seconds of the CPU that the calling thread has used. */
double thread_seconds(void);

/** Adds a case; the name is printf-like. There is room for MOST_CASES. */
struct bench_case *bench_add(struct bench *bench, int (*run)(struct bench *, struct bench_case *),
                             void *context, const char *name, ...)
    __attribute__((format(printf, 4, 5)));

/** Runs every case once, in order, and notes its times as those of `round`. */
int bench_round(struct bench *bench, int round);

/** The case of this name; NULL if its part was not chosen. */
struct bench_case *bench_find(struct bench *bench, const char *name, ...)
    __attribute__((format(printf, 2, 3)));

/** Seconds of a repetition: CPU time of one thread, else wall time. */
const double *case_seconds(const struct bench_case *c);

/** Median of `count` (at most MOST_ROUNDS) values. */
double median_of(const double *values, size_t count);

/** Reports values, one a round. */
struct figure *figure_add(struct bench *bench, const char *name, const char *unit,
                          const double *values, size_t count, const char *meaning);

/** Reports scale * work / seconds of a case. */
struct figure *figure_rate(struct bench *bench, const char *name, const char *unit, double scale,
                           const struct bench_case *c, double work, const char *meaning);

/** Reports scale * seconds / work of a case. */
struct figure *figure_time(struct bench *bench, const char *name, const char *unit, double scale,
                           const struct bench_case *c, double work, const char *meaning);

/** Reports scale * a / b round by round: seconds, of the clock that counts for each. */
struct figure *figure_ratio(struct bench *bench, const char *name, double scale,
                            const struct bench_case *a, const struct bench_case *b,
                            const char *meaning);

/** Says which share of what the machine could do a figure is; NaN and 0 are left out. */
void figure_share(struct figure *figure, double share, const char *limit);

/** The figure of this name; NULL if there is none. */
const struct figure *figure_find(const struct bench *bench, const char *name);

/** Median of a figure; 0 if there is none. */
double figure_value(const struct bench *bench, const char *name);

/** Wall over CPU seconds of one-threaded repetitions: median, and the most of any case's median. */
void bench_busy(const struct bench *bench, double *median, double *most);

void bench_free(struct bench *bench);

/* The parts, one or two a file. */
extern const struct bench_part part_limits, part_engaged, part_registered, part_pieces,
    part_threads, part_sweep, part_plain, part_scaling, part_output, part_startup, part_points,
    part_england, part_trajectories;

#endif
