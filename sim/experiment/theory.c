/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/theory.h"

#include "parameters/table.h"

#include <stdio.h>
#include <strings.h>

const struct theory_configuration theory[THEORY_COUNT] = {
#define CONFIGURATION(id, context, mechanism, outcome, file, equation, variable, variable_sign,    \
                      measure, measure_sign)                                                       \
    {#id,      context,  mechanism,     outcome, file,                                             \
     equation, variable, variable_sign, measure, measure_sign},
#include "experiment/theory.def"
};

int theory_find(const char *id)
{
    for (int row = 0; row < THEORY_COUNT; row++) {
        if (strcasecmp(theory[row].id, id) == 0) {
            return row;
        }
    }
    return -1;
}

static const struct parameter_row *strength_of(int row)
{
    char name[32];
    (void)snprintf(name, sizeof name, "mechanisms.%s", theory[row].id);
    return parameter_find(name);
}

double theory_strength(const struct parameters *parameters, int row)
{
    return parameter_value(parameters, strength_of(row));
}

int theory_set_strength(struct parameters *parameters, int row, double strength)
{
    return parameter_set_value(parameters, strength_of(row), strength);
}
