/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_NUMERIC_H
#define BUYIN_BASE_NUMERIC_H

#include <stdint.h>
#include <string.h>

/** Elementary functions of the weekly loop.
 *
 *  Plain products and sums in single precision, no library call, no branch: a
 *  compiler may run sixteen patients at once and every machine, compiler and
 *  vector width gives the same bits (the build forbids contraction to fused
 *  multiply-add).  Relative error of exp and log below 3e-7 (tests/base).
 */

static inline float float_of_bits(int32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline int32_t bits_of_float(float x)
{
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float clip(float x, float low, float high)
{
    x = x < low ? low : x;
    return x > high ? high : x;
}

static inline float clip01(float x)
{
    return clip(x, 0.0f, 1.0f);
}

/** e^x for |x| <= 87 (clipped beyond): 2^n times the Taylor series on |r| <= ln 2 / 2. */
static inline float exponential(float x)
{
    x = clip(x, -87.0f, 87.0f);
    const float shifted = x * 1.442695041f + 12582912.0f; /* 1.5 * 2^23: rounds to an integer */
    const float n = shifted - 12582912.0f;
    const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    float series = 1.0f / 5040.0f;
    series = series * r + 1.0f / 720.0f;
    series = series * r + 1.0f / 120.0f;
    series = series * r + 1.0f / 24.0f;
    series = series * r + 1.0f / 6.0f;
    series = series * r + 0.5f;
    series = series * r + 1.0f;
    series = series * r + 1.0f;
    return series * float_of_bits(((int32_t)n + 127) * (1 << 23));
}

/** Splits x = m 2^exponent, m in [0.707, 1.414). */
static inline float split(float x, int32_t *exponent)
{
    const int32_t bits = bits_of_float(x);
    *exponent = (bits - 0x3f3504f3) >> 23;
    return float_of_bits(bits - *exponent * (1 << 23));
}

/** ln of m 2^exponent, m = 1 + above: the exponent's, plus 2 artanh(above / (m + 1)). */
static inline float logarithm_of_parts(float m, float above, int32_t exponent)
{
    const float s = above / (m + 1.0f);
    const float z = s * s;
    float series = 1.0f / 9.0f;
    series = series * z + 1.0f / 7.0f;
    series = series * z + 1.0f / 5.0f;
    series = series * z + 1.0f / 3.0f;
    const float n = (float)exponent;
    return n * 0.693359375f + (2.0f * s + (2.0f * s * z * series - n * 2.12194440e-4f));
}

/** ln x for normal x > 0. */
static inline float logarithm(float x)
{
    int32_t exponent;
    const float m = split(x, &exponent);
    return logarithm_of_parts(m, m - 1.0f, exponent);
}

/** 1 / (1 + e^-x). */
static inline float logistic(float x)
{
    return 1.0f / (1.0f + exponential(-x));
}

/** x a share of the way to where it rests. */
static inline float toward(float x, float share, float rest)
{
    return x + share * (rest - x);
}

/** x less a share of it, which lies in [0, 1]. */
static inline float eased(float x, float share)
{
    return x - share * x;
}

/** x + a (1 - x), a clipped to [0, 1]. */
static inline float rise(float x, float a)
{
    return x + clip01(a) * (1.0f - x);
}

/** x - a x, a clipped to [0, 1]. */
static inline float fall(float x, float a)
{
    return x - clip01(a) * x;
}

#endif
