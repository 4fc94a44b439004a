/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include "checks.h"

static bool is_zero(const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static void memory_is_aligned_and_zero(void **state)
{
    (void)state;
    struct arena arena = {0};
    const size_t sizes[] = {1, 7, 63, 64, 65, 1000, 4096, 3000000};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        unsigned char *memory = arena_take(&arena, sizes[s]);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % 64, 0);
        assert_true(is_zero(memory, sizes[s]));
    }
    arena_free(&arena);
}

static void pieces_do_not_overlap(void **state)
{
    (void)state;
    enum { PIECES = 300 };
    struct arena arena = {0};
    unsigned char *pieces[PIECES];
    for (size_t i = 0; i < PIECES; i++) { /* beyond the first block of a megabyte */
        pieces[i] = arena_take(&arena, 40 * (i + 1));
        assert_non_null(pieces[i]);
        memset(pieces[i], (int)(i % 250) + 1, 40 * (i + 1));
    }
    for (size_t i = 0; i < PIECES; i++) {
        for (size_t b = 0; b < 40 * (i + 1); b++) {
            assert_int_equal(pieces[i][b], i % 250 + 1);
        }
    }
    arena_free(&arena);
}

static void reset_reuses_the_memory_zeroed(void **state)
{
    (void)state;
    struct arena arena = {0};
    unsigned char *first = arena_take(&arena, 5000);
    memset(first, 0xff, 5000);
    arena_reset(&arena);
    assert_int_equal(arena.used_bytes, 0);
    unsigned char *again = arena_take(&arena, 5000);
    assert_ptr_equal(again, first);
    assert_true(is_zero(again, 5000));
    arena_free(&arena);
}

static void large_pieces_grow_the_arena_and_are_kept(void **state)
{
    (void)state;
    struct arena arena = {0};
    unsigned char *small = arena_take(&arena, 100);
    unsigned char *large = arena_take(&arena, 5 << 20);
    assert_non_null(small);
    assert_non_null(large);
    large[(5 << 20) - 1] = 1; /* writable to its end */
    arena_reset(&arena);      /* the two blocks become one, with room for both and a little more */
    small = arena_take(&arena, 100);
    assert_true(is_zero(small, 100));
    large = arena_take(&arena, 5 << 20);
    assert_true(large > small && large < small + 4096); /* no second block */
    assert_true(is_zero(large, 5 << 20));
    arena_reset(&arena);
    assert_ptr_equal(arena_take(&arena, 100), small); /* and it is kept */
    assert_ptr_equal(arena_take(&arena, 5 << 20), large);
    arena_free(&arena);
}

static void the_peak_is_counted_in_lines_of_64_bytes(void **state)
{
    (void)state;
    struct arena arena = {0};
    (void)arena_take(&arena, 1);
    (void)arena_take(&arena, 65);
    assert_int_equal(arena.used_bytes, 64 + 128);
    arena_reset(&arena);
    (void)arena_take(&arena, 10);
    assert_int_equal(arena.used_bytes, 64);
    assert_int_equal(arena.peak_bytes, 64 + 128);
    arena_free(&arena);
}

static void what_cannot_be_had_is_null(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_null(arena_take(&arena, SIZE_MAX));
    assert_null(arena_take(&arena, SIZE_MAX / 2 + 1));
    assert_int_equal(arena.used_bytes, 0);
    assert_non_null(arena_take(&arena, 0)); /* a site without services takes nothing */
    arena_free(&arena);
}

static void a_freed_arena_may_be_used_again(void **state)
{
    (void)state;
    struct arena arena = {0};
    (void)arena_take(&arena, 100);
    arena_free(&arena);
    assert_null(arena.blocks);
    assert_int_equal(arena.peak_bytes, 0);
    assert_non_null(arena_take(&arena, 100));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_aligned_and_zero),
        cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(reset_reuses_the_memory_zeroed),
        cmocka_unit_test(large_pieces_grow_the_arena_and_are_kept),
        cmocka_unit_test(the_peak_is_counted_in_lines_of_64_bytes),
        cmocka_unit_test(what_cannot_be_had_is_null),
        cmocka_unit_test(a_freed_arena_may_be_used_again),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
