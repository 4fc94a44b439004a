/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cost-effectiveness plane beside the acceptability curves, SVG
 */
#include "base/error.h"
#include "experiment/economics.h"

#include <math.h>

enum { WIDTH = 1120, HEIGHT = 600, TOP = 90, BOTTOM = 480, TICKS = 5, COLOURS = 8 };

/* Told apart by people with any colour vision (Okabe and Ito); the comparator comes first. */
static const char *const colours[COLOURS] = {"#555555", "#0072b2", "#d55e00", "#009e73",
                                             "#cc79a7", "#e69f00", "#56b4e9", "#000000"};

/* A panel: where it is in the picture, and what its edges stand for. */
struct panel {
    double left, right;
    double x_low, x_high, y_low, y_high;
};

static double across(const struct panel *p, double x)
{
    return p->left + (p->right - p->left) * (x - p->x_low) / (p->x_high - p->x_low);
}

static double down(const struct panel *p, double y)
{
    return BOTTOM - (BOTTOM - TOP) * (y - p->y_low) / (p->y_high - p->y_low);
}

static void print_text(FILE *stream, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '<' || *text == '&') {
            (void)fputs(*text == '<' ? "&lt;" : "&amp;", stream);
        } else {
            (void)fputc(*text, stream);
        }
    }
}

static void draw_line(FILE *stream, double x1, double y1, double x2, double y2, const char *style)
{
    (void)fprintf(stream, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>\n", x1, y1,
                  x2, y2, style);
}

/* The distance between ticks: 1, 2 or 5 times a power of ten, so that there are some five. */
static double tick_step(double range)
{
    const double least = range / TICKS, power = pow(10.0, floor(log10(least)));
    return power * (least <= power         ? 1.0
                    : least <= 2.0 * power ? 2.0
                    : least <= 5.0 * power ? 5.0
                                           : 10.0);
}

static void draw_ticks(FILE *stream, const struct panel *p)
{
    const double x_step = tick_step(p->x_high - p->x_low);
    const double y_step = tick_step(p->y_high - p->y_low);
    for (int n = (int)ceil(p->x_low / x_step); n * x_step <= p->x_high; n++) {
        const double x = n * x_step;
        draw_line(stream, across(p, x), TOP, across(p, x), BOTTOM, "stroke=\"#dddddd\"");
        (void)fprintf(
            stream,
            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" font-size=\"11\">%.4g</text>\n",
            across(p, x), BOTTOM + 16, x);
    }
    for (int n = (int)ceil(p->y_low / y_step); n * y_step <= p->y_high; n++) {
        const double y = n * y_step;
        draw_line(stream, p->left, down(p, y), p->right, down(p, y), "stroke=\"#dddddd\"");
        (void)fprintf(
            stream,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\" font-size=\"11\">%.4g</text>\n",
            p->left - 6.0, down(p, y) + 4.0, y);
    }
}

static void draw_panel(FILE *stream, const struct panel *p, const char *title, const char *x_title,
                       const char *y_title)
{
    draw_ticks(stream, p);
    (void)fprintf(stream,
                  "<text x=\"%.1f\" y=\"%d\" font-weight=\"bold\">%s</text>\n"
                  "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n"
                  "<text x=\"%.1f\" y=\"%d\" transform=\"rotate(-90 %.1f %d)\" "
                  "text-anchor=\"middle\">%s</text>\n",
                  p->left, TOP - 18, title, 0.5 * (p->left + p->right), BOTTOM + 36, x_title,
                  p->left - 56.0, (TOP + BOTTOM) / 2, p->left - 56.0, (TOP + BOTTOM) / 2, y_title);
}

/* ---- the plane ---- */

static double more(const struct economics *e, struct weights weights, size_t set, size_t option)
{
    const struct decision *d = &e->groups[0];
    return decision_mean(d, weights, set, option) - decision_mean(d, weights, set, 0);
}

/* Edges around all points and 0, with some room. */
static void set_edges(const struct economics *e, struct weights weights, double *low, double *high)
{
    *low = *high = 0.0;
    for (size_t o = 1; o < e->option_count; o++) {
        for (size_t k = 0; k < e->set_count; k++) {
            *low = fmin(*low, more(e, weights, k, o));
            *high = fmax(*high, more(e, weights, k, o));
        }
    }
    const double room = fmax(0.06 * (*high - *low), 1e-9);
    *low -= room;
    *high += room;
}

/* The line of net benefit 0, as far as it lies in the panel. */
static void draw_threshold(FILE *stream, const struct panel *p, double threshold)
{
    const double x1 = fmax(p->x_low, p->y_low / threshold);
    const double x2 = fmin(p->x_high, p->y_high / threshold);
    draw_line(stream, across(p, x1), down(p, threshold * x1), across(p, x2),
              down(p, threshold * x2), "stroke=\"#555555\" stroke-dasharray=\"6 4\"");
}

static void draw_plane(FILE *stream, const struct economics *e)
{
    char x_title[96];
    struct panel p = {.left = 90, .right = 520};
    set_edges(e, of_effect, &p.x_low, &p.x_high);
    set_edges(e, of_cost, &p.y_low, &p.y_high);
    (void)snprintf(x_title, sizeof x_title, "more effect, %ss a person", economics_unit(e));
    draw_panel(stream, &p, "Cost-effectiveness plane", x_title, "more cost, GBP a person");
    draw_line(stream, across(&p, 0.0), TOP, across(&p, 0.0), BOTTOM, "stroke=\"#777777\"");
    draw_line(stream, p.left, down(&p, 0.0), p.right, down(&p, 0.0), "stroke=\"#777777\"");
    if (isfinite(e->threshold)) {
        draw_threshold(stream, &p, e->threshold);
    }
    for (size_t o = 1; o < e->option_count; o++) {
        const char *colour = colours[o % COLOURS];
        double x = 0.0, y = 0.0;
        for (size_t k = 0; k < e->set_count; k++) {
            const double effect = more(e, of_effect, k, o), cost = more(e, of_cost, k, o);
            x += effect / (double)e->set_count;
            y += cost / (double)e->set_count;
            (void)fprintf(stream,
                          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\" "
                          "fill-opacity=\"0.35\"/>\n",
                          across(&p, effect), down(&p, cost), colour);
        }
        (void)fprintf(stream,
                      "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"6\" fill=\"%s\" stroke=\"white\" "
                      "stroke-width=\"1.5\"/>\n",
                      across(&p, x), down(&p, y), colour);
    }
}

/* ---- the curves ---- */

static void draw_curves(FILE *stream, const struct economics *e)
{
    char x_title[96];
    double shares[MOST_OPTIONS];
    const struct panel p = {640, 1070, 0.0, e->thresholds[ECONOMICS_THRESHOLDS - 1], 0.0, 1.0};
    (void)snprintf(x_title, sizeof x_title, "threshold, GBP a %s", economics_unit(e));
    draw_panel(stream, &p, "Acceptability", x_title, "share of sets with the largest net benefit");
    if (isfinite(e->threshold)) {
        draw_line(stream, across(&p, e->threshold), TOP, across(&p, e->threshold), BOTTOM,
                  "stroke=\"#555555\" stroke-dasharray=\"6 4\"");
    }
    for (size_t o = 0; o < e->option_count; o++) {
        (void)fprintf(stream, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"",
                      colours[o % COLOURS]);
        for (size_t t = 0; t < ECONOMICS_THRESHOLDS; t++) {
            decision_acceptability(&e->groups[0], e->thresholds[t], shares);
            (void)fprintf(stream, "%.1f,%.1f ", across(&p, e->thresholds[t]), down(&p, shares[o]));
        }
        (void)fputs("\"/>\n", stream);
    }
    for (size_t t = 0; t < ECONOMICS_THRESHOLDS; t += 4) { /* the frontier: the option to choose */
        const size_t best = decision_best(&e->groups[0], e->thresholds[t]);
        decision_acceptability(&e->groups[0], e->thresholds[t], shares);
        (void)fprintf(stream,
                      "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"white\" stroke=\"%s\" "
                      "stroke-width=\"1.5\"/>\n",
                      across(&p, e->thresholds[t]), down(&p, shares[best]),
                      colours[best % COLOURS]);
    }
}

static void draw_legend(FILE *stream, const struct economics *e)
{
    for (size_t o = 0; o < e->option_count; o++) {
        const size_t row = o / 4;
        const double x = 90.0 + 250.0 * (double)(o % 4);
        const double y = BOTTOM + 64.0 + 18.0 * (double)row;
        (void)fprintf(stream, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"%s\"/>", x, y - 4.0,
                      colours[o % COLOURS]);
        (void)fprintf(stream, "<text x=\"%.1f\" y=\"%.1f\">", x + 10.0, y);
        print_text(stream, e->option_names[o]);
        (void)fputs(o == 0 ? " (comparator)</text>\n" : "</text>\n", stream);
    }
}

int economics_draw(FILE *stream, const struct economics *e)
{
    const int rows = (int)(e->option_count + 3) / 4;
    const int height = HEIGHT + 18 * (rows - 1);
    (void)fprintf(
        stream,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
        "aria-labelledby=\"title\" font-family=\"sans-serif\" font-size=\"13\">\n"
        "<title id=\"title\">Cost-effectiveness plane and acceptability curves</title>\n"
        "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n"
        "<text x=\"16\" y=\"28\" font-size=\"15\">Each dot a set of parameters; large: their mean. "
        "Dashed: the threshold. Rings: the option with the largest mean net benefit.</text>\n",
        WIDTH, height, WIDTH, height);
    draw_plane(stream, e);
    draw_curves(stream, e);
    draw_legend(stream, e);
    (void)fprintf(stream, "<text x=\"16\" y=\"%d\" fill=\"#a00000\">%s</text>\n</svg>\n",
                  height - 14, economics_caution(e));
    return 0;
}
