/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/words.h"

#include "checks.h"

static const char *const texts[] = {"diary.caseload_cap", "Most people on a caseload", NULL};

static bool finds(const char *first, const char *second)
{
    const char *const words[] = {first, second, NULL};
    return words_occur(words, texts);
}

static void every_word_has_to_occur_somewhere(void **state)
{
    (void)state;
    assert_true(finds("caseload", NULL));
    assert_true(finds("diary", "people"));
    assert_false(finds("diary", "trust"));
    assert_false(finds("trust", NULL));
    assert_false(finds("capMost", NULL)); /* not across two texts */
}

static void capital_letters_do_not_matter(void **state)
{
    (void)state;
    assert_true(finds("CaseLoad", "MOST"));
}

static void no_word_occurs_everywhere(void **state)
{
    (void)state;
    assert_true(words_occur(NULL, texts));
    assert_true(finds(NULL, NULL));
    assert_true(finds("", NULL));
    const char *const nothing[] = {NULL};
    assert_true(words_occur(nothing, nothing));
    assert_false(words_occur(texts, nothing));
}

static void one_has_no_s(void **state)
{
    (void)state;
    assert_string_equal(plural(1), "");
    assert_string_equal(plural(0), "s");
    assert_string_equal(plural(2), "s");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_has_to_occur_somewhere),
        cmocka_unit_test(capital_letters_do_not_matter),
        cmocka_unit_test(no_word_occurs_everywhere),
        cmocka_unit_test(one_has_no_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
