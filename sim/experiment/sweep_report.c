/* SPDX-License-Identifier: GPL-3.0-or-later */
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

void sweep_print(FILE *stream, const struct sweep *sweep)
{
    const struct results *results = &sweep->scenarios.results;
    (void)fprintf(stream,
                  "%zu points, %zu replicates each; means (results files and --csv hold the "
                  "intervals)\n\n",
                  sweep->points, results->replicate_count);
    for (size_t a = 0; a < sweep->axis_count; a++) {
        (void)fprintf(stream, "%16.16s", strrchr(sweep->axes[a].row->name, '.') + 1);
    }
    for (size_t c = 0; c < COLUMN_COUNT; c++) {
        (void)fprintf(stream, "%10s", heads[c]);
    }
    (void)fputs("\n", stream);
    for (size_t point = 0; point < sweep->points; point++) {
        for (size_t a = 0; a < sweep->axis_count; a++) {
            (void)fprintf(stream, "%16g", coordinate(sweep, point, a));
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
            (void)fprintf(stream, ",%s,%s,%.9g,%.9g,%.9g,%.9g\n", results->list.outcomes[i].name,
                          results->list.outcomes[i].unit, e.mean, e.standard_error, e.low, e.high);
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

/* The drawing of the trade-off, in SVG units. */
enum { PLOT_LEFT = 80, PLOT_RIGHT = 700, PLOT_TOP = 70, PLOT_BOTTOM = 470 };

struct frame {
    double x_low, x_high, y_low, y_high;
};

static double across(const struct frame *f, double x)
{
    return PLOT_LEFT + (PLOT_RIGHT - PLOT_LEFT) * (x - f->x_low) / (f->x_high - f->x_low);
}

static double down(const struct frame *f, double y)
{
    return PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * (y - f->y_low) / (f->y_high - f->y_low);
}

static void draw_frame(FILE *stream, const struct frame *f)
{
    (void)fprintf(
        stream,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 540\" role=\"img\" "
        "aria-labelledby=\"title\" font-family=\"sans-serif\" font-size=\"13\">\n"
        "<title id=\"title\">Reach against relationship</title>\n"
        "<rect width=\"760\" height=\"540\" fill=\"white\"/>\n"
        "<text x=\"16\" y=\"28\" font-size=\"18\" font-weight=\"bold\">Reach against "
        "relationship</text>\n"
        "<text x=\"16\" y=\"48\">Each circle a point of the sweep; filled: no other point is "
        "better in both (the frontier).</text>\n");
    for (int tick = 0; tick <= 4; tick++) {
        const double x = f->x_low + (f->x_high - f->x_low) * tick / 4.0;
        const double y = f->y_low + (f->y_high - f->y_low) * tick / 4.0;
        (void)fprintf(stream,
                      "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#dddddd\"/>"
                      "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.3g</text>\n"
                      "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>"
                      "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.3g</text>\n",
                      across(f, x), across(f, x), PLOT_TOP, PLOT_BOTTOM, across(f, x),
                      PLOT_BOTTOM + 18, x, PLOT_LEFT, PLOT_RIGHT, down(f, y), down(f, y),
                      PLOT_LEFT - 6, down(f, y) + 4.0, y);
    }
    (void)fprintf(
        stream,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">people connected a link worker's post and "
        "year</text>\n"
        "<text x=\"18\" y=\"%d\" transform=\"rotate(-90 18 %d)\" text-anchor=\"middle\">trust 13 "
        "weeks after the first session</text>\n",
        (PLOT_LEFT + PLOT_RIGHT) / 2, PLOT_BOTTOM + 42, (PLOT_TOP + PLOT_BOTTOM) / 2,
        (PLOT_TOP + PLOT_BOTTOM) / 2);
}

static struct frame make_frame(const struct estimate *reach, const struct estimate *trust, size_t n)
{
    struct frame f = {INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (size_t p = 0; p < n; p++) {
        f.x_low = fmin(f.x_low, reach[p].mean);
        f.x_high = fmax(f.x_high, reach[p].mean);
        f.y_low = fmin(f.y_low, trust[p].mean);
        f.y_high = fmax(f.y_high, trust[p].mean);
    }
    const double x_room = fmax(0.05 * (f.x_high - f.x_low), 1e-6);
    const double y_room = fmax(0.05 * (f.y_high - f.y_low), 1e-6);
    return (struct frame){f.x_low - x_room, f.x_high + x_room, f.y_low - y_room, f.y_high + y_room};
}

static bool is_on_frontier(const struct estimate *reach, const struct estimate *trust, size_t n,
                           size_t point)
{
    for (size_t p = 0; p < n; p++) {
        if (reach[p].mean > reach[point].mean && trust[p].mean > trust[point].mean) {
            return false;
        }
    }
    return true;
}

/* A line along the first axis for each combination of the others, with what they are at its end. */
static void draw_lines(FILE *stream, const struct sweep *sweep, const struct frame *f,
                       const struct estimate *reach, const struct estimate *trust)
{
    const size_t count = sweep->design == SWEEP_GRID ? sweep->axes[0].count : 0;
    const size_t lines = count > 0 ? sweep->points / count : 0;
    for (size_t line = 0; line < lines; line++) {
        (void)fputs("<polyline fill=\"none\" stroke=\"#999999\" points=\"", stream);
        for (size_t n = 0; n < count; n++) {
            const size_t p = n * lines + line;
            (void)fprintf(stream, "%.1f,%.1f ", across(f, reach[p].mean), down(f, trust[p].mean));
        }
        const size_t last = (count - 1) * lines + line;
        (void)fprintf(stream,
                      "\"/>\n<text x=\"%.1f\" y=\"%.1f\" font-size=\"11\" text-anchor=\"middle\">",
                      across(f, reach[last].mean), down(f, trust[last].mean) + 18.0);
        for (size_t a = 1; a < sweep->axis_count; a++) {
            (void)fprintf(stream, "%s%.12s %g", a > 1 ? ", " : "",
                          strrchr(sweep->axes[a].row->name, '.') + 1, coordinate(sweep, last, a));
        }
        (void)fputs("</text>\n", stream);
    }
}

int sweep_draw(FILE *stream, const struct sweep *sweep)
{
    int status = 0;
    const struct results *results = &sweep->scenarios.results;
    const size_t n = sweep->points;
    struct estimate *reach = malloc(n * sizeof *reach), *trust = malloc(n * sizeof *trust);
    if (reach == NULL || trust == NULL) {
        FAIL(ERROR_MEMORY, "no memory to draw %zu points", n);
    }
    for (size_t p = 0; p < n; p++) {
        reach[p] = results_named(results, p, objectives[0].outcome);
        trust[p] = results_named(results, p, objectives[2].outcome);
    }
    const struct frame f = make_frame(reach, trust, n);
    draw_frame(stream, &f);
    draw_lines(stream, sweep, &f, reach, trust);
    for (size_t p = 0; p < n; p++) {
        const bool best = is_on_frontier(reach, trust, n, p);
        (void)fprintf(stream,
                      "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"%s\" stroke=\"#0072b2\" "
                      "stroke-width=\"1.5\"><title>%s</title></circle>\n",
                      across(&f, reach[p].mean), down(&f, trust[p].mean),
                      best ? "#0072b2" : "white", sweep->scenarios.names[p]);
    }
    (void)fputs("</svg>\n", stream);
out:
    free(reach);
    free(trust);
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
