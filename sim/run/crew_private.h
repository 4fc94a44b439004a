/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the processes of a crew say to one another
 *
 *   a server            the leader
 *                       CALL    who is there?
 *   HELLO version
 *                       JOB     configurations, what is wanted of a piece
 *                       TASK    do this one; a server holds two per thread at most
 *   DONE task
 *                       SEND    it is nearly this one's turn
 *   RESULT task
 *   FAILED task, why
 *                       RECALL  give up what you are at
 *   IDLE
 *                       DISMISS
 *
 * Only the first thread of a process sends and receives. It looks for messages and rests between
 * looks, since the other threads need its processor.
 */
#ifndef BUYIN_RUN_CREW_PRIVATE_H
#define BUYIN_RUN_CREW_PRIVATE_H

#include "ensemble_private.h"

#include "run/crew.h"

#include <stdint.h>

enum { TASKS_PER_THREAD = 2 };

enum message {
    MESSAGE_CALL,
    MESSAGE_HELLO,
    MESSAGE_JOB,
    MESSAGE_TASK,
    MESSAGE_DONE,
    MESSAGE_SEND,
    MESSAGE_RESULT,
    MESSAGE_FAILED,
    MESSAGE_RECALL,
    MESSAGE_IDLE,
    MESSAGE_DISMISS
};

/** Begins a message, to which more may be added. */
void message_begin(struct parcel *parcel, enum message message);

/** Sends it. Fails: ERROR_MEMORY (packing), or what the crew reported. */
int message_post(const struct crew *crew, int to, struct parcel *parcel);

/** Sends a message that is about a task. */
int message_post_number(const struct crew *crew, int to, struct parcel *parcel,
                        enum message message, size_t number);

/** Takes the next message in, if one is there, and begins to open it. */
int message_receive(const struct crew *crew, struct parcel *parcel, bool *is_there, int *from,
                    uint32_t *message);

/** The same, once there is one. */
int message_wait(const struct crew *crew, struct parcel *parcel, int *from, uint32_t *message);

/** What all processes of a crew must agree in. */
void message_version(char version[MESSAGE_SIZE]);

#endif
