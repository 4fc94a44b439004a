/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands/processes.h"

#include "base/error.h"
#include "base/parcel.h"

#include <stdlib.h>

#ifdef BUYIN_HAS_MPI
#include <mpi.h>
#endif

/* What Open MPI, PMIx, Slurm and the MPICH family tell the processes they start. */
static bool is_started_together(void)
{
    static const char *const signs[] = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (getenv(signs[i]) != NULL) {
            return true;
        }
    }
    return false;
}

#ifdef BUYIN_HAS_MPI

/* Messages are counted in lines, so that their length may pass what an int holds. */
static MPI_Datatype line;
static bool has_joined;

static int post(int to, const void *bytes, size_t length)
{
    const int result = MPI_Send(bytes, (int)(length / PARCEL_LINE), line, to, 0, MPI_COMM_WORLD);
    return result == MPI_SUCCESS ? 0 : error_set(ERROR_FILE, "process %d cannot be reached", to);
}

static bool look(int *from, size_t *length)
{
    int is_there = 0, lines = 0;
    MPI_Status found;
    if (MPI_Iprobe(MPI_ANY_SOURCE, 0, MPI_COMM_WORLD, &is_there, &found) != MPI_SUCCESS ||
        is_there == 0) {
        return false;
    }
    (void)MPI_Get_count(&found, line, &lines);
    *from = found.MPI_SOURCE;
    *length = (size_t)lines * PARCEL_LINE;
    return true;
}

static int take(int from, void *bytes, size_t length)
{
    const int result = MPI_Recv(bytes, (int)(length / PARCEL_LINE), line, from, 0, MPI_COMM_WORLD,
                                MPI_STATUS_IGNORE);
    return result == MPI_SUCCESS ? 0 : error_set(ERROR_FILE, "process %d cannot be heard", from);
}

int processes_join(const struct crew **crew, int *rank)
{
    static struct crew all = {.post = post, .look = look, .take = take};
    int provided = 0;
    *crew = NULL;
    *rank = 0;
    if (!is_started_together()) {
        return 0;
    }
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS ||
        MPI_Type_contiguous(PARCEL_LINE, MPI_BYTE, &line) != MPI_SUCCESS ||
        MPI_Type_commit(&line) != MPI_SUCCESS) {
        return error_set(ERROR_FILE, "MPI cannot be started");
    }
    has_joined = true;
    (void)MPI_Comm_rank(MPI_COMM_WORLD, rank);
    (void)MPI_Comm_size(MPI_COMM_WORLD, &all.count);
    if (all.count > 1 && provided < MPI_THREAD_FUNNELED) {
        return error_set(ERROR_FILE, "this MPI takes no programs with threads");
    }
    *crew = all.count > 1 ? &all : NULL;
    return 0;
}

void processes_leave(void)
{
    if (has_joined) {
        has_joined = false;
        (void)MPI_Type_free(&line);
        (void)MPI_Finalize();
    }
}

#else

int processes_join(const struct crew **crew, int *rank)
{
    const char *size = getenv("OMPI_COMM_WORLD_SIZE");
    *crew = NULL;
    *rank = 0;
    if (is_started_together() && (size == NULL || atoi(size) > 1)) {
        const char *own = getenv("OMPI_COMM_WORLD_RANK");
        *rank = own != NULL ? atoi(own) : 0;
        return error_set(ERROR_INPUT,
                         "several processes were started together, but this program was "
                         "built without MPI: start one, or build with -DBUYIN_MPI=ON");
    }
    return 0;
}

void processes_leave(void)
{
}

#endif
