/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_EXPERIMENT_SMALL_RUN_H
#define BUYIN_TESTS_EXPERIMENT_SMALL_RUN_H

#include "base/checks.h"
#include "base/error.h"
#include "parameters/configuration.h"

/* Small runs, so that hundreds of scenarios take a second, and what streams of text they print. */

#define ASSERT_DONE(call)                                                                          \
    do {                                                                                           \
        const int code_of_call = (call);                                                           \
        if (code_of_call != 0) {                                                                   \
            fail_msg("%s: %s", #call, error_message());                                            \
        }                                                                                          \
    } while (0)

/* The call fails with a code and a sentence that contains `words`. */
#define ASSERT_FAILS(call, code, words)                                                            \
    do {                                                                                           \
        assert_int_equal((call), (code));                                                          \
        if (strstr(error_message(), (words)) == NULL) {                                            \
            fail_msg("'%s' does not say '%s'", error_message(), (words));                          \
        }                                                                                          \
    } while (0)

enum { MOST_SETTINGS = 24 };

/* The shipped defaults with these settings; the last one is followed by NULL. */
static inline void small_configuration(struct configuration *configuration,
                                       const char *const *settings)
{
    size_t count = 0;
    while (settings[count] != NULL) {
        count++;
    }
    ASSERT_DONE(configuration_read(configuration, NULL, settings, count));
}

/* Text that a function prints. */
struct printed {
    FILE *stream;
    char *text;
    size_t size;
};

static inline void print_begin(struct printed *printed)
{
    *printed = (struct printed){0};
    printed->stream = open_memstream(&printed->text, &printed->size);
    assert_non_null(printed->stream);
}

/* Closes the stream; the text may be read until print_free. */
static inline const char *print_end(struct printed *printed)
{
    assert_int_equal(fclose(printed->stream), 0);
    printed->stream = NULL;
    return printed->text;
}

static inline void print_free(struct printed *printed)
{
    free(printed->text);
    *printed = (struct printed){0};
}

static inline int count_words(const char *text, const char *words)
{
    int n = 0;
    for (const char *at = strstr(text, words); at != NULL; at = strstr(at + 1, words)) {
        n++;
    }
    return n;
}

#endif
