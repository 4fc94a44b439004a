#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`buyin study` repeats the interview study within a run of the study.

What it says of everyone seen and everyone offered is counted again from /cohort; what interviews
and observations distort vanishes with their weights, within its own uncertainty; what is printed
is what the table holds; a run that ends early says whom it cannot interview again; bad input is
refused.
"""

import csv
import math
import re
import sys

import h5py
import numpy

from program import Test

SOURCES = ("interviewed", "interviewed_again", "observed", "participants")
T = 4.303  # Student's t, 97.5 %, 3 replicates

test = Test(sys.argv)


def study(path, *words):
    """{(weight, source, section, question): row} of the table, each once, and what is printed."""
    table = test.path / "study.csv"
    table.unlink(missing_ok=True)
    done = test.call("study", path, "--draws", "400", "--csv", table, *words)
    if not test.expect(done.returncode == 0 and table.exists(),
                       f"study {path.name} {words}: status {done.returncode}: {done.stderr}"):
        test.end()
    with open(table, encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    rows = {(float(row["trust_exponent"]), row["source"], row["section"], row["question"]): row
            for row in lines}
    test.expect(len(rows) == len(lines), f"study: {len(lines) - len(rows)} lines come twice")
    return rows, done.stdout


def number(rows, key, column):
    return float(rows[key][column])


def check_table(rows):
    test.expect({key[1] for key in rows} == set(SOURCES), f"study: sources of {len(rows)} rows")
    for source, size in zip(SOURCES, (61, 41, 35, 84)):
        paths = [key for key in rows if key[:3] == (1, source, "pathway")]
        for column in ("mean", "seen", "offered"):
            total = sum(number(rows, key, column) for key in paths)
            test.expect(abs(total - 1) < 1e-6, f"study: {source}: {column} add up to {total}")
        test.expect(len(paths) == 8 and all(abs(number(rows, key, "persons") - size) < 1e-6
                                            for key in paths),
                    f"study: {source}: {rows[paths[0]]['persons']} people, not {size}")
    for key in rows:
        mean, low, high = (number(rows, key, column) for column in ("mean", "low", "high"))
        rare = low == high  # fewer than one study in forty meets such a person
        test.expect(rare or low - 1e-6 <= mean <= high + 1e-6,
                    f"study: {key}: {mean} is not within {low} to {high}")
        for truth in ("seen", "offered"):
            bias, *interval = (number(rows, key, f"bias_from_{truth}{end}")
                               for end in ("", "_low", "_high"))
            test.expect(abs(bias - (mean - number(rows, key, truth))) < 2e-3 and
                        interval[0] - 1e-9 <= bias <= interval[1] + 1e-9,
                        f"study: {key}: bias {bias} from {truth}, {interval}")


def check_truth(path, rows):
    """Everyone seen and everyone offered, counted from the patients; means over replicates."""
    with h5py.File(path, "r") as file:
        cohort = {name: file[f"/cohort/{name}"][()] for name in
                  ("replicate", "pathway", "sessions", "trust_last_session", "female", "quintile")}
        names = file["/cohort/pathway"].attrs["flag_meanings"].decode().split()
    connected = numpy.isin(cohort["pathway"], [names.index("a_rapid"), names.index("b_anchored")])
    everyone = cohort["sessions"] >= 0
    deprived = cohort["quintile"] <= 2
    wanted = {("pathway", name): (cohort["pathway"] == code, everyone)
              for code, name in enumerate(names)}
    wanted |= {("mean", "trust"): (cohort["trust_last_session"], everyone),
               ("mean", "sessions"): (cohort["sessions"], everyone),
               ("participants", "woman"): (cohort["female"] == 1, everyone),
               ("connected", "everyone"): (connected, everyone),
               ("connected", "quintiles_1_2"): (connected, deprived)}
    for column, people in (("seen", cohort["sessions"] > 0), ("offered", everyone)):
        for (section, question), (values, asked) in wanted.items():
            truth = numpy.mean([values[people & asked & (cohort["replicate"] == r)].mean()
                                for r in range(cohort["replicate"].max() + 1)])
            for source in SOURCES:
                told = number(rows, (1, source, section, question), column)
                test.expect(abs(told - truth) < 1e-6,
                            f"study: {section} {question} of everyone {column} is {told}, "
                            f"{truth:.7f} in /cohort")


def check_bias(rows):
    """Interviews overstate trust and b, observation overstates those who come often."""
    def bias(weight, source, section, question, end=""):
        return number(rows, (weight, source, section, question), f"bias_from_seen{end}")
    for question, least in (("b_anchored", 0.03), ("c_connecting_with", 0.01)):
        test.expect(bias(1, "interviewed", "pathway", question, "_low") > least,
                    f"study: interviewees overstate {question} by "
                    f"{bias(1, 'interviewed', 'pathway', question)}")
    test.expect(bias(1, "interviewed", "pathway", "disengaged", "_high") < -0.05,
                "study: interviewees do not understate dropping out")
    test.expect(bias(1, "observed", "mean", "sessions", "_low") > 2.0,
                "study: the observed do not have more sessions than everyone")
    trust = [bias(weight, "interviewed", "mean", "trust") for weight in (0, 0.5, 1, 4)]
    test.expect(all(low + 0.03 < high for low, high in zip(trust, trust[1:])),
                f"study: bias of trust by the weight: {trust}")


def check_fair(rows, sources, weight):
    """Within five standard errors of zero (and what 400 draws leave open), every question."""
    for key, row in rows.items():
        if key[0] == weight and key[1] in sources:
            bias, low, high = (number(rows, key, f"bias_from_seen{end}")
                               for end in ("", "_low", "_high"))
            spread = (number(rows, key, "high") - number(rows, key, "low")) / 4
            error = max((high - low) / 2 / T, spread / math.sqrt(1200))
            test.expect(math.isnan(bias) or abs(bias) <= 5 * error + 1e-12 or
                        key[1] == "interviewed_again",  # those who came early, not everyone
                        f"study: without a weight {key} is off by {bias} ({low} to {high})")


def check_print(rows, text):
    """The first tables show the run's own weight, the last one all weights."""
    test.expect("61 people interviewed, 41 of them again, 35 observed, 12 both; 84 in all" in text,
                f"study: begins '{text[:120]}'")
    line = re.search(r"^  b anchored +([\d.]+) \(([\d.]+) to ([\d.]+)\)", text, re.MULTILINE)
    row = rows[1, "interviewed", "pathway", "b_anchored"]
    for told, column in zip(line.groups() if line else (), ("mean", "low", "high")):
        test.expect(abs(float(told) - 100 * float(row[column])) <= 0.0501,
                    f"study: b is printed as {told}, the table holds {row[column]}")
    last = text[text.index("Bias of the interviewed by the weight"):]
    line = re.search(r"^  trust, last session +(.*)$", last, re.MULTILINE)
    told = [float(word) for word in re.findall(r"([+-][\d.]+) \+-", line[1])] if line else []
    held = [number(rows, (weight, "interviewed", "mean", "trust"), "bias_from_seen")
            for weight in (0, 0.5, 1, 4)]
    test.expect(len(told) == 4 and all(abs(a - b) <= 0.00501 for a, b in zip(told, held)),
                f"study: weights printed as {told}, the table holds {held}")
    test.expect(max(map(len, text.splitlines())) <= 130, "study: lines of more than 130 characters")


def check_short_run():
    """Weeks 39 after the first session that lie beyond the run: fewer are interviewed again."""
    short = test.run("short", settings=("run.replicates=2", "run.weeks=60",
                                        "population.arrival_weeks=50"))
    rows, text = study(short)
    again = number(rows, (1, "interviewed_again", "mean", "age"), "persons")
    told = re.search(r"Interviewed again are ([\d.]+) people on average, not 41: the run ends after "
                     r"60 weeks", text)
    test.expect(1 < again < 40 and told and abs(float(told[1]) - again) <= 0.0501,
                f"a short run: {again} again, {text[:400]}")
    none = test.run("none", settings=("run.replicates=1", "run.weeks=39",
                                      "population.arrival_weeks=30", "outcome.pathway_weeks=30"))
    rows, text = study(none)
    test.expect(number(rows, (1, "interviewed_again", "mean", "age"), "persons") == 0 and
                math.isnan(number(rows, (1, "interviewed_again", "mean", "age"), "mean")) and
                "One replicate: the bias has no interval" in text and "nan" not in text,
                f"a run without re-interviews: {text[:400]}")


def check_warnings():
    """A comparison that another version made: both are said, that it is another and that it holds several."""
    path = test.path / "two.h5"
    test.call("compare", test.config("study.yaml"), test.config("scenarios/no_holding.yaml"), "-o", path,
              "--set", "run.replicates=2")
    with h5py.File(path, "a") as file:
        del file.attrs["commit"]
        file.attrs["commit"] = "0123456"
    done = test.call("study", path, "--draws", "2")
    test.expect(done.returncode == 0 and "numbers may differ" in done.stderr and
                "it holds 2 scenarios: this is the first of them alone" in done.stderr,
                f"a comparison of another version: {done.stderr}")


def check_refusals(path):
    (test.path / "table.csv").write_text("week,trust\n1,0.5\n", encoding="utf-8")
    with h5py.File(test.path / "other.h5", "w") as file:
        file["x"] = [1, 2, 3]
    few = test.run("few", settings=("site.number=1", "run.replicates=1", "run.weeks=60",
                                    "population.arrival_weeks=30", "population.offers_per_week=3"),
                   config=None)
    for name, words, say in (
            ("no file", [], "a results file is needed"),
            ("a missing file", ["nowhere.h5"], "nowhere.h5"),
            ("a table", ["table.csv"], "table.csv"),
            ("HDF5 of another program", ["other.h5"], "other.h5"),
            ("two files", [path, path], "one file"),
            ("no draw", [path, "--draws", "0"], "--draws = 0"),
            ("a word for a number", [path, "--draws", "some"], "--draws = some"),
            ("an unknown option", [path, "--plot", "a.svg"], "--plot"),
            ("no weight", [path, "--weights", ""], "--weights: study.trust_exponent"),
            ("a weight left out", [path, "--weights", "1,,2"], "--weights: study.trust_exponent"),
            ("a negative weight", [path, "--weights", "1,-1"],
             "--weights: study.trust_exponent = -1"),
            ("a word for a weight", [path, "--weights", "1,much"],
             "--weights: study.trust_exponent = much"),
            ("too many weights", [path, "--weights", ",".join("1" * 17)], "at most 16 numbers"),
            ("a folder that is not there", [path, "--csv", "nowhere/a.csv"], "nowhere/a.csv"),
            ("too few people", [few], "a study of 84 cannot be drawn")):
        done = test.call("study", *words)
        lines = done.stderr.splitlines()
        test.expect(done.returncode == 2 and done.stdout == "" and len(lines) == 1 and
                    say in lines[0], f"study, {name}: status {done.returncode}, says {lines}")
    done = test.call("run", test.config("study.yaml"), "--set", "study.overlap=36")
    test.expect(done.returncode == 2 and "study.overlap = 36: must be at most study.observed = 35"
                in done.stderr, f"an overlap of 36: {done.stderr}")


run = test.run("run", settings=("run.replicates=3", "run.record=cohort"))
all_rows, printed = study(run, "--weights", "0,0.5,1,4")
test.expect(study(run, "--weights", "0,0.5,1,4", "--threads", "1") == (all_rows, printed),
            "study: depends on the number of threads")
check_table(all_rows)
check_truth(run, all_rows)
check_bias(all_rows)
check_fair(all_rows, ("interviewed",), 0)
check_print(all_rows, printed)
alike = test.run("alike", settings=("run.replicates=3", "study.trust_exponent=0",
                                    "study.session_exponent=0"))
check_fair(study(alike)[0], SOURCES, 0)
check_short_run()
check_warnings()
check_refusals(run)
test.end()
