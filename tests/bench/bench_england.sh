#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How long England takes: configs/england.yaml, 52 weeks, with its memory. Not run by the tests.
#
#   bench_england.sh [PROGRAM [THREADS [run options...]]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

program=${1:-build/buyin}
threads=${2:-$(nproc)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

command=("$program" run configs/england.yaml --set run.weeks=52 --threads "$threads"
    -o "$folder/england.h5" "${@:3}")
echo "${command[*]}"
if [ -x /usr/bin/time ]; then
    /usr/bin/time -v "${command[@]}" 2>"$folder/time"
    grep -E 'Elapsed|User time|System time|Maximum resident' "$folder/time"
else
    time "${command[@]}"
fi
ls -l "$folder/england.h5" | awk '{ print "Results: " $5 / 1e6 " MB" }'
