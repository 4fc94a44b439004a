/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_PARAMETERS_YAML_FILE_H
#define BUYIN_PARAMETERS_YAML_FILE_H

#include <stddef.h>

/** A YAML file as a flat list of entries, each with its place.
 *
 *  `gp: {base_rate: 5}` gives the entries `gp` (a map) and `gp.base_rate`; `sites: [{name: a}]`
 *  gives `sites` (a list), `sites[1]` (a map) and `sites[1].name`.
 */

enum yaml_entry_kind { YAML_ENTRY_SCALAR, YAML_ENTRY_LIST, YAML_ENTRY_MAP };

struct yaml_entry {
    char *key;
    char *value; /**< "" unless a scalar */
    enum yaml_entry_kind kind;
    size_t items;                    /**< of a list or a map */
    size_t key_line, key_column;     /**< counted from 1 */
    size_t value_line, value_column; /**< counted from 1 */
};

struct yaml_file {
    char *path;
    char *text;
    struct yaml_entry *entries;
    size_t count;
};

/** Reads the file. Every bad input gives one line: `path:line:column: rule`. */
int yaml_file_read(struct yaml_file *file, const char *path);

void yaml_file_free(struct yaml_file *file);

#endif
