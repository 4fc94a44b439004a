#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much the same random numbers in two scenarios narrow the interval of their difference.

The shipped scenarios against the study: for each of the headline outcomes, how many times narrower
the paired interval is than one from independent runs would be, worked out here from the values of
each replicate. A scenario without link workers is left out: nobody's luck with a link worker is
left to be shared.
"""

import statistics
import sys

import h5py
import numpy

from program import Test, labels

REPLICATES = 32
HEADLINES = ("funnel.taken_up_share_of_offered", "funnel.connected_share_of_offered",
             "pathway_of_engaged.all.a_rapid", "pathway_of_engaged.all.b_anchored",
             "pathway_of_engaged.all.c_connecting_with", "pathway_of_engaged.all.disengaged",
             "after_first_session.trust.week13", "after_first_session.swemwbs.week39",
             "gp.per_year_after_first_session", "contrast.swemwbs_mean_difference_all_offered",
             "cost.net_per_person_offered")
LEAST_MEDIAN = 3.0      # over scenarios and headlines
LEAST_OF_HEADLINE = 2.0  # over scenarios, for each headline

test = Test(sys.argv)


def ratio(base, scenario):
    """Standard error of the difference of independent runs, over that of paired ones."""
    paired = numpy.var(scenario - base, ddof=1)
    apart = numpy.var(scenario, ddof=1) + numpy.var(base, ddof=1)
    return float(numpy.sqrt(apart / paired)) if paired > 0 else None


def check_library():
    files = [path for path in sorted((test.source / "configs" / "scenarios").glob("*.yaml"))
             if path.name != "no_link_workers.yaml"]
    result = test.path / "pairing.h5"
    done = test.call("compare", test.config("study.yaml"), *files, "--quiet", "-o", result,
                     "--set", f"run.replicates={REPLICATES}")
    if not test.expect(done.returncode == 0, f"compare: {done.stderr}"):
        return
    with h5py.File(result, "r") as file:
        values = file["/outcomes/value"][()]
        names = labels(file["/outcomes/outcome"])
    everything = []
    for headline in HEADLINES:
        column = values[:, :, names.index(headline)]
        ratios = [ratio(column[0], column[s]) for s in range(1, len(column))]
        ratios = [r for r in ratios if r is not None]
        median = statistics.median(ratios)
        everything += ratios
        print(f"{headline:48} {median:5.1f} times ({min(ratios):.1f} to {max(ratios):.1f})")
        test.expect(median >= LEAST_OF_HEADLINE, f"{headline}: {median:.2f} times in the median")
    median = statistics.median(everything)
    print(f"{'all of them':48} {median:5.1f} times")
    test.expect(median >= LEAST_MEDIAN, f"all headlines: {median:.2f} times in the median")


def check_control():
    """Other seeds share no luck: then pairing gains nothing, and the measure says so."""
    values = {}
    for seed in (1, 2):
        values[seed] = test.outcomes(f"seed{seed}", settings=(
            f"run.seed={seed}", f"run.replicates={REPLICATES}", "run.counterfactual=0"))
    ratios = [ratio(values[1][name], values[2][name]) for name in HEADLINES
              if numpy.isfinite(values[1][name]).all()]
    median = statistics.median(ratios)
    print(f"{'different seeds':48} {median:5.1f} times")
    test.expect(0.7 < median < 1.4, f"runs of different seeds: {median:.2f} times")


check_library()
check_control()
test.end()
