/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/theory_report.h"

#include <math.h>
#include <string.h>

void theory_print(FILE *stream)
{
    for (int row = 0; row < THEORY_COUNT; row++) {
        const struct theory_configuration *t = &theory[row];
        (void)fprintf(stream, "%s  %s -> %s -> %s.\n", t->id, t->context, t->mechanism, t->outcome);
        (void)fprintf(stream, "     strength mechanisms.%s; %s: %s\n", t->id, t->file, t->equation);
        (void)fprintf(stream, "     mechanism  %s  %s\n", t->variable,
                      t->variable_sign > 0 ? "higher" : "lower");
        (void)fprintf(stream, "     outcome    %s  %s\n\n", t->measure,
                      t->measure_sign > 0 ? "higher" : "lower");
    }
}

void theory_print_markdown(FILE *stream)
{
    (void)fputs("| id | context | mechanism | outcome | file | equation | mechanism variable | "
                "outcome measure |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n",
                stream);
    for (int row = 0; row < THEORY_COUNT; row++) {
        const struct theory_configuration *t = &theory[row];
        (void)fprintf(stream, "| %s | %s | %s | %s | %s | `%s` | %s %s | %s %s |\n", t->id,
                      t->context, t->mechanism, t->outcome, t->file, t->equation, t->variable,
                      t->variable_sign > 0 ? "higher" : "lower", t->measure,
                      t->measure_sign > 0 ? "higher" : "lower");
    }
}

void theory_print_json(FILE *stream)
{
    (void)fputs("[\n", stream);
    for (int row = 0; row < THEORY_COUNT; row++) {
        const struct theory_configuration *t = &theory[row];
        (void)fprintf(
            stream,
            "  {\"id\": \"%s\", \"context\": \"%s\", \"mechanism\": \"%s\", \"outcome\": \"%s\", "
            "\"strength\": \"mechanisms.%s\", \"file\": \"%s\", \"equation\": \"%s\", "
            "\"variable\": \"%s\", \"variable_sign\": %d, \"measure\": \"%s\", "
            "\"measure_sign\": %d}%s\n",
            t->id, t->context, t->mechanism, t->outcome, t->id, t->file, t->equation, t->variable,
            t->variable_sign, t->measure, t->measure_sign, row + 1 < THEORY_COUNT ? "," : "");
    }
    (void)fputs("]\n", stream);
}

static void print_effect(FILE *stream, const struct estimate *e)
{
    (void)fprintf(stream, "%10.4g (%10.4g to %10.4g)", e->mean, e->low, e->high);
}

static void print_headlines(FILE *stream, const struct ablation *ablation)
{
    (void)fputs("\nEffect on the headline outcomes (95 % interval in brackets)\n\n      ", stream);
    for (int h = 0; h < HEADLINE_COUNT; h++) {
        (void)fprintf(stream, "%-27s", headlines[h].title);
    }
    (void)fputs("\n", stream);
    for (int row = 0; row < THEORY_COUNT; row++) {
        (void)fprintf(stream, "%-4s", theory[row].id);
        for (int h = 0; h < HEADLINE_COUNT; h++) {
            const struct estimate *e = &ablation->effects[row].headline[h];
            (void)fprintf(stream, " %7.4f (%7.4f, %7.4f)", e->mean, e->low, e->high);
        }
        (void)fputs("\n", stream);
    }
}

void ablation_print(FILE *stream, const struct ablation *ablation)
{
    int confirmed = 0, refuted = 0;
    (void)fputs("Effect of each configuration: full model minus the model without it, same random "
                "numbers\n\n",
                stream);
    for (int row = 0; row < THEORY_COUNT; row++) {
        const struct ablation_effect *effect = &ablation->effects[row];
        const struct theory_configuration *t = &theory[row];
        confirmed += effect->verdict == VERDICT_CONFIRMED;
        refuted += effect->verdict == VERDICT_REFUTED;
        (void)fprintf(stream, "%-4s %s -> %s\n", t->id, t->context, t->outcome);
        (void)fputs("     mechanism ", stream);
        print_effect(stream, &effect->variable);
        (void)fprintf(stream, "  %-12s %s\n     outcome   ",
                      verdict_names[effect->variable_verdict], t->variable);
        print_effect(stream, &effect->measure);
        (void)fprintf(stream, "  %-12s %s\n", verdict_names[effect->verdict], t->measure);
    }
    print_headlines(stream, ablation);
    (void)fprintf(
        stream,
        "\n%d of %d configurations confirmed, %d refuted, %d undetermined (%zu "
        "replicates).\nThis shows that the model works as the theory says; it is no "
        "evidence that the theory holds in life.\nWhere the mechanism and the outcome are "
        "counts of the same thing (AP3, RD2), the sign follows from the definition.\n",
        confirmed, (int)THEORY_COUNT, refuted, (int)THEORY_COUNT - confirmed - refuted,
        ablation->scenarios.results.replicate_count);
}

static void csv_line(FILE *stream, const char *id, const char *kind, const char *outcome,
                     const struct estimate *e, const char *verdict)
{
    (void)fprintf(stream, "%s,%s,%s,%.9g,%.9g,%.9g,%.9g,%zu,%s\n", id, kind, outcome, e->mean,
                  e->standard_error, e->low, e->high, e->replicates, verdict);
}

void ablation_print_csv(FILE *stream, const struct ablation *ablation)
{
    (void)fputs("configuration,kind,outcome,effect,standard_error,low,high,replicates,verdict\n",
                stream);
    for (int row = 0; row < THEORY_COUNT; row++) {
        const struct ablation_effect *effect = &ablation->effects[row];
        csv_line(stream, theory[row].id, "mechanism", theory[row].variable, &effect->variable,
                 verdict_names[effect->variable_verdict]);
        csv_line(stream, theory[row].id, "outcome", theory[row].measure, &effect->measure,
                 verdict_names[effect->verdict]);
        for (int h = 0; h < HEADLINE_COUNT; h++) {
            csv_line(stream, theory[row].id, "headline", headlines[h].outcome, &effect->headline[h],
                     "");
        }
    }
}

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
        "share of the full model's value: mean and 95 %% interval over %zu replicates.</text>\n"
        "<text x=\"%d\" y=\"70\">Circle: confirmed, the interval lies on the claimed side of "
        "0; square: not. Numbers at the right in the unit of the outcome.</text>\n",
        LABEL, ablation->scenarios.results.replicate_count, LABEL);
    draw_axis(stream, &axis, bottom);
    for (int row = 0; row < THEORY_COUNT; row++) {
        draw_row(stream, &axis, &ablation->effects[row], row);
    }
    (void)fputs("</svg>\n", stream);
}
