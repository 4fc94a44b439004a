#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenario library, comparisons, differences and sweeps.

Every file in configs/scenarios/ says in its head what it moves (`# Expected: outcome higher`); here it
has to: the paired 95 % interval over replicates must lie on that side of 0. Arguments: the program, the
source directory.
"""
import csv
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

PROGRAM, SOURCE = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
FAULTS = []
EXPECTED = re.compile(r"^# Expected: (\S+) (higher|lower)$", re.MULTILINE)


def expect(condition, words):
    if not condition:
        FAULTS.append(words)
        print("FAULT:", words)


def run(*arguments, status=0):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False)
    expect(done.returncode == status, f"{arguments}: status {done.returncode}, not {status}: {done.stderr}")
    return done


def rows(path):
    with open(path, encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


NEEDED = re.compile(r"for every ([\d.]+) people offered \(([\d.]+) to ([\d.]+)\), at (-?\d+) GBP")


def library(folder):
    """Each scenario moves what its head says, in the direction it says."""
    base = SOURCE / "configs" / "study.yaml"
    files = sorted((SOURCE / "configs" / "scenarios").glob("*.yaml"))
    expect(len(files) >= 17, f"only {len(files)} scenarios are there")
    run("compare", base, *files, "-s", "run.replicates=16", "--quiet", "--csv", folder / "all.csv")
    found = {(row["scenario"], row["outcome"]): row for row in rows(folder / "all.csv")}
    for path in files:
        claims = EXPECTED.findall(path.read_text(encoding="utf-8"))
        expect(claims, f"{path.name} claims nothing")
        for outcome, direction in claims:
            row = found[path.name, outcome]
            low, high = float(row["low"]), float(row["high"])
            held = low > 0 if direction == "higher" else high < 0
            expect(held, f"{path.name}: {outcome} is not {direction}: {low} to {high}")


def comparison(folder):
    """A comparison with itself is exactly nothing; files of two scenarios are laid over each other."""
    base = SOURCE / "configs" / "study.yaml"
    same = folder / "same.yaml"
    same.write_text("title: the same\n", encoding="utf-8")
    small = ["-s", "run.replicates=2", "-s", "site.number=2"]
    run("compare", base, same, *small, "--quiet", "--csv", folder / "same.csv")
    moved = [row for row in rows(folder / "same.csv") if row["difference"] not in ("0", "-nan", "nan")]
    expect(not moved, f"a comparison with itself differs: {moved[:2]}")
    other = folder / "other.yaml"
    other.write_text("run: {weeks: 120}\n", encoding="utf-8")
    places = SOURCE / "configs" / "scenarios" / "gp_training.yaml"
    done = run("compare", base, places, "--csv", folder / "places.csv")
    found = {row["outcome"]: row for row in rows(folder / "places.csv")}
    more, dearer = found["funnel.connected_share_of_offered"], found["cost.net_per_person_offered"]
    said = NEEDED.search(done.stdout)
    expect(said, f"compare does not say what one more connection takes: {done.stdout[-300:]}")
    needed, low, high, price = (float(word) for word in said.groups()) if said else (0, 0, 0, 0)
    for name, told, true in (("needed to refer", needed, 1 / float(more["difference"])),
                             ("its lower bound", low, 1 / float(more["high"])),
                             ("its upper bound", high, 1 / float(more["low"])),
                             ("cost", price, float(dearer["difference"]) / float(more["difference"]))):
        expect(abs(told - true) <= 0.051 if name != "cost" else abs(told - true) <= 0.51,
               f"{name} of a connection: {told}, but the table says {true}")
    done = run("compare", base, other, status=2)
    expect("run.weeks = 120: must be 156" in done.stderr, f"pairing: {done.stderr}")
    done = run("diff", base, SOURCE / "configs" / "scenarios" / "no_holding.yaml")
    expect("ending.holding: 1 -> 0" in done.stdout, f"diff: {done.stdout[:300]}")
    run("compare", base, status=2)


def sweep(folder):
    """Grids and designs, their coordinates, and what is refused."""
    small = ["-s", "run.replicates=2", "-s", "run.weeks=60", "-s", "population.arrival_weeks=50",
             "-s", "outcome.pathway_weeks=20", "--quiet"]
    grid = ["--vary", "diary.caseload_cap=20:40:10", "--vary", "diary.full_time_equivalent=0.5,1"]
    run("sweep", *small, *grid, "--csv", folder / "grid.csv", "--plot", folder / "grid.svg",
        "-o", folder / "grid.h5")
    points = {(row["diary.caseload_cap"], row["diary.full_time_equivalent"]) for row in rows(folder / "grid.csv")}
    expect(points == {(cap, fte) for cap in ("20", "30", "40") for fte in ("0.5", "1")}, f"grid: {points}")
    xml.etree.ElementTree.parse(folder / "grid.svg")
    alone = rows(folder / "grid.csv")
    value = {row["outcome"]: row["mean"] for row in alone
             if row["diary.caseload_cap"] == "30" and row["diary.full_time_equivalent"] == "1"}
    run("run", *small, "-s", "diary.caseload_cap=30", "-o", folder / "one.h5")
    import h5py  # after the system's interpreter is certain
    with h5py.File(folder / "one.h5") as one, h5py.File(folder / "grid.h5") as many:
        names = one["/outcomes/outcome"].asstr()[:]
        mean = dict(zip(names, one["/outcomes/mean"][0]))
        expect(abs(float(value["service.caseload"]) - mean["service.caseload"]) < 1e-6,
               "a point of the sweep differs from the same run alone")
        expect(list(many["/sweep/diary_caseload_cap"][:]) == [20, 20, 30, 30, 40, 40], "coordinates")
    run("sweep", *small, "--vary", "services.places=2:30", "--vary", "diary.caseload_cap=20:60",
        "--design", "latin_hypercube", "--points", "6", "--csv", folder / "lhs.csv")
    places = sorted({float(row["services.places"]) for row in rows(folder / "lhs.csv")})
    strips = [int((place - 2) / (28 / 6)) for place in places]
    expect(strips == list(range(6)), f"Latin hypercube: one point in each strip, not {strips}")
    run("sweep", *small, "--vary", "services.places=2:30", "--design", "sobol", "--points", "4")
    loud = [word for word in small if word != "--quiet"]
    done = run("sweep", *loud, "--vary", "diary.caseload_cap=0,50")
    expect("cost per person connected    best at 50 " in done.stdout,
           f"nobody is connected at a cap of 0, so its cost is not the best: {done.stdout[-700:]}")
    done = run("sweep", *loud, "--vary", "diary.caseload_cap=40,50", "-s", "run.replicates=1")
    expect(done.stdout.count("no best value: that needs 2 replicates") >= 5 and "best at" not in done.stdout,
           f"one replicate cannot tell what is best: {done.stdout[-700:]}")
    for bad in (["--vary", "diary.caseload_cup=1,2"], ["--vary", "diary.caseload_cap="],
                ["--vary", "diary.caseload_cap=40:20:5"], ["--vary", "diary.caseload_cap=20:40:0"],
                ["--vary", "run.replicates=1,2"], ["--vary", "diary.caseload_cap=-5,2"], []):
        done = run("sweep", *bad, status=2)
        expect(len(done.stderr.strip().splitlines()) == 1, f"{bad}: {done.stderr}")


def headline():
    """In the caseload sweep connections per cost have their optimum inside, not at the edge."""
    done = run("sweep", SOURCE / "configs" / "sweeps" / "caseload.yaml")
    block = done.stdout.split("diary.full_time_equivalent = 1, population.offers_per_week = 4.45")[-1]
    line = next(line for line in block.splitlines() if "cost per person connected" in line)
    expect("edge of the sweep" not in line, f"no interior optimum: {line}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        library(folder)
        comparison(folder)
        sweep(folder)
    headline()
    print(f"{len(FAULTS)} faults")
    sys.exit(1 if FAULTS else 0)


main()
