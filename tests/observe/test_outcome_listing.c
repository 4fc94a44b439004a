/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/outcome_listing.h"

#include "base/checks.h"
#include "base/error.h"

static struct outcome outcomes[] = {
    {"funnel.offered", "person", "People ever offered a referral."},
    {"wait.weeks_mean", "week", "Weeks from acceptance to the \"opening\" contact, mean."},
    {"after_first_session.trust.week13", "index 0-1", "Trust 13 weeks after the first session."},
};
static const struct outcome_list list = {.count = 3, .room = 3, .outcomes = outcomes};

/** What is printed; the caller frees it. */
static char *print(enum listing_format format, const char *first, const char *second)
{
    char *text = NULL;
    size_t size = 0;
    const char *const words[] = {first, second, NULL};
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    assert_int_equal(outcome_list_print(stream, format, &list, words), 0);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static void the_table_has_name_unit_definition(void **state)
{
    (void)state;
    char *text = print(LISTING_TABLE, NULL, NULL);
    for (size_t i = 0; i < list.count; i++) {
        assert_non_null(strstr(text, outcomes[i].name));
        assert_non_null(strstr(text, outcomes[i].unit));
        assert_non_null(strstr(text, outcomes[i].definition));
    }
    free(text);
}

static void words_are_looked_for_in_all_three(void **state)
{
    (void)state;
    char *text = print(LISTING_MARKDOWN, "TRUST", "week13");
    assert_string_equal(text, "| name | unit | definition |\n| --- | --- | --- |\n"
                              "| `after_first_session.trust.week13` | index 0-1 | Trust 13 weeks "
                              "after the first session. |\n");
    free(text);
    text = print(LISTING_MARKDOWN, "person", NULL);
    assert_non_null(strstr(text, "funnel.offered"));
    assert_null(strstr(text, "wait."));
    free(text);
    text = print(LISTING_MARKDOWN, "acceptance", NULL);
    assert_non_null(strstr(text, "wait.weeks_mean"));
    assert_null(strstr(text, "funnel."));
    free(text);
}

static void json_is_whole_and_quoted(void **state)
{
    (void)state;
    char *text = print(LISTING_JSON, "wait", NULL);
    assert_string_equal(text,
                        "[\n  {\"name\": \"wait.weeks_mean\", \"unit\": \"week\", \"definition\": "
                        "\"Weeks from acceptance to the \\\"opening\\\" contact, mean.\"}\n]\n");
    free(text);
}

static void failures_say_why(void **state)
{
    (void)state;
    const char *const words[] = {"trust", "nowhere", NULL};
    FILE *stream = fopen("/dev/full", "w");
    assert_non_null(stream);
    assert_int_equal(outcome_list_print(stream, LISTING_TABLE, &list, words), ERROR_INPUT);
    assert_string_equal(
        error_message(),
        "no outcome has 'trust' and the other words in its name, unit or definition");
    assert_int_equal(outcome_list_print(stream, LISTING_YAML, &list, NULL), ERROR_INPUT);
    assert_int_equal(outcome_list_print(stream, LISTING_TABLE, &list, NULL), ERROR_FILE);
    (void)fclose(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_has_name_unit_definition),
        cmocka_unit_test(words_are_looked_for_in_all_three),
        cmocka_unit_test(json_is_whole_and_quoted),
        cmocka_unit_test(failures_say_why),
    };
    return cmocka_run_group_tests_name("observe/outcome_listing", tests, NULL, NULL);
}
