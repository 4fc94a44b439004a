#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# One command over all nodes of a job, with MPI: one process a node, a thread for each of its cores.
#
#   sbatch --nodes=4 --cpus-per-task=32 scripts/slurm/job.sh run configs/england.yaml -o results/england.h5
#
# Submit it where the program can be called build/buyin, or say BUYIN=/path/to/buyin. Slurm's own options
# go before the name of the script. Where mpirun does not know of Slurm: LAUNCH='srun --mpi=pmix'.
#SBATCH --job-name=buyin
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=2
#SBATCH --time=1:00:00
#SBATCH --output=buyin-%j.log
set -euo pipefail

if [ $# -eq 0 ]; then
    echo "job.sh: a command of buyin is needed: sbatch scripts/slurm/job.sh run CONFIG -o FILE" >&2
    exit 2
fi
export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
export SRUN_CPUS_PER_TASK=$OMP_NUM_THREADS
read -r -a launch <<<"${LAUNCH:-mpirun --bind-to none}"
exec "${launch[@]}" "${BUYIN:-build/buyin}" "$@"
