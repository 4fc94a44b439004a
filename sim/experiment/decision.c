/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/decision.h"

#include "base/error.h"
#include "base/estimate.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { DEGREES = 3, DOUBLINGS = 60, HALVINGS = 40 };

static const size_t ALL = (size_t)-1; /* no replicate is left out */

const struct weights of_cost = {0.0, 1.0}, of_effect = {1.0, 0.0};

struct weights of_net_benefit(double threshold)
{
    return (struct weights){threshold, -1.0};
}

int decision_init(struct decision *decision, size_t sets, size_t replicates, size_t options)
{
    const size_t count = sets * replicates * options;
    *decision = (struct decision){.sets = sets,
                                  .replicates = replicates,
                                  .options = options,
                                  .costs = malloc(count * sizeof(double)),
                                  .effects = malloc(count * sizeof(double))};
    if (decision->costs == NULL || decision->effects == NULL) {
        decision_free(decision);
        return error_set(ERROR_MEMORY, "no memory for costs and effects in %zu sets", sets);
    }
    for (size_t i = 0; i < count; i++) {
        decision->costs[i] = decision->effects[i] = NAN;
    }
    return 0;
}

void decision_free(struct decision *decision)
{
    free(decision->costs);
    free(decision->effects);
    *decision = (struct decision){0};
}

static double value_at(const struct decision *d, struct weights w, size_t set, size_t replicate,
                       size_t option)
{
    const size_t at = decision_at(d, set, replicate, option);
    return w.effect * d->effects[at] + w.cost * d->costs[at];
}

/* The mean over replicates without `left_out`. */
static double mean_without(const struct decision *d, struct weights w, size_t set, size_t option,
                           size_t left_out)
{
    double sum = 0.0;
    for (size_t r = 0; r < d->replicates; r++) {
        sum += r == left_out ? 0.0 : value_at(d, w, set, r, option);
    }
    return sum / (double)(d->replicates - (left_out != ALL));
}

double decision_mean(const struct decision *decision, struct weights weights, size_t set,
                     size_t option)
{
    return mean_without(decision, weights, set, option, ALL);
}

/* ---- spread over sets and chance between replicates ---- */

/* Two ways at once: y = mean + set + replicate + rest; `more` is [set][replicate]. Variances of sets and of
 * the rest.
 */
static void variances(const struct decision *d, const double *more, const double *set_means,
                      double *of_sets, double *of_rest)
{
    const double n = (double)d->sets, m = (double)d->replicates;
    const double mean = gsl_stats_mean(set_means, 1, d->sets);
    double rest = 0.0;
    for (size_t r = 0; r < d->replicates; r++) {
        const double replicate_mean = gsl_stats_mean(&more[r], d->replicates, d->sets);
        for (size_t k = 0; k < d->sets; k++) {
            const double left = more[k * d->replicates + r] - set_means[k] - replicate_mean + mean;
            rest += left * left / ((n - 1.0) * (m - 1.0));
        }
    }
    *of_rest = d->replicates > 1 ? rest : 0.0;
    *of_sets = fmax(0.0, gsl_stats_variance(set_means, 1, d->sets) - *of_rest / m);
}

/* `more` [set][replicate] is finite; `means` [set] are its means, which come back sorted. */
static struct spread spread_of(const struct decision *d, const double *more, double *means)
{
    double sets = 0.0, rest = 0.0;
    const struct estimate mean = d->replicates > 1 ? estimate_crossed(more, d->sets, d->replicates)
                                                   : estimate_of(means, d->sets);
    variances(d, more, means, &sets, &rest);
    const double chance = rest / (double)d->replicates, all = sets + chance;
    const double shrink = all > 0.0 ? sqrt(sets / all) : 0.0;
    const double margin = mean.high - mean.mean;
    gsl_sort(means, 1, d->sets);
    const double low = gsl_stats_quantile_from_sorted_data(means, 1, d->sets, 0.025);
    const double high = gsl_stats_quantile_from_sorted_data(means, 1, d->sets, 0.975);
    return (struct spread){.mean = mean.mean,
                           .error = mean.standard_error,
                           .margin = margin,
                           .low = mean.mean - hypot(shrink * (mean.mean - low), margin),
                           .high = mean.mean + hypot(shrink * (high - mean.mean), margin),
                           .chance = all > 0.0 ? chance / all : 0.0};
}

struct spread decision_increment(const struct decision *d, struct weights weights, size_t option)
{
    struct spread spread = {NAN, NAN, NAN, NAN, NAN, NAN};
    double *means = malloc(d->sets * (1 + d->replicates) * sizeof *means);
    if (means == NULL || d->sets < 2) {
        free(means);
        return spread;
    }
    double *const more = means + d->sets;
    bool is_whole = true;
    for (size_t k = 0; k < d->sets; k++) {
        for (size_t r = 0; r < d->replicates; r++) {
            const double y = value_at(d, weights, k, r, option) - value_at(d, weights, k, r, 0);
            more[k * d->replicates + r] = y;
            is_whole = is_whole && isfinite(y);
        }
        means[k] = gsl_stats_mean(&more[k * d->replicates], 1, d->replicates);
    }
    if (is_whole) {
        spread = spread_of(d, more, means);
    }
    free(means);
    return spread;
}

static bool includes_0(const struct decision *d, struct weights w, size_t option)
{
    const struct spread s = decision_increment(d, w, option);
    return s.low <= 0.0 && s.high >= 0.0;
}

/* The threshold, on one side of the ratio, at which the interval of net benefit leaves 0. */
static double find_end(const struct decision *d, size_t option, double ratio, double step)
{
    double inside = ratio, outside = ratio + step;
    for (int n = 0; n < DOUBLINGS && includes_0(d, of_net_benefit(outside), option); n++) {
        inside = outside;
        step *= 2.0;
        outside = ratio + step;
    }
    for (int n = 0; n < HALVINGS; n++) {
        const double middle = 0.5 * (inside + outside);
        if (includes_0(d, of_net_benefit(middle), option)) {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    return outside;
}

struct ratio decision_ratio(const struct decision *decision, size_t option)
{
    const struct spread cost = decision_increment(decision, of_cost, option);
    const struct spread effect = decision_increment(decision, of_effect, option);
    struct ratio ratio = {cost.mean / effect.mean, NAN, NAN};
    if (effect.low > 0.0 || effect.high < 0.0) {
        const double step = fabs((cost.high - cost.low) / effect.mean) + 1e-6 * fabs(ratio.mean);
        ratio.low = step > 0.0 ? find_end(decision, option, ratio.mean, -step) : ratio.mean;
        ratio.high = step > 0.0 ? find_end(decision, option, ratio.mean, step) : ratio.mean;
    }
    return ratio;
}

/* ---- which option is best, and what it is worth to know ---- */

static size_t best_in_set(const struct decision *d, struct weights w, size_t set, size_t left_out,
                          double *value)
{
    size_t best = 0;
    *value = mean_without(d, w, set, 0, left_out);
    for (size_t o = 1; o < d->options; o++) {
        const double other = mean_without(d, w, set, o, left_out);
        if (other > *value) {
            best = o;
            *value = other;
        }
    }
    return best;
}

static double mean_over_sets(const struct decision *d, struct weights w, size_t option,
                             size_t left_out)
{
    double sum = 0.0;
    for (size_t k = 0; k < d->sets; k++) {
        sum += mean_without(d, w, k, option, left_out);
    }
    return sum / (double)d->sets;
}

static size_t best_of_all(const struct decision *d, struct weights w, size_t left_out)
{
    size_t best = 0;
    double most = mean_over_sets(d, w, 0, left_out);
    for (size_t o = 1; o < d->options; o++) {
        const double other = mean_over_sets(d, w, o, left_out);
        if (other > most) {
            best = o;
            most = other;
        }
    }
    return best;
}

size_t decision_best(const struct decision *decision, double threshold)
{
    return best_of_all(decision, of_net_benefit(threshold), ALL);
}

void decision_acceptability(const struct decision *d, double threshold, double *shares)
{
    double value = 0.0;
    for (size_t o = 0; o < d->options; o++) {
        shares[o] = 0.0;
    }
    for (size_t k = 0; k < d->sets; k++) {
        shares[best_in_set(d, of_net_benefit(threshold), k, ALL, &value)] += 1.0 / (double)d->sets;
    }
}

/* What knowing each set adds to the option that is best over all, and its standard error. */
static double gain(const struct decision *d, struct weights w, size_t left_out, double *error)
{
    const size_t best = best_of_all(d, w, left_out);
    const double n = (double)d->sets;
    double sum = 0.0, squares = 0.0;
    for (size_t k = 0; k < d->sets; k++) {
        double most = 0.0;
        (void)best_in_set(d, w, k, left_out, &most);
        const double more = most - mean_without(d, w, k, best, left_out);
        sum += more;
        squares += more * more;
    }
    *error = d->sets > 1 ? sqrt(fmax(0.0, squares - sum * sum / n) / (n - 1.0) / n) : NAN;
    return sum / n;
}

struct information decision_information(const struct decision *d, double threshold)
{
    const struct weights w = of_net_benefit(threshold);
    const double m = (double)d->replicates;
    struct information information;
    double left = 0.0, ignored = 0.0;
    information.uncorrected = gain(d, w, ALL, &information.error);
    information.value = information.uncorrected;
    if (d->replicates > 1) {
        for (size_t r = 0; r < d->replicates; r++) {
            left += gain(d, w, r, &ignored) / m;
        }
        information.value = fmax(0.0, m * information.uncorrected - (m - 1.0) * left);
    }
    return information;
}

/* ---- one parameter alone ---- */

/* Replaces values by their ranks, from -1 to 1; equal values have equal ranks. */
static int rank(double *ranks, const double *values, size_t n)
{
    size_t *order = malloc(n * sizeof *order);
    if (order == NULL) {
        return error_set(ERROR_MEMORY, "no memory for the ranks of %zu values", n);
    }
    gsl_sort_index(order, values, 1, n);
    for (size_t first = 0, last = 0; first < n; first = last + 1) {
        for (last = first; last + 1 < n && values[order[last + 1]] == values[order[first]];) {
            last++;
        }
        for (size_t i = first; i <= last; i++) {
            ranks[order[i]] = (double)(first + last + 1) / (double)n - 1.0;
        }
    }
    free(order);
    return 0;
}

static double product(const double *a, const double *b, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* Orthonormal polynomials [degree][n] of x, degrees 0 to DEGREES; those that x has too few different
 * values for are 0.
 */
static void make_polynomials(double *polynomials, const double *x, size_t n)
{
    for (size_t degree = 0; degree <= DEGREES; degree++) {
        double *p = &polynomials[degree * n];
        for (size_t i = 0; i < n; i++) {
            p[i] = degree == 0 ? 1.0 : x[i] * p[i - n]; /* x times the one before */
        }
        for (size_t lower = 0; lower < degree; lower++) {
            const double along = product(p, &polynomials[lower * n], n);
            for (size_t i = 0; i < n; i++) {
                p[i] -= along * polynomials[lower * n + i];
            }
        }
        const double length = sqrt(product(p, p, n));
        for (size_t i = 0; i < n; i++) {
            p[i] = length > 1e-9 ? p[i] / length : 0.0;
        }
    }
}

/* Fits y by the polynomials up to the best degree; returns the sum of squares beyond the mean's. */
static double fit(const double *polynomials, const double *y, size_t n, double *fitted)
{
    double left = product(y, y, n), least = INFINITY, explained = 0.0;
    size_t best = 0;
    for (size_t degree = 0; degree <= DEGREES && degree + 2 < n; degree++) {
        const double along = product(y, &polynomials[degree * n], n);
        left = fmax(left - along * along, 1e-300);
        const double criterion =
            (double)n * log(left / (double)n) + (double)degree * log((double)n);
        if (criterion < least) {
            least = criterion;
            best = degree;
        }
    }
    for (size_t degree = 0; degree <= best; degree++) {
        const double along = product(y, &polynomials[degree * n], n);
        explained += degree > 0 ? along * along : 0.0;
        for (size_t i = 0; i < n; i++) {
            fitted[i] += along * polynomials[degree * n + i];
        }
    }
    return explained;
}

int decision_partial_information(const struct decision *d, double threshold, const double *values,
                                 struct partial_information *partial)
{
    int status = 0;
    const struct weights w = of_net_benefit(threshold);
    const size_t n = d->sets;
    double *y = calloc((DEGREES + 2 + d->options) * n, sizeof *y);
    double explained = 0.0, all = 0.0, best_mean = 0.0, most = 0.0;
    *partial = (struct partial_information){NAN, NAN};
    if (y == NULL) {
        FAIL(ERROR_MEMORY, "no memory for a regression on %zu sets", n);
    }
    double *const polynomials = y + n;
    double *const fitted = polynomials + (DEGREES + 1) * n; /* [option][set] */
    TRY(rank(y, values, n));
    make_polynomials(polynomials, y, n);
    for (size_t o = 1; o < d->options; o++) {
        for (size_t k = 0; k < n; k++) {
            y[k] = decision_mean(d, w, k, o) - decision_mean(d, w, k, 0);
        }
        explained += fit(polynomials, y, n, &fitted[o * n]);
        all += gsl_stats_tss(y, 1, n);
        best_mean = fmax(best_mean, gsl_stats_mean(y, 1, n));
    }
    for (size_t k = 0; k < n; k++) {
        double best = 0.0;
        for (size_t o = 1; o < d->options; o++) {
            best = fmax(best, fitted[o * n + k]);
        }
        most += best / (double)n;
    }
    partial->value =
        most - best_mean > 1e-9 * best_mean ? most - best_mean : 0.0; /* not rounding */
    partial->explained = all > 0.0 ? explained / all : 0.0;
out:
    free(y);
    return status;
}

double decision_explained_by_chance(size_t sets, size_t parameters)
{
    return sets < DEGREES + 2
               ? 1.0
               : gsl_cdf_beta_Pinv(pow(0.95, 1.0 / (double)parameters), 0.5 * DEGREES,
                                   0.5 * (double)(sets - DEGREES - 1));
}

/* ---- frontier ---- */

struct point {
    double cost, effect;
};

static bool is_dominated(const struct point *points, size_t count, size_t option)
{
    for (size_t p = 0; p < count; p++) {
        const double dearer = points[p].cost - points[option].cost;
        const double better = points[p].effect - points[option].effect;
        if (dearer <= 0.0 && better >= 0.0 && (dearer < 0.0 || better > 0.0 || p < option)) {
            return true;
        }
    }
    return false;
}

/* The next option up the frontier: the least cost per unit of further effect; `count` if there is none. */
static size_t next_up(const struct point *points, size_t count, const enum standing *standings,
                      size_t at, double *ratio)
{
    size_t next = count;
    *ratio = INFINITY;
    for (size_t o = 0; o < count; o++) {
        const double further = points[o].effect - points[at].effect;
        const double price = (points[o].cost - points[at].cost) / further;
        if (standings[o] == STANDING_FRONTIER && further > 0.0 && price < *ratio) {
            *ratio = price;
            next = o;
        }
    }
    return next;
}

void decision_frontier(const struct decision *d, enum standing *standings, double *ratios)
{
    struct point points[MOST_OPTIONS];
    const size_t count = d->options;
    size_t at = 0;
    for (size_t o = 0; o < count; o++) {
        points[o] = (struct point){mean_over_sets(d, of_cost, o, ALL),
                                   mean_over_sets(d, of_effect, o, ALL)};
    }
    for (size_t o = 0; o < count; o++) {
        standings[o] = is_dominated(points, count, o) ? STANDING_DOMINATED : STANDING_FRONTIER;
        ratios[o] = NAN;
        if (standings[o] == STANDING_FRONTIER &&
            (standings[at] != STANDING_FRONTIER || points[o].cost < points[at].cost)) {
            at = o; /* the cheapest */
        }
    }
    for (;;) {
        double ratio = INFINITY;
        const size_t next = next_up(points, count, standings, at, &ratio);
        if (next == count) {
            return;
        }
        for (size_t o = 0; o < count; o++) {
            if (standings[o] == STANDING_FRONTIER && points[o].effect > points[at].effect &&
                points[o].effect < points[next].effect) {
                standings[o] = STANDING_EXTENDED;
            }
        }
        ratios[next] = ratio;
        at = next;
    }
}
