/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_ABLATION_H
#define BUYIN_EXPERIMENT_ABLATION_H

#include "experiment/theory_pool.h"

/** The programme theory taken apart: each configuration switched off alone, given another strength,
 *  switched off with another one or in random order, against the full model with the same random
 *  numbers.
 *
 *  An effect is the full model minus the model without the configuration: what the configuration
 *  does when it is on.
 */

enum verdict { VERDICT_CONFIRMED, VERDICT_REFUTED, VERDICT_UNDETERMINED };
extern const char *const verdict_names[3];

/** Outcomes that everyone asks for first; one more may be chosen. */
enum { HEADLINE_COUNT = 6, MOST_HEADLINES = HEADLINE_COUNT + 1 };
struct headline {
    const char *title;
    const char *outcome;
};
extern const struct headline headlines[HEADLINE_COUNT];

/** What is asked of an ablation, besides switching each row off alone. */
struct ablation_plan {
    int group;           /* of patients that are counted; 0: everyone */
    const char *outcome; /* one more headline; NULL: none */
    size_t strength_count;
    const double *strengths; /* dose and response at these */
    bool pairs;              /* interactions of two rows */
    size_t orders;           /* random orders for Shapley shares; 0: none */
};

struct ablation_effect {
    struct estimate variable, measure;
    double full; /* the outcome measure in the full model, mean over replicates */
    enum verdict variable_verdict, verdict;
    struct estimate headline[MOST_HEADLINES];
};

/** A row at some strength minus the same row at strength 0. */
struct dose_effect {
    struct estimate variable, measure;
};

struct ablation {
    struct ablation_plan plan;
    struct theory_pool pool; /* scenario 0: full model; 1 + row: without that row; then others */
    size_t headline_count;
    struct headline headlines[MOST_HEADLINES];
    struct ablation_effect effects[THEORY_COUNT];
    struct dose_effect *doses;              /* [row][strength] */
    struct estimate *interactions;          /* [row][row][MOST_HEADLINES], both halves; or NULL */
    struct estimate *shares;                /* [MOST_HEADLINES][row]; or NULL */
    struct estimate totals[MOST_HEADLINES]; /* full model minus all rows off, with shares */
};

/** Runs all scenarios that the plan needs as one pool, each once, and works out all effects.
 *  `plan` and `base` have to outlive the ablation.
 *  Fails: ERROR_MEMORY, ERROR_INPUT (strength out of range, unknown outcome).
 */
int ablation_run(struct ablation *ablation, const struct configuration *base,
                 const struct ablation_plan *plan, int threads, bool is_quiet);

void ablation_free(struct ablation *ablation);

/** What two rows do together beyond the sum of both: full - without a - without b + without both. */
static inline const struct estimate *ablation_interaction(const struct ablation *ablation, size_t a,
                                                          size_t b, size_t headline)
{
    return &ablation->interactions[(a * THEORY_COUNT + b) * MOST_HEADLINES + headline];
}

static inline const struct estimate *ablation_share(const struct ablation *ablation, size_t row,
                                                    size_t headline)
{
    return &ablation->shares[headline * THEORY_COUNT + row];
}

static inline const struct dose_effect *ablation_dose(const struct ablation *ablation, size_t row,
                                                      size_t strength)
{
    return &ablation->doses[row * ablation->plan.strength_count + strength];
}

/** Replicates of every scenario. */
static inline size_t ablation_replicates(const struct ablation *ablation)
{
    return ablation->pool.measured.replicate_count;
}

/** Confirmed or refuted if the 95 % interval excludes 0 on the claimed or the other side. */
enum verdict verdict_of(const struct estimate *effect, int sign);

#endif
