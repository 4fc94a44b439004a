/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_COMMANDS_OPTIONS_H
#define BUYIN_COMMANDS_OPTIONS_H

#include "parameters/configuration.h"

#include <stdbool.h>

/** What subcommands that take a configuration or a results file have in common. */
struct options {
    const char *path;         /* the first file named; NULL: none */
    const char *const *paths; /* all files named, the last being NULL */
    size_t path_count;
    const char **settings; /* key=value */
    size_t setting_count;
    const char *output;
    const char *thread_list; /* as given to --threads */
    int threads;             /* 0: all there are */
    bool force, quiet, json, verify, pairs;
    const char **vary; /* key=range */
    size_t vary_count;
    const char *design;
    int points;
    const char *strengths, *subgroup, *plot, *csv, *outcome, *format, *without;
    int shapley, id, site, replicate, draws; /* 0 unless given */
    bool has_id;
    bool is_done; /* --help was given and printed */
};

/** Which options a subcommand takes, as letters: o output, f force, j json, q quiet, v verify,
 *  t threads (one number), T threads (a list), S strengths, P pairs, H shapley, G subgroup, p plot,
 *  m several files, V vary, D design, n points,
 *  c csv, O outcome, F format, w without, i id, e site, r replicate, d draws.
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
