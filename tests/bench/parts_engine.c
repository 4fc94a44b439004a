/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The engine by itself: engaged patients, the register, pieces, threads, many small scenarios
 */
#include "bench/engine.h"

#include "base/error.h"
#include "run/counterfactual.h"
#include "run/piece.h"
#include "run/setup.h"
#include "run/week.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- engaged patient-weeks */

enum lap { LAP_SETUP, LAP_WITH, LAP_WITHOUT, LAP_TALLY, LAP_COUNT };
static const char *const lap_names[LAP_COUNT] = {"setup", "with", "without", "tally"};
static const char *const lap_meanings[LAP_COUNT] = {"starting population of a piece of the study",
                                                    "its weeks with link workers",
                                                    "its weeks without", "its tally"};

/* Seconds of all pieces of the study, by part and round. */
struct laps {
    struct engine_run *run; /* first, as in every engine case */
    struct piece piece;
    struct coefficients coefficients;
    double seconds[LAP_COUNT][MOST_ROUNDS];
};

static void run_weeks(struct site *site, struct recorder *recorder)
{
    while (site->week < site->weeks - 1) {
        week_step(site);
        recorder_week(recorder, site);
    }
}

static void take_lap(struct laps *laps, enum lap lap, int round, double *last)
{
    const double now = thread_seconds();
    laps->seconds[lap][round] += now - *last;
    *last = now;
}

/* What piece_run does, with a look at the clock between its parts. */
static int run_piece(struct laps *laps, int round)
{
    int status = 0;
    struct piece *piece = &laps->piece;
    const struct configuration *configuration = laps->run->scenarios;
    struct site *site = &piece->result;
    double last = thread_seconds();
    arena_reset(&piece->arena);
    tally_free(piece->tally);
    memset(piece->tally, 0, sizeof *piece->tally);
    TRY(setup_site(site, &piece->arena, &laps->coefficients, configuration, piece->site,
                   (int)piece->replicate, true));
    TRY(partings_init(&site->partings, &piece->arena, site->patients.count));
    TRY(recorder_init(&piece->recorder, &piece->arena, site));
    take_lap(laps, LAP_SETUP, round, &last);
    run_weeks(site, &piece->recorder);
    weeks_complete(site);
    take_lap(laps, LAP_WITH, round, &last);
    const struct run_with run = {site,          &piece->recorder,    &piece->timeline,
                                 configuration, &laps->coefficients, false};
    TRY(counterfactual_live(&piece->without, &piece->arena, &run));
    take_lap(laps, LAP_WITHOUT, round, &last);
    tally_site(piece->tally, site, &piece->recorder, &piece->without, configuration->site_count);
    take_lap(laps, LAP_TALLY, round, &last);
out:
    return status;
}

static int run_laps(struct bench *bench, struct bench_case *self)
{
    (void)bench;
    int status = 0;
    struct laps *laps = self->context;
    const struct configuration *configuration = laps->run->scenarios;
    struct piece *piece = &laps->piece;
    TRY(piece_init(piece));
    for (int lap = 0; lap < LAP_COUNT; lap++) {
        laps->seconds[lap][self->rounds] = 0.0;
    }
    for (size_t r = 0; r < (size_t)configuration->parameters.run.replicates; r++) {
        for (size_t site = 0; site < configuration->site_count; site++) {
            piece->replicate = r;
            piece->site = site;
            TRY(run_piece(laps, self->rounds));
        }
    }
out:
    piece_free(piece);
    return status;
}

static int add_engaged(struct bench *bench)
{
    int status = 0;
    TRY(engine_add_study(bench));
    struct laps *laps = calloc(1, sizeof *laps);
    if (laps == NULL) {
        FAIL(ERROR_MEMORY, "no memory for the parts of a piece");
    }
    memcpy(&laps->run, bench_find(bench, "run.study")->context, sizeof(struct engine_run *));
    coefficients_compute(&laps->coefficients, &laps->run->scenarios->parameters);
    (void)bench_add(bench, run_laps, laps, "laps");
out:
    return status;
}

/* Nanoseconds that a block of draws, two exponentials and the memory traffic of a patient-week take. */
static double least_nanoseconds(const struct bench *bench)
{
    size_t bytes = 0;
#define FIELD(type, name, unit, meaning)
#define FIELDS(type, name, length, unit, meaning)
#define TRAIT(type, name, unit, meaning)
#define TRAITS(type, name, length, unit, meaning)
#define HISTORY(type, name, unit, meaning)
#define STATE(type, name, unit, meaning) bytes += sizeof(type);
#define STATES(type, name, length, unit, meaning) bytes += (length) * sizeof(type);
#include "state/patient_fields.def"
    return 1e3 / figure_value(bench, "limit.threefry") +
           1e3 * 2.0 / figure_value(bench, "limit.exponential") +
           2.0 * (double)bytes / figure_value(bench, "limit.update_cached");
}

static void report_engaged(struct bench *bench)
{
    const struct bench_case *study = bench_find(bench, "run.study");
    const struct bench_case *parts = bench_find(bench, "laps");
    const struct laps *laps = parts->context;
    static const char limit[] = "the time of its draws, exponentials and memory traffic alone";
    struct figure *figure = figure_rate(bench, "engaged.rate", "M/s", 1e-6, study, study->work,
                                        "patient-weeks of the study stepped, one thread: set-up, "
                                        "recording, outcomes and counterfactual in the time");
    figure_share(figure, 1e-3 * figure->median * least_nanoseconds(bench), limit);
    (void)figure_time(bench, "engaged.time", "ns", 1e9, study, study->work, "of one of them");
    for (int lap = 0; lap < LAP_COUNT; lap++) {
        char name[BENCH_NAME_SIZE];
        double values[MOST_ROUNDS];
        for (int r = 0; r < parts->rounds; r++) {
            values[r] = 1e6 * laps->seconds[lap][r] / study->more_work;
        }
        (void)snprintf(name, sizeof name, "engaged.%s", lap_names[lap]);
        (void)figure_add(bench, name, "us", values, (size_t)parts->rounds, lap_meanings[lap]);
    }
}

const struct bench_part part_engaged = {"engaged", "patients on the books, stepped every week",
                                        add_engaged, report_engaged};

/* ------------------------------------------------------------- registered patient-weeks */

static void report_registered(struct bench *bench)
{
    const struct bench_case *c = bench_find(bench, "run.england");
    const struct engine_run *run = engine_run_of(c);
    const double people = run->adult_weeks / run->scenarios->parameters.run.weeks;
    struct figure *figure =
        figure_rate(bench, "registered.rate", "M/s", 1e-6, c, run->adult_weeks,
                    "adult-weeks on the lists of England's networks, one thread, 104 weeks "
                    "without a counterfactual; those referred are stepped within the time");
    const double blocks = 3.0 * people / (1e6 * figure_value(bench, "limit.threefry"));
    figure_share(figure, blocks / median_of(c->cpu, (size_t)c->rounds),
                 "the time of three Threefry blocks an adult: who could be referred at all");
    (void)figure_time(bench, "registered.time", "ns", 1e9, c, run->adult_weeks, "of one of them");
}

const struct bench_part part_registered = {"registered", "everybody on the lists of practices",
                                           engine_add_england, report_registered};

/* -------------------------------------------------------------------------------- pieces */

static int add_pieces(struct bench *bench)
{
    int status = 0;
    TRY(engine_add_study(bench));
    TRY(engine_add_pcn(bench));
    TRY(engine_add_england(bench));
out:
    return status;
}

static void report_pieces(struct bench *bench)
{
    const struct bench_case *study = bench_find(bench, "run.study");
    const struct bench_case *pcn = bench_find(bench, "run.pcn");
    const struct bench_case *england = bench_find(bench, "run.england");
    (void)figure_rate(bench, "pieces.study", "1/s", 1.0, study, study->more_work,
                      "sites of the study with their counterfactual, 156 weeks, one thread");
    (void)figure_rate(bench, "pieces.pcn", "1/s", 1.0, pcn, pcn->more_work,
                      "networks of 40,000 adults with their counterfactual, 52 weeks, one thread");
    (void)figure_rate(bench, "pieces.england", "1/s", 1.0, england, england->more_work,
                      "networks of England, 104 weeks, without a counterfactual, one thread");
}

const struct bench_part part_pieces = {"pieces", "a site over all its weeks", add_pieces,
                                       report_pieces};

/* ------------------------------------------------------------------------------- threads */

static int add_threads(struct bench *bench)
{
    int status = 0;
    char name[BENCH_NAME_SIZE];
    const char *study[] = {bench->quick ? "run.replicates=4" : "run.replicates=16"};
    const char *england[] = {"run.weeks=104", "run.counterfactual=no"};
    const size_t networks = (size_t)(bench->quick ? 2 : 8) * (size_t)bench->threads;
    for (int n = 1; n <= bench->threads; n++) {
        (void)snprintf(name, sizeof name, "threads.study.%d", n);
        TRY(engine_add(bench, name, engine_run_read("study.yaml", 0, study, 1), n));
        (void)snprintf(name, sizeof name, "threads.england.%d", n);
        TRY(engine_add(bench, name, engine_run_read("england.yaml", networks, england, 2), n));
    }
out:
    return status;
}

/* Wall seconds on one thread over threads times those on several; `work` grows with the threads
 * where it is done on each. */
static struct figure *report_efficiency(struct bench *bench, const char *kind, int threads,
                                        bool grows, const char *meaning)
{
    char name[BENCH_NAME_SIZE];
    double values[MOST_ROUNDS];
    const struct bench_case *one = bench_find(bench, "%s.1", kind);
    const struct bench_case *many = bench_find(bench, "%s.%d", kind, threads);
    for (int r = 0; r < many->rounds; r++) {
        values[r] = 100.0 * one->wall[r] / (many->wall[r] * (grows ? 1.0 : threads));
    }
    (void)snprintf(name, sizeof name, "%s%s.%d", strncmp(kind, "probe", 5) == 0 ? "threads." : "",
                   kind, threads);
    return figure_add(bench, name, "%", values, (size_t)many->rounds, meaning);
}

/* CPU seconds on one thread over those on several: what sharing the work adds to it. */
static void report_overhead(struct bench *bench, int threads)
{
    char name[BENCH_NAME_SIZE];
    double values[MOST_ROUNDS];
    const struct bench_case *one = bench_find(bench, "threads.study.1");
    const struct bench_case *many = bench_find(bench, "threads.study.%d", threads);
    for (int r = 0; r < many->rounds; r++) {
        values[r] = 100.0 * one->cpu[r] / many->cpu[r];
    }
    (void)snprintf(name, sizeof name, "threads.study_cpu.%d", threads);
    (void)figure_add(bench, name, "%", values, (size_t)many->rounds,
                     "CPU time on one thread over that on several, waiting included: holds on a "
                     "busy machine too if waiting threads sleep (OMP_WAIT_POLICY=passive)");
}

static void report_threads(struct bench *bench)
{
    static const char limit[] = "what the probe got of the machine";
    for (int n = 2; n <= bench->threads; n++) {
        const double probe =
            report_efficiency(bench, "probe", n, true,
                              "efficiency of threads that only calculate: what was free")
                ->median;
        struct figure *figure = report_efficiency(bench, "threads.study", n, false,
                                                  "parallel efficiency on the study, by the wall");
        figure_share(figure, figure->median / probe, limit);
        report_overhead(bench, n);
        figure = report_efficiency(bench, "threads.england", n, false,
                                   "parallel efficiency on England's networks, by the wall");
        figure_share(figure, figure->median / probe, limit);
    }
}

const struct bench_part part_threads = {"threads", "1 to all threads", add_threads, report_threads};

/* --------------------------------------------------------------------------------- sweep */

static int add_sweep(struct bench *bench)
{
    int status = 0;
    const int points = bench->quick ? 8 : 32;
    char replicates[64];
    const char *one[] = {"run.replicates=1"}, *many[] = {replicates};
    (void)snprintf(replicates, sizeof replicates, "run.replicates=%d", points);
    struct engine_run *small = engine_run_read("study.yaml", 0, one, 1);
    struct engine_run *sweep = small != NULL ? engine_run_copies(small, points) : NULL;
    struct engine_run *large = engine_run_read("study.yaml", 0, many, 1);
    TRY(engine_add(bench, "sweep.small.1", sweep, 1));
    TRY(engine_add(bench, "sweep.large.1", large, 1));
    if (bench->threads > 1) {
        TRY(engine_add(bench, "sweep.small.all", sweep, bench->threads));
        TRY(engine_add(bench, "sweep.large.all", large, bench->threads));
    }
out:
    return status;
}

static void report_sweep(struct bench *bench)
{
    (void)figure_ratio(bench, "sweep.one_thread", 1.0, bench_find(bench, "sweep.large.1"),
                       bench_find(bench, "sweep.small.1"),
                       "pieces a second of many scenarios of 7 pieces against one of as many "
                       "pieces in all");
    if (bench->threads > 1) {
        (void)figure_ratio(bench, "sweep.all_threads", 1.0, bench_find(bench, "sweep.large.all"),
                           bench_find(bench, "sweep.small.all"), "the same on all threads");
    }
}

const struct bench_part part_sweep = {"sweep", "many small scenarios against a large one",
                                      add_sweep, report_sweep};
