/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_PARAMETERS_LISTING_H
#define BUYIN_PARAMETERS_LISTING_H

#include "parameters/configuration.h"

#include <stdio.h>

/** Parameters and configurations for people and for other programs. */

enum listing_format {
    LISTING_TABLE,
    LISTING_YAML, /**< can be read back */
    LISTING_JSON,
    LISTING_MARKDOWN,
};

/** Prints parameters: value, unit, default, range, source, configuration, meaning.
 *
 *  words  ends with NULL, or is NULL: only parameters in which every word occurs, capital letters or not, be
 *         it in the name, unit, symbol, configuration of the theory or meaning
 *
 *  Fails: ERROR_INPUT (no parameter has these words), ERROR_FILE.
 */
int parameters_print(FILE *stream, enum listing_format format, const struct parameters *parameters,
                     const char *const *words);

/** Prints every field of a population file. */
int population_fields_print(FILE *stream, enum listing_format format);

/** Writes a text in double quotes, as both YAML and JSON read it. */
void listing_print_quoted(FILE *stream, const char *text);

/** Writes the resolved configuration with all its sites as YAML that can be read back. */
int configuration_write_yaml(FILE *stream, const struct configuration *configuration);

/** The same as a text, which the caller frees. */
int configuration_text(const struct configuration *configuration, char **text);

/** Prints the changes with a date, as YAML; nothing if there are none. */
void configuration_print_interventions(FILE *stream, const struct configuration *configuration);

/** Prints what differs from `a` to `b`, one line each. Returns how many lines, or a negative code.
 */
int configuration_difference(FILE *stream, const struct configuration *a,
                             const struct configuration *b);

#endif
