/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, SMALLEST_BLOCK = 1 << 20 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    size_t used;
    unsigned char *bytes;
};

static struct arena_block *block_new(size_t bytes, size_t reserve)
{
    size_t size = bytes > reserve ? bytes : reserve;
    size = size > SMALLEST_BLOCK ? size : SMALLEST_BLOCK;
    struct arena_block *block = malloc(sizeof *block);
    if (block == NULL) {
        return NULL;
    }
    *block = (struct arena_block){.size = size, .bytes = aligned_alloc(ALIGNMENT, size)};
    if (block->bytes == NULL) {
        free(block);
        return NULL;
    }
    return block;
}

void *arena_take_raw(struct arena *arena, size_t bytes)
{
    if (bytes > SIZE_MAX / 2) {
        return NULL;
    }
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct arena_block *block = arena->blocks;
    while (block != NULL && block->size - block->used < bytes) {
        block = block->next;
    }
    if (block == NULL) {
        block = block_new(bytes, arena->reserve);
        if (block == NULL) {
            return NULL;
        }
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *memory = block->bytes + block->used;
    block->used += bytes;
    arena->used_bytes += bytes;
    if (arena->used_bytes > arena->peak_bytes) {
        arena->peak_bytes = arena->used_bytes;
    }
    return memory;
}

void *arena_take(struct arena *arena, size_t bytes)
{
    void *memory = arena_take_raw(arena, bytes);
    return memory != NULL ? memset(memory, 0, bytes) : NULL;
}

static void free_blocks(struct arena *arena)
{
    while (arena->blocks != NULL) {
        struct arena_block *block = arena->blocks;
        arena->blocks = block->next;
        free(block->bytes);
        free(block);
    }
}

/* Several blocks become one, a little larger than all: then what follows needs no new memory. */
void arena_reset(struct arena *arena)
{
    if (arena->blocks != NULL && arena->blocks->next != NULL) {
        size_t all = 0;
        for (const struct arena_block *block = arena->blocks; block != NULL; block = block->next) {
            all += block->size;
        }
        free_blocks(arena);
        arena->reserve = (all + all / 8 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    if (arena->blocks != NULL) {
        arena->blocks->used = 0;
    }
    arena->used_bytes = 0;
}

void arena_free(struct arena *arena)
{
    free_blocks(arena);
    *arena = (struct arena){0};
}
