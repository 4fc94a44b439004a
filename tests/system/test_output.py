#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How large results files are, and what trajectories keep.

`buyin check` predicts the size within 10 % for every level, mode and kind of configuration. Fields that
are not chosen are not there; rounded states are the exact ones, rounded half to even, and say so;
memory does not grow with the number of patients.
"""

import re
import subprocess
import sys

import h5py
import numpy

from program import Test

FEWER = ("sites:\n  - name: network\n    copies: 12\n    months_in_role: 24\n    deprivation: medium\n"
         "    primary_care_managed: yes\n    practices: 5\n    set_up_with_link_workers: yes\n")
STATES = ("trust", "hope", "stress", "confidence", "isolation", "clarity", "motivation", "coping",
          "ties", "enjoyment", "uncertainty", "status")
SMALL = ("run.replicates=2", "run.record=trajectories", "run.trajectory_sample=20",
         "run.counterfactual=no")

test = Test(sys.argv)


def words_of(settings):
    return [word for setting in settings for word in ("--set", setting)]


def check_sizes():
    (test.path / "fewer.yaml").write_text(FEWER, encoding="utf-8")
    england = (test.config("england.yaml"), "fewer.yaml")
    few = {"study": (test.config("study.yaml"),), "pcn": (test.config("pcn.yaml"),),
           "england": england}
    for name, settings in (
            ("study", ()), ("study", ("run.replicates=30", "run.counterfactual=no")),
            ("study", ("site.number=1", "run.replicates=1")),
            ("pcn", ()), ("england", ("run.weeks=40",))):
        for level in ("summary", "cohort", "trajectories"):
            if level == "trajectories" and "run.replicates=30" in settings:
                settings = (*settings, "run.trajectory_sample=15", "run.trajectory_fields=states")
            words = [*few[name], *words_of((*settings, f"run.record={level}"))]
            told = test.call("check", *words)
            found = re.search(r"^  about ([0-9.]+) MB of results", told.stdout, re.MULTILINE)
            what = f"{name} {' '.join(settings)} at level {level}"
            if not test.expect(told.returncode == 0 and found,
                               f"check, {what}: status {told.returncode}: {told.stdout}{told.stderr}"):
                continue
            done = test.call("run", *words, "--quiet", "--force", "-o", "size.h5")
            test.expect(done.returncode == 0, f"run, {what}: {done.stderr}")
            size = 1e-6 * (test.path / "size.h5").stat().st_size
            test.expect(abs(float(found[1]) / size - 1) < 0.1,
                        f"{what}: check says {found[1]} MB, the file has {size:.2f} MB")


def check_rough():
    """A site too large to be tried whole: still quick, and the figure is called rough."""
    told = test.call("check", test.config("pcn.yaml"), *words_of(
        ("run.record=cohort", "run.weeks=500", "registered.list_size_per_practice=50000")))
    test.expect(told.returncode == 0 and "  roughly " in told.stdout,
                f"a very large site: {told.stdout}{told.stderr}")


def check_names_of_sites():
    """What names a site is right for all of them, not only for those of the sample."""
    (test.path / "far.yaml").write_text(
        FEWER.replace("12", "100").replace("practices: 5", "practices: 2") +
        "population: {file: far.csv, arrival_weeks: 30}\n"
        "run: {weeks: 30, burn_in_weeks: 0, replicates: 1, record: trajectories}\n",
        encoding="utf-8")
    (test.path / "far.csv").write_text("site,age\n" + "80,50\n" * 3000, encoding="utf-8")
    told = test.call("check", "far.yaml")
    done = test.call("run", "far.yaml", "--quiet", "--force", "-o", "far.h5")
    found = re.search(r"^  about ([0-9.]+) MB of results", told.stdout, re.MULTILINE)
    size = 1e-6 * (test.path / "far.h5").stat().st_size if done.returncode == 0 else 0.0
    test.expect(told.returncode == done.returncode == 0 and found and
                abs(float(found[1]) / size - 1) < 0.1,
                f"sites named: the file has {size:.2f} MB; check: {told.stdout}{told.stderr}")
    for site, status in (("site7", 0), ("site9", 2)):
        (test.path / "blow.yaml").write_text(
            "population: {offers_per_week: 50}\ninterventions:\n"
            f"  - {{name: blow, start: 52, group: {site}, shock: {{stress: {{add: 0.3}}}}}}\n",
            encoding="utf-8")
        told = test.call("check", test.config("study.yaml"), "blow.yaml")
        test.expect(told.returncode == status and ("no such group" in told.stderr) == (status == 2),
                    f"an intervention at {site}: status {told.returncode}, {told.stderr}")


def round_to(values, bits):
    """Half to even, in single precision."""
    words = values.astype(numpy.float32).view(numpy.uint32).astype(numpy.uint64)
    step = numpy.uint64(1 << (23 - bits))
    low, rest = words - words % step, words % step
    up = (2 * rest > step) | ((2 * rest == step) & (low // step % 2 == 1))
    return (low + up * step).astype(numpy.uint32).view(numpy.float32)


def check_fields():
    exact = h5py.File(test.run("exact", settings=(*SMALL, "run.trajectory_bits=23")), "r")["trajectories"]
    test.expect("_QuantizeBitRoundNumberOfSignificantBits" not in exact["trust"].attrs,
                "exact states are said to be rounded")
    for bits in (12, 5):
        setting = () if bits == 12 else (f"run.trajectory_bits={bits}",)
        path = test.run("rounded", settings=(*SMALL, "run.trajectory_fields=states", *setting))
        with h5py.File(path, "r") as file:
            group = file["trajectories"]
            names = {name for name in group if group[name].ndim == 2}
            test.expect(names == set(STATES), f"trajectory_fields=states keeps {sorted(names)}")
            for name in STATES:
                wanted = exact[name][()]
                known = numpy.isfinite(wanted)
                if name != "status":
                    wanted[known] = round_to(wanted[known], bits)
                    said = group[name].attrs["_QuantizeBitRoundNumberOfSignificantBits"]
                    test.expect(said == bits and f"{bits} binary digits" in
                                group[name].attrs["long_name"].decode(),
                                f"{name}: says {said} binary digits, not {bits}")
                test.expect(numpy.array_equal(group[name][()], wanted, equal_nan=True),
                            f"{name}, {bits} binary digits: is not the exact state, rounded")
            test.expect(group["trust"][()][known].std() > 0, "trust never changes")
    path = test.run("status", settings=(*SMALL, "run.trajectory_fields=status"))
    with h5py.File(path, "r") as file:
        names = {name for name in file["trajectories"] if file["trajectories"][name].ndim == 2}
    test.expect(names == {"status"}, f"trajectory_fields=status keeps {sorted(names)}")


def check_memory():
    """Four times as many patients, in as large pieces, take hardly more memory (HDF5 keeps the places of
    chunks in a cache that fills up)."""
    watch = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
             "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    peak = {}
    for copies in (160, 640):
        (test.path / "many.yaml").write_text(FEWER.replace("12", str(copies)), encoding="utf-8")
        done = subprocess.run(
            ["/usr/bin/python3", "-c", watch, test.program, "run", test.config("england.yaml"),
             "many.yaml", "--quiet", "--force", "-o", "memory.h5", "--threads", "2", *words_of(
                 ("run.weeks=40", "run.record=trajectories", "run.trajectory_fields=states"))],
            cwd=test.path, capture_output=True, text=True, check=False, timeout=300)
        test.expect(done.returncode == 0, f"{copies} networks: {done.stderr}")
        peak[copies] = int(done.stdout.split()[-1])
    size = (test.path / "memory.h5").stat().st_size // 1024
    test.expect(peak[640] < 1.4 * peak[160], f"memory grows with patients: {peak} KB")
    test.expect(size > 2 * peak[640], f"the file has {size} KB: too few to tell")


check_sizes()
check_rough()
check_names_of_sites()
check_fields()
check_memory()
test.end()
