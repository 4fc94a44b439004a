/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_ABLATION_H
#define BUYIN_EXPERIMENT_ABLATION_H

#include "experiment/quantity.h"
#include "experiment/scenarios.h"
#include "experiment/theory.h"

/** The programme theory taken apart: each configuration alone switched off, or given another
 *  strength, against the full model with the same random numbers.
 *
 *  An effect is the full model minus the model without the configuration: what the configuration
 *  does when it is on.
 */

enum verdict { VERDICT_CONFIRMED, VERDICT_REFUTED, VERDICT_UNDETERMINED };
extern const char *const verdict_names[3];

/** Outcomes that everyone asks for first. */
enum { HEADLINE_COUNT = 6 };
struct headline {
    const char *title;
    const char *outcome;
};
extern const struct headline headlines[HEADLINE_COUNT];

struct ablation_effect {
    struct estimate variable, measure;
    double full; /* the outcome measure in the full model, mean over replicates */
    enum verdict variable_verdict, verdict;
    struct estimate headline[HEADLINE_COUNT];
};

struct ablation {
    struct scenarios scenarios; /* 0: full model; 1 + row: without that row */
    struct ablation_effect effects[THEORY_COUNT];
};

/** Runs the 27 scenarios and works out all effects. Fails: ERROR_MEMORY, ERROR_INPUT. */
int ablation_run(struct ablation *ablation, const struct configuration *base, int group,
                 int threads, bool is_quiet);

void ablation_free(struct ablation *ablation);

/** Confirmed or refuted if the 95 % interval excludes 0 on the claimed or the other side. */
enum verdict verdict_of(const struct estimate *effect, int sign);

/** The value of a row's outcome measure at several strengths minus that at strength 0.
 *  `effects` is [THEORY_COUNT][count].
 */
int ablation_strengths(const struct configuration *base, const double *strengths, size_t count,
                       int group, int threads, bool is_quiet, struct estimate *effects);

/** Pairwise interactions on a headline outcome: what two rows do together beyond the sum of both.
 *  `effects` is [THEORY_COUNT][THEORY_COUNT], the upper triangle is filled.
 */
int ablation_pairs(const struct configuration *base, const char *outcome, int group, int threads,
                   bool is_quiet, struct estimate *effects);

/** Shapley shares of the total effect (full model minus all rows off) on an outcome, from
 *  `permutations` random orders of switching off; intervals are over permutations.
 *  `shares` has THEORY_COUNT entries; *total is the total effect over replicates.
 */
int ablation_shapley(const struct configuration *base, const char *outcome, size_t permutations,
                     int group, int threads, bool is_quiet, struct estimate *shares,
                     struct estimate *total);

#endif
