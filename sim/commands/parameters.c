/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/commands.h"
#include "parameters/listing.h"
#include "parameters/table.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char *const usage =
    "Usage: buyin parameters [WORD...] [--format table|yaml|json|markdown]\n"
    "       buyin parameters --population [--format table|markdown]\n\n"
    "Lists every parameter: name, default, range, unit, source, meaning. With WORDs only those "
    "that "
    "have\n"
    "each of them in name, unit, symbol, configuration of the theory or meaning.\n\n"
    "  --format FORMAT  table (default), yaml (can be read as a configuration), json, markdown\n"
    "  --population     list the columns of a patient file instead\n"
    "  --help           print this\n\n"
    "Example: buyin parameters caseload cap\n";

static bool read_format(const char *text, enum listing_format *format)
{
    static const char *const names[] = {"table", "yaml", "json", "markdown"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(text, names[i]) == 0) {
            *format = (enum listing_format)i;
            return true;
        }
    }
    return false;
}

int command_parameters(int argc, char **argv)
{
    static const struct option options[] = {{"format", required_argument, NULL, 'f'},
                                            {"population", no_argument, NULL, 'p'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    enum listing_format format = LISTING_TABLE;
    bool population = false;
    int letter = 0;
    optind = 0;
    opterr = 0;
    while ((letter = getopt_long(argc, argv, "hf:", options, NULL)) != -1) {
        if (letter == 'h') {
            (void)fputs(usage, stdout);
            return EXIT_DONE;
        }
        if (letter == 'p') {
            population = true;
        } else if (letter != 'f' || !read_format(optarg, &format)) {
            (void)fprintf(stderr,
                          "buyin parameters: %s: the formats are table, yaml, json, markdown\n",
                          letter == 'f' ? optarg : argv[optind - 1]);
            return EXIT_BAD_INPUT;
        }
    }
    const char *const *words = (const char *const *)argv + optind; /* argv ends with NULL */
    if (population && words[0] != NULL) {
        (void)fprintf(stderr, "buyin parameters: --population takes no word, what is '%s'?\n",
                      words[0]);
        return EXIT_BAD_INPUT;
    }
    struct parameters parameters;
    parameters_default(&parameters);
    const int status = population ? population_fields_print(stdout, format)
                                  : parameters_print(stdout, format, &parameters, words);
    return status == 0 ? EXIT_DONE : command_failed(status);
}
