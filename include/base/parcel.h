/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_PARCEL_H
#define BUYIN_BASE_PARCEL_H

#include <stdbool.h>
#include <stddef.h>

/** Bytes on their way to another process of the same program.
 *
 *  One list of what travels serves both ways: the same calls in the same order put things into a
 *  parcel that is being packed, and take them out of one that is being opened. What goes wrong is
 *  noted, and told by parcel_check at the end. Sizes are in bytes.
 */
struct parcel {
    unsigned char *bytes; /* aligned to PARCEL_LINE */
    size_t length, room;
    size_t position; /* of the next thing to be taken out */
    bool is_opening;
    bool has_failed;
};

enum { PARCEL_LINE = 64 }; /* bytes: the length of a packed parcel is a multiple of it */

/** Empties a parcel, which keeps its memory, to be packed. */
void parcel_pack(struct parcel *parcel);

/** From the beginning, to be opened. */
void parcel_open(struct parcel *parcel);

/** Room for `length` bytes that are to come in from outside. Fails: ERROR_MEMORY. */
int parcel_receive(struct parcel *parcel, size_t length);

/** Puts in or takes out a thing without pointers. */
void parcel_carry(struct parcel *parcel, void *thing, size_t size);

/** The same, shorter for things that are mostly zeros: whole 8-byte words. */
void parcel_carry_sparse(struct parcel *parcel, void *words, size_t size);

/** Puts in an array, or returns where it lies in a parcel that is opened: it is valid as long as that
 *  parcel is neither packed nor freed. NULL stays NULL if `size` is 0.
 */
void *parcel_array(struct parcel *parcel, void *array, size_t size);

/** After all: ERROR_MEMORY if there was no room, ERROR_MODEL if more was taken out than was in. */
int parcel_check(const struct parcel *parcel);

void parcel_free(struct parcel *parcel);

#endif
