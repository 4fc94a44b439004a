/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/comparison.h"

#include "base/csv.h"
#include "base/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int check_pairing(const struct configuration *base, const struct configuration *other,
                         const char *path)
{
    const struct parameters *a = &base->parameters, *b = &other->parameters;
    const struct {
        const char *name;
        int base, other;
    } same[] = {{"run.replicates", a->run.replicates, b->run.replicates},
                {"run.weeks", a->run.weeks, b->run.weeks},
                {"run.seed", a->run.seed, b->run.seed},
                {"run.mode", a->run.mode, b->run.mode},
                {"run.record", a->run.record, b->run.record},
                {"run.trajectory_fields", a->run.trajectory_fields, b->run.trajectory_fields},
                {"run.trajectory_bits", a->run.trajectory_bits, b->run.trajectory_bits},
                {"the number of sites", (int)base->site_count, (int)other->site_count}};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        if (same[i].base != same[i].other) {
            return error_set(
                ERROR_INPUT,
                "%s: %s = %d: must be %d as in the base, or replicates cannot be paired", path,
                same[i].name, same[i].other, same[i].base);
        }
    }
    return 0;
}

/* The first scenario is the base itself. */
static int add_scenario(struct comparison *comparison, const char *base, const char *laid_over,
                        const char *path, const char *const *settings, size_t setting_count)
{
    int status = 0;
    size_t s = 0, count = 0;
    const char *paths[3];
    struct configuration *to = NULL;
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    TRY(scenarios_add(&comparison->scenarios, name, &s));
    to = &comparison->scenarios.configurations[s];
    configuration_free(to);
    paths[count++] = base;
    if (laid_over != NULL) {
        paths[count++] = laid_over;
    }
    if (s > 0) {
        paths[count++] = path;
    }
    status = configuration_read_several(to, paths, count, settings, setting_count);
    if (status != 0) {
        comparison->scenarios.count--; /* nothing is left to free */
        goto out;
    }
    TRY(check_pairing(&comparison->scenarios.configurations[0], to, path));
out:
    return status;
}

int comparison_read(struct comparison *comparison, const char *const *paths, size_t path_count,
                    const char *laid_over, const char *const *settings, size_t setting_count)
{
    int status = 0;
    struct configuration start;
    *comparison = (struct comparison){0};
    TRY(configuration_default(&start));
    scenarios_init(&comparison->scenarios, &start);
    for (size_t i = 0; i < path_count && status == 0; i++) {
        status = add_scenario(comparison, paths[0], laid_over, paths[i], settings, setting_count);
    }
    configuration_free(&start);
    comparison->scenarios.base = NULL;
    status =
        status == ERROR_FILE ? ERROR_INPUT : status; /* a file that cannot be read is bad input */
out:
    if (status != 0) {
        comparison_free(comparison);
    }
    return status;
}

void comparison_free(struct comparison *comparison)
{
    scenarios_free(&comparison->scenarios);
}

struct estimate comparison_difference(const struct comparison *comparison, size_t scenario,
                                      size_t outcome, double *unpaired)
{
    const struct results *results = &comparison->scenarios.results;
    const struct quantity quantity = {.plus = outcome, .minus = results->list.count};
    const struct estimate a = results_estimate(results, 0, outcome);
    const struct estimate b = results_estimate(results, scenario, outcome);
    *unpaired = hypot(a.standard_error, b.standard_error);
    return quantity_difference(results, scenario, 0, &quantity);
}

/* The ratio of two means over replicates with Fieller's 95 % interval, which is bounded where the
 * interval of the denominator leaves zero out; elsewhere nothing is known and all is NAN.
 * Source: Fieller (1954), doi 10.1111/j.2517-6161.1954.tb00159.x.
 */
static struct estimate ratio(const double *above, const double *below, size_t n)
{
    const struct estimate a = estimate_of(above, n), b = estimate_of(below, n);
    struct estimate ratio = estimate_of(NULL, 0);
    if (!(b.low > 0.0 || b.high < 0.0)) {
        return ratio;
    }
    double covariance = 0.0;
    for (size_t r = 0; r < n; r++) {
        covariance += (above[r] - a.mean) * (below[r] - b.mean) / ((double)(n - 1) * (double)n);
    }
    const double t = (b.high - b.mean) / b.standard_error;
    const double t2 = t * t;
    const double square = b.mean * b.mean - t2 * b.standard_error * b.standard_error;
    const double cross = a.mean * b.mean - t2 * covariance;
    const double constant = a.mean * a.mean - t2 * a.standard_error * a.standard_error;
    const double root = sqrt(fmax(0.0, cross * cross - square * constant));
    ratio.mean = a.mean / b.mean;
    ratio.low = (cross - root) / square;
    ratio.high = (cross + root) / square;
    ratio.standard_error = (ratio.high - ratio.low) / (2.0 * t);
    ratio.replicates = n;
    return ratio;
}

struct comparison_value comparison_value(const struct comparison *comparison, size_t scenario)
{
    const struct results *results = &comparison->scenarios.results;
    const size_t n = results->replicate_count;
    struct comparison_value value = {estimate_of(NULL, 0), estimate_of(NULL, 0)};
    struct quantity connected, cost;
    double *more = malloc(n * sizeof *more), *dearer = malloc(n * sizeof *dearer);
    double *one = malloc(n * sizeof *one);
    const bool is_ready =
        more != NULL && dearer != NULL && one != NULL &&
        quantity_read(&connected, &results->list, "funnel.connected_share_of_offered") == 0 &&
        quantity_read(&cost, &results->list, "cost.net_per_person_offered") == 0;
    for (size_t r = 0; is_ready && r < n; r++) {
        more[r] = quantity_value(results, scenario, r, &connected) -
                  quantity_value(results, 0, r, &connected);
        dearer[r] =
            quantity_value(results, scenario, r, &cost) - quantity_value(results, 0, r, &cost);
        one[r] = 1.0;
    }
    if (is_ready) {
        value.needed_to_refer = ratio(one, more, n);
        value.cost_per_connection = ratio(dearer, more, n);
    }
    free(more);
    free(dearer);
    free(one);
    return value;
}

static const char *const shown[] = {"funnel.accepted_share_of_offered",
                                    "funnel.taken_up_share_of_offered",
                                    "funnel.connected_share_of_offered",
                                    "pathway_of_engaged.all.a_rapid",
                                    "pathway_of_engaged.all.b_anchored",
                                    "pathway_of_engaged.all.c_connecting_with",
                                    "pathway_of_engaged.all.disengaged",
                                    "wait.weeks_mean",
                                    "sessions.mean_of_seen",
                                    "service.caseload",
                                    "service.minutes_per_session",
                                    "service.burnout",
                                    "after_first_session.trust.week13",
                                    "after_first_session.swemwbs.week39",
                                    "contrast.swemwbs_mean_difference_all_offered",
                                    "contrast.gp_change_among_seen",
                                    "slope_index.taken_up",
                                    "slope_index.connected",
                                    "ending.stress_4_weeks_after",
                                    "cost.net_per_person_offered"};

/* What one more person connected takes, where the share of people connected rises for certain. */
static void print_value(FILE *stream, const struct comparison *comparison, size_t s,
                        const struct comparison_value *value)
{
    const struct results *results = &comparison->scenarios.results;
    const size_t share = outcome_find(&results->list, "funnel.connected_share_of_offered");
    const double before = results_named(results, 0, "funnel.offered").mean;
    const double after = results_named(results, s, "funnel.offered").mean;
    double unpaired = 0.0;
    const struct estimate more = comparison_difference(comparison, s, share, &unpaired);
    if (fabs(after - before) > 0.005 * before) {
        (void)fprintf(stream, "  offers differ (%.0f, then %.0f): compare people, not shares\n",
                      before, after);
    } else if (more.low > 0.0) {
        (void)fprintf(
            stream, "  one more person is connected for every %.1f people offered (%.1f to %.1f)",
            value->needed_to_refer.mean, value->needed_to_refer.low, value->needed_to_refer.high);
        if (isfinite(value->cost_per_connection.mean)) {
            (void)fprintf(stream, ", at %.0f GBP net (%.0f to %.0f)",
                          value->cost_per_connection.mean, value->cost_per_connection.low,
                          value->cost_per_connection.high);
        }
        (void)fputs("\n", stream);
    } else if (more.high < 0.0) {
        (void)fprintf(stream, "  one person fewer is connected for every %.1f people offered\n",
                      -1.0 / more.mean);
    } else {
        (void)fputs("  no certain change in how many are connected\n", stream);
    }
}

static void print_scenario(FILE *stream, const struct comparison *comparison, size_t s)
{
    const struct results *results = &comparison->scenarios.results;
    const struct comparison_value value = comparison_value(comparison, s);
    const char *title = comparison->scenarios.configurations[s].title;
    (void)fprintf(stream, "\n%s%s%s\n  %-46s %10s %10s  %-34s %s\n", comparison->scenarios.names[s],
                  title[0] ? ": " : "", title, "", "base", "scenario", "difference (95 % interval)",
                  "pairing");
    for (size_t n = 0; n < sizeof shown / sizeof shown[0]; n++) {
        const size_t outcome = outcome_find(&results->list, shown[n]);
        double unpaired = 0.0;
        const struct estimate e = comparison_difference(comparison, s, outcome, &unpaired);
        const double gain = e.standard_error > 0.0 ? unpaired / e.standard_error : NAN;
        (void)fprintf(stream, "  %-46s %10.4g %10.4g  %+9.4f (%+9.4f to %+9.4f) ", shown[n],
                      results_estimate(results, 0, outcome).mean,
                      results_estimate(results, s, outcome).mean, e.mean, e.low, e.high);
        (void)(isfinite(gain) ? fprintf(stream, "  %.1f x\n", gain) : fprintf(stream, "  -\n"));
    }
    print_value(stream, comparison, s, &value);
}

void comparison_print(FILE *stream, const struct comparison *comparison)
{
    (void)fprintf(
        stream,
        "Scenarios against %s: scenario minus base, replicate by replicate with the same random "
        "numbers (%zu replicates).\n'pairing' says how many times narrower that makes the "
        "interval.\n",
        comparison->scenarios.names[0], comparison->scenarios.results.replicate_count);
    for (size_t s = 1; s < comparison->scenarios.count; s++) {
        print_scenario(stream, comparison, s);
    }
}

void comparison_print_csv(FILE *stream, const struct comparison *comparison)
{
    const struct results *results = &comparison->scenarios.results;
    (void)fputs("scenario,outcome,unit,base,value,difference,standard_error,low,high,"
                "unpaired_standard_error,replicates\n",
                stream);
    for (size_t s = 1; s < comparison->scenarios.count; s++) {
        for (size_t i = 0; i < results->list.count; i++) {
            double unpaired = 0.0;
            const struct estimate e = comparison_difference(comparison, s, i, &unpaired);
            csv_text(stream, comparison->scenarios.names[s]);
            (void)fputc(',', stream);
            csv_text(stream, results->list.outcomes[i].name);
            (void)fputc(',', stream);
            csv_text(stream, results->list.outcomes[i].unit);
            (void)fprintf(stream, ",%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%zu\n",
                          results_estimate(results, 0, i).mean,
                          results_estimate(results, s, i).mean, e.mean, e.standard_error, e.low,
                          e.high, unpaired, e.replicates);
        }
    }
}
