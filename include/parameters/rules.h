/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_PARAMETERS_RULES_H
#define BUYIN_PARAMETERS_RULES_H

struct configuration;

/** Checks what no single parameter can tell: the rules of rules.def and the starting patients.
 *  The first rule broken gives the message: `path: key = value: rule`.
 */
int rules_check(const struct configuration *configuration);

#endif
