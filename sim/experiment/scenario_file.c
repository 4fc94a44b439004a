/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/scenario_file.h"

#include "base/error.h"
#include "run/results_writer.h"

#include <stdlib.h>

int scenario_file_write(const struct scenarios *scenarios, const char *path, bool force,
                        const char *command, int threads, scenario_file_extra extra,
                        const void *context)
{
    int status = 0;
    struct results_writer *writer = NULL;
    const struct ensemble ensemble = {.threads = threads};
    const size_t count = scenarios->results.scenario_count;
    const char **names = malloc(count * sizeof *names);
    if (names == NULL) {
        FAIL(ERROR_MEMORY, "no memory for the names of scenarios");
    }
    for (size_t s = 0; s < count; s++) {
        names[s] = scenarios->names[s];
    }
    TRY(results_writer_open(&writer, path, force, scenarios->configurations, count,
                            &scenarios->results,
                            &(struct run_description){.command = command,
                                                      .threads = ensemble_threads(&ensemble),
                                                      .scenario_names = names,
                                                      .outcomes_only = true}));
    for (size_t s = 0; s < count; s++) {
        for (size_t r = 0; r < scenarios->results.replicate_count; r++) {
            TRY(results_writer_replicate(writer, s, r));
        }
    }
    if (extra != NULL) {
        TRY(extra(results_writer_file(writer), context));
    }
    TRY(results_writer_commit(&writer, 0.0));
out:
    results_writer_discard(&writer);
    free(names);
    return status;
}
