/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_OBSERVE_STUDY_SAMPLE_H
#define BUYIN_OBSERVE_STUDY_SAMPLE_H

#include "state/site.h"

/** The study in silico: interviewees drawn without replacement from the seen, all sites together.
 *
 *  Link workers invite those who trust them: probability proportional to weight = T^zeta, T just
 * after the last session; weight 0 is never drawn. Drawing one after the other with weights w
 * equals ranking by E / w, E exponential (Efraimidis and Spirakis 2006,
 * DOI 10.1016/j.ipl.2005.11.003), so each site keeps its first ranks and the sites' lists merge.
 */
struct interviewee {
    double rank; /* E / w: smallest first */
    float trust;
    float change; /* SWEMWBS 39 weeks after the first session minus just before it; if followed */
    int pathway;
    bool followed; /* those 39 weeks lie within the run */
};

struct study_sample {
    int wanted;
    int count;
    struct interviewee *drawn; /* in the order of ranks; NULL until the first one */
};

/** Ranks one person; fails only by forgetting the person if there is no memory (returns false). */
bool study_sample_consider(struct study_sample *sample, int wanted,
                           const struct interviewee *person);

/** Adds the list of another site. */
bool study_sample_merge(struct study_sample *sum, const struct study_sample *part);

/** Puts in or takes out a list, which then is freed as ever. */
void study_sample_carry(struct study_sample *sample, struct parcel *parcel);

void study_sample_free(struct study_sample *sample);

#endif
