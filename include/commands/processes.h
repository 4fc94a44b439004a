/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUYIN_COMMANDS_PROCESSES_H
#define BUYIN_COMMANDS_PROCESSES_H

#include "run/crew.h"

/** The processes that mpirun, mpiexec or srun started together: the only place that knows MPI.
 *
 *  Nothing happens, and no time passes, in a process that was started alone.
 */

/** Meets the others; *crew is NULL if there are none, *rank is 0 in the process that leads. Call it
 *  and all below from the first thread. Fails: ERROR_INPUT if the program was built without MPI.
 */
int processes_join(const struct crew **crew, int *rank);

/** Takes leave of them. */
void processes_leave(void);

#endif
