# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the report share: small results of every kind, and reports of them."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "system"))
from program import Test  # noqa: E402,F401  pylint: disable=wrong-import-position

SMALL = ["-s", "run.replicates=3", "-s", "run.weeks=90", "-s", "population.arrival_weeks=40"]


def make(test, name, *words):
    """A results file, or the end of the test."""
    path = test.path / f"{name}.h5"
    done = test.call(*words, "--quiet", "--threads", "2", "-o", path)
    if not test.expect(done.returncode == 0, f"{name}: the result could not be made: {done.stderr.strip()}"):
        test.end()
    return path


def make_all(test):
    """Results of run, compare, sweep and ablate: name -> path."""
    study = test.config("study.yaml")
    scenarios = [test.config(f"scenarios/{x}.yaml") for x in ("smaller_caseloads", "housing_crisis", "no_link_workers")]
    return {
        "run": make(test, "run", "run", study, *SMALL, "-s", "record=trajectories"),
        "compare": make(test, "compare", "compare", study, *scenarios, *SMALL),
        "sweep": make(test, "sweep", "sweep", study, "--vary", "diary.caseload_cap=30,50", "--vary",
                      "population.offers_per_week=3,4.45", *SMALL),
        "ablate": make(test, "ablate", "ablate", study, *SMALL, "--strengths", "0.5,2", "--shapley", "2"),
        "economics": make(test, "economics", "economics", study, *scenarios[:2], *SMALL, "--uncertain",
                          test.config("uncertainty.yaml"), "--sets", "12", "-s", "run.replicates=2")}


def report(test, name, *results):
    """The path of a report made by the program; the end of the test if it cannot be made."""
    path = test.path / f"{name}.html"
    done = test.call("report", *results, "-o", path)
    if not test.expect(done.returncode == 0 and path.exists(), f"{name}: no report: {done.stderr.strip()[-500:]}"):
        test.end()
    return path
