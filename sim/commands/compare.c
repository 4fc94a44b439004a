/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "experiment/comparison.h"

#include <stdio.h>

static const struct option_set option_set = {
    "Usage: buyin compare BASE SCENARIO... [OPTIONS]\n\n"
    "Runs BASE, and BASE with each SCENARIO file laid over it, and compares them replicate by "
    "replicate\n"
    "with the same random numbers: differences of outcomes with 95 % intervals.\n\n"
    "  -s, --set KEY=VALUE  override a parameter in all of them\n"
    "      --csv FILE       every outcome, groups included\n"
    "  -o, --output FILE    results file with everything recorded of all of them\n"
    "      --force          replace an existing results file\n"
    "      --threads N      threads (default: all)\n"
    "      --quiet          no progress, no table\n"
    "      --help           print this\n",
    "softqcm"};

static int print_csv(FILE *stream, const void *context)
{
    comparison_print_csv(stream, context);
    return 0;
}

static int compare(const struct options *options)
{
    int status = 0;
    struct comparison comparison = {0};
    if (options->path_count < 2) {
        FAIL(ERROR_INPUT, "compare: a base and at least one scenario are needed");
    }
    TRY(comparison_read(&comparison, options->paths, options->path_count, NULL, options->settings,
                        options->setting_count));
    const struct scenario_output output = {options->output, options->force, options->command};
    comparison.scenarios.output = options->output != NULL ? &output : NULL;
    TRY(scenarios_run(&comparison.scenarios, 0, options->threads, options->quiet));
    if (options->csv != NULL) {
        TRY(options_write_text(options->csv, print_csv, &comparison));
    }
    if (!options->quiet) {
        comparison_print(stdout, &comparison);
    }
out:
    comparison_free(&comparison);
    return status;
}

int command_compare(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, compare);
}
