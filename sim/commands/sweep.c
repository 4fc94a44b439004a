/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/sweep.h"

#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "run/part_files.h"

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
    "      --part I/N                 only part I of N of the points and replicates, into "
    "--output, for\n"
    "                                 'buyin merge'; a part that is there and complete is not run "
    "again\n"
    "      --csv FILE                 one line a point and outcome\n"
    "      --plot FILE                reach against relationship with its frontier, SVG\n"
    "      --threads N                threads (default: all)\n"
    "      --quiet                    no progress, no table\n"
    "      --help                     print this\n",
    "softqmcpVDna"};

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

/* Whether all is done already: the part that is asked for is there. */
static int find_part(const struct options *options, struct sweep *sweep, bool *is_there)
{
    int status = 0;
    struct scenarios *all = &sweep->scenarios;
    *is_there = false;
    TRY(options_part(options, all->count * (size_t)all->base->parameters.run.replicates,
                     &all->part));
    if (options->part == NULL) {
        goto out;
    }
    if (options->output == NULL || options->csv != NULL || options->plot != NULL) {
        FAIL(ERROR_INPUT,
             "sweep: --part writes a part to --output; tables and plots are made of the "
             "whole");
    }
    if (!options->force) {
        TRY(part_file_find(options->output, all->configurations, all->count, &all->part, is_there));
    }
out:
    return status;
}

static int report(const struct options *options, const struct sweep *sweep)
{
    int status = 0;
    if (options->csv != NULL) {
        TRY(options_write_text(options->csv, print_csv, sweep));
    }
    if (options->plot != NULL) {
        TRY(options_write_text(options->plot, draw, sweep));
    }
    if (options->output != NULL) {
        TRY(sweep_write(sweep, options->output, options->force, options->command,
                        options->threads));
    }
    if (!options->quiet && options->part != NULL) {
        (void)printf("Part %zu of %zu of %zu points: %s; 'buyin merge' puts parts together.\n",
                     sweep->scenarios.part.number, sweep->scenarios.part.count, sweep->points,
                     options->output);
    } else if (!options->quiet) {
        sweep_print(stdout, sweep);
        TRY(sweep_print_bands(stdout, sweep));
    }
out:
    return status;
}

static int run_sweep(const struct options *options, const struct configuration *configuration)
{
    int status = 0;
    bool is_there = false;
    struct sweep sweep = {0};
    TRY(read_design(&sweep, options));
    TRY(sweep_add_listed(&sweep, configuration));
    for (size_t i = 0; i < options->vary_count; i++) {
        TRY(sweep_add_axis(&sweep, "--vary", options->vary[i]));
    }
    TRY(sweep_make(&sweep, configuration));
    TRY(find_part(options, &sweep, &is_there));
    if (!is_there) {
        TRY(scenarios_run(&sweep.scenarios, 0, options->threads, options->quiet));
        TRY(report(options, &sweep));
    } else if (!options->quiet) {
        (void)printf("%s: is there already and complete\n", options->output);
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
