/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_THREEFRY_H
#define BUYIN_BASE_THREEFRY_H

#include <stdint.h>

/** Threefry4x32-20 on scalars, so that a vector loop may run sixteen addresses at once.
 *
 *  The same function as Random123's threefry4x32_R(20, ...), whose arrays keep gcc from
 *  vectorising the caller; compared with it word for word in tests/base/test_random.c.
 *  Source: Salmon, Moraes, Dror, Shaw 2011, DOI 10.1145/2063384.2063405.
 */
struct threefry_words {
    uint32_t a, b, c, d;
};

static inline uint32_t rotate_left(uint32_t x, int bits)
{
    return (x << bits) | (x >> (32 - bits));
}

#define THREEFRY_MIX(p, q, bits)                                                                   \
    do {                                                                                           \
        (p) += (q);                                                                                \
        (q) = rotate_left((q), (bits)) ^ (p);                                                      \
    } while (0)

#define THREEFRY_FOUR_ROUNDS(r0, r1, r2, r3, r4, r5, r6, r7)                                       \
    do {                                                                                           \
        THREEFRY_MIX(a, b, r0);                                                                    \
        THREEFRY_MIX(c, d, r1);                                                                    \
        THREEFRY_MIX(a, d, r2);                                                                    \
        THREEFRY_MIX(c, b, r3);                                                                    \
        THREEFRY_MIX(a, b, r4);                                                                    \
        THREEFRY_MIX(c, d, r5);                                                                    \
        THREEFRY_MIX(a, d, r6);                                                                    \
        THREEFRY_MIX(c, b, r7);                                                                    \
    } while (0)

#define THREEFRY_INJECT(k0, k1, k2, k3, turn)                                                      \
    do {                                                                                           \
        a += (k0);                                                                                 \
        b += (k1);                                                                                 \
        c += (k2);                                                                                 \
        d += (k3) + (turn);                                                                        \
    } while (0)

/** The block at counter (a, b, c, d) under the key (k0, k1, k2, k3). */
static inline struct threefry_words threefry(uint32_t a, uint32_t b, uint32_t c, uint32_t d,
                                             uint32_t k0, uint32_t k1, uint32_t k2, uint32_t k3)
{
    const uint32_t k4 = 0x1BD11BDAu ^ k0 ^ k1 ^ k2 ^ k3;
    THREEFRY_INJECT(k0, k1, k2, k3, 0);
    THREEFRY_FOUR_ROUNDS(10, 26, 11, 21, 13, 27, 23, 5);
    THREEFRY_INJECT(k1, k2, k3, k4, 1);
    THREEFRY_FOUR_ROUNDS(6, 20, 17, 11, 25, 10, 18, 20);
    THREEFRY_INJECT(k2, k3, k4, k0, 2);
    THREEFRY_FOUR_ROUNDS(10, 26, 11, 21, 13, 27, 23, 5);
    THREEFRY_INJECT(k3, k4, k0, k1, 3);
    THREEFRY_FOUR_ROUNDS(6, 20, 17, 11, 25, 10, 18, 20);
    THREEFRY_INJECT(k4, k0, k1, k2, 4);
    THREEFRY_FOUR_ROUNDS(10, 26, 11, 21, 13, 27, 23, 5);
    THREEFRY_INJECT(k0, k1, k2, k3, 5);
    return (struct threefry_words){a, b, c, d};
}

#endif
