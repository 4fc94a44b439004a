#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Interventions with a date: nothing before it, what it says from then on, refusals with their place."""

import sys

import numpy
from program import Test

test = Test(sys.argv)
SMALL = ["run.replicates=2", "site.number=2", "run.weeks=120", "population.arrival_weeks=100",
         "run.record=trajectories", "outcome.pathway_weeks=20"]


def run(name, text):
    """Runs two sites with the interventions of `text`; returns the open file."""
    import h5py
    scenario = test.path / f"{name}.yaml"
    scenario.write_text(text, encoding="utf-8")
    words = [word for setting in SMALL for word in ("--set", setting)]
    done = test.call("run", scenario, "--quiet", "--verify", "--force", "-o", test.path / f"{name}.h5", *words)
    test.expect(done.returncode == 0, f"{name}: status {done.returncode}: {done.stderr}")
    return h5py.File(test.path / f"{name}.h5")


def refuse(name, text, *parts):
    """One line that names the place and the rule, status 2."""
    scenario = test.path / f"{name}.yaml"
    scenario.write_text(text, encoding="utf-8")
    done = test.call("check", scenario)
    lines = done.stderr.strip().splitlines()
    test.expect(done.returncode == 2 and len(lines) == 1, f"{name}: {done.returncode}, {lines}")
    for part in parts:
        test.expect(part in done.stderr, f"{name}: '{part}' is not in {done.stderr}")


def item(body):
    return "interventions:\n  - " + body.strip().replace("\n", "\n    ") + "\n"


def series(file, name):
    return file[f"/trajectories/{name}"][:]


plain = run("plain", "title: nothing\n")
start = 50

# the cap is largest when another intervention ends: caseloads have room for that too
run("ends", "site: {link_workers: 2}\npopulation: {offers_per_week: 60}\ndiary: {caseload_cap: 10}\n"
    "interventions:\n  - start: 0\n    end: 50\n    set: {diary.caseload_cap: 0}\n"
    "  - start: 20\n    scale: {diary.caseload_cap: 10}\n")
refuse("end_value", "diary: {caseload_cap: 50}\ninterventions:\n  - start: 0\n    end: 50\n"
       "    set: {diary.caseload_cap: 0}\n  - start: 20\n    scale: {diary.caseload_cap: 25}\n", "1250")

# a value set to what it is anyway changes nothing, bit for bit
same = run("same", item(f"start: {start}\nset: {{diary.caseload_cap: 50}}\nscale: {{services.places: 1}}"))
for name in ("trust", "stress", "status"):
    test.expect(numpy.array_equal(series(plain, name), series(same, name), equal_nan=True),
                f"an intervention that changes nothing changes {name}")

# a parameter: the same until the date, different after it, at the site named only
later = run("later", item(f"start: {start}\nend: 80\nsites: [site2]\nset: {{session.listening_weight: 0}}"))
sites = plain["/cohort/site"][:][plain["/trajectories/cohort_row"][:]]
trust, other = series(plain, "trust"), series(later, "trust")
test.expect(numpy.array_equal(trust[:, :start], other[:, :start], equal_nan=True), "trust differs before the start")
test.expect(numpy.array_equal(trust[sites == 0], other[sites == 0], equal_nan=True), "the other site is touched")
gap = numpy.nanmean(other[sites == 1][:, start:80]) - numpy.nanmean(trust[sites == 1][:, start:80])
test.expect(gap < -0.02, f"without listening trust falls by {gap} only")

# a shock: hits the group once, in the week of its date
shock = run("shock", item(f"start: {start}\ngroup: carer\nshock: {{barrier_income: {{set: 1}}}}"))
rows = plain["/trajectories/cohort_row"][:]
carer = plain["/cohort/starting_barrier_caring"][:][rows] > 0
offered = plain["/cohort/first_offer_week"][:][rows] < start
income = series(shock, "barrier_income")
hit, spared = income[carer & offered][:, start], income[~carer][:, : start + 1]
test.expect((hit > 0.8).all(), f"a shock to 1 leaves some carers at {hit.min()}")
test.expect(numpy.array_equal(spared, series(plain, "barrier_income")[~carer][:, : start + 1], equal_nan=True),
            "people outside the group are hit")

# places: cut ones close as they fall free, all are back at the end
cut = run("cut", item(f"start: {start}\nend: 80\nscale: {{services.places: 0.1}}"))
places, taken = (cut[f"/weekly/{name}"][0, 0, 0] for name in ("places", "places_taken"))
test.expect(places[start - 1] == places[90] == plain["/weekly/places"][0, 0, 0, 0], "places do not come back")
test.expect((numpy.diff(places[start:80]) <= 0).all(), "places open during a cut")
test.expect((taken <= places).all(), "more places are taken than there are")

refuse("unknown", item("start: 5\nset: {diary.caseload_cup: 4}"), "unknown.yaml:3:", "did you mean 'diary.caseload_cap'?")
refuse("set_up", item("start: 5\nset: {population.age_mean: 40}"), "set_up.yaml:3:", "acts only when the run is set up")
refuse("range", item("start: 5\nscale: {services.places: 100000}"), "range.yaml:3:", "services.places")
refuse("late", item("start: 400\nset: {ending.holding: no}"), "late.yaml:2:", "start = 400")
refuse("backwards", item("start: 50\nend: 40\nset: {ending.holding: no}"), "end = 40", "later than start = 50")
refuse("empty", item("start: 5"), "changes nothing")
refuse("no_site", item("start: 5\nsites: [nowhere]\nset: {ending.holding: no}"), "no site of that name")
refuse("no_state", item("start: 5\nshock: {mood: {add: 1}}"), "there is no such state")
refuse("no_group", item("start: 5\ngroup: nobody\nshock: {stress: {add: 0.1}}"), "no such group")
refuse("group", item("start: 5\ngroup: carer\nset: {ending.holding: no}"), "only a shock can hit a group")
refuse("key", item("start: 5\nwhen: 3"), "key.yaml:3:", "unknown key of an intervention")
refuse("word", item("start: soon\nset: {ending.holding: no}"), "must be a week")
refuse("registered", "run: {mode: registered, weeks: 52}\n" + item("start: 5\nscale: {gp.offer_base: 2}"),
       "drawn ahead in registered mode")
test.end()
