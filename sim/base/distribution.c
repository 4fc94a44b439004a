/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/distribution.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stddef.h>

enum { HALVINGS = 80 };

static const double LOWER = 0.025, UPPER = 0.975;

const char *const distribution_names[DISTRIBUTION_COUNT] = {"normal", "lognormal", "beta",
                                                            "gamma",  "uniform",   "triangular"};

static struct distribution uncut(enum distribution_kind kind, double a, double b, double c)
{
    return (struct distribution){kind, a, b, c, -INFINITY, INFINITY, 0.0, 1.0};
}

/* Probability below x, before the cut. */
static double probability(const struct distribution *d, double x)
{
    const double to_mode = d->c - d->a, from_mode = d->b - d->c, width = d->b - d->a;
    switch (d->kind) {
    case DISTRIBUTION_NORMAL:
        return gsl_cdf_gaussian_P(x - d->a, d->b);
    case DISTRIBUTION_LOGNORMAL:
        return x > 0.0 ? gsl_cdf_lognormal_P(x, d->a, d->b) : 0.0;
    case DISTRIBUTION_BETA:
        return gsl_cdf_beta_P(fmin(fmax(x, 0.0), 1.0), d->a, d->b);
    case DISTRIBUTION_GAMMA:
        return x > 0.0 ? gsl_cdf_gamma_P(x, d->a, d->b) : 0.0;
    case DISTRIBUTION_UNIFORM:
        return fmin(fmax((x - d->a) / width, 0.0), 1.0);
    default:
        x = fmin(fmax(x, d->a), d->b);
        return x < d->c          ? (x - d->a) * (x - d->a) / (width * to_mode)
               : from_mode > 0.0 ? 1.0 - (d->b - x) * (d->b - x) / (width * from_mode)
                                 : 1.0;
    }
}

/* The x at which `probability` reaches p: by halving, since GSL's own inverses of gamma and beta do not
 * converge for every shape.
 */
static double invert(const struct distribution *d, double p, double least, double most)
{
    for (int n = 0; n < HALVINGS; n++) {
        const double middle = 0.5 * (least + most);
        if (probability(d, middle) < p) {
            least = middle;
        } else {
            most = middle;
        }
    }
    return 0.5 * (least + most);
}

/* Before the cut. */
static double quantile(const struct distribution *d, double p)
{
    const double to_mode = d->c - d->a, from_mode = d->b - d->c, width = d->b - d->a;
    switch (d->kind) {
    case DISTRIBUTION_NORMAL:
        return d->a + gsl_cdf_gaussian_Pinv(p, d->b);
    case DISTRIBUTION_LOGNORMAL:
        return gsl_cdf_lognormal_Pinv(p, d->a, d->b);
    case DISTRIBUTION_BETA:
        return invert(d, p, 0.0, 1.0);
    case DISTRIBUTION_GAMMA:
        return invert(d, p, 0.0, d->b * (d->a + 50.0 * sqrt(d->a) + 50.0));
    case DISTRIBUTION_UNIFORM:
        return d->a + p * width;
    default:
        return p < to_mode / width ? d->a + sqrt(p * width * to_mode)
                                   : d->b - sqrt((1.0 - p) * width * from_mode);
    }
}

bool distribution_of_moments(struct distribution *distribution, enum distribution_kind kind,
                             double mean, double sd)
{
    if (!(sd > 0.0) || !isfinite(mean) || !isfinite(sd)) {
        return false;
    }
    const double relative = sd / mean;
    const double sigma = sqrt(log1p(relative * relative));
    const double concentration = mean * (1.0 - mean) / (sd * sd) - 1.0;
    switch (kind) {
    case DISTRIBUTION_NORMAL:
        *distribution = uncut(kind, mean, sd, 0.0);
        return true;
    case DISTRIBUTION_LOGNORMAL:
        *distribution = uncut(kind, log(mean) - 0.5 * sigma * sigma, sigma, 0.0);
        return mean > 0.0;
    case DISTRIBUTION_BETA:
        *distribution = uncut(kind, mean * concentration, (1.0 - mean) * concentration, 0.0);
        return mean > 0.0 && mean < 1.0 && concentration > 0.0;
    case DISTRIBUTION_GAMMA:
        *distribution = uncut(kind, 1.0 / (relative * relative), sd * relative, 0.0);
        return mean > 0.0;
    default:
        return false;
    }
}

/* The shape whose quantiles have this ratio; the ratio falls with the shape. */
static bool find_gamma(struct distribution *distribution, double low, double high)
{
    double least = log(1e-2), most = log(1e8);
    for (int n = 0; n < HALVINGS; n++) {
        const double middle = 0.5 * (least + most);
        const struct distribution unit = uncut(DISTRIBUTION_GAMMA, exp(middle), 1.0, 0.0);
        if (quantile(&unit, UPPER) * low > quantile(&unit, LOWER) * high) {
            least = middle;
        } else {
            most = middle;
        }
    }
    *distribution = uncut(DISTRIBUTION_GAMMA, exp(0.5 * (least + most)), 1.0, 0.0);
    distribution->b = high / quantile(distribution, UPPER);
    return fabs(probability(distribution, low) - LOWER) < 1e-6;
}

/* The mean at which a beta of this concentration has its 2.5 % quantile at `low`. */
static double beta_mean(double low, double concentration)
{
    double least = 0.0, most = 1.0;
    for (int n = 0; n < HALVINGS; n++) {
        const double mean = 0.5 * (least + most);
        if (gsl_cdf_beta_P(low, mean * concentration, (1.0 - mean) * concentration) > LOWER) {
            least = mean;
        } else {
            most = mean;
        }
    }
    return 0.5 * (least + most);
}

/* The more concentrated, the nearer the 97.5 % quantile to the 2.5 % one. */
static bool find_beta(struct distribution *distribution, double low, double high)
{
    double least = log(1e-2), most = log(1e7), mean = 0.5, concentration = 1.0;
    for (int n = 0; n < HALVINGS; n++) {
        const double middle = 0.5 * (least + most);
        concentration = exp(middle);
        mean = beta_mean(low, concentration);
        if (gsl_cdf_beta_P(high, mean * concentration, (1.0 - mean) * concentration) < UPPER) {
            least = middle;
        } else {
            most = middle;
        }
    }
    const double a = mean * concentration, b = (1.0 - mean) * concentration;
    *distribution = uncut(DISTRIBUTION_BETA, a, b, 0.0);
    return fabs(gsl_cdf_beta_P(low, a, b) - LOWER) < 1e-6 &&
           fabs(gsl_cdf_beta_P(high, a, b) - UPPER) < 1e-6;
}

bool distribution_of_interval(struct distribution *distribution, enum distribution_kind kind,
                              double low_95, double high_95)
{
    const double width = 2.0 * gsl_cdf_ugaussian_Pinv(UPPER);
    if (!(low_95 < high_95) || !isfinite(low_95) || !isfinite(high_95)) {
        return false;
    }
    switch (kind) {
    case DISTRIBUTION_NORMAL:
        *distribution = uncut(kind, 0.5 * (low_95 + high_95), (high_95 - low_95) / width, 0.0);
        return true;
    case DISTRIBUTION_LOGNORMAL:
        *distribution = uncut(kind, 0.5 * (log(low_95) + log(high_95)),
                              (log(high_95) - log(low_95)) / width, 0.0);
        return low_95 > 0.0;
    case DISTRIBUTION_BETA:
        return low_95 > 0.0 && high_95 < 1.0 && find_beta(distribution, low_95, high_95);
    case DISTRIBUTION_GAMMA:
        return low_95 > 0.0 && find_gamma(distribution, low_95, high_95);
    default:
        return false;
    }
}

bool distribution_of_limits(struct distribution *distribution, enum distribution_kind kind,
                            double low, double mode, double high)
{
    *distribution = uncut(kind, low, high, mode);
    return isfinite(low) && isfinite(high) && low < high &&
           (kind == DISTRIBUTION_UNIFORM ||
            (kind == DISTRIBUTION_TRIANGULAR && mode >= low && mode <= high));
}

double distribution_cut(struct distribution *distribution, double low, double high)
{
    const double above_low = probability(distribution, low);
    distribution->low = low;
    distribution->high = high;
    distribution->below = above_low;
    distribution->within = probability(distribution, high) - above_low;
    return distribution->within;
}

double distribution_quantile(const struct distribution *d, double u)
{
    return fmin(fmax(quantile(d, d->below + u * d->within), d->low), d->high);
}
