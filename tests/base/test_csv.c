/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/csv.h"

#include "checks.h"

#include <stdlib.h>

static void cells_are_quoted_where_they_must_be(void **state)
{
    (void)state;
    const char *const cases[][2] = {{"", ""},
                                    {"larger.yaml", "larger.yaml"},
                                    {"one, two", "\"one, two\""},
                                    {"the \"large\" one", "\"the \"\"large\"\" one\""},
                                    {"two\nlines", "\"two\nlines\""},
                                    {"a; b", "a; b"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = NULL;
        size_t size = 0;
        FILE *stream = open_memstream(&text, &size);
        assert_non_null(stream);
        csv_text(stream, cases[i][0]);
        assert_int_equal(fclose(stream), 0);
        assert_string_equal(text, cases[i][1]);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cells_are_quoted_where_they_must_be)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
