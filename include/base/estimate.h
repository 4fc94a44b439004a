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

#endif
