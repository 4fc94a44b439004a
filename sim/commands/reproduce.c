/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "experiment/patterns.h"

#include <stdio.h>

static const struct option_set option_set = {
    "Usage: buyin reproduce [CONFIG] [OPTIONS]\n\n"
    "Runs the study (or CONFIG) and a few variants of it, and says for each of the patterns P1 to "
    "P11\n"
    "whether it shows: the statistic, its 95 % interval, the rule. Exit status 1 if one does "
    "not.\n\n"
    "      --rules          print the variants and the rules as Markdown, and run nothing\n"
    "  -s, --set KEY=VALUE  override a parameter; may be repeated\n"
    "      --threads N      threads (default: all)\n"
    "      --quiet          no progress, no table: the exit status tells\n"
    "      --help           print this\n",
    "stqmR"};

static int test(const struct options *options, const struct configuration *configuration)
{
    int status = 0;
    struct patterns patterns;
    if (configuration->parameters.run.replicates < 2) {
        FAIL(ERROR_INPUT, "reproduce: run.replicates = %d: intervals need 2 or more",
             configuration->parameters.run.replicates);
    }
    TRY(patterns_test(&patterns, configuration, options->threads, options->quiet));
    if (!options->quiet) {
        patterns_print(stdout, &patterns, configuration);
    }
    status = patterns.failed == 0 ? EXIT_DONE : EXIT_FAILED;
out:
    return status;
}

static int reproduce(const struct options *options)
{
    if (!options->rules) {
        return options_with_configuration(options, test);
    }
    if (options->path != NULL || options->setting_count > 0) {
        return error_set(ERROR_INPUT, "reproduce: --rules runs nothing: it takes no %s, what is %s",
                         options->path != NULL ? "file" : "--set",
                         options->path != NULL ? options->path : options->settings[0]);
    }
    patterns_print_rules(stdout);
    return EXIT_DONE;
}

int command_reproduce(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, reproduce);
}
