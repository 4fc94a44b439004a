/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How fast the engine is
 *
 *   bench_engine [CONFIG...]      default: the study and the network
 *
 * For each configuration: whole runs on one and on two threads, and the parts of a piece on one
 * thread, each ROUNDS times in turn; medians, in brackets the least and the most. A patient-week is
 * a patient after the first offer stepped by a week, those of the run without link workers counted
 * too; everything is in the time: the starting population, sessions, recording, tallies, outcomes.
 * An adult-week is a person on a list in a week, stepped or not, counted once. Nothing is compared:
 * read the numbers only beside others of the same sitting.
 */
#include "base/error.h"
#include "base/progress.h"
#include "run/ensemble.h"
#include "run/results.h"
#include "run/setup.h"
#include "run/week.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { ROUNDS = 7 };

enum part { PART_SETUP, PART_WITH, PART_WITHOUT, PART_TALLY, PART_COUNT };
static const char *const part_names[PART_COUNT] = {"set-up", "with link workers",
                                                   "without (counterfactual)", "tally"};

/* What one configuration takes. */
struct measured {
    double one_thread[ROUNDS], two_threads[ROUNDS]; /* seconds of whole runs */
    double part[PART_COUNT][ROUNDS];                /* seconds of all pieces */
    double pieces, adult_weeks;
    double patient_weeks[2]; /* with and without link workers */
};

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

static int run_whole(const struct configuration *configuration, int threads, double *seconds)
{
    int status = 0;
    struct sink sink = {.configuration = configuration};
    struct ensemble ensemble = {
        .scenarios = configuration, .scenario_count = 1, .threads = threads};
    const double started = clock_seconds();
    TRY(results_init(&sink.results, configuration, 1));
    TRY(ensemble_run(&ensemble, take, &sink));
    *seconds = clock_seconds() - started;
out:
    results_free(&sink.results);
    return status;
}

static void run_weeks(struct site *site, struct recorder *recorder)
{
    while (site->week < site->weeks - 1) {
        week_step(site);
        recorder_week(recorder, site);
    }
}

/* Adds the seconds since the last lap to `part`. */
static void lap(double part[PART_COUNT], enum part which, double *last)
{
    const double now = clock_seconds();
    part[which] += now - *last;
    *last = now;
}

/* What piece_run does, with a look at the clock between its parts. */
static int run_piece(struct piece *piece, const struct configuration *configuration,
                     const struct coefficients *coefficients, double part[PART_COUNT],
                     struct measured *measured)
{
    int status = 0;
    struct site *site = &piece->result, *without = &piece->without;
    const bool counterfactual = coefficients->parameters.run.counterfactual != 0;
    double last = clock_seconds();
    arena_reset(&piece->arena);
    tally_free(piece->tally);
    memset(piece->tally, 0, sizeof *piece->tally);
    *without = (struct site){0};
    TRY(setup_site(site, &piece->arena, coefficients, configuration, piece->site,
                   (int)piece->replicate, true));
    const bool paired = counterfactual && site->link_worker_count > 0;
    if (paired) {
        TRY(setup_counterfactual(without, &piece->arena, site));
        TRY(recorder_init(&piece->without_recorder, &piece->arena, without));
    }
    TRY(recorder_init(&piece->recorder, &piece->arena, site));
    lap(part, PART_SETUP, &last);
    run_weeks(site, &piece->recorder);
    lap(part, PART_WITH, &last);
    if (paired) {
        recorder_follow(&piece->without_recorder, without, site);
        run_weeks(without, &piece->without_recorder);
    }
    lap(part, PART_WITHOUT, &last);
    pathways_complete(site);
    tally_site(piece->tally, site, &piece->recorder, paired ? without : NULL,
               &piece->without_recorder, configuration->site_count);
    lap(part, PART_TALLY, &last);
    measured->adult_weeks += (double)site->population * site->weeks;
    measured->patient_weeks[0] += (double)piece->recorder.stepped_patient_weeks;
    measured->patient_weeks[1] +=
        paired ? (double)piece->without_recorder.stepped_patient_weeks : 0.0;
out:
    return status;
}

static int run_parts(struct piece *piece, const struct configuration *configuration,
                     struct coefficients *coefficients, int round, struct measured *measured)
{
    int status = 0;
    double part[PART_COUNT] = {0.0};
    const size_t replicates = (size_t)configuration->parameters.run.replicates;
    measured->adult_weeks = measured->patient_weeks[0] = measured->patient_weeks[1] = 0.0;
    coefficients_compute(coefficients, &configuration->parameters);
    for (piece->replicate = 0; piece->replicate < replicates; piece->replicate++) {
        for (piece->site = 0; piece->site < configuration->site_count; piece->site++) {
            TRY(run_piece(piece, configuration, coefficients, part, measured));
        }
    }
    measured->pieces = (double)(replicates * configuration->site_count);
    for (int p = 0; p < PART_COUNT; p++) {
        measured->part[p][round] = part[p];
    }
out:
    return status;
}

static int measure(const struct configuration *configuration, struct measured *measured)
{
    int status = 0;
    struct piece piece = {0};
    struct coefficients *coefficients = malloc(sizeof *coefficients);
    if (coefficients == NULL) {
        FAIL(ERROR_MEMORY, "no memory for coefficients");
    }
    TRY(piece_init(&piece));
    TRY(run_whole(configuration, 1, &measured->one_thread[0])); /* to warm up */
    for (int round = 0; round < ROUNDS; round++) {
        TRY(run_whole(configuration, 1, &measured->one_thread[round]));
        TRY(run_whole(configuration, 2, &measured->two_threads[round]));
        TRY(run_parts(&piece, configuration, coefficients, round, measured));
    }
out:
    piece_free(&piece);
    free(coefficients);
    return status;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Prints the median, least and most of the rounds, scaled. */
static void print_line(const char *what, const double rounds[ROUNDS], double scale,
                       const char *unit)
{
    double sorted[ROUNDS];
    memcpy(sorted, rounds, sizeof sorted);
    qsort(sorted, ROUNDS, sizeof *sorted, compare);
    (void)printf("  %-34s %10.3f  (%.3f to %.3f)  %s\n", what, scale * sorted[ROUNDS / 2],
                 scale * sorted[0], scale * sorted[ROUNDS - 1], unit);
}

static void print_parts(const struct measured *m)
{
    for (int p = 0; p < PART_COUNT; p++) {
        double share[ROUNDS];
        for (int r = 0; r < ROUNDS; r++) {
            double all = 0.0;
            for (int q = 0; q < PART_COUNT; q++) {
                all += m->part[q][r];
            }
            share[r] = m->part[p][r] / all;
        }
        char what[64];
        (void)snprintf(what, sizeof what, "%s, a piece", part_names[p]);
        print_line(what, m->part[p], 1e6 / m->pieces, "us");
        print_line("  of a piece", share, 100.0, "%");
    }
    print_line("with, a patient-week", m->part[PART_WITH], 1e9 / m->patient_weeks[0], "ns");
    if (m->patient_weeks[1] > 0.0) {
        print_line("without, a patient-week", m->part[PART_WITHOUT], 1e9 / m->patient_weeks[1],
                   "ns");
    }
}

static void print_measured(const struct configuration *configuration, const struct measured *m)
{
    const double stepped = m->patient_weeks[0] + m->patient_weeks[1];
    double speed_up[ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
        speed_up[r] = m->one_thread[r] / m->two_threads[r];
    }
    (void)printf("%s: %.0f pieces, %.3f million patient-weeks, %.3f million adult-weeks\n",
                 configuration->path, m->pieces, 1e-6 * stepped, 1e-6 * m->adult_weeks);
    print_line("one thread, a patient-week", m->one_thread, 1e9 / stepped, "ns");
    print_line("one thread, an adult-week", m->one_thread, 1e9 / m->adult_weeks, "ns");
    print_line("one thread, a piece", m->one_thread, 1e3 / m->pieces, "ms");
    print_line("one thread, the run", m->one_thread, 1e3, "ms");
    print_line("two threads against one", speed_up, 1.0, "times as fast");
    print_parts(m);
}

static int bench(const char *path)
{
    struct configuration configuration;
    struct measured measured = {0};
    int status = configuration_read(&configuration, path, NULL, 0);
    if (status != 0) {
        return status;
    }
    status = measure(&configuration, &measured);
    if (status == 0) {
        print_measured(&configuration, &measured);
    }
    configuration_free(&configuration);
    return status;
}

int main(int argc, char **argv)
{
    static const char *const shipped[] = {BUYIN_SOURCE_DIR "/configs/study.yaml",
                                          BUYIN_SOURCE_DIR "/configs/pcn.yaml"};
    const int count = argc > 1 ? argc - 1 : 2;
    for (int i = 0; i < count; i++) {
        if (bench(argc > 1 ? argv[i + 1] : shipped[i]) != 0) {
            (void)fprintf(stderr, "bench_engine: %s\n", error_message());
            return 1;
        }
    }
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    (void)printf("peak memory: %.1f MB\n", 1e-3 * (double)usage.ru_maxrss);
    return 0;
}
