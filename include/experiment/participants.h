/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_PARTICIPANTS_H
#define BUYIN_EXPERIMENT_PARTICIPANTS_H

#include "base/random.h"
#include "base/urn.h"
#include "experiment/rerun.h"

/** Who takes part in the study in silico (Table 2 of the study: 49 people were interviewed only,
 *  12 interviewed and observed, 23 observed only; 41 were interviewed again).
 *
 *    invited    w = T^zeta              zeta: study.trust_exponent, T: trust after the last session
 *    observed   w = n^nu T^zeta         nu: study.session_exponent, n: sessions attended
 *
 *  A link worker invites those who trust her. A researcher who follows a link worker for some weeks
 *  sits in on meetings, so that whoever meets her often is met often (nu = 1: a meeting at
 *  random), where patient and link worker allow it (T^zeta). All draws are one after the other
 *  without replacement, with probability proportional to w among those left, all sites together:
 *
 *    1. study.interviewees of everyone seen, by the weight of invitation;
 *    2. study.overlap of the interviewees, by the weight of observation;
 *    3. study.observed - study.overlap of everyone else seen, by the weight of observation.
 *
 *  Interviewed again are the first study.followed_up interviewees, in the order of invitation,
 *  whose week 39 after the first session lies within the run: fewer, if there are not as many.
 *  0^0 is 1: with an exponent of 0 everyone seen is alike. Where nobody is seen nobody is drawn.
 */
enum source {
    SOURCE_INTERVIEWED,
    SOURCE_INTERVIEWED_AGAIN,
    SOURCE_OBSERVED,
    SOURCE_PARTICIPANTS, /* everyone interviewed or observed */
    SOURCE_COUNT
};

struct participants {
    size_t interviewees, followed_up, overlap, observed, all; /* wanted */
    size_t askable;                                           /* people with weights above 0 */

    /* the study drawn last: people by their number; the interviewed come first among all */
    size_t count[SOURCE_COUNT];
    const size_t *who[SOURCE_COUNT];

    const struct person *persons;
    double *invitation, *observation; /* [person]: weights */
    struct urn invited, watched, both;
    size_t *drawn, *again, *watchlist;
};

/** Gets ready to draw studies from these people. Whoever draws looks first whether `askable` is at
 *  least `all`. Fails: ERROR_MEMORY.
 */
int participants_open(struct participants *participants, const struct person *persons, size_t count,
                      const struct parameters *parameters);

/** Draws one study from the stream. */
void participants_draw(struct participants *participants, struct random_stream *stream);

void participants_close(struct participants *participants);

#endif
