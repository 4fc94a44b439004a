/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_CREW_H
#define BUYIN_RUN_CREW_H

#include <stdbool.h>
#include <stddef.h>

/** Processes that share the pieces of every ensemble, on one machine or on several.
 *
 *  Process 0 leads: it alone acts on the command, reads, prints and writes. The others serve: they are
 *  sent the configurations and the numbers of pieces, and send finished pieces back when they are
 *  asked to. Each holds a few pieces per thread, the leader a few more that are next in order, so
 *  memory does not grow with pieces. How messages travel is the business of whoever makes the crew.
 */
struct crew {
    int count; /* processes, the leader being 0 */

    /** Sends a message, whose length is a multiple of PARCEL_LINE; it may be overwritten on return. */
    int (*post)(int to, const void *bytes, size_t length);

    /** Whether a message is there, from whom and how long. Messages of one process keep their order. */
    bool (*look)(int *from, size_t *length);

    /** Takes that message in. */
    int (*take)(int from, void *bytes, size_t length);
};

/** From here on, this process leads `crew`; ensembles are shared out. NULL: works alone again. */
void crew_lead(const struct crew *crew);

/** Processes at work: 1 without a crew. */
int crew_size(void);

/** Serves until the leader dismisses the crew. Fails: ERROR_MEMORY, or what a post reported. */
int crew_serve(const struct crew *crew);

/** Lets the others go; nothing without a crew. */
void crew_dismiss(void);

#endif
