/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_ARENA_H
#define BUYIN_BASE_ARENA_H

#include <stddef.h>

/** Memory of one piece of work: taken piecemeal, given back all at once, reused for the next. */
struct arena {
    struct arena_block *blocks;
    size_t peak_bytes; /* most that was ever in use, for the report on memory */
    size_t used_bytes;
    size_t reserve; /* least size of the next block */
};

/** Zeroed memory aligned to 64 bytes, or NULL; valid until the next arena_reset. */
void *arena_take(struct arena *arena, size_t bytes);

/** The same, not zeroed: for what is written before it is read. */
void *arena_take_raw(struct arena *arena, size_t bytes);

/** Forgets everything taken; keeps the memory for the next piece. */
void arena_reset(struct arena *arena);

/** Gives the memory back; the arena may be used again. */
void arena_free(struct arena *arena);

#endif
