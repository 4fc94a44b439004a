/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_COMMANDS_SUMMARY_H
#define BUYIN_COMMANDS_SUMMARY_H

#include "run/results.h"

#include <stdio.h>

/** What a policy modeller wants to see at the end of a run, with 95 % intervals. */
void summary_print(FILE *stream, const struct results *results,
                   const struct configuration *configuration);

/** All outcomes as one JSON object: name -> mean, standard_error, low, high, unit. */
void summary_json(FILE *stream, const struct results *results, size_t scenario);

#endif
