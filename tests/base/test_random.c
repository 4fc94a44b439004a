/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"

#include "base/threefry.h"
#include "checks.h"

static const struct random_key key = {.seed = 11, .replicate = 3, .site = 5};

static void a_stream_is_its_address(void **state)
{
    (void)state;
    for (uint32_t entity = 0; entity < 50; entity++) {
        struct random_stream stream = random_open(&key, entity, 7 * entity, 22);
        for (uint32_t block = 0; block < 5; block++) {
            const struct threefry_words words =
                threefry(entity, 7 * entity, 22, block, key.seed, key.replicate, key.site, 0);
            assert_int_equal(random_bits(&stream), words.a);
            assert_int_equal(random_bits(&stream), words.b);
            assert_int_equal(random_bits(&stream), words.c);
            assert_int_equal(random_bits(&stream), words.d);
        }
    }
}

static void every_part_of_the_address_counts(void **state)
{
    (void)state;
    struct random_stream base = random_open(&key, 1, 2, 3);
    const uint32_t first = random_bits(&base);
    const struct random_key others[] = {{12, 3, 5}, {11, 4, 5}, {11, 3, 6}};
    for (size_t i = 0; i < 3; i++) {
        struct random_stream stream = random_open(&others[i], 1, 2, 3);
        assert_int_not_equal(random_bits(&stream), first);
    }
    const uint32_t addresses[][3] = {{2, 2, 3}, {1, 3, 3}, {1, 2, 4}, {2, 1, 3}, {3, 2, 1}};
    for (size_t i = 0; i < 5; i++) {
        struct random_stream stream =
            random_open(&key, addresses[i][0], addresses[i][1], addresses[i][2]);
        assert_int_not_equal(random_bits(&stream), first);
    }
}

static void units_lie_in_the_half_open_interval(void **state)
{
    (void)state;
    assert_true(random_unit(0) == 0.0f);
    assert_true(random_unit(0xff) == 0.0f);
    assert_true(random_unit(0x100) == 0x1p-24f);
    assert_true(random_unit(0x80000000u) == 0.5f);
    assert_true(random_unit(0xffffffffu) == 1.0f - 0x1p-24f);
}

static void open_uniforms_avoid_both_ends(void **state)
{
    (void)state;
    struct random_stream stream = {.used = 0};
    stream.words[0] = 0;
    stream.words[1] = 0xffffffffu;
    assert_true(random_open_uniform(&stream) == 0x1p-33);
    assert_true(random_open_uniform(&stream) == 1.0 - 0x1p-33);
}

static void a_chance_of_0_or_1_is_certain(void **state)
{
    (void)state;
    struct random_stream stream = {.used = 0}; /* the words are 0: the smallest uniform */
    assert_false(random_chance(&stream, 0.0f));
    assert_false(random_chance(&stream, -1.0f));
    stream.words[2] = stream.words[3] = 0xffffffffu;
    assert_true(random_chance(&stream, 1.0f));
    assert_false(random_chance(&stream, 1.0f - 0x1p-24f));
}

static void uniforms_over_persons_are_uniform(void **state)
{
    (void)state;
    enum { BINS = 200, DRAWS = 200000 };
    double bins[BINS] = {0.0}, chi = 0.0;
    struct sample sample = {0};
    for (uint32_t person = 0; person < DRAWS; person++) {
        struct random_stream stream = random_open(&key, person, 9, 20);
        const double u = (double)random_uniform(&stream);
        assert_true(u >= 0.0 && u < 1.0);
        sample_add(&sample, u);
        bins[(int)(u * BINS)] += 1.0;
    }
    for (int b = 0; b < BINS; b++) {
        const double expected = (double)DRAWS / BINS;
        chi += (bins[b] - expected) * (bins[b] - expected) / expected;
    }
    assert_near(sample_mean(&sample), 0.5, FIVE_SIGMA * sqrt(1.0 / 12.0 / DRAWS));
    /* the variance of (u - 1/2)^2 is 1/180 */
    assert_near(sample_variance(&sample), 1.0 / 12.0, FIVE_SIGMA * sqrt(1.0 / 180.0 / DRAWS));
    assert_near(chi, BINS - 1.0, FIVE_SIGMA * sqrt(2.0 * (BINS - 1.0)));
}

/* Neighbouring addresses (persons, weeks, purposes, places in a block) do not know one another. */
static void neighbours_are_uncorrelated(void **state)
{
    (void)state;
    enum { DRAWS = 100000 };
    double sums[4] = {0.0};
    for (uint32_t n = 0; n < DRAWS; n++) {
        struct random_stream here = random_open(&key, n, 9, 20);
        struct random_stream others[3] = {random_open(&key, n + 1, 9, 20),
                                          random_open(&key, n, 10, 20),
                                          random_open(&key, n, 9, 21)};
        const double u = (double)random_uniform(&here) - 0.5;
        sums[3] += u * ((double)random_uniform(&here) - 0.5);
        for (int i = 0; i < 3; i++) {
            sums[i] += u * ((double)random_uniform(&others[i]) - 0.5);
        }
    }
    for (int i = 0; i < 4; i++) { /* a product of two has variance 1/144 */
        assert_near(sums[i] / DRAWS, 0.0, FIVE_SIGMA / 12.0 / sqrt(DRAWS));
    }
}

static void chances_come_as_often_as_they_should(void **state)
{
    (void)state;
    const float chances[] = {0.001f, 0.12f, 0.5f, 0.97f};
    for (uint32_t c = 0; c < 4; c++) {
        int hits = 0;
        for (uint32_t person = 0; person < 100000; person++) {
            struct random_stream stream = random_open(&key, person, c, 22);
            hits += random_chance(&stream, chances[c]);
        }
        assert_frequency(hits, 100000, chances[c]);
    }
}

/* Streams whose first blocks were made together give the words they would have given. */
/* Both, the first alone, the second alone: as often as of two draws. */
static void check_two_events(double p, double q)
{
    enum { DRAWS = 200000 };
    struct random_stream stream = random_open(&key, 15, 9, 2);
    int both = 0, first_alone = 0, second_alone = 0;
    for (int n = 0; n < DRAWS; n++) {
        const float u = random_uniform(&stream);
        const bool first = u < (float)p, second = second_happens(u, (float)p, (float)q);
        both += first && second;
        first_alone += first && !second;
        second_alone += !first && second;
    }
    assert_frequency(both, DRAWS, p * q);
    assert_frequency(first_alone, DRAWS, p * (1.0 - q));
    assert_frequency(second_alone, DRAWS, (1.0 - p) * q);
}

static void one_draw_decides_two_independent_events(void **state)
{
    (void)state;
    const double chances[] = {0.0, 0.004, 0.2, 0.85, 1.0};
    for (int a = 0; a < 5; a++) {
        for (int b = 0; b < 5; b++) {
            check_two_events(chances[a], chances[b]);
        }
    }
}

static void words_made_together_are_the_same(void **state)
{
    (void)state;
    enum { BLOCKS = 3, COUNT = 37 };
    const struct random_key address = {.seed = 7, .replicate = 11, .site = 13};
    int32_t entities[COUNT], weeks[COUNT];
    random_words words[BLOCKS];
    for (int n = 0; n < COUNT; n++) {
        entities[n] = 1000003 * n + 5;
        weeks[n] = n % 5;
    }
    random_make(words, BLOCKS, &address, entities, weeks, COUNT, 19);
    for (int n = 0; n < COUNT; n++) {
        struct random_stream stream =
            random_open(&address, (uint32_t)entities[n], (uint32_t)weeks[n], 19);
        for (int word = 0; word < 4 * BLOCKS; word++) {
            assert_int_equal(words[word / 4][word % 4][n], random_bits(&stream));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_is_its_address),
        cmocka_unit_test(every_part_of_the_address_counts),
        cmocka_unit_test(units_lie_in_the_half_open_interval),
        cmocka_unit_test(open_uniforms_avoid_both_ends),
        cmocka_unit_test(a_chance_of_0_or_1_is_certain),
        cmocka_unit_test(uniforms_over_persons_are_uniform),
        cmocka_unit_test(neighbours_are_uncorrelated),
        cmocka_unit_test(chances_come_as_often_as_they_should),
        cmocka_unit_test(one_draw_decides_two_independent_events),
        cmocka_unit_test(words_made_together_are_the_same),
    };
    return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
