/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/sweep.h"

#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"

#include <stdio.h>
#include <string.h>

static const struct option_set option_set = {
    "Usage: buyin sweep CONFIG [SCENARIO...] [--vary KEY=RANGE]... [OPTIONS]\n\n"
    "Runs CONFIG at many points of its parameters. All points and replicates share the threads, "
    "and the\n"
    "random numbers replicate by replicate. A `sweep:` list in CONFIG says the same as --vary.\n\n"
    "      --vary KEY=1,2,3           values of a grid\n"
    "      --vary KEY=low:high:step   the same, evenly spaced\n"
    "      --vary KEY=low:high        a range, for --design\n"
    "      --design NAME              grid (default), latin_hypercube, sobol\n"
    "      --points N                 points of a design\n"
    "  -s, --set KEY=VALUE            override a parameter everywhere\n"
    "  -o, --output FILE              results file with all outcomes and /sweep\n"
    "      --force                    replace an existing results file\n"
    "      --csv FILE                 one line a point and outcome\n"
    "      --plot FILE                reach against relationship with its frontier, SVG\n"
    "      --threads N                threads (default: all)\n"
    "      --quiet                    no progress, no table\n"
    "      --help                     print this\n",
    "softqmcpVDn"};

static int read_design(struct sweep *sweep, const struct options *options)
{
    static const char *const names[] = {"grid", "latin_hypercube", "sobol"};
    sweep->points = (size_t)options->points;
    for (int d = 0; options->design != NULL; d++) {
        if (d == 3) {
            return error_set(ERROR_INPUT, "--design = %s: grid, latin_hypercube or sobol is needed",
                             options->design);
        }
        if (strcmp(options->design, names[d]) == 0) {
            sweep->design = (enum sweep_design)d;
            break;
        }
    }
    if (sweep->design != SWEEP_GRID && options->points == 0) {
        return error_set(ERROR_INPUT, "--design = %s: --points is needed", options->design);
    }
    return 0;
}

static int print_csv(FILE *stream, const void *context)
{
    sweep_print_csv(stream, context);
    return 0;
}

static int draw(FILE *stream, const void *context)
{
    return sweep_draw(stream, context);
}

static int run_sweep(const struct options *options, const struct configuration *configuration)
{
    int status = 0;
    struct sweep sweep = {0};
    TRY(read_design(&sweep, options));
    TRY(sweep_add_listed(&sweep, configuration));
    for (size_t i = 0; i < options->vary_count; i++) {
        TRY(sweep_add_axis(&sweep, "--vary", options->vary[i]));
    }
    TRY(sweep_make(&sweep, configuration));
    TRY(scenarios_run(&sweep.scenarios, 0, options->threads, options->quiet));
    if (options->csv != NULL) {
        TRY(options_write_text(options->csv, print_csv, &sweep));
    }
    if (options->plot != NULL) {
        TRY(options_write_text(options->plot, draw, &sweep));
    }
    if (options->output != NULL) {
        TRY(sweep_write(&sweep, options->output, options->force, options->command,
                        options->threads));
    }
    if (!options->quiet) {
        sweep_print(stdout, &sweep);
        TRY(sweep_print_bands(stdout, &sweep));
    }
out:
    sweep_free(&sweep);
    return status;
}

static int sweep_configuration(const struct options *options)
{
    return options_with_configuration(options, run_sweep);
}

int command_sweep(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, sweep_configuration);
}
