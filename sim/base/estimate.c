/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/estimate.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

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
        const double half = gsl_cdf_tdist_Pinv(0.975, n - 1.0) * e.standard_error;
        e.low = e.mean - half;
        e.high = e.mean + half;
    }
    return e;
}
