#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`buyin patient` tells the weeks of a person in a results file.

The story is simulated anew and has to be that of the run: sessions, pathway and last status as in
/cohort, weekly states as in /trajectories. With --without it is the same person in a model that
lacks a configuration of the theory. `buyin pathways` counts the same people.
"""

import csv
import re
import sys
from pathlib import Path

import h5py
import numpy

from program import Test, read_outcomes

STATES = ("trust", "hope", "stress", "confidence", "isolation", "clarity", "motivation", "coping",
          "ties", "enjoyment", "uncertainty")

test = Test(sys.argv)
CSV = (Path(__file__).parents[2] / "configs" / "patients_example.csv").read_text(encoding="utf-8")


def tell(path, person, *words):
    done = test.call("patient", path, "--id", person["person"], "--site", f"site{person['site'] + 1}",
                     "--replicate", person["replicate"], *words)
    test.expect(done.returncode == 0 and done.stderr == "",
                f"patient {person}: status {done.returncode}: {done.stderr}")
    return done.stdout


def read_people(path):
    with h5py.File(path, "r") as file:
        columns = {name: file[f"/cohort/{name}"][()] for name in
                   ("person", "site", "replicate", "sessions", "pathway", "final_status",
                    "first_offer_week", "first_session_week")}
        words = {name: file[f"/cohort/{name}"].attrs["flag_meanings"].decode().split()
                 for name in ("pathway", "final_status")}
        rows = file["/trajectories/cohort_row"][()]
        states = {name: file[f"/trajectories/{name}"][()] for name in STATES}
    people = []
    for at, row in enumerate(rows):
        person = {name: int(values[row]) for name, values in columns.items()}
        for name, meanings in words.items():
            person[name] = meanings[person[name]]
        person["states"] = {name: values[at] for name, values in states.items()}
        people.append(person)
    return people


def check_story(path, person):
    text = tell(path, person, "--csv", "weeks.csv")
    name = f"person {person['person']} of site{person['site'] + 1}"
    test.expect(text.startswith(f"Person {person['person']} of site{person['site'] + 1}: "),
                f"{name}: begins '{text[:40]}'")
    end = (f"Pathway: {person['pathway']}; {person['sessions']} session"
           f"{'' if person['sessions'] == 1 else 's'}; at the end "
           f"{person['final_status']}")
    test.expect(text.splitlines()[-1] == end,
                f"{name}: ends '{text.splitlines()[-1]}', /cohort says '{end}'")
    told = [int(number) for number in re.findall(r"(?:  |; )session (\d+)", text)]
    test.expect(told == list(range(1, person["sessions"] + 1)), f"{name}: tells sessions {told}")
    weeks = [int(week) for week in re.findall(r"^  week +(\d+)  T", text, re.MULTILINE)]
    test.expect(weeks == sorted(set(weeks)) and weeks[0] == person["first_offer_week"],
                f"{name}: tells the weeks {weeks}")
    with open(test.path / "weeks.csv", encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    start = person["first_offer_week"]
    test.expect([int(row["week"]) for row in table] == list(range(start, 156)),
                f"{name}: the table has {len(table)} rows, from week {start}")
    for state in STATES:
        values = numpy.array([float(row[state]) for row in table])
        test.expect(numpy.allclose(values, person["states"][state][start:], rtol=1e-5, atol=1e-7),
                    f"{name}: {state} differs from /trajectories")
    test.expect(int(table[-1]["sessions"]) == person["sessions"] and
                table[-1]["status"] == person["final_status"],
                f"{name}: the table ends {table[-1]['status']}, {table[-1]['sessions']} sessions")
    for row in table:
        numbers = {key: float(row[key]) for key in ("readiness", "capacity", "severity", "swemwbs")}
        test.expect(7 <= numbers["swemwbs"] <= 35 and
                    0 <= numbers["readiness"] <= numbers["capacity"] <= 1,
                    f"{name}: week {row['week']}: {numbers}")
    return text


def check_without(path, person):
    """The same person; everything up to the first session in which IS1 is missed."""
    plain = tell(path, person)
    for row, differs in (("IS1", True), ("is1", True), ("AP4", False)):
        heading, other = tell(path, person, "--without", row).split("\n\n", 1)
        test.expect(heading.startswith(f"Without {row.upper()}: "), f"--without {row}: says {heading}")
        test.expect(other.split("\n\n")[0] == plain.split("\n\n")[0],
                    f"--without {row}: introduces another person")
        test.expect((other != plain) == differs,
                    f"--without {row}: the story is {'the same' if differs else 'another'}")
    before = [line for line in plain.splitlines() if "session 1" not in line][4:6]
    other = tell(path, person, "--without", "KS5").splitlines()
    test.expect(all(line in other for line in before),
                f"--without KS5: the weeks before the first session differ: {before}")


def check_pathways(path, people):
    """As many people in the table as took up, and the shares of the outcomes."""
    done = test.call("pathways", path, "--people", "people.csv", "--csv", "shares.csv")
    test.expect(done.returncode == 0 and done.stderr == "", f"pathways: {done.stderr}")
    with open(test.path / "people.csv", encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    with open(test.path / "shares.csv", encoding="utf-8", newline="") as file:
        shares = {row["category"]: float(row["value"]) for row in csv.DictReader(file)
                  if (row["table"], row["group"], row["and_group"]) == ("pathway", "everyone", "")}
    outcomes = read_outcomes(path)
    count = outcomes["funnel.taken_up_share_of_offered"] * outcomes["funnel.offered"]
    test.expect(abs(len(table) - count.sum()) < 0.5,
                f"pathways: {len(table)} people took up, {count.sum():.1f} in /outcomes")
    for pathway, title in (("a_rapid", 0), ("b_anchored", 1), ("c_connecting_with", 2)):
        share = float(numpy.mean(outcomes[f"pathway_of_engaged.all.{pathway}"]))
        line = re.search(r"^  everyone +(.*)$", done.stdout, re.MULTILINE)[1]
        shown = float(re.findall(r"([\d.]+) \+-", line)[title])
        test.expect(abs(shown - 100 * share) < 0.051,
                    f"pathways: {pathway} {shown} %, {100 * share:.2f} % in /outcomes")
        test.expect(abs(shares[pathway] - share) < 1e-6,
                    f"pathways: {pathway} {shares[pathway]} in the table, {share:.6f} in /outcomes")
        own = numpy.mean([row["pathway"] == pathway for row in table if row["replicate"] == "0"])
        test.expect(abs(own - outcomes[f"pathway_of_engaged.all.{pathway}"][0]) < 1e-6,
                    f"pathways: {pathway} of the table is {own}")
    test.expect(len(people) < len(table), "pathways: fewer people than trajectories")


def check_refusals(path):
    (test.path / "run.yaml").write_text("run: {weeks: 104}\n", encoding="utf-8")
    for command, name, words, say in (
            ("patient", "no file", ["--id", "1"], "a results file is needed"),
            ("patient", "no person", [path], "--id is needed"),
            ("patient", "an unknown person", [path, "--id", "999999"], "--id = 999999"),
            ("patient", "a word for a person", [path, "--id", "x"], "--id = x"),
            ("patient", "a negative person", [path, "--id", "-1"], "--id = -1"),
            ("patient", "an unknown site", [path, "--id", "1", "--site", "7"],
             "--site = 7: there is no site of that name (site1 to site7)"),
            ("patient", "an unknown replicate", [path, "--id", "1", "--replicate", "2"],
             "--replicate = 2"),
            ("patient", "an unknown row", [path, "--id", "1", "--without", "KS9"],
             "--without = KS9"),
            ("patient", "a table in a missing folder", [path, "--id", "1", "--csv", "no/x.csv"],
             "no/x.csv"),
            ("patient", "a missing file", ["nowhere.h5", "--id", "1"], "nowhere.h5"),
            ("patient", "an unknown option", [path, "--id", "1", "--draws", "5"], "--draws"),
            ("pathways", "no file", [], "a results file is needed"),
            ("pathways", "a missing file", ["nowhere.h5"], "nowhere.h5"),
            ("pathways", "a table in a missing folder", [path, "--csv", "no/x.csv"], "no/x.csv"),
            ("pathways", "people in a missing folder", [path, "--people", "no/x.csv"], "no/x.csv"),
            ("pathways", "people in a configuration", [path, "--people", "run.yaml"],
             "run.yaml: is a configuration"),
            ("pathways", "an unknown option", [path, "--id", "1"], "--id")):
        done = test.call(command, *words)
        lines = done.stderr.splitlines()
        test.expect(done.returncode == 2 and done.stdout == "" and len(lines) == 1 and
                    say in lines[0], f"{command}, {name}: status {done.returncode}, says {lines}")


run = test.run("run", settings=("run.replicates=2", "run.record=trajectories",
                                "run.trajectory_sample=8", "run.trajectory_bits=23"))
everybody = read_people(run)
for patient in everybody:
    check_story(run, patient)
test.expect({person["replicate"] for person in everybody} == {0, 1} and
            len({person["site"] for person in everybody}) == 7, "not all sites and replicates")
longest = max(everybody, key=lambda person: person["sessions"])
test.expect(longest["sessions"] > 4, f"nobody was seen often: {longest['sessions']}")
check_without(run, longest)
check_pathways(run, everybody)
(test.path / "people.csv").write_text(CSV, encoding="utf-8")
(test.path / "people.yaml").write_text("population: {file: people.csv, arrival_weeks: 26}\nsite: {number: 1}\n"
                                       "run: {weeks: 104, replicates: 2, burn_in_weeks: 4}\n", encoding="utf-8")
test.call("run", "people.yaml", "--quiet", "-o", "people.h5")
first = test.call("pathways", "people.h5", "--people", "first.csv")
(test.path / "people.csv").unlink()  # the results file kept the patients
second = test.call("pathways", "people.h5", "--people", "second.csv")
test.expect(first.returncode == 0 and first.stdout == second.stdout and
            (test.path / "first.csv").read_bytes() == (test.path / "second.csv").read_bytes(),
            f"without its CSV file a run is another: {second.stderr}")
check_refusals(run)
test.end()
