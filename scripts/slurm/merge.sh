#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Puts the parts that array.sh wrote together: sbatch scripts/slurm/merge.sh results/caseload.h5
# The parts are kept: remove results/caseload.*of*.h5 when the whole is there.
#SBATCH --job-name=buyin-merge
#SBATCH --ntasks=1
#SBATCH --time=0:30:00
#SBATCH --output=buyin-%j.log
set -euo pipefail

if [ $# -ne 1 ]; then
    echo "merge.sh: the name of the results file is needed: sbatch scripts/slurm/merge.sh FILE.h5" >&2
    exit 2
fi
exec "${BUYIN:-build/buyin}" merge "${1%.h5}".[0-9]*of[0-9]*.h5 -o "$1"
