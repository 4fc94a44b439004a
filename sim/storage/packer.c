/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "packer.h"

#include "base/vector.h"

#include <libdeflate.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Bytes of chunks that are under way, before packing, and how many chunks: enough for some eighty
 * threads to have one each. */
#define MOST_BYTES ((size_t)8 << 20)
enum { MOST_CHUNKS = 1024, WAIT_NANOSECONDS = 20000 };

/* What a thread packs with. */
struct tool {
    struct libdeflate_compressor *compressor;
    unsigned char *shuffled, *packed;
    size_t shuffled_room, packed_room;
    struct tool *next;
};

struct packer {
    int level;
    struct packed_chunk *queue[MOST_CHUNKS]; /* from `first` on, in a ring */
    size_t first, count, bytes;
    size_t begun;    /* of those in the queue, from `first` on, that somebody packs or has packed */
    omp_lock_t lock; /* guards the queue, stages in it, and tools */
    struct tool *tools;
};

struct packer *packer_create(int level)
{
    struct packer *packer = calloc(1, sizeof *packer);
    if (packer != NULL) {
        packer->level = level;
        omp_init_lock(&packer->lock);
    }
    return packer;
}

void packer_return(struct packed_chunk *chunk)
{
    if (chunk != NULL) {
        free(chunk->raw);
        free(chunk->packed);
        free(chunk);
    }
}

static void free_tool(struct tool *tool)
{
    if (tool->compressor != NULL) {
        libdeflate_free_compressor(tool->compressor);
    }
    free(tool->shuffled);
    free(tool->packed);
    free(tool);
}

void packer_free(struct packer *packer)
{
    if (packer == NULL) {
        return;
    }
    for (size_t n = 0; n < packer->count; n++) {
        packer_return(packer->queue[(packer->first + n) % MOST_CHUNKS]);
    }
    while (packer->tools != NULL) {
        struct tool *tool = packer->tools;
        packer->tools = tool->next;
        free_tool(tool);
    }
    omp_destroy_lock(&packer->lock);
    free(packer);
}

/* ---- one chunk ---- */

/* Makes room for `bytes`; what was there is lost. */
static bool make_room(unsigned char **memory, size_t *room, size_t bytes)
{
    if (*room < bytes) {
        free(*memory);
        *memory = malloc(bytes);
        *room = *memory != NULL ? bytes : 0;
    }
    return *memory != NULL;
}

/* All first bytes of the values, the least significant, then all second ones and so on. */
VECTOR_LOOP
static void shuffle_words(const uint32_t *restrict words, unsigned char *restrict out, size_t n)
{
    for (int byte = 0; byte < 4; byte++) {
        for (size_t i = 0; i < n; i++) {
            out[i] = (unsigned char)(words[i] >> (8 * byte));
        }
        out += n;
    }
}

VECTOR_LOOP
static void shuffle_long_words(const uint64_t *restrict words, unsigned char *restrict out,
                               size_t n)
{
    for (int byte = 0; byte < 8; byte++) {
        for (size_t i = 0; i < n; i++) {
            out[i] = (unsigned char)(words[i] >> (8 * byte));
        }
        out += n;
    }
}

static void shuffle_halves(const uint16_t *restrict words, unsigned char *restrict out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = (unsigned char)words[i];
        out[n + i] = (unsigned char)(words[i] >> 8);
    }
}

/* The values' bytes as HDF5's filter shuffles those of little-endian values; `room` holds them. */
static const unsigned char *shuffle(const struct packed_chunk *chunk, unsigned char *room)
{
    const size_t values = chunk->raw_bytes / chunk->value_bytes;
    const void *raw = chunk->raw; /* malloc's: aligned for any type */
    switch (chunk->value_bytes) {
    case 2:
        shuffle_halves(raw, room, values);
        return room;
    case 4:
        shuffle_words(raw, room, values);
        return room;
    case 8:
        shuffle_long_words(raw, room, values);
        return room;
    default:
        return chunk->raw; /* single bytes */
    }
}

VECTOR_LOOP
static void unshuffle_words(const unsigned char *restrict bytes, uint32_t *restrict out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = (uint32_t)bytes[i] | (uint32_t)bytes[n + i] << 8 |
                 (uint32_t)bytes[2 * n + i] << 16 | (uint32_t)bytes[3 * n + i] << 24;
    }
}

static void unshuffle_bytes(const unsigned char *restrict bytes, unsigned char *restrict out,
                            size_t n, size_t value_bytes)
{
    for (size_t byte = 0; byte < value_bytes; byte++) {
        for (size_t i = 0; i < n; i++) {
            out[i * value_bytes + byte] = bytes[byte * n + i];
        }
    }
}

bool packer_unpack(const unsigned char *packed, size_t packed_bytes, unsigned char *raw,
                   size_t raw_bytes, size_t value_bytes)
{
    const size_t values = raw_bytes / value_bytes;
    size_t bytes = 0;
    struct libdeflate_decompressor *unpacker = libdeflate_alloc_decompressor();
    unsigned char *shuffled = malloc(raw_bytes + 1);
    const bool is_whole = unpacker != NULL && shuffled != NULL &&
                          libdeflate_zlib_decompress(unpacker, packed, packed_bytes, shuffled,
                                                     raw_bytes, &bytes) == LIBDEFLATE_SUCCESS &&
                          bytes == raw_bytes;
    if (is_whole && value_bytes == 4) {
        unshuffle_words(shuffled, (uint32_t *)(void *)raw, values);
    } else if (is_whole) {
        unshuffle_bytes(shuffled, raw, values, value_bytes);
    }
    free(shuffled);
    if (unpacker != NULL) {
        libdeflate_free_decompressor(unpacker);
    }
    return is_whole;
}

static struct tool *take_tool(struct packer *packer)
{
    omp_set_lock(&packer->lock);
    struct tool *tool = packer->tools;
    if (tool != NULL) {
        packer->tools = tool->next;
    }
    omp_unset_lock(&packer->lock);
    if (tool == NULL) {
        tool = calloc(1, sizeof *tool);
    }
    if (tool != NULL && tool->compressor == NULL) {
        tool->compressor = libdeflate_alloc_compressor(packer->level);
    }
    return tool;
}

static void return_tool(struct packer *packer, struct tool *tool)
{
    omp_set_lock(&packer->lock);
    tool->next = packer->tools;
    packer->tools = tool;
    omp_unset_lock(&packer->lock);
}

static bool pack(struct packer *packer, struct packed_chunk *chunk)
{
    struct tool *tool = take_tool(packer);
    if (tool == NULL) {
        return false;
    }
    size_t most = 0;
    chunk->packed_bytes = 0;
    if (tool->compressor != NULL) {
        most = libdeflate_zlib_compress_bound(tool->compressor, chunk->raw_bytes);
    }
    if (most > 0 && make_room(&tool->shuffled, &tool->shuffled_room, chunk->raw_bytes) &&
        make_room(&tool->packed, &tool->packed_room, most)) {
        chunk->packed_bytes =
            libdeflate_zlib_compress(tool->compressor, shuffle(chunk, tool->shuffled),
                                     chunk->raw_bytes, tool->packed, tool->packed_room);
        chunk->packed = malloc(chunk->packed_bytes + 1);
        if (chunk->packed != NULL) {
            memcpy(chunk->packed, tool->packed, chunk->packed_bytes);
        }
    }
    return_tool(packer, tool);
    free(chunk->raw);
    chunk->raw = NULL;
    return chunk->packed != NULL && chunk->packed_bytes > 0;
}

/* ---- the queue ---- */

struct packed_chunk *packer_begin(size_t raw_bytes)
{
    struct packed_chunk *chunk = calloc(1, sizeof *chunk);
    if (chunk != NULL) {
        chunk->raw = malloc(raw_bytes);
        chunk->raw_bytes = raw_bytes;
    }
    if (chunk != NULL && chunk->raw == NULL) {
        packer_return(chunk);
        chunk = NULL;
    }
    return chunk;
}

void packer_fill(struct packed_chunk *chunk, size_t from, size_t to, const unsigned char *value)
{
    static const unsigned char zero[8];
    if (from < to && memcmp(value, zero, chunk->value_bytes) == 0) {
        memset(chunk->raw + from, 0, to - from);
        return;
    }
    for (size_t at = from; at < to; at += chunk->value_bytes) {
        memcpy(chunk->raw + at, value, chunk->value_bytes);
    }
}

bool packer_is_full(const struct packer *packer)
{
    return packer->count >= MOST_CHUNKS - 1 || packer->bytes >= MOST_BYTES;
}

bool packer_is_empty(const struct packer *packer)
{
    return packer->count == 0;
}

void packer_add(struct packer *packer, struct packed_chunk *chunk)
{
    omp_set_lock(&packer->lock);
    chunk->stage = PACKING_WAITS;
    packer->queue[(packer->first + packer->count) % MOST_CHUNKS] = chunk;
    packer->count++;
    packer->bytes += chunk->raw_bytes;
    omp_unset_lock(&packer->lock);
}

bool packer_help(struct packer *packer)
{
    struct packed_chunk *chunk = NULL;
    omp_set_lock(&packer->lock);
    if (packer->begun < packer->count) {
        chunk = packer->queue[(packer->first + packer->begun++) % MOST_CHUNKS];
        chunk->stage = PACKING_UNDER_WAY;
    }
    omp_unset_lock(&packer->lock);
    if (chunk == NULL) {
        return false;
    }
    const bool is_packed = pack(packer, chunk);
    omp_set_lock(&packer->lock);
    chunk->stage = is_packed ? PACKING_DONE : PACKING_FAILED;
    omp_unset_lock(&packer->lock);
    return true;
}

struct packed_chunk *packer_take(struct packer *packer)
{
    const struct timespec moment = {.tv_nsec = WAIT_NANOSECONDS};
    for (;;) {
        omp_set_lock(&packer->lock);
        struct packed_chunk *chunk = packer->queue[packer->first];
        const bool is_over = chunk->stage == PACKING_DONE || chunk->stage == PACKING_FAILED;
        if (is_over) {
            packer->first = (packer->first + 1) % MOST_CHUNKS;
            packer->count--;
            packer->begun--;
            packer->bytes -= chunk->raw_bytes;
        }
        omp_unset_lock(&packer->lock);
        if (is_over) {
            return chunk;
        }
        if (!packer_help(packer)) {
            (void)nanosleep(&moment, NULL);
        }
    }
}

void packer_pack_all(struct packer *packer, int threads)
{
    omp_set_lock(&packer->lock);
    const bool are_several = packer->count - packer->begun > 1;
    omp_unset_lock(&packer->lock);
#pragma omp parallel num_threads(threads > 1 ? threads : 1) if (are_several)
    while (packer_help(packer)) {
    }
}
