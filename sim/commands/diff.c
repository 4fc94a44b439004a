/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "parameters/listing.h"

#include <stdio.h>

static const struct option_set option_set = {
    "Usage: buyin diff A B\n\n"
    "Shows which parameters and sites of two configurations differ, with both values, unit and "
    "meaning.\n"
    "Exit status 0 whether they differ or not.\n",
    "m"};

static int diff(const struct options *options)
{
    int status = 0;
    struct configuration a, b;
    if (options->path_count != 2) {
        FAIL(ERROR_INPUT, "diff: two configurations are needed");
    }
    TRY(configuration_read(&a, options->paths[0], NULL, 0));
    status = configuration_read(&b, options->paths[1], NULL, 0);
    if (status == 0) {
        const int lines = configuration_difference(stdout, &a, &b);
        if (a.intervention_count + b.intervention_count > 0) {
            (void)printf("Changes with a date in %s:%s\n", options->paths[0],
                         a.intervention_count == 0 ? " none" : "");
            configuration_print_interventions(stdout, &a);
            (void)printf("Changes with a date in %s:%s\n", options->paths[1],
                         b.intervention_count == 0 ? " none" : "");
            configuration_print_interventions(stdout, &b);
        } else if (lines == 0) {
            (void)puts("No difference.");
        }
        status = lines < 0 ? lines : 0;
        configuration_free(&b);
    }
    configuration_free(&a);
out:
    return status == ERROR_FILE ? ERROR_INPUT : status;
}

int command_diff(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, diff);
}
