/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_COMMANDS_EXTERNAL_H
#define BUYIN_COMMANDS_EXTERNAL_H

/** Subcommands that are programs of their own, such as `buyin report`.
 *
 *  `buyin NAME ...` starts `buyin-NAME ...`, looked for beside the program, in ../libexec/buyin (where
 *  it is installed), in ../scripts (beside a build folder) and on the PATH. The environment variable
 *  BUYIN_PROGRAM tells it which program started it.
 *  Does not return if it is found; otherwise returns.
 */
void external_start(const char *name, int argc, char **argv);

#endif
