/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mechanisms/mechanisms.h"
#include "state/site_fixture.h"

/* Made for many patients at once, they are the words of each patient's own address. */
static void draws_are_those_of_the_address(void **state)
{
    (void)state;
    struct fixture f;
    fixture_start(&f);
    fixture_build(&f, 70, 1);
    f.site.key = (struct random_key){.seed = 5, .replicate = 2, .site = 9};
    for (size_t i = 0; i < 70; i++) {
        f.site.patients.person[i] = (int32_t)(1000 - 3 * i);
    }
    weekly_draws(&f.site);
    for (size_t i = 0; i < 70; i++) {
        struct random_stream stream =
            random_open(&f.site.key, (uint32_t)(1000 - 3 * i), FIXTURE_WEEK, PURPOSE_WEEK);
        for (int d = 0; d < WEEKLY_DRAW_COUNT; d++) {
            assert_true(f.site.patients.draw[d][i] == random_uniform(&stream));
        }
    }
    fixture_end(&f);
}

/* Whether there are link workers changes nothing about the draws. */
static void link_workers_change_no_draws(void **state)
{
    (void)state;
    struct fixture with, without;
    fixture_start(&with);
    fixture_start(&without);
    fixture_build(&with, 40, 1);
    fixture_build(&without, 40, 0);
    weekly_draws(&with.site);
    weekly_draws(&without.site);
    for (int d = 0; d < WEEKLY_DRAW_COUNT; d++) {
        assert_memory_equal(with.site.patients.draw[d], without.site.patients.draw[d],
                            40 * sizeof(float));
    }
    fixture_end(&with);
    fixture_end(&without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_are_those_of_the_address),
        cmocka_unit_test(link_workers_change_no_draws),
    };
    return cmocka_run_group_tests_name("draws", tests, NULL, NULL);
}
