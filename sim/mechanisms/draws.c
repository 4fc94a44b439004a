/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The draws of a week
 *
 * Everyone after the first offer gets four uniforms a week, the first block of the address
 * (seed, replicate, site | person, week, PURPOSE_WEEK); enum weekly_draw says what each is for.
 * They are the words that random_open would give at that address, made for many patients at once.
 *
 * writes  draw
 */
#include "base/threefry.h"
#include "mechanisms/mechanisms.h"

VECTOR_LOOP
void weekly_draws(struct site *site)
{
    const int whole = whole_vectors((int)site->offered); /* what lies beyond is never read */
    const uint32_t seed = site->key.seed, replicate = site->key.replicate, place = site->key.site;
    const uint32_t week = (uint32_t)site->week;
    const int32_t *restrict person = site->patients.person;
    float *restrict u0 = site->patients.draw[0];
    float *restrict u1 = site->patients.draw[1];
    float *restrict u2 = site->patients.draw[2];
    float *restrict u3 = site->patients.draw[3];
#pragma omp simd
    for (int i = 0; i < whole; i++) {
        const struct threefry_words words =
            threefry((uint32_t)person[i], week, PURPOSE_WEEK, 0, seed, replicate, place, 0);
        u0[i] = random_unit(words.a);
        u1[i] = random_unit(words.b);
        u2[i] = random_unit(words.c);
        u3[i] = random_unit(words.d);
    }
}
