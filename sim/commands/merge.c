/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "run/ensemble.h"
#include "run/part_files.h"

#include <stdio.h>

static const struct option_set option_set = {
    "Usage: buyin merge PART... -o FILE [OPTIONS]\n\n"
    "Puts the parts of a run or a sweep together that --part wrote: the same results file as "
    "without\n"
    "parts. All of them are needed, in any order, and all must be of one configuration, seed and\n"
    "version.\n\n"
    "  -o, --output FILE  results file\n"
    "      --force        replace an existing results file\n"
    "      --threads N    threads that unpack and pack rows (default: all)\n"
    "      --quiet        say nothing\n"
    "      --help         print this\n",
    "oftqm"};

static int merge(const struct options *options)
{
    int status = 0;
    size_t replicates = 0;
    const struct ensemble ensemble = {.threads = options->threads};
    if (options->path == NULL || options->output == NULL) {
        FAIL(ERROR_INPUT, "merge: the parts and --output are needed");
    }
    TRY(part_files_merge(options->paths, options->path_count, options->output, options->force,
                         ensemble_threads(&ensemble), options->command, &replicates));
    if (!options->quiet) {
        (void)printf("%zu parts, %zu replicates: %s\n", options->path_count, replicates,
                     options->output);
    }
out:
    return status;
}

int command_merge(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, merge);
}
