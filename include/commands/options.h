/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_COMMANDS_OPTIONS_H
#define BUYIN_COMMANDS_OPTIONS_H

#include "parameters/configuration.h"
#include "run/ensemble.h"

#include <stdbool.h>
#include <stdio.h>

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
    bool force, quiet, json, verify, pairs, interactions, rules;
    const char **vary; /* key=range */
    size_t vary_count;
    const char *design;
    int points;
    const char *strengths, *subgroup, *plot, *csv, *outcome, *format, *without, *site;
    const char *weights, *people, *uncertain, *threshold;
    int sets;
    bool none;
    int shapley, id, replicate, draws; /* 0 unless given */
    const char *part;                  /* as given to --part */
    bool has_id;
    bool is_done;       /* --help was given and printed */
    char command[4096]; /* as it was typed */
};

/** Which options a subcommand takes, as letters: o output, f force, j json, q quiet, v verify,
 *  t threads (one number), T threads (a list), S strengths, P pairs, H shapley, G subgroup, p plot,
 *  m several files, V vary, D design, n points,
 *  c csv, O outcome, F format, w without, i id, e site, r replicate, d draws,
 *  W weights, x interactions, l people, u uncertain, N sets, k threshold, h none, R rules, a part.
 */
struct option_set {
    const char *usage; /* text of --help */
    const char *letters;
};

/** What a subcommand does with its options: an exit status, or a negative error code whose sentence is
 *  then printed.
 */
typedef int (*options_action)(const struct options *options);
typedef int (*configuration_action)(const struct options *options,
                                    const struct configuration *configuration);
typedef int (*text_printer)(FILE *stream, const void *context);

/** Reads the arguments, prints --help where it is asked for, acts, and returns the exit status. */
int options_act(int argc, char **argv, const struct option_set *set, options_action act);

/** Acts on the configuration that the options name (several files: the later over the earlier). */
int options_with_configuration(const struct options *options, configuration_action act);

/** Acts on the configuration that the results file of the options holds; a word of caution is printed
 *  if another version made the file.
 */
int options_with_result(const struct options *options, configuration_action act);

/** Reads --part NUMBER/COUNT; {0} if it was not given. `replicates` are there to be shared out. */
int options_part(const struct options *options, size_t replicates, struct run_part *part);

/** Writes a text file. Fails: ERROR_INPUT (cannot be begun), ERROR_FILE. */
int options_write_text(const char *path, text_printer print, const void *context);

/** Prints the warnings about a configuration on standard error. */
void options_warn(const struct configuration *configuration);

#endif
