#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""scripts/reference notices what differs from the reference results, and nothing else.

The runs themselves are made again by scripts/check (step reference). Here copies of the kept files are changed in known
ways: a number beyond its last digit, a word, a lost line, a lost file; and in ways that are only rounding.
"""
import contextlib
import csv
import importlib.machinery
import importlib.util
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
from program import Test  # noqa: E402  pylint: disable=wrong-import-position

test = Test(sys.argv)
SCRIPT = test.source / "scripts" / "reference"
KEPT = test.source / "results" / "reference"
sys.path.insert(0, str(test.source / "scripts"))
loader = importlib.machinery.SourceFileLoader("reference", str(SCRIPT))
reference = importlib.util.module_from_spec(importlib.util.spec_from_loader("reference", loader))
sys.modules["reference"] = reference
loader.exec_module(reference)


def check_numbers():
    for old, new, same in (
            ("0.414", "0.414", True), ("0.414", "0.415", True), ("0.414", "0.416", False), ("56.9", "57.0", True),
            ("56.9", "57.1", False), ("3241", "3242", True), ("3241", "3243", False), ("0.123456789", "0.12345679", True),
            ("0.123456789", "0.1234572", False), ("1234567.89", "1234568.5", True), ("1e-5", "2e-5", True),
            ("1e-5", "3e-5", False), ("-0.0", "0.0", True), ("-0.2", "0.2", False), ("2.5e+04", "25000", True)):
        test.expect(reference.agree(old, new) is same and reference.agree(new, old) is same,
                    f"{old} and {new} {'do not agree' if same else 'agree'}")


def told(change):
    """(same, words) after a change of a copy of the kept files."""
    copy = test.path / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(KEPT, copy)
    change(copy)
    words = io.StringIO()
    with contextlib.redirect_stdout(words):
        same = reference.compare_folders(KEPT, copy)
    return same, words.getvalue()


def edit(name, pattern, replacement):
    """A change: the first place of a pattern in a file."""
    def change(folder):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        changed = re.sub(pattern, replacement, text, count=1)
        test.expect(changed != text, f"{name} has no {pattern}")
        path.write_text(changed, encoding="utf-8")
    return change


def check_changes():
    same, words = told(lambda folder: None)
    test.expect(same and words.count("the same, byte for byte") == len(list(KEPT.iterdir())),
                f"an unchanged copy: {words}")
    for what, change, say in (
            ("a number", edit("study.csv", r"(funnel\.connected_share_of_accepted,share,0\.)\d\d", r"\g<1>99"),
             r"study\.csv: 1 of \d+ lines differ\n    line \d+: .*is now 0\.99"),
            ("a printed number", edit("study.txt", r"connected through the link worker +\d", lambda m: m[0][:-1] + "9"),
             r"study\.txt: 1 of"),
            ("a verdict", edit("theory.txt", "confirmed", "refuted"), r"theory\.txt: 1 of .*\n.*is now .*refuted"),
            ("a point of a picture", edit("theory.svg", r'cx="\d+', 'cx="7'), r"theory\.svg: 1 of"),
            ("a lost line", edit("caseload.csv", r"\n[^\n]+\n", "\n"), r"caseload\.csv: \d+ lines are now \d+"),
            ("another command", edit("made.csv", "--csv theory.csv ", ""), r"made\.csv: 1 of"),
            ("a lost file", lambda folder: (folder / "theory.csv").unlink(), r"theory\.csv: is made no more"),
            ("a new file", lambda folder: (folder / "more.txt").touch(), r"more\.txt: is new")):
        same, words = told(change)
        test.expect(not same and re.search(say, words), f"{what} is changed: {words}")
        test.expect(words.count("the same, byte for byte") >= len(list(KEPT.iterdir())) - 1,
                    f"{what} is changed: other files differ too: {words}")
    same, words = told(edit("study.csv", r"(funnel\.connected_share_of_accepted,share,0\.\d{8})\d", r"\g<1>"))
    test.expect(same and "study.csv: the same but for last digits in 1 lines" in words, f"rounding: {words}")
    def other_matplotlib(folder):
        edit("made.csv", r"matplotlib [\d.]+", "matplotlib 0.1")(folder)
        edit("overview-dark.svg", r"\d", "7")(folder)
    same, words = told(other_matplotlib)
    test.expect(same and "overview-dark.svg: not compared: drawn by matplotlib" in words and
                "made.csv: the same, byte for byte" in words, f"another matplotlib: {words}")


def check_kept():
    """What is kept has a command in made.csv, and the summary shows the numbers of the table."""
    with open(KEPT / "made.csv", encoding="utf-8", newline="") as file:
        made = list(csv.DictReader(file))
    files = sorted(name for row in made for name in row["files"].split())
    test.expect(files == sorted(path.name for path in KEPT.iterdir() if path.name != "made.csv"),
                f"made.csv tells of {files}")
    commands = {row["command"] for row in made if row["seed"]}
    test.expect(commands == {reference.typed(one) for one in reference.REFERENCES} and
                all(row["seed"] == "1" for row in made if row["seed"]), f"made.csv has {commands}")
    test.expect(sum(path.stat().st_size for path in KEPT.iterdir()) < 1e6, "the reference results are large")
    with open(KEPT / "study.csv", encoding="utf-8", newline="") as file:
        share = {row["outcome"]: float(row["mean"]) for row in csv.DictReader(file)}
    shown = re.search(r"connected through the link worker +([\d.]+) %", (KEPT / "study.txt").read_text("utf-8"))[1]
    test.expect(shown == f"{100 * share['funnel.connected_share_of_accepted']:.1f}", f"study.txt shows {shown}")
    light, dark = ((KEPT / f"overview-{name}.svg").read_text("utf-8") for name in ("light", "dark"))
    for step in ("accepted", "taken_up", "connected"):
        words = f">{100 * share[f'funnel.{step}_share_of_offered']:.0f} %</text>"
        test.expect(words in light and words in dark, f"the picture of the README does not show {step} {words}")
    colours = re.compile(r"#[0-9a-f]{6}\b|#\w{11}|\b[mp][0-9a-f]{10}\b")
    test.expect(light != dark and colours.sub("", light) == colours.sub("", dark),
                "the light and the dark picture differ in more than colours")


def check_refusals():
    for words, status, say in ((["--program", "nowhere"], 2, "there is no such program"), (["--bogus"], 2, "--bogus"),
                               (["--program", "/bin/false"], 1, "ended with status 1")):
        done = subprocess.run([SCRIPT, *words], capture_output=True, text=True, check=False, cwd=test.path)
        test.expect(done.returncode == status and say in done.stderr, f"{words}: {done.returncode}: {done.stderr}")


check_numbers()
check_changes()
check_kept()
check_refusals()
test.end()
