/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "experiment/theory_report.h"

#include <stdio.h>
#include <string.h>

static const struct option_set option_set = {
    "Usage: buyin theory [--format text|markdown|json]\n\n"
    "Prints the 26 context-mechanism-outcome configurations of the study: what each claims, the "
    "file\n"
    "and equation that act it out, the parameter that holds its strength, and the outcomes by "
    "which\n"
    "'buyin ablate' judges it.\n",
    "F"};

static int print_theory(const struct options *options)
{
    const char *format = options->format != NULL ? options->format : "text";
    if (options->path != NULL) {
        return error_set(ERROR_INPUT, "theory: takes no file, what is %s", options->path);
    }
    if (strcmp(format, "text") == 0) {
        theory_print(stdout);
    } else if (strcmp(format, "markdown") == 0) {
        theory_print_markdown(stdout);
    } else if (strcmp(format, "json") == 0) {
        theory_print_json(stdout);
    } else {
        return error_set(ERROR_INPUT, "--format = %s: text, markdown or json is needed", format);
    }
    return EXIT_DONE;
}

int command_theory(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, print_theory);
}
