#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several processes give the same results as one.

mpirun -n 1, 2 and 3 write the files that the program writes alone, at every level of recording and
for a sweep; tables and pictures too. Bad input is one sentence with its status, an error of any process
ends all, and the memory of the leader does not grow with the number of pieces. Skips without mpirun or
without MPI in the program.
"""

import os
import shutil
import subprocess
import sys

from program import Test
from results_contents import expect_same

SKIPPED = 77
ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   OMPI_MCA_rmaps_base_oversubscribe="1", OMPI_MCA_hwloc_base_binding_policy="none",
                   OMPI_MCA_btl_vader_single_copy_mechanism="none", OMP_NUM_THREADS="2")
SMALL = ("site.number=3", "population.offers_per_week=2", "run.weeks=60",
         "population.arrival_weeks=50", "outcome.pathway_weeks=20", "run.replicates=5")

test = Test(sys.argv)


def together(count, *words):
    """Runs the program `count` times over under mpirun."""
    return subprocess.run(["mpirun", "--quiet", "-n", str(count), test.program, *map(str, words)],
                          cwd=test.path, env=ENVIRONMENT, capture_output=True, text=True,
                          check=False, timeout=300)


def settings(*more):
    return [word for setting in (*SMALL, *more) for word in ("--set", setting)]


def expect_done(what, done):
    test.expect(done.returncode == 0, f"{what}: status {done.returncode}: {done.stderr[-400:]}")
    return done


def check_runs():
    for level in ("summary", "cohort", "trajectories"):
        words = ["--quiet", *settings(f"run.record={level}", "run.trajectory_sample=7")]
        expect_done(f"{level}, alone", test.call("run", *words, "-o", f"{level}.h5"))
        for count in (1, 2, 3):
            name = f"{level}_{count}.h5"
            expect_done(f"{level}, {count} processes", together(count, "run", *words, "-o", name))
            expect_same(test, f"{level}: {count} processes against one alone",
                        test.path / f"{level}.h5", test.path / name)


def check_sweep():
    words = [*settings(), "--vary", "diary.caseload_cap=20:60:10", "--vary", "services.places=4,16"]
    alone = expect_done("sweep, alone", test.call("sweep", *words, "--csv", "alone.csv", "--plot",
                                                  "alone.svg", "-o", "alone.h5"))
    for count in (1, 2, 3):
        name = f"sweep_{count}"
        done = expect_done(f"sweep, {count} processes",
                           together(count, "sweep", *words, "--csv", f"{name}.csv", "--plot",
                                    f"{name}.svg", "-o", f"{name}.h5"))
        expect_same(test, f"sweep: {count} processes against one alone", test.path / "alone.h5",
                    test.path / f"{name}.h5", least=80)
        test.expect(done.stdout == alone.stdout,
                    f"sweep: {count} processes print other words than one alone")
        for kind in ("csv", "svg"):
            one, other = test.path / f"alone.{kind}", test.path / f"{name}.{kind}"
            test.expect(one.read_bytes() == other.read_bytes(),
                        f"sweep: {count} processes write another .{kind} than one alone")


def check_commands():
    """Whatever runs pieces gives the same words."""
    expect_done("run", test.call("run", *settings(), "--quiet", "-o", "asked.h5"))
    (test.path / "more.yaml").write_text("diary: {caseload_cap: 90}\n", encoding="utf-8")
    (test.path / "base.yaml").write_text("title: base\n", encoding="utf-8")
    for words in (["compare", "base.yaml", "more.yaml", *settings()],
                  ["ablate", *settings("run.replicates=2")],
                  ["study", "asked.h5", "--draws", "20"], ["pathways", "asked.h5"],
                  ["run", "--json", *settings()]):
        alone = expect_done(f"{words[0]}, alone", test.call(*words))
        done = expect_done(f"{words[0]}, 3 processes", together(3, *words))
        test.expect(done.stdout == alone.stdout and len(alone.stdout) > 200,
                    f"{words[0]}: 3 processes print other words than one alone")
    done = expect_done("selftest", together(2, "selftest", *settings(), "--threads", "1,2"))
    test.expect(done.stdout.count("same") == 2, f"selftest, 2 processes: {done.stdout}")
    done = expect_done("verify", together(2, "run", *settings(), "--verify", "-o", "verified.h5"))
    test.expect("conservation laws held" in done.stdout, f"--verify: {done.stdout[-200:]}")
    done = expect_done("version", together(2, "--version"))
    test.expect(done.stdout.count("\n") == 1, f"only one process speaks: {done.stdout}")


def check_refusals():
    """One sentence with its status, whoever notices."""
    for what, status, words in (
            ("unknown parameter", 2, ["run", "--set", "run.weks=1"]),
            ("missing file", 2, ["run", "missing.yaml"]),
            ("unknown command", 2, ["frobnicate"]),
            ("a full disk", 1, ["run", *settings("run.record=cohort"), "--quiet", "-o", "full.h5"])):
        limit = "ulimit -f 100; " if what == "a full disk" else ""
        done = subprocess.run(
            ["mpirun", "--quiet", "-n", "3", "bash", "-c", f'{limit}exec "$0" "$@"', test.program,
             *words], cwd=test.path, env=ENVIRONMENT, capture_output=True, text=True, check=False,
            timeout=300)
        lines = [line for line in done.stderr.splitlines() if line.startswith("buyin")]
        test.expect(done.returncode == status, f"{what}: status {done.returncode}, not {status}")
        test.expect(len(lines) == 1, f"{what}: {len(lines)} sentences: {done.stderr[:300]}")
        test.expect(done.stdout == "", f"{what}: prints {done.stdout[:100]}")
    test.expect(not (test.path / "full.h5").exists(), "a full disk: leaves full.h5")


def check_memory():
    """Four times as many replicates take no more memory, neither of the leader nor of a server."""
    watch = ("import os, resource, subprocess, sys; subprocess.run(sys.argv[2:], check=True); "
             "open(sys.argv[1] + os.environ['OMPI_COMM_WORLD_RANK'], 'w').write("
             "str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))")
    peak = {}
    for replicates in (10, 40):
        words = [*SMALL, f"run.replicates={replicates}", "run.record=cohort"]
        done = subprocess.run(
            ["mpirun", "-n", "2", "/usr/bin/python3", "-c", watch, f"kilobytes_{replicates}_",
             test.program, "run", "--quiet", "-o", f"memory_{replicates}.h5", "--threads", "1",
             *(word for setting in words for word in ("--set", setting))],
            cwd=test.path, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=300)
        sizes = [int(file.read_text()) for file in test.path.glob(f"kilobytes_{replicates}_*")]
        test.expect(len(sizes) == 2, f"memory, {replicates} replicates: {done.stderr[-300:]}")
        peak[replicates] = max(sizes, default=0)
    test.expect(peak[40] < peak[10] + 8000, f"memory grows with replicates: {peak} KB")


if shutil.which("mpirun") is None:
    print("SKIPPED: there is no mpirun (apt-get install openmpi-bin)")
    sys.exit(SKIPPED)
if "without MPI" in together(2, "--version").stderr:
    print("SKIPPED: the program was built without MPI (-DBUYIN_MPI=ON)")
    sys.exit(SKIPPED)
check_runs()
check_sweep()
check_commands()
check_refusals()
check_memory()
test.end()
