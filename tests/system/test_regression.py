#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The regression of pathways agrees with R's nnet::multinom on runs of the study.

`buyin pathways --people` writes the people; R fits the same model to them, and makes clustered
standard errors where there are several replicates. Compared are the program's own regression of the
same table (the helper fit_people), coefficients and standard errors, to four decimals (R's
optimiser stops there, not ours), the table of odds ratios of --csv, and what is printed. Where
hardly anybody is in a group or on a pathway the rest is estimated, and what is left out is named.
"""

import csv
import io
import re
import shutil
import subprocess
import sys
from math import exp, isfinite
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
    """{(pathway, column): (odds ratio, low, high) as printed} of the table of odds ratios."""
    table = text[text.index("Odds ratios against pathway a"):]
    printed = {}
    for title, column in COLUMNS.items():
        line = re.search(rf"^  {re.escape(title)}  +(.*)$", table, re.MULTILINE)
        if test.expect(line is not None, f"pathways: no line '{title}' in the odds ratios"):
            values = re.findall(r"([\d.e+]+) \(([\d.e+]+)-([\d.e+]+)\)", line[1])
            test.expect(len(values) == 4, f"pathways: {len(values)} odds ratios for '{title}'")
            for pathway, value in zip(PATHWAYS, values):
                printed[pathway, column] = tuple(map(float, value))
    return printed


def read_csv(path):
    """{(pathway, column, second column): row} of the odds ratios of --csv."""
    with open(path, encoding="utf-8", newline="") as stream:
        return {(row["category"], row["group"].replace("age_", ""), row["and_group"]): row
                for row in csv.DictReader(stream) if row["table"] == "odds_ratio"}


def pathways(name, settings, *words, config="study.yaml"):
    people, table = test.path / f"{name}.people.csv", test.path / f"{name}.csv"
    run = test.run(name, config=config, settings=settings)
    done = test.call("pathways", run, "--people", people, "--csv", table, *words)
    if not test.expect(done.returncode == 0 and people.exists() and table.exists(),
                       f"{name}: pathways ended with status {done.returncode}: {done.stderr}"):
        test.end()
    test.expect("nan" not in done.stdout, f"{name}: 'nan' is printed")
    test.expect(max(map(len, done.stdout.splitlines())) <= 130, f"{name}: lines that are too long")
    return people, read_csv(table), done.stdout


def check_run(name, settings, reach, note):
    people, table, text = pathways(name, settings)
    printed = read_printed(text)
    test.expect(note in text, f"{name}: does not say '{note}'")
    of_r = fit("R", [RSCRIPT, str(test.source / "tests/system/fit_people.R"), str(people)])
    ours = fit("fit_people", [str(HELPER), str(people)])
    wanted = {(pathway, column) for pathway in PATHWAYS for column in COLUMNS.values()}
    test.expect(set(of_r) == set(ours) == set(printed) == wanted == {key[:2] for key in table},
                f"{name}: R has {len(of_r)} coefficients, we {len(ours)}, printed {len(printed)}, "
                f"in the table {len(table)}")
    for key in sorted(wanted & set(of_r) & set(ours) & set(printed)):
        for what, index in (("coefficient", 0), ("standard error", 1)):
            test.expect(abs(ours[key][index] - of_r[key][index]) < 1e-4,
                        f"{name}: {what} of {key} is {ours[key][index]:.7f}, "
                        f"R says {of_r[key][index]:.7f}")
        b, error = of_r[key]
        row = table[key[0], key[1], ""]
        for told, held, log_odds in zip(printed[key], ("value", "low", "high"),
                                        (b, b - reach * error, b + reach * error)):
            odds = exp(log_odds)
            test.expect(abs(float(row[held]) - odds) <= 5e-4 * odds,
                        f"{name}: {held} of {key} is {row[held]}, R says {odds:.5f}")
            test.expect(abs(told - odds) <= 0.005 + 5e-4 * odds,
                        f"{name}: {held} of {key} is printed as {told:.2f}, R says {odds:.4f}")
    # a check of the check: what is compared is far from nothing
    test.expect(of_r["c_connecting_with", "carer"][0] > 1.0,
                f"{name}: being a carer hardly matters: {of_r['c_connecting_with', 'carer']}")


def check_network():
    """Few people: single replicates have empty cells, all together can be estimated."""
    table, text = pathways("network", (), config="pcn.yaml")[1:]
    test.expect("No odds ratios" not in text and len(table) == 36,
                f"pcn.yaml: {len(table)} odds ratios")
    for key, row in table.items():
        ratio, low, high = (float(row[column]) for column in ("value", "low", "high"))
        test.expect(0.0 < low < ratio < high < 100.0 and row["note"] == "",
                    f"pcn.yaml: {key}: {ratio} ({low} to {high}) {row['note']}")


def check_interactions():
    """A coefficient with an interval for each pair of seven characteristics."""
    table, text = pathways("pairs", (), "--interactions")[1:]
    test.expect(len(table) == 4 * (9 + 21) and "carer x poor transport" in text,
                f"interactions: {len(table)} odds ratios")
    test.expect(all(0.0 < float(row["low"]) < float(row["high"]) for row in table.values()),
                "interactions: an interval is missing")


def check_left_out():
    """Nobody speaks little English, nobody finds support of their own: named, and no more."""
    languages = [f"barrier.language_{who}=0" for who in
                 ("white_british", "white_other", "asian", "black", "mixed", "other")]
    table, text = pathways("left_out", ("run.replicates=3", "mechanisms.RD2=0", *languages))[1:]
    for words in ("Left out: little English (nobody).", "Left out: own support (nobody)."):
        test.expect(words in text, f"left out: does not say '{words}'")
    for (pathway, column, _), row in table.items():
        nobody = pathway == "own_support" or column == "language"
        test.expect((row["note"] == "nobody") == nobody and
                    isfinite(float(row["value"])) != nobody,
                    f"left out: {pathway} {column} is {row['value']}, note '{row['note']}'")
    tiny = pathways("tiny", ("run.replicates=1", "site.number=1", "run.weeks=60",
                             "population.offers_per_week=1", "population.arrival_weeks=50"),
                    config=None)
    test.expect("One replicate" in tiny[2] and "-> " in tiny[2] and
                {"infinite", "interval of the model"} <= {row["note"] for row in tiny[1].values()},
                f"tiny: {tiny[2][-1500:]}")
    none = pathways("none", ("run.replicates=1", "run.weeks=20", "population.arrival_weeks=2",
                             "run.burn_in_weeks=1", "services.places=0", "ending.max_sessions=0",
                             "outcome.pathway_weeks=20"))
    test.expect("No odds ratios: nobody is on pathway a" in none[2] and not none[1],
                f"none: {none[2][-400:]}")


RSCRIPT = shutil.which("Rscript")
HELPER = Path(test.program).parent / "tests/experiment/fit_people"
nnet = RSCRIPT and subprocess.run([RSCRIPT, "-e", "library(nnet)"], capture_output=True,
                                  check=False).returncode == 0
if not nnet:
    print("skipped: R's package nnet is not installed (Debian: r-cran-nnet)")
    sys.exit(77)
test.expect(HELPER.exists(), f"{HELPER} is not there: build the tests")
check_run("seed 1", ("run.replicates=1",), 1.959964, "One replicate: the intervals are those of")
check_run("seed 2", ("run.replicates=1", "run.seed=2", "site.number=7"), 1.959964, "One replicate")
check_run("six", ("run.replicates=6",), 2.570582, "standard errors clustered by replicate")
check_network()
check_interactions()
check_left_out()
test.end()
