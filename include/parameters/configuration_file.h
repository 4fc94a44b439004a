/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_PARAMETERS_CONFIGURATION_FILE_H
#define BUYIN_PARAMETERS_CONFIGURATION_FILE_H

struct configuration;

/** Applies a YAML file, and first the files it inherits, to a configuration.
 *
 *  Besides parameters a file may hold `inherits` (one file or a list), `title`, `description`,
 *  `sites` (a list that replaces site1 to site7), `interventions`, `uncertain` and `sweep`.
 */
int configuration_apply_file(struct configuration *configuration, const char *path);

#endif
