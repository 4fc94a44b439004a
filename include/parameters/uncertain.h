/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_PARAMETERS_UNCERTAIN_H
#define BUYIN_PARAMETERS_UNCERTAIN_H

#include "base/distribution.h"
#include "parameters/table.h"

#include <stdio.h>

/** Parameters that are not known well, with a distribution each. In YAML
 *
 *    uncertain:
 *      cost:
 *        link_worker_year: {distribution: gamma, low_95: 36000, high_95: 60000, reason: why}
 *        gp_consultation: {distribution: uniform, low: 37, high: 42}
 *      trait.rapport_median: {distribution: lognormal, mean: 0.4, sd: 0.1}
 *
 *  normal, lognormal, beta (on 0 to 1), gamma   mean and sd, or low_95 and high_95 (95 % between them)
 *  uniform                                      low and high (all between them)
 *  triangular                                   low, mode and high
 *  fixed                                        takes an inherited distribution away
 *
 *  Distributions are cut off at the parameter's range. A later file's distribution replaces an earlier
 *  one; so does a value that a later file or --set gives: the parameter is then known again.
 */

enum { UNCERTAIN_REASON_SIZE = 320, UNCERTAIN_PLACE_SIZE = 192 };

/** What was said of a parameter. */
enum uncertain_word {
    UNCERTAIN_MEAN,
    UNCERTAIN_SD,
    UNCERTAIN_LOW_95,
    UNCERTAIN_HIGH_95,
    UNCERTAIN_LOW,
    UNCERTAIN_MODE,
    UNCERTAIN_HIGH,
    UNCERTAIN_WORD_COUNT
};

struct uncertain_parameter {
    const struct parameter_row *row;
    int kind;       /* enum distribution_kind; -1: not said, DISTRIBUTION_COUNT: fixed */
    unsigned given; /* bits of enum uncertain_word */
    double said[UNCERTAIN_WORD_COUNT];
    char reason[UNCERTAIN_REASON_SIZE]; /* "" if there is none */
    char where[UNCERTAIN_PLACE_SIZE];
    bool is_of_this_file; /* while a file is read */
    struct distribution distribution;
};

struct configuration;
struct yaml_file;

/** Reads the entries from `uncertain`, at `*index`, to the last one below it, and moves past them. */
int uncertain_read(struct configuration *configuration, const struct yaml_file *file,
                   size_t *index);

/** Ends the reading of a file: what it has settled (one flag a row of the table) is known again. */
void uncertain_end_file(struct configuration *configuration, const bool *settled);

/** The parameter is known again; nothing if it was. */
void uncertain_forget(struct configuration *configuration, const struct parameter_row *row);

/** The distribution of a parameter; NULL if it is known. */
const struct uncertain_parameter *uncertain_find(const struct configuration *configuration,
                                                 const struct parameter_row *row);

/** Refuses a parameter that the configuration's `sweep:` varies as well. */
int uncertain_check(const struct configuration *configuration);

/** Prints the distributions as YAML that can be read back; nothing if there are none. */
void uncertain_print_yaml(FILE *stream, const struct configuration *configuration);

/** Prints a line each: distribution, its 2.5, 50 and 97.5 % quantiles, value in runs, reason. */
void uncertain_print(FILE *stream, const struct configuration *configuration);

/** Prints how the distributions of `a` and `b` differ, one line each; returns how many lines. */
int uncertain_print_difference(FILE *stream, const struct configuration *a,
                               const struct configuration *b);

#endif
