/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/words.h"

#include <string.h>
#include <strings.h>

static bool holds(const char *text, const char *word)
{
    const size_t length = strlen(word);
    for (; strlen(text) >= length; text++) {
        if (strncasecmp(text, word, length) == 0) {
            return true;
        }
        if (*text == '\0') {
            break;
        }
    }
    return false;
}

static bool occurs_in_one(const char *word, const char *const *texts)
{
    for (size_t i = 0; texts[i] != NULL; i++) {
        if (holds(texts[i], word)) {
            return true;
        }
    }
    return false;
}

bool words_occur(const char *const *words, const char *const *texts)
{
    for (size_t i = 0; words != NULL && words[i] != NULL; i++) {
        if (!occurs_in_one(words[i], texts)) {
            return false;
        }
    }
    return true;
}

const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}
