/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/threefry.h"

#include "checks.h"

#include <Random123/threefry.h>

struct known_answer {
    uint32_t counter[4], key[4], block[4];
};

/* threefry4x32 with 20 rounds in Random123's file of known answers (tests/kat_vectors). */
static const struct known_answer known_answers[] = {
    {{0, 0, 0, 0}, {0, 0, 0, 0}, {0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0x2a881696, 0x57012287, 0xf6c7446e, 0xa16a6732}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89},
     {0x59cd1dbb, 0xb8879579, 0x86b5d00c, 0xac8b6d84}},
};

static void known_answers_are_met(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known_answers / sizeof known_answers[0]; i++) {
        const struct known_answer *a = &known_answers[i];
        const struct threefry_words words =
            threefry(a->counter[0], a->counter[1], a->counter[2], a->counter[3], a->key[0],
                     a->key[1], a->key[2], a->key[3]);
        assert_int_equal(words.a, a->block[0]);
        assert_int_equal(words.b, a->block[1]);
        assert_int_equal(words.c, a->block[2]);
        assert_int_equal(words.d, a->block[3]);
    }
}

static void every_word_is_that_of_random123(void **state)
{
    (void)state;
    uint64_t inputs = 20260101;
    for (int i = 0; i < 200000; i++) {
        uint32_t w[8];
        for (int j = 0; j < 8; j++) {
            w[j] = (uint32_t)next_input(&inputs);
        }
        if (i % 2 == 0) { /* addresses as the model has them: small numbers */
            for (int j = 0; j < 8; j++) {
                w[j] &= 0xfff;
            }
        }
        const threefry4x32_ctr_t counter = {{w[0], w[1], w[2], w[3]}};
        const threefry4x32_key_t key = {{w[4], w[5], w[6], w[7]}};
        const threefry4x32_ctr_t block = threefry4x32_R(20, counter, key);
        const struct threefry_words words =
            threefry(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]);
        assert_int_equal(words.a, block.v[0]);
        assert_int_equal(words.b, block.v[1]);
        assert_int_equal(words.c, block.v[2]);
        assert_int_equal(words.d, block.v[3]);
    }
}

static void bits_rotate(void **state)
{
    (void)state;
    assert_int_equal(rotate_left(0x80000001u, 1), 0x00000003u);
    assert_int_equal(rotate_left(0x12345678u, 8), 0x34567812u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers_are_met),
        cmocka_unit_test(every_word_is_that_of_random123),
        cmocka_unit_test(bits_rotate),
    };
    return cmocka_run_group_tests_name("threefry", tests, NULL, NULL);
}
