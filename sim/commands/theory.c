/* SPDX-License-Identifier: GPL-3.0-or-later */
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

int command_theory(int argc, char **argv)
{
    struct options options;
    int status = options_read(&options, &option_set, argc, argv);
    if (status == 0 && !options.is_done) {
        const char *format = options.format != NULL ? options.format : "text";
        if (strcmp(format, "text") == 0) {
            theory_print(stdout);
        } else if (strcmp(format, "markdown") == 0) {
            theory_print_markdown(stdout);
        } else if (strcmp(format, "json") == 0) {
            theory_print_json(stdout);
        } else {
            (void)fprintf(stderr, "buyin theory: --format = %s: text, markdown or json is needed\n",
                          format);
            status = EXIT_BAD_INPUT;
        }
    }
    options_free(&options);
    return status;
}
