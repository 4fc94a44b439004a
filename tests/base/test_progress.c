/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/progress.h"

#include "checks.h"

#include <unistd.h>

static char shown[512];

/* Shows progress with standard error in a file, as in a batch job; what came is in `shown`. */
static void show_into_file(struct progress *progress, size_t done, double units)
{
    (void)fflush(stderr);
    const int kept = dup(STDERR_FILENO);
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    progress->is_terminal = false;
    progress_show(progress, done, units, "patient-weeks");
    (void)fflush(stderr);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    (void)close(kept);
    rewind(file);
    const size_t length = fread(shown, 1, sizeof shown - 1, file);
    shown[length] = '\0';
    (void)fclose(file);
}

static void the_clock_goes_forward(void **state)
{
    (void)state;
    const double start = clock_seconds();
    double before = start;
    for (int i = 0; i < 1000; i++) {
        const double now = clock_seconds();
        assert_true(now >= before);
        before = now;
    }
    (void)usleep(20000);
    assert_true(clock_seconds() - start >= 0.02);
}

static void a_line_says_how_far_how_fast_how_long(void **state)
{
    (void)state;
    struct progress progress;
    progress_begin(&progress, "run", 4, false);
    progress.started -= 20.0; /* as if begun 20 seconds ago */
    progress.reported -= 20.0;
    show_into_file(&progress, 1, 6000.0);
    assert_string_equal(shown, "run: 1 of 4 (25 %), 300 patient-weeks/s, 60 s left\n");
    assert_true(progress.was_shown);
}

static void lines_come_only_now_and_then(void **state)
{
    (void)state;
    struct progress progress;
    progress_begin(&progress, "run", 4, false);
    show_into_file(&progress, 1, 1.0);
    assert_string_equal(shown, "");
    progress.started -= 20.0;
    progress.reported -= 20.0;
    show_into_file(&progress, 1, 1.0);
    assert_int_not_equal(shown[0], '\0');
    show_into_file(&progress, 2, 2.0);
    assert_string_equal(shown, "");
}

static void quiet_means_silent(void **state)
{
    (void)state;
    struct progress progress;
    progress_begin(&progress, "run", 4, true);
    progress.started -= 20.0;
    progress.reported -= 20.0;
    show_into_file(&progress, 1, 1.0);
    assert_string_equal(shown, "");
    assert_false(progress.was_shown);
}

static void nothing_done_yet_shows_no_rate(void **state)
{
    (void)state;
    struct progress progress;
    progress_begin(&progress, "run", 4, false);
    progress.started -= 20.0;
    progress.reported -= 20.0;
    show_into_file(&progress, 0, 0.0); /* the time left would be a division by 0 */
    assert_string_equal(shown, "");
}

static void the_end_gives_the_seconds(void **state)
{
    (void)state;
    struct progress progress;
    progress_begin(&progress, "run", 4, true);
    progress.started -= 5.0;
    const double seconds = progress_end(&progress);
    assert_true(seconds >= 5.0 && seconds < 15.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_goes_forward),
        cmocka_unit_test(a_line_says_how_far_how_fast_how_long),
        cmocka_unit_test(lines_come_only_now_and_then),
        cmocka_unit_test(quiet_means_silent),
        cmocka_unit_test(nothing_done_yet_shows_no_rate),
        cmocka_unit_test(the_end_gives_the_seconds),
    };
    return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
