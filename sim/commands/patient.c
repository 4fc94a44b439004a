/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "experiment/rerun.h"
#include "experiment/story.h"
#include "experiment/theory.h"

#include <stdio.h>

static const struct option_set option_set = {
    "Usage: buyin patient RESULT --id N [--site S] [--replicate R] [--without ID] [--csv FILE]\n\n"
    "Simulates one patient's site anew from the file and tells her or his weeks: meetings, trust "
    "(T),\n"
    "hope (H), stress (S), readiness (R), suggestions, attempts, what stopped them.\n\n"
    "      --id N         number of the person (column person of /cohort)\n"
    "      --site S       site, counted from 0 (default 0)\n"
    "      --replicate R  replicate, counted from 0 (default 0)\n"
    "      --without ID   the same patient with that configuration of the theory off (KS1, AP5 "
    "...)\n"
    "      --csv FILE     every week with all states\n"
    "      --help         print this\n",
    "iercw"};

static int switch_off(struct configuration *configuration, const char *id)
{
    const int row = theory_find(id);
    if (row < 0) {
        return error_set(ERROR_INPUT,
                         "--without = %s: there is no such configuration ('buyin theory')", id);
    }
    return theory_set_strength(&configuration->parameters, row, 0.0);
}

static int patient(const struct options *options)
{
    int status = 0;
    char note[256];
    struct configuration configuration;
    FILE *csv = NULL;
    status = rerun_configuration(&configuration, options->path, note);
    if (status != 0) {
        return status;
    }
    if (note[0] != '\0') {
        (void)fprintf(stderr, "buyin: warning: %s\n", note);
    }
    if (options->without != NULL) {
        TRY(switch_off(&configuration, options->without));
    }
    if (options->csv != NULL) {
        csv = fopen(options->csv, "w");
        if (csv == NULL) {
            FAIL(ERROR_INPUT, "%s: cannot be written", options->csv);
        }
    }
    const struct story_address address = {.replicate = (size_t)options->replicate,
                                          .site = (size_t)options->site,
                                          .person = options->id};
    TRY(story_tell(stdout, csv, &configuration, &address));
out:
    if (csv != NULL && fclose(csv) != 0 && status == 0) {
        status = error_set(ERROR_FILE, "%s: could not be written", options->csv);
    }
    configuration_free(&configuration);
    return status;
}

int command_patient(int argc, char **argv)
{
    struct options options;
    int status = options_read(&options, &option_set, argc, argv);
    if (status == 0 && !options.is_done) {
        const int code = options.path == NULL
                             ? error_set(ERROR_INPUT, "patient: a results file is needed")
                         : !options.has_id ? error_set(ERROR_INPUT, "patient: --id is needed")
                                           : patient(&options);
        status = code == 0 ? EXIT_DONE : command_failed(code);
    }
    options_free(&options);
    return status;
}
