/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/regression.h"

#include "base/error.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ITERATIONS = 50, MOST_CLASSES = 16 };
static const double SMALL_STEP = 1e-10;
static const double SEPARATED = 25.0; /* no odds ratio of a finite maximum comes near e^25 */

struct system {
    gsl_matrix *information;
    gsl_vector *gradient, *step;
};

/* Probabilities of the classes of one observation; returns the log-likelihood of y. */
static double probabilities(const struct regression *r, const double *x, int y, double *p)
{
    double linear[MOST_CLASSES] = {0.0}, most = 0.0;
    for (size_t k = 1; k < r->classes; k++) {
        for (size_t j = 0; j < r->columns; j++) {
            linear[k] += r->coefficients[(k - 1) * r->columns + j] * x[j];
        }
        most = fmax(most, linear[k]);
    }
    p[0] = exp(-most); /* the reference: its linear predictor is 0 */
    double sum = p[0];
    for (size_t k = 1; k < r->classes; k++) {
        p[k] = exp(linear[k] - most);
        sum += p[k];
    }
    for (size_t k = 0; k < r->classes; k++) {
        p[k] /= sum;
    }
    return linear[y] - most - log(sum);
}

/* Adds one observation's share of gradient and information (lower triangle of blocks included). */
static void accumulate(const struct regression *r, struct system *system, const double *x, int y,
                       const double *p)
{
    for (size_t k = 1; k < r->classes; k++) {
        const double residual = ((size_t)y == k ? 1.0 : 0.0) - p[k];
        for (size_t j = 0; j < r->columns; j++) {
            const size_t a = (k - 1) * r->columns + j;
            gsl_vector_set(system->gradient, a,
                           gsl_vector_get(system->gradient, a) + residual * x[j]);
            for (size_t l = 1; l <= k; l++) {
                const double weight = p[k] * ((k == l ? 1.0 : 0.0) - p[l]) * x[j];
                double *row = gsl_matrix_ptr(system->information, a, (l - 1) * r->columns);
                for (size_t i = 0; i < r->columns; i++) {
                    row[i] += weight * x[i];
                }
            }
        }
    }
}

static int assemble(struct regression *r, struct system *system, const double *x, const int *y,
                    size_t rows)
{
    gsl_matrix_set_zero(system->information);
    gsl_vector_set_zero(system->gradient);
    r->log_likelihood = 0.0;
    for (size_t n = 0; n < rows; n++) {
        double p[MOST_CLASSES] = {0.0};
        r->log_likelihood += probabilities(r, &x[n * r->columns], y[n], p);
        accumulate(r, system, &x[n * r->columns], y[n], p);
    }
    const size_t size = system->gradient->size;
    for (size_t a = 0; a < size; a++) {
        for (size_t b = a + 1; b < size; b++) {
            gsl_matrix_set(system->information, a, b, gsl_matrix_get(system->information, b, a));
        }
    }
    return gsl_linalg_cholesky_decomp1(system->information);
}

/* Newton's steps to the maximum; afterwards the information there is decomposed. */
static int climb(struct regression *r, struct system *system, const double *x, const int *y,
                 size_t rows)
{
    for (r->iterations = 1; r->iterations <= MOST_ITERATIONS; r->iterations++) {
        double largest = 0.0;
        if (assemble(r, system, x, y, rows) != GSL_SUCCESS) {
            return error_set(ERROR_INPUT,
                             "the regression has no unique maximum: a group or a pathway "
                             "is empty, or two columns say the same");
        }
        (void)gsl_linalg_cholesky_solve(system->information, system->gradient, system->step);
        for (size_t a = 0; a < system->step->size; a++) {
            r->coefficients[a] += gsl_vector_get(system->step, a);
            largest = fmax(largest, fabs(gsl_vector_get(system->step, a)));
            if (!(fabs(r->coefficients[a]) < SEPARATED)) {
                return error_set(ERROR_INPUT,
                                 "the regression has no maximum: a pathway is perfectly "
                                 "separated by what explains it");
            }
        }
        if (largest < SMALL_STEP) {
            return assemble(r, system, x, y, rows) == GSL_SUCCESS
                       ? 0
                       : error_set(ERROR_INPUT, "the information of the regression is singular");
        }
    }
    return error_set(ERROR_INPUT, "the regression did not converge in %d steps",
                     (int)MOST_ITERATIONS);
}

int regression_fit(struct regression *r, const double *x, const int *y, size_t rows, size_t columns,
                   size_t classes)
{
    int status = 0;
    const size_t size = columns * (classes - 1);
    gsl_error_handler_t *handler =
        gsl_set_error_handler_off(); /* a singular matrix is told, no end */
    struct system system = {.information = gsl_matrix_alloc(size, size),
                            .gradient = gsl_vector_alloc(size),
                            .step = gsl_vector_alloc(size)};
    *r = (struct regression){.classes = classes,
                             .columns = columns,
                             .coefficients = calloc(size, sizeof(double)),
                             .standard_errors = calloc(size, sizeof(double))};
    if (system.information == NULL || system.gradient == NULL || system.step == NULL ||
        r->coefficients == NULL || r->standard_errors == NULL || classes > MOST_CLASSES) {
        FAIL(ERROR_MEMORY, "no memory for a regression of %zu coefficients", size);
    }
    TRY(climb(r, &system, x, y, rows));
    (void)gsl_linalg_cholesky_invert(system.information);
    for (size_t a = 0; a < size; a++) {
        r->standard_errors[a] = sqrt(gsl_matrix_get(system.information, a, a));
    }
out:
    (void)gsl_set_error_handler(handler);
    gsl_matrix_free(system.information);
    gsl_vector_free(system.gradient);
    gsl_vector_free(system.step);
    if (status != 0) {
        regression_free(r);
    }
    return status;
}

void regression_free(struct regression *r)
{
    free(r->coefficients);
    free(r->standard_errors);
    *r = (struct regression){0};
}
