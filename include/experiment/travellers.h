/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_EXPERIMENT_TRAVELLERS_H
#define BUYIN_EXPERIMENT_TRAVELLERS_H

#include "experiment/rerun.h"

#include <stdio.h>

/** Who travels which pathway, and why people did not connect: the study's question for future
 * research. Shares are of those who took up; estimates are over replicates. All fail with
 * ERROR_MEMORY alone.
 */

/** Shares of the pathways by characteristic and by pairs of characteristics. */
int travellers_print_shares(FILE *stream, const struct people *people);

/** Why those who took up did not connect through the link worker, by characteristic. */
int travellers_print_reasons(FILE *stream, const struct people *people);

/** The columns of the tidy table of `buyin pathways`, to which pathway_odds_print_csv adds. */
void travellers_print_csv_head(FILE *stream);

/** Both tables, one line an estimate, pairs of characteristics for both. */
int travellers_print_csv(FILE *stream, const struct people *people);

/** The people as a table, so that any other program can do the regression: one row a person who
 * took up. */
void travellers_print_people(FILE *stream, const struct people *people);

#endif
