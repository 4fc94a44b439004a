/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/words.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "experiment/sweep.h"
#include "observe/tally.h"
#include "parameters/listing.h"
#include "run/ensemble.h"
#include "run/results_size.h"

#include <math.h>
#include <stdio.h>

static const struct option_set option_set = {
    "Usage: buyin check CONFIG [SCENARIO...] [--set KEY=VALUE] [--threads N]\n\n"
    "Reads CONFIG, applies every rule, and says what a run would do and need, from a small "
    "sample.\n"
    "Exit status 2 and one line that names the place if something is wrong.\n\n"
    "  -s, --set KEY=VALUE  override a parameter; may be repeated\n"
    "      --threads N      threads the run would use (default: all)\n"
    "      --help           print this\n",
    "stm"};

/* Bytes of one patient: her columns, snapshots and tries; what is kept for the paired run and comes of
 * it, with snapshots. */
static double bytes_per_patient(const struct parameters *k)
{
    const double snapshots = LAG_COUNT * MEASURE_COUNT * sizeof(float);
    const double paired = (double)sizeof(struct parting) + 6.0 * sizeof(float) + snapshots;
    size_t bytes = 0;
#define FIELD(type, name, unit, meaning) bytes += sizeof(type);
#define FIELDS(type, name, length, unit, meaning) bytes += (length) * sizeof(type);
#include "state/patient_fields.def"
    return (double)bytes + snapshots + 64.0 + (k->run.counterfactual != 0 ? paired : 0.0);
}

/* Patients per site who will be offered a referral; in registered mode 2.7 % of the list a year. */
static double patients_per_site(const struct configuration *c)
{
    const struct parameters *k = &c->parameters;
    if (c->has_population) {
        return (double)c->population.rows;
    }
    if (k->run.mode == RUN_MODE_COHORT) {
        return k->population.offers_per_week * k->population.arrival_weeks;
    }
    return 0.027 * configuration_adults(c) * k->run.weeks / 52.0;
}

static void report(const struct configuration *c, int threads, double patients,
                   const struct results_prediction *results)
{
    const struct parameters *k = &c->parameters;
    const double pieces = (double)k->run.replicates * (double)c->site_count;
    const double trajectories =
        k->run.record == RECORD_TRAJECTORIES
            ? patients * k->run.weeks *
                  (double)((TRAJECTORY_COUNT - trajectory_first(k)) * sizeof(float))
            : 0.0;
    const double piece = patients * bytes_per_patient(k) + (double)sizeof(struct tally) + 1e6 +
                         2.0 * trajectories; /* gathered by week, and turned round */
    const double queue = k->run.record != RECORD_SUMMARY ? 8e6 : 0.0; /* chunks to be written */
    (void)printf("%s: good\n", c->path[0] ? c->path : "defaults");
    (void)printf("  %zu site%s, %d week%s, %d replicate%s: %.0f piece%s of work\n", c->site_count,
                 plural(c->site_count), k->run.weeks, plural((size_t)k->run.weeks),
                 k->run.replicates, plural((size_t)k->run.replicates), pieces,
                 plural((size_t)pieces));
    (void)printf("  about %.0f people offered a referral a site and replicate\n", patients);
    (void)printf("  about %.0f MB of memory on %d thread%s\n",
                 30.0 + 1e-6 * (queue + fmin(2.0 * threads, pieces) * piece), threads,
                 plural((size_t)threads));
    (void)printf("  %s %.*f MB of results at this level of recording\n",
                 results->is_rough ? "roughly" : "about", results->bytes < 10e6 ? 2 : 1,
                 1e-6 * results->bytes);
}

/* The points of a `sweep:` list, each of which must be a good configuration. Those of a design are
 * chosen when it is run. */
static int make_sweep(struct sweep *sweep, const struct configuration *c)
{
    int status = 0;
    TRY(sweep_add_listed(sweep, c));
    bool is_grid = sweep->axis_count > 0;
    for (size_t a = 0; a < sweep->axis_count; a++) {
        is_grid = is_grid && sweep->axes[a].count > 0;
    }
    if (is_grid) {
        TRY(sweep_make(sweep, c));
    }
out:
    return status;
}

static int tell(const struct options *options, const struct configuration *configuration)
{
    int status = 0;
    struct results_prediction results = {0};
    struct sweep sweep = {0};
    char warnings[8][CONFIGURATION_WARNING_SIZE];
    const struct ensemble ensemble = {.threads = options->threads};
    const size_t count = configuration_warnings(configuration, warnings, 8);
    TRY(make_sweep(&sweep, configuration));
    const double patients = patients_per_site(configuration);
    TRY(results_size_predict(configuration, patients, ensemble_threads(&ensemble), &results));
    report(configuration, ensemble_threads(&ensemble), patients, &results);
    configuration_print_interventions(stdout, configuration);
    uncertain_print(stdout, configuration);
    if (sweep.points > 0) {
        (void)printf("  buyin sweep: %zu points, %zu times as much work\n", sweep.points,
                     sweep.points);
    }
    for (size_t i = 0; i < count && i < 8; i++) {
        (void)printf("  warning: %s\n", warnings[i]);
    }
out:
    sweep_free(&sweep);
    return status;
}

static int check(const struct options *options)
{
    return options_with_configuration(options, tell);
}

int command_check(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, check);
}
