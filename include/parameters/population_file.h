/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_PARAMETERS_POPULATION_FILE_H
#define BUYIN_PARAMETERS_POPULATION_FILE_H

#include <stddef.h>

/** Starting patients from a CSV file: a header row, then one patient a row.
 *
 *  Any subset of the fields may be given, in any order; an empty cell is drawn by the model.
 *  Lines before the header that start with '#' are comments; blank lines are passed over.
 */

enum population_field {
#define FIELD(name, kind, low, high, unit, meaning) POPULATION_FIELD_##name,
#include "parameters/population_fields.def"
    POPULATION_FIELD_COUNT
};

enum { POPULATION_ID_SIZE = 32 };

struct population_file {
    size_t rows;
    double *values;                  /**< rows x POPULATION_FIELD_COUNT; NaN: to be drawn */
    char (*ids)[POPULATION_ID_SIZE]; /**< rows; "" where none is given */
    size_t *lines;                   /**< rows; the line of the file, from 1 */
};

enum population_field_kind {
    POPULATION_REAL,
    POPULATION_WHOLE,
    POPULATION_ETHNICITY, /**< a word or its number */
};

struct population_field_row {
    const char *name;
    enum population_field_kind kind;
    double low;
    double high;
    const char *unit;
    const char *meaning;
};

/** The description of a field. */
const struct population_field_row *population_field_row(enum population_field field);

/** Reads the file. A site beyond `site_count` is refused. */
int population_file_read(struct population_file *population, const char *path, size_t site_count);

void population_file_free(struct population_file *population);

#endif
