/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_POPULATION_H
#define BUYIN_RUN_POPULATION_H

#include "state/site.h"

/** The starting population, person by person (page in population.c).
 *
 *  `given` is the person's line of the patient file (POPULATION_FIELD_COUNT values, NaN: to be
 *  drawn), or NULL.  Row `i` of `p` is filled; nothing else is touched and nothing can fail.
 */

/** What decides how often a person consults: age, gender, practice, personal rate. */
void population_draw_register(const struct site *site, struct patients *p, size_t i, int attempt,
                              const double *given);

/** Ethnic group, deprivation quintile, needs and barriers. False if there is no need at all
 *  (unless all five needs are given: then the file is taken at its word). */
bool population_draw_needs(const struct site *site, struct patients *p, size_t i, int attempt,
                           const double *given);

/** The same from a stream that the caller has opened at PURPOSE_REGISTER or PURPOSE_NEEDS. */
void population_take_register(const struct site *site, struct patients *p, size_t i,
                              struct random_stream *stream, const double *given);
bool population_take_needs(const struct site *site, struct patients *p, size_t i,
                           struct random_stream *stream, const double *given);

/** Words of PURPOSE_NEEDS that a person takes, in blocks of four. */
enum { NEEDS_BLOCKS = 7 };

/** Both, cohort mode: someone without any need is drawn again, as another person. */
void population_draw_cohort_member(const struct site *site, struct patients *p, size_t i,
                                   const double *given);

/** Baselines, and the state of someone nobody has helped yet. */
void population_draw_state(const struct site *site, struct patients *p, size_t i,
                           const double *given);

/** Traits that matter once a referral is offered, and an empty history. */
void population_draw_traits(const struct site *site, struct patients *p, size_t i,
                            const double *given);

#endif
