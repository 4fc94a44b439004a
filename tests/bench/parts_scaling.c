/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How cost grows: seconds ~ size^exponent, fitted by least squares on logarithms
 *
 * One thread, CPU time, all rounds of all sizes. The standard error is that of the slope under
 * independent errors; a fixed cost of starting bends the line and is in the exponent.
 */
#include "bench/engine.h"

#include "base/error.h"

#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIZES = 4, SETTINGS = 4 };

struct axis {
    const char *name, *meaning, *config;
    size_t sites[SIZES]; /* 0: all */
    const char *settings[SIZES][SETTINGS];
};

#define STUDY_WEEKS(weeks)                                                                         \
    {                                                                                              \
        "run.weeks=" weeks, "population.arrival_weeks=1", "run.burn_in_weeks=0",                   \
            "population.offers_per_week=100"                                                       \
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
     {{"run.replicates=8"}, {"run.replicates=16"}, {"run.replicates=32"}, {"run.replicates=64"}}},
    {"sites",
     "cost against sites: networks of England for a year",
     "england.yaml",
     {32, 64, 128, 256},
     {{NULL}}},
    {"weeks",
     "cost against weeks: the study with everybody offered at the start, 104 to 416 weeks",
     "study.yaml",
     {0},
     {STUDY_WEEKS("104"), STUDY_WEEKS("156"), STUDY_WEEKS("260"), STUDY_WEEKS("416")}},
    {"weeks_network",
     "cost against weeks: four networks of England, whose referred grow in number, 52 to 416 weeks",
     "england.yaml",
     {4, 4, 4, 4},
     {{"run.weeks=52"}, {"run.weeks=104"}, {"run.weeks=208"}, {"run.weeks=416"}}},
    {"registered",
     "cost against the people on the lists of two networks, at about as many referrals",
     "england.yaml",
     {2, 2, 2, 2},
     {LIST("4000", "0.067", "0.0008"), LIST("8000", "0.0335", "0.0004"),
      LIST("16000", "0.01675", "0.0002"), LIST("32000", "0.008375", "0.0001")}},
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

static int add(struct bench *bench)
{
    int status = 0;
    for (int a = 0; a < AXES; a++) {
        for (int s = 0; s < SIZES; s++) {
            char name[BENCH_NAME_SIZE];
            size_t settings = 0;
            while (settings < SETTINGS && axes[a].settings[s][settings] != NULL) {
                settings++;
            }
            (void)snprintf(name, sizeof name, "scaling.%s.%d", axes[a].name, s);
            TRY(engine_add(
                bench, name,
                engine_run_read(axes[a].config, axes[a].sites[s], axes[a].settings[s], settings),
                1));
        }
    }
out:
    return status;
}

static void report(struct bench *bench)
{
    for (int a = 0; a < AXES; a++) {
        double x[SIZES * MOST_ROUNDS], y[SIZES * MOST_ROUNDS], work[SIZES];
        double intercept, slope, v00, v01, v11, squares;
        size_t n = 0;
        for (int s = 0; s < SIZES; s++) {
            const struct bench_case *c = bench_find(bench, "scaling.%s.%d", axes[a].name, s);
            work[s] = c->work;
            for (int r = 0; r < c->rounds; r++, n++) {
                x[n] = log(size_of(&axes[a], c));
                y[n] = log(c->cpu[r]);
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
