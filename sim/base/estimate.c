/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/estimate.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* The 97.5 % quantile of Student's t: dear, and mostly asked for the same degrees of freedom. */
static double t_quantile(double degrees)
{
    static _Thread_local double known_degrees, known_quantile;
    if (degrees != known_degrees) {
        known_degrees = degrees;
        known_quantile = gsl_cdf_tdist_Pinv(0.975, degrees);
    }
    return known_quantile;
}

static void set_interval(struct estimate *e, double degrees_of_freedom)
{
    const double half = t_quantile(degrees_of_freedom) * e->standard_error;
    e->low = e->mean - half;
    e->high = e->mean + half;
}

struct estimate estimate_of(const double *values, size_t count)
{
    struct estimate e = {NAN, NAN, NAN, NAN, 0};
    double sum = 0.0, squares = 0.0;
    for (size_t i = 0; i < count; i++) {
        if (isfinite(values[i])) {
            sum += values[i];
            e.replicates++;
        }
    }
    if (e.replicates == 0) {
        return e;
    }
    const double n = (double)e.replicates;
    e.mean = sum / n;
    for (size_t i = 0; i < count; i++) {
        if (isfinite(values[i])) {
            squares += (values[i] - e.mean) * (values[i] - e.mean);
        }
    }
    if (e.replicates > 1) {
        e.standard_error = sqrt(squares / (n - 1.0) / n);
        set_interval(&e, n - 1.0);
    }
    return e;
}

/* Mean squares of a two-way table with one value a cell. */
struct mean_squares {
    double rows, columns, rest;
};

/* `columns` are the means of the columns, not finite for one that is left out. */
static struct mean_squares mean_squares(const double *values, size_t rows, const double *means,
                                        size_t columns, const struct estimate *e)
{
    struct mean_squares m = {0.0, 0.0, 0.0};
    const double n = (double)rows, k = (double)e->replicates;
    for (size_t i = 0; i < rows; i++) {
        const double *row = &values[i * columns];
        double mean = 0.0;
        for (size_t j = 0; j < columns; j++) {
            mean += isfinite(means[j]) ? row[j] / k : 0.0;
        }
        m.rows += k * (mean - e->mean) * (mean - e->mean) / (n - 1.0);
        for (size_t j = 0; j < columns; j++) {
            const double rest = isfinite(means[j]) ? row[j] - mean - means[j] + e->mean : 0.0;
            m.rest += rest * rest / ((n - 1.0) * (k - 1.0));
        }
    }
    for (size_t j = 0; j < columns; j++) {
        const double away = isfinite(means[j]) ? means[j] - e->mean : 0.0;
        m.columns += n * away * away / (k - 1.0);
    }
    return m;
}

static void set_crossed_interval(struct estimate *e, const struct mean_squares *m, double rows)
{
    const double columns = (double)e->replicates;
    const bool by_row = m->rows > m->rest, by_column = m->columns > m->rest;
    const double a = by_row ? m->rows : 0.0, b = by_column ? m->columns : 0.0;
    const double rest = (1.0 - by_row - by_column) * m->rest;
    const double sum = a + b + rest;
    const double spread = a * a / (rows - 1.0) + b * b / (columns - 1.0) +
                          rest * rest / ((rows - 1.0) * (columns - 1.0));
    const double least = fmin(rows, columns) - 1.0;
    e->standard_error = sqrt(sum / (rows * columns));
    set_interval(e, spread > 0.0 ? fmax(sum * sum / spread, least) : least);
}

struct estimate estimate_crossed(const double *values, size_t rows, size_t columns)
{
    struct estimate e = {NAN, NAN, NAN, NAN, 0};
    double *means = calloc(columns + 1, sizeof *means);
    double sum = 0.0;
    for (size_t j = 0; means != NULL && j < columns; j++) {
        for (size_t i = 0; i < rows; i++) {
            means[j] += values[i * columns + j] / (double)rows;
        }
        if (rows > 0 && isfinite(means[j])) {
            sum += means[j];
            e.replicates++;
        }
    }
    if (e.replicates > 0) {
        e.mean = sum / (double)e.replicates;
    }
    if (rows > 1 && e.replicates > 1) {
        const struct mean_squares m = mean_squares(values, rows, means, columns, &e);
        set_crossed_interval(&e, &m, (double)rows);
    }
    free(means);
    return e;
}
