/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_STORAGE_PACKER_H
#define BUYIN_STORAGE_PACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Chunks on their way into a file: packed by any thread, handed back in the order they came in.
 *
 *  Packing is what HDF5's filters shuffle and deflate do, so that every reader of HDF5 undoes it.
 *  One thread, the writer, calls all functions but packer_help. How many chunks are under way
 *  depends on nothing but the chunks, so the writer does the same whatever the other threads do.
 */
struct packer;

enum { PACKED_RANK = 6 };

enum packing { PACKING_WAITS, PACKING_UNDER_WAY, PACKING_DONE, PACKING_FAILED };

struct packed_chunk {
    size_t owner;                 /* the writer's number of the dataset */
    uint64_t corner[PACKED_RANK]; /* first value of the chunk, along each axis */
    unsigned char *raw; /* raw_bytes of values of value_bytes each; NULL once it is done */
    size_t raw_bytes, value_bytes;
    unsigned char *packed; /* once it is done: packed_bytes */
    size_t packed_bytes;
    enum packing stage;
};

/** `level` 1 to 9. NULL: no memory. */
struct packer *packer_create(int level);

/** Nobody may be packing. Nothing if NULL. */
void packer_free(struct packer *packer);

/** An empty chunk with room for raw_bytes; NULL: no memory. */
struct packed_chunk *packer_begin(size_t raw_bytes);

/** Fills bytes [from, to) of a chunk, whose value_bytes is set, with a missing value. */
void packer_fill(struct packed_chunk *chunk, size_t from, size_t to, const unsigned char *value);

/** Hands a filled chunk over to be packed. */
void packer_add(struct packer *packer, struct packed_chunk *chunk);

/** Whether one has to be taken before more is added: there is an end to memory. */
bool packer_is_full(const struct packer *packer);

bool packer_is_empty(const struct packer *packer);

/** The chunk that was added first, packed (PACKING_DONE) or not to be packed for want of memory
 *  (PACKING_FAILED); packs itself rather than wait. There has to be one.
 */
struct packed_chunk *packer_take(struct packer *packer);

/** Frees a chunk that was begun or taken; nothing if NULL. */
void packer_return(struct packed_chunk *chunk);

/** Any thread: packs one chunk that waits; false if there is none. */
bool packer_help(struct packer *packer);

/** Packs all that wait, on `threads` threads if there are several. */
void packer_pack_all(struct packer *packer, int threads);

/** Undoes what packing did: `raw` takes raw_bytes of values of value_bytes (1, 2, 4 or 8) each. Any
 *  thread. False: the bytes are none of such a chunk, or there is no memory. */
bool packer_unpack(const unsigned char *packed, size_t packed_bytes, unsigned char *raw,
                   size_t raw_bytes, size_t value_bytes);

#endif
