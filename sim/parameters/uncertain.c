/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/uncertain.h"

#include "base/error.h"
#include "parameters/configuration.h"
#include "parameters/yaml_file.h"

#include <stdlib.h>
#include <string.h>

enum { STEM_LENGTH = 10 /* "uncertain." */, NAME_SIZE = 96, WORDS_SIZE = 192 };

static const double LEAST_WITHIN = 0.5; /* of a distribution, in the parameter's range */

static const char *const words[UNCERTAIN_WORD_COUNT] = {"mean", "sd",   "low_95", "high_95",
                                                        "low",  "mode", "high"};

#define BIT(word) (1u << (word))
static const unsigned MOMENTS = BIT(UNCERTAIN_MEAN) | BIT(UNCERTAIN_SD);
static const unsigned INTERVAL = BIT(UNCERTAIN_LOW_95) | BIT(UNCERTAIN_HIGH_95);
static const unsigned LIMITS = BIT(UNCERTAIN_LOW) | BIT(UNCERTAIN_HIGH);

/* ---- what cannot be ---- */

static int fail_entry(const struct yaml_file *file, const struct yaml_entry *entry,
                      const char *rule)
{
    return error_set(ERROR_INPUT, "%s:%zu:%zu: %.80s = %.80s: %s", file->path, entry->value_line,
                     entry->value_column, entry->key,
                     entry->kind == YAML_ENTRY_MAP    ? "{...}"
                     : entry->kind == YAML_ENTRY_LIST ? "[...]"
                                                      : entry->value,
                     rule);
}

static int fail_unknown(const struct yaml_file *file, const struct yaml_entry *entry,
                        const char *name)
{
    const char *nearest = parameter_nearest(name);
    return error_set(ERROR_INPUT, "%s:%zu:%zu: %.80s: there is no parameter '%.80s'%s%s%s",
                     file->path, entry->key_line, entry->key_column, entry->key, name,
                     nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                     nearest != NULL ? "'?" : "");
}

static int fail_item(const struct uncertain_parameter *u, const char *rule)
{
    return error_set(ERROR_INPUT, "%s: uncertain.%s: %s", u->where, u->row->name, rule);
}

/* ---- the list ---- */

static struct uncertain_parameter *find(const struct configuration *c,
                                        const struct parameter_row *row)
{
    for (size_t i = 0; i < c->uncertain_count; i++) {
        if (c->uncertain[i].row == row) {
            return &c->uncertain[i];
        }
    }
    return NULL;
}

const struct uncertain_parameter *uncertain_find(const struct configuration *configuration,
                                                 const struct parameter_row *row)
{
    return find(configuration, row);
}

void uncertain_forget(struct configuration *configuration, const struct parameter_row *row)
{
    struct uncertain_parameter *u = find(configuration, row);
    if (u != NULL) {
        const size_t after =
            (size_t)(configuration->uncertain + configuration->uncertain_count - u);
        memmove(u, u + 1, (after - 1) * sizeof *u);
        configuration->uncertain_count--;
    }
}

void uncertain_end_file(struct configuration *configuration, const bool *settled)
{
    for (size_t i = configuration->uncertain_count; i-- > 0;) {
        struct uncertain_parameter *u = &configuration->uncertain[i];
        const bool is_known =
            u->is_of_this_file ? u->kind == DISTRIBUTION_COUNT : settled[parameter_index(u->row)];
        u->is_of_this_file = false;
        if (is_known) {
            uncertain_forget(configuration, u->row);
        }
    }
}

/* ---- one parameter ---- */

/* Begins a parameter at the entry that holds its map. */
static int begin(struct configuration *c, const struct yaml_file *file,
                 const struct yaml_entry *entry, const struct parameter_row *row)
{
    struct uncertain_parameter *u = find(c, row);
    if (entry->kind != YAML_ENTRY_MAP) {
        return fail_entry(file, entry,
                          "must be a distribution, such as {distribution: gamma, mean: 12, sd: 4}");
    }
    if (row->kind != PARAMETER_REAL) {
        return fail_entry(file, entry,
                          "must be a real number: whole numbers, flags and choices cannot be "
                          "declared uncertain");
    }
    if (u != NULL && u->is_of_this_file) {
        return fail_entry(file, entry, "is declared uncertain twice in this file");
    }
    if (u == NULL) {
        struct uncertain_parameter *larger =
            realloc(c->uncertain, (c->uncertain_count + 1) * sizeof *larger);
        if (larger == NULL) {
            return error_set(ERROR_MEMORY, "%s: no memory for distributions", file->path);
        }
        c->uncertain = larger;
        u = &larger[c->uncertain_count++];
    }
    *u = (struct uncertain_parameter){.row = row, .kind = -1, .is_of_this_file = true};
    (void)snprintf(u->where, sizeof u->where, "%.150s:%zu:%zu", file->path, entry->key_line,
                   entry->key_column);
    return 0;
}

static int read_kind(const struct yaml_file *file, const struct yaml_entry *entry,
                     struct uncertain_parameter *u)
{
    for (int kind = 0; kind < DISTRIBUTION_COUNT; kind++) {
        if (strcmp(entry->value, distribution_names[kind]) == 0) {
            u->kind = kind;
            return 0;
        }
    }
    if (strcmp(entry->value, "fixed") == 0) {
        u->kind = DISTRIBUTION_COUNT;
        return 0;
    }
    return fail_entry(file, entry,
                      "must be normal, lognormal, beta, gamma, uniform, triangular or fixed");
}

static int read_number(const struct yaml_file *file, const struct yaml_entry *entry,
                       struct uncertain_parameter *u, enum uncertain_word word)
{
    char *end = NULL;
    u->said[word] = strtod(entry->value, &end);
    u->given |= BIT(word);
    if (end == entry->value || *end != '\0' || !(u->said[word] > -1e12 && u->said[word] < 1e12)) {
        return fail_entry(file, entry, "must be a number between -1e12 and 1e12");
    }
    return 0;
}

/* `word` is what stands after the parameter's name. */
static int read_word(const struct yaml_file *file, const struct yaml_entry *entry,
                     struct uncertain_parameter *u, const char *word)
{
    if (entry->kind == YAML_ENTRY_SCALAR) {
        for (int w = 0; w < UNCERTAIN_WORD_COUNT; w++) {
            if (strcmp(word, words[w]) == 0) {
                return read_number(file, entry, u, (enum uncertain_word)w);
            }
        }
        if (strcmp(word, "distribution") == 0) {
            return read_kind(file, entry, u);
        }
        if (strcmp(word, "reason") == 0) {
            (void)snprintf(u->reason, sizeof u->reason, "%s", entry->value);
            return 0;
        }
    }
    return fail_entry(file, entry,
                      "unknown word of a distribution (distribution, mean, sd, low_95, high_95, "
                      "low, mode, high, reason)");
}

/* The distribution that the words amount to, before it is cut off. */
static bool make(struct uncertain_parameter *u)
{
    const enum distribution_kind kind = (enum distribution_kind)u->kind;
    const double *said = u->said;
    if (u->given == MOMENTS) {
        return distribution_of_moments(&u->distribution, kind, said[UNCERTAIN_MEAN],
                                       said[UNCERTAIN_SD]);
    }
    if (u->given == INTERVAL) {
        return distribution_of_interval(&u->distribution, kind, said[UNCERTAIN_LOW_95],
                                        said[UNCERTAIN_HIGH_95]);
    }
    return distribution_of_limits(&u->distribution, kind, said[UNCERTAIN_LOW], said[UNCERTAIN_MODE],
                                  said[UNCERTAIN_HIGH]);
}

static int check_words(const struct uncertain_parameter *u)
{
    if (u->kind < 0) {
        return fail_item(u, "says no distribution (normal, lognormal, beta, gamma, uniform, "
                            "triangular or fixed)");
    }
    if (u->kind == DISTRIBUTION_COUNT) {
        return u->given == 0 ? 0 : fail_item(u, "is fixed: give it no numbers here");
    }
    if (u->kind == DISTRIBUTION_UNIFORM) {
        return u->given == LIMITS ? 0 : fail_item(u, "a uniform distribution needs low and high");
    }
    if (u->kind == DISTRIBUTION_TRIANGULAR) {
        return u->given == (LIMITS | BIT(UNCERTAIN_MODE))
                   ? 0
                   : fail_item(u, "a triangular distribution needs low, mode and high");
    }
    if ((u->given & MOMENTS) != 0 && (u->given & INTERVAL) != 0) {
        return fail_item(u, "is settled twice: give mean and sd, or low_95 and high_95");
    }
    return u->given == MOMENTS || u->given == INTERVAL
               ? 0
               : fail_item(u, "needs mean and sd, or low_95 and high_95, and nothing else");
}

/* What was said, as words and numbers. */
static void write_said(const struct uncertain_parameter *u, char text[WORDS_SIZE])
{
    size_t used =
        (size_t)snprintf(text, WORDS_SIZE, "%s",
                         u->kind == DISTRIBUTION_COUNT ? "fixed" : distribution_names[u->kind]);
    for (int w = 0; w < UNCERTAIN_WORD_COUNT && used < WORDS_SIZE; w++) {
        if (u->given & BIT(w)) {
            char number[40];
            (void)parameter_format_number(u->said[w], number, sizeof number);
            used += (size_t)snprintf(text + used, WORDS_SIZE - used, ", %s: %s", words[w], number);
        }
    }
}

static int finish(struct uncertain_parameter *u)
{
    int status = 0;
    char said[WORDS_SIZE], low[40], high[40];
    TRY(check_words(u));
    if (u->kind == DISTRIBUTION_COUNT) {
        return 0;
    }
    write_said(u, said);
    if (!make(u)) {
        FAIL(ERROR_INPUT, "%s: uncertain.%s = {%s}: there is no such distribution%s", u->where,
             u->row->name, said,
             u->kind == DISTRIBUTION_BETA ? " on 0 to 1 (sd^2 must be below mean (1 - mean))"
             : u->kind == DISTRIBUTION_LOGNORMAL || u->kind == DISTRIBUTION_GAMMA
                 ? " (numbers must be above 0, and rise)"
                 : " (sd must be above 0, limits must rise)");
    }
    (void)parameter_format_number(u->row->low, low, sizeof low);
    (void)parameter_format_number(u->row->high, high, sizeof high);
    const double within = distribution_cut(&u->distribution, u->row->low, u->row->high);
    const bool has_limits = (u->given & LIMITS) != 0;
    if (within < (has_limits ? 1.0 : LEAST_WITHIN)) {
        FAIL(ERROR_INPUT,
             "%s: uncertain.%s = {%s}: only %.2g of it lies in the parameter's range [%s, %s]: "
             "%s",
             u->where, u->row->name, said, within, low, high,
             has_limits ? "limits must lie in it" : "half must");
    }
out:
    return status;
}

/* ---- reading ---- */

static bool is_section(const char *name)
{
    for (size_t section = 0; section < parameter_section_count(); section++) {
        if (strcmp(parameter_section(section)->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* The words below the parameter at `*index`; moves past them. */
static int read_parameter(struct configuration *c, const struct yaml_file *file, size_t *index)
{
    int status = 0;
    const struct yaml_entry *item = &file->entries[*index];
    const size_t stem = strlen(item->key);
    const struct parameter_row *row = parameter_find(item->key + STEM_LENGTH);
    if (row == NULL) {
        return fail_unknown(file, item, item->key + STEM_LENGTH);
    }
    TRY(begin(c, file, item, row));
    struct uncertain_parameter *u = find(c, row);
    for ((*index)++; *index < file->count; (*index)++) {
        const struct yaml_entry *entry = &file->entries[*index];
        if (strncmp(entry->key, item->key, stem) != 0 || entry->key[stem] != '.') {
            break;
        }
        TRY(read_word(file, entry, u, entry->key + stem + 1));
    }
    TRY(finish(u));
out:
    return status;
}

int uncertain_read(struct configuration *configuration, const struct yaml_file *file, size_t *index)
{
    int status = 0;
    const struct yaml_entry *top = &file->entries[*index];
    if (top->kind != YAML_ENTRY_MAP) {
        return fail_entry(file, top, "must hold parameters with a distribution each");
    }
    (*index)++;
    while (*index < file->count &&
           strncmp(file->entries[*index].key, "uncertain.", STEM_LENGTH) == 0) {
        const struct yaml_entry *entry = &file->entries[*index];
        if (entry->kind == YAML_ENTRY_MAP && is_section(entry->key + STEM_LENGTH)) {
            (*index)++;
            continue;
        }
        TRY(read_parameter(configuration, file, index));
    }
out:
    return status;
}

int uncertain_check(const struct configuration *configuration)
{
    int status = 0;
    char *rest = NULL;
    char *lines = strdup(configuration->sweep);
    if (lines == NULL) {
        return error_set(ERROR_MEMORY, "no memory for a sweep");
    }
    for (char *line = strtok_r(lines, "\n", &rest); line != NULL && status == 0;
         line = strtok_r(NULL, "\n", &rest)) {
        char *key = strchr(line, '\t') + 1;
        char *equals = strchr(key, '=');
        if (equals == NULL) {
            continue; /* the sweep will say what is wrong */
        }
        *equals = '\0';
        const struct parameter_row *row = parameter_find(key);
        const struct uncertain_parameter *u = row != NULL ? find(configuration, row) : NULL;
        if (u != NULL) {
            status = fail_item(u, "is also swept over: a parameter is either swept or uncertain");
        }
    }
    free(lines);
    return status;
}

/* ---- printing ---- */

void uncertain_print_yaml(FILE *stream, const struct configuration *configuration)
{
    char said[WORDS_SIZE];
    for (size_t i = 0; i < configuration->uncertain_count; i++) {
        const struct uncertain_parameter *u = &configuration->uncertain[i];
        write_said(u, said);
        (void)fprintf(stream, "%s  %s: {distribution: %s", i == 0 ? "\nuncertain:\n" : "",
                      u->row->name, said);
        if (u->reason[0] != '\0') {
            (void)fputs(", reason: \"", stream);
            for (const char *letter = u->reason; *letter != '\0'; letter++) {
                (void)fprintf(stream, "%s%c", *letter == '"' || *letter == '\\' ? "\\" : "",
                              *letter == '\n' ? ' ' : *letter);
            }
            (void)fputc('"', stream);
        }
        (void)fputs("}\n", stream);
    }
}

void uncertain_print(FILE *stream, const struct configuration *configuration)
{
    char said[WORDS_SIZE];
    if (configuration->uncertain_count == 0) {
        return;
    }
    (void)fprintf(stream, "  %zu uncertain parameters\n  %-36s %9s %9s %9s %9s  %s\n",
                  configuration->uncertain_count, "", "value", "2.5 %", "50 %", "97.5 %",
                  "distribution, cut off at the range of the parameter");
    for (size_t i = 0; i < configuration->uncertain_count; i++) {
        const struct uncertain_parameter *u = &configuration->uncertain[i];
        write_said(u, said);
        (void)fprintf(stream, "  %-36s %9.5g %9.5g %9.5g %9.5g  %s\n", u->row->name,
                      parameter_value(&configuration->parameters, u->row),
                      distribution_quantile(&u->distribution, 0.025),
                      distribution_quantile(&u->distribution, 0.5),
                      distribution_quantile(&u->distribution, 0.975), said);
        if (u->reason[0] != '\0') {
            (void)fprintf(stream, "      %s\n", u->reason);
        }
    }
}

int uncertain_print_difference(FILE *stream, const struct configuration *a,
                               const struct configuration *b)
{
    int count = 0;
    for (size_t i = 0; i < parameter_count(); i++) {
        const struct parameter_row *row = parameter_row(i);
        const struct uncertain_parameter *old = find(a, row), *new = find(b, row);
        char old_said[WORDS_SIZE] = "known", new_said[WORDS_SIZE] = "known";
        if (old != NULL) {
            write_said(old, old_said);
        }
        if (new != NULL) {
            write_said(new, new_said);
        }
        if (strcmp(old_said, new_said) != 0) {
            (void)fprintf(stream, "uncertain.%s: %s -> %s\n", row->name, old_said, new_said);
            count++;
        }
    }
    return count;
}
