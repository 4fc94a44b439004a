/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/csv.h"
#include "base/error.h"
#include "experiment/scenario_file.h"
#include "experiment/sweep.h"
#include "storage/hdf5_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a sweep over caseloads is about; sign: which way is better. */
static const struct objective {
    const char *title;
    const char *outcome;
    int sign;
} objectives[] = {{"connected a post and year", "service.connected_per_link_worker_year", +1},
                  {"cost per person connected", "cost.service_per_person_connected", -1},
                  {"trust after 13 weeks", "after_first_session.trust.week13", +1},
                  {"wait, weeks", "wait.weeks_mean", -1},
                  {"burnout", "service.burnout", -1},
                  {"pathway b of engaged", "pathway_of_engaged.all.b_anchored", +1}};
enum { OBJECTIVE_COUNT = sizeof objectives / sizeof objectives[0] };

static const char *const columns[] = {"service.caseload",
                                      "service.seen_per_link_worker_year",
                                      "service.connected_per_link_worker_year",
                                      "wait.weeks_mean",
                                      "service.minutes_per_session",
                                      "after_first_session.trust.week13",
                                      "service.burnout",
                                      "pathway_of_engaged.all.a_rapid",
                                      "pathway_of_engaged.all.b_anchored",
                                      "pathway_of_engaged.all.c_connecting_with",
                                      "cost.service_per_person_connected"};
static const char *const heads[] = {"caseload", "seen/y", "connect/y", "wait",   "minutes", "trust",
                                    "burnout",  "path a", "path b",    "path c", "GBP/conn"};
enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };

static double coordinate(const struct sweep *sweep, size_t point, size_t axis)
{
    return sweep->coordinates[point * sweep->axis_count + axis];
}

static const char *axis_word(const struct sweep *sweep, size_t axis)
{
    return strrchr(sweep->axes[axis].row->name, '.') + 1;
}

/* Room for the word, the numbers and a gap. */
static int axis_width(const struct sweep *sweep, size_t axis)
{
    const int length = (int)strlen(axis_word(sweep, axis));
    return (axis > 0 ? 2 : 0) + (length > 10 ? length : 10);
}

void sweep_print(FILE *stream, const struct sweep *sweep)
{
    const struct results *results = &sweep->scenarios.results;
    (void)fprintf(stream,
                  "%zu points, %zu replicates each; means (results files and --csv hold the "
                  "intervals)\n\n",
                  sweep->points, results->replicate_count);
    for (size_t a = 0; a < sweep->axis_count; a++) {
        (void)fprintf(stream, "%*s", axis_width(sweep, a), axis_word(sweep, a));
    }
    for (size_t c = 0; c < COLUMN_COUNT; c++) {
        (void)fprintf(stream, "%10s", heads[c]);
    }
    (void)fputs("\n", stream);
    for (size_t point = 0; point < sweep->points; point++) {
        for (size_t a = 0; a < sweep->axis_count; a++) {
            (void)fprintf(stream, "%*g", axis_width(sweep, a), coordinate(sweep, point, a));
        }
        for (size_t c = 0; c < COLUMN_COUNT; c++) {
            (void)fprintf(stream, "%10.4g", results_named(results, point, columns[c]).mean);
        }
        (void)fputs("\n", stream);
    }
}

void sweep_print_csv(FILE *stream, const struct sweep *sweep)
{
    const struct results *results = &sweep->scenarios.results;
    (void)fputs("point", stream);
    for (size_t a = 0; a < sweep->axis_count; a++) {
        (void)fprintf(stream, ",%s", sweep->axes[a].row->name);
    }
    (void)fputs(",outcome,unit,mean,standard_error,low,high\n", stream);
    for (size_t point = 0; point < sweep->points; point++) {
        for (size_t i = 0; i < results->list.count; i++) {
            const struct estimate e = results_estimate(results, point, i);
            (void)fprintf(stream, "%zu", point);
            for (size_t a = 0; a < sweep->axis_count; a++) {
                (void)fprintf(stream, ",%.9g", coordinate(sweep, point, a));
            }
            (void)fputc(',', stream);
            csv_text(stream, results->list.outcomes[i].name);
            (void)fputc(',', stream);
            csv_text(stream, results->list.outcomes[i].unit);
            (void)fprintf(stream, ",%.9g,%.9g,%.9g,%.9g\n", e.mean, e.standard_error, e.low,
                          e.high);
        }
    }
}

/* Points that share all coordinates but the first with `point`. */
static bool is_alongside(const struct sweep *sweep, size_t point, size_t other)
{
    for (size_t a = 1; a < sweep->axis_count; a++) {
        if (coordinate(sweep, point, a) != coordinate(sweep, other, a)) {
            return false;
        }
    }
    return true;
}

/* A value that is not defined, such as a cost per nobody, is never the better one. */
static bool is_better(const struct objective *objective, double value, double best)
{
    return isfinite(value) && (!isfinite(best) || objective->sign * (value - best) > 0.0);
}

static int print_band(FILE *stream, const struct sweep *sweep, const struct objective *objective,
                      size_t first)
{
    const struct results *results = &sweep->scenarios.results;
    struct quantity quantity;
    size_t best = first;
    double low = INFINITY, high = -INFINITY;
    const int status = quantity_read(&quantity, &results->list, objective->outcome);
    if (status != 0) {
        return status;
    }
    for (size_t p = 0; p < sweep->points; p++) {
        if (is_alongside(sweep, first, p) &&
            is_better(objective, quantity_estimate(results, p, &quantity).mean,
                      quantity_estimate(results, best, &quantity).mean)) {
            best = p;
        }
    }
    if (results->replicate_count < 2 ||
        !isfinite(quantity_estimate(results, best, &quantity).mean)) {
        (void)fprintf(stream, "  %-28s no best value: %s\n", objective->title,
                      results->replicate_count < 2 ? "that needs 2 replicates or more"
                                                   : "it is not defined at any point");
        return 0;
    }
    for (size_t p = 0; p < sweep->points; p++) {
        const struct estimate e = quantity_difference(results, p, best, &quantity);
        const bool is_worse =
            !isfinite(e.mean) || (objective->sign > 0 ? e.high < 0.0 : e.low > 0.0);
        if (is_alongside(sweep, first, p) && (p == best || !is_worse)) {
            low = fmin(low, coordinate(sweep, p, 0));
            high = fmax(high, coordinate(sweep, p, 0));
        }
    }
    const bool at_edge = coordinate(sweep, best, 0) == sweep->axes[0].low ||
                         coordinate(sweep, best, 0) == sweep->axes[0].high;
    (void)fprintf(stream, "  %-28s best at %-8g (%.4g)  not significantly worse: %g to %g%s\n",
                  objective->title, coordinate(sweep, best, 0),
                  quantity_estimate(results, best, &quantity).mean, low, high,
                  at_edge ? "  (the best lies at the edge of the sweep)" : "");
    return 0;
}

int sweep_print_bands(FILE *stream, const struct sweep *sweep)
{
    int status = 0;
    if (sweep->design != SWEEP_GRID || sweep->axes[0].count < 2) {
        return 0; /* bands run along an axis */
    }
    (void)fprintf(stream,
                  "\nAlong %s: the best point and the band not significantly worse (paired 95 %% "
                  "intervals)\n",
                  sweep->axes[0].row->name);
    for (size_t point = 0; point < sweep->points / sweep->axes[0].count; point++) {
        (void)fputs("\n", stream);
        for (size_t a = 1; a < sweep->axis_count; a++) {
            (void)fprintf(stream, "%s%s = %g", a > 1 ? ", " : "", sweep->axes[a].row->name,
                          coordinate(sweep, point, a));
        }
        (void)fputs(sweep->axis_count > 1 ? "\n" : "", stream);
        for (size_t o = 0; o < OBJECTIVE_COUNT; o++) {
            TRY(print_band(stream, sweep, &objectives[o], point));
        }
    }
out:
    return status;
}

static int write_axes(struct results_file *file, const void *context)
{
    int status = 0;
    const struct sweep *sweep = context;
    double *values = malloc(sweep->points * sizeof *values);
    const char **names = malloc(sweep->points * sizeof *names);
    if (values == NULL || names == NULL) {
        FAIL(ERROR_MEMORY, "no memory for the axes of the sweep");
    }
    for (size_t p = 0; p < sweep->points; p++) {
        names[p] = sweep->scenarios.names[p];
    }
    TRY(results_file_group(file, "/sweep", "What each scenario was given."));
    TRY(results_file_labels(file, "/sweep", "scenario", "Scenario.", sweep->points, names));
    for (size_t a = 0; a < sweep->axis_count; a++) {
        char name[96], path[128];
        const struct parameter_row *row = sweep->axes[a].row;
        (void)snprintf(name, sizeof name, "%s", row->name);
        *strchr(name, '.') = '_';
        for (size_t p = 0; p < sweep->points; p++) {
            values[p] = coordinate(sweep, p, a);
        }
        TRY(results_file_dataset(
            file, &(struct dataset_description){.group = "/sweep",
                                                .name = name,
                                                .units = row->unit[0] ? row->unit : "1",
                                                .long_name = row->meaning,
                                                .type = RESULTS_FLOAT64,
                                                .rank = 1,
                                                .dimensions = {"scenario"}}));
        (void)snprintf(path, sizeof path, "/sweep/%s", name);
        TRY(results_file_write(file, path, NULL, NULL, values));
    }
out:
    free(values);
    free(names);
    return status;
}

int sweep_write(const struct sweep *sweep, const char *path, bool force, const char *command,
                int threads)
{
    return scenario_file_write(&sweep->scenarios, path, force, command, threads, write_axes, sweep);
}
