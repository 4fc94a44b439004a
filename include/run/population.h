/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_RUN_POPULATION_H
#define BUYIN_RUN_POPULATION_H

#include "state/site.h"

/** The starting population (page in population.c).
 *
 *  People are drawn together, in vectors; what one becomes depends on nobody else.  `given` are
 *  their lines of the patient file (POPULATION_FIELD_COUNT values, NaN: to be drawn), NULL for who
 *  has none; instead of all of them there may be NULL.  Nothing can fail.
 */

/** Up to RANDOM_LANES people before they have a row, one lane each. */
struct newcomers {
    int32_t person[RANDOM_LANES];
    int32_t attempt[RANDOM_LANES]; /* how often drawn again */
    const double *given[RANDOM_LANES];

    float age[RANDOM_LANES], personal_rate[RANDOM_LANES];
    float consultation_rate[RANDOM_LANES], health_decline[RANDOM_LANES];
    int32_t female[RANDOM_LANES], practice[RANDOM_LANES];
    int32_t ethnicity[RANDOM_LANES], quintile[RANDOM_LANES];
    float adversity[RANDOM_LANES]; /* what ties needs and barriers together */
    float need[NEED_COUNT][RANDOM_LANES], barrier[BARRIER_COUNT][RANDOM_LANES];
};

/** Age, gender, practice, consultation rate, ethnic group, quintile and needs of everyone in
 *  `newcomers`, from person, attempt and given; lanes not in use are drawn, too. */
void population_draw(const struct site *site, struct newcomers *newcomers);

/** Keeps the people of some lanes, ascending, who move to lanes [0, count). */
void population_keep(struct newcomers *newcomers, const int *lanes, int count);

/** Barriers of people already drawn, lanes [0, count). */
void population_draw_barriers(const struct site *site, struct newcomers *newcomers, int count);

/** Gives the person of a lane row `i` of `p`. */
void population_settle(struct patients *p, size_t i, const struct newcomers *newcomers, int lane);

/** One person, p->person[i]; false if there is no need at all. */
bool population_draw_one(const struct site *site, struct patients *p, size_t i, int attempt,
                         const double *given);

/** Rows [0, count), p->person being set, cohort mode: someone without any need is drawn again, as
 *  another person. */
void population_draw_cohort(const struct site *site, struct patients *p, size_t count,
                            const double *const *given);

/** Baselines of rows [first, first + count), and the state of people nobody has helped yet. */
void population_draw_states(const struct site *site, struct patients *p, size_t first, size_t count,
                            const double *const *given);

/** Traits that matter once a referral is offered, and an empty history. */
void population_draw_traits(const struct site *site, struct patients *p, size_t first, size_t count,
                            const double *const *given);

#endif
