/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The engine against the plain model (plain_model.h), both on one thread in the same rounds
 */
#include "bench/engine.h"
#include "bench/plain_model.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

enum { ENGLAND_NETWORKS = 1250 };

/* So many pieces of a configuration, done by the plain model. */
struct plain_case {
    const struct configuration *configuration;
    struct coefficients coefficients;
    size_t sites;
};

static int run_plain(struct bench *bench, struct bench_case *self)
{
    (void)bench;
    int status = 0;
    struct plain_case *plain = self->context;
    struct plain_sums sums = {0};
    for (size_t site = 0; site < plain->sites; site++) {
        TRY(plain_run(plain->configuration, &plain->coefficients, site, self->rounds, &sums));
    }
    self->work = sums.patient_weeks;
    self->more_work = (double)plain->sites;
out:
    return status;
}

/* Adds `name`: one replicate of the first `sites` sites of what the engine's case runs. */
static int add_partner(struct bench *bench, const char *name, const char *engine, size_t sites)
{
    const struct engine_run *run = engine_run_of(bench_find(bench, "%s", engine));
    struct plain_case *plain = malloc(sizeof *plain);
    if (plain == NULL) {
        return error_set(ERROR_MEMORY, "no memory for the plain model");
    }
    plain->configuration = run->scenarios;
    plain->sites = sites < run->scenarios->site_count ? sites : run->scenarios->site_count;
    coefficients_compute(&plain->coefficients, &run->scenarios->parameters);
    (void)bench_add(bench, run_plain, plain, "%s", name);
    return 0;
}

static int add(struct bench *bench)
{
    int status = 0;
    TRY(engine_add_study(bench));
    TRY(engine_add_pcn(bench));
    TRY(engine_add_england(bench));
    TRY(add_partner(bench, "plain.study", "run.study", 7));
    TRY(add_partner(bench, "plain.pcn", "run.pcn", 1));
    TRY(add_partner(bench, "plain.england", "run.england", 1));
out:
    return status;
}

/* Seconds a piece of the plain model over those of the engine. */
static struct figure *compare(struct bench *bench, const char *name, const char *plain,
                              const char *engine, const char *meaning)
{
    const struct bench_case *a = bench_find(bench, "%s", plain);
    const struct bench_case *b = bench_find(bench, "%s", engine);
    return figure_ratio(bench, name, b->more_work / a->more_work, a, b, meaning);
}

static void report(struct bench *bench)
{
    const struct bench_case *study = bench_find(bench, "plain.study");
    const struct bench_case *england = bench_find(bench, "plain.england");
    (void)figure_time(bench, "plain.study_time", "ns", 1e9, study, study->work,
                      "a patient-week of the study in the plain model, one thread");
    (void)figure_time(
        bench, "plain.england_time", "ns", 1e9, england,
        engine_run_of(bench_find(bench, "run.england"))->adult_weeks /
            (double)engine_run_of(bench_find(bench, "run.england"))->scenarios->site_count,
        "an adult-week of a network of England in the plain model, one thread");
    (void)compare(bench, "plain.study_ratio", "plain.study", "run.study",
                  "times as long as the engine takes for a piece of the study, which also records");
    (void)compare(bench, "plain.pcn_ratio", "plain.pcn", "run.pcn",
                  "the same for a network of configs/pcn.yaml with its counterfactual");
    (void)compare(bench, "plain.england_ratio", "plain.england", "run.england",
                  "the same for a network of England over 104 weeks; all of England alike, if "
                  "every one of its networks costs the same");
    (void)figure_time(bench, "plain.england_hours", "h", ENGLAND_NETWORKS / 3600.0, england, 1.0,
                      "what England would take in the plain model on one thread: 1,250 times one "
                      "network, not run");
    (void)figure_time(bench, "plain.england_engine", "s", ENGLAND_NETWORKS,
                      bench_find(bench, "run.england"), bench_find(bench, "run.england")->more_work,
                      "what it would take in the engine on one thread, likewise, without a file");
}

const struct bench_part part_plain = {
    "plain", "the model as it would first be written in C: structs, double, GSL, libm", add,
    report};
