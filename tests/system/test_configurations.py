#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped configurations are good, and the program lists what it reads and writes.

The names of outcomes are kept in outcome_names.txt: others find their numbers by these names, so
a name that goes or comes must be noticed. To renew the list:

    test_configurations.py PROGRAM SOURCE_DIRECTORY --renew
"""

import csv
import json
import math
import re
import sys

import h5py
import numpy

from program import Test, labels, read_outcomes

RENEW = sys.argv[3:] == ["--renew"]
test = Test(sys.argv[:3])
NAMES = test.source / "tests" / "system" / "outcome_names.txt"


def check_files():
    """Every configuration passes `buyin check`, which says how much work it is."""
    paths = sorted((test.source / "configs").glob("*.yaml"))
    test.expect(len(paths) >= 5, f"only {len(paths)} configurations are shipped")
    for path in paths:
        done = test.call("check", path)
        test.expect(done.returncode == 0 and f"{path.name}: good" in done.stdout,
                    f"check {path.name}: status {done.returncode}: {done.stderr.strip()}")
        test.expect(re.search(r"[1-9]\d* pieces of work", done.stdout),
                    f"check {path.name}: does not say how many pieces of work it is")
        test.expect(done.stderr == "", f"check {path.name}: says {done.stderr.strip()}")


def same(what, one, other):
    a, b = read_outcomes(one), read_outcomes(other)
    differing = [name for name in a if name not in b or a[name].tobytes() != b[name].tobytes()]
    test.expect(len(a) == len(b) and not differing,
                f"{what}: {len(differing)} of {len(a)} outcomes differ: {', '.join(differing[:5])}")


def check_defaults():
    """A file that sets every parameter to its listed default changes nothing."""
    listed = test.call("parameters", "--format", "yaml")
    path = test.path / "defaults.yaml"
    path.write_text(listed.stdout, encoding="utf-8")
    table = json.loads(test.call("parameters", "--format", "json").stdout)
    count = len(table) if isinstance(table, list) else len(table["parameters"])
    keys = len(re.findall(r"^  [A-Za-z_0-9]+: \S", listed.stdout, re.MULTILINE))
    test.expect(keys == count, f"parameters: {keys} in the YAML listing, {count} in the JSON one")
    small = ("run.replicates=2",)
    nothing = test.run("nothing", config=None, settings=small)
    everything = test.run("everything", config=path, settings=small)
    same("every parameter at its listed default against no file", nothing, everything)
    baseline = (test.source / "configs" / "baseline.yaml").read_text(encoding="utf-8")
    settings = [line for line in baseline.splitlines() if re.match(r" *[A-Za-z_0-9]+:", line)]
    shown = [line for line in listed.stdout.splitlines() if re.match(r" *[A-Za-z_0-9]+:", line)]
    test.expect([line for line in settings if not line.startswith("title:")] ==
                [line for line in shown if not line.startswith("title:")],
                "configs/baseline.yaml differs from `buyin parameters --format yaml`")
    study = test.run("study", settings=small)
    same("the study against no file: the defaults are the study", nothing, study)
    with h5py.File(study, "r") as file:
        resolved = file["/config/resolved_yaml"][()].decode()
    path = test.path / "resolved.yaml"
    path.write_text(resolved, encoding="utf-8")
    same("the resolved configuration of a file, run again", study,
         test.run("again", config=path))
    with h5py.File(everything, "r") as file:
        values, defaults = file["/config/value"][0], file["/config/default_value"][()]
        names = labels(file["/config/parameter"])
    changed = [name for name, value, default in zip(names, values, defaults)
               if value != default and not math.isnan(value)]  # NaN: a text
    test.expect(changed == ["run.replicates"],
                f"/config/value differs from the defaults in {changed}, not in run.replicates alone")


def check_names():
    with h5py.File(test.path / "study.h5", "r") as file:
        names = labels(file["/outcomes/outcome"])
        units, meanings = labels(file["/outcomes/unit"]), labels(file["/outcomes/definition"])
    if RENEW:
        NAMES.write_text("\n".join(names) + "\n", encoding="utf-8")
        print(f"{NAMES}: {len(names)} names written")
    wanted = NAMES.read_text(encoding="utf-8").split()
    gone, new = sorted(set(wanted) - set(names)), sorted(set(names) - set(wanted))
    test.expect(not gone, f"{len(gone)} outcomes are gone: {', '.join(gone[:8])}")
    test.expect(not new, f"{len(new)} outcomes are new (--renew the list): {', '.join(new[:8])}")
    test.expect(names == wanted or gone or new, "the outcomes come in another order")
    test.expect(len(set(names)) == len(names), "an outcome has the name of another")
    bare = [name for name, unit, text in zip(names, units, meanings)
            if not unit or len(text) < 10]
    test.expect(not bare, f"{len(bare)} outcomes have no unit or definition: {bare[:5]}")
    printed = json.loads(test.call("run", test.config("study.yaml"), "--json",
                                   "--set", "run.replicates=2").stdout)
    test.expect(list(printed) == names, "--json does not list the outcomes of the results file")
    values = read_outcomes(test.path / "study.h5")
    wrong = [name for name in names if printed[name]["mean"] is not None and
             abs(printed[name]["mean"] - values[name][numpy.isfinite(values[name])].mean()) >
             1e-12 * max(1.0, abs(printed[name]["mean"]))]
    test.expect(not wrong, f"--json and the results file differ in {wrong[:5]}")


def check_lookups():
    """Names of outcomes and parameters are found by words; what is listed is what a file says."""
    listed = json.loads(test.call("outcomes", "--format", "json").stdout)
    with h5py.File(test.path / "study.h5", "r") as file:
        kept = list(zip(*(labels(file[f"/outcomes/{part}"]) for part in ("outcome", "unit", "definition"))))
    test.expect([(row["name"], row["unit"], row["definition"]) for row in listed] == kept,
                "outcomes: the listing differs from /outcomes of a results file")
    alone = [row["name"] for row in listed if row["definition"].startswith("The same")]
    test.expect(not alone, f"outcomes: definitions that do not stand alone: {alone}")
    found = [row["name"] for row in json.loads(test.call("outcomes", "TRUST", "week13", "--format", "json").stdout)]
    test.expect(found == [row["name"] for row in listed if "week13" in row["name"] and "trust" in row["name"]],
                f"outcomes TRUST week13: finds {found}")
    everything = json.loads(test.call("parameters", "--format", "json").stdout)
    found = [row["name"] for row in json.loads(test.call("parameters", "caseload", "--format", "json").stdout)]
    meant = [row["name"] for row in everything if "caseload" in (row["name"] + row["meaning"]).lower()]
    test.expect(found == meant and "diary.caseload_cap" in found, f"parameters caseload: finds {found}, not {meant}")
    for words, say in ((("outcomes", "zeppelin"), "no outcome has 'zeppelin'"),
                       (("outcomes", "trust", "--format", "yaml"), "--format = yaml"),
                       (("parameters", "zeppelin"), "no parameter has 'zeppelin'"),
                       (("parameters", "--population", "age"), "--population takes no word")):
        done = test.call(*words)
        test.expect(done.returncode == 2 and done.stdout == "" and say in done.stderr and
                    done.stderr.count("\n") == 1, f"{words}: status {done.returncode}, says {done.stderr}")
    one = test.call("check", test.config("pcn.yaml"), "--set", "run.replicates=1", "--threads", "1").stdout
    test.expect("  1 site, 52 weeks, 1 replicate: 1 piece of work\n" in one and "on 1 thread\n" in one,
                f"check: counts one of each as {one.splitlines()[1:]}")


def check_patients():
    """What the file of patients gives shows up in the cohort; what it leaves empty is drawn."""
    columns = {"age": "age", "female": "female", "deprivation_quintile": "quintile",
               "first_offer_week": "first_offer_week", "gp_referral": "first_offer_by_gp",
               "need_mental": "starting_need_mental", "need_social": "starting_need_social",
               "need_financial": "starting_need_financial", "rapport": "rapport",
               "barrier_transport": "starting_barrier_transport",
               "barrier_caring": "starting_barrier_caring",
               "barrier_language": "starting_barrier_language",
               "barrier_health": "starting_barrier_health", "hope": "hope_baseline"}
    with open(test.config("patients_example.csv"), encoding="utf-8") as stream:
        patients = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    path = test.run("patients", config="patients_example.yaml")
    with h5py.File(path, "r") as file:
        cohort = {name: file[f"/cohort/{name}"][()] for name in file["/cohort"]
                  if name != "patient"}
        groups = file["/cohort/ethnicity"].attrs["flag_meanings"].decode().split()
    replicates = 8
    test.expect(len(cohort["age"]) == replicates * len(patients),
                f"{len(cohort['age'])} rows in /cohort, not {replicates} times {len(patients)}")
    compared = 0
    for row, person in enumerate(cohort["person"]):
        patient = patients[person]
        for key, column in columns.items():
            if patient[key]:
                compared += 1
                found = float(cohort[column][row])
                test.expect(abs(found - float(patient[key])) < 1e-6,
                            f"{patient['id']}: {key} is {patient[key]} in the file, {found} in "
                            "the cohort")
        if patient["ethnicity"]:
            test.expect(groups[cohort["ethnicity"][row]] == patient["ethnicity"],
                        f"{patient['id']}: ethnicity is not {patient['ethnicity']}")
    test.expect(compared > 1500, f"only {compared} cells compared")
    drawn = [i for i, patient in enumerate(patients) if patient["id"] == "all_drawn"]
    for column in ("age", "rapport"):
        ages = cohort[column][numpy.isin(cohort["person"], drawn)]
        test.expect(len(set(ages)) == replicates,
                    f"the {column} that the file leaves empty is the same in several replicates")


def check_registered():
    """Who is referred emerges from consultations of everyone on the lists."""
    settings = ("run.mode=registered", "run.weeks=52", "run.replicates=2", "run.record=cohort",
                "registered.list_size_per_practice=500")
    path = test.run("registered", config=None, settings=settings)
    with h5py.File(path, "r") as file:
        offered = len(file["/cohort/age"])
        people = file["/weekly/persons"][0].sum(-1)
        latent = file["/weekly/persons"][0][..., 0]
        needs = sum((file[f"/cohort/starting_need_{need}"][()] > 0).astype(int)
                    for need in ("mental", "somatic", "social", "relationships", "financial"))
        weeks = file["/cohort/first_offer_week"][()]
        early = (weeks < 8) & (file["/cohort/first_offer_by_gp"][()] == 1)
    practices = 2 + 1 + 2 + 2 + 2 + 5 + 5  # of the seven sites
    test.expect(10 < offered < 0.2 * 2 * practices * 500,
                f"registered: {offered} people offered of {2 * practices * 500}")
    test.expect(numpy.all(people.sum(1) == practices * 500),
                f"registered: {people.sum(1).min():.0f} to {people.sum(1).max():.0f} people a week "
                f"in all statuses, not {practices * 500}")
    test.expect(latent[..., -1].sum() > 0.8 * 2 * practices * 500,
                "registered: most people are in the service")
    # needs may arise later, but hardly within weeks, and GPs offer to people in need only
    test.expect(early.sum() > 20 and numpy.mean(needs[early] == 0) < 0.15,
                f"registered: of {early.sum()} people whom a GP offered a referral in the first "
                f"weeks, {numpy.mean(needs[early] == 0):.0%} had no need at the start")
    test.expect(weeks.min() < 5 and weeks.max() > 45,
                f"registered: first offers only in weeks {weeks.min()} to {weeks.max()}")


def check_levels():
    """What is kept grows with the level of recording."""
    wanted = {"summary": set(), "cohort": {"cohort"}, "trajectories": {"cohort", "trajectories"}}
    sizes = {}
    for level, groups in wanted.items():
        path = test.run(level, settings=("run.replicates=2", f"run.record={level}",
                                         "run.trajectory_sample=5"))
        with h5py.File(path, "r") as file:
            found = set(file) & {"cohort", "trajectories"}
        test.expect(found == groups, f"run.record={level}: the file has {found}, not {groups}")
        sizes[level] = path.stat().st_size
    test.expect(sizes["summary"] < sizes["cohort"] < sizes["trajectories"],
                f"the sizes of the files by level of recording: {sizes}")
    all_of_them = test.run("all", settings=("run.replicates=1", "site.number=1",
                                            "run.record=trajectories"), config=None)
    with h5py.File(all_of_them, "r") as file:
        rows, followed = file["/cohort/age"].shape[0], file["/trajectories/trust"].shape[0]
    test.expect(rows == followed > 0, f"trajectory_sample 0 keeps {followed} of {rows} people")


check_files()
check_defaults()
check_names()
check_lookups()
check_patients()
check_registered()
check_levels()
test.end()
