/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/table.h"

#include "base/error.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { NAME_LENGTH_MAX = 96, VALUE_SHOWN_MAX = 80, RULE_SIZE = 256 };

#define CHOICES(identifier, low, high)                                                             \
    enum { identifier##_low = (low), identifier##_high = (high) };                                 \
    static const struct parameter_word identifier##_words[] = {
#define WORD(identifier, name, number, word) {word, number},
#define END_CHOICES(identifier)                                                                    \
    }                                                                                              \
    ;
#include "parameters/choices.def"

#define ROW(section, name, unit, source, symbol, configuration, meaning, ...)                      \
    {#section "." #name, #section, unit, source, symbol, configuration, meaning, __VA_ARGS__},
#define PLACE(section, name) offsetof(struct parameters, section.name)

static const struct parameter_row rows[] = {
#define SECTION(section, title)
#define END_SECTION(section)
#define REAL(section, name, unit, standard, low, high, source, symbol, configuration, meaning)     \
    ROW(section, name, unit, source, symbol, configuration, meaning, PARAMETER_REAL, standard,     \
        low, high, PLACE(section, name), NULL, 0, NULL)
#define INT(section, name, unit, standard, low, high, source, symbol, configuration, meaning)      \
    ROW(section, name, unit, source, symbol, configuration, meaning, PARAMETER_INT, standard, low, \
        high, PLACE(section, name), NULL, 0, NULL)
#define FLAG(section, name, standard, source, symbol, configuration, meaning)                      \
    ROW(section, name, "", source, symbol, configuration, meaning, PARAMETER_FLAG, standard, 0, 1, \
        PLACE(section, name), NULL, 0, NULL)
#define CHOICE(section, name, standard, choices, source, symbol, configuration, meaning)           \
    ROW(section, name, "", source, symbol, configuration, meaning, PARAMETER_CHOICE, standard,     \
        choices##_low, choices##_high, PLACE(section, name), choices##_words,                      \
        COUNT(choices##_words), NULL)
#define TEXT(section, name, standard, source, symbol, configuration, meaning)                      \
    ROW(section, name, "", source, symbol, configuration, meaning, PARAMETER_TEXT, 0, 0, 0,        \
        PLACE(section, name), NULL, 0, standard)
#include "parameters/parameters.def"
};

static const struct parameter_section sections[] = {
#define SECTION(section, title) {#section, title},
#define END_SECTION(section)
#define REAL(...)
#define INT(...)
#define FLAG(...)
#define CHOICE(...)
#define TEXT(...)
#include "parameters/parameters.def"
};

static const struct {
    const char *key;
    const char *text;
} sources[] = {
#define SOURCE(key, text) {#key, text},
#include "parameters/sources.def"
};

static const struct {
    const char *alias;
    const char *name;
} aliases[] = {
#define ALIAS(alias, name) {alias, name},
#include "parameters/aliases.def"
};

size_t parameter_count(void)
{
    return COUNT(rows);
}

const struct parameter_row *parameter_row(size_t index)
{
    return &rows[index];
}

size_t parameter_index(const struct parameter_row *row)
{
    return (size_t)(row - rows);
}

size_t parameter_section_count(void)
{
    return COUNT(sections);
}

const struct parameter_section *parameter_section(size_t index)
{
    return &sections[index];
}

size_t parameter_source_count(void)
{
    return COUNT(sources);
}

const char *parameter_source_key(size_t index)
{
    return sources[index].key;
}

const char *parameter_source_text(const char *key)
{
    for (size_t source = 0; source < COUNT(sources); source++) {
        if (strcmp(sources[source].key, key) == 0) {
            return sources[source].text;
        }
    }
    return NULL;
}

const struct parameter_row *parameter_find(const char *name)
{
    for (size_t alias = 0; alias < COUNT(aliases); alias++) {
        if (strcmp(aliases[alias].alias, name) == 0) {
            name = aliases[alias].name;
            break;
        }
    }
    for (size_t row = 0; row < COUNT(rows); row++) {
        if (strcmp(rows[row].name, name) == 0) {
            return &rows[row];
        }
    }
    return NULL;
}

/* ---- nearest name ---- */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t parameter_distance(const char *a, const char *b)
{
    size_t lines[3][NAME_LENGTH_MAX + 1];
    size_t *before = lines[0], *last = lines[1], *now = lines[2];
    size_t length_a = strlen(a), length_b = strlen(b);
    if (length_a > NAME_LENGTH_MAX || length_b > NAME_LENGTH_MAX) {
        return (size_t)NAME_LENGTH_MAX;
    }
    memset(lines, 0, sizeof lines);
    for (size_t column = 0; column <= length_b; column++) {
        last[column] = column;
    }
    for (size_t line = 1; line <= length_a; line++) {
        now[0] = line;
        for (size_t column = 1; column <= length_b; column++) {
            size_t cost = a[line - 1] == b[column - 1] ? 0 : 1;
            size_t best = smaller(last[column] + 1, now[column - 1] + 1);
            best = smaller(best, last[column - 1] + cost);
            if (line > 1 && column > 1 && a[line - 1] == b[column - 2] &&
                a[line - 2] == b[column - 1]) {
                best = smaller(best, before[column - 2] + 1);
            }
            now[column] = best;
        }
        size_t *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[length_b];
}

const char *parameter_nearest(const char *name)
{
    const char *best = NULL;
    size_t best_distance = 2 + strlen(name) / 5;
    const char *dot = strrchr(name, '.');
    const char *leaf = dot == NULL ? name : dot + 1;
    for (size_t row = 0; row < COUNT(rows); row++) {
        size_t distance = parameter_distance(name, rows[row].name);
        const char *row_leaf = strrchr(rows[row].name, '.') + 1;
        if (strcmp(leaf, row_leaf) == 0) {
            distance = smaller(distance, 2); /* the right name in the wrong section */
        }
        if (distance < best_distance || (best == NULL && distance == best_distance)) {
            best = rows[row].name;
            best_distance = distance;
        }
    }
    return best;
}

/* ---- values ---- */

void parameters_default(struct parameters *parameters)
{
    memset(parameters, 0, sizeof *parameters);
    for (size_t index = 0; index < COUNT(rows); index++) {
        const struct parameter_row *row = &rows[index];
        char *field = (char *)parameters + row->offset;
        if (row->kind == PARAMETER_REAL) {
            memcpy(field, &row->default_value, sizeof row->default_value);
        } else if (row->kind == PARAMETER_TEXT) {
            (void)snprintf(field, PARAMETER_TEXT_SIZE, "%s", row->default_text);
        } else {
            int whole = (int)row->default_value;
            memcpy(field, &whole, sizeof whole);
        }
    }
}

double parameter_value(const struct parameters *parameters, const struct parameter_row *row)
{
    const char *field = (const char *)parameters + row->offset;
    double value = NAN;
    if (row->kind == PARAMETER_REAL) {
        memcpy(&value, field, sizeof value);
    } else if (row->kind != PARAMETER_TEXT) {
        int whole = 0;
        memcpy(&whole, field, sizeof whole);
        value = whole;
    }
    return value;
}

int parameter_format_number(double value, char *buffer, size_t size)
{
    if (value == 0.0) {
        return snprintf(buffer, size, "0");
    }
    if (fabs(value) < 1e15 && floor(value) == value) {
        return snprintf(buffer, size, "%.0f", value);
    }
    char text[40];
    for (int digits = 1; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    return snprintf(buffer, size, "%s", text);
}

int parameter_format(const struct parameters *parameters, const struct parameter_row *row,
                     char *buffer, size_t size)
{
    if (row->kind == PARAMETER_TEXT) {
        return snprintf(buffer, size, "%s", (const char *)parameters + row->offset);
    }
    double value = parameter_value(parameters, row);
    for (size_t word = 0; word < row->word_count; word++) {
        if ((double)row->words[word].number == value) {
            return snprintf(buffer, size, "%s", row->words[word].word);
        }
    }
    return parameter_format_number(value, buffer, size);
}

/** The rule for a number of this row, in words. */
static void write_rule(const struct parameter_row *row, char *rule)
{
    char low[40], high[40];
    size_t length = 0;
    switch (row->kind) {
    case PARAMETER_FLAG:
        (void)snprintf(rule, RULE_SIZE, "must be true or false (1 or 0)");
        break;
    case PARAMETER_CHOICE:
        length = (size_t)snprintf(rule, RULE_SIZE, "must be one of");
        for (size_t word = 0; word < row->word_count && length < RULE_SIZE; word++) {
            length += (size_t)snprintf(rule + length, RULE_SIZE - length, "%s %s (%d)",
                                       word == 0 ? "" : ",", row->words[word].word,
                                       row->words[word].number);
        }
        break;
    case PARAMETER_TEXT:
        (void)snprintf(rule, RULE_SIZE, "must be a text of at most %d bytes",
                       PARAMETER_TEXT_SIZE - 1);
        break;
    default:
        (void)parameter_format_number(row->low, low, sizeof low);
        (void)parameter_format_number(row->high, high, sizeof high);
        (void)snprintf(rule, RULE_SIZE, "must be within [%s, %s], in %s", low, high, row->unit);
    }
}

/** Stores the number if the row allows it; otherwise says why not. */
static bool store_number(struct parameters *parameters, const struct parameter_row *row,
                         double value, char *rule)
{
    char *field = (char *)parameters + row->offset;
    if (row->kind == PARAMETER_TEXT) {
        (void)snprintf(rule, RULE_SIZE, "must be a text, not a number");
        return false;
    }
    if (!isfinite(value)) {
        (void)snprintf(rule, RULE_SIZE, "must be a finite number");
        return false;
    }
    if (row->kind == PARAMETER_INT && floor(value) != value) {
        (void)snprintf(rule, RULE_SIZE, "must be a whole number");
        return false;
    }
    if (value < row->low || value > row->high ||
        (row->kind != PARAMETER_REAL && floor(value) != value)) {
        write_rule(row, rule);
        return false;
    }
    if (row->kind == PARAMETER_REAL) {
        value = value == 0.0 ? 0.0 : value; /* no negative zero */
        memcpy(field, &value, sizeof value);
    } else {
        int whole = (int)value;
        memcpy(field, &whole, sizeof whole);
    }
    return true;
}

int parameter_set_value(struct parameters *parameters, const struct parameter_row *row,
                        double value)
{
    char rule[RULE_SIZE], text[40];
    if (store_number(parameters, row, value, rule)) {
        return 0;
    }
    (void)parameter_format_number(value, text, sizeof text);
    return error_set(ERROR_INPUT, "%s = %s: %s", row->name, text, rule);
}

/** Whether the text is a decimal number and nothing else. */
static bool read_number(const char *text, double *value)
{
    char *end = NULL;
    if (text[0] == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0') {
        return false;
    }
    *value = strtod(text, &end);
    return *end == '\0';
}

static bool equal_words(const char *a, const char *b)
{
    while (*a != '\0' && tolower((unsigned char)*a) == tolower((unsigned char)*b)) {
        a++;
        b++;
    }
    return tolower((unsigned char)*a) == tolower((unsigned char)*b);
}

/** The number that a word stands for in a row of this kind. */
static bool read_word(const struct parameter_row *row, const char *text, double *value)
{
    static const struct parameter_word flags[] = {{"true", 1}, {"false", 0}, {"yes", 1},
                                                  {"no", 0},   {"on", 1},    {"off", 0}};
    const struct parameter_word *words = row->kind == PARAMETER_FLAG ? flags : row->words;
    size_t count = row->kind == PARAMETER_FLAG ? COUNT(flags) : row->word_count;
    for (size_t word = 0; word < count; word++) {
        if (equal_words(text, words[word].word)) {
            *value = words[word].number;
            return true;
        }
    }
    return false;
}

/** Stores what the text says if the row allows it; otherwise says why not. */
static bool store_text(struct parameters *parameters, const struct parameter_row *row,
                       const char *text, char *rule)
{
    double value = 0;
    if (row->kind == PARAMETER_TEXT) {
        if (strlen(text) >= PARAMETER_TEXT_SIZE) {
            write_rule(row, rule);
            return false;
        }
        memcpy((char *)parameters + row->offset, text, strlen(text) + 1);
        return true;
    }
    if (read_word(row, text, &value) || read_number(text, &value)) {
        return store_number(parameters, row, value, rule);
    }
    if (row->kind == PARAMETER_REAL) {
        (void)snprintf(rule, RULE_SIZE, "must be a number, in %s", row->unit);
    } else if (row->kind == PARAMETER_INT) {
        (void)snprintf(rule, RULE_SIZE, "must be a whole number, in %s", row->unit);
    } else {
        write_rule(row, rule);
    }
    return false;
}

/** Copies a text for a message: one line, not too long. */
static void show_text(const char *text, char *shown)
{
    size_t length = 0;
    for (; length < VALUE_SHOWN_MAX && text[length] != '\0'; length++) {
        shown[length] = iscntrl((unsigned char)text[length]) ? ' ' : text[length];
    }
    (void)snprintf(shown + length, 4, "%s", text[length] == '\0' ? "" : "...");
}

int parameter_read_text(struct parameters *parameters, const struct parameter_row *row,
                        const char *name, const char *text, const char *where)
{
    char rule[RULE_SIZE], shown[VALUE_SHOWN_MAX + 4];
    if (store_text(parameters, row, text, rule)) {
        return 0;
    }
    show_text(text, shown);
    return error_set(ERROR_INPUT, "%s: %s = %s: %s", where, name, shown, rule);
}

int parameter_set_text(struct parameters *parameters, const char *name, const char *text,
                       const char *where)
{
    char shown[VALUE_SHOWN_MAX + 4], shown_name[VALUE_SHOWN_MAX + 4];
    const struct parameter_row *row = parameter_find(name);
    if (row != NULL) {
        return parameter_read_text(parameters, row, name, text, where);
    }
    show_text(text, shown);
    show_text(name, shown_name);
    const char *nearest = parameter_nearest(name);
    if (nearest == NULL) {
        return error_set(ERROR_INPUT, "%s: %s = %s: unknown parameter", where, shown_name, shown);
    }
    return error_set(ERROR_INPUT, "%s: %s = %s: unknown parameter; did you mean '%s'?", where,
                     shown_name, shown, nearest);
}
