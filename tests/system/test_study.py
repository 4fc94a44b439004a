#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`buyin study` repeats the interview study within a run of the study.

What it says of everyone seen and everyone offered is counted again from /cohort; interviewees are
a distortion of them that vanishes with the weight on trust; bad input is refused.
"""

import re
import sys

import h5py
import numpy

from program import Test

PATHWAYS = ("a_rapid", "b_anchored", "own_support", "disengaged", "c_connecting_with", "brief",
            "waiting", "declined")
LINE = re.compile(r"^  (.{26}) +(-?[\d.]+) \( *(-?[\d.]+) to +(-?[\d.]+)\) +(-?[\d.]+) +(-?[\d.]+)"
                  r" +([+-][\d.]+)$", re.MULTILINE)

test = Test(sys.argv)


def study(path, *words):
    """{line: (mean, low, high, seen, offered, difference)} of the printed table."""
    done = test.call("study", path, *words)
    test.expect(done.returncode == 0, f"study {path.name} {words}: status {done.returncode}: "
                                      f"{done.stderr}")
    test.expect("61 interviewed, 41 of them re-interviewed, 35 observed, 84 people in all"
                in done.stdout, f"study: begins '{done.stdout[:120]}'")
    return {match[1].strip(): tuple(float(x) for x in match.groups()[1:])
            for match in LINE.finditer(done.stdout)}, done.stdout


def check_table(table):
    test.expect(set(PATHWAYS) <= set(table) and len(table) == 11, f"study: lines {list(table)}")
    for column, what in ((0, "interviewees"), (3, "everyone seen"), (4, "everyone offered")):
        total = sum(table[pathway][column] for pathway in PATHWAYS)
        test.expect(abs(total - 100) < 0.05, f"study: {what} add up to {total:.2f} %")
    for name, (mean, low, high, seen, _, difference) in table.items():
        test.expect(low <= mean <= high, f"study: {name}: {mean} is not within {low} to {high}")
        test.expect(abs(difference - (mean - seen)) < 0.011,
                    f"study: {name}: {mean} minus {seen} is not {difference}")


def check_truth(path, table):
    """Everyone seen and everyone offered, counted from the patients; means over replicates."""
    with h5py.File(path, "r") as file:
        cohort = {name: file[f"/cohort/{name}"][()] for name in
                  ("replicate", "pathway", "sessions", "trust_last_session")}
        names = file["/cohort/pathway"].attrs["flag_meanings"].decode().split()
    replicates = range(cohort["replicate"].max() + 1)
    for column, people in ((3, cohort["sessions"] > 0), (4, cohort["sessions"] >= 0)):
        for code, name in enumerate(names):
            share = numpy.mean([numpy.mean(cohort["pathway"][people & (cohort["replicate"] == r)]
                                           == code) for r in replicates])
            test.expect(abs(table[name][column] - 100 * share) < 0.006,
                        f"study: {name}: {table[name][column]} %, {100 * share:.3f} % in /cohort")
        trust = numpy.mean([cohort["trust_last_session"][people & (cohort["replicate"] == r)].mean()
                            for r in replicates])
        test.expect(abs(table["trust, last session"][column] - trust) < 0.006,
                    f"study: trust {table['trust, last session'][column]}, {trust:.4f} in /cohort")


def check_bias(table, fair, strong):
    """The weight on trust is what distorts: without it only those without any trust are missing."""
    b, trust = "b_anchored", "trust, last session"
    test.expect(table[b][5] > 3 and table[trust][5] > 0.05 and table["disengaged"][5] < -5,
                f"study: interviewees overstate b by {table[b][5]}, trust by {table[trust][5]}")
    test.expect(abs(fair[b][5]) < 1.5 and abs(fair[trust][5]) < 0.02,
                f"study: without a weight b is off by {fair[b][5]}, trust by {fair[trust][5]}")
    test.expect(strong[trust][5] > table[trust][5] + 0.03 and strong[b][5] > table[b][5],
                f"study: a weight of 4 overstates trust by {strong[trust][5]}")
    for name in PATHWAYS:  # only the drawing differs
        test.expect(table[name][3:5] == fair[name][3:5] == strong[name][3:5],
                    f"study: the weight moves the truth of {name}")
    test.expect(table[b][2] - table[b][1] > 15,
                f"study: n = 61 leaves b within {table[b][2] - table[b][1]} points")


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
            ("an unknown option", [path, "--csv", "a.csv"], "--csv"),
            ("too few people", [few], "a study of 84 cannot be drawn")):
        done = test.call("study", *words)
        lines = done.stderr.splitlines()
        test.expect(done.returncode == 2 and done.stdout == "" and len(lines) == 1 and
                    say in lines[0], f"study, {name}: status {done.returncode}, says {lines}")


run = test.run("run", settings=("run.replicates=3", "run.record=cohort"))
printed, text = study(run, "--draws", "400")
test.expect(text == study(run, "--draws", "400", "--threads", "1")[1],
            "study: depends on the number of threads")
check_table(printed)
check_truth(run, printed)
check_bias(printed, *(study(test.run(f"weight_{weight}", settings=(
    "run.replicates=3", f"study.trust_exponent={weight}")), "--draws", "400")[0]
    for weight in (0, 4)))
check_refusals(run)
test.end()
