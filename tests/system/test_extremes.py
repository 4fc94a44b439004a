#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a user sets within the listed ranges, a run ends well or is refused with a reason.

Some parameters are moved to an end of their range or anywhere within it; short runs are then made
with the conservation laws checked after every week. A run may be refused by a rule between
parameters (status 2, one sentence); it must not break a law, crash, or report a share outside
0 to 1. With BUYIN_FULL=1 ten times as many.
"""

import json
import os
import random
import sys

from program import Test

TRIALS = 4000 if os.environ.get("BUYIN_FULL") else 400
KEPT = ("run.", "site", "population.file", "deprivation.")  # set below, or bound to one another

test = Test(sys.argv)
chance = random.Random(20240607)


def read_table():
    listed = json.loads(test.call("parameters", "--format", "json").stdout)
    rows = listed if isinstance(listed, list) else listed["parameters"]
    return [row for row in rows if "low" in row and not row["name"].startswith(KEPT)]


def draw_settings(rows):
    share = chance.choice((0.02, 0.1, 0.3))
    settings = {}
    for row in rows:
        if chance.random() < share:
            value = chance.choice((row["low"], row["high"],
                                   chance.uniform(row["low"], row["high"])))
            settings[row["name"]] = round(value) if row["kind"] != "real" else value
    settings.update({"run.weeks": chance.choice((20, 60)), "run.replicates": 1, "site.number": 2,
                     "run.burn_in_weeks": 2, "population.arrival_weeks": chance.choice((5, 15)),
                     "site.link_workers": chance.choice((0, 1, 1, 3))})
    for name, values in (("population.offers_per_week", (0, 1, 30)),
                         ("diary.caseload_cap", (1, 5, 200))):
        if name in settings:
            settings[name] = chance.choice(values)  # the upper end would take minutes
    settings["registered.list_size_per_practice"] = 200
    if chance.random() < 0.3:
        settings["run.mode"] = "registered"
    return [f"{name}={value}" for name, value in settings.items()]


def check_run(number, settings):
    """Runs; returns the exit status."""
    done = test.call("run", "--json", "--verify", "--quiet", "--threads", "1",
                     *(word for setting in settings for word in ("--set", setting)))
    what = f"trial {number}"
    if done.returncode == 2:
        test.expect(len(done.stderr.splitlines()) == 1 and done.stdout == "",
                    f"{what}: refused with '{done.stderr.strip()}'")
        return 2
    if not test.expect(done.returncode == 0, f"{what}: status {done.returncode}, "
                                             f"'{done.stderr.strip()}', with {' '.join(settings)}"):
        return done.returncode
    outcomes = json.loads(done.stdout)
    wrong = [name for name, value in outcomes.items()
             if value["unit"] == "share" and not name.startswith("slope_index.")
             and value["mean"] is not None and not -1e-9 <= value["mean"] <= 1 + 1e-9]
    test.expect(not wrong, f"{what}: {wrong[:3]} are shares outside 0 to 1, with "
                           f"{' '.join(settings)}")
    return 0


table = read_table()
test.expect(len(table) > 300, f"only {len(table)} parameters have a range")
statuses = [check_run(number, draw_settings(table)) for number in range(TRIALS)]
print(f"{statuses.count(0)} of {TRIALS} runs made, {statuses.count(2)} refused by a rule")
test.expect(statuses.count(0) >= TRIALS / 4, "nearly all trials were refused: nothing is tested")
test.end()
