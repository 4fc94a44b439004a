/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_PARAMETERS_TABLE_H
#define BUYIN_PARAMETERS_TABLE_H

#include "parameters/parameters.h"

#include <stdbool.h>
#include <stddef.h>

/** The parameters as a table: reading, checking and printing are loops over its rows. */

enum parameter_kind {
    PARAMETER_REAL,
    PARAMETER_INT,
    PARAMETER_FLAG,
    PARAMETER_CHOICE,
    PARAMETER_TEXT,
};

/** A word of a choice and its number. */
struct parameter_word {
    const char *word;
    int number;
};

struct parameter_row {
    const char *name;    /**< dotted: "gp.base_rate" */
    const char *section; /**< "gp" */
    const char *unit;    /**< "" for flags, choices and texts */
    const char *source;  /**< a key of sources.def */
    const char *symbol;
    const char *configuration;
    const char *meaning;
    enum parameter_kind kind;
    double default_value; /**< 0 for a text */
    double low;
    double high;
    size_t offset;                      /**< in struct parameters */
    const struct parameter_word *words; /**< of a choice; NULL otherwise */
    size_t word_count;                  /**< 0 unless a choice */
    const char *default_text;           /**< of a text; NULL otherwise */
};

/** A section of the table, in the order of the rows. */
struct parameter_section {
    const char *name;
    const char *title;
};

size_t parameter_count(void);

/** The row at `index`, which is less than parameter_count(). */
const struct parameter_row *parameter_row(size_t index);

/** The row with this dotted name or alias; NULL if there is none. */
const struct parameter_row *parameter_find(const char *name);

/** Where the row stands in the table. */
size_t parameter_index(const struct parameter_row *row);

/** The dotted name nearest to `name`; NULL if none is near. */
const char *parameter_nearest(const char *name);

size_t parameter_section_count(void);
const struct parameter_section *parameter_section(size_t index);

/** The full text of a source; NULL for an unknown key. */
const char *parameter_source_text(const char *key);

size_t parameter_source_count(void);
const char *parameter_source_key(size_t index);

void parameters_default(struct parameters *parameters);

/** The value as a number; NaN for a text. */
double parameter_value(const struct parameters *parameters, const struct parameter_row *row);

/** Sets a number after checking that it is whole where it must be and within its range.
 *  Fails with ERROR_INPUT: `name = value: rule`.
 */
int parameter_set_value(struct parameters *parameters, const struct parameter_row *row,
                        double value);

/** Sets what `text` says. `where` opens the message: `where: name = text: rule`. */
int parameter_set_text(struct parameters *parameters, const char *name, const char *text,
                       const char *where);

/** The same for a row; the message calls it `name`. */
int parameter_read_text(struct parameters *parameters, const struct parameter_row *row,
                        const char *name, const char *text, const char *where);

/** Writes the value as the shortest text that reads back the same: a number, the word of a
 *  choice, or the text itself. Returns the length as snprintf does.
 */
int parameter_format(const struct parameters *parameters, const struct parameter_row *row,
                     char *buffer, size_t size);

/** Writes a number as the shortest text that reads back the same. */
int parameter_format_number(double value, char *buffer, size_t size);

/** The number of edits (insert, delete, replace, swap) that turn one name into another. */
size_t parameter_distance(const char *a, const char *b);

#endif
