#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A run or a sweep in parts, each a job of its own; then one that puts them together. Needs no MPI.
#
#   parts=$(sbatch --parsable --array=1-8 scripts/slurm/array.sh results/caseload.h5 sweep configs/sweeps/caseload.yaml)
#   sbatch --dependency=afterok:$parts scripts/slurm/merge.sh results/caseload.h5
#
# There cannot be more parts than replicates (times points, of a sweep). If some parts failed or ran out
# of time, submit both lines again: parts that are complete are not run again.
#SBATCH --job-name=buyin
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --time=1:00:00
#SBATCH --output=buyin-%A-%a.log
set -euo pipefail

if [ $# -lt 2 ] || [ -z "${SLURM_ARRAY_TASK_ID-}" ]; then
    echo "array.sh: sbatch --array=1-PARTS scripts/slurm/array.sh RESULTS run|sweep CONFIG [OPTIONS]" >&2
    exit 2
fi
results=$1
shift
parts=$SLURM_ARRAY_TASK_MAX
exec "${BUYIN:-build/buyin}" "$@" --threads "${SLURM_CPUS_PER_TASK:-1}" \
    --part "$SLURM_ARRAY_TASK_ID/$parts" -o "${results%.h5}.${SLURM_ARRAY_TASK_ID}of$parts.h5"
