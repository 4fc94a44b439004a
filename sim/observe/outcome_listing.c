/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/outcome_listing.h"

#include "base/error.h"
#include "base/words.h"

static bool has_words(const struct outcome *outcome, const char *const *words)
{
    const char *const texts[] = {outcome->name, outcome->unit, outcome->definition, NULL};
    return words_occur(words, texts);
}

static void print_outcome(FILE *stream, enum listing_format format, const struct outcome *outcome,
                          bool is_first)
{
    if (format == LISTING_TABLE) {
        (void)fprintf(stream, "%-58s %s\n    %s\n", outcome->name, outcome->unit,
                      outcome->definition);
    } else if (format == LISTING_MARKDOWN) {
        (void)fprintf(stream, "%s| `%s` | %s | %s |\n",
                      is_first ? "| name | unit | definition |\n| --- | --- | --- |\n" : "",
                      outcome->name, outcome->unit, outcome->definition);
    } else {
        (void)fprintf(stream, "%s  {\"name\": \"%s\", \"unit\": \"%s\", \"definition\": ",
                      is_first ? "[\n" : ",\n", outcome->name, outcome->unit);
        listing_print_quoted(stream, outcome->definition);
        (void)fputs("}", stream);
    }
}

int outcome_list_print(FILE *stream, enum listing_format format, const struct outcome_list *list,
                       const char *const *words)
{
    size_t count = 0;
    if (format == LISTING_YAML) {
        return error_set(ERROR_INPUT, "outcomes are listed as table, json or markdown");
    }
    for (size_t i = 0; i < list->count; i++) {
        if (has_words(&list->outcomes[i], words)) {
            print_outcome(stream, format, &list->outcomes[i], count == 0);
            count++;
        }
    }
    if (count == 0) {
        return error_set(
            ERROR_INPUT, "no outcome has '%s'%s in its name, unit or definition",
            words != NULL && words[0] != NULL ? words[0] : "",
            words != NULL && words[0] != NULL && words[1] != NULL ? " and the other words" : "");
    }
    if (format == LISTING_JSON) {
        (void)fputs("\n]\n", stream);
    }
    if (fflush(stream) != 0 || ferror(stream)) {
        return error_set(ERROR_FILE, "a listing could not be written");
    }
    return 0;
}
