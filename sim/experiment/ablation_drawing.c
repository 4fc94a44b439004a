/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The forest plot of an ablation
 */
#include "experiment/ablation_report.h"

#include "observe/groups.h"

#include <math.h>

/* Where the parts of the drawing stand, in SVG units. */
enum {
    ROW_HEIGHT = 30,
    TOP = 112,
    LABEL = 16,
    LEFT = 400,
    RIGHT = 800,
    NUMBERS = 824,
    WIDTH = 1120
};

/* A scale for shares of the full model's value, whole halves wide enough for all intervals. */
struct axis {
    double low, high;
};

static double share_of_full(const struct ablation_effect *effect, double value)
{
    return effect->full != 0.0 ? value / fabs(effect->full) : 0.0;
}

static struct axis make_axis(const struct ablation *ablation)
{
    struct axis axis = {-0.5, 0.5};
    for (int row = 0; row < THEORY_COUNT; row++) {
        const struct ablation_effect *e = &ablation->effects[row];
        axis.low = fmin(axis.low, floor(2.0 * share_of_full(e, e->measure.low)) / 2.0);
        axis.high = fmax(axis.high, ceil(2.0 * share_of_full(e, e->measure.high)) / 2.0);
    }
    return axis;
}

static double place(const struct axis *axis, double share)
{
    return LEFT + (RIGHT - LEFT) * (share - axis->low) / (axis->high - axis->low);
}

static void draw_axis(FILE *stream, const struct axis *axis, int bottom)
{
    const double step = axis->high - axis->low > 2.0 ? 1.0 : 0.5;
    const int first = (int)ceil(axis->low / step - 1e-9),
              last = (int)floor(axis->high / step + 1e-9);
    for (int t = first; t <= last; t++) {
        const double tick = t * step;
        const double x = place(axis, tick);
        const bool is_zero = fabs(tick) < 1e-9;
        (void)fprintf(stream,
                      "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"%s\"/>"
                      "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s%.0f %%</text>\n",
                      x, x, TOP - 10, bottom, is_zero ? "#333333" : "#dddddd", x, TOP - 16,
                      tick > 1e-9 ? "+" : "", is_zero ? 0.0 : 100.0 * tick);
    }
}

static void draw_row(FILE *stream, const struct axis *axis, const struct ablation_effect *effect,
                     int row)
{
    static const char *const colours[3] = {"#0072b2", "#d55e00", "#767676"};
    const struct estimate *e = &effect->measure;
    const double y = TOP + ROW_HEIGHT * row + 12.0;
    const double x = place(axis, share_of_full(effect, e->mean));
    const char *colour = colours[effect->verdict];
    (void)fprintf(stream,
                  "<text x=\"%d\" y=\"%.0f\" font-weight=\"bold\">%s</text>"
                  "<text x=\"%d\" y=\"%.0f\">%s</text>\n",
                  LABEL, y + 4.0, theory[row].id, LABEL + 44, y + 4.0, theory[row].measure);
    if (isfinite(e->low)) {
        (void)fprintf(stream,
                      "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.0f\" y2=\"%.0f\" stroke=\"%s\" "
                      "stroke-width=\"3\"/>",
                      place(axis, share_of_full(effect, e->low)),
                      place(axis, share_of_full(effect, e->high)), y, y, colour);
    }
    if (effect->verdict == VERDICT_CONFIRMED) {
        (void)fprintf(stream, "<circle cx=\"%.1f\" cy=\"%.0f\" r=\"5\" fill=\"%s\"/>", x, y,
                      colour);
    } else {
        (void)fprintf(stream, "<rect x=\"%.1f\" y=\"%.1f\" width=\"9\" height=\"9\" fill=\"%s\"/>",
                      x - 4.5, y - 4.5, colour);
    }
    (void)fprintf(stream, "<text x=\"%d\" y=\"%.0f\">%.3g (%.3g to %.3g), %s</text>\n", NUMBERS,
                  y + 4.0, e->mean, e->low, e->high, verdict_names[effect->verdict]);
}

void ablation_draw(FILE *stream, const struct ablation *ablation, const char *title)
{
    const int bottom = TOP + ROW_HEIGHT * THEORY_COUNT;
    const struct axis axis = make_axis(ablation);
    char group[GROUP_NAME_SIZE];
    group_name(ablation->plan.group, group);
    (void)fprintf(stream,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
                  "aria-labelledby=\"title\" font-family=\"sans-serif\" font-size=\"13\">\n"
                  "<title id=\"title\">%s</title>\n"
                  "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n"
                  "<text x=\"%d\" y=\"30\" font-size=\"18\" font-weight=\"bold\">%s</text>\n",
                  WIDTH, bottom + 16, title, WIDTH, bottom + 16, LABEL, title);
    (void)fprintf(
        stream,
        "<text x=\"%d\" y=\"52\">Full model minus the model without the configuration, as a "
        "share of the full model's value: mean and 95 %% interval over %zu replicates%s%s."
        "</text>\n"
        "<text x=\"%d\" y=\"70\">Circle: confirmed, the interval lies on the claimed side of "
        "0; square: not. Numbers at the right in the unit of the outcome.</text>\n",
        LABEL, ablation_replicates(ablation),
        ablation->plan.group == GROUP_ALL ? "" : "; only patients of the group ",
        ablation->plan.group == GROUP_ALL ? "" : group, LABEL);
    draw_axis(stream, &axis, bottom);
    for (int row = 0; row < THEORY_COUNT; row++) {
        draw_row(stream, &axis, &ablation->effects[row], row);
    }
    (void)fputs("</svg>\n", stream);
}
