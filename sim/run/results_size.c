/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How large a results file will be
 *
 * A few pieces are run and recorded, into a file in memory that is then measured dataset by
 * dataset. What a dataset holds grows with patients, sites or replicates, as its dimensions say;
 * all that does not grow is measured in a second file, of the whole run, without a piece in it.
 */
#include "run/results_size.h"

#include "base/error.h"
#include "run/ensemble.h"
#include "run/results_writer.h"
#include "storage/hdf5_file.h"

#include <stdlib.h>

/* Work of a sample: weeks of patients, and of a tenth of the adults on lists. */
enum { SAMPLE_WORK = 6000000, MOST_SITES = 64, MOST_REPLICATES = 8 };

#define MOST_STRETCH 10.0 /* times the replicates of the sample, beyond which the figure is rough */
#define INDEX_BYTES 50.0  /* of a chunk, in HDF5's B-tree */

struct sampler {
    struct results results;
    struct results_writer *writer;
    const struct configuration *sample;
};

static double work_of_piece(const struct configuration *c, double patients)
{
    const struct parameters *k = &c->parameters;
    const bool registered = k->run.mode == RUN_MODE_REGISTERED;
    const double people = patients + (registered ? 0.1 * configuration_adults(c) : 0.0);
    return people * k->run.weeks * (k->run.counterfactual != 0 ? 2.0 : 1.0);
}

/* Some sites, evenly spaced, and some replicates of them. A file of patients may name sites, which
 * are then all tried; interventions, which may name them too, hardly change how much is written. */
static int choose_sample(const struct configuration *c, double patients,
                         struct configuration *sample, struct site_attributes **sites)
{
    const double pieces = SAMPLE_WORK / (work_of_piece(c, patients) + 1.0);
    const size_t most = pieces < 1.0 ? 1 : (size_t)pieces;
    size_t count = c->site_count < MOST_SITES ? c->site_count : MOST_SITES;
    count = c->has_population ? c->site_count : count < most ? count : most;
    size_t replicates = count > 0 && most > count ? most / count : 1;
    if (replicates > MOST_REPLICATES) {
        replicates = MOST_REPLICATES;
    }
    if (replicates > (size_t)c->parameters.run.replicates) {
        replicates = (size_t)c->parameters.run.replicates;
    }
    *sites = calloc(count + 1, sizeof **sites);
    if (*sites == NULL) {
        return error_set(ERROR_MEMORY, "no memory for a sample of sites");
    }
    for (size_t n = 0; n < count; n++) {
        (*sites)[n] = c->sites[(2 * n + 1) * c->site_count / (2 * count)];
    }
    sample->sites = *sites;
    sample->site_count = count;
    sample->parameters.run.replicates = (int)replicates;
    sample->intervention_count = 0;
    return 0;
}

static int take_piece(void *context, const struct piece *piece)
{
    struct sampler *sampler = context;
    const bool replicate_done = results_add(&sampler->results, piece, sampler->sample);
    return results_writer_add(sampler->writer, piece, replicate_done);
}

static bool help(void *context)
{
    return results_writer_help(((const struct sampler *)context)->writer);
}

static int open_in_memory(struct sampler *sampler, const struct configuration *configuration,
                          int threads, double *empty)
{
    static const char *const names[] = {"run"};
    int status = 0;
    TRY(results_init(&sampler->results, configuration, 1));
    TRY(results_writer_open(&sampler->writer, NULL, true, configuration, 1, &sampler->results,
                            &(struct run_description){.command = "buyin check",
                                                      .threads = threads,
                                                      .scenario_names = names}));
    TRY(results_file_size(results_writer_file(sampler->writer), empty));
out:
    return status;
}

static void close_in_memory(struct sampler *sampler)
{
    results_writer_discard(&sampler->writer);
    results_free(&sampler->results);
}

/* Runs the sample and measures what it left in its file. */
static int run_sample(const struct configuration *sample, int threads, struct results_sizes *sizes,
                      double *structure)
{
    int status = 0;
    double empty = 0.0;
    struct sampler sampler = {.sample = sample};
    const bool has_people = sample->parameters.run.record != RECORD_SUMMARY;
    struct ensemble ensemble = {.scenarios = sample,
                                .scenario_count = 1,
                                .threads = threads,
                                .help = help,
                                .detail = has_people ? PIECE_WHOLE : PIECE_RECORD};
    TRY(open_in_memory(&sampler, sample, threads, &empty));
    TRY(ensemble_run(&ensemble, take_piece, &sampler));
    TRY(results_writer_measure(sampler.writer, sizes));
    *structure = sizes->other - empty;
out:
    close_in_memory(&sampler);
    return status;
}

static int measure_empty(const struct configuration *configuration, double *empty)
{
    struct sampler whole = {0};
    const int status = open_in_memory(&whole, configuration, 1, empty);
    close_in_memory(&whole);
    return status;
}

/* A site that would take long alone is tried with fewer people. */
static double scale_people(struct configuration *sample, double patients)
{
    struct parameters *k = &sample->parameters;
    const double scale = SAMPLE_WORK / work_of_piece(sample, patients);
    if (scale >= 1.0 || sample->has_population) {
        return 1.0;
    }
    if (k->run.mode == RUN_MODE_COHORT) {
        k->population.offers_per_week *= scale;
        return scale;
    }
    const double adults = k->registered.list_size_per_practice;
    k->registered.list_size_per_practice = (int)(scale * adults) + 1;
    return k->registered.list_size_per_practice / adults;
}

int results_size_predict(const struct configuration *configuration, double patients, int threads,
                         struct results_prediction *prediction)
{
    int status = 0;
    struct configuration sample = *configuration;
    struct site_attributes *sites = NULL;
    struct results_sizes sizes = {0};
    double structure = 0.0, empty = 0.0;
    TRY(choose_sample(configuration, patients, &sample, &sites));
    const double scale = scale_people(&sample, patients);
    TRY(run_sample(&sample, threads, &sizes, &structure));
    TRY(measure_empty(configuration, &empty));
    const double replicates =
        (double)configuration->parameters.run.replicates / (double)sample.parameters.run.replicates;
    const double pieces =
        replicates * (double)configuration->site_count / (double)sample.site_count;
    /* Every further chunk takes a place in the dataset's index, whose first leaf is there. */
    const double index = INDEX_BYTES * ((pieces / scale - 1.0) * sizes.row_chunks +
                                        (pieces - 1.0) * sizes.site_chunks);
    prediction->bytes = empty + structure + sizes.fixed + index + pieces / scale * sizes.by_row +
                        pieces * sizes.by_site + replicates * sizes.by_replicate;
    prediction->is_rough = scale < 1.0 || replicates > MOST_STRETCH;
out:
    free(sites);
    return status;
}
