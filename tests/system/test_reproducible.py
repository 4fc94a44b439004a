#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same seed gives the same bits, for any number of threads. (For processes: test_mpi.py.)

Whole results files are compared, dataset by dataset and byte by byte, and every attribute except
those that tell about the run itself. Also: another seed gives another result, and a replicate
does not depend on how many others there are.
"""

import sys

from program import Test, read_outcomes
from results_contents import contents, expect_same

REGISTERED = ("run.mode=registered", "run.weeks=40", "run.burn_in_weeks=10", "run.replicates=2",
              "registered.list_size_per_practice=300", "gp.offer_base=0.3",
              "run.record=trajectories", "run.trajectory_sample=10")
STUDY = ("run.replicates=2", "run.record=trajectories", "run.trajectory_sample=20")

test = Test(sys.argv)


def check_threads():
    for mode, settings in (("study", STUDY), ("registered", REGISTERED)):
        paths = {n: test.run(f"{mode}_{n}", settings=settings, threads=str(n))
                 for n in (1, 2, 3, 5)}
        for n in (2, 3, 5):
            found = expect_same(test, f"{mode}: {n} threads against 1", paths[1], paths[n])
        again = test.run(f"{mode}_again", settings=settings)
        expect_same(test, f"{mode}: the same command twice", paths[1], again)
        test.expect(found["cohort/age"][1][0] > 200,
                    f"{mode}: only {found['cohort/age'][1][0]} people: too few to tell anything")


def check_seed():
    one = contents(test.path / "study_1.h5")
    other = contents(test.run("seed", settings=(*STUDY, "run.seed=2")))
    for name in ("outcomes/value", "cohort/age", "cohort/pathway", "weekly/state_mean",
                 "trajectories/trust", "link_workers/burnout"):
        test.expect(one[name][2] != other[name][2],
                    f"seed 2 gives the same {name} as seed 1: the seed is not used there")


def check_prefix():
    """Replicate r of a run with 2 replicates equals replicate r of a run with 5."""
    few = read_outcomes(test.path / "study_1.h5")
    many = read_outcomes(test.run("five", settings=("run.replicates=5",)))
    differing = [name for name in few if few[name].tobytes() != many[name][:2].tobytes()]
    test.expect(not differing, f"the first 2 of 5 replicates differ from those of a run with 2 in "
                               f"{len(differing)} outcomes: {', '.join(differing[:5])}")
    values = many["contrast.swemwbs_mean_difference_seen"]
    test.expect(len(set(values)) == 5, f"replicates repeat each other: {values}")


def check_recording():
    """What is recorded does not change what happens, nor does verifying it."""
    plain = read_outcomes(test.run("plain", settings=("run.replicates=2",)))
    verified = read_outcomes(test.run("verified", settings=("run.replicates=2",),
                                      words=("--verify",)))
    recorded = read_outcomes(test.path / "study_1.h5")
    for what, other in (("recording trajectories", recorded), ("--verify", verified)):
        differing = [name for name in plain if plain[name].tobytes() != other[name].tobytes()]
        test.expect(not differing, f"{what} changes {len(differing)} outcomes: "
                                   f"{', '.join(differing[:5])}")


def check_selftest():
    for what, words in (("study", ()), ("registered", tuple(
            word for setting in REGISTERED for word in ("--set", setting)))):
        done = test.call("selftest", *words)
        test.expect(done.returncode == 0 and "agree bit for bit" in done.stdout,
                    f"selftest, {what}: status {done.returncode}: "
                    f"{(done.stdout + done.stderr).strip()}")


check_threads()
check_seed()
check_prefix()
check_recording()
check_selftest()
test.end()
