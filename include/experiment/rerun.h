/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_RERUN_H
#define BUYIN_EXPERIMENT_RERUN_H

#include "run/piece.h"

/** Running anew what a results file holds: every draw has an address, so a file that carries its
 *  configuration and seed carries every patient's life as well.
 */

/** Reads the configuration out of a results file (of its first scenario). `note` becomes a sentence
 *  if another version or commit made the file, else "".
 *  Fails: ERROR_INPUT (not a results file).
 */
int rerun_configuration(struct configuration *configuration, const char *path, char note[256]);

/** Why someone who took up never connected through the link worker: how far it came, and if every
 *  attempt failed, what failed the last one.
 */
enum reason {
    REASON_NEVER_SUGGESTED,
    REASON_REFUSED,
    REASON_NOT_TRIED,
    REASON_OBSTACLE, /* plus the code of the obstacle */
    REASON_KINDS = REASON_OBSTACLE + REASON_COUNT
};

/** What is known of a person who was seen, for drawing interviewees and for regressions. */
struct person {
    int pathway;
    bool is_seen, is_followed; /* followed: 39 weeks after the first session lie within the run */
    int sessions;              /* attended */
    float trust;               /* just after the last session */
    float change;              /* SWEMWBS over those 39 weeks, if followed */
    float age;
    int female, quintile;
    uint32_t barriers; /* bit k: barrier k in the starting population */
    int reason;        /* enum reason: took up and never connected; -1 otherwise */
    int site;
};

/** Everyone ever offered, replicate by replicate. */
struct people {
    size_t count, room;
    struct person *persons;
    size_t replicates;
    size_t *starts; /* [replicate]: first person; replicates + 1 entries */
};

/** Runs all replicates and collects everyone. Fails: ERROR_MEMORY. */
int people_collect(struct people *people, const struct configuration *configuration, int threads);

void people_free(struct people *people);

#endif
