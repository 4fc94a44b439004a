/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_TESTS_BENCH_ENGINE_H
#define BUYIN_TESTS_BENCH_ENGINE_H

#include "bench/measure.h"
#include "parameters/configuration.h"

/** Runs of the engine that several parts of the benchmark take the time of. */
struct engine_run {
    struct configuration *scenarios; /* of scenario_count; freed with engine_runs_free */
    size_t scenario_count;
    double pieces, adult_weeks; /* adult_weeks: people on a list times weeks, counted once */
    struct engine_run *next;
};

/** A run of configs/`name` under the settings, with at most `most_sites` of its sites (0: all);
 *  kept until engine_runs_free.  Fails as configuration_read does, returning NULL.
 */
struct engine_run *engine_run_read(const char *name, size_t most_sites, const char *const *settings,
                                   size_t count);

/** The same configuration as `copies` scenarios that differ in the seed. Fails: NULL. */
struct engine_run *engine_run_copies(const struct engine_run *run, int copies);

/** A case that runs it and reduces it to outcomes, on self->threads threads; work: patient-weeks
 *  stepped, those of the run without link workers included; more_work: pieces.
 */
int engine_case(struct bench *bench, struct bench_case *self);

/** Adds such a case unless there is one of this name; `run` may be NULL after a failure, which is
 *  passed on. */
int engine_add(struct bench *bench, const char *name, struct engine_run *run, int threads);

/** The run of an engine case. */
const struct engine_run *engine_run_of(const struct bench_case *c);

/** The three that several parts use, added once: `run.study`, `run.pcn` and `run.england`, the
 *  last with a few of England's networks over 104 weeks, without a counterfactual. */
int engine_add_study(struct bench *bench);
int engine_add_pcn(struct bench *bench);
int engine_add_england(struct bench *bench);

void engine_runs_free(void);

#endif
