/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parcel.h"

#include "base/error.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WORD = 8, LONGEST_RUN = 255 };

#define MOST_BYTES (SIZE_MAX / 8)

/* A word of 8 bytes takes a byte that says which of its bytes are not 0, and those bytes; a run of
 * words of zeros takes that byte, 0, and how many there are. */
enum { MOST_BYTES_OF_A_WORD = 1 + WORD };

void parcel_pack(struct parcel *parcel)
{
    parcel->length = 0;
    parcel->is_opening = false;
    parcel->has_failed = false;
}

void parcel_open(struct parcel *parcel)
{
    parcel->position = 0;
    parcel->is_opening = true;
    parcel->has_failed = false;
}

static bool make_room(struct parcel *parcel, size_t more)
{
    if (parcel->has_failed || more > MOST_BYTES) {
        parcel->has_failed = true;
        return false;
    }
    const size_t needed = parcel->length + more + PARCEL_LINE; /* and for rounding up */
    if (needed <= parcel->room) {
        return true;
    }
    const size_t room = (needed + needed / 2) / PARCEL_LINE * PARCEL_LINE + PARCEL_LINE;
    unsigned char *larger = aligned_alloc(PARCEL_LINE, room);
    if (larger == NULL) {
        parcel->has_failed = true;
        return false;
    }
    if (parcel->length > 0) {
        memcpy(larger, parcel->bytes, parcel->length);
    }
    free(parcel->bytes);
    parcel->bytes = larger;
    parcel->room = room;
    return true;
}

int parcel_receive(struct parcel *parcel, size_t length)
{
    parcel_pack(parcel);
    if (!make_room(parcel, length)) {
        return parcel_check(parcel);
    }
    parcel->length = length;
    return 0;
}

static bool has_left(struct parcel *parcel, size_t size)
{
    if (parcel->has_failed || size > parcel->length - parcel->position) {
        parcel->has_failed = true;
    }
    return !parcel->has_failed;
}

void parcel_carry(struct parcel *parcel, void *thing, size_t size)
{
    if (parcel->is_opening) {
        if (has_left(parcel, size)) {
            memcpy(thing, parcel->bytes + parcel->position, size);
            parcel->position += size;
        }
    } else if (make_room(parcel, size)) {
        memcpy(parcel->bytes + parcel->length, thing, size);
        parcel->length += size;
    }
}

static size_t zero_words(const unsigned char *words, size_t count)
{
    static const unsigned char zero[WORD];
    size_t run = 0;
    while (run < count && run < LONGEST_RUN && memcmp(words + run * WORD, zero, WORD) == 0) {
        run++;
    }
    return run;
}

static void pack_sparse(struct parcel *parcel, const unsigned char *words, size_t count)
{
    if (!make_room(parcel, count * MOST_BYTES_OF_A_WORD)) {
        return;
    }
    unsigned char *to = parcel->bytes + parcel->length;
    for (size_t w = 0; w < count;) {
        const size_t run = zero_words(words + w * WORD, count - w);
        if (run > 0) {
            *to++ = 0;
            *to++ = (unsigned char)run;
            w += run;
            continue;
        }
        unsigned char *mask = to++;
        *mask = 0;
        for (size_t b = 0; b < WORD; b++) {
            const unsigned char byte = words[w * WORD + b];
            *to = byte;
            to += byte != 0;
            *mask = (unsigned char)(*mask | (byte != 0) << b);
        }
        w++;
    }
    parcel->length = (size_t)(to - parcel->bytes);
}

static void open_sparse(struct parcel *parcel, unsigned char *words, size_t count)
{
    memset(words, 0, count * WORD);
    for (size_t w = 0; w < count;) {
        unsigned char mask = 0, run = 0;
        parcel_carry(parcel, &mask, 1);
        if (mask == 0) {
            parcel_carry(parcel, &run, 1);
            w += run;
        } else if (has_left(parcel, (size_t)__builtin_popcount(mask))) {
            for (size_t b = 0; b < WORD; b++) {
                if ((mask >> b & 1) != 0) {
                    words[w * WORD + b] = parcel->bytes[parcel->position++];
                }
            }
            w++;
        }
        if (parcel->has_failed) {
            return;
        }
    }
}

void parcel_carry_sparse(struct parcel *parcel, void *words, size_t size)
{
    if (parcel->is_opening) {
        open_sparse(parcel, words, size / WORD);
    } else {
        pack_sparse(parcel, words, size / WORD);
    }
}

static size_t round_up(size_t size)
{
    return (size + PARCEL_LINE - 1) / PARCEL_LINE * PARCEL_LINE;
}

void *parcel_array(struct parcel *parcel, void *array, size_t size)
{
    if (size == 0) {
        return array != NULL && !parcel->is_opening ? array : NULL;
    }
    if (parcel->is_opening) {
        parcel->position = round_up(parcel->position);
        if (parcel->position > parcel->length || !has_left(parcel, size)) {
            parcel->has_failed = true;
            return NULL;
        }
        void *found = parcel->bytes + parcel->position;
        parcel->position += size;
        return found;
    }
    if (make_room(parcel, size + PARCEL_LINE)) {
        const size_t start = round_up(parcel->length);
        memset(parcel->bytes + parcel->length, 0, start - parcel->length);
        memcpy(parcel->bytes + start, array, size);
        parcel->length = start + size;
    }
    return array;
}

int parcel_check(const struct parcel *parcel)
{
    if (!parcel->has_failed) {
        return 0;
    }
    return parcel->is_opening
               ? error_set(ERROR_MODEL,
                           "a parcel of %zu bytes is too short for what was to be in it",
                           parcel->length)
               : error_set(ERROR_MEMORY, "no memory for a parcel of more than %zu bytes",
                           parcel->length);
}

void parcel_free(struct parcel *parcel)
{
    free(parcel->bytes);
    *parcel = (struct parcel){0};
}
