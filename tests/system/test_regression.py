#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The regression of pathways agrees with R's nnet::multinom on a run of the study.

`buyin pathways --csv` writes the people; R fits the same model to them. Compared are the odds
ratios that the program prints, to their two decimals, and the program's own regression of the
same table (the helper fit_people), coefficients and standard errors, to four decimals: R's
optimiser stops there, not ours.
"""

import csv
import io
import re
import shutil
import subprocess
import sys
from math import exp
from pathlib import Path

from program import Test

PATHWAYS = ("b_anchored", "c_connecting_with", "own_support", "disengaged")
COLUMNS = {"intercept": "intercept", "woman": "woman", "age, ten years": "decades",
           "quintile, one less deprived": "quintile", "carer": "carer",
           "little English": "language", "poor transport": "transport",
           "poor housing": "housing", "poor health": "health"}

test = Test(sys.argv)


def read_fit(text):
    return {(row["pathway"], row["column"]): (float(row["coefficient"]),
                                              float(row["standard_error"]))
            for row in csv.DictReader(io.StringIO(text))}


def fit(name, words):
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    test.expect(done.returncode == 0, f"{name} ended with status {done.returncode}: {done.stderr}")
    return read_fit(done.stdout)


def read_printed(text):
    """{(pathway, column): odds ratio as printed} of the table of odds ratios."""
    table = text[text.index("Odds ratios against pathway a"):]
    printed = {}
    for title, column in COLUMNS.items():
        line = re.search(rf"^  {re.escape(title)}  +(.*)$", table, re.MULTILINE)
        if test.expect(line is not None, f"pathways: no line '{title}' in the odds ratios"):
            values = re.findall(r"(-?[\d.]+|nan) +\(", line[1])
            test.expect(len(values) == 4, f"pathways: {len(values)} odds ratios for '{title}'")
            for pathway, value in zip(PATHWAYS, values):
                printed[pathway, column] = float(value)
    return printed


def check_run(name, settings):
    people = test.path / f"{name}.csv"
    done = test.call("pathways", test.run(name, settings=("run.replicates=1", *settings)),
                     "--csv", people)
    if not test.expect(done.returncode == 0 and people.exists(),
                       f"{name}: pathways ended with status {done.returncode}: {done.stderr}"):
        return
    printed = read_printed(done.stdout)
    of_r = fit("R", [RSCRIPT, str(test.source / "tests/system/fit_people.R"), str(people)])
    ours = fit("fit_people", [str(HELPER), str(people)])
    wanted = {(pathway, column) for pathway in PATHWAYS for column in COLUMNS.values()}
    test.expect(set(of_r) == set(ours) == set(printed) == wanted,
                f"{name}: R has {len(of_r)} coefficients, we {len(ours)}, printed {len(printed)}")
    for key in sorted(wanted & set(of_r) & set(ours) & set(printed)):
        for what, index in (("coefficient", 0), ("standard error", 1)):
            test.expect(abs(ours[key][index] - of_r[key][index]) < 1e-4,
                        f"{name}: {what} of {key} is {ours[key][index]:.7f}, "
                        f"R says {of_r[key][index]:.7f}")
        odds = exp(of_r[key][0])
        test.expect(abs(printed[key] - odds) <= 0.005 + 1e-4 * odds,
                    f"{name}: the odds ratio of {key} is printed as {printed[key]:.2f}, "
                    f"R says {odds:.4f}")
    # a check of the check: what is compared is far from nothing
    test.expect(of_r["c_connecting_with", "carer"][0] > 1.0,
                f"{name}: being a carer hardly matters: {of_r['c_connecting_with', 'carer']}")


RSCRIPT = shutil.which("Rscript")
HELPER = Path(test.program).parent / "tests/experiment/fit_people"
nnet = RSCRIPT and subprocess.run([RSCRIPT, "-e", "library(nnet)"], capture_output=True,
                                  check=False).returncode == 0
if not nnet:
    print("skipped: R's package nnet is not installed (Debian: r-cran-nnet)")
    sys.exit(77)
test.expect(HELPER.exists(), f"{HELPER} is not there: build the tests")
check_run("seed 1", ())
check_run("seed 2", ("run.seed=2", "site.number=7"))
test.end()
