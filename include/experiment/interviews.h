/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_INTERVIEWS_H
#define BUYIN_EXPERIMENT_INTERVIEWS_H

#include "experiment/rerun.h"

#include <stdio.h>

/** The study in silico: link workers invite, 61 are interviewed, 41 of them again after nine
 * months, 35 meetings are observed, 84 people in all (49 interview only, 12 both, 23 observation
 * only).
 *
 *  Participants are drawn from everyone seen, all sites together, one after the other without
 *  replacement, with probability proportional to trust to the power study.trust_exponent. The draw
 * is repeated many times in every replicate: what n = 61 leaves open, and what invitation distorts.
 */
struct interview_estimate {
    double mean, low, high; /* over draws and replicates: mean, 2.5 % and 97.5 % quantile */
    double seen, offered;   /* the truth: everyone seen, everyone offered; mean over replicates */
};

struct interviews {
    size_t draws; /* per replicate */
    int interviewees, followed_up, observed, participants;
    struct interview_estimate pathway[PATHWAY_COUNT]; /* of the interviewees */
    struct interview_estimate participants_b;         /* pathway b among all participants */
    struct interview_estimate trust;                  /* just after the last session */
    struct interview_estimate change; /* SWEMWBS, those re-interviewed; `seen` of all followed */
};

/** Draws `draws` studies in every replicate. Fails: ERROR_MEMORY, ERROR_INPUT (too few were seen).
 */
int interviews_draw(struct interviews *interviews, const struct people *people,
                    const struct parameters *parameters, size_t draws);

void interviews_print(FILE *stream, const struct interviews *interviews);

#endif
