/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters/population_file.h"

#include "base/error.h"
#include "parameters/file_text.h"
#include "parameters/table.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_SIZE = 128, COLUMN_MAX = POPULATION_FIELD_COUNT + 1, COLUMN_ID = -1 };

static const struct population_field_row fields[POPULATION_FIELD_COUNT] = {
#define FIELD(name, kind, low, high, unit, meaning)                                                \
    {#name, POPULATION_##kind, low, high, unit, meaning},
#include "parameters/population_fields.def"
};

static const char *const ethnicities[] = {"white_british", "white_other", "asian",
                                          "black",         "mixed",       "other"};

enum { ETHNICITY_WORD_COUNT = sizeof ethnicities / sizeof ethnicities[0] };

/** Where the reader stands. */
struct csv_reader {
    const char *path;
    const char *next; /**< the start of the next cell or line */
    size_t line;      /**< counted from 1 */
    size_t column;    /**< of the cell just read, counted from 1 */
    bool at_line_end; /**< no cell is left in the line */
    char cell[CELL_SIZE];
    int columns[COLUMN_MAX]; /**< the field of each column, or COLUMN_ID */
    size_t column_count;
    size_t capacity;
    size_t site_count;
};

const struct population_field_row *population_field_row(enum population_field field)
{
    return &fields[field];
}

static int fail_cell(const struct csv_reader *reader, const char *name, const char *rule)
{
    return error_set(ERROR_INPUT, "%s:%zu:%zu: %s = %.80s: %s", reader->path, reader->line,
                     reader->column, name, reader->cell, rule);
}

static int fail_line(const struct csv_reader *reader, const char *rule)
{
    return error_set(ERROR_INPUT, "%s:%zu:%zu: %s", reader->path, reader->line, reader->column,
                     rule);
}

/* ---- cells ---- */

static void trim_cell(char *cell)
{
    size_t start = strspn(cell, " \t");
    size_t length = strlen(cell);
    while (length > start && strchr(" \t", cell[length - 1]) != NULL) {
        length--;
    }
    memmove(cell, cell + start, length - start);
    cell[length - start] = '\0';
}

/** Ends a cell: at a comma another one follows, otherwise the line ends. */
static int end_cell(struct csv_reader *reader)
{
    char letter = *reader->next;
    if (letter == ',') {
        reader->next++;
        reader->at_line_end = false;
        return 0;
    }
    if (letter == '\r' && (reader->next[1] == '\n' || reader->next[1] == '\0')) {
        reader->next++;
        letter = *reader->next;
    }
    if (letter != '\n' && letter != '\0') {
        return fail_line(reader, "a comma must follow a closing quote");
    }
    reader->next += letter == '\n' ? 1 : 0;
    reader->at_line_end = true;
    return 0;
}

static int read_quoted_cell(struct csv_reader *reader)
{
    size_t length = 0;
    reader->next++;
    while (!(reader->next[0] == '"' && reader->next[1] != '"')) {
        char letter = *reader->next;
        if (letter == '\0' || letter == '\n' || letter == '\r') {
            return fail_line(reader, "a quote is not closed in its line");
        }
        if (length == CELL_SIZE - 1) {
            return fail_line(reader, "a cell must be at most 127 bytes long");
        }
        reader->cell[length++] = letter;
        reader->next += letter == '"' ? 2 : 1;
    }
    reader->cell[length] = '\0';
    reader->next++;
    reader->next += strspn(reader->next, " \t");
    return end_cell(reader);
}

/** Reads the next cell of the line into reader->cell. */
static int read_cell(struct csv_reader *reader)
{
    int status = 0;
    reader->column++;
    reader->cell[0] = '\0';
    if (reader->next[strspn(reader->next, " \t")] == '"') {
        reader->next += strspn(reader->next, " \t");
        TRY(read_quoted_cell(reader));
    } else {
        size_t length = strcspn(reader->next, ",\r\n");
        if (length >= CELL_SIZE) {
            return fail_line(reader, "a cell must be at most 127 bytes long");
        }
        memcpy(reader->cell, reader->next, length);
        reader->cell[length] = '\0';
        reader->next += length;
        TRY(end_cell(reader));
    }
    trim_cell(reader->cell);
out:
    return status;
}

static bool is_blank_line(const char *line)
{
    line += strspn(line, " \t\r");
    return *line == '\n' || *line == '\0';
}

/** Moves on to the next line that is not blank (nor, before the header, a comment). */
static bool find_line(struct csv_reader *reader, bool skip_comments)
{
    while (*reader->next != '\0') {
        reader->line++;
        reader->column = 0;
        reader->at_line_end = false;
        if (!is_blank_line(reader->next) && !(skip_comments && *reader->next == '#')) {
            return true;
        }
        reader->next += strcspn(reader->next, "\n");
        reader->next += *reader->next == '\n' ? 1 : 0;
    }
    return false;
}

/* ---- header ---- */

static int fail_header(const struct csv_reader *reader)
{
    const char *nearest = NULL;
    size_t best = 4;
    for (size_t field = 0; field < POPULATION_FIELD_COUNT; field++) {
        size_t distance = parameter_distance(reader->cell, fields[field].name);
        if (distance < best) {
            best = distance;
            nearest = fields[field].name;
        }
    }
    if (reader->cell[0] == '\0') {
        return fail_cell(reader, "header", "must not be empty");
    }
    if (strchr(reader->cell, ';') != NULL) {
        return fail_cell(reader, "header", "fields must be separated by commas");
    }
    if (nearest == NULL) {
        return fail_cell(reader, "header", "unknown field");
    }
    return error_set(ERROR_INPUT, "%s:%zu:%zu: header = %.80s: unknown field; did you mean '%s'?",
                     reader->path, reader->line, reader->column, reader->cell, nearest);
}

static int read_header(struct csv_reader *reader)
{
    int status = 0;
    while (!reader->at_line_end) {
        TRY(read_cell(reader));
        int field = COLUMN_ID;
        if (strcmp(reader->cell, "id") != 0) {
            field = 0;
            while (field < POPULATION_FIELD_COUNT &&
                   strcmp(fields[field].name, reader->cell) != 0) {
                field++;
            }
        }
        if (field == POPULATION_FIELD_COUNT) {
            return fail_header(reader);
        }
        for (size_t column = 0; column < reader->column_count; column++) {
            if (reader->columns[column] == field) {
                return error_set(ERROR_INPUT,
                                 "%s:%zu:%zu: header = %s: the field is given twice (before in "
                                 "column %zu)",
                                 reader->path, reader->line, reader->column, reader->cell,
                                 column + 1);
            }
        }
        reader->columns[reader->column_count++] = field;
    }
out:
    return status;
}

/* ---- rows ---- */

static bool read_number(const char *text, double *value)
{
    char *end = NULL;
    if (text[strspn(text, "0123456789+-.eE")] != '\0') {
        return false;
    }
    *value = strtod(text, &end);
    return end != text && *end == '\0';
}

static int read_value(const struct csv_reader *reader, const struct population_field_row *field,
                      double *value)
{
    char rule[160], low[40], high[40];
    if (field->kind == POPULATION_ETHNICITY) {
        for (int word = 0; word < ETHNICITY_WORD_COUNT; word++) {
            if (strcmp(reader->cell, ethnicities[word]) == 0) {
                *value = word;
                return 0;
            }
        }
    }
    bool is_number = read_number(reader->cell, value);
    bool is_whole = is_number && floor(*value) == *value;
    bool is_inside = is_number && *value >= field->low && *value <= field->high;
    if (field->kind == POPULATION_ETHNICITY && !(is_whole && is_inside)) {
        return fail_cell(reader, field->name,
                         "must be one of white_british, white_other, asian, black, mixed, other "
                         "(or 0 to 5)");
    }
    if (!is_number) {
        return fail_cell(reader, field->name, "must be a number, or empty to be drawn");
    }
    if (field->kind != POPULATION_REAL && !is_whole) {
        return fail_cell(reader, field->name, "must be a whole number");
    }
    if (!is_inside) {
        (void)parameter_format_number(field->low, low, sizeof low);
        (void)parameter_format_number(field->high, high, sizeof high);
        (void)snprintf(rule, sizeof rule, "must be within [%s, %s], in %s", low, high, field->unit);
        return fail_cell(reader, field->name, rule);
    }
    if (field == &fields[POPULATION_FIELD_site] && *value > (double)reader->site_count) {
        (void)snprintf(rule, sizeof rule, "must be at most %zu, the number of sites",
                       reader->site_count);
        return fail_cell(reader, field->name, rule);
    }
    return 0;
}

static int grow(const struct csv_reader *reader, struct population_file *population, size_t rows)
{
    double *values = realloc(population->values, rows * POPULATION_FIELD_COUNT * sizeof *values);
    if (values == NULL) {
        goto no_memory;
    }
    population->values = values;
    void *ids = realloc(population->ids, rows * sizeof *population->ids);
    if (ids == NULL) {
        goto no_memory;
    }
    population->ids = ids;
    size_t *lines = realloc(population->lines, rows * sizeof *lines);
    if (lines == NULL) {
        goto no_memory;
    }
    population->lines = lines;
    return 0;
no_memory:
    return error_set(ERROR_MEMORY, "%s: no memory for %zu patients", reader->path, rows);
}

/** Makes room for one more patient, all of whose fields are to be drawn. */
static int add_row(struct csv_reader *reader, struct population_file *population)
{
    size_t row = population->rows;
    if (row == reader->capacity) {
        const size_t capacity = 2 * reader->capacity + 64;
        const int status = grow(reader, population, capacity);
        if (status != 0) {
            return status;
        }
        reader->capacity = capacity;
    }
    for (size_t field = 0; field < POPULATION_FIELD_COUNT; field++) {
        population->values[row * POPULATION_FIELD_COUNT + field] = NAN;
    }
    memset(population->ids[row], 0, sizeof population->ids[row]);
    population->lines[row] = reader->line;
    population->rows++;
    return 0;
}

static int read_row(struct csv_reader *reader, struct population_file *population)
{
    int status = 0;
    TRY(add_row(reader, population));
    size_t row = population->rows - 1;
    while (!reader->at_line_end) {
        TRY(read_cell(reader));
        if (reader->column > reader->column_count) {
            break;
        }
        int field = reader->columns[reader->column - 1];
        if (field == COLUMN_ID) {
            if (strlen(reader->cell) >= POPULATION_ID_SIZE) {
                return fail_cell(reader, "id", "must be at most 31 bytes long");
            }
            (void)snprintf(population->ids[row], POPULATION_ID_SIZE, "%.31s", reader->cell);
        } else if (reader->cell[0] != '\0') {
            size_t place = row * POPULATION_FIELD_COUNT + (size_t)field;
            TRY(read_value(reader, &fields[field], &population->values[place]));
        }
    }
    if (reader->column != reader->column_count || !reader->at_line_end) {
        FAIL(ERROR_INPUT, "%s:%zu:%zu: the row has %s cells than the header, which has %zu",
             reader->path, reader->line, reader->column,
             reader->column > reader->column_count ? "more" : "fewer", reader->column_count);
    }
out:
    return status;
}

struct id_place {
    const char *id;
    size_t line;
};

static int compare_ids(const void *a, const void *b)
{
    const struct id_place *first = a, *second = b;
    int order = strcmp(first->id, second->id);
    return order != 0 ? order : (first->line > second->line) - (first->line < second->line);
}

/** Refuses an id that two patients have. */
static int check_ids(const struct csv_reader *reader, const struct population_file *population)
{
    int status = 0;
    size_t column = 1;
    struct id_place *places = calloc(population->rows, sizeof *places);
    if (places == NULL) {
        FAIL(ERROR_MEMORY, "%s: no memory to check its ids", reader->path);
    }
    for (size_t row = 0; row < population->rows; row++) {
        places[row].id = population->ids[row];
        places[row].line = population->lines[row];
    }
    while (column < reader->column_count && reader->columns[column - 1] != COLUMN_ID) {
        column++;
    }
    qsort(places, population->rows, sizeof *places, compare_ids);
    for (size_t row = 1; row < population->rows; row++) {
        if (places[row].id[0] != '\0' && strcmp(places[row].id, places[row - 1].id) == 0) {
            FAIL(ERROR_INPUT, "%s:%zu:%zu: id = %s: must differ from the id in line %zu",
                 reader->path, places[row].line, column, places[row].id, places[row - 1].line);
        }
    }
out:
    free(places);
    return status;
}

int population_file_read(struct population_file *population, const char *path, size_t site_count)
{
    int status = 0;
    char *text = NULL;
    size_t length = 0;
    struct csv_reader reader;
    memset(&reader, 0, sizeof reader);
    memset(population, 0, sizeof *population);
    TRY(file_text_read(path, &text, &length));
    reader.path = path;
    reader.site_count = site_count;
    reader.next = strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;
    if (!find_line(&reader, true)) {
        FAIL(ERROR_INPUT, "%s: is empty: it must start with a header of field names", path);
    }
    TRY(read_header(&reader));
    while (find_line(&reader, false)) {
        TRY(read_row(&reader, population));
    }
    if (population->rows == 0) {
        FAIL(ERROR_INPUT, "%s: holds no patient below its header", path);
    }
    TRY(check_ids(&reader, population));
out:
    free(text);
    if (status != 0) {
        population_file_free(population);
    }
    return status;
}

void population_file_free(struct population_file *population)
{
    free(population->values);
    free(population->ids);
    free(population->lines);
    memset(population, 0, sizeof *population);
}
