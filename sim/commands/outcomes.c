/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "observe/outcome_listing.h"
#include "parameters/configuration.h"

#include <stdio.h>
#include <string.h>

static const struct option_set option_set = {
    "Usage: buyin outcomes [WORD...] [--format table|json|markdown]\n\n"
    "Lists the outcomes of a run of the study's seven sites: name, unit, definition. With WORDs "
    "only "
    "those\n"
    "that have each of them in one of the three. A run with other sites has outcomes of its own "
    "sites\n"
    "(siteN) instead; the rest are the same.\n\n"
    "  --format FORMAT  table (default), json, markdown\n"
    "  --help           print this\n\n"
    "Example: buyin outcomes trust week13\n",
    "Fm"};

static int read_format(const char *text, enum listing_format *format)
{
    if (text == NULL || strcmp(text, "table") == 0) {
        *format = LISTING_TABLE;
    } else if (strcmp(text, "json") == 0) {
        *format = LISTING_JSON;
    } else if (strcmp(text, "markdown") == 0) {
        *format = LISTING_MARKDOWN;
    } else {
        return error_set(ERROR_INPUT, "--format = %s: table, json or markdown is needed", text);
    }
    return 0;
}

static int list_outcomes(const struct options *options)
{
    int status = 0;
    struct configuration configuration = {0};
    struct outcome_list list = {0};
    enum listing_format format = LISTING_TABLE;
    TRY(read_format(options->format, &format));
    TRY(configuration_default(&configuration));
    TRY(outcome_list_init(&list, &configuration.parameters, configuration.site_count));
    TRY(outcome_list_print(stdout, format, &list, options->paths));
out:
    outcome_list_free(&list);
    configuration_free(&configuration);
    return status;
}

int command_outcomes(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, list_outcomes);
}
