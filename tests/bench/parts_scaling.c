/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How cost grows: seconds ~ size^exponent, fitted by least squares on logarithms
 *
 * One thread, CPU time, all rounds of all sizes. The standard error is that of the slope under
 * independent errors; a fixed cost of starting bends the line and is in the exponent. Only where an
 * axis says so is it taken off: what is done once for every person (drawing her, adding her up) is
 * then measured by a run of one week.
 */
#include "bench/engine.h"

#include "base/error.h"

#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIZES = 4, SETTINGS = 16 };

struct axis {
    const char *name, *meaning, *config;
    size_t sites[SIZES]; /* 0: all */
    const char *settings[SIZES][SETTINGS];
    const char *once[SETTINGS]; /* what is done once; none: it is left in */
};

#define STUDY_WEEKS(weeks)                                                                         \
    {                                                                                              \
        "run.weeks=" weeks, "population.arrival_weeks=1", "run.burn_in_weeks=0",                   \
            "population.offers_per_week=100"                                                       \
    }
/* Everybody is offered at the start and opened soon, nobody drops out or is closed, and all are seen
 * every other week: one week is like another. */
#define STEADY_WEEKS(weeks)                                                                        \
    {                                                                                              \
        "run.weeks=" weeks, "population.arrival_weeks=1", "run.burn_in_weeks=0",                   \
            "population.offers_per_week=100", "waiting.attrition_base=0",                          \
            "waiting.attrition_uncertainty=0", "disengage.intercept=-8", "disengage.push=0",       \
            "disengage.postponed=0", "disengage.uncertainty=0", "disengage.barriers=0",            \
            "ending.max_weeks=0", "ending.settle_weeks=200", "support.leave_base=0.05",            \
            "diary.interval_connected=2", "diary.interval_holding=2"                               \
    }
#define LIST(size, offers, other)                                                                  \
    {                                                                                              \
        "run.counterfactual=no", "registered.list_size_per_practice=" size,                        \
            "gp.offer_base=" offers, "gp.other_route_hazard=" other                                \
    }

static const struct axis axes[] = {
    {"replicates",
     "cost against replicates of the study",
     "study.yaml",
     {0},
     {{"run.replicates=8"}, {"run.replicates=16"}, {"run.replicates=32"}, {"run.replicates=64"}},
     {NULL}},
    {"sites",
     "cost against sites: networks of England for a year",
     "england.yaml",
     {32, 64, 128, 256},
     {{NULL}},
     {NULL}},
    {"weeks",
     "cost against weeks: the study with everybody offered at the start, 104 to 416 weeks",
     "study.yaml",
     {0},
     {STUDY_WEEKS("104"), STUDY_WEEKS("156"), STUDY_WEEKS("260"), STUDY_WEEKS("416")},
     {NULL}},
    {"weeks_steady",
     "cost against weeks: the study with a caseload that nobody leaves, 125 to 500 weeks, less "
     "what "
     "a run of one week takes",
     "study.yaml",
     {0},
     {STEADY_WEEKS("125"), STEADY_WEEKS("200"), STEADY_WEEKS("320"), STEADY_WEEKS("500")},
     STEADY_WEEKS("1")},
    {"weeks_network",
     "cost against weeks: four networks of England, whose referred grow in number, 52 to 416 weeks",
     "england.yaml",
     {4, 4, 4, 4},
     {{"run.weeks=52"}, {"run.weeks=104"}, {"run.weeks=208"}, {"run.weeks=416"}},
     {NULL}},
    {"registered",
     "cost against the people on the lists of two networks, at about as many referrals",
     "england.yaml",
     {2, 2, 2, 2},
     {LIST("4000", "0.067", "0.0008"), LIST("8000", "0.0335", "0.0004"),
      LIST("16000", "0.01675", "0.0002"), LIST("32000", "0.008375", "0.0001")},
     {NULL}},
};

enum { AXES = sizeof axes / sizeof *axes };

/* What an axis counts, of one of its cases. */
static double size_of(const struct axis *axis, const struct bench_case *c)
{
    const struct engine_run *run = engine_run_of(c);
    const struct parameters *k = &run->scenarios->parameters;
    if (strcmp(axis->name, "replicates") == 0) {
        return k->run.replicates;
    }
    if (strcmp(axis->name, "sites") == 0) {
        return (double)run->scenarios->site_count;
    }
    return strncmp(axis->name, "weeks", 5) == 0 ? k->run.weeks
                                                : k->registered.list_size_per_practice;
}

static int add_case(struct bench *bench, const struct axis *axis, const char *which,
                    const char *const *settings, size_t sites)
{
    char name[BENCH_NAME_SIZE];
    size_t count = 0;
    while (count < SETTINGS && settings[count] != NULL) {
        count++;
    }
    (void)snprintf(name, sizeof name, "scaling.%s.%s", axis->name, which);
    return engine_add(bench, name, engine_run_read(axis->config, sites, settings, count), 1);
}

static int add(struct bench *bench)
{
    static const char *const sizes[SIZES] = {"0", "1", "2", "3"};
    int status = 0;
    for (int a = 0; a < AXES; a++) {
        const struct axis *axis = &axes[a];
        for (int s = 0; s < SIZES; s++) {
            TRY(add_case(bench, axis, sizes[s], axis->settings[s], axis->sites[s]));
        }
        if (axis->once[0] != NULL) {
            TRY(add_case(bench, axis, "once", axis->once, axis->sites[0]));
        }
    }
out:
    return status;
}

/* Seconds of what is done once. */
static double seconds_once(struct bench *bench, const struct axis *axis)
{
    if (axis->once[0] == NULL) {
        return 0.0;
    }
    const struct bench_case *once = bench_find(bench, "scaling.%s.once", axis->name);
    return median_of(once->cpu, (size_t)once->rounds);
}

static void report(struct bench *bench)
{
    for (int a = 0; a < AXES; a++) {
        double x[SIZES * MOST_ROUNDS], y[SIZES * MOST_ROUNDS], work[SIZES];
        double intercept, slope, v00, v01, v11, squares;
        size_t n = 0;
        const double once = seconds_once(bench, &axes[a]);
        for (int s = 0; s < SIZES; s++) {
            const struct bench_case *c = bench_find(bench, "scaling.%s.%d", axes[a].name, s);
            work[s] = c->work;
            for (int r = 0; r < c->rounds; r++, n++) {
                x[n] = log(size_of(&axes[a], c));
                y[n] = log(c->cpu[r] - once);
            }
        }
        (void)gsl_fit_linear(x, 1, y, 1, n, &intercept, &slope, &v00, &v01, &v11, &squares);
        char name[BENCH_NAME_SIZE], meaning[256];
        const double error = sqrt(v11), values[] = {slope - error, slope, slope + error};
        (void)snprintf(name, sizeof name, "scaling.%s", axes[a].name);
        (void)snprintf(meaning, sizeof meaning,
                       "exponent of %s; least and most: a standard error (%.3f) either side; "
                       "patient-weeks grow %.2f times",
                       axes[a].meaning, error, work[SIZES - 1] / work[0]);
        (void)figure_add(bench, name, "exponent", values, 3, meaning);
    }
}

const struct bench_part part_scaling = {"scaling", "cost against sites, replicates, weeks, people",
                                        add, report};
