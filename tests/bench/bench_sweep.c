/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a sweep of many small scenarios loses against one large run
 *
 *   bench_sweep [THREADS]
 *
 * The same pieces twice: as 1,000 points of a sweep with 2 replicates of one site each, and as one run
 * of 2,000 replicates. The points differ in prices only, which change no patient's life, so the work
 * of a piece is the same. The sweep's time has everything in it that `buyin sweep` does: making the
 * points, running them, the results file and what is printed; the run's, the pieces and their outcomes.
 * What --csv would add (850 lines a point) is told beside it. Both ROUNDS times in turn, for pieces of the study's length and for short ones.
 * Medians, in brackets the least and the most. Read the ratios; the speeds depend on the machine, and
 * on a busy one only the ratio in processor time (of all threads) means something.
 */
#include "base/error.h"
#include "base/progress.h"
#include "experiment/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 5, POINTS = 1000, REPLICATES = 2 };

/* Where a round of a sweep spends its time. */
enum part { PART_MAKE, PART_RUN, PART_FILE, PART_TABLE, PART_CSV, PART_COUNT };
static const char *const part_names[PART_COUNT] = {"making the points", "running them",
                                                   "results file", "printed table", "CSV table"};

/* Seconds, by the clock and of the processors. */
struct seconds {
    double clock, processor;
};

struct measured {
    double large[ROUNDS], sweep[ROUNDS];           /* pieces a second */
    double ratio[ROUNDS], processor_ratio[ROUNDS]; /* sweep to large */
    double part[PART_COUNT][ROUNDS];               /* shares of the sweep's time */
};

static struct seconds now(void)
{
    struct timespec used;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (struct seconds){.clock = clock_seconds(),
                            .processor = (double)used.tv_sec + 1e-9 * (double)used.tv_nsec};
}

static struct seconds since(struct seconds started)
{
    const struct seconds ended = now();
    return (struct seconds){.clock = ended.clock - started.clock,
                            .processor = ended.processor - started.processor};
}

struct sink {
    struct results results;
    const struct configuration *configuration;
};

static int take(void *context, const struct piece *piece)
{
    struct sink *sink = context;
    (void)results_add(&sink->results, piece, sink->configuration);
    return 0;
}

static int run_large(const struct configuration *small, int threads, struct seconds *taken)
{
    int status = 0;
    struct configuration large = *small; /* borrows everything */
    struct sink sink = {.configuration = &large};
    large.parameters.run.replicates = POINTS * REPLICATES;
    struct ensemble ensemble = {.scenarios = &large, .scenario_count = 1, .threads = threads};
    const struct seconds started = now();
    TRY(results_init(&sink.results, &large, 1));
    TRY(ensemble_run(&ensemble, take, &sink));
    *taken = since(started);
out:
    results_free(&sink.results);
    return status;
}

/* Adds the share since the last lap to `part`. */
static void lap(double part[PART_COUNT], enum part which, double *last)
{
    const double here = now().processor;
    part[which] += here - *last;
    *last = here;
}

static int print_table(FILE *nowhere, const struct sweep *sweep)
{
    sweep_print(nowhere, sweep);
    return sweep_print_bands(nowhere, sweep);
}

static int run_sweep(const struct configuration *small, int threads, const char *path,
                     struct seconds *taken, double share[PART_COUNT])
{
    int status = 0;
    struct sweep sweep = {0};
    FILE *nowhere = fopen("/dev/null", "w");
    double part[PART_COUNT] = {0.0};
    const struct seconds started = now();
    double last = started.processor;
    if (nowhere == NULL) {
        FAIL(ERROR_FILE, "/dev/null cannot be written");
    }
    TRY(sweep_add_axis(&sweep, "bench", "cost.gp_consultation=1:25:1"));
    TRY(sweep_add_axis(&sweep, "bench", "cost.place_week=1:40:1"));
    TRY(sweep_make(&sweep, small));
    lap(part, PART_MAKE, &last);
    TRY(scenarios_run(&sweep.scenarios, 0, threads, true));
    lap(part, PART_RUN, &last);
    TRY(sweep_write(&sweep, path, true, "bench_sweep", threads));
    lap(part, PART_FILE, &last);
    TRY(print_table(nowhere, &sweep));
    lap(part, PART_TABLE, &last);
    *taken = since(started);
    sweep_print_csv(nowhere, &sweep);
    lap(part, PART_CSV, &last);
    for (int p = 0; p < PART_COUNT; p++) {
        share[p] = part[p] / taken->processor;
    }
out:
    if (nowhere != NULL) {
        (void)fclose(nowhere);
    }
    sweep_free(&sweep);
    return status;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_line(const char *what, const double rounds[ROUNDS], double scale,
                       const char *unit)
{
    double sorted[ROUNDS];
    memcpy(sorted, rounds, sizeof sorted);
    qsort(sorted, ROUNDS, sizeof *sorted, compare);
    (void)printf("  %-24s %8.1f  (%.1f to %.1f)  %s\n", what, scale * sorted[ROUNDS / 2],
                 scale * sorted[0], scale * sorted[ROUNDS - 1], unit);
}

static int measure(const char *what, const char *const *settings, size_t count, int threads)
{
    int status = 0;
    char path[] = "/tmp/bench_sweep_XXXXXX";
    struct configuration small = {0};
    struct measured m;
    struct seconds large, swept;
    const int descriptor = mkstemp(path);
    TRY(configuration_read(&small, NULL, settings, count));
    TRY(run_large(&small, threads, &large)); /* to warm up */
    for (int round = 0; round < ROUNDS; round++) {
        double share[PART_COUNT] = {0.0};
        TRY(run_large(&small, threads, &large));
        TRY(run_sweep(&small, threads, path, &swept, share));
        m.large[round] = POINTS * REPLICATES / large.clock;
        m.sweep[round] = POINTS * REPLICATES / swept.clock;
        m.ratio[round] = large.clock / swept.clock;
        m.processor_ratio[round] = large.processor / swept.processor;
        for (int p = 0; p < PART_COUNT; p++) {
            m.part[p][round] = share[p];
        }
    }
    (void)printf("%s: %d points of %d replicates, %d threads\n", what, (int)POINTS, (int)REPLICATES,
                 threads);
    print_line("one large run", m.large, 1.0, "pieces a second");
    print_line("the sweep", m.sweep, 1.0, "pieces a second");
    print_line("sweep against large run", m.ratio, 100.0, "%");
    print_line("  in processor time", m.processor_ratio, 100.0, "%");
    for (int p = 0; p < PART_COUNT; p++) {
        print_line(part_names[p], m.part[p], 100.0, "% of the sweep's processor time");
    }
out:
    configuration_free(&small);
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    (void)unlink(path);
    return status;
}

int main(int argc, char **argv)
{
    static const char *const study[] = {"run.replicates=2", "site.number=1"};
    static const char *const brief[] = {"run.replicates=2",
                                        "site.number=1",
                                        "run.weeks=60",
                                        "population.arrival_weeks=50",
                                        "outcome.pathway_weeks=20",
                                        "population.offers_per_week=2"};
    const struct ensemble ensemble = {.threads = argc > 1 ? atoi(argv[1]) : 0};
    const int threads = ensemble_threads(&ensemble);
    if (measure("short pieces", brief, sizeof brief / sizeof brief[0], threads) != 0 ||
        measure("pieces of the study", study, sizeof study / sizeof study[0], threads) != 0) {
        (void)fprintf(stderr, "bench_sweep: %s\n", error_message());
        return 1;
    }
    return 0;
}
