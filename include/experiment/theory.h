/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_THEORY_H
#define BUYIN_EXPERIMENT_THEORY_H

#include "parameters/configuration.h"

/** The programme theory as a table: theory.def says what the columns are. */
enum theory_row {
#define CONFIGURATION(id, ...) THEORY_##id,
#include "experiment/theory.def"
    THEORY_COUNT
};

struct theory_configuration {
    const char *id;
    const char *context, *mechanism, *outcome;
    const char *file, *equation;
    const char *variable; /* measure of the mechanism */
    int variable_sign;    /* +1: higher when the configuration is on */
    const char *measure;  /* measure of the outcome */
    int measure_sign;
};

extern const struct theory_configuration theory[THEORY_COUNT];

/** The row of this id, any case; -1 if there is none. */
int theory_find(const char *id);

/** The strength of a row. */
double theory_strength(const struct parameters *parameters, int row);

/** Sets the strength of a row. Fails: ERROR_INPUT (out of range). */
int theory_set_strength(struct parameters *parameters, int row, double strength);

#endif
