/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/scenario_file.h"

#include "base/error.h"

#include <stdlib.h>

int scenario_file_open(struct results_writer **writer, const struct scenarios *scenarios,
                       const struct scenario_output *output, int threads, bool outcomes_only)
{
    int status = 0;
    const struct ensemble ensemble = {.threads = threads};
    const size_t count = scenarios->results.scenario_count;
    const char **names = malloc(count * sizeof *names);
    if (names == NULL) {
        FAIL(ERROR_MEMORY, "no memory for the names of scenarios");
    }
    for (size_t s = 0; s < count; s++) {
        names[s] = scenarios->names[s];
    }
    TRY(results_writer_open(writer, output->path, output->force, scenarios->configurations, count,
                            &scenarios->results,
                            &(struct run_description){.command = output->command,
                                                      .threads = ensemble_threads(&ensemble),
                                                      .scenario_names = names,
                                                      .part = scenarios->part,
                                                      .outcomes_only = outcomes_only}));
out:
    free(names);
    return status;
}

int scenario_file_write(const struct scenarios *scenarios, const char *path, bool force,
                        const char *command, int threads, scenario_file_extra extra,
                        const void *context)
{
    int status = 0;
    struct results_writer *writer = NULL;
    const struct scenario_output output = {path, force, command};
    TRY(scenario_file_open(&writer, scenarios, &output, threads, true));
    for (size_t s = 0; s < scenarios->results.scenario_count; s++) {
        for (size_t r = 0; r < scenarios->results.replicate_count; r++) {
            if (part_has(&scenarios->part, scenarios->count, scenarios->results.replicate_count, s,
                         r)) {
                TRY(results_writer_replicate(writer, s, r));
            }
        }
    }
    if (extra != NULL) {
        TRY(extra(results_writer_file(writer), context));
    }
    TRY(results_writer_commit(&writer, scenarios->seconds));
out:
    results_writer_discard(&writer);
    return status;
}
