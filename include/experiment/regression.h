/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_REGRESSION_H
#define BUYIN_EXPERIMENT_REGRESSION_H

#include <stddef.h>

/** Multinomial logistic regression by maximum likelihood.
 *
 *    ln P(y = k) / P(y = 0) = b_k . x        for classes k = 1 ... classes - 1, class 0 the
 * reference
 *
 *  Newton's method on the exact likelihood, the linear systems by GSL's Cholesky decomposition; the
 *  likelihood is concave, so that the maximum is the only one. Standard errors from the inverse of
 * the observed information.
 */
struct regression {
    size_t classes, columns;
    double *coefficients;    /* [classes - 1][columns] */
    double *standard_errors; /* the same shape */
    double log_likelihood;
    int iterations;
};

/** Fits `rows` observations: x [rows][columns] (with a column of ones for the intercept), y class
 * numbers. Fails: ERROR_MEMORY; ERROR_INPUT where the maximum does not exist (a class or a column
 * that is empty, or perfect separation).
 */
int regression_fit(struct regression *regression, const double *x, const int *y, size_t rows,
                   size_t columns, size_t classes);

void regression_free(struct regression *regression);

#endif
