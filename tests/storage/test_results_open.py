#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A results file of the study opens everywhere, says the same thing everywhere, and adds up.

The file is opened in h5py, xarray, netCDF and R (the last two where they are installed); pathway
proportions from its tables, its patients and its outcomes must agree; outcomes are computed again
from the patients with nothing but the definition.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import numpy
import xarray

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
from program import Test, labels, read_outcomes  # noqa: E402

REPLICATES, SAMPLE = 2, 20
GROUPS = ("config", "outcomes", "weekly", "link_workers", "pathways", "groups", "course", "cohort",
          "trajectories")
STATUSES = "latent waiting engaged connected tapering closed declined disengaged".split()
STATES = ("trust", "hope", "stress", "confidence", "isolation", "clarity", "motivation", "coping",
          "ties", "enjoyment", "uncertainty", "need_mental", "barrier_transport")

test = Test(sys.argv)


def close(what, found, expected, tolerance=1e-6):
    good = numpy.allclose(found, expected, rtol=tolerance, atol=tolerance, equal_nan=True)
    test.expect(good and numpy.all(numpy.isfinite(found)),
                f"{what}: {numpy.round(found, 7)} here, {numpy.round(expected, 7)} there")


def check_generic(path):
    """The rules of every results file."""
    done = subprocess.run([sys.executable, "-B", test.source / "tests/storage/test_open_labels.py",
                           path], capture_output=True, text=True, check=False)
    test.expect(done.returncode == 0, f"test_open_labels.py: {done.stdout.strip()[-2000:]}")
    for line in done.stdout.splitlines():
        if line.startswith("not checked"):
            print(line)


def check_xarray(path, outcomes):
    """Every group opens alone, with names for everything."""
    for group in GROUPS:
        with xarray.open_dataset(path, engine="h5netcdf", group=group) as opened:
            test.expect(len(opened.data_vars) > 0, f"xarray: /{group} holds nothing")
            loose = [name for name in opened.data_vars
                     if any(size.startswith("phony") for size in opened[name].dims)]
            test.expect(not loose, f"xarray: /{group}: {loose} have dimensions without a name")
    with xarray.open_dataset(path, engine="h5netcdf", group="outcomes") as opened:
        name = "pathway_of_engaged.carer.c_connecting_with"
        close(f"xarray: {name}", opened.value.sel(outcome=name, scenario="run").values,
              outcomes[name])
    with xarray.open_dataset(path, engine="h5netcdf", group="weekly") as weekly:
        close("xarray: persons of /weekly over statuses against the site's people",
              weekly.persons.sum("status").isel(week=-1).sum("site").values[0],
              outcomes["funnel.offered"])
        waiting = weekly.persons.sel(status="waiting", site="site6")
        test.expect(waiting.dims == ("scenario", "replicate", "week") and waiting.max() > 0,
                    f"xarray: waiting at site6 is {waiting.dims}")
    with xarray.open_dataset(path, engine="h5netcdf", group="config") as config:
        close("xarray: run.weeks of /config",
              config.value.sel(parameter="run.weeks").values, [156])


def proportions_in_r(path):
    """Pathway shares by replicate, from /pathways/persons as R reads it; None without R."""
    script = test.path / "pathways.R"
    script.write_text("""
suppressMessages(library(rhdf5))
path <- commandArgs(trailingOnly = TRUE)[1]
persons <- h5read(path, "/pathways/persons")     # [pathway, site, replicate, scenario]
by <- apply(persons[, , , 1, drop = FALSE], c(1, 3), sum)
shares <- sweep(by, 2, colSums(by), "/")
names <- h5read(path, "/pathways/pathway")
for (i in seq_along(names)) cat(names[i], format(shares[i, ], digits = 15), "\\n")
""", encoding="utf-8")
    if shutil.which("Rscript") is None:
        print("not checked: Rscript is not installed")
        return None
    done = subprocess.run(["Rscript", "--vanilla", script, path], capture_output=True, text=True,
                          check=False)
    if "there is no package called" in done.stderr:
        print("not checked: R has no package rhdf5")
        return None
    test.expect(done.returncode == 0, f"Rscript: {done.stderr.strip()}")
    return {line.split()[0]: numpy.array(line.split()[1:], dtype=float)
            for line in done.stdout.splitlines()}


def proportions_in_ncdump(path):
    """The same from what ncdump prints; None without ncdump."""
    if shutil.which("ncdump") is None:
        print("not checked: ncdump is not installed")
        return None
    head = subprocess.run(["ncdump", "-h", path], capture_output=True, text=True, check=False)
    test.expect(head.returncode == 0 and "group: trajectories" in head.stdout,
                f"ncdump -h: {head.stderr.strip()}")
    done = subprocess.run(["ncdump", "-v", "/pathways/persons,/pathways/pathway", path],
                          capture_output=True, text=True, check=False)
    data = done.stdout[done.stdout.find("group: pathways"):]
    persons = re.search(r"\bpersons =([\d\s,]+);", data)
    names = re.search(r'\bpathway =((?:\s*"\w+",?)+)\s*;', data)
    if not test.expect(persons and names, "ncdump: prints no pathways"):
        return None
    names = re.findall(r"\w+", names.group(1))
    by = numpy.array(persons.group(1).split(","), dtype=float).reshape(REPLICATES, -1, len(names))
    shares = by.sum(1) / by.sum((1, 2))[:, None]
    return {name: shares[:, i] for i, name in enumerate(names)}


def check_pathways(path, file, outcomes):
    """Five ways to the same proportions of everyone offered."""
    names = labels(file["/pathways/pathway"])
    persons = file["/pathways/persons"][0].sum(1)
    ways = {"/pathways/persons": persons / persons.sum(1)[:, None]}
    every = file["/groups/persons"][0][:, labels(file["/groups/group"]).index("all")]
    ways["/groups/persons"] = every / every.sum(1)[:, None]
    codes, replicate = file["/cohort/pathway"][()], file["/cohort/replicate"][()]
    meanings = file["/cohort/pathway"].attrs["flag_meanings"].decode().split()
    values = list(file["/cohort/pathway"].attrs["flag_values"])
    test.expect(set(codes) <= set(values), f"/cohort/pathway has codes {set(codes) - set(values)}")
    ways["/cohort/pathway"] = numpy.array(
        [[numpy.mean(codes[replicate == r] == values[meanings.index(name)]) for name in names]
         for r in range(REPLICATES)])
    for what, shares in (("rhdf5", proportions_in_r(path)),
                         ("ncdump", proportions_in_ncdump(path))):
        if shares is not None:
            ways[what] = numpy.array([shares.get(name, numpy.full(REPLICATES, numpy.nan))
                                      for name in names]).T
    for what, shares in ways.items():
        for i, name in enumerate(names):
            close(f"share {name} from {what} and from /outcomes/value", shares[:, i],
                  outcomes[f"pathway_of_offered.all.{name}"])


def recompute(cohort, weeks):
    """Outcomes from the patients of one replicate, by their definition."""
    c = cohort
    offered = len(c["age"])
    accepted, taken, seen = c["ever_accepted"] == 1, c["ever_taken_up"] == 1, c["sessions"] > 0
    connected = c["link_connection_week"] >= 0
    first, last = c["first_session_week"], c["pathway"]
    before = numpy.minimum(first, 52)[seen]
    after = numpy.minimum(weeks - first, 52)[seen]
    rate_before = 52 * c["consultations_before_session"][seen].sum() / before.sum()
    rate_after = 52 * c["consultations_from_session"][seen].sum() / after.sum()
    gain = (c["wellbeing_sum"].astype(float) - c["wellbeing_sum_without"].astype(float)) / \
        (weeks - c["first_offer_week"])
    declined = c["accepted_first"] == 0
    poorest, richest = c["quintile"] == 1, c["quintile"] == 5
    engaged = last < 6  # neither waiting nor declined
    carer = c["starting_barrier_caring"] > 0
    failed = taken & ~connected
    waited = c["waited_weeks"][c["waited_weeks"] >= 0]
    closed = (c["closing_week"] >= 0) & (c["after_closing_stress"] >= 0)
    loyal = c["sessions"] >= 4
    return {
        "funnel.offered": offered,
        "funnel.first_offer_accepted_share": numpy.mean(~declined),
        "funnel.accepted_share_of_offered": numpy.mean(accepted),
        "funnel.taken_up_share_of_accepted": numpy.mean(taken[accepted]),
        "funnel.seen_share_of_accepted": numpy.mean(seen[accepted]),
        "funnel.three_sessions_share_of_accepted": numpy.mean(c["sessions"][accepted] >= 3),
        "funnel.once_share_of_seen": numpy.mean(c["sessions"][seen] == 1),
        "funnel.connected_share_of_accepted": numpy.mean(connected[accepted]),
        "enrolment.decline_ratio_most_to_least_deprived":
            numpy.mean(declined[poorest]) / numpy.mean(declined[richest]),
        "wait.weeks_mean": numpy.mean(waited),
        "wait.weeks_median": numpy.median(waited),
        "sessions.mean_of_seen": numpy.mean(c["sessions"][seen]),
        "sessions.q75_of_seen": numpy.quantile(c["sessions"][seen], 0.75),
        "connect.weeks_mean": numpy.mean((c["link_connection_week"] - first)[connected]),
        "pathway_of_engaged.all.b_anchored": numpy.mean(last[engaged] == 1),
        "pathway_of_engaged.carer.c_connecting_with": numpy.mean(last[engaged & carer] == 4),
        "barrier_share.carer.c_connecting_with": numpy.mean(carer[last == 4]),
        "trust_reaches_0.4_after_sessions.2": numpy.mean(c["trusted_after"][loyal] == 2),
        "swemwbs.at_first_session": numpy.mean(c["starting_session_wellbeing"][seen],
                                               dtype=float),
        "gp.per_year_before_first_session": rate_before,
        "gp.per_year_after_first_session": rate_after,
        "gp.change_after_vs_before": rate_after / rate_before - 1,
        "not_connected.no_suggestion": numpy.mean(c["suggestions_made"][failed] == 0),
        "disengaged.ever_share_of_taken_up": numpy.mean(c["ever_disengaged"][taken]),
        "own_connections.share_of_seen": numpy.mean(c["own_connection_week"][seen] >= 0),
        "ending.stress_4_weeks_after": numpy.mean(c["after_closing_stress"][closed], dtype=float),
        "study_of_61.trust_of_all_seen": numpy.mean(c["trust_last_session"][seen], dtype=float),
        "contrast.swemwbs_mean_difference_all_offered": numpy.mean(gain),
        "contrast.swemwbs_mean_difference_seen": numpy.mean(gain[seen]),
    }


def check_outcomes(file, outcomes):
    columns = {name: file[f"/cohort/{name}"][()] for name in file["/cohort"] if name != "patient"}
    offered = sum(outcomes["funnel.offered"])
    test.expect(len(columns["age"]) == offered,
                f"/cohort has {len(columns['age'])} rows, {offered:.0f} people were offered")
    for replicate in range(REPLICATES):
        chosen = columns["replicate"] == replicate
        cohort = {name: values[chosen] for name, values in columns.items()}
        for name, value in recompute(cohort, 156).items():
            close(f"{name} of replicate {replicate}, from /cohort and from /outcomes", value,
                  outcomes[name][replicate])


def check_statistics(file, outcomes):
    """Mean and interval over replicates (Student's t with 1 degree of freedom: 12.7062)."""
    for i, name in enumerate(labels(file["/outcomes/outcome"])):
        values = outcomes[name][numpy.isfinite(outcomes[name])]
        if len(values) == REPLICATES:
            error = numpy.std(values, ddof=1) / numpy.sqrt(REPLICATES)
            close(f"mean of {name}", file["/outcomes/mean"][0, i], values.mean(), 1e-9)
            close(f"standard error of {name}", file["/outcomes/standard_error"][0, i], error, 1e-9)
            close(f"upper end of {name}", file["/outcomes/high"][0, i],
                  values.mean() + 12.7062047 * error, 1e-6)


def check_trajectories(file):
    group = file["/trajectories"]
    rows = group["cohort_row"][()]
    sites = 7
    test.expect(len(rows) == REPLICATES * sites * SAMPLE,
                f"{len(rows)} people are followed, not {SAMPLE} a site and replicate")
    test.expect(len(set(rows)) == len(rows), "someone is followed twice")
    place = list(zip(file["/cohort/replicate"][()][rows], file["/cohort/site"][()][rows]))
    counts = {where: place.count(where) for where in set(place)}
    test.expect(set(counts.values()) == {SAMPLE}, f"people followed by replicate and site: {counts}")
    week = numpy.arange(156)
    before = week[None, :] < file["/cohort/first_offer_week"][()][rows][:, None]
    for name in STATES:
        values = group[name][()]
        test.expect(numpy.isnan(values[before]).all(), f"{name}: known before the first offer")
        known = values[~before]
        test.expect(numpy.isfinite(known).all(), f"{name}: missing after the first offer")
        test.expect(known.min() >= 0 and known.max() <= 1,
                    f"{name}: from {known.min()} to {known.max()}, not within 0 to 1")
        test.expect(known.std() > 0.01 or name == "barrier_transport", f"{name}: never changes")
    status = group["status"][()]
    codes = set(status[~before].astype(int))
    test.expect(numpy.isnan(status[before]).all(), "status: known before the first offer")
    test.expect(numpy.all(status[~before] == status[~before].astype(int)) and
                codes <= set(range(1, len(STATUSES))),
                f"status: codes {sorted(codes)} after the first offer, not 1 to 7")
    test.expect(len(codes) >= 6, f"status: only codes {sorted(codes)} among {len(rows)} people")
    final = file["/cohort/final_status"][()][rows]
    test.expect(numpy.array_equal(status[:, -1], final),
                "status: the last week differs from /cohort/final_status")
    names = file["/cohort/final_status"].attrs["flag_meanings"].decode().split()
    test.expect(names == STATUSES, f"/cohort/final_status means {names}")
    trusting = group["trust"][()]
    seen = file["/cohort/sessions"][()][rows] > 0
    test.expect(numpy.nanmax(trusting[seen]) > 0.5 and
                numpy.nanmean(trusting[seen]) > numpy.nanmean(trusting[~seen]),
                "trust: those who were seen trust no more than those who were not")


results = test.run("study", settings=(f"run.replicates={REPLICATES}", "run.record=trajectories",
                                      f"run.trajectory_sample={SAMPLE}"))
values_of = read_outcomes(results)
check_generic(results)
check_xarray(results, values_of)
with h5py.File(results, "r") as opened_file:
    check_pathways(results, opened_file, values_of)
    check_outcomes(opened_file, values_of)
    check_statistics(opened_file, values_of)
    check_trajectories(opened_file)
test.end()
