/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_BASE_UNFINISHED_H
#define BUYIN_BASE_UNFINISHED_H

/** Files that are being written under a name for the time being, so that an interruption can clear
 *  them away. Only the first thread begins and ends them.
 */

/** Remembers a file; if there are too many or its name is too long it is not remembered. */
void unfinished_begin(const char *path);

/** Forgets it. Nothing if it is not remembered. */
void unfinished_end(const char *path);

/** From here on SIGINT, SIGTERM and SIGHUP remove these files and say so in one line on standard error
 *  before they end the program. A signal that was ignored stays ignored.
 */
void unfinished_watch(void);

#endif
