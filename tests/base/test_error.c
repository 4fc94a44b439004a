/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include "checks.h"

static void a_message_is_kept_with_its_code(void **state)
{
    (void)state;
    assert_int_equal(error_set(ERROR_INPUT, "%s = %d: rule", "key", 7), ERROR_INPUT);
    assert_string_equal(error_message(), "key = 7: rule");
    assert_int_equal(error_set(ERROR_MODEL, "other"), ERROR_MODEL);
    assert_string_equal(error_message(), "other");
}

static void codes_are_negative_and_differ(void **state)
{
    (void)state;
    const int codes[] = {ERROR_INPUT, ERROR_FILE, ERROR_MEMORY, ERROR_MODEL};
    for (int a = 0; a < 4; a++) {
        assert_true(codes[a] < 0);
        for (int b = 0; b < a; b++) {
            assert_int_not_equal(codes[a], codes[b]);
        }
    }
}

static void long_messages_are_cut(void **state)
{
    (void)state;
    char text[3000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    (void)error_set(ERROR_FILE, "%s", text);
    assert_int_equal(strlen(error_message()), 1023);
}

static int fail_with(int code)
{
    return code == 0 ? 0 : error_set(code, "code %d", code);
}

static int try_three(int first, int second, int *reached)
{
    int status = 0;
    TRY(fail_with(first));
    *reached = 1;
    TRY(fail_with(second));
    *reached = 2;
    FAIL(ERROR_MODEL, "%d reached", *reached);
out:
    return status;
}

static void try_and_fail_jump_to_the_end(void **state)
{
    (void)state;
    int reached = 0;
    assert_int_equal(try_three(ERROR_FILE, 0, &reached), ERROR_FILE);
    assert_int_equal(reached, 0);
    assert_int_equal(try_three(0, ERROR_MEMORY, &reached), ERROR_MEMORY);
    assert_int_equal(reached, 1);
    assert_int_equal(try_three(0, 0, &reached), ERROR_MODEL);
    assert_string_equal(error_message(), "2 reached");
}

/* Each thread has its own message: the pieces of a run fail on their own threads. */
static void threads_do_not_share_messages(void **state)
{
    (void)state;
    (void)error_set(ERROR_INPUT, "of the first thread");
    bool was_empty[2] = {false, false};
#pragma omp parallel num_threads(2)
    {
#pragma omp for schedule(static, 1)
        for (int i = 0; i < 2; i++) {
            if (i == 1) {
                was_empty[i] = error_message()[0] == '\0';
                (void)error_set(ERROR_FILE, "of the other");
            }
        }
    }
    assert_true(was_empty[1]);
    assert_string_equal(error_message(), "of the first thread");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_kept_with_its_code),
        cmocka_unit_test(codes_are_negative_and_differ),
        cmocka_unit_test(long_messages_are_cut),
        cmocka_unit_test(try_and_fail_jump_to_the_end),
        cmocka_unit_test(threads_do_not_share_messages),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
