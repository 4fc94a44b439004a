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

static int diff(const char *first, const char *second)
{
    int status = 0;
    struct configuration a, b;
    TRY(configuration_read(&a, first, NULL, 0));
    status = configuration_read(&b, second, NULL, 0);
    if (status == 0) {
        const int lines = configuration_difference(stdout, &a, &b);
        if (lines == 0) {
            (void)puts("No difference.");
        }
        status = lines < 0 ? lines : 0;
        configuration_free(&b);
    }
    configuration_free(&a);
out:
    return status;
}

int command_diff(int argc, char **argv)
{
    struct options options;
    int status = options_read(&options, &option_set, argc, argv);
    if (status == 0 && !options.is_done) {
        const int code = options.path_count == 2
                             ? diff(options.paths[0], options.paths[1])
                             : error_set(ERROR_INPUT, "diff: two configurations are needed");
        status = code == 0 ? EXIT_DONE : command_failed(code);
    }
    options_free(&options);
    return status;
}
