/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_SCENARIOS_H
#define BUYIN_EXPERIMENT_SCENARIOS_H

#include "base/progress.h"
#include "run/ensemble.h"
#include "run/results.h"

enum { SCENARIO_NAME_SIZE = 64 };

/** Is shown all outcomes of a replicate, once, when it is complete. */
typedef void (*outcome_reader)(void *context, size_t scenario, size_t replicate,
                               const double *outcomes);

/** A results file to be written while scenarios run. */
struct scenario_output {
    const char *path;
    bool force;
    const char *command; /* as it was typed */
};

/** Variations of one configuration, run together over one pool of pieces and paired by seed. */
struct scenarios {
    const struct configuration *base;
    size_t count, room;
    struct configuration *configurations;
    char (*names)[SCENARIO_NAME_SIZE];
    size_t kept;            /* the results hold the first so many scenarios; 0: all of them */
    outcome_reader read;    /* sees the outcomes of every scenario, kept or not; NULL: nobody */
    void *context;          /* of the reader */
    struct run_part part;   /* of the replicates; {0}: all */
    struct results results; /* after scenarios_run */
    double seconds;         /* that scenarios_run took */

    /* Set before scenarios_run, takes all that is recorded of every scenario (NULL: no file). All
     * need the weeks, sites, replicates and record of the first. */
    const struct scenario_output *output;
};

/** No scenario yet. */
void scenarios_init(struct scenarios *scenarios, const struct configuration *base);

/** Adds a copy of the base; *added is its position. A name that is taken gets a number. Fails:
 *  ERROR_MEMORY.
 */
int scenarios_add(struct scenarios *scenarios, const char *name, size_t *added);

/** Sets a parameter of one scenario. Fails: ERROR_INPUT. */
int scenarios_set(struct scenarios *scenarios, size_t scenario, const char *parameter,
                  double value);

/** Runs all; outcomes are those of the patients of `group` (0: everyone). */
int scenarios_run(struct scenarios *scenarios, int group, int threads, bool is_quiet);

void scenarios_free(struct scenarios *scenarios);

#endif
