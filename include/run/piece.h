/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_PIECE_H
#define BUYIN_RUN_PIECE_H

#include "observe/counterfactual.h"
#include "observe/recorder.h"
#include "observe/tally.h"
#include "run/timeline.h"

/** The states that may be kept by week at level `trajectories`, in the order of the .def file. */
enum trajectory_state {
#define FIELD(type, name, unit, meaning)
#define FIELDS(type, name, length, unit, meaning)
#define TRAIT(type, name, unit, meaning)
#define TRAITS(type, name, length, unit, meaning)
#define HISTORY(type, name, unit, meaning)
#define STATE(type, name, unit, meaning) TRAJECTORY_##name,
#define STATES(type, name, length, unit, meaning)                                                  \
    TRAJECTORY_##name, TRAJECTORY_LAST_##name = TRAJECTORY_##name + (length)-1,
#include "state/patient_fields.def"
    TRAJECTORY_COUNT
};

/** Binary digits of run.trajectory_bits that keep a state as it is. */
enum { TRAJECTORY_EXACT_BITS = 23 };

/** A run keeps this state and all after it (run.trajectory_fields). */
size_t trajectory_first(const struct parameters *parameters);

/** One piece of work: a site in a replicate of a scenario, over all its weeks.
 *
 *  Sites never meet, so pieces run in any order on any thread; the result depends on nothing but
 * the piece. A piece keeps all its memory and is used again for the next one.
 */
struct piece {
    /* which one */
    size_t scenario, replicate, site;

    /* what came of it */
    struct site result; /* after the last week */
    struct recorder recorder;
    struct tally *tally;
    bool is_paired;                /* there is a run without link workers */
    struct counterfactual without; /* what came of it */
    int32_t *followed;             /* rows whose weekly states were kept, in order */
    size_t followed_count;
    size_t first_kept;   /* state; those after it were kept, too */
    float *trajectories; /* [state - first_kept][followed row][week], NaN before the first offer */

    float *weekly_states; /* where trajectories are gathered; kept for the next piece */
    size_t weekly_room;   /* bytes of it */

    struct timeline timeline; /* the interventions at this site */
    struct arena arena;
};

/** Room that does not depend on the piece. Fails: ERROR_MEMORY. */
int piece_init(struct piece *piece);

/** Runs the site; outcomes are those of the patients of `group` (GROUP_ALL: of everyone);
 *  `verify` checks the conservation laws after every week.
 *  Fails: ERROR_MEMORY, ERROR_MODEL.
 */
int piece_run(struct piece *piece, const struct configuration *configuration,
              const struct coefficients *coefficients, int group, bool verify);

/** How much of a piece travels to another process. */
enum piece_detail {
    PIECE_WHOLE,  /* all below, with every patient */
    PIECE_RECORD, /* the tally and the weekly record of the site */
    PIECE_TALLY,  /* the tally */
};

/** Puts in or takes out a finished piece. One taken out has no timeline; of its site there is what
 *  site_carry tells, of the counterfactual its columns; what is left out is zero.
 */
void piece_carry(struct piece *piece, struct parcel *parcel, enum piece_detail detail);

void piece_free(struct piece *piece);

#endif
