/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/progress.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "run/ensemble.h"
#include "run/results.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option_set option_set = {
    "Usage: buyin selftest [CONFIG] [--threads 1,2,3,7] [--set KEY=VALUE]\n\n"
    "Runs CONFIG (default: the study with 2 replicates) with each number of threads, checks the\n"
    "conservation laws after every week, and compares every state of every patient, every weekly\n"
    "record and every outcome bit by bit. Exit status 0 if all agree.\n\n"
    "      --threads LIST   numbers of threads, separated by commas (default 1,2,3,7)\n"
    "  -s, --set KEY=VALUE  override a parameter; may be repeated\n"
    "      --help           print this\n",
    "sTm"};

struct digest {
    uint64_t hash;
    struct results results;
    const struct configuration *configuration;
};

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ byte[i]) * 0x100000001b3ULL;
    }
    return hash;
}

static int digest_piece(void *context, const struct piece *piece)
{
    struct digest *digest = context;
    const struct recorder *recorder = &piece->recorder;
    const size_t weeks = (size_t)recorder->weeks, posts = (size_t)recorder->posts;
    uint64_t hash = digest->hash;
    hash = patients_hash(&piece->result.patients, piece->result.patients.count, hash);
    if (piece->is_paired) {
        const size_t n = piece->result.patients.count;
        const struct counterfactual *without = &piece->without;
        const void *columns[] = {without->wellbeing_sum,
                                 without->wellbeing_discounted,
                                 without->consultations,
                                 without->consultations_from_offer,
                                 without->consultations_from_session,
                                 without->after_closing_wellbeing};
        for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++) {
            hash = hash_bytes(hash, columns[c], n * sizeof(float)); /* as long as int32_t */
        }
    }
    hash = hash_bytes(hash, recorder->weekly, weeks * RECORD_COUNT * sizeof(float));
    hash = hash_bytes(hash, recorder->post_weekly, posts * weeks * POST_COUNT * sizeof(float));
    if (results_add(&digest->results, piece, digest->configuration)) {
        hash = hash_bytes(hash, results_values(&digest->results, piece->scenario, piece->replicate),
                          digest->results.list.count * sizeof(double));
    }
    digest->hash = hash;
    return 0;
}

static int run_digest(const struct configuration *configuration, int threads, uint64_t *hash,
                      double *seconds)
{
    int status = 0;
    struct digest digest = {.hash = 0xcbf29ce484222325ULL, .configuration = configuration};
    struct ensemble ensemble = {
        .scenarios = configuration, .scenario_count = 1, .threads = threads, .verify = true};
    const double started = clock_seconds();
    TRY(results_init(&digest.results, configuration, 1));
    TRY(ensemble_run(&ensemble, digest_piece, &digest));
    *hash = digest.hash;
    *seconds = clock_seconds() - started;
out:
    results_free(&digest.results);
    return status;
}

static int compare(const struct configuration *configuration, const char *list)
{
    uint64_t first = 0;
    int runs = 0, different = 0;
    const char *text = list;
    while (*text != '\0') {
        char *end = NULL;
        uint64_t hash = 0;
        double seconds = 0.0;
        const long threads = strtol(text, &end, 10);
        if (end == text || threads < 1 || threads > 256 || (*end != ',' && *end != '\0')) {
            return error_set(ERROR_INPUT,
                             "--threads takes numbers from 1 to 256 separated by commas, "
                             "not '%s'",
                             list);
        }
        const int status = run_digest(configuration, (int)threads, &hash, &seconds);
        if (status != 0) {
            return status;
        }
        first = runs == 0 ? hash : first;
        different += hash != first;
        runs++;
        (void)printf("%3ld thread%s  %016" PRIx64 "  %6.2f s  %s\n", threads,
                     threads == 1 ? " " : "s", hash, seconds, hash == first ? "same" : "DIFFERENT");
        text = *end == ',' ? end + 1 : end;
    }
    if (different > 0) {
        return error_set(ERROR_MODEL, "%d of %d runs differ from the first", different, runs);
    }
    (void)printf("All %d runs agree bit for bit; conservation laws held in every week.\n", runs);
    return 0;
}

static int compare_threads(const struct options *options, const struct configuration *configuration)
{
    return compare(configuration, options->thread_list != NULL ? options->thread_list : "1,2,3,7");
}

static int selftest(const struct options *options)
{
    struct options shorter = *options;
    const char *settings[] = {"run.replicates=2"};
    if (options->path == NULL && options->setting_count == 0) { /* a short run */
        shorter.settings = settings;
        shorter.setting_count = 1;
    }
    return options_with_configuration(&shorter, compare_threads);
}

int command_selftest(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, selftest);
}
