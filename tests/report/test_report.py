#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports, figures and tables of results: what they hold agrees with the file, and a browser can show them.

Small results of run, compare, sweep and ablate are made and reported. The pages are parsed; their numbers are
compared with those computed here straight from the file; Debian's Chromium, where it is installed, lays them out.
"""

import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import h5py
import numpy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "system"))
from program import Test  # noqa: E402  pylint: disable=wrong-import-position

SMALL = ["-s", "run.replicates=3", "-s", "run.weeks=90", "-s", "population.arrival_weeks=40"]
WIDTHS = (375, 1280)
test = Test(sys.argv)
scripts = test.source / "scripts"


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


def python(script, *words):
    """Runs a script of the project's scripts/."""
    return subprocess.run(["/usr/bin/python3", "-B", str(scripts / script), *map(str, words)], capture_output=True,
                          text=True, check=False, timeout=300, cwd=test.path)


def make(name, *words):
    """A results file, or the end of the test."""
    path = test.path / f"{name}.h5"
    done = test.call(*words, "--quiet", "--threads", "2", "-o", path)
    if not test.expect(done.returncode == 0, f"{name}: the result could not be made: {done.stderr.strip()}"):
        test.end()
    return path


def report(name, *results):
    """A page, parsed, and its text; the end of the test if it cannot be made."""
    path = test.path / f"{name}.html"
    done = python("buyin-report", *results, "-o", path)
    if not test.expect(done.returncode == 0 and path.exists(), f"{name}: no report: {done.stderr.strip()[-500:]}"):
        test.end()
    text = path.read_text(encoding="utf-8")
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
    test.expect(len(named) >= 8 or name == "sweep", f"{name}: only {len(named)} named numbers")
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
    low = apart.mean() - 4.302652729911275 * apart.std(ddof=1) / 3**0.5
    rows = list(map(lambda x: x.split(","), python("buyin_results.py", paths["compare"], "--differences", "--csv",
                                                   "-").stdout.splitlines()))
    found = [float(x[rows[0].index("low")]) for x in rows[1:] if "wait.weeks_mean" in x]
    test.expect(found and abs(found[0] - low) < 1e-7, f"compare: the interval starts at {found} instead of {low}")
    with h5py.File(paths["sweep"]) as file:
        names = list(file["outcomes/outcome"].asstr()[:])
        means = file["outcomes/value"][:, :, names.index("after_first_session.trust.week13")].mean(axis=1)
    test.expect(all(pages["sweep"].holds(x) for x in means), "sweep: a point's trust is not in the page")
    with h5py.File(paths["ablate"]) as file:
        effects = file["theory/effect_on_outcome"][:, 0]
        verdicts = file["theory/verdict"][:]
    test.expect(all(pages["ablate"].holds(x) for x in effects), "ablate: an effect is not in the page")
    test.expect(f"Of {len(verdicts)} configurations, {(verdicts == 0).sum()} are confirmed" in pages["ablate"].text,
                "ablate: the count of verdicts is wrong")


def check_refusals(path):
    """Bad input: status 2, one sentence, nothing written."""
    page = test.path / "refused.html"
    page.write_text("mine", encoding="utf-8")
    done = python("buyin-report", path, "-o", page)
    test.expect(done.returncode == 2 and page.read_text(encoding="utf-8") == "mine", "an existing page was replaced")
    test.expect(python("buyin-report", path, "-o", page, "--force").returncode == 0, "--force does not replace a page")
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
        done = python("buyin-report", bad, "-o", out)
        test.expect(done.returncode == 2 and len(done.stderr.splitlines()) == 1 and not out.exists(),
                    f"{bad.name}: status {done.returncode}, {done.stderr!r}")
    test.expect(not list(test.path.glob(".buyin-report-*")), "a temporary file was left behind")


def check_tables_and_figures(path):
    """The tidy table and the figures as files, twice the same."""
    out = test.path / "tidy.csv"
    done = python("buyin_results.py", path, "--tidy", "--csv", out)
    head = out.read_text(encoding="utf-8").splitlines()[0] if out.exists() else done.stderr
    test.expect(head == "scenario,replicate,week,group,measure,value", f"the tidy table starts with {head}")
    for folder in ("one", "two"):
        done = python("buyin_figures.py", path, "--to", test.path / folder, "--figure", "pathways", "--figure", "gp")
        test.expect(done.returncode == 0, f"figures: {done.stderr.strip()[-300:]}")
    for name in ("pathways.svg", "pathways.pdf", "pathways.png", "gp.svg", "gp.pdf", "gp.png"):
        one, two = test.path / "one" / name, test.path / "two" / name
        test.expect(one.exists() and two.exists() and one.read_bytes() == two.read_bytes(),
                    f"{name} is missing or differs from one time to the next")


def check_r(path):
    """The R script gives the same shares."""
    if not shutil.which("Rscript"):
        print("skipped: Rscript is not installed")
        return
    out = test.path / "pathways_r.svg"
    done = subprocess.run(["Rscript", str(scripts / "read_results.R"), str(path), str(out)], capture_output=True,
                          text=True, check=False, timeout=300, cwd=test.path)
    if done.returncode == 2 and "rhdf5 is missing" in done.stderr:
        print("skipped: the R package rhdf5 is not installed")
        return
    with h5py.File(path) as file:
        names = list(file["outcomes/outcome"].asstr()[:])
        mean = 100 * file["outcomes/mean"][0, names.index("pathway_of_engaged.all.a_rapid")]
    found = re.search(r"rapid connection\s+([\d.]+)", done.stdout)
    test.expect(found and abs(float(found.group(1)) - mean) < 0.00501, f"R: pathway a is not {mean}: {done.stdout} {done.stderr}")
    test.expect(out.exists() and "<svg" in out.read_text(encoding="utf-8"), "R: no plot")


def contrast(one, other):
    """Ratio of contrast of two colours, #rrggbb, after WCAG."""
    def light(colour):
        parts = [int(colour[place:place + 2], 16) / 255 for place in (1, 3, 5)]
        parts = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def check_contrast(text):
    """Every colour of words against every ground of the page."""
    colours = dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", text))
    for ink in ("ink", "quiet", "accent"):
        for ground in ("#ffffff", colours["soft"], colours["warn"]):
            ratio = contrast(colours[ink], ground)
            test.expect(ratio >= 4.5, f"contrast of {ink} on {ground} is {ratio:.1f}")


MEASURE = """<!DOCTYPE html><meta charset="utf-8"><body><script>
const frame = document.createElement("iframe");
frame.style.cssText = "border:0;height:2000px;width:WIDTHpx";
frame.onload = () => {
  const page = frame.contentDocument, all = page.documentElement, found = {closed: all.scrollWidth};
  for (const part of page.querySelectorAll("details")) part.open = true;
  found.open = all.scrollWidth;
  found.height = all.scrollHeight;
  found.figures = [...page.querySelectorAll("svg")].map(svg => {
    const box = svg.getBoundingClientRect();
    const out = [...svg.querySelectorAll("text")].filter(text => {
      const at = text.getBoundingClientRect();
      return at.width && (at.left < box.left - 2 || at.right > box.right + 2 || at.top < box.top - 2 || at.bottom > box.bottom + 2);
    }).map(text => text.textContent);
    return {label: svg.getAttribute("aria-labelledby"), width: box.width, height: box.height, out};
  });
  const words = document.createElement("pre");
  words.id = "found";
  words.textContent = JSON.stringify(found);
  document.body.replaceChildren(words);
};
frame.srcdoc = PAGE;
document.body.append(frame);
</script>"""


def check_layout(name, text, browser):
    """In a browser nothing sticks out sideways, every figure has a size, no text of a figure is clipped."""
    for width in WIDTHS:
        wrapper = test.path / f"{name}_{width}.html"
        page = json.dumps(text).replace("</", "<\\/")
        wrapper.write_text(MEASURE.replace("WIDTH", str(width)).replace("PAGE", page), encoding="utf-8")
        done = subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr",
             f"--user-data-dir={test.path / 'browser'}", f"--window-size={max(width, 800)},2000", "--dump-dom",
             "--virtual-time-budget=10000", f"file://{wrapper}"], capture_output=True, text=True, check=False, timeout=300)
        found = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
        if not test.expect(found, f"{name}: the browser said nothing at {width}: {done.stderr[-300:]}"):
            continue
        found = json.loads(found.group(1).replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&"))
        test.expect(found["closed"] <= width, f"{name}: {found['closed']} pixels wide at {width}")
        test.expect(found["open"] <= width, f"{name}: {found['open']} pixels wide at {width} with tables open")
        for figure in found["figures"]:
            test.expect(figure["width"] > 250 and figure["height"] > 60, f"{name} at {width}: no size: {figure['label']}")
            test.expect(not figure["out"], f"{name} at {width}: text sticks out of {figure['label']}: {figure['out'][:3]}")
        errors = [x for x in done.stderr.splitlines() if "CONSOLE" in x]
        test.expect(not errors, f"{name}: the console says {errors[:2]}")


def main():
    """Makes the results and looks at everything."""
    study = test.config("study.yaml")
    scenarios = [test.config(f"scenarios/{x}.yaml") for x in ("smaller_caseloads", "tapered_endings")]
    paths = {
        "run": make("run", "run", study, *SMALL),
        "compare": make("compare", "compare", study, *scenarios, *SMALL),
        "sweep": make("sweep", "sweep", study, "--vary", "diary.caseload_cap=30,50", "--vary",
                      "population.offers_per_week=3,4.45", *SMALL),
        "ablate": make("ablate", "ablate", study, *SMALL)}
    figures = {"run": 11, "compare": 6, "sweep": 2, "ablate": 4}
    pages = {}
    browser = shutil.which("chromium")
    if not browser:
        print("skipped: Chromium is not installed, so the layout is not measured")
    for name, path in paths.items():
        page, text = report(name, path)
        pages[name] = page
        check_page(name, page, text, figures[name])
        check_outcomes(name, page, path)
        if browser:
            check_layout(name, text, browser)
    page, text = report("all", *paths.values())
    check_page("all", page, text, sum(figures.values()))
    check_contrast(text)
    check_run(pages["run"], paths["run"])
    check_scenarios(pages, paths)
    check_refusals(paths["run"])
    check_tables_and_figures(paths["run"])
    check_r(paths["run"])
    test.end()


if __name__ == "__main__":
    main()
