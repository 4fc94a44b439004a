/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whole runs of the engine: everything that `buyin run` does but the results file
 *
 * A patient-week is a patient after the first offer stepped by a week, those of the run without
 * link workers counted too (from the first opening contact on: before it no step is needed); the
 * starting population, sessions, recording, tallies and outcomes are
 * in the time. An adult-week is a person on a list in a week, stepped or not, counted once.
 */
#include "bench/engine.h"

#include "base/error.h"
#include "run/ensemble.h"
#include "run/results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct engine_run *runs;

static struct engine_run *keep(struct configuration *scenarios, size_t count)
{
    struct engine_run *run = calloc(1, sizeof *run);
    if (run == NULL) {
        (void)error_set(ERROR_MEMORY, "no memory for a run");
        return NULL;
    }
    const struct parameters *k = &scenarios->parameters;
    double people = 0.0;
    for (size_t s = 0; s < scenarios->site_count; s++) {
        people += k->run.mode == RUN_MODE_COHORT
                      ? k->population.offers_per_week * k->population.arrival_weeks
                      : (double)scenarios->sites[s].practices *
                            (double)k->registered.list_size_per_practice;
    }
    *run = (struct engine_run){.scenarios = scenarios, .scenario_count = count, .next = runs};
    run->pieces = (double)count * k->run.replicates * (double)scenarios->site_count;
    run->adult_weeks = (double)count * k->run.replicates * people * k->run.weeks;
    runs = run;
    return run;
}

struct engine_run *engine_run_read(const char *name, size_t most_sites, const char *const *settings,
                                   size_t count)
{
    char path[1024];
    struct configuration *configuration = malloc(sizeof *configuration);
    (void)snprintf(path, sizeof path, "%s/configs/%s", BUYIN_SOURCE_DIR, name);
    if (configuration == NULL || configuration_read(configuration, path, settings, count) != 0) {
        free(configuration);
        return NULL;
    }
    if (most_sites > 0 && configuration->site_count > most_sites) {
        configuration->site_count = most_sites;
    }
    return keep(configuration, 1);
}

struct engine_run *engine_run_copies(const struct engine_run *run, int copies)
{
    struct configuration *scenarios = calloc((size_t)copies, sizeof *scenarios);
    for (int i = 0; scenarios != NULL && i < copies; i++) {
        if (configuration_copy(&scenarios[i], run->scenarios) != 0) {
            return NULL;
        }
        scenarios[i].parameters.run.seed = i + 1;
    }
    return scenarios != NULL ? keep(scenarios, (size_t)copies) : NULL;
}

struct reduction {
    struct results results;
    const struct configuration *scenarios;
};

static int take(void *context, const struct piece *piece)
{
    struct reduction *reduction = context;
    (void)results_add(&reduction->results, piece, &reduction->scenarios[piece->scenario]);
    return 0;
}

int engine_case(struct bench *bench, struct bench_case *self)
{
    (void)bench;
    int status = 0;
    const struct engine_run *run = engine_run_of(self);
    struct reduction reduction = {.scenarios = run->scenarios};
    struct ensemble ensemble = {.scenarios = run->scenarios,
                                .scenario_count = run->scenario_count,
                                .threads = self->threads};
    TRY(results_init(&reduction.results, run->scenarios, run->scenario_count));
    TRY(ensemble_run(&ensemble, take, &reduction));
    self->work = (double)reduction.results.stepped_patient_weeks;
    self->more_work = run->pieces;
out:
    results_free(&reduction.results);
    return status;
}

const struct engine_run *engine_run_of(const struct bench_case *c)
{
    struct engine_run *run;
    memcpy(&run, c->context, sizeof run);
    return run;
}

int engine_add(struct bench *bench, const char *name, struct engine_run *run, int threads)
{
    struct engine_run **context = malloc(sizeof(struct engine_run *));
    if (run == NULL || context == NULL) {
        free(context);
        return run == NULL ? ERROR_INPUT : error_set(ERROR_MEMORY, "no memory for a case");
    }
    *context = run;
    bench_add(bench, engine_case, context, "%s", name)->threads = threads;
    return 0;
}

int engine_add_study(struct bench *bench)
{
    const char *settings[] = {bench->quick ? "run.replicates=2" : "run.replicates=8"};
    return bench_find(bench, "run.study") != NULL
               ? 0
               : engine_add(bench, "run.study", engine_run_read("study.yaml", 0, settings, 1), 1);
}

int engine_add_pcn(struct bench *bench)
{
    const char *settings[] = {bench->quick ? "run.replicates=1" : "run.replicates=4"};
    return bench_find(bench, "run.pcn") != NULL
               ? 0
               : engine_add(bench, "run.pcn", engine_run_read("pcn.yaml", 0, settings, 1), 1);
}

int engine_add_england(struct bench *bench)
{
    const char *settings[] = {"run.weeks=104", "run.counterfactual=no"};
    return bench_find(bench, "run.england") != NULL
               ? 0
               : engine_add(bench, "run.england",
                            engine_run_read("england.yaml", bench->quick ? 2 : 8, settings, 2), 1);
}

void engine_runs_free(void)
{
    while (runs != NULL) {
        struct engine_run *run = runs;
        runs = run->next;
        for (size_t s = 0; s < run->scenario_count; s++) {
            configuration_free(&run->scenarios[s]);
        }
        free(run->scenarios);
        free(run);
    }
}
