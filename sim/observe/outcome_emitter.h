/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_OBSERVE_OUTCOME_EMITTER_H
#define BUYIN_OBSERVE_OUTCOME_EMITTER_H

#include "observe/outcomes.h"

/** Walks through all outcomes of a tally: the first time for names, then for values. */
struct emitter {
    const struct tally *tally;
    const struct parameters *parameters;
    size_t sites;
    struct outcome_list *names; /* NULL: values are wanted */
    double *values;             /* NULL: names are wanted */
    size_t count;
    bool failed;
};

/** One outcome: the value now, and its name as a format with what follows it. */
void emit(struct emitter *emitter, double value, const char *unit, const char *definition,
          const char *name, ...) __attribute__((format(printf, 5, 6)));

/** a / b, NaN if b is 0. */
static inline double share(double a, double b)
{
    return b != 0.0 ? a / b : __builtin_nan("");
}

/** Mean and quantile (linear between order statistics, h = (n - 1) q) of a histogram of whole
 * numbers. */
double histogram_mean(const uint32_t *bins);
double histogram_quantile(const uint32_t *bins, double q);

void emit_enrolment(struct emitter *emitter);
void emit_pathways(struct emitter *emitter);
void emit_course(struct emitter *emitter);
void emit_use(struct emitter *emitter);
void emit_service(struct emitter *emitter);
void emit_value(struct emitter *emitter);

#endif
