/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "experiment/rerun.h"
#include "experiment/story.h"
#include "experiment/theory.h"

#include <stdio.h>
#include <string.h>

static const struct option_set option_set = {
    "Usage: buyin patient RESULT --id N [--site NAME] [--replicate R] [--without ID] [--csv "
    "FILE]\n\n"
    "Simulates one patient's site anew from the file and tells her or his weeks: meetings, trust "
    "(T),\n"
    "hope (H), stress (S), readiness (R), suggestions, attempts, what stopped them.\n\n"
    "      --id N         number of the person (column person of /cohort)\n"
    "      --site NAME    site by its name (default: the first): the column site of /cohort counts "
    "the\n"
    "                     names of /weekly/site from 0\n"
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
    (void)printf("Without %s: %s -> %s\n\n", theory[row].id, theory[row].context,
                 theory[row].outcome);
    return theory_set_strength(&configuration->parameters, row, 0.0);
}

/* Sites of one name are told apart by nothing: the first is taken. */
static int find_site(const struct configuration *configuration, const char *name, size_t *site)
{
    const size_t count = configuration->site_count;
    for (*site = 0; *site < count; (*site)++) {
        if (name == NULL || strcmp(configuration->sites[*site].name, name) == 0) {
            return 0;
        }
    }
    return error_set(ERROR_INPUT, "--site = %s: there is no site of that name (%s%s%s)", name,
                     configuration->sites[0].name, count > 1 ? " to " : "",
                     count > 1 ? configuration->sites[count - 1].name : "");
}

struct telling {
    const struct configuration *configuration;
    struct story_address address;
};

/* The timeline on standard output, the weeks in the file. */
static int tell_with_csv(FILE *csv, const void *context)
{
    const struct telling *telling = context;
    return story_tell(stdout, csv, telling->configuration, &telling->address);
}

static int tell(const struct options *options, const struct configuration *configuration)
{
    int status = 0;
    struct configuration other = *configuration; /* borrows everything, changes one strength */
    struct telling telling = {
        .configuration = &other,
        .address = {.replicate = (size_t)options->replicate, .person = options->id}};
    if (!options->has_id) {
        FAIL(ERROR_INPUT, "patient: --id is needed");
    }
    TRY(find_site(configuration, options->site, &telling.address.site));
    if (options->without != NULL) {
        TRY(switch_off(&other, options->without));
    }
    if (options->csv != NULL) {
        TRY(options_write_text(options->csv, tell_with_csv, &telling));
    } else {
        TRY(story_tell(stdout, NULL, &other, &telling.address));
    }
out:
    return status;
}

static int patient(const struct options *options)
{
    return options_with_result(options, tell);
}

int command_patient(int argc, char **argv)
{
    return options_act(argc, argv, &option_set, patient);
}
