/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_INVERSE_H
#define BUYIN_BASE_INVERSE_H

#include "base/numeric.h"

#include <math.h>

/** From a random word to a draw, by inverse distribution functions.
 *
 *  One word, one draw, for sixteen people at once: single precision, no library call but the
 *  square root (which IEEE 754 rounds), no branch; the same bits everywhere (base/numeric.h).  A
 *  word w stands for the uniform u = (w + 1/2) 2^-32.  Both tails are exact to single precision,
 *  since they are counted from their own end (tests/base/test_inverse.c).
 */

/** Is u above 1/2? Then -1, as a mask; else 0. */
static inline int32_t is_upper(uint32_t word)
{
    return (int32_t)(word >> 31) * -1;
}

/** The smaller of u and 1 - u, in (0, 1/2]. */
static inline float tail_of(uint32_t word)
{
    const int32_t steps = (int32_t)word ^ is_upper(word);
    return ((float)steps + 0.5f) * 0x1p-32f;
}

/** -ln(1 - q), 0 <= q < 1, exact also for the smallest q. */
static inline float minus_log_complement(float q)
{
    int32_t exponent;
    const float m = split(1.0f - q, &exponent);
    const float above = m - 1.0f, exact = exponent == 0 ? -q : above;
    return -logarithm_of_parts(m, exact, exponent);
}

/** Exponential with mean 1: -ln(1 - u). */
static inline float exponential_of(uint32_t word)
{
    const float tail = tail_of(word);
    const float late = -logarithm(tail), early = minus_log_complement(tail);
    return is_upper(word) ? late : early;
}

/** Standard normal.
 *
 *  With q the tail, x = 1 - 2q and w = -ln(1 - x^2):  x f(w) in the middle (w <= 5), g(sqrt w)
 *  beyond, f and g polynomials fitted to the exact inverse so that the largest relative error is
 *  least: 9e-8 and 1.2e-7 before rounding.
 */
static inline float normal_of(uint32_t word)
{
    const float q = tail_of(word);
    const float x = 1.0f - 2.0f * q;
    const float w = -logarithm(4.0f * q * (1.0f - q));
    const float s = w - 2.5f;
    float f = 4.03531796e-08f;
    f = f * s + 4.86101994e-07f;
    f = f * s - 4.99054774e-06f;
    f = f * s - 6.21797162e-06f;
    f = f * s + 3.09150139e-04f;
    f = f * s - 1.77301022e-03f;
    f = f * s - 5.90817090e-03f;
    f = f * s + 3.48802660e-01f;
    f = f * s + 2.12331357e+00f;
    const float t = sqrtf(w > 5.0f ? w : 5.0f) - 3.5f;
    float g = 1.90764199e-05f;
    g = g * t + 2.47338415e-05f;
    g = g * t - 2.75804120e-04f;
    g = g * t + 8.84597504e-04f;
    g = g * t - 2.41382407e-03f;
    g = g * t + 4.38514355e-03f;
    g = g * t + 1.42470745e+00f;
    g = g * t + 4.71707819e+00f;
    const float middle = x * f;
    const float size = w > 5.0f ? g : middle;
    return size * (float)(-2 * is_upper(word) - 1);
}

/** The x above which a standard normal lies with probability p, 0 < p < 1. */
static inline float normal_above(float p)
{
    const float tail = p < 0.5f ? p : 1.0f - p;
    const int32_t steps = (int32_t)clip(tail * 0x1p32f, 0.0f, 0x1.fffffep30f);
    const float x = normal_of(~(uint32_t)steps);
    return p < 0.5f ? x : -x;
}

enum { QUANTILE_NODES = 512 };

/** Of a table made by quantiles_of_beta: nodes even in the root of the tail, from either end. The
 *  table begins at node[start], so that people in one vector may use different ones. */
static inline float beta_from(const float *restrict node, int32_t start, uint32_t word)
{
    const int32_t upper = is_upper(word);
    const float position = sqrtf(2.0f * tail_of(word)) * (QUANTILE_NODES / 2.0f);
    const int32_t i = (int32_t)position;
    const int32_t lower_from = start + i, upper_from = start + QUANTILE_NODES - i;
    const int32_t from = upper ? upper_from : lower_from, to = from + 1 + 2 * upper;
    return node[from] + (position - (float)i) * (node[to] - node[from]);
}

static inline float beta_of(const float *restrict node, uint32_t word)
{
    return beta_from(node, 0, word);
}

/** Beyond this -ln(1 - u) no word reaches: 1 - u >= 2^-33. */
#define GAMMA_END 23.0f

/** Of a table made by quantiles_of_gamma: nodes even in the root of -ln(1 - u). */
static inline float gamma_of(const float *restrict node, uint32_t word)
{
    const float position = sqrtf(exponential_of(word) * (1.0f / GAMMA_END)) * QUANTILE_NODES;
    const int32_t i = (int32_t)position;
    return node[i] + (position - (float)i) * (node[i + 1] - node[i]);
}

/** Weeks to the first success when none happens in a week with probability exp(-rate):
 *  0, 1, 2, ...; at most NO_WEEK, which is beyond any run (if rate <= 0 nearly always). */
enum { NO_WEEK = 1 << 30 };

static inline int32_t weeks_of(uint32_t word, float rate)
{
    const float weeks = exponential_of(word) / (rate > 1e-30f ? rate : 1e-30f);
    return (int32_t)(weeks < (float)NO_WEEK ? weeks : (float)NO_WEEK);
}

#endif
