#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How long the report of a sweep of 1,000 scenarios takes, and how large it is. Not run by the tests.
#
#   bench_report.sh [PROGRAM [THREADS]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

program=${1:-build/buyin}
threads=${2:-$(nproc)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$program" sweep configs/study.yaml --vary diary.caseload_cap=20:110:10 --vary services.places=4:40:4 \
    --vary population.offers_per_week=2:6.5:0.5 --set run.counterfactual=0 --threads "$threads" \
    --quiet -o "$folder/sweep.h5"
ls -l "$folder/sweep.h5" | awk '{ print "Results: " $5 / 1e6 " MB" }'
time "$program" report "$folder/sweep.h5"
ls -l "$folder/sweep.html" | awk '{ print "Report: " $5 / 1e6 " MB" }'
