/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_COMMANDS_COMMANDS_H
#define BUYIN_COMMANDS_COMMANDS_H

/** The subcommands: arguments in, exit status out (0 done, 1 failed, 2 bad input).
 *  argv[0] is the name of the subcommand. Data go to standard output, words to standard error.
 */

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_BAD_INPUT = 2 };

struct command {
    const char *name;
    const char *summary; /* one line for `buyin --help` */
    int (*run)(int argc, char **argv);
};

int command_run(int argc, char **argv);
int command_check(int argc, char **argv);
int command_parameters(int argc, char **argv);
int command_outcomes(int argc, char **argv);
int command_selftest(int argc, char **argv);
int command_theory(int argc, char **argv);
int command_ablate(int argc, char **argv);
int command_reproduce(int argc, char **argv);
int command_study(int argc, char **argv);
int command_patient(int argc, char **argv);
int command_pathways(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_diff(int argc, char **argv);
int command_sweep(int argc, char **argv);
int command_economics(int argc, char **argv);
int command_merge(int argc, char **argv);

/** Prints the thread's message as `buyin: ...` and returns the exit status that belongs to `code`.
 */
int command_failed(int code);

#endif
