/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_ESTIMATE_H
#define BUYIN_BASE_ESTIMATE_H

#include <stddef.h>

/** Mean over replicates with its uncertainty; NaN where it is not defined. */
struct estimate {
    double mean;
    double standard_error; /* of the mean; NaN for one replicate */
    double low, high;      /* 95 % interval, Student's t */
    size_t replicates;     /* with a defined value */
};

/** The estimate from these values; those that are not finite are left out. */
struct estimate estimate_of(const double *values, size_t count);

/** The mean over two crossed sources of chance: `values` is [rows][columns], each row having met
 *  each column once (say, random orders by replicates). The standard error covers both:
 *
 *    value(i, j) = mean + row_i + column_j + rest_ij
 *    SE^2 = (E + max(0, A - E) + max(0, B - E)) / (rows columns)
 *
 *  with A, B and E the mean squares of rows, columns and rest of the two-way analysis of variance:
 *  the estimate of var(row) / rows + var(column) / columns + var(rest) / (rows columns).
 *  The interval is Student's t with Satterthwaite's degrees of freedom, at least those of the source
 *  with fewer. Columns with a value that is not finite are left out; `replicates` counts the others.
 *  One row or one column alone shows nothing of that source: no standard error.
 */
struct estimate estimate_crossed(const double *values, size_t rows, size_t columns);

#endif
