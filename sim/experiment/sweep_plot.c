/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The drawing of the trade-off of a sweep, as SVG
 *
 * Each point: people connected a post and year against trust. A grid has a line along its first axis
 * for each combination of the others, numbered at its end and named below the drawing.
 */
#include "base/error.h"
#include "experiment/sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEFT = 80,
    RIGHT = 720,
    TOP = 70,
    BOTTOM = 470,
    FOOT = 530, /* where the names of lines begin */
    LINE_HEIGHT = 19,
    MOST_NAMED = 14,
    NEAR = 17 /* labels closer than this to another are left out */
};

struct frame {
    double x_low, x_high, y_low, y_high;
};

struct plot {
    const struct sweep *sweep;
    struct estimate *reach, *trust; /* [point] */
    struct frame frame;
    size_t lines, along; /* lines of a grid and points on each; 0 lines: no grid */
    size_t label_count;
    double labels[64][2];
};

static double across(const struct plot *plot, double x)
{
    return LEFT +
           (RIGHT - LEFT) * (x - plot->frame.x_low) / (plot->frame.x_high - plot->frame.x_low);
}

static double down(const struct plot *plot, double y)
{
    return BOTTOM -
           (BOTTOM - TOP) * (y - plot->frame.y_low) / (plot->frame.y_high - plot->frame.y_low);
}

/* A step of 1, 2 or 5 times a power of ten that makes about five ticks. */
static double tick_step(double low, double high)
{
    const double rough = (high - low) / 5.0;
    const double power = pow(10.0, floor(log10(rough)));
    const double digit = rough / power;
    return power * (digit < 1.5 ? 1.0 : digit < 3.5 ? 2.0 : digit < 7.5 ? 5.0 : 10.0);
}

static void draw_ticks(FILE *stream, const struct plot *plot)
{
    const struct frame *f = &plot->frame;
    const double x_step = tick_step(f->x_low, f->x_high), y_step = tick_step(f->y_low, f->y_high);
    for (double x = ceil(f->x_low / x_step); x * x_step <= f->x_high; x += 1.0) {
        const double at = across(plot, x * x_step);
        (void)fprintf(stream,
                      "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#dddddd\"/>"
                      "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%g</text>\n",
                      at, at, TOP, BOTTOM, at, BOTTOM + 20, x * x_step);
    }
    for (double y = ceil(f->y_low / y_step); y * y_step <= f->y_high; y += 1.0) {
        const double at = down(plot, y * y_step);
        (void)fprintf(stream,
                      "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>"
                      "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n",
                      LEFT, RIGHT, at, at, LEFT - 8, at + 4.5, y * y_step);
    }
}

static void draw_frame(FILE *stream, const struct plot *plot, int height)
{
    (void)fprintf(
        stream,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 %d\" role=\"img\" "
        "aria-labelledby=\"title\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#1a1a1a\">\n"
        "<title id=\"title\">Reach against relationship</title>\n"
        "<rect width=\"760\" height=\"%d\" fill=\"white\"/>\n"
        "<text x=\"16\" y=\"28\" font-size=\"18\" font-weight=\"bold\">Reach against "
        "relationship</text>\n"
        "<text x=\"16\" y=\"50\">Each circle a point of the sweep; filled: no other point is "
        "better in both (numbers: ",
        height, height);
    (void)fprintf(stream, "%s).</text>\n", strrchr(plot->sweep->axes[0].row->name, '.') + 1);
    draw_ticks(stream, plot);
    (void)fprintf(
        stream,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">people connected, a link worker's post and "
        "year</text>\n"
        "<text x=\"22\" y=\"%d\" transform=\"rotate(-90 22 %d)\" text-anchor=\"middle\">trust 13 "
        "weeks after the first session</text>\n",
        (LEFT + RIGHT) / 2, BOTTOM + 44, (TOP + BOTTOM) / 2, (TOP + BOTTOM) / 2);
}

static void make_frame(struct plot *plot)
{
    struct frame f = {INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (size_t p = 0; p < plot->sweep->points; p++) {
        f.x_low = fmin(f.x_low, plot->reach[p].mean);
        f.x_high = fmax(f.x_high, plot->reach[p].mean);
        f.y_low = fmin(f.y_low, plot->trust[p].mean);
        f.y_high = fmax(f.y_high, plot->trust[p].mean);
    }
    const double x_room = fmax(0.06 * (f.x_high - f.x_low), 1e-6);
    const double y_room = fmax(0.06 * (f.y_high - f.y_low), 1e-6);
    plot->frame =
        (struct frame){f.x_low - x_room, f.x_high + x_room, f.y_low - y_room, f.y_high + y_room};
}

static bool is_on_frontier(const struct plot *plot, size_t point)
{
    for (size_t p = 0; p < plot->sweep->points; p++) {
        if (plot->reach[p].mean > plot->reach[point].mean &&
            plot->trust[p].mean > plot->trust[point].mean) {
            return false;
        }
    }
    return true;
}

/* A short text, with a white rim so that it can be read over lines; left out beside another. */
static void draw_label(FILE *stream, struct plot *plot, double x, double y, bool is_bold,
                       double value)
{
    const size_t room = sizeof plot->labels / sizeof plot->labels[0];
    for (size_t n = 0; n < plot->label_count; n++) {
        if (hypot(plot->labels[n][0] - x, plot->labels[n][1] - y) < NEAR) {
            return;
        }
    }
    if (plot->label_count == room) {
        return;
    }
    plot->labels[plot->label_count][0] = x;
    plot->labels[plot->label_count++][1] = y;
    const char *look = is_bold ? "font-weight=\"bold\" fill=\"#00507d\"" : "fill=\"#1a1a1a\"";
    const char *const layers[] = {"stroke=\"white\" stroke-width=\"4\"", look};
    for (int layer = 0; layer < 2; layer++) {
        (void)fprintf(stream, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\"%s %s>%g</text>\n",
                      x, y, is_bold && layer == 0 ? " font-weight=\"bold\"" : "", layers[layer],
                      value);
    }
}

static void draw_lines(FILE *stream, const struct plot *plot)
{
    for (size_t line = 0; line < plot->lines; line++) {
        (void)fputs("<polyline fill=\"none\" stroke=\"#8c8c8c\" points=\"", stream);
        for (size_t n = 0; n < plot->along; n++) {
            const size_t p = n * plot->lines + line;
            (void)fprintf(stream, "%.1f,%.1f ", across(plot, plot->reach[p].mean),
                          down(plot, plot->trust[p].mean));
        }
        (void)fputs("\"/>\n", stream);
    }
}

static void draw_points(FILE *stream, const struct plot *plot)
{
    for (size_t p = 0; p < plot->sweep->points; p++) {
        if (!isfinite(plot->reach[p].mean) || !isfinite(plot->trust[p].mean)) {
            continue;
        }
        (void)fprintf(stream,
                      "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\" fill=\"%s\" stroke=\"#0072b2\" "
                      "stroke-width=\"1.5\"><title>%s</title></circle>\n",
                      across(plot, plot->reach[p].mean), down(plot, plot->trust[p].mean),
                      is_on_frontier(plot, p) ? "#0072b2" : "white",
                      plot->sweep->scenarios.names[p]);
    }
}

static void draw_labels(FILE *stream, struct plot *plot)
{
    const struct sweep *sweep = plot->sweep;
    for (size_t p = 0; p < sweep->points; p++) {
        if (is_on_frontier(plot, p) && isfinite(plot->reach[p].mean)) {
            draw_label(stream, plot, across(plot, plot->reach[p].mean),
                       down(plot, plot->trust[p].mean) - 10.0, false,
                       sweep->coordinates[p * sweep->axis_count]);
        }
    }
    for (size_t line = 0; line < plot->lines && plot->lines > 1; line++) {
        const size_t last = (plot->along - 1) * plot->lines + line;
        if (plot->lines <= MOST_NAMED && isfinite(plot->reach[last].mean)) {
            draw_label(stream, plot, across(plot, plot->reach[last].mean),
                       down(plot, plot->trust[last].mean) + 20.0, true, (double)line + 1.0);
        }
    }
}

/* What the numbers at the ends of the lines stand for. */
static void draw_names(FILE *stream, const struct plot *plot)
{
    const struct sweep *sweep = plot->sweep;
    for (size_t line = 0; line < plot->lines; line++) {
        (void)fprintf(stream,
                      "<text x=\"%d\" y=\"%zu\"><tspan font-weight=\"bold\" "
                      "fill=\"#00507d\">%zu</tspan>",
                      LEFT, FOOT + 8 + line * LINE_HEIGHT, line + 1);
        for (size_t a = 1; a < sweep->axis_count; a++) {
            (void)fprintf(stream, "%s%s %g", a > 1 ? ", " : "&#160;&#160;",
                          strrchr(sweep->axes[a].row->name, '.') + 1,
                          sweep->coordinates[line * sweep->axis_count + a]);
        }
        (void)fputs("</text>\n", stream);
    }
}

int sweep_draw(FILE *stream, const struct sweep *sweep)
{
    int status = 0;
    struct plot *plot = calloc(1, sizeof *plot);
    struct estimate *estimates = malloc(2 * sweep->points * sizeof *estimates);
    if (plot == NULL || estimates == NULL) {
        FAIL(ERROR_MEMORY, "no memory to draw %zu points", sweep->points);
    }
    *plot = (struct plot){.sweep = sweep, .reach = estimates, .trust = &estimates[sweep->points]};
    for (size_t p = 0; p < sweep->points; p++) {
        plot->reach[p] =
            results_named(&sweep->scenarios.results, p, "service.connected_per_link_worker_year");
        plot->trust[p] =
            results_named(&sweep->scenarios.results, p, "after_first_session.trust.week13");
    }
    if (sweep->design == SWEEP_GRID) {
        plot->along = sweep->axes[0].count;
        plot->lines = sweep->points / plot->along;
    }
    const bool has_names = plot->lines > 1 && plot->lines <= MOST_NAMED;
    make_frame(plot);
    draw_frame(stream, plot, FOOT + (has_names ? (int)plot->lines * LINE_HEIGHT : 0));
    draw_lines(stream, plot);
    draw_points(stream, plot);
    draw_labels(stream, plot);
    if (has_names) {
        draw_names(stream, plot);
    }
    (void)fputs("</svg>\n", stream);
out:
    free(estimates);
    free(plot);
    return status;
}
