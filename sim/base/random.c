/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"

#include "base/inverse.h"
#include "base/threefry.h"
#include "base/vector.h"

#include <Random123/threefry.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>

VECTOR_LOOP
static void make_block(uint32_t (*restrict words)[RANDOM_LANES], uint32_t block,
                       const struct random_key *key, const int32_t *restrict entities,
                       const int32_t *restrict weeks, int count, uint32_t purpose)
{
    const uint32_t seed = key->seed, replicate = key->replicate, site = key->site;
    uint32_t *restrict w0 = words[0], *restrict w1 = words[1];
    uint32_t *restrict w2 = words[2], *restrict w3 = words[3];
#pragma omp simd
    for (int i = 0; i < count; i++) {
        const struct threefry_words made = threefry((uint32_t)entities[i], (uint32_t)weeks[i],
                                                    purpose, block, seed, replicate, site, 0);
        w0[i] = made.a;
        w1[i] = made.b;
        w2[i] = made.c;
        w3[i] = made.d;
    }
}

void random_make_from(random_words *words, int first, int blocks, const struct random_key *key,
                      const int32_t *entities, const int32_t *weeks, int count, uint32_t purpose)
{
    static const int32_t no_weeks[RANDOM_LANES] = {0};
    weeks = weeks != NULL ? weeks : no_weeks;
    for (int b = 0; b < blocks; b++) {
        make_block(words[b], (uint32_t)(first + b), key, entities, weeks, count, purpose);
    }
}

void random_make(random_words *words, int blocks, const struct random_key *key,
                 const int32_t *entities, const int32_t *weeks, int count, uint32_t purpose)
{
    random_make_from(words, 0, blocks, key, entities, weeks, count, purpose);
}

void random_refill(struct random_stream *stream)
{
    const threefry4x32_ctr_t counter = {
        {stream->counter[0], stream->counter[1], stream->counter[2], stream->counter[3]}};
    const threefry4x32_key_t key = {
        {stream->key[0], stream->key[1], stream->key[2], stream->key[3]}};
    const threefry4x32_ctr_t block = threefry4x32_R(20, counter, key);
    for (int i = 0; i < 4; i++) {
        stream->words[i] = block.v[i];
    }
    stream->counter[3]++;
    stream->used = 0;
}

double random_normal(struct random_stream *stream)
{
    return (double)normal_of(random_bits(stream));
}

/* The same stream in the clothes of a GSL generator, for GSL's samplers. */
static void ignore_seed(void *state, unsigned long seed)
{
    (void)state;
    (void)seed;
}

static unsigned long stream_get(void *state)
{
    return random_bits(state);
}

static double stream_get_double(void *state)
{
    return (double)random_bits(state) * 0x1p-32;
}

static const gsl_rng_type stream_type = {"addressed threefry4x32-20",
                                         0xffffffffUL,
                                         0,
                                         sizeof(struct random_stream),
                                         ignore_seed,
                                         stream_get,
                                         stream_get_double};

/* Samplers that reject use as many words as they happen to need. So that what is drawn after them
 * does not depend on it, each has a stretch of the stream to itself. */
enum { STRETCH = 64 };

static void next_stretch(struct random_stream *stream)
{
    stream->counter[3] = (stream->counter[3] + STRETCH - 1) / STRETCH * STRETCH;
    stream->used = 4;
}

double random_beta(struct random_stream *stream, double mean, double concentration)
{
    const gsl_rng rng = {&stream_type, stream};
    mean = fmin(fmax(mean, 0.001), 0.999);
    next_stretch(stream);
    const double draw = gsl_ran_beta(&rng, mean * concentration, (1.0 - mean) * concentration);
    next_stretch(stream);
    return draw;
}
