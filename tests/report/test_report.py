#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of `buyin report`: parsed, and their numbers compared with those computed here straight from the file."""
import re
import shutil
import sys
from html.parser import HTMLParser

import h5py
import numpy

from small_results import Test, make, make_all, report

FIGURES = {"run": 12, "compare": 15, "sweep": 2, "ablate": 7, "economics": 2}
T_2 = 4.302652729911275  # Student's t, 0.975, 2 degrees of freedom
test = Test(sys.argv)


class Page(HTMLParser):
    """What the test wants to know of a page."""

    VOID = {"meta", "link", "br", "img", "input", "hr", "path", "use"}

    def __init__(self, text):
        super().__init__()
        self.headings, self.svgs, self.data, self.tables, self.ids, self.resources = [], [], [], [], [], []
        self.labels, self.words, self.lang, self.open_data, self.references = 0, [], None, None, []
        self.feed(text)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "html":
            self.lang = found.get("lang")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in found:
            self.ids.append(found["id"])
        self.references += (found.get("aria-labelledby") or "").split()
        if tag == "svg":
            self.svgs.append(found)
        if tag == "table":
            self.tables.append([0, 0])
        if self.tables and tag in ("tr", "caption"):
            self.tables[-1][tag == "caption"] += 1
        if tag == "data":
            self.open_data = [float(found["value"]), found.get("data-outcome"), ""]
        for name in ("src", "href", "xlink:href", "data", "action"):
            if found.get(name) and not (tag == "a" and name == "href") and not found[name].startswith("#"):
                self.resources.append(f"{tag} {name}={found[name]}")
            if tag == "a" and name == "href" and found.get(name, "").startswith("#"):
                self.references.append(found[name][1:])

    def handle_endtag(self, tag):
        if tag == "data" and self.open_data:
            self.data.append(tuple(self.open_data))
            self.open_data = None

    def handle_data(self, data):
        self.words.append(data)
        if self.open_data:
            self.open_data[2] += data

    def holds(self, value):
        """Whether a <data> element has this value."""
        return any(abs(x - value) <= 1e-9 * max(1, abs(value)) for x, _, _ in self.data)


def read(name, *results):
    """A report, parsed, and its text."""
    text = report(test, name, *results).read_text(encoding="utf-8")
    return Page(text), text


def check_page(name, page, text, figures):
    """What holds for every page."""
    test.expect(page.lang == "en-GB", f"{name}: the language of the page is not said")
    test.expect('class="skip" href="#main"' in text, f"{name}: no link that skips to the results")
    test.expect("<script" not in text, f"{name}: there is a script in the page")
    test.expect(not page.resources, f"{name}: things from elsewhere: {page.resources[:3]}")
    addresses = {x for x in re.findall(r"https?://[^\"'<>\s]+", text) if not x.startswith("https://doi.org/")}
    test.expect(not addresses, f"{name}: addresses in the page: {sorted(addresses)[:3]}")
    test.expect(page.headings[:1] == [1] and page.headings.count(1) == 1, f"{name}: not one h1, at the start")
    test.expect(all(b <= a + 1 for a, b in zip(page.headings, page.headings[1:])), f"{name}: a level of headings is missing")
    test.expect(len(page.ids) == len(set(page.ids)), f"{name}: an id is there twice")
    test.expect(set(page.references) <= set(page.ids), f"{name}: links or labels without a target: "
                f"{sorted(set(page.references) - set(page.ids))[:3]}")
    test.expect(len(page.svgs) == figures, f"{name}: {len(page.svgs)} figures instead of {figures}")
    test.expect(all(x.get("role") == "img" and len(x.get("aria-labelledby", "").split()) == 2 for x in page.svgs),
                f"{name}: a figure without role or label")
    test.expect(len(page.tables) >= figures + 1, f"{name}: fewer tables than figures")
    test.expect(all(rows >= 2 and captions == 1 for rows, captions in page.tables), f"{name}: a table is empty or "
                "has no caption")
    test.expect(len(text) < 5e6, f"{name}: {len(text)} characters are too many")
    test.expect(not re.search(r"\bnan\b|&lt;(data|span)|None\b(?!:)", page.text), f"{name}: nan, None or markup in words")


def check_outcomes(name, page, path):
    """Named numbers are those of the file, and are rounded rightly."""
    with h5py.File(path) as file:
        names = list(file["outcomes/outcome"].asstr()[:])
        value = file["outcomes/value"][0]
        unit = file["outcomes/unit"].asstr()[:]
    named = [x for x in page.data if x[1]]
    test.expect(len(named) >= 8 or name in ("sweep", "economics"), f"{name}: only {len(named)} named numbers")
    for shown, outcome, words in named:
        mean = numpy.nanmean(value[:, names.index(outcome)])
        test.expect(abs(shown - mean) <= 1e-9 * max(1, abs(mean)), f"{name}: {outcome} is {shown} instead of {mean}")
        factor = 100 if unit[names.index(outcome)] in ("share", "ratio") else 1
        digits = words.replace("\N{MINUS SIGN}", "-").replace(",", "").replace("£", "").replace("%", "").strip()
        places = len(digits.partition(".")[2])
        test.expect(abs(float(digits) - factor * mean) <= 0.5000001 * 10**-places, f"{name}: {outcome} reads {words}, is {mean}")


def check_run(page, path):
    """Numbers of a run that are not outcomes of the file: computed here from the counts."""
    with h5py.File(path) as file:
        groups = list(file["groups/group"].asstr()[:])
        column = groups.index("quintile1")
        with_workers, without, offered, connected = (
            file[f"groups/{x}"][0] for x in ("contrast_gp_with", "contrast_gp_without", "offered", "connected"))
        test.expect(page.holds((connected[:, column] / offered[:, column]).mean()),
                    "run: connected in quintile 1 is not in the page")
        test.expect(page.holds((with_workers[:, 0] / without[:, 0] - 1).mean()),
                    "run: the effect on GP consultations is not in the page")
        pathways = list(file["pathways/pathway"].asstr()[:])
        persons = file["pathways/persons"][0].sum(axis=1)
        took = numpy.isin(pathways, ["declined", "waiting"], invert=True)
        shares = persons[:, pathways.index("a_rapid")] / persons[:, took].sum(axis=1)
        test.expect(page.holds(shares.mean()), "run: pathway a is not the one counted from /pathways")
        statuses = list(file["weekly/status"].asstr()[:])
        waiting = file["weekly/persons"][0, :, :, 26, statuses.index("waiting")].mean(axis=1)
        test.expect(page.holds(waiting.astype(float).mean()), "run: people waiting in week 26 are not in the page")
    test.expect("population.arrival_weeks" in page.text, "run: a changed parameter is not told")
    test.expect("Few replicates" in page.text, "run: few replicates are not warned of")


def check_scenarios(pages, paths):
    """Differences, points and effects computed from the file."""
    with h5py.File(paths["compare"]) as file:
        names = list(file["outcomes/outcome"].asstr()[:])
        apart = (file["outcomes/value"][1] - file["outcomes/value"][0])[:, names.index("wait.weeks_mean")]
    test.expect(pages["compare"].holds(apart.mean()), "compare: the paired difference of the wait is not in the page")
    with h5py.File(paths["sweep"]) as file:
        names = list(file["outcomes/outcome"].asstr()[:])
        values = file["outcomes/value"][:, :, names.index("after_first_session.trust.week13")]
        offers = file["sweep/population_offers_per_week"][:]
    test.expect(all(pages["sweep"].holds(x) for x in values.mean(axis=1)), "sweep: a point's trust is not in the page")
    best = values.mean(axis=1).argmax()
    apart = values - values[best]
    high = apart.mean(axis=1) + T_2 * apart.std(axis=1, ddof=1) / 3**0.5
    good = high >= 0
    said = re.search(r"Highest trust after 13 weeks: ([^;]*); ([^.]*)[.]", pages["sweep"].text)
    test.expect(said and f"offers per week {offers[best]:g}" in said.group(1), f"sweep: the best point for trust: {said}")
    wanted = "every other point is clearly worse" if good.sum() == 1 else f"{good.sum() - 1} other points"
    test.expect(said and wanted in said.group(2), f"sweep: {wanted} in {said and said.group(2)}")
    with h5py.File(paths["ablate"]) as file:
        effects = file["theory/effect_on_outcome"][:, 0]
        verdicts = file["theory/verdict"][:]
        doses = file["theory/dose_of_outcome"][:, :, 0]
        shares, total = file["theory/share"][:, :, 0], file["theory/total_effect"][:, 0]
    test.expect(all(pages["ablate"].holds(x) for x in effects), "ablate: an effect is not in the page")
    for what, numbers in (("dose", doses), ("share", shares), ("total effect", total)):
        test.expect(all(pages["ablate"].holds(x) for x in numbers.ravel() if numpy.isfinite(x)),
                    f"ablate: a {what} is not in the page")
    test.expect(f"Of {len(verdicts)} configurations, {(verdicts == 0).sum()} are confirmed" in pages["ablate"].text,
                "ablate: the count of verdicts is wrong")


def check_moves(page, path):
    """Moves between statuses add up to the stocks, agree with the trajectories and are in the page."""
    with h5py.File(path) as file:
        names = list(file["weekly/status"].asstr()[:])
        moved, persons = file["weekly/moved"][0].astype(float), file["weekly/persons"][0].sum(axis=1)
        states = file["trajectories/status"][:]
    change = numpy.diff(persons, axis=1)
    net = (moved.sum(axis=2) - moved.sum(axis=3))[:, 1:]
    test.expect(moved.sum() > 1000 and (net == change).all(), "moves: stocks do not change by those who come less those who go")
    states = numpy.nan_to_num(states).astype(int)
    pairs = numpy.zeros((len(names), len(names)))
    numpy.add.at(pairs, (numpy.pad(states, ((0, 0), (1, 0)))[:, :-1].ravel(), states.ravel()), 1)
    numpy.fill_diagonal(pairs, 0)
    test.expect((moved.sum(axis=(0, 1)) == pairs).all(), "moves: not those of the trajectories")
    dropped = moved[:, :, names.index("engaged"), names.index("disengaged")].sum(axis=1).mean()
    test.expect(page.holds(dropped), "moves: those who dropped out are not in the page")


def check_economics(page, path):
    """Means over sets of the differences from the comparator, and a share of acceptability."""
    with h5py.File(path) as file:
        cost, effect = (file[f"economics/{x}"][0].mean(axis=1) for x in ("cost", "effect"))
        quintile = file["economics/cost"][1].mean(axis=1)
        shares, value = file["economics/acceptability"][-1], file["economics/evpi"][-1]
    for what, numbers in (("cost", cost), ("effect", effect), ("cost in quintile 1", quintile)):
        more = (numbers[:, 1:] - numbers[:, :1]).mean(axis=0)
        test.expect(all(page.holds(x) for x in more), f"economics: more {what} is not in the page: {more}")
    test.expect(page.holds(value), "economics: the value of information is not in the page")
    test.expect(all(f"{100 * x:.0f} %" in page.text for x in shares), f"economics: acceptability {shares} is not in the page")
    test.expect("Scenario minus base" not in page.text, "economics: sets are shown as scenarios")


def check_pairs():
    """The largest interaction of two configurations is in the page, with how many would look clear by chance."""
    path = make(test, "pairs", "ablate", test.config("study.yaml"), "--pairs", "-s", "run.replicates=2", "-s", "run.weeks=40",
                "-s", "population.arrival_weeks=20", "-s", "run.burn_in_weeks=4", "-s", "run.counterfactual=0")
    page, _ = read("pairs", path)
    with h5py.File(path) as file:
        statistic = list(file["theory/statistic"].asstr()[:])
        found = file["theory/interaction"][()]
    mean, low, high = (found[..., statistic.index(x)] for x in ("mean", "low", "high"))
    clear = numpy.where((low > 0) | (high < 0), numpy.abs(mean), 0)
    for headline in numpy.flatnonzero(clear.max(axis=(0, 1)) > 0):
        place = numpy.unravel_index(clear[..., headline].argmax(), clear.shape[:2])
        test.expect(page.holds(mean[(*place, headline)]), f"pairs: the largest interaction on headline {headline} is missing")
    test.expect("Of 1,950 intervals about 98 would leave out 0" in page.text, "pairs: chance is not told")


def check_comparison(page, path):
    """A comparison holds all that was recorded of every scenario, and the page tells it."""
    with h5py.File(path) as file:
        names = list(file["outcomes/outcome"].asstr()[:])
        statuses = list(file["weekly/status"].asstr()[:])
        shares = file["outcomes/value"][1, :, names.index("pathway_of_engaged.all.b_anchored")]
        waiting = file["weekly/persons"][1, :, :, 44, statuses.index("waiting")].mean(axis=1)
        offered = file["groups/offered"][:, :, 0]
        titles, differences = (list(file[f"config/{x}"].asstr()[:]) for x in ("title", "difference"))
        filled = file["link_workers/filled"][3]
        test.expect(file.attrs["seconds"] > 0, "compare: it took no time")
    test.expect(page.holds(shares.mean()), "compare: pathway b of a scenario is not in the page")
    test.expect(page.holds(waiting.astype(float).mean()), "compare: people waiting in a scenario are not in the page")
    test.expect(numpy.isfinite(offered).all() and (offered > 0).all(), "compare: groups of a scenario are missing")
    test.expect(numpy.isnan(filled).all(), "compare: posts of a scenario without link workers")
    test.expect(titles[1] == "Smaller caseloads" and "diary.caseload_cap: 50 -> 30" in differences[1],
                f"compare: {titles}, {differences}")
    for words in ("A housing crisis", "barrier_housing: {add: 0.3}", "sites[1 to 7].link_workers 1 → 0",
                  "diary.caseload_cap 50 → 30"):
        test.expect(words in page.text, f"compare: the page does not say {words!r}")


def check_lacking(path):
    """A file without some of its groups is reported without them, and the page says what is missing."""
    bare = test.path / "bare.h5"
    shutil.copy(path, bare)
    with h5py.File(bare, "a") as file:
        for group in ("weekly", "link_workers", "course", "groups"):
            del file[group]
    page, text = read("bare", bare)
    check_page("bare", page, text, 5)  # funnel, two of pathways, reasons, GP
    test.expect("This file does not hold how trust, hope, stress and readiness change; the service week by week" in page.text,
                "a page does not say what its file lacks")


def check_refusals(path):
    """Bad input: status 2, one sentence, nothing written."""
    page = test.path / "refused.html"
    page.write_text("mine", encoding="utf-8")
    done = test.call("report", path, "-o", page)
    test.expect(done.returncode == 2 and page.read_text(encoding="utf-8") == "mine", "an existing page was replaced")
    test.expect(test.call("report", path, "-o", page, "--force").returncode == 0, "--force does not replace a page")
    text = test.path / "text.h5"
    text.write_text("no HDF5", encoding="utf-8")
    stranger, broken = test.path / "stranger.h5", test.path / "broken.h5"
    with h5py.File(stranger, "w") as file:
        file["x"] = 1
    shutil.copy(path, broken)
    with h5py.File(broken, "a") as file:
        file.attrs["complete"] = 0
    for bad in (text, stranger, broken, test.path / "absent.h5"):
        out = test.path / f"{bad.stem}.html"
        done = test.call("report", bad, "-o", out)
        test.expect(done.returncode == 2 and len(done.stderr.splitlines()) == 1 and not out.exists(),
                    f"{bad.name}: status {done.returncode}, {done.stderr!r}")
    test.expect(not list(test.path.glob(".buyin-*")), "a temporary file was left behind")


def main():
    """Makes the results and reads their pages."""
    paths = make_all(test)
    pages = {}
    for name, path in paths.items():
        page, text = read(name, path)
        pages[name] = page
        check_page(name, page, text, FIGURES[name])
        check_outcomes(name, page, path)
    page, text = read("all", *paths.values())
    check_page("all", page, text, sum(FIGURES.values()))
    check_run(pages["run"], paths["run"])
    check_moves(pages["run"], paths["run"])
    check_scenarios(pages, paths)
    check_comparison(pages["compare"], paths["compare"])
    check_economics(pages["economics"], paths["economics"])
    check_pairs()
    check_lacking(paths["run"])
    check_refusals(paths["run"])
    test.end()


if __name__ == "__main__":
    main()
