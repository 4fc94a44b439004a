#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programme theory as the program tells and tests it.

`buyin theory` prints 26 rows in three formats that agree. `buyin ablate` at the shipped defaults
confirms all 26, outcome and mechanism, in less than two minutes; table, results file and drawing
say the same. Dose and response, pairs, Shapley shares and subgroups come together or alone, are what
runs of their own give, and stand in table and file alike. Bad input is refused.
"""

import csv
import io
import json
import sys
import time
import xml.etree.ElementTree

import h5py
import numpy
import xarray

from program import THREADS, Test, labels, read_outcomes

REPLICATES = 16
COLUMNS = ["configuration", "kind", "outcome", "effect", "standard_error", "low", "high", "replicates",
           "verdict", "configuration2", "strength", "orders"]
STRENGTHS = (0, 0.5, 1)
ORDERS = 3
TRUST = "after_first_session.trust.week13"
IDS = [f"{family}{number}" for family, count in (("EN", 4), ("IS", 5), ("KS", 5), ("AP", 6),
                                                 ("RD", 6)) for number in range(1, count + 1)]
PAIRS = [(a, b) for n, a in enumerate(IDS) for b in IDS[n + 1:]]
HEADLINES = 6
SMALL = ("site.number=1", "run.replicates=2", "run.weeks=60", "population.arrival_weeks=30",
         "run.burn_in_weeks=4")

test = Test(sys.argv)


def ablate(*words, settings=()):
    return test.call("ablate", "--quiet", "--threads", THREADS, *words,
                     *(word for setting in settings for word in ("--set", setting)))


def read_table(name, text, columns):
    """Rows of a table whose numbers are numbers; the columns must be these."""
    reader = csv.DictReader(io.StringIO(text))
    rows = list(reader)
    test.expect(reader.fieldnames == columns, f"{name}: columns {reader.fieldnames}")
    return rows


def check_listing():
    done = test.call("theory", "--format", "json")
    rows = json.loads(done.stdout)
    test.expect([row["id"] for row in rows] == IDS, f"theory: rows {[row['id'] for row in rows]}")
    text = test.call("theory").stdout
    markdown = test.call("theory", "--format", "markdown").stdout
    test.expect(text == test.call("theory", "--format", "text").stdout, "theory: text is not plain")
    lines = markdown.splitlines()
    test.expect(len(lines) == 28 and {line.count("|") for line in lines} == {9},
                f"theory: a Markdown table of {len(lines)} lines, not 28 of 8 columns each")
    for row, line in zip(rows, lines[2:]):
        signs = [("higher" if row[sign] > 0 else "lower") for sign in ("variable_sign",
                                                                       "measure_sign")]
        test.expect(row["strength"] == f"mechanisms.{row['id']}",
                    f"theory: {row['id']} has the strength {row['strength']}")
        for file in row["file"].split(", "):
            test.expect((test.source / "sim/mechanisms" / file).is_file(),
                        f"theory: {row['id']}: there is no {file}")
        for part in ("context", "mechanism", "outcome", "equation", "variable", "measure"):
            test.expect(row[part] and row[part] in line and row[part] in text,
                        f"theory: {row['id']}: '{row[part]}' is not in all formats")
        test.expect(f"{row['variable']} {signs[0]} | {row['measure']} {signs[1]} |" in line,
                    f"theory: {row['id']}: the signs differ in Markdown: {line}")
    return rows


def check_verdicts(rows, table):
    """All 26 confirmed, with intervals on the claimed side of zero, for mechanism and outcome."""
    kinds = {kind: [row for row in table if row["kind"] == kind]
             for kind in ("mechanism", "outcome", "headline")}
    test.expect([len(kind) for kind in kinds.values()] == [26, 26, 26 * HEADLINES],
                f"ablate: {[len(kind) for kind in kinds.values()]} rows of each kind")
    for kind, measure in (("mechanism", "variable"), ("outcome", "measure")):
        for row, effect in zip(rows, kinds[kind]):
            low, high = float(effect["low"]), float(effect["high"])
            near = low if row[f"{measure}_sign"] > 0 else -high
            test.expect(effect["configuration"] == row["id"] and
                        effect["outcome"] == row[measure] and
                        int(effect["replicates"]) == REPLICATES,
                        f"ablate: {row['id']} {kind}: the row is {effect}")
            test.expect(effect["verdict"] == "confirmed" and near > 0,
                        f"ablate: {row['id']}: {kind} '{effect['outcome']}' is "
                        f"{effect['verdict']}: {effect['effect']} ({low} to {high})")


def column(table, kind):
    return numpy.array([[float(row[name]) for name in ("effect", "standard_error", "low", "high")]
                        for row in table if row["kind"] == kind])


def check_results_file(path, table):
    """/theory of the file holds the numbers of the table, and they follow from /outcomes."""
    with xarray.open_dataset(path, engine="h5netcdf", group="theory") as theory:
        test.expect(list(theory.configuration.values) == IDS, "xarray: /theory has other rows")
        for name, kind in (("effect_on_mechanism", "mechanism"), ("effect_on_outcome", "outcome"),
                           ("effect_on_headline", "headline")):
            numbers = theory[name].values.reshape(-1, 4)
            test.expect(numpy.allclose(numbers, column(table, kind), rtol=1e-8, atol=1e-12),
                        f"/theory/{name} differs from the table")
        test.expect(theory.effect_on_outcome.sel(configuration="IS1", statistic="low") > 0,
                    "xarray: /theory cannot be read by label")
        measures = {row["configuration"]: row["outcome"] for row in table
                    if row["kind"] == "outcome"}
        test.expect(dict(zip(IDS, theory.outcome_measure.values)) == measures,
                    "/theory/outcome_measure differs from the table")
    with h5py.File(path, "r") as file:
        for verdict in (file["/theory/verdict"], file["/theory/verdict_of_mechanism"]):
            words = verdict.attrs["flag_meanings"].decode().split()
            test.expect(len(verdict) == 26 and all(words[code] == "confirmed" for code in verdict[()]),
                        f"{verdict.name} is {verdict[()]}")
        for name in ("dose_of_outcome", "interaction", "share"):
            test.expect(name not in file["/theory"], f"/theory/{name} was not asked for")
        names = labels(file["/outcomes/outcome"])
        scenarios = labels(file["/outcomes/scenario"])
        values = file["/outcomes/value"][()]
        effects = file["/theory/effect_on_outcome"][()]
    test.expect(scenarios == ["full", *(f"without_{row}" for row in IDS)],
                f"/outcomes has the scenarios {scenarios[:3]} ...")
    for number, row in enumerate(IDS):
        at = names.index(measures[row])
        difference = values[0, :, at] - values[1 + number, :, at]
        test.expect(abs(difference.mean() - effects[number, 0]) < 1e-9,
                    f"{row}: the effect is not full minus without, replicate by replicate")
    return {name: values[0, :, at] for at, name in enumerate(names)}


def check_drawing(path):
    root = xml.etree.ElementTree.parse(path).getroot()
    space = "{http://www.w3.org/2000/svg}"
    texts = ["".join(text.itertext()) for text in root.iter(f"{space}text")]
    test.expect(root.tag == f"{space}svg" and root.find(f"{space}title") is not None,
                f"plot: the root is {root.tag}, or has no title")
    test.expect([text for text in texts if text in IDS] == IDS, "plot: not the 26 rows in order")
    test.expect(len(list(root.iter(f"{space}circle"))) == 26,
                "plot: not one circle, for confirmed, in each row")
    width, height = (float(x) for x in root.get("viewBox").split()[2:])
    for shape in root.iter():
        for name, most in (("cx", width), ("cy", height), ("x1", width), ("x2", width),
                           ("y1", height), ("y2", height), ("x", width), ("y", height)):
            if shape.get(name) is not None:
                test.expect(0 <= float(shape.get(name)) <= most,
                            f"plot: {shape.tag} lies outside: {name} = {shape.get(name)}")


def check_ablation(rows):
    start = time.monotonic()
    done = test.call("ablate", test.config("study.yaml"), "--threads", THREADS, "--csv", "a.csv",
                     "--plot", "a.svg", "-o", "a.h5", "--set", f"run.replicates={REPLICATES}")
    seconds = time.monotonic() - start
    test.expect(done.returncode == 0, f"ablate: status {done.returncode}: {done.stderr}")
    test.expect(seconds < 120, f"ablate: {seconds:.0f} s, not under two minutes")
    print(f"26 configurations, {REPLICATES} replicates: {seconds:.1f} s")
    test.expect("26 of 26 configurations confirmed, 0 refuted, 0 undetermined" in done.stdout,
                f"ablate: prints '{done.stdout.splitlines()[-1:]}'")
    table = read_table("ablate", (test.path / "a.csv").read_text(), COLUMNS)
    check_verdicts(rows, table)
    full = check_results_file(test.path / "a.h5", table)
    check_drawing(test.path / "a.svg")
    return full


def check_strengths_of_one(full):
    """With all 26 strengths set to 1 `buyin run` gives the full model of the ablation."""
    ones = test.outcomes("ones", settings=(f"run.replicates={REPLICATES}", "run.counterfactual=0",
                                           *(f"mechanisms.{row}=1" for row in IDS)))
    plain = read_outcomes(test.run("plain", settings=(f"run.replicates={REPLICATES}",
                                                      "run.counterfactual=0")))
    for name, values in plain.items():
        test.expect(numpy.array_equal(values, ones[name], equal_nan=True),
                    f"{name}: differs between strengths of 1 and the defaults")
        test.expect(numpy.array_equal(values, full[name], equal_nan=True),
                    f"{name}: differs between run and the full model of ablate")


def by_kind(table, kind):
    return [row for row in table if row["kind"] == kind]


def numbers(rows):
    return numpy.array([[float(row[name]) for name in ("effect", "standard_error", "low", "high")]
                        for row in rows])


def check_extra_file(path, table):
    """/theory holds by label what the table tells line by line."""
    with xarray.open_dataset(path, engine="h5netcdf", group="theory") as theory:
        heads = list(theory.headline.values)
        test.expect(len(heads) == HEADLINES + 1 and heads[-1] == TRUST, f"headlines are {heads}")
        test.expect(list(theory.strength.values) == list(STRENGTHS), "strengths are no coordinate")
        test.expect(theory.attrs["subgroup"] == "all", "/theory does not say of whom it is")
        test.expect(theory.share.attrs["orders"] == ORDERS, "/theory/share does not tell the orders")
        for name, kind in (("dose_of_mechanism", "dose_mechanism"),
                           ("dose_of_outcome", "dose_outcome")):
            rows = by_kind(table, kind)
            held = [theory[name].sel(configuration=row["configuration"],
                                     strength=float(row["strength"])).values for row in rows]
            test.expect(len(rows) == 26 * len(STRENGTHS) and
                        numpy.allclose(held, numbers(rows), rtol=1e-8, atol=1e-12),
                        f"/theory/{name} differs from the table ({len(rows)} lines)")
        rows = by_kind(table, "interaction")
        for first, second in (("configuration", "configuration2"),
                              ("configuration2", "configuration")):
            held = [theory.interaction.sel(configuration=row[first], configuration2=row[second],
                                           headline=row["outcome"]).values for row in rows]
            test.expect(numpy.allclose(held, numbers(rows), rtol=1e-8, atol=1e-12),
                        "/theory/interaction differs from the table")
        test.expect([(row["configuration"], row["configuration2"]) for row in rows
                     if row["outcome"] == TRUST] == PAIRS, "not the 325 pairs in order")
        test.expect(numpy.isnan(theory.interaction.values[range(26), range(26)]).all(),
                    "/theory/interaction: a configuration with itself")
        rows = by_kind(table, "share")
        held = [theory.share.sel(configuration=row["configuration"],
                                 headline=row["outcome"]).values for row in rows]
        test.expect(len(rows) == 26 * len(heads) and
                    numpy.allclose(held, numbers(rows), rtol=1e-8, atol=1e-12),
                    "/theory/share differs from the table")
        rows = by_kind(table, "total")
        test.expect([row["outcome"] for row in rows] == heads and
                    numpy.allclose(theory.total_effect.values, numbers(rows), rtol=1e-8),
                    "/theory/total_effect differs from the table")
        added = theory.share.sel(statistic="mean").sum("configuration").values
        total = theory.total_effect.sel(statistic="mean").values
        test.expect(numpy.allclose(added, total, rtol=1e-9) and abs(total[-1]) > 0.1,
                    f"the shares add up to {added}, the total effects are {total}")
    with h5py.File(path, "r") as file:
        test.expect(file["/outcomes/value"].shape[0] == 27,
                    "/outcomes holds more than the full model and each configuration off")
    size = path.stat().st_size
    test.expect(size < 4e6, f"the results file takes {size} bytes")


def check_against_runs(table):
    """A dose, an interaction and a total effect are what four runs of their own give."""
    def trust(name, *settings):
        values = test.outcomes(name, None, (*SMALL, "run.counterfactual=0", *settings))
        return values[TRUST]
    full, off = trust("r0"), trust("r1", "mechanisms.IS1=0")
    other, both = trust("r2", "mechanisms.KS3=0"), trust("r3", "mechanisms.IS1=0",
                                                         "mechanisms.KS3=0")
    half = trust("r4", "mechanisms.IS1=0.5")
    none = trust("r5", *(f"mechanisms.{row}=0" for row in IDS))
    for wanted, kind, parts in (
            (half - off, "dose_outcome", {"configuration": "IS1", "strength": "0.5"}),
            (full - off - other + both, "interaction", {"configuration": "IS1",
                                                        "configuration2": "KS3"}),
            (full - none, "total", {})):
        row, = (row for row in by_kind(table, kind) if row["outcome"] == TRUST and
                all(row[key] == value for key, value in parts.items()))
        test.expect(abs(float(row["effect"]) - wanted.mean()) < 1e-8,
                    f"{kind} {parts}: {row['effect']}, the runs give {wanted.mean()}")
        test.expect(abs(float(row["standard_error"]) - wanted.std(ddof=1) / len(wanted) ** 0.5) < 1e-8,
                    f"{kind} {parts}: another standard error than the runs'")


def check_variations():
    done = test.call("ablate", "--threads", THREADS, "--strengths", "0,0.5,1", "--pairs", "--shapley",
                     ORDERS, "--outcome", TRUST, "-o", "all.h5", "--csv", "all.csv", "--plot",
                     "all.svg", *small_words())
    test.expect(done.returncode == 0, f"all at once: status {done.returncode}: {done.stderr}")
    heads = ["configurations confirmed", "Dose and response", "Interactions", "Shapley shares"]
    places = [done.stdout.find(head) for head in heads]
    test.expect(places[0] > 0 and places == sorted(places),
                f"all at once: the tables stand at {places} of what is printed")
    table = read_table("all at once", (test.path / "all.csv").read_text(), COLUMNS)
    test.expect(len(list(xml.etree.ElementTree.parse(test.path / "all.svg").iter())) > 26 * 4,
                "all at once: no drawing")
    doses = by_kind(table, "dose_outcome")
    test.expect(all(float(row["effect"]) == 0 for row in doses if row["strength"] == "0"),
                "strengths: an effect at strength 0")
    for dose, kind in (("dose_outcome", "outcome"), ("dose_mechanism", "mechanism")):
        ones = [row["effect"] for row in by_kind(table, dose) if row["strength"] == "1"]
        test.expect(ones == [row["effect"] for row in by_kind(table, kind)],
                    f"{dose}: at strength 1 another effect than that of switching off")
    test.expect({row["orders"] for row in by_kind(table, "share")} == {str(ORDERS)},
                "shapley: the table does not tell the orders")
    check_extra_file(test.path / "all.h5", table)
    check_against_runs(table)

    for words, kinds in ((["--strengths", "0,0.5,1"], {"dose_mechanism", "dose_outcome"}),
                         (["--pairs"], {"interaction"}), (["--shapley", "3"], {"share", "total"})):
        done = ablate("--outcome", TRUST, "--csv", "one.csv", *words, settings=SMALL)
        alone = read_table(words[0], (test.path / "one.csv").read_text(), COLUMNS)
        kinds |= {"mechanism", "outcome", "headline"}
        test.expect(alone == [row for row in table if row["kind"] in kinds],
                    f"{words[0]} alone gives other lines than all at once: {done.stderr}")


def check_chosen_contrasts():
    """An outcome that needs the run without link workers has effects, whatever its name."""
    for name in ("trust_weighted.contrast_swemwbs", "economics.all.cost_without",
                 "cost.net_per_person_offered"):
        done = ablate("--outcome", name, "--csv", "chosen.csv", settings=SMALL)
        table = read_table(name, (test.path / "chosen.csv").read_text(), COLUMNS)
        effects = [float(row["effect"]) for row in table if row["outcome"] == name]
        test.expect(len(effects) == 26 and all(effect == effect for effect in effects),
                    f"{name}: effects {effects}: {done.stderr}")


def check_subgroup():
    """Only carers: the full model's outcomes of everyone are those of carers."""
    done = ablate("--subgroup", "carer", "-o", "carer.h5", "--csv", "carer.csv", "--plot", "carer.svg",
                  "--strengths", "0.5", "--shapley", "2", settings=SMALL)
    test.expect(done.returncode == 0 and done.stdout == "", f"subgroup: {done.stderr}")
    with h5py.File(test.path / "carer.h5", "r") as file:
        test.expect(file["/theory"].attrs["subgroup"] == b"carer" and "share" in file["/theory"] and
                    "dose_of_outcome" in file["/theory"], "subgroup: not said, or parts are missing")
    test.expect("group carer" in (test.path / "carer.svg").read_text(),
                "subgroup: the drawing does not say of whom it is")
    carers = read_outcomes(test.path / "carer.h5")
    done = ablate("-o", "small.h5", settings=SMALL)
    small = read_outcomes(test.path / "small.h5")
    for pathway in ("a_rapid", "b_anchored", "c_connecting_with", "disengaged"):
        test.expect(numpy.array_equal(carers[f"pathway_of_engaged.all.{pathway}"],
                                      small[f"pathway_of_engaged.carer.{pathway}"]),
                    f"subgroup carer: {pathway} is not that of carers")
    test.expect(carers["funnel.offered"].mean() < 0.6 * small["funnel.offered"].mean(),
                "subgroup carer: as many people as in all")
    test.expect(list(carers) == list(small), "subgroup carer: has other outcomes")


def check_refusals():
    for name, words, say in (
            ("a word for a strength", ["--strengths", "a"], "--strengths = a"),
            ("a negative strength", ["--strengths", "0,-1"], "--strengths = 0,-1"),
            ("semicolons", ["--strengths", "0;1"], "--strengths = 0;1"),
            ("17 strengths", ["--strengths", ",".join(map(str, range(17)))], "up to 16"),
            ("a strength too large", ["--strengths", "6"], "mechanisms.EN1 = 6"),
            ("no strength", ["--strengths", "nan"], "nan"),
            ("an endless strength", ["--strengths", "inf"], "inf"),
            ("a strength twice", ["--strengths", "1,0.5,1.0"], "1 is given twice"),
            ("a comma at the end", ["--strengths", "1,"], "--strengths = 1,"),
            ("one replicate", ["--set", "run.replicates=1", "--pairs"], "run.replicates = 1"),
            ("no permutation", ["--shapley", "0"], "--shapley = 0"),
            ("a word for a number", ["--shapley", "many"], "--shapley = many"),
            ("an unknown group", ["--subgroup", "carers"], "--subgroup = carers"),
            ("a site that is not there", ["--subgroup", "site2", *small_words()], "site2"),
            ("an unknown outcome", ["--outcome", "nothing", *small_words()], "'nothing'"),
            ("an unknown parameter", ["--set", "mechanisms.EN5=0"], "mechanisms.EN5"),
            ("an unknown option", ["--bogus"], "--bogus"),
            ("no configuration", ["nowhere.yaml"], "nowhere.yaml"),
            ("a table in a missing folder", ["--csv", "nowhere/a.csv", *small_words()],
             "nowhere/a.csv"),
            ("a drawing in a missing folder", ["--plot", "nowhere/a.svg", *small_words()],
             "nowhere/a.svg"),
            ("an existing file", ["-o", "a.h5", *small_words()], "--force")):
        refuse(f"ablate, {name}", ablate(*words), say)
    refuse("theory, an unknown format", test.call("theory", "--format", "pdf"), "pdf")
    refuse("theory, an unknown option", test.call("theory", "--json"), "--json")


def small_words():
    return [word for setting in SMALL for word in ("--set", setting)]


def refuse(name, done, say):
    lines = done.stderr.splitlines()
    test.expect(done.returncode == 2, f"{name}: status {done.returncode}, not 2")
    test.expect(done.stdout == "", f"{name}: prints '{done.stdout[:60]}'")
    test.expect(len(lines) == 1 and lines[0].startswith("buyin") and say in lines[0],
                f"{name}: says {lines}, not one line with '{say}'")


listed = check_listing()
full_model = check_ablation(listed)
check_strengths_of_one(full_model)
check_variations()
check_chosen_contrasts()
check_subgroup()
check_refusals()
test.end()
