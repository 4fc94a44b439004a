/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What an economic evaluation prints, and its tables for R
 */
#include "base/error.h"
#include "experiment/economics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_PARAMETERS = 12 };

/* ---- for people ---- */

static const char *comparator(const struct economics *e)
{
    return e->option_names[0];
}

static bool has_programme_cost(const struct economics *e)
{
    for (size_t s = 0; s < e->scenarios.count; s++) {
        if (e->scenarios.configurations[s].parameters.cost.programme_post_year > 0.0) {
            return true;
        }
    }
    return false;
}

static void print_head(FILE *stream, const struct economics *e)
{
    const struct parameters *k = &e->comparison.scenarios.configurations[0].parameters;
    (void)fprintf(
        stream,
        "Economic evaluation against '%s': %zu sets of %zu uncertain parameters, %zu replicates "
        "each.\nGBP and %ss per person offered a referral, over %d weeks, discounted at %.3g %% a "
        "year.\n",
        comparator(e), e->set_count, e->parameter_count, e->scenarios.results.replicate_count,
        economics_unit(e), k->run.weeks, 100.0 * k->cost.discount_rate);
    if (economics_caution(e)[0] != '\0') {
        (void)fprintf(stream, "CAUTION: %s\n", economics_caution(e));
    }
    if (!has_programme_cost(e)) {
        (void)fputs(
            "Posts, places in use and GP consultations cost something, nothing else: what a "
            "scenario takes besides (training,\ninterpreters ...) counts only if it says so "
            "in cost.programme_post_year.\n",
            stream);
    }
    if (!e->same_people) {
        (void)fputs("Options offer to different people: each counts what its link workers change, "
                    "against none, per person offered in the base.\n",
                    stream);
    }
    (void)fputs(
        "In brackets: 95 % interval of the spread between sets, without what of it is chance, "
        "and of the error of the mean;\n+-: standard error of the mean; 'chance': share of the "
        "spread between sets that is chance (more replicates lower it).\n",
        stream);
}

static void print_spread(FILE *stream, const char *what, const char *unit, const struct spread *s)
{
    (void)fprintf(stream, "  %-22s %+12.4g +- %-9.2g (%+.4g to %+.4g)  chance %.0f %%  %s\n", what,
                  s->mean, s->error, s->low, s->high, 100.0 * s->chance, unit);
}

/* Shares of sets in the quadrants of the plane. */
static void print_quadrants(FILE *stream, const struct decision *d, size_t option)
{
    double share[2][2] = {{0.0}}; /* [more effect][more cost] */
    for (size_t k = 0; k < d->sets; k++) {
        const double dearer =
            decision_mean(d, of_cost, k, option) - decision_mean(d, of_cost, k, 0);
        const double better =
            decision_mean(d, of_effect, k, option) - decision_mean(d, of_effect, k, 0);
        share[better > 0.0][dearer > 0.0] += 100.0 / (double)d->sets;
    }
    (void)fprintf(stream,
                  "  of sets: more effect and dearer %.0f %%, more effect and not dearer %.0f %%, "
                  "no more effect and dearer %.0f %%, neither %.0f %%\n",
                  share[1][1], share[1][0], share[0][1], share[0][0]);
}

static void print_ratio(FILE *stream, const struct economics *e, size_t option, bool is_gain)
{
    const char *unit = economics_unit(e);
    const struct ratio ratio = decision_ratio(&e->groups[0], option);
    (void)(is_gain ? fprintf(stream, "  incremental cost-effectiveness ratio %.4g GBP/%s",
                             ratio.mean, unit)
                   : fprintf(stream, "  saves %.4g GBP for each %s given up", ratio.mean, unit));
    (void)(isfinite(ratio.low)
               ? fprintf(stream, " (of the means; 95 %% interval %.4g to %.4g)\n", ratio.low,
                         ratio.high)
               : fputs(" (of the means; unbounded: the interval of the effect includes 0)\n",
                       stream));
}

/* A ratio is given only where it means something. */
static void print_verdict(FILE *stream, const struct economics *e, size_t option,
                          const struct spread *cost, const struct spread *effect)
{
    if (!(fabs(effect->mean) > effect->margin)) {
        (void)fprintf(stream, "  no ratio: the mean effect cannot be told from 0%s\n",
                      !(fabs(cost->mean) > cost->margin) ? ", nor can the cost"
                      : cost->mean > 0.0                 ? ", while the option costs more"
                                                         : ", while the option costs less");
    } else if (!(fabs(cost->mean) > cost->margin)) {
        (void)fprintf(stream, "  no ratio: %s effect, while the mean cost cannot be told from 0\n",
                      effect->mean > 0.0 ? "more" : "less");
    } else if (effect->mean > 0.0 && cost->mean < 0.0) {
        (void)fputs("  dominates the comparator: more effect at less cost\n", stream);
    } else if (effect->mean < 0.0 && cost->mean > 0.0) {
        (void)fputs("  is dominated by the comparator: less effect at more cost\n", stream);
    } else {
        print_ratio(stream, e, option, effect->mean > 0.0);
    }
}

static void print_option(FILE *stream, const struct economics *e, size_t option)
{
    const struct decision *d = &e->groups[0];
    const struct spread cost = decision_increment(d, of_cost, option);
    const struct spread effect = decision_increment(d, of_effect, option);
    (void)fprintf(stream, "\n%s\n", e->option_names[option]);
    print_spread(stream, "more cost", "GBP", &cost);
    print_spread(stream, "more effect", economics_unit(e), &effect);
    if (isfinite(e->threshold)) {
        const struct spread benefit = decision_increment(d, of_net_benefit(e->threshold), option);
        print_spread(stream, "more net benefit", "GBP", &benefit);
    }
    print_verdict(stream, e, option, &cost, &effect);
    print_quadrants(stream, d, option);
}

static const char *const standing_words[] = {"on the frontier", "dominated",
                                             "dominated by a mixture of two others"};

static void print_frontier(FILE *stream, const struct economics *e)
{
    enum standing standings[MOST_OPTIONS];
    double ratios[MOST_OPTIONS], shares[MOST_OPTIONS] = {0.0};
    const bool has_threshold = isfinite(e->threshold);
    decision_frontier(&e->groups[0], standings, ratios);
    if (has_threshold) {
        decision_acceptability(&e->groups[0], e->threshold, shares);
    }
    (void)fprintf(stream, "\nAll options together\n  %-32s %14s  %s\n", "",
                  has_threshold ? "largest net b." : "", "by mean cost and effect");
    for (size_t o = 0; o < e->option_count; o++) {
        (void)fprintf(stream, "  %-32.32s", e->option_names[o]);
        (void)(has_threshold ? fprintf(stream, " %10.0f %%   ", 100.0 * shares[o])
                             : fprintf(stream, " %14s ", ""));
        (void)fprintf(stream, " %s", standing_words[standings[o]]);
        if (isfinite(ratios[o])) {
            (void)fprintf(stream, ", %.4g GBP/%s more than the one before", ratios[o],
                          economics_unit(e));
        }
        (void)fputs("\n", stream);
    }
}

struct ranked {
    size_t parameter;
    struct partial_information information;
};

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    const double value = y->information.value - x->information.value;
    const double explained = y->information.explained - x->information.explained;
    return value > 0.0       ? 1
           : value < 0.0     ? -1
           : explained > 0.0 ? 1
           : explained < 0.0 ? -1
                             : (x->parameter > y->parameter) - (x->parameter < y->parameter);
}

/* What each parameter alone is worth knowing, most first. The caller frees `*ranked`. */
static int rank_parameters(const struct economics *e, struct ranked **ranked)
{
    int status = 0;
    double *values = malloc(e->set_count * sizeof *values);
    struct ranked *list = calloc(e->parameter_count, sizeof *list);
    *ranked = NULL;
    if (values == NULL || list == NULL) {
        FAIL(ERROR_MEMORY, "no memory for %zu parameters", e->parameter_count);
    }
    for (size_t p = 0; p < e->parameter_count; p++) {
        for (size_t k = 0; k < e->set_count; k++) {
            values[k] = e->drawn[k * e->parameter_count + p];
        }
        list[p].parameter = p;
        TRY(decision_partial_information(&e->groups[0], e->threshold, values,
                                         &list[p].information));
    }
    qsort(list, e->parameter_count, sizeof *list, compare_ranked);
    *ranked = list;
    list = NULL;
out:
    free(values);
    free(list);
    return status;
}

static int print_information(FILE *stream, const struct economics *e)
{
    struct ranked *ranked = NULL;
    const struct information all = decision_information(&e->groups[0], e->threshold);
    (void)fprintf(stream,
                  "\nAt %.4g GBP/%s the option to choose now is '%s'.\nKnowing all uncertain "
                  "parameters before choosing is worth %.3g GBP a person (+- %.2g; %.3g before "
                  "the bias\nof few replicates is taken off). Of one parameter alone:\n"
                  "  %-40s %12s %22s\n",
                  e->threshold, economics_unit(e),
                  e->option_names[decision_best(&e->groups[0], e->threshold)], all.value, all.error,
                  all.uncorrected, "", "GBP a person", "of spread explained");
    const int status = rank_parameters(e, &ranked);
    for (size_t n = 0; status == 0 && n < e->parameter_count && n < SHOWN_PARAMETERS; n++) {
        (void)fprintf(stream, "  %-40s %12.3g %20.0f %%\n",
                      e->parameters[ranked[n].parameter]->name, ranked[n].information.value,
                      100.0 * ranked[n].information.explained);
    }
    (void)fprintf(
        stream, "  With %zu sets, chance alone lets one of %zu parameters explain up to %.0f %%.\n",
        e->set_count, e->parameter_count,
        100.0 * decision_explained_by_chance(e->set_count, e->parameter_count));
    free(ranked);
    return status;
}

static void print_quintiles(FILE *stream, const struct economics *e)
{
    (void)fprintf(stream,
                  "\nBy deprivation quintile (1 most deprived), per person of the quintile against "
                  "'%s'\n  %-28s %-10s %8s %26s %30s\n",
                  comparator(e), "", "", "people", "more cost, GBP", "more effect");
    for (size_t o = 1; o < e->option_count; o++) {
        for (size_t g = 1; g < ECONOMICS_GROUPS; g++) {
            const struct spread cost = decision_increment(&e->groups[g], of_cost, o);
            const struct spread effect = decision_increment(&e->groups[g], of_effect, o);
            (void)fprintf(stream,
                          "  %-28.28s %-10s %6.1f %%  %+8.4g (%+8.4g to %+8.4g)  %+9.4g (%+9.4g to "
                          "%+9.4g)\n",
                          g == 1 ? e->option_names[o] : "", economics_group(g),
                          100.0 * e->offered_share[g], cost.mean, cost.low, cost.high, effect.mean,
                          effect.low, effect.high);
        }
    }
}

int economics_print(FILE *stream, const struct economics *e)
{
    int status = 0;
    print_head(stream, e);
    for (size_t o = 1; o < e->option_count; o++) {
        print_option(stream, e, o);
    }
    print_frontier(stream, e);
    if (isfinite(e->threshold)) {
        TRY(print_information(stream, e));
    } else {
        (void)fprintf(stream,
                      "\nThere is no accepted value of a %s: give --threshold GBP for net benefit "
                      "and the value of information.\n",
                      economics_unit(e));
    }
    print_quintiles(stream, e);
out:
    return status;
}

/* ---- for R ---- */

static void print_quoted(FILE *stream, const char *text)
{
    (void)fputc('"', stream);
    for (; *text != '\0'; text++) {
        (void)fprintf(stream, "%s%c", *text == '"' ? "\"" : "", *text);
    }
    (void)fputc('"', stream);
}

static void print_options_head(FILE *stream, const struct economics *e)
{
    for (size_t o = 0; o < e->option_count; o++) {
        (void)fputs(o > 0 ? "," : "", stream);
        print_quoted(stream, e->option_names[o]);
    }
}

/* One row a set, one column an option: means over replicates. */
static void print_matrix(FILE *stream, const struct economics *e, struct weights weights)
{
    print_options_head(stream, e);
    (void)fputs("\n", stream);
    for (size_t k = 0; k < e->set_count; k++) {
        for (size_t o = 0; o < e->option_count; o++) {
            (void)fprintf(stream, "%s%.17g", o > 0 ? "," : "",
                          decision_mean(&e->groups[0], weights, k, o));
        }
        (void)fputs("\n", stream);
    }
}

static int print_costs(FILE *stream, const struct economics *e)
{
    print_matrix(stream, e, of_cost);
    return 0;
}

static int print_effects(FILE *stream, const struct economics *e)
{
    print_matrix(stream, e, of_effect);
    return 0;
}

static int print_parameters(FILE *stream, const struct economics *e)
{
    for (size_t p = 0; p < e->parameter_count; p++) {
        (void)fprintf(stream, "%s\"%s\"", p > 0 ? "," : "", e->parameters[p]->name);
    }
    (void)fputs("\n", stream);
    for (size_t k = 0; k < e->set_count; k++) {
        for (size_t p = 0; p < e->parameter_count; p++) {
            (void)fprintf(stream, "%s%.17g", p > 0 ? "," : "",
                          e->drawn[k * e->parameter_count + p]);
        }
        (void)fputs("\n", stream);
    }
    return 0;
}

static void print_csv_spread(FILE *stream, const struct spread *s)
{
    (void)fprintf(stream, ",%.9g,%.9g,%.9g,%.9g,%.9g", s->mean, s->error, s->low, s->high,
                  s->chance);
}

static int print_options(FILE *stream, const struct economics *e)
{
    enum standing standings[MOST_OPTIONS];
    double ratios[MOST_OPTIONS];
    decision_frontier(&e->groups[0], standings, ratios);
    (void)fputs("option,comparator,effect_unit,inc_cost,inc_cost_error,inc_cost_low,inc_cost_high,"
                "inc_cost_chance,inc_effect,inc_effect_error,inc_effect_low,inc_effect_high,"
                "inc_effect_chance,standing,frontier_ratio\n",
                stream);
    for (size_t o = 0; o < e->option_count; o++) {
        const struct spread cost = decision_increment(&e->groups[0], of_cost, o);
        const struct spread effect = decision_increment(&e->groups[0], of_effect, o);
        print_quoted(stream, e->option_names[o]);
        (void)fputs(",", stream);
        print_quoted(stream, comparator(e));
        (void)fprintf(stream, ",%s", economics_unit(e));
        print_csv_spread(stream, &cost);
        print_csv_spread(stream, &effect);
        (void)fprintf(stream, ",%s,%.9g\n", standing_words[standings[o]], ratios[o]);
    }
    return 0;
}

/* The columns of dceasimR's subgroup data; effects are called QALYs only where they are. */
static int print_subgroups(FILE *stream, const struct economics *e)
{
    const char *unit = economics_unit(e);
    (void)fprintf(stream,
                  "option,group,group_label,pop_share,inc_cost,%s,inc_cost_low,inc_cost_high,"
                  "inc_effect_low,inc_effect_high\n",
                  strcmp(unit, "QALY") == 0     ? "inc_qaly"
                  : strcmp(unit, "WELLBY") == 0 ? "inc_wellby"
                                                : "inc_swemwbs_years");
    for (size_t o = 1; o < e->option_count; o++) {
        for (size_t g = 1; g < ECONOMICS_GROUPS; g++) {
            const struct spread cost = decision_increment(&e->groups[g], of_cost, o);
            const struct spread effect = decision_increment(&e->groups[g], of_effect, o);
            print_quoted(stream, e->option_names[o]);
            (void)fprintf(stream, ",%zu,IMD quintile %zu,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g\n", g,
                          g, e->offered_share[g], cost.mean, effect.mean, cost.low, cost.high,
                          effect.low, effect.high);
        }
    }
    return 0;
}

static int print_curves(FILE *stream, const struct economics *e)
{
    double shares[MOST_OPTIONS];
    (void)fputs("threshold,", stream);
    print_options_head(stream, e);
    (void)fputs(",frontier_option,frontier_probability,evpi,evpi_uncorrected,evpi_error\n", stream);
    for (size_t t = 0; t < ECONOMICS_THRESHOLDS; t++) {
        const struct information i = decision_information(&e->groups[0], e->thresholds[t]);
        const size_t best = decision_best(&e->groups[0], e->thresholds[t]);
        decision_acceptability(&e->groups[0], e->thresholds[t], shares);
        (void)fprintf(stream, "%.9g", e->thresholds[t]);
        for (size_t o = 0; o < e->option_count; o++) {
            (void)fprintf(stream, ",%.9g", shares[o]);
        }
        (void)fputs(",", stream);
        print_quoted(stream, e->option_names[best]);
        (void)fprintf(stream, ",%.9g,%.9g,%.9g,%.9g\n", shares[best], i.value, i.uncorrected,
                      i.error);
    }
    return 0;
}

/* Empty below its head where there is no threshold. */
static int print_worth(FILE *stream, const struct economics *e)
{
    struct ranked *ranked = NULL;
    (void)fputs("parameter,threshold,evppi,explained\n", stream);
    const int status = isfinite(e->threshold) ? rank_parameters(e, &ranked) : 0;
    for (size_t n = 0; ranked != NULL && n < e->parameter_count; n++) {
        (void)fprintf(stream, "\"%s\",%.9g,%.9g,%.9g\n", e->parameters[ranked[n].parameter]->name,
                      e->threshold, ranked[n].information.value, ranked[n].information.explained);
    }
    free(ranked);
    return status;
}

const char *const economics_tables[] = {"costs",     "effects",       "parameters",  "options",
                                        "quintiles", "acceptability", "information", NULL};

int economics_print_table(FILE *stream, const struct economics *economics, size_t table)
{
    static int (*const printers[])(FILE *, const struct economics *) = {
        print_costs,     print_effects, print_parameters, print_options,
        print_subgroups, print_curves,  print_worth};
    return printers[table](stream, economics);
}
