/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/progress.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "commands/summary.h"
#include "run/ensemble.h"
#include "run/part_files.h"
#include "run/results_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct option_set option_set = {
    "Usage: buyin run [CONFIG [SCENARIO...]] [OPTIONS]\n\n"
    "Simulates CONFIG (YAML; without it the shipped defaults: the seven sites of the study), "
    "writes a\n"
    "results file and prints a summary. SCENARIO files say what differs; later ones win.\n\n"
    "  -s, --set KEY=VALUE  override a parameter; may be repeated\n"
    "  -o, --output FILE    results file (default: results/NAME.h5, or NAME.h5 without such a "
    "folder;\n"
    "                       NAME is that of CONFIG, joined by + to those of SCENARIO files)\n"
    "      --force          replace an existing results file\n"
    "      --part I/N       only part I of N of the replicates, for 'buyin merge'; a part that is "
    "there "
    "and\n"
    "                       complete is not run again (default: results/NAME.IofN.h5)\n"
    "      --json           print all outcomes as JSON; no file is written unless --output is "
    "given\n"
    "      --threads N      threads (default: all)\n"
    "      --quiet          no progress, no summary\n"
    "      --verify         check the conservation laws after every week (slower)\n"
    "      --help           print this\n\n"
    "What is kept of people: 'buyin parameters run.record' and 'buyin parameters "
    "run.trajectory'.\n",
    "sofjtqvma"};

enum { PATH_SIZE = 4096 };

struct run {
    struct results results;
    struct results_writer *writer; /* NULL: no file */
    const struct configuration *configuration;
    struct progress progress;
    size_t done;
};

static int take_piece(void *context, const struct piece *piece)
{
    struct run *run = context;
    const bool replicate_done = results_add(&run->results, piece, run->configuration);
    run->done++;
    progress_show(&run->progress, run->done, (double)run->results.stepped_patient_weeks,
                  "patient-weeks");
    return run->writer != NULL ? results_writer_add(run->writer, piece, replicate_done) : 0;
}

static bool help(void *context)
{
    const struct run *run = context;
    return run->writer != NULL && results_writer_help(run->writer);
}

/* results/NAME.h5 after the names of the files, or NAME.h5 where there is no such folder; of a part
 * results/NAME.2of8.h5. */
static void default_output(const struct options *options, const struct run_part *part,
                           char output[PATH_SIZE])
{
    struct stat folder;
    const bool has_folder = stat("results", &folder) == 0 && S_ISDIR(folder.st_mode);
    size_t used = (size_t)snprintf(output, PATH_SIZE, "%s%s", has_folder ? "results/" : "",
                                   options->path_count == 0 ? "defaults" : "");
    for (size_t i = 0; i < options->path_count && used < PATH_SIZE; i++) {
        const char *slash = strrchr(options->paths[i], '/');
        const char *name = slash != NULL ? slash + 1 : options->paths[i];
        const char *dot = strrchr(name, '.');
        const int length = dot != NULL && dot != name ? (int)(dot - name) : (int)strlen(name);
        used += (size_t)snprintf(output + used, PATH_SIZE - used, "%s%.*s", i > 0 ? "+" : "",
                                 length, name);
    }
    if (used < PATH_SIZE && part->count > 0) {
        used += (size_t)snprintf(output + used, PATH_SIZE - used, ".%zuof%zu", part->number,
                                 part->count);
    }
    if (used < PATH_SIZE) {
        (void)snprintf(output + used, PATH_SIZE - used, ".h5");
    }
}

static void report_speed(const struct run *run, double seconds, const char *output)
{
    (void)printf("%.2f million patient-weeks in %.2f s: %.1f million a second\n",
                 1e-6 * (double)run->results.stepped_patient_weeks, seconds,
                 1e-6 * (double)run->results.stepped_patient_weeks / seconds);
    if (run->writer != NULL) {
        (void)printf("Results: %s\n", output);
    }
}

static int open_file(struct run *run, const struct options *options,
                     const struct ensemble *ensemble, const char *output)
{
    static const char *const names[] = {"run"};
    const struct run_description description = {.command = options->command,
                                                .threads = ensemble_threads(ensemble),
                                                .scenario_names = names,
                                                .part = ensemble->part};
    return results_writer_open(&run->writer, output, options->force, run->configuration, 1,
                               &run->results, &description);
}

static void report(const struct run *run, const struct options *options,
                   const struct ensemble *ensemble, double seconds, const char *output)
{
    if (options->json) {
        summary_json(stdout, &run->results, 0);
    }
    if (options->json || options->quiet) {
        return;
    }
    if (ensemble->part.count > 0) {
        size_t first, end;
        part_bounds(&ensemble->part, run->results.replicate_count, &first, &end);
        (void)printf("Part %zu of %zu: %zu of %zu replicates; 'buyin merge' puts parts together.\n",
                     ensemble->part.number, ensemble->part.count, end - first,
                     run->results.replicate_count);
    } else {
        summary_print(stdout, &run->results, run->configuration);
    }
    if (options->verify) {
        (void)puts("The conservation laws held in every week.");
    }
    report_speed(run, seconds, output);
}

static int run_all(struct run *run, const struct options *options, struct ensemble *ensemble,
                   const char *output)
{
    int status = 0;
    TRY(results_init(&run->results, run->configuration, 1));
    if (options->output != NULL || !options->json) {
        TRY(open_file(run, options, ensemble, output));
    }
    progress_begin(&run->progress, "pieces", ensemble_piece_count(ensemble),
                   options->quiet || options->json);
    TRY(ensemble_run(ensemble, take_piece, run));
    const double seconds = progress_end(&run->progress);
    report(run, options, ensemble, seconds, output);
    if (run->writer != NULL) {
        TRY(results_writer_commit(&run->writer, seconds));
    }
out:
    results_writer_discard(&run->writer);
    results_free(&run->results);
    return status;
}

static int simulate(const struct options *options, const struct configuration *configuration)
{
    int status = 0;
    bool is_there = false;
    char output[PATH_SIZE] = "";
    const struct parameters *k = &configuration->parameters;
    struct run run = {.configuration = configuration};
    struct ensemble ensemble = {.scenarios = configuration,
                                .scenario_count = 1,
                                .threads = options->threads,
                                .verify = options->verify,
                                .help = help,
                                .detail =
                                    k->run.record == RECORD_SUMMARY ? PIECE_RECORD : PIECE_WHOLE};
    if (!options->quiet) {
        options_warn(configuration);
    }
    TRY(options_part(options, (size_t)k->run.replicates, &ensemble.part));
    if (options->part != NULL && options->json) {
        FAIL(ERROR_INPUT, "run: --json tells of all replicates, --part runs some of them");
    }
    if (options->output != NULL) {
        (void)snprintf(output, sizeof output, "%s", options->output);
    } else if (!options->json) {
        default_output(options, &ensemble.part, output);
    }
    if (options->part != NULL && !options->force) {
        TRY(part_file_find(output, configuration, 1, &ensemble.part, &is_there));
    }
    if (is_there) {
        if (!options->quiet) {
            (void)printf("%s: is there already and complete\n", output);
        }
        goto out;
    }
    TRY(run_all(&run, options, &ensemble, output));
out:
    return status;
}

static int run(const struct options *options)
{
    return options_with_configuration(options, simulate);
}

int command_run(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, run);
}
