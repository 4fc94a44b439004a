/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_ECONOMICS_H
#define BUYIN_EXPERIMENT_ECONOMICS_H

#include "experiment/comparison.h"
#include "experiment/decision.h"

#include <stdbool.h>
#include <stdio.h>

/** Economic evaluation: a base and scenarios under many sets of the parameters that are uncertain.
 *
 *  A set is drawn once and serves all options; all options, sets and replicates share the threads as
 *  one pool of pieces, and the random numbers replicate by replicate. Costs and effects are per person
 *  offered a referral, in the base. Where a scenario offers to other people than the base, what its
 *  link workers change for them is counted against the base without link workers.
 */

enum { ECONOMICS_GROUPS = 6, ECONOMICS_THRESHOLDS = 101 };

/** What is asked. */
struct economics_request {
    const char *const *paths; /* the base, then scenarios laid over it */
    size_t path_count;
    const char *uncertain; /* a file laid over the base; NULL: none */
    const char *const *settings;
    size_t setting_count;
    size_t sets;
    double threshold;  /* GBP a unit of effect; NAN: that of the effect's unit, if it has one */
    bool against_none; /* the comparator is a service without link workers */
};

struct economics {
    struct comparison comparison; /* what is compared, not run */
    size_t set_count, option_count;
    char (*option_names)[SCENARIO_NAME_SIZE]; /* the comparator first */
    bool has_none; /* option 0: no link workers, scenario 0 is option 1 */
    size_t parameter_count;
    const struct parameter_row **parameters; /* those that are uncertain */
    double *drawn;                           /* [set][parameter] */
    struct scenarios scenarios;              /* [scenario][set] */

    /* after economics_run */
    struct decision groups[ECONOMICS_GROUPS]; /* everyone, then quintiles from the most deprived */
    double offered_share[ECONOMICS_GROUPS];   /* of people offered in the base */
    bool same_people;                         /* all options offer to the same people */
    double threshold;                         /* NAN: there is none */
    double thresholds[ECONOMICS_THRESHOLDS];  /* of the curves */
};

/** The quantile of a parameter in a set: a function of seed, set and the parameter's name alone. */
double economics_uniform(int seed, size_t set, const char *parameter);

/** Reads what is compared and draws the sets. Fails: ERROR_INPUT (nothing uncertain, one replicate,
 *  a set that breaks a rule, a file), ERROR_MEMORY.
 */
int economics_make(struct economics *economics, const struct economics_request *request);

/** Runs everything and gathers costs and effects. Fails as runs do; ERROR_INPUT where options offer to
 *  other people and no counterfactual was run.
 */
int economics_run(struct economics *economics, int threads, bool is_quiet);

/** The unit of effects: SWEMWBS point-year, QALY or WELLBY. */
const char *economics_unit(const struct economics *economics);

/** What has to be said wherever effects are shown in that unit; "" if nothing has. */
const char *economics_caution(const struct economics *economics);

/** The name of a group: all, quintile1 to quintile5. */
const char *economics_group(size_t group);

/** Prints what a decision needs, with intervals. */
int economics_print(FILE *stream, const struct economics *economics);

/** The tables that R packages read; `table` is one of economics_tables. */
int economics_print_table(FILE *stream, const struct economics *economics, size_t table);
extern const char *const economics_tables[]; /* NULL after the last */

/** The cost-effectiveness plane and the acceptability curves, SVG. */
int economics_draw(FILE *stream, const struct economics *economics);

/** Writes a results file with all outcomes and the group /economics. */
int economics_write(const struct economics *economics, const char *path, bool force,
                    const char *command, int threads);

void economics_free(struct economics *economics);

#endif
