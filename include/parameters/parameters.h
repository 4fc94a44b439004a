/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_PARAMETERS_PARAMETERS_H
#define BUYIN_PARAMETERS_PARAMETERS_H

/** The parameters as a struct: parameters.gp.base_rate.
 *
 *  REAL is a double; INT, FLAG and CHOICE are an int; TEXT is a string.
 */

enum { PARAMETER_TEXT_SIZE = 512 };

#define CHOICES(identifier, low, high) enum identifier {
#define WORD(identifier, name, number, word) name = (number),
#define END_CHOICES(identifier)                                                                    \
    }                                                                                              \
    ;
#include "parameters/choices.def"

struct parameters {
#define SECTION(section, title) struct {
#define REAL(section, name, unit, standard, low, high, source, symbol, configuration, meaning)     \
    double name;
#define INT(section, name, unit, standard, low, high, source, symbol, configuration, meaning)      \
    int name;
#define FLAG(section, name, standard, source, symbol, configuration, meaning) int name;
#define CHOICE(section, name, standard, choices, source, symbol, configuration, meaning) int name;
#define TEXT(section, name, standard, source, symbol, configuration, meaning)                      \
    char name[PARAMETER_TEXT_SIZE];
#define END_SECTION(section)                                                                       \
    }                                                                                              \
    section;
#include "parameters/parameters.def"
};

#endif
