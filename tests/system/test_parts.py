#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run in parts gives the file that one run gives, and goes on where it was interrupted.

Parts of runs at every level of recording, and of a sweep whose parts begin in the midst of a point,
are merged and compared with the whole, byte by byte. Parts that are missing, double or of different
runs are refused in one sentence; a part that is there is not run again.
"""

import re
import shutil
import sys

import h5py

from program import Test
from results_contents import expect_same

SMALL = ("site.number=2", "population.offers_per_week=2", "run.weeks=60",
         "population.arrival_weeks=50", "outcome.pathway_weeks=20", "run.replicates=5")

test = Test(sys.argv)


def settings(*more):
    return [word for setting in (*SMALL, *more) for word in ("--set", setting)]


def done(*words, status=0):
    result = test.call(*words)
    test.expect(result.returncode == status,
                f"{words[:3]}: status {result.returncode}, not {status}: {result.stderr[-300:]}")
    return result


def refused(what, words, pattern):
    result = done(*words, status=2)
    lines = [line for line in result.stderr.splitlines() if "warning" not in line]
    test.expect(len(lines) == 1 and re.search(pattern, lines[0]),
                f"{what}: '{result.stderr.strip()}' does not say /{pattern}/ in one line")
    test.expect(result.stdout == "", f"{what}: prints {result.stdout[:80]}")


def make_parts(name, count, *words):
    """Runs all parts; returns their files."""
    files = [f"{name}.{part}of{count}.h5" for part in range(1, count + 1)]
    for part, file in enumerate(files, 1):
        done(*words, "--quiet", "--part", f"{part}/{count}", "-o", file)
    return files


def check_runs():
    (test.path / "people.csv").write_text("age,female\n40,1\n,0\n71,\n", encoding="utf-8")
    for name, count, more in (("summary", 2, ["run.record=summary"]),
                              ("cohort", 3, ["run.record=cohort"]),
                              ("trajectories", 5, ["run.record=trajectories",
                                                   "run.trajectory_sample=7"]),
                              ("own_patients", 2, ["run.record=cohort",
                                                   "population.file=people.csv"])):
        words = ["run", *settings(*more)]
        done(*words, "--quiet", "-o", f"{name}.h5")
        files = make_parts(name, count, *words)
        done("merge", *reversed(files), "-o", f"{name}_merged.h5")
        expect_same(test, f"{name}: {count} parts against one run", test.path / f"{name}.h5",
                    test.path / f"{name}_merged.h5")
        with h5py.File(test.path / f"{name}_merged.h5") as merged:
            test.expect("part" not in merged.attrs and merged.attrs["complete"] == 1,
                        f"{name}: the whole calls itself a part")
            command = merged.attrs["command"].decode()
            test.expect("buyin merge" in command and "--part 1/" in command,
                        f"{name}: command is {command}")


def check_sweep():
    words = ["sweep", *settings(), "--vary", "diary.caseload_cap=20:60:20", "--vary",
             "services.places=4,16"]
    done(*words, "--quiet", "-o", "sweep.h5")
    files = make_parts("sweep", 7, *words)  # 30 replicates: parts begin in the midst of a point
    told = done("merge", *files, "-o", "sweep_merged.h5")
    test.expect("7 parts, 30 replicates: sweep_merged.h5" in told.stdout, f"merge: {told.stdout}")
    expect_same(test, "sweep: 7 parts against one run", test.path / "sweep.h5",
                test.path / "sweep_merged.h5", least=80)
    refused("a table of a part", [*words, "--part", "1/2", "-o", "x.h5", "--csv", "x.csv"],
            r"tables and plots are made of the whole")
    refused("a part without a file", [*words, "--part", "1/2"], r"--part writes a part to --output")
    return words


def check_going_on():
    """What is there and complete is left alone; what is not is made."""
    words = ["run", *settings("run.record=cohort")]
    part = test.path / "cohort.2of3.h5"
    before = part.stat().st_mtime_ns
    told = done(*words, "--part", "2/3", "-o", part.name)
    test.expect("is there already" in told.stdout and part.stat().st_mtime_ns == before,
                f"a part that is there was made again: {told.stdout}")
    done(*words, "--part", "2/3", "-o", part.name, "--force", "--quiet")
    test.expect(part.stat().st_mtime_ns != before, "--force does not make a part again")
    part.rename(test.path / "cohort.2of3.h5.part")  # as an interruption leaves it
    done(*words, "--part", "2/3", "-o", part.name, "--quiet")
    done("merge", *(f"cohort.{n}of3.h5" for n in (1, 2, 3)), "-o", "again.h5", "--quiet")
    expect_same(test, "going on", test.path / "cohort.h5", test.path / "again.h5")
    done("run", *settings(), "--part", "1/2", "--quiet")
    test.expect((test.path / "defaults.1of2.h5").exists(), "a part has no name of its own")


def check_refusals(sweep):
    words = ["run", *settings("run.record=cohort")]
    parts = [f"cohort.{n}of3.h5" for n in (1, 2, 3)]
    refused("a missing part", ["merge", *parts[:2], "-o", "x.h5"], r"part 3 of 3 is missing$")
    refused("missing parts", ["merge", parts[1], "-o", "x.h5"], r"part 1 of 3 is missing, and others")
    shutil.copy(test.path / parts[1], test.path / "copy.h5")
    refused("a double part", ["merge", *parts, "copy.h5", "-o", "x.h5"],
            r"copy\.h5: is part 2 of 3, and so is cohort\.2of3\.h5")
    refused("a whole file", ["merge", parts[0], "cohort.h5", "-o", "x.h5"],
            r"cohort\.h5: is a whole results file")
    refused("no parts", ["merge", "-o", "x.h5"], r"the parts and --output are needed")
    refused("no output", ["merge", *parts], r"the parts and --output are needed")
    refused("an existing output", ["merge", *parts, "-o", "cohort.h5"], r"exists already")
    for what, more, pattern in (
            ("another seed", ["--set", "run.seed=2"], r"run\.seed is 2 there, not 1"),
            ("another value", ["--set", "diary.caseload_cap=90"], r"diary\.caseload_cap is 90 there, not"),
            ("another number of replicates", ["--set", "run.replicates=6"], r"run\.replicates is 6 there"),
            ("other sites", ["--set", "site3.practices=1", "--set", "site.number=3"], r"site\.number")):
        done(*words, *more, "--quiet", "--force", "--part", "3/3", "-o", "other.h5")
        refused(what, ["merge", *parts[:2], "other.h5", "-o", "x.h5"], r"other\.h5: .*" + pattern)
        refused(f"{what}, in the way", [*words, "--part", "3/3", "-o", "other.h5"], pattern)
    done(*words, "--quiet", "--force", "--part", "3/4", "-o", "other.h5")
    refused("one of more parts", ["merge", *parts[:2], "other.h5", "-o", "x.h5"],
            r"other\.h5: is one of 4 parts, not of 3")
    refused("part 1 where part 3 belongs", [*words, "--part", "3/3", "-o", parts[0]],
            r"cohort\.1of3\.h5: is part 1 of 3, not part 3")
    done(*sweep, "--quiet", "--part", "3/3", "-o", "swept.h5")
    refused("a part of a sweep", ["merge", *parts[:2], "swept.h5", "-o", "x.h5"],
            r"swept\.h5: is of another run: it has 6 scenarios, not 1")
    shutil.copy(test.path / parts[2], test.path / "newer.h5")
    with h5py.File(test.path / "newer.h5", "r+") as newer:
        newer.attrs["version"] = "9.9.9"
    refused("another version", ["merge", *parts[:2], "newer.h5", "-o", "x.h5"],
            r"newer\.h5: is of another version: 9\.9\.9")
    for command in ("study", "pathways"):
        refused(f"{command} of a part", [command, parts[0]], r"is part 1 of 3: put .* 'buyin merge'")
    refused("export of a part", ["export", parts[0], "--csv", "-o", "x.csv"], r"is part 1 of 3: put .* 'buyin merge'")
    for bad in ("0/3", "4/3", "2", "2/", "/3", "a/b", "2/3x", "1/9"):
        refused(f"--part {bad}", [*words, "--part", bad, "-o", "x.h5"], r"--part = ")
    refused("a part as JSON", [*words, "--part", "1/2", "--json"], r"--json")
    left = sorted(path.name for path in test.path.glob("x.*"))
    test.expect(left == [], f"refusals leave {left}")


check_runs()
swept = check_sweep()
check_going_on()
check_refusals(swept)
test.end()
