/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/ablation_report.h"

#include "observe/groups.h"

#include <math.h>
#include <stdlib.h>

enum { PAIR_COUNT = THEORY_COUNT * (THEORY_COUNT - 1) / 2, PAIRS_SHOWN = 5 };

static void print_effect(FILE *stream, const struct estimate *e)
{
    (void)fprintf(stream, "%10.4g (%10.4g to %10.4g)", e->mean, e->low, e->high);
}

static void print_effects(FILE *stream, const struct ablation *ablation)
{
    for (int row = 0; row < THEORY_COUNT; row++) {
        const struct ablation_effect *effect = &ablation->effects[row];
        const struct theory_configuration *t = &theory[row];
        (void)fprintf(stream, "%-4s %s -> %s\n", t->id, t->context, t->outcome);
        (void)fputs("     mechanism ", stream);
        print_effect(stream, &effect->variable);
        (void)fprintf(stream, "  %-12s %s\n     outcome   ",
                      verdict_names[effect->variable_verdict], t->variable);
        print_effect(stream, &effect->measure);
        (void)fprintf(stream, "  %-12s %s\n", verdict_names[effect->verdict], t->measure);
    }
}

static void print_headlines(FILE *stream, const struct ablation *ablation)
{
    (void)fputs("\nEffect on the headline outcomes (95 % interval in brackets)\n\n      ", stream);
    for (size_t h = 0; h < ablation->headline_count; h++) {
        (void)fprintf(stream, "%-27s", ablation->headlines[h].title);
    }
    (void)fputs("\n", stream);
    for (int row = 0; row < THEORY_COUNT; row++) {
        (void)fprintf(stream, "%-4s", theory[row].id);
        for (size_t h = 0; h < ablation->headline_count; h++) {
            const struct estimate *e = &ablation->effects[row].headline[h];
            (void)fprintf(stream, " %7.4f (%7.4f, %7.4f)", e->mean, e->low, e->high);
        }
        (void)fputs("\n", stream);
    }
}

static void print_verdicts(FILE *stream, const struct ablation *ablation)
{
    int counts[3] = {0, 0, 0};
    for (int row = 0; row < THEORY_COUNT; row++) {
        counts[ablation->effects[row].verdict]++;
    }
    (void)fprintf(
        stream,
        "\n%d of %d configurations confirmed, %d refuted, %d undetermined (%zu "
        "replicates).\nThis shows that the model works as the theory says; it is no "
        "evidence that the theory holds in life.\nWithout IS4 or AP3 their mechanism variable is "
        "0 by definition; that is so of no outcome.\n",
        counts[VERDICT_CONFIRMED], (int)THEORY_COUNT, counts[VERDICT_REFUTED],
        counts[VERDICT_UNDETERMINED], ablation_replicates(ablation));
}

/* A mean with half of its 95 % interval. */
static void print_half(FILE *stream, const struct estimate *e)
{
    (void)fprintf(stream, "  %9.3g +- %-8.2g", e->mean, e->high - e->mean);
}

static void print_doses(FILE *stream, const struct ablation *ablation)
{
    const struct ablation_plan *plan = &ablation->plan;
    (void)fputs("\nDose and response: each configuration at these strengths minus itself at "
                "strength 0\n(mean +- half of the 95 % interval)\n\nstrength      ",
                stream);
    for (size_t n = 0; n < plan->strength_count; n++) {
        (void)fprintf(stream, "  %9g            ", plan->strengths[n]);
    }
    (void)fputs("\n", stream);
    for (size_t row = 0; row < THEORY_COUNT; row++) {
        for (int outcome = 0; outcome < 2; outcome++) {
            (void)fprintf(stream, "%-4s %-9s", outcome ? "" : theory[row].id,
                          outcome ? "outcome" : "mechanism");
            for (size_t n = 0; n < plan->strength_count; n++) {
                const struct dose_effect *dose = ablation_dose(ablation, row, n);
                print_half(stream, outcome ? &dose->measure : &dose->variable);
            }
            (void)fputs("\n", stream);
        }
    }
}

struct pair {
    size_t a, b;
    const struct estimate *interaction;
};

static int by_size(const void *a, const void *b)
{
    const double x = fabs(((const struct pair *)a)->interaction->mean);
    const double y = fabs(((const struct pair *)b)->interaction->mean);
    return (x < y) - (x > y);
}

static void print_largest(FILE *stream, const struct ablation *ablation, size_t headline)
{
    struct pair pairs[PAIR_COUNT];
    size_t count = 0;
    for (size_t a = 0; a < THEORY_COUNT; a++) {
        for (size_t b = a + 1; b < THEORY_COUNT; b++) {
            const struct estimate *e = ablation_interaction(ablation, a, b, headline);
            if (e->low > 0.0 || e->high < 0.0) {
                pairs[count++] = (struct pair){a, b, e};
            }
        }
    }
    qsort(pairs, count, sizeof *pairs, by_size);
    (void)fprintf(stream, "%s: %zu of %d\n", ablation->headlines[headline].title, count,
                  (int)PAIR_COUNT);
    for (size_t n = 0; n < count && n < PAIRS_SHOWN; n++) {
        (void)fprintf(stream, "     %s with %s  ", theory[pairs[n].a].id, theory[pairs[n].b].id);
        print_effect(stream, pairs[n].interaction);
        (void)fputs("\n", stream);
    }
}

static void print_pairs(FILE *stream, const struct ablation *ablation)
{
    (void)fprintf(stream,
                  "\nInteractions: what two configurations do together beyond the sum of both. Of "
                  "the %d pairs\nthose whose 95 %% interval excludes 0 (some %.0f would by chance "
                  "alone), the largest %d first\n\n",
                  (int)PAIR_COUNT, 0.05 * PAIR_COUNT, (int)PAIRS_SHOWN);
    for (size_t h = 0; h < ablation->headline_count; h++) {
        print_largest(stream, ablation, h);
    }
}

static void print_shares(FILE *stream, const struct ablation *ablation)
{
    (void)fprintf(stream,
                  "\nShapley shares of the total effect, full model minus all configurations off "
                  "(%zu random orders,\n%zu replicates; mean +- half of the 95 %% interval, which "
                  "covers orders and replicates)\n\n    ",
                  ablation->plan.orders, ablation_replicates(ablation));
    for (size_t h = 0; h < ablation->headline_count; h++) {
        (void)fprintf(stream, "  %9s            ", ablation->headlines[h].title);
    }
    for (size_t row = 0; row < THEORY_COUNT; row++) {
        (void)fprintf(stream, "\n%-4s", theory[row].id);
        for (size_t h = 0; h < ablation->headline_count; h++) {
            print_half(stream, ablation_share(ablation, row, h));
        }
    }
    (void)fputs("\nall ", stream);
    for (size_t h = 0; h < ablation->headline_count; h++) {
        print_half(stream, &ablation->totals[h]);
    }
    (void)fputs("\n", stream);
}

void ablation_print(FILE *stream, const struct ablation *ablation)
{
    (void)fputs("Effect of each configuration: full model minus the model without it, same random "
                "numbers\n",
                stream);
    if (ablation->plan.group != GROUP_ALL) {
        char group[GROUP_NAME_SIZE];
        group_name(ablation->plan.group, group);
        (void)fprintf(stream, "Only patients of the group %s\n", group);
    }
    if (ablation->headline_count > HEADLINE_COUNT) {
        (void)fprintf(stream, "Chosen outcome: %s\n", ablation->headlines[HEADLINE_COUNT].outcome);
    }
    (void)fputs("\n", stream);
    print_effects(stream, ablation);
    print_headlines(stream, ablation);
    print_verdicts(stream, ablation);
    if (ablation->plan.strength_count > 0) {
        print_doses(stream, ablation);
    }
    if (ablation->plan.pairs) {
        print_pairs(stream, ablation);
    }
    if (ablation->plan.orders > 0) {
        print_shares(stream, ablation);
    }
}

/* What a line of the table is about; what is left out stays empty. */
struct line {
    const char *id, *second, *kind, *outcome, *verdict;
    const double *strength;
    size_t orders;
};

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static void csv_line(FILE *stream, const struct line *line, const struct estimate *e)
{
    (void)fprintf(stream, "%s,%s,%s,%.9g,%.9g,%.9g,%.9g,%zu,%s,%s,", or_empty(line->id), line->kind,
                  line->outcome, e->mean, e->standard_error, e->low, e->high, e->replicates,
                  or_empty(line->verdict), or_empty(line->second));
    if (line->strength != NULL) {
        (void)fprintf(stream, "%.9g", *line->strength);
    }
    (void)fputs(",", stream);
    if (line->orders > 0) {
        (void)fprintf(stream, "%zu", line->orders);
    }
    (void)fputs("\n", stream);
}

static void csv_effects(FILE *stream, const struct ablation *ablation, size_t row)
{
    const struct ablation_effect *effect = &ablation->effects[row];
    struct line line = {.id = theory[row].id};
    line.kind = "mechanism";
    line.outcome = theory[row].variable;
    line.verdict = verdict_names[effect->variable_verdict];
    csv_line(stream, &line, &effect->variable);
    line.kind = "outcome";
    line.outcome = theory[row].measure;
    line.verdict = verdict_names[effect->verdict];
    csv_line(stream, &line, &effect->measure);
    line.kind = "headline";
    line.verdict = NULL;
    for (size_t h = 0; h < ablation->headline_count; h++) {
        line.outcome = ablation->headlines[h].outcome;
        csv_line(stream, &line, &effect->headline[h]);
    }
}

static void csv_doses(FILE *stream, const struct ablation *ablation, size_t row)
{
    struct line line = {.id = theory[row].id};
    for (size_t n = 0; n < ablation->plan.strength_count; n++) {
        const struct dose_effect *dose = ablation_dose(ablation, row, n);
        line.strength = &ablation->plan.strengths[n];
        line.kind = "dose_mechanism";
        line.outcome = theory[row].variable;
        csv_line(stream, &line, &dose->variable);
        line.kind = "dose_outcome";
        line.outcome = theory[row].measure;
        csv_line(stream, &line, &dose->measure);
    }
}

static void csv_pairs(FILE *stream, const struct ablation *ablation, size_t a)
{
    struct line line = {.id = theory[a].id, .kind = "interaction"};
    for (size_t b = a + 1; b < THEORY_COUNT; b++) {
        line.second = theory[b].id;
        for (size_t h = 0; h < ablation->headline_count; h++) {
            line.outcome = ablation->headlines[h].outcome;
            csv_line(stream, &line, ablation_interaction(ablation, a, b, h));
        }
    }
}

static void csv_shares(FILE *stream, const struct ablation *ablation)
{
    for (size_t h = 0; h < ablation->headline_count; h++) {
        struct line line = {.kind = "share",
                            .outcome = ablation->headlines[h].outcome,
                            .orders = ablation->plan.orders};
        for (size_t row = 0; row < THEORY_COUNT; row++) {
            line.id = theory[row].id;
            csv_line(stream, &line, ablation_share(ablation, row, h));
        }
        line = (struct line){.kind = "total", .outcome = ablation->headlines[h].outcome};
        csv_line(stream, &line, &ablation->totals[h]);
    }
}

void ablation_print_csv(FILE *stream, const struct ablation *ablation)
{
    (void)fputs("configuration,kind,outcome,effect,standard_error,low,high,replicates,verdict,"
                "configuration2,strength,orders\n",
                stream);
    for (size_t row = 0; row < THEORY_COUNT; row++) {
        csv_effects(stream, ablation, row);
    }
    for (size_t row = 0; row < THEORY_COUNT; row++) {
        csv_doses(stream, ablation, row);
    }
    for (size_t row = 0; row < THEORY_COUNT && ablation->plan.pairs; row++) {
        csv_pairs(stream, ablation, row);
    }
    if (ablation->plan.orders > 0) {
        csv_shares(stream, ablation);
    }
}
