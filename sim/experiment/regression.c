/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/regression.h"

#include "base/error.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { MOST_ITERATIONS = 200, MOST_CLASSES = 16, MOST_HALVINGS = 40 };
static const double SAME = 1e-9; /* relative: what is left of a column that says nothing new */

/* The square of the last step in standard errors (Newton's decrement), which is also the
 * information left in a direction that runs to infinity: its standard error is then beyond 3e4,
 * where that of anything finite is a few units at most. Beyond RUNNING a coefficient has a sign. */
static const double SMALL_STEP = 1e-9, NO_INFORMATION = 1e3, RUNNING = 5.0;

/* Where so much runs that the information cannot be decomposed, each coefficient gets this least
 * information, as if it were known to lie within 1e4. The gradient, and so the maximum, does not know
 * of it. */
static const double LEAST_INFORMATION = 1e-8;

struct system {
    gsl_matrix *information;
    gsl_vector *gradient, *step;
    double *largest; /* [columns]: largest value of each column, either sign */
    bool *held;      /* [coefficients]: of empty classes and columns that say nothing: stay at 0 */
    bool *present;   /* [classes] */
};

/* Probabilities of the classes of one observation; returns the log-likelihood of y. */
static double probabilities(const struct regression *r, const bool *present, const double *x, int y,
                            double *p)
{
    double linear[MOST_CLASSES] = {0.0}, most = 0.0;
    for (size_t k = 1; k < r->classes; k++) {
        for (size_t j = 0; j < r->columns; j++) {
            linear[k] += r->coefficients[(k - 1) * r->columns + j] * x[j];
        }
        most = present[k] ? fmax(most, linear[k]) : most;
    }
    p[0] = exp(-most); /* the reference: its linear predictor is 0 */
    double sum = p[0];
    for (size_t k = 1; k < r->classes; k++) {
        p[k] = present[k] ? exp(linear[k] - most) : 0.0;
        sum += p[k];
    }
    for (size_t k = 0; k < r->classes; k++) {
        p[k] /= sum;
    }
    return linear[y] - most - log(sum);
}

static double log_likelihood(const struct regression *r, const struct system *system,
                             const struct observations *data)
{
    double sum = 0.0, p[MOST_CLASSES];
    for (size_t n = 0; n < data->rows; n++) {
        sum += probabilities(r, system->present, &data->x[n * r->columns], data->y[n], p);
    }
    return sum;
}

static void add_gradient(const struct regression *r, gsl_vector *gradient, const double *x, int y,
                         const double *p)
{
    for (size_t k = 1; k < r->classes; k++) {
        const double residual = ((size_t)y == k ? 1.0 : 0.0) - p[k];
        for (size_t j = 0; j < r->columns; j++) {
            *gsl_vector_ptr(gradient, (k - 1) * r->columns + j) += residual * x[j];
        }
    }
}

/* The lower triangle of blocks. */
static void add_information(const struct regression *r, gsl_matrix *information, const double *x,
                            const double *p)
{
    for (size_t k = 1; k < r->classes; k++) {
        for (size_t l = 1; l <= k; l++) {
            const double weight = p[k] * ((k == l ? 1.0 : 0.0) - p[l]);
            for (size_t j = 0; j < r->columns; j++) {
                double *row =
                    gsl_matrix_ptr(information, (k - 1) * r->columns + j, (l - 1) * r->columns);
                for (size_t i = 0; i < r->columns; i++) {
                    row[i] += weight * x[j] * x[i];
                }
            }
        }
    }
}

/* Gradient and decomposed information; what is held has no share in them. */
static int assemble(const struct regression *r, struct system *system,
                    const struct observations *data, double least_information)
{
    const size_t size = system->gradient->size;
    gsl_matrix_set_zero(system->information);
    gsl_vector_set_zero(system->gradient);
    for (size_t n = 0; n < data->rows; n++) {
        const double *x = &data->x[n * r->columns];
        double p[MOST_CLASSES];
        (void)probabilities(r, system->present, x, data->y[n], p);
        add_gradient(r, system->gradient, x, data->y[n], p);
        add_information(r, system->information, x, p);
    }
    for (size_t a = 0; a < size; a++) {
        for (size_t b = 0; b <= a; b++) {
            double *entry = gsl_matrix_ptr(system->information, a, b);
            if (system->held[a] || system->held[b]) {
                *entry = a == b ? 1.0 : 0.0;
            }
            gsl_matrix_set(system->information, b, a, *entry);
        }
        const double largest = system->largest[a % r->columns];
        if (system->held[a]) {
            gsl_vector_set(system->gradient, a, 0.0);
        } else {
            *gsl_matrix_ptr(system->information, a, a) += least_information * largest * largest;
        }
    }
    return gsl_linalg_cholesky_decomp1(system->information);
}

/* Marks columns that are empty or a combination of those before: what is left of a column after
 * projection on the kept ones before it (Gram and Schmidt, on the matrix of products). */
static int look_at_columns(const struct regression *r, struct system *system,
                           const struct observations *data, enum coefficient_state *columns)
{
    const size_t m = r->columns;
    double *products = calloc(m * m, sizeof *products);
    if (products == NULL) {
        return error_set(ERROR_MEMORY, "no memory for a regression of %zu columns", m);
    }
    for (size_t n = 0; n < data->rows; n++) {
        const double *x = &data->x[n * m];
        for (size_t j = 0; j < m; j++) {
            system->largest[j] = fmax(system->largest[j], fabs(x[j]));
            for (size_t i = 0; i < m; i++) {
                products[j * m + i] += x[j] * x[i];
            }
        }
    }
    for (size_t j = 0; j < m; j++) {
        columns[j] = COEFFICIENT_ESTIMATED;
    }
    for (size_t j = 0; j < m; j++) { /* products becomes what is left after each kept column */
        const double left = products[j * m + j];
        if (system->largest[j] == 0.0) {
            columns[j] = COEFFICIENT_EMPTY_COLUMN;
        } else if (left <= SAME * system->largest[j] * system->largest[j] * (double)data->rows) {
            columns[j] = COEFFICIENT_TOLD_BEFORE;
        } else {
            for (size_t a = j + 1; a < m; a++) {
                const double share = products[a * m + j] / left;
                for (size_t b = j + 1; b < m; b++) {
                    products[a * m + b] -= share * products[j * m + b];
                }
            }
        }
    }
    free(products);
    return 0;
}

/* Marks and holds what cannot be estimated from the start. */
static int look_at_data(struct regression *r, struct system *system,
                        const struct observations *data)
{
    int status = 0;
    enum coefficient_state *columns = calloc(r->columns + 1, sizeof *columns);
    size_t classes = 0;
    if (columns == NULL) {
        FAIL(ERROR_MEMORY, "no memory for a regression of %zu columns", r->columns);
    }
    for (size_t n = 0; n < data->rows; n++) {
        system->present[data->y[n]] = true;
    }
    for (size_t k = 0; k < r->classes; k++) {
        classes += system->present[k];
    }
    if (!system->present[0] || classes < 2) {
        FAIL(ERROR_INPUT, "a regression needs people in the class of reference and in another");
    }
    TRY(look_at_columns(r, system, data, columns));
    for (size_t a = 0; a < (r->classes - 1) * r->columns; a++) {
        r->states[a] =
            system->present[a / r->columns + 1] ? columns[a % r->columns] : COEFFICIENT_EMPTY_CLASS;
        system->held[a] = r->states[a] != COEFFICIENT_ESTIMATED;
    }
out:
    free(columns);
    return status;
}

static void move(struct regression *r, const struct system *system, double scale)
{
    for (size_t a = 0; a < system->step->size; a++) {
        r->coefficients[a] += scale * gsl_vector_get(system->step, a);
    }
}

/* One step, halved until it climbs. */
static void step(struct regression *r, struct system *system, const struct observations *data)
{
    double scale = 1.0;
    const double least = r->log_likelihood - 1e-10 * (1.0 + fabs(r->log_likelihood));
    move(r, system, scale);
    r->log_likelihood = log_likelihood(r, system, data);
    for (int halvings = 0; r->log_likelihood < least && halvings < MOST_HALVINGS; halvings++) {
        scale *= 0.5;
        move(r, system, -scale);
        r->log_likelihood = log_likelihood(r, system, data);
    }
}

/* Newton's steps to the maximum; afterwards the information there is decomposed. */
static int climb(struct regression *r, struct system *system, const struct observations *data)
{
    double decrement = INFINITY;
    r->log_likelihood = log_likelihood(r, system, data);
    for (r->iterations = 0; r->iterations <= MOST_ITERATIONS; r->iterations++) {
        if (assemble(r, system, data, 0.0) != GSL_SUCCESS &&
            assemble(r, system, data, LEAST_INFORMATION) != GSL_SUCCESS) {
            return error_set(ERROR_INPUT, "the information of the regression is singular");
        }
        if (decrement < SMALL_STEP) {
            return 0;
        }
        (void)gsl_linalg_cholesky_solve(system->information, system->gradient, system->step);
        (void)gsl_blas_ddot(system->gradient, system->step, &decrement);
        step(r, system, data);
    }
    return error_set(ERROR_INPUT, "the regression did not converge in %d steps",
                     (int)MOST_ITERATIONS);
}

/* Adds the share of a cluster, whose gradient is given, to the variances; clears the gradient. */
static void add_cluster(const struct system *system, gsl_vector *gradient, double *variances)
{
    for (size_t a = 0; a < gradient->size; a++) {
        if (system->held[a]) {
            gsl_vector_set(gradient, a, 0.0);
        }
    }
    (void)gsl_linalg_cholesky_svx(system->information, gradient);
    for (size_t a = 0; a < gradient->size; a++) {
        variances[a] += gsl_vector_get(gradient, a) * gsl_vector_get(gradient, a);
    }
    gsl_vector_set_zero(gradient);
}

/* Sums of squares over clusters: the middle of the sandwich with the bread around it. */
static void add_clusters(struct regression *r, struct system *system,
                         const struct observations *data, double *variances)
{
    gsl_vector_set_zero(system->gradient);
    for (size_t n = 0; n < data->rows; n++) {
        const double *x = &data->x[n * r->columns];
        double p[MOST_CLASSES];
        (void)probabilities(r, system->present, x, data->y[n], p);
        add_gradient(r, system->gradient, x, data->y[n], p);
        if (n + 1 == data->rows ||
            (data->cluster != NULL && data->cluster[n + 1] != data->cluster[n])) {
            add_cluster(system, system->gradient, variances);
            r->clusters++;
        }
    }
}

/* Standard errors from clusters or, if there is one, from the information; marks what has none. */
static void find_errors(struct regression *r, struct system *system,
                        const struct observations *data)
{
    double *variances = r->standard_errors;
    add_clusters(r, system, data, variances);
    (void)gsl_linalg_cholesky_invert(system->information);
    const double clusters = (double)r->clusters;
    for (size_t a = 0; a < system->gradient->size; a++) {
        const double variance = gsl_matrix_get(system->information, a, a);
        const double largest = system->largest[a % r->columns];
        if (r->states[a] == COEFFICIENT_ESTIMATED && sqrt(variance) * largest > NO_INFORMATION) {
            r->states[a] = fabs(r->coefficients[a]) * largest > RUNNING ? COEFFICIENT_INFINITE
                                                                        : COEFFICIENT_UNDETERMINED;
        }
        const double clustered = variances[a] * clusters / (clusters - 1.0);
        r->standard_errors[a] = r->states[a] == COEFFICIENT_ESTIMATED
                                    ? sqrt(r->clusters < 2 ? variance : clustered)
                                    : NAN;
    }
}

static void system_free(struct system *system)
{
    gsl_matrix_free(system->information);
    gsl_vector_free(system->gradient);
    gsl_vector_free(system->step);
    free(system->largest);
    free(system->held);
    free(system->present);
}

int regression_fit(struct regression *r, const struct observations *data)
{
    int status = 0;
    const size_t size = data->columns * (data->classes - 1);
    gsl_error_handler_t *handler =
        gsl_set_error_handler_off(); /* a singular matrix is told, no end */
    struct system system = {.information = gsl_matrix_alloc(size, size),
                            .gradient = gsl_vector_alloc(size),
                            .step = gsl_vector_alloc(size),
                            .largest = calloc(data->columns, sizeof(double)),
                            .held = calloc(size, sizeof(bool)),
                            .present = calloc(data->classes, sizeof(bool))};
    *r = (struct regression){.classes = data->classes,
                             .columns = data->columns,
                             .coefficients = calloc(size, sizeof(double)),
                             .standard_errors = calloc(size, sizeof(double)),
                             .states = calloc(size, sizeof(enum coefficient_state))};
    if (system.information == NULL || system.gradient == NULL || system.step == NULL ||
        system.largest == NULL || system.held == NULL || system.present == NULL ||
        r->coefficients == NULL || r->standard_errors == NULL || r->states == NULL ||
        data->classes > MOST_CLASSES) {
        FAIL(ERROR_MEMORY, "no memory for a regression of %zu coefficients", size);
    }
    TRY(look_at_data(r, &system, data));
    TRY(climb(r, &system, data));
    find_errors(r, &system, data);
out:
    (void)gsl_set_error_handler(handler);
    system_free(&system);
    if (status != 0) {
        regression_free(r);
    }
    return status;
}

double regression_reach(const struct regression *r)
{
    return r->clusters < 2 ? gsl_cdf_ugaussian_Pinv(0.975)
                           : gsl_cdf_tdist_Pinv(0.975, (double)r->clusters - 1.0);
}

void regression_free(struct regression *r)
{
    free(r->coefficients);
    free(r->standard_errors);
    free(r->states);
    *r = (struct regression){0};
}
