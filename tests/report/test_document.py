#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""buyin document fills reporting standards from results files.

Every item of each standard is there, in order, under its name; each number that a text takes from the file is that of
the file, read by h5py here; gaps are marked; what a file lacks is said where it is missed.
"""
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import h5py

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
from program import Test, labels  # noqa: E402  pylint: disable=wrong-import-position

test = Test(sys.argv)
HOME = test.source / "scripts" / "buyin_document"
PLACE = re.compile(r"\{(outcome|parameter|file|fact|table) ([\w.]+)\}")
NUMBER = r"[\u2212+-]?£?[\d,]+(?:\.\d+)?"
FACTOR = {"share": 100, "ratio": 100}

# The items of the standards, from their publications
ITEMS = {
    "odd": "Purpose and patterns|Entities, state variables and scales|Process overview and scheduling|Design concepts|"
           "Initialization|Input data|Submodels",
    "stress": "Purpose of the model|Model outputs|Experimentation aims|Base model overview diagram|Base model logic|"
              "Scenario logic|Algorithms|Environment|Agents|Interaction topology|Entry/exit|Data sources|Pre-processing|"
              "Input parameters|Assumptions|Initialisation|Run length|Estimation approach|"
              "Software or programming language|Random sampling|Model execution|System specification|"
              "Computer model sharing statement",
    "trace": "Problem formulation|Model description|Data evaluation|Conceptual model evaluation|"
             "Implementation verification|Model output verification|Model analysis|Model output corroboration",
    "cheers": "Title|Abstract|Background and objectives|Health economic analysis plan|Study population|"
              "Setting and location|Comparators|Perspective|Time horizon|Discount rate|Selection of outcomes|"
              "Measurement of outcomes|Valuation of outcomes|Measurement and valuation of resources and costs|"
              "Currency, price date, and conversion|Rationale and description of model|Analytics and assumptions|"
              "Characterising heterogeneity|Characterising distributional effects|Characterising uncertainty|"
              "Approach to engagement with patients and others affected by the study|Study parameters|"
              "Summary of main results|Effect of uncertainty|"
              "Effect of engagement with patients and others affected by the study|"
              "Study findings, limitations, generalisability, and current knowledge|Source of funding|"
              "Conflicts of interest",
    "rameses": "Title|Summary or abstract|Rationale for evaluation|Programme theory|"
               "Evaluation questions, objectives and focus|Ethical approval|Rationale for using realist evaluation|"
               "Environment surrounding the evaluation|"
               "Describe the programme policy, initiative or product evaluated|"
               "Describe and justify the evaluation design|Data collection methods|Recruitment process and sampling|"
               "Data analysis|Details of participants|Main findings|Summary of findings|"
               "Strengths, limitations and future directions|Comparison with existing literature|"
               "Conclusion and recommendations|Funding and conflict of interest"}
STANDARDS = {name: tomllib.loads((HOME / f"{name}.toml").read_text("utf-8")) for name in ITEMS}


def document(name, *words):
    """Runs the command; returns the page."""
    path = test.path / f"{name}.md"
    done = test.call("document", *words, "-o", path)
    test.expect(done.returncode == 0 and path.exists(), f"{name}: status {done.returncode}: {done.stderr.strip()}")
    return path.read_text(encoding="utf-8") if path.exists() else ""


class File:
    """Numbers of a results file, read with h5py alone."""

    def __init__(self, path):
        with h5py.File(path, "r") as file:
            group = file["/outcomes"]
            columns = zip(labels(group["outcome"]), labels(group["unit"]), *(group[x][0] for x in ("mean", "low", "high")))
            self.outcomes = {name: (unit, mean, low, high) for name, unit, mean, low, high in columns}
            self.parameters = dict(zip(labels(file["/config/parameter"]), file["/config/value"][0]))
            self.attributes = {key: value.decode() if isinstance(value, bytes) else value
                               for key, value in file.attrs.items()}


def as_number(text):
    return float(text.replace(",", "").replace("\u2212", "-").replace("£", ""))


def is_close(text, value):
    """A shown number is a value rounded to the decimals shown."""
    return abs(as_number(text) - value) <= 0.5000001 * 10.0 ** -len(text.partition(".")[2])


def check_outcome(what, text, kept):
    """41.4 % (40.2 to 42.6) against the mean, low and high of the file."""
    unit, *values = kept
    shown = re.findall(NUMBER, text.replace(unit, ""))
    test.expect(len(shown) == (3 if "(" in text else 1) and
                all(is_close(one, FACTOR.get(unit, 1) * value) for one, value in zip(shown, values)),
                f"{what}: shows {text}, the file has {unit} {values}")


def check_texts(page, name, file):
    """Each paragraph of the standard is in the page, with the numbers of the file in its places; returns how many."""
    count = 0
    for item in STANDARDS[name]["item"]:
        for paragraph in item["text"]:
            places = PLACE.findall(paragraph)
            if any(kind == "table" for kind, _ in places):
                continue
            parts = PLACE.split(paragraph)
            pattern = "".join(re.escape(part) if n % 3 == 0 else "(.+?)" if n % 3 == 1 else ""
                              for n, part in enumerate(parts))
            found = re.search(f"^{pattern}$", page, re.MULTILINE)
            if not test.expect(found, f"{name} {item['number']}: its text is not in the page: {paragraph[:60]}"):
                continue
            for (kind, key), shown in zip(places, found.groups()):
                count += kind != "fact"
                what = f"{name} {item['number']}, {key}"
                if kind == "outcome":
                    check_outcome(what, shown, file.outcomes[key])
                elif kind == "parameter" and shown[0].isdigit():
                    test.expect(float(shown.split()[0]) == file.parameters[key],
                                f"{what}: shows {shown}, the file has {file.parameters[key]}")
                elif kind == "file":
                    value = file.attributes[key]
                    same = shown == str(value) or (isinstance(value, float) and abs(float(shown) / value - 1) < 5e-3)
                    test.expect(same, f"{what}: shows {shown}, the file has {value}")
    return count


def check_items(page, name):
    """Headings in order, what is asked for, gaps; the counts of the table at the top."""
    standard = STANDARDS[name]
    test.expect([item["name"] for item in standard["item"]] == ITEMS[name].split("|"),
                f"{name}: its items are not those of the standard")
    start = page.find(f"\n## {standard['title']}\n")
    test.expect(start > 0 and standard["cite"] in page, f"{name}: no chapter, or not cited")
    chapter = page[start + 1:].split("\n## ")[0]
    blocks = re.split(r"^### ", chapter, flags=re.MULTILINE)[1:]
    test.expect([block.split("\n")[0] for block in blocks] ==
                [f"{item['number']} {item['name']}" for item in standard["item"]], f"{name}: headings differ")
    left = 0
    for item, block in zip(standard["item"], blocks):
        test.expect(f"*Asks for: {item['asks']}.*" in block, f"{name} {item['number']}: does not say what is asked for")
        marks = re.findall(r"^\*\*AUTHOR:\*\* (.*)$", block, re.MULTILINE)
        wanted = PLACE.sub("#", item["author"])
        test.expect(len(marks) == (item["author"] != "") and (not marks or "#" in wanted or marks[0] == wanted),
                    f"{name} {item['number']}: gaps are {marks}")
        left += not item["text"]
    row = re.search(rf"^\| {re.escape(standard['title'])} \| (\d+) \| (\d+) \| (\d+) \|$", page, re.MULTILINE)
    if test.expect(row, f"{name}: is not in the table at the top"):
        counts = [int(x) for x in row.groups()]
        test.expect(sum(counts) == len(standard["item"]) and counts[2] == left, f"{name}: counts {counts}")


def check_tables(page, file):
    """The outcome table and the sites."""
    rows = re.findall(r"^\| `([\w.]+)` \| ([^|]+) \| ", page, re.MULTILINE)
    rows = [(name, shown) for name, shown in rows if name in file.outcomes]
    test.expect(len(rows) >= 30, f"only {len(rows)} outcomes are tabled")
    for name, shown in rows:
        check_outcome(f"table, {name}", shown.strip(), file.outcomes[name])
    for site in range(1, 8):
        test.expect(f"| site{site} |" in page, f"site{site} is not in the table of sites")


def check_configurations(page, path):
    """The table of RAMESES against /theory and `buyin theory`."""
    theory = json.loads(test.call("theory", "--format", "json").stdout)
    with h5py.File(path, "r") as file:
        group = file["/theory"]
        meanings = group["verdict"].attrs["flag_meanings"]
        meanings = (meanings.decode() if isinstance(meanings, bytes) else meanings).split()
        effects = {name: (meanings[verdict], effect) for name, verdict, effect in zip(
            labels(group["configuration"]), group["verdict"][()], group["effect_on_outcome"][()])}
        statistic = labels(group["statistic"])
        units = dict(zip(labels(file["/outcomes/outcome"]), labels(file["/outcomes/unit"])))
    take = [statistic.index(x) for x in ("mean", "low", "high")]
    for row in theory:
        found = re.search(rf"^\| {row['id']} \| (.*) \|$", page, re.MULTILINE)
        if not test.expect(found, f"{row['id']} is not in the table of configurations"):
            continue
        cells = found[1].split(" | ")
        verdict, effect = effects[row["id"]]
        test.expect(cells[1].startswith(f"`{row['equation']}`") and cells[2].startswith(f"`{row['strength']}` = 1") and
                    cells[4].startswith(f"{verdict}: "), f"{row['id']}: {cells}")
        check_outcome(row["id"], cells[4], (units[row["measure"]], *effect[take]))


def check_lacking(study):
    """A file without a part makes a page that says so."""
    for group, command, say in (("groups", "--cheers", "this file has no /groups"),
                                ("config", "--odd", "the file does not hold its configuration"),
                                ("config", "--cheers", "the file does not hold the sources of its parameters")):
        path = test.path / f"no_{group}.h5"
        path.write_bytes(study.read_bytes())
        with h5py.File(path, "a") as file:
            del file[group]
        page = document(f"no_{group}{command}", path, command)
        test.expect(f"*Not in these files: {say}" in page, f"without /{group}, {command} does not say '{say}'")
        name = command[2:]
        headings = re.findall(r"^### [\d.]+ (.*)$", page, re.MULTILINE)
        test.expect("|".join(headings) == ITEMS[name], f"without /{group}: {command} lacks items")
    plain = test.run("plain", settings=("run.replicates=2", "run.counterfactual=0"))
    page = document("plain", plain, "--cheers", "--rameses", "--trace")
    for say in ("the paired run without link workers was not made", "no file of `buyin ablate CONFIG -o FILE` was given",
                "contrast.swemwbs_mean_difference_seen is not defined in this run"):
        test.expect(say in page, f"a run without a counterfactual: the page does not say '{say}'")
    one = document("one", test.run("one", settings=("run.replicates=1",)), "--stress")
    test.expect("1 replicate; there are no intervals" in one, "one replicate: the page does not say so")
    sweep = test.path / "sweep.h5"
    test.call("sweep", test.config("study.yaml"), "--set", "run.replicates=2", "--vary", "diary.caseload_cap=30,60",
              "-o", sweep)
    page = document("sweep", sweep)
    test.expect("*Not in these files: a sweep has no base" in page and "| `diary.caseload_cap` | 30 to 60 | 2 |" in page
                and "CHEERS" not in page, "a sweep alone: the page does not say that it has no base")


def check_refusals(study):
    kept = test.path / "kept.md"
    kept.write_text("mine", encoding="utf-8")
    (test.path / "not.h5").write_text("no", encoding="utf-8")
    drawn = test.path / "drawn.h5"
    test.call("economics", test.config("study.yaml"), "--uncertain", test.config("uncertainty.yaml"), "--sets", "2",
              "--set", "run.replicates=2", "-o", drawn)
    for words, say in (([], "the following arguments are required"), (["nowhere.h5"], "there is no such file"),
                       (["not.h5"], "not a results file"), ([study, drawn], "are sets of drawn parameters"),
                       ([drawn, "--cheers"], "are sets of drawn parameters"), ([study, "-o", study, "--force"], "is one of the results"),
                       ([study, "-o", kept], "exists already; --force"), ([study, "-o", test.path], "is a folder"),
                       ([study, "--prisma"], "--prisma")):
        done = test.call("document", *words)
        test.expect(done.returncode == 2 and say in done.stderr and done.stdout == "",
                    f"document {words[1:] or words}: {done.returncode}: {done.stderr}")
    done = test.call("document", study, "-o", "no/such/folder.md")
    test.expect(done.returncode == 2 and "there is no folder no/such" in done.stderr, f"a missing folder: {done.stderr}")
    test.expect(kept.read_text(encoding="utf-8") == "mine" and not list(test.path.glob(".buyin-*")),
                "a refused page was written, or left something behind")
    done = test.call("document", study, "-o", kept, "--odd", "--force")
    page = kept.read_text(encoding="utf-8")
    test.expect(done.returncode == 0 and re.findall(r"^## (.*)$", page, re.MULTILINE) == [STANDARDS["odd"]["title"]],
                f"--odd writes {re.findall('^## .*$', page, re.MULTILINE)}")
    names = {key: value for key, value in os.environ.items() if key != "BUYIN_PROGRAM"}
    copy = test.path / "scripts"
    done = subprocess.run(["cp", "-r", test.source / "scripts", copy], check=False)
    alone = subprocess.run([copy / "buyin-document", study, "--rameses", "-o", test.path / "alone.md"],
                           capture_output=True, text=True, check=False, env=names)
    test.expect(alone.returncode == 0 and "the program, which was not found" in (test.path / "alone.md").read_text("utf-8"),
                f"without the program: {alone.stderr}")


run = test.run("study", settings=("run.replicates=4", "diary.caseload_cap=45", "mechanisms.KS1=0.5"))
whole = File(run)
ablation = test.path / "theory.h5"
test.call("ablate", test.config("study.yaml"), "--set", "run.replicates=2", "-o", ablation)
everything = document("everything", run, ablation)
for standard_name in ITEMS:
    check_items(everything, standard_name)
numbers = sum(check_texts(everything, standard_name, whole) for standard_name in ITEMS)
test.expect(numbers >= 30, f"only {numbers} numbers stand in the texts")
check_tables(everything, whole)
check_configurations(re.sub(r"= 0\.5", "= 1", everything), ablation)
test.expect("all are at 1 but KS1 at 0.5" in everything, "a weakened mechanism is not told")
test.expect("| `diary.caseload_cap` | 45 | 50 |" in everything, "a changed parameter is not told")
test.expect("| confirmed |" in everything, "verdicts are not counted")
check_lacking(run)
check_refusals(run)
test.end()
