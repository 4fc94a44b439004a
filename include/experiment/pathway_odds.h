/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_PATHWAY_ODDS_H
#define BUYIN_EXPERIMENT_PATHWAY_ODDS_H

#include "experiment/regression.h"
#include "experiment/rerun.h"

#include <stdio.h>

/** Odds ratios of the pathways b, c, own support and dropping out against a: a multinomial logistic
 *  regression (experiment/regression.h) on woman, age, deprivation, caring and barriers.
 *
 *  One fit to the people of all replicates together. People of one replicate share its luck, so
 *  standard errors are clustered by replicate; with one replicate they are those of the model.
 *  Whoever took up and is on none of the five pathways yet (brief) is left out.
 */
struct pathway_odds {
    struct regression fit;
    size_t persons, replicates;
    bool has_interactions;
};

/** With `interactions`: also a coefficient for each pair of characteristics, age left out.
 *  Fails: ERROR_MEMORY; ERROR_INPUT (nobody is on a, or nobody on any other pathway).
 */
int pathway_odds_fit(struct pathway_odds *odds, const struct people *people, bool interactions);

void pathway_odds_print(FILE *stream, const struct pathway_odds *odds);

/** Rows below the head of travellers_print_csv_head; standard errors are of log odds ratios. */
void pathway_odds_print_csv(FILE *stream, const struct pathway_odds *odds);

void pathway_odds_free(struct pathway_odds *odds);

#endif
