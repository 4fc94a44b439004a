/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_RANDOM_H
#define BUYIN_BASE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Addressed random numbers.
 *
 *  A draw is a function of (seed, replicate, site | entity, week, purpose, place
 *  in that address) and of nothing else; what happens on occasions of a person's own
 *  has their number instead of the week (state/purpose.h): Threefry4x32-20 (Salmon et al. 2011,
 *  DOI 10.1145/2063384.2063405) with the first three words as key and the rest
 *  as counter.  Nothing is stored between draws, so threads, ranks, schedules
 *  and other scenarios cannot shift them.
 */
struct random_key {
    uint32_t seed;
    uint32_t replicate;
    uint32_t site;
};

/** The draws at one address, taken one after the other. */
struct random_stream {
    uint32_t key[4];
    uint32_t counter[4];
    uint32_t words[4];
    uint32_t used;
};

/** Opens the stream of an address; cheap (no draw is made before the first use). */
static inline struct random_stream random_open(const struct random_key *key, uint32_t entity,
                                               uint32_t week, uint32_t purpose)
{
    return (struct random_stream){.key = {key->seed, key->replicate, key->site, 0},
                                  .counter = {entity, week, purpose, 0},
                                  .used = 4};
}

/** Room for blocks of many streams, made at once: [block][word][lane]. */
enum { RANDOM_LANES = 64 };
typedef uint32_t random_words[4][RANDOM_LANES];

/** Makes the first `blocks` blocks of the streams of `count` (at most RANDOM_LANES) entities, each at
 *  its own week or occasion; `weeks` NULL: all at 0. */
void random_make(random_words *words, int blocks, const struct random_key *key,
                 const int32_t *entities, const int32_t *weeks, int count, uint32_t purpose);

/** The same from block `first` on. */
void random_make_from(random_words *words, int first, int blocks, const struct random_key *key,
                      const int32_t *entities, const int32_t *weeks, int count, uint32_t purpose);

/** Makes the next four words of a stream. */
void random_refill(struct random_stream *stream);

/** Next 32 random bits. */
static inline uint32_t random_bits(struct random_stream *stream)
{
    if (stream->used == 4) {
        random_refill(stream);
    }
    return stream->words[stream->used++];
}

/** A word as a multiple of 2^-24 in [0, 1): `u < p` has probability p to within 2^-24. */
static inline float random_unit(uint32_t word)
{
    return (float)(int32_t)(word >> 8) * 0x1p-24f;
}

/** Whether the second of two independent events happens, given the draw u that decided the first, of
 *  probability p, by u < p: within either part u is uniform. Its probability q is met to within 2^-24 / p
 *  and 2^-24 / (1 - p). */
static inline int second_happens(float u, float p, float q)
{
    return u < p ? u < p * q : u - p < (1.0f - p) * q;
}

/** Uniform on [0, 1), 24 bits. */
static inline float random_uniform(struct random_stream *stream)
{
    return random_unit(random_bits(stream));
}

/** Uniform on (0, 1), 32 bits: for inverse distribution functions. */
static inline double random_open_uniform(struct random_stream *stream)
{
    return ((double)random_bits(stream) + 0.5) * 0x1p-32;
}

/** True with probability p (never for p <= 0, always for p >= 1). */
static inline bool random_chance(struct random_stream *stream, float p)
{
    return random_uniform(stream) < p;
}

/** Standard normal, by inversion: one word a draw. */
double random_normal(struct random_stream *stream);

/** Beta of the given mean and concentration a + b; the mean is kept within [0.001, 0.999]. What is
 *  drawn later does not depend on how many words the sampler rejected.
 */
double random_beta(struct random_stream *stream, double mean, double concentration);

#endif
