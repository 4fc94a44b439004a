/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/urn.h"

#include "base/checks.h"
#include "base/random.h"

enum { DRAWS = 40000 };

static struct random_stream open_stream(uint32_t draw)
{
    const struct random_key key = {.seed = 5};
    return random_open(&key, draw, 0, 1);
}

/* Two of five without replacement: every ordered pair with w_i / W * w_j / (W - w_i). */
static void pairs_come_as_often_as_their_weights_say(void **state)
{
    (void)state;
    enum { COUNT = 5 };
    static const double weights[COUNT] = {1.0, 0.5, 0.0, 3.0, 0.01};
    double total = 0.0;
    int pairs[COUNT][COUNT] = {0};
    struct urn urn;
    assert_int_equal(urn_make(&urn, weights, COUNT), 0);
    for (int i = 0; i < COUNT; i++) {
        total += weights[i];
    }
    for (uint32_t draw = 0; draw < DRAWS; draw++) {
        struct random_stream stream = open_stream(draw);
        const size_t first = urn_draw(&urn, random_open_uniform(&stream));
        urn_set(&urn, first, 0.0);
        const size_t second = urn_draw(&urn, random_open_uniform(&stream));
        urn_set(&urn, first, weights[first]);
        pairs[first][second]++;
    }
    for (int i = 0; i < COUNT; i++) {
        for (int j = 0; j < COUNT; j++) {
            const double p = i == j ? 0.0 : weights[i] / total * weights[j] / (total - weights[i]);
            assert_frequency(pairs[i][j], DRAWS, p);
        }
    }
    urn_free(&urn);
}

/* Urns of all sizes, weights over twenty orders of magnitude: each is drawn once, in the end. */
static void every_one_comes_once(void **state)
{
    (void)state;
    for (size_t count = 1; count <= 70; count++) {
        double weights[70];
        int drawn[70] = {0};
        struct urn urn;
        struct random_stream stream = open_stream((uint32_t)count);
        for (size_t i = 0; i < count; i++) {
            weights[i] = pow(10.0, -(double)(i * 7 % 21));
        }
        assert_int_equal(urn_make(&urn, weights, count), 0);
        for (size_t i = 0; i < count; i++) {
            const size_t which = urn_draw(&urn, random_open_uniform(&stream));
            assert_true(which < count);
            drawn[which]++;
            urn_set(&urn, which, 0.0);
        }
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(drawn[i], 1);
        }
        assert_true(urn.sums[1] == 0.0);
        urn_free(&urn);
    }
}

/* The ends of the uniform numbers never reach a weight of 0. */
static void nothing_weightless_is_drawn(void **state)
{
    (void)state;
    static const double weights[6] = {0.0, 0.1, 0.0, 0.2, 0.3, 0.0};
    struct urn urn;
    assert_int_equal(urn_make(&urn, weights, 6), 0);
    static const double ends[] = {0.0, 0x1p-40, 1.0 - 0x1p-53, 1.0};
    for (size_t n = 0; n < 4; n++) {
        assert_true(weights[urn_draw(&urn, ends[n])] > 0.0);
    }
    urn_free(&urn);
    assert_null(urn.sums);
    urn_free(&urn);
}

static void an_urn_may_be_empty(void **state)
{
    (void)state;
    struct urn urn;
    assert_int_equal(urn_make(&urn, NULL, 0), 0);
    assert_true(urn.sums[1] == 0.0);
    urn_free(&urn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_come_as_often_as_their_weights_say),
        cmocka_unit_test(every_one_comes_once),
        cmocka_unit_test(nothing_weightless_is_drawn),
        cmocka_unit_test(an_urn_may_be_empty),
    };
    return cmocka_run_group_tests_name("urn", tests, NULL, NULL);
}
