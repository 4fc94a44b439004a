/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_COMMANDS_OPTIONS_H
#define BUYIN_COMMANDS_OPTIONS_H

#include "parameters/configuration.h"

#include <stdbool.h>

/** What subcommands that take a configuration have in common. */
struct options {
    const char *path;      /* the configuration; NULL: the shipped defaults */
    const char **settings; /* key=value */
    size_t setting_count;
    const char *output;
    const char *thread_list; /* as given to --threads */
    int threads;             /* 0: all there are */
    bool force, quiet, json, verify;
    bool is_done; /* --help was given and printed */
};

/** Which options a subcommand takes, as letters: o output, f force, j json, q quiet, v verify,
 *  t threads (one number), T threads (a list).
 */
struct option_set {
    const char *usage; /* text of --help */
    const char *letters;
};

/** Reads the arguments. On bad ones prints a sentence and returns EXIT_BAD_INPUT, else 0. */
int options_read(struct options *options, const struct option_set *set, int argc, char **argv);

/** Reads the configuration that the options name; prints the sentence if it is bad. */
int options_configuration(const struct options *options, struct configuration *configuration);

void options_free(struct options *options);

#endif
