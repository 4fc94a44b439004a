/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_DECISION_H
#define BUYIN_EXPERIMENT_DECISION_H

#include <stddef.h>

enum { MOST_OPTIONS = 32 };

/** A decision between options whose costs and effects depend on parameters that are not known well.
 *
 *  Every option was simulated with every set of parameters in every replicate. Sets differ by the
 *  parameters, replicates by chance; all sets and options share the replicates' random numbers. What
 *  is wanted is the decision over sets, as if replicates were without number; what the few there are
 *  add is told apart, or taken off.
 *
 *  The net benefit of an option is threshold x effect - cost.
 */
struct decision {
    size_t sets, replicates, options; /* at most MOST_OPTIONS; option 0: the comparator */
    double *costs, *effects;          /* [set][replicate][option] */
};

/** Room for all costs and effects, NAN at first. Fails: ERROR_MEMORY. */
int decision_init(struct decision *decision, size_t sets, size_t replicates, size_t options);

void decision_free(struct decision *decision);

/** Where in costs and effects a value stands. */
static inline size_t decision_at(const struct decision *d, size_t set, size_t replicate,
                                 size_t option)
{
    return (set * d->replicates + replicate) * d->options + option;
}

/** What is compared: a sum of effect and cost with these weights. */
struct weights {
    double effect, cost;
};
extern const struct weights of_cost, of_effect;
struct weights of_net_benefit(double threshold);

/** The mean over replicates of an option in a set. */
double decision_mean(const struct decision *decision, struct weights weights, size_t set,
                     size_t option);

/** An option against the comparator, over sets. NAN where a value is missing or there is one set. */
struct spread {
    double mean;
    double error;  /* standard error of the mean: chance, and which sets happened to be drawn */
    double margin; /* half the 95 % interval of the mean, Student's t: wide with few replicates */
    double low,
        high;      /* 95 %: the spread of set means, drawn together by what of it is chance, and the
                         margin of the mean on top */
    double chance; /* share of the variance of set means that is chance between replicates */
};
struct spread decision_increment(const struct decision *decision, struct weights weights,
                                 size_t option);

/** Incremental cost per unit of incremental effect, of the means; the interval holds the thresholds at
 *  which the 95 % interval of net benefit includes 0 (what Fieller's theorem inverts). NAN ends where
 *  that of the effect does: the ratio is then unbounded.
 */
struct ratio {
    double mean, low, high;
};
struct ratio decision_ratio(const struct decision *decision, size_t option);

/** The option with the largest mean of net benefit. */
size_t decision_best(const struct decision *decision, double threshold);

/** Shares of sets in which each option has the largest net benefit: `shares` [options]. */
void decision_acceptability(const struct decision *decision, double threshold, double *shares);

/** Expected value of perfect information, in units of cost per person: what knowing the parameters
 *  before deciding would add to the net benefit. With few replicates the largest of noisy means looks
 *  too good; `value` is the jackknife over replicates, which takes that off to first order, at least 0.
 */
struct information {
    double value;
    double uncorrected; /* from the means over replicates as they are: too large */
    double error;       /* standard error over sets, of the uncorrected one */
};
struct information decision_information(const struct decision *decision, double threshold);

/** The same for one parameter alone, `values` [sets], by regressing each option's net benefit against
 *  the comparator on the parameter: polynomials of its rank up to the third degree, the degree by the
 *  Bayesian information criterion. With many sets a parameter without influence mostly gets exactly 0;
 *  with few, chance explains much (decision_explained_by_chance).
 *  Source: Strong, Oakley, Brennan 2014, doi 10.1177/0272989X12465755 (non-parametric regression).
 *  Fails: ERROR_MEMORY.
 */
struct partial_information {
    double value;
    double explained; /* share of the variance of net benefit over sets that it explains alone */
};
int decision_partial_information(const struct decision *decision, double threshold,
                                 const double *values, struct partial_information *partial);

/** What the most explaining one of so many parameters without influence stays below in 95 of 100
 *  evaluations: 95 % quantile of the largest R^2 of polynomials of the third degree.
 */
double decision_explained_by_chance(size_t sets, size_t parameters);

/** Where an option stands by mean cost and effect. */
enum standing {
    STANDING_FRONTIER,
    STANDING_DOMINATED, /* another costs no more and has no less effect */
    STANDING_EXTENDED,  /* a mixture of two others does */
};

/** The standing of every option and, on the frontier, its cost per unit of effect against the one before
 *  it (NAN for the first): `standings`, `ratios` [options].
 */
void decision_frontier(const struct decision *decision, enum standing *standings, double *ratios);

#endif
