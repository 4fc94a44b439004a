#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark runs and its history is kept; how fast anything is, is no test."""

import csv
import json
import math
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "system"))
from program import Test  # noqa: E402

test = Test(sys.argv)
bench = Path(test.program).parent / "tests" / "bench" / "bench"
script = test.source / "scripts" / "benchmark"
history = test.path / "history.csv"


def call(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True,
                          check=False, timeout=600, cwd=test.path)


def check_run():
    done = call(bench, "--quick", "--rounds", "1", "--json", "engaged", "plain", "scaling",
                "startup", "output", "sweep", "points", "threads", "registered", "pieces")
    if not test.expect(done.returncode == 0, f"bench: status {done.returncode}: {done.stderr}"):
        test.end()
    taken = json.loads(done.stdout)
    names = [figure["name"] for figure in taken["figures"]]
    test.expect(len(set(names)) == len(names), f"figures of one name: {sorted(names)}")
    for family in ("limit", "engaged", "registered", "pieces", "threads", "sweep", "plain",
                   "scaling", "output", "startup", "points"):
        test.expect(any(name.startswith(family + ".") for name in names) or
                    (family == "threads" and taken["threads"] == 1), f"no figure of '{family}'")
    for figure in taken["figures"]:
        values = [figure[key] for key in ("least", "median", "most")]
        test.expect(all(map(math.isfinite, values)) and values == sorted(values),
                    f"{figure['name']}: least, median and most are {values}")
        positive = figure["unit"] == "exponent" or values[0] > 0
        test.expect(positive and figure["meaning"], f"{figure['name']}: {figure}")
        if "share" in figure:
            test.expect(figure["share"] > 0, f"{figure['name']}: share {figure['share']}")
    left = [path.name for path in test.path.iterdir() if path.name.startswith("bench-")]
    test.expect(not left, f"the benchmark left {left} behind")
    return taken


def check_refusals():
    for words, sentence in ((("nonsense",), "there is no part 'nonsense'"),
                            (("--rounds", "0"), "--rounds must be a number from 1 to 31"),
                            (("--folder", "nowhere", "startup"), "no folder can be made there")):
        done = call(bench, *words)
        test.expect(done.returncode == 2 and sentence in done.stderr,
                    f"bench {words}: status {done.returncode}: {done.stderr}")


def keep(taken, *words, **changes):
    """Hands the script a run and returns what it printed; `changes` go into the run."""
    path = test.path / "taken.json"
    path.write_text(json.dumps({**taken, **changes}))
    done = call(script, "--from", path, "--history", history, *words)
    test.expect(done.returncode == 0, f"scripts/benchmark: status {done.returncode}: {done.stderr}")
    return done.stdout


def lines():
    with history.open(newline="") as file:
        return list(csv.DictReader(file))


def slowed(taken, name, factor):
    return [{**figure, "median": figure["median"] * (factor if figure["name"] == name else 1)}
            for figure in taken["figures"]]


def check_history(taken):
    said = keep(taken)
    test.expect("Not kept" in said and not history.exists(), f"a quick look was kept: {said}")
    keep(taken, quick=False, commit="a")
    some = [figure for figure in taken["figures"] if figure["name"].startswith("startup.")]
    keep(taken, quick=False, commit="a", date="2030-01-01T00:00:00Z", figures=some)
    test.expect(len(lines()) == 1 and lines()[0]["date"].startswith("2030"),
                f"one commit has {len(lines())} lines")
    test.expect(lines()[0]["engaged.rate"] != "", "measuring one part lost the others")
    said = keep(taken, quick=False, commit="b", figures=slowed(taken, "engaged.rate", 0.8))
    worse = said[said.index("worse:"):said.index("better:")]
    test.expect("engaged.rate" in worse and worse.count("->") == 1,
                f"a rate that fell by a fifth: {worse}")
    said = keep(taken, quick=False, commit="c", figures=slowed(taken, "engaged.time", 1.5))
    worse = said[said.index("worse:"):said.index("better:")]
    test.expect("engaged.time" in worse, f"a time that grew by half: {worse}")
    test.expect("engaged.rate" in said[said.index("better:"):], "a rate that recovered is no news")
    said = keep(taken, quick=False, commit="d", machine="another")
    test.expect("no other commit on this machine" in said, "two machines were compared")
    test.expect([line["commit"] for line in lines()] == ["a", "b", "c", "d"],
                f"the lines are not those of a, b, c and d: {lines()}")


def check_drawing():
    target = test.path / "history.svg"
    done = call(script, "--history", history, "--draw", target)
    test.expect(done.returncode == 0 and "<svg" in target.read_text(),
                f"drawing: status {done.returncode}: {done.stderr}")
    done = call(script, "--history", test.path / "none.csv", "--draw", target)
    test.expect(done.returncode == 2 and "no history" in done.stderr,
                f"drawing nothing: status {done.returncode}: {done.stderr}")
    history.write_text(history.read_text() + "2030,e\n")
    done = call(script, "--history", history, "--draw", target)
    test.expect(done.returncode == 2 and "history.csv:6:" in done.stderr,
                f"a broken line: status {done.returncode}: {done.stderr}")


taken = check_run()
check_refusals()
check_history(taken)
check_drawing()
test.end()
