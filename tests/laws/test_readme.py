#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages for people say is so.

Links lead somewhere; commands and options that are shown exist; numbers of the README are those of results/reference;
CITATION.cff has what its format asks for and the version of the program.
"""
import csv
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
from program import Test  # noqa: E402  pylint: disable=wrong-import-position

test = Test(sys.argv)
PAGES = [test.source / name for name in ("README.md", "configs/README.md", "scripts/README.md", "results/README.md",
                                         "sim/MODEL.md")]
KEPT = test.source / "results" / "reference"


def read(path):
    return path.read_text(encoding="utf-8")


def anchors(text):
    """Names by which headings can be linked to, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def check_links():
    for page in PAGES:
        targets = re.findall(r"\]\(([^)\s]+)\)", read(page)) + re.findall(r'(?:src|srcset)="([^"]+)"', read(page))
        for target in targets:
            if re.match(r"https?:|mailto:", target):
                continue
            path, _, anchor = target.partition("#")
            file = (page.parent / path).resolve() if path else page
            test.expect(file.exists(), f"{page.relative_to(test.source)}: {target} leads nowhere")
            if anchor and file.exists():
                test.expect(anchor in anchors(read(file)),
                            f"{page.relative_to(test.source)}: {target}: there is no such heading")


def check_commands():
    """Each line that begins with build/buyin: the command is there, and its --help names the options."""
    helps = {}
    count = 0
    for page in PAGES:
        for line in re.findall(r"^    build/buyin (.+)$", read(page), re.MULTILINE):
            words = re.sub(r"\s#.*", "", line).split()
            if words[0] not in helps:
                helps[words[0]] = test.call(words[0], "--help")
                test.expect(helps[words[0]].returncode == 0, f"{page.name}: there is no 'buyin {words[0]}'")
            for option in (word.split("=")[0] for word in words[1:] if word.startswith("-")):
                count += 1
                test.expect(re.search(rf"(?<![\w-]){re.escape(option)}\b", helps[words[0]].stdout),
                            f"{page.name}: 'buyin {words[0]} --help' does not know {option}")
            for word in words[1:]:
                if word.startswith("configs/") and "*" not in word:
                    test.expect((test.source / word).exists(), f"{page.name}: there is no {word}")
    test.expect(count > 20, f"only {count} options are shown")


def check_summary():
    """The summary shown is that of results/reference, with lines left out."""
    shown = re.search(r"^    The seven link workers.*?(?=^\S)", read(PAGES[0]), re.MULTILINE | re.DOTALL)[0]
    kept = [line.rstrip() for line in read(KEPT / "study.txt").splitlines()]
    lines = [line[4:].rstrip() for line in shown.splitlines() if line.strip()]
    test.expect(len(lines) > 15, "the summary in the README is short")
    for line in lines:
        test.expect(line in kept, f"README: '{line.strip()}' is not in results/reference/study.txt")


# first words of a row of the table, outcome and what is shown of it
FIT = (
    ("declined at offer", "funnel.first_offer_accepted_share", lambda x: f"{1 - x:.2f}"),
    ("enrolled", "funnel.taken_up_share_of_accepted", lambda x: f"{x:.2f}"),
    ("three contacts", "funnel.three_sessions_share_of_accepted", lambda x: f"{x:.2f}"),
    ("seen at least once", "funnel.seen_share_of_accepted", lambda x: f"{x:.2f}"),
    ("median contacts", "sessions.q50_of_seen", lambda x: f"{x:.1f}"),
    ("dropped out", "disengaged.share_of_taken_up", lambda x: f"{x:.2f}"),
    ("connected, given", "funnel.connected_share_of_accepted", lambda x: f"{x:.2f}"),
    ("weeks of involvement", "caseload_weeks.median_of_left", lambda x: f"{x:.0f}"),
    ("active caseload", "service.caseload", lambda x: f"{x:.0f}"),
    ("SWEMWBS change", "swemwbs.change_at_9_to_12_months", lambda x: f"{x:+.1f}"),
    ("GP consultations", "gp.change_after_vs_before", lambda x: f"{100 * x:.0f} %"))


def check_fit():
    """The table of targets shows the outcomes of the study; one in the last digit may be lost in rounding."""
    with open(KEPT / "study.csv", encoding="utf-8", newline="") as file:
        means = {row["outcome"]: float(row["mean"]) for row in csv.DictReader(file)}
    rows = [[cell.strip() for cell in line.strip("| ").split("|")]
            for line in read(PAGES[0]).partition("## How well it fits")[2].splitlines() if line.startswith("| ")]
    for words, outcome, show in FIT:
        row = next((row for row in rows if row[0].startswith(words)), None)
        if test.expect(row, f"README: no target '{words}'"):
            test.expect(row[2].startswith(show(means[outcome])),
                        f"README: '{row[0]}' shows {row[2]}, {outcome} is {means[outcome]:.5g}")


def check_caseload():
    """The answer to the question of caseloads is that of the kept sweep."""
    table = read(KEPT / "caseload.txt").partition("full_time_equivalent = 1, population.offers_per_week = 4.45\n  con")[2]
    for name, pattern in (("cost per person connected", r"a cap of (\d+) .*?\((\d+) to (\d+) are"),
                          ("trust after 13 weeks", r"trust is best at (\d+)( to )(\d+)")):
        kept = re.search(name + r" +best at (\d+) .*?worse: (\d+) to (\d+)", table)
        said = re.search(pattern, read(PAGES[0]))
        if test.expect(said and kept, f"README: nothing is said of {name}"):
            of_kept = kept.groups() if name.startswith("cost") else (kept[2], " to ", kept[3])
            test.expect(said.groups() == of_kept, f"README: {name}: says {said[0]}, the sweep {kept[0]}")


def check_citation():
    text = read(test.source / "CITATION.cff")
    for key in ("cff-version: 1.2.0", "message: ", "title: Buyin", "authors:\n  - ", "type: software",
                "license: GPL-3.0-or-later"):
        test.expect(re.search("^" + re.escape(key), text, re.MULTILINE), f"CITATION.cff: lacks '{key}'")
    version = re.match(r"buyin (\S+)", test.call("--version").stdout)[1]
    test.expect(f"\nversion: {version}\n" in text, f"CITATION.cff: is not of version {version}")
    test.expect("10.3310/ETND8254" in text, "CITATION.cff: lacks the study")
    test.expect("GNU GENERAL PUBLIC LICENSE" in read(test.source / "LICENSE"), "LICENSE is not the GPL")


check_links()
check_commands()
check_summary()
check_fit()
check_caseload()
check_citation()
test.end()
