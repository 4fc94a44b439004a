/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_REGRESSION_H
#define BUYIN_EXPERIMENT_REGRESSION_H

#include <stddef.h>

/** Multinomial logistic regression by maximum likelihood.
 *
 *    ln P(y = k) / P(y = 0) = b_k . x        for classes k = 1 ... classes - 1, class 0 the
 *                                            reference
 *
 *  Newton's method on the exact likelihood, steps halved where they overshoot, the linear systems by
 *  GSL's Cholesky decomposition; the likelihood is concave, so that the maximum is the only one.
 *
 *  Standard errors: from the inverse of the observed information A, or, with two clusters or more,
 *  the sandwich A^-1 [R / (R - 1) sum_r s_r s_r'] A^-1, s_r being the gradient of cluster r; they
 *  then belong to Student's t with R - 1 degrees of freedom (Liang and Zeger 1986,
 *  DOI 10.1093/biomet/73.1.13).
 *
 *  What the data cannot tell is marked, the rest is estimated: columns that are empty or a
 *  combination of those before, classes without anybody, and coefficients that run to infinity
 *  (separation: Albert and Anderson 1984, DOI 10.1093/biomet/71.1.1). The steps end when nothing is
 *  left to gain; what runs has then no information to speak of, and the others are those of the
 *  limit.
 */
enum coefficient_state {
    COEFFICIENT_ESTIMATED,
    COEFFICIENT_EMPTY_COLUMN, /* nobody is of this kind */
    COEFFICIENT_TOLD_BEFORE,  /* the column is a combination of those before it */
    COEFFICIENT_EMPTY_CLASS,
    COEFFICIENT_INFINITE,     /* no finite maximum; its sign is that of the coefficient */
    COEFFICIENT_UNDETERMINED, /* others that run take it with them: it could be anything */
};

struct observations {
    size_t rows, columns, classes;
    const double *x;       /* [rows][columns], a column of ones for the intercept among them */
    const int *y;          /* [rows]: class */
    const size_t *cluster; /* [rows], from 0, not falling; NULL: one cluster */
};

struct regression {
    size_t classes, columns;
    double *coefficients;    /* [classes - 1][columns]; 0 where there is no column or class */
    double *standard_errors; /* the same shape; NaN unless estimated */
    enum coefficient_state *states; /* the same shape */
    double log_likelihood;
    size_t clusters; /* with anybody in them; 1: standard errors are those of the model */
    int iterations;
};

/** Fails: ERROR_MEMORY; ERROR_INPUT where nobody is in the reference class or everybody is. */
int regression_fit(struct regression *regression, const struct observations *observations);

/** How many standard errors an interval of 95 % reaches to either side. */
double regression_reach(const struct regression *regression);

void regression_free(struct regression *regression);

#endif
