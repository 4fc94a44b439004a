#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a sweep of 1,000 scenarios is under 5 MB and still tells the points; tests/bench/bench_report.sh times it."""
import re
import sys

import h5py
import numpy

from small_results import Test, make, report

LIMIT = 5e6  # bytes
test = Test(sys.argv)


def main():
    """Makes the sweep and its report."""
    steps = ",".join(f"{4 * n}" for n in range(1, 11))
    path = make(test, "large", "sweep", test.config("study.yaml"), "--vary", "diary.caseload_cap=20:110:10", "--vary",
                f"services.places={steps}", "--vary", "population.offers_per_week=2:6.5:0.5", "-s", "run.replicates=2",
                "-s", "run.weeks=30", "-s", "population.arrival_weeks=16", "-s", "run.burn_in_weeks=2", "-s",
                "run.counterfactual=0")
    page = report(test, "large", path)
    text = page.read_text(encoding="utf-8")
    test.expect(page.stat().st_size < LIMIT, f"the report has {page.stat().st_size} bytes")
    test.expect("1,000 points" in text and "60 of 1,000 rows are shown" in text, "the report does not tell of 1,000 points")
    shown = {float(x) for x in re.findall(r'<data value="([^"]*)"', text)}
    with h5py.File(path) as file:
        names = list(file["outcomes/outcome"].asstr()[:])
        values = file["outcomes/value"][:, :, names.index("service.connected_per_link_worker_year")].mean(axis=1)
    best = numpy.nanmax(values)
    test.expect(len(values) == 1000 and any(abs(x - best) < 1e-9 * best for x in shown), "the best point is not in the report")
    test.end()


if __name__ == "__main__":
    main()
