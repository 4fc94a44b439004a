#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports in a real browser: nothing is fetched, nothing complained about, nothing clipped; contrast, headings, keyboard.

Debian's Chromium opens the pages at the width of a phone and of a desk, with tables closed and open. audit.js measures;
at the end it is shown that it finds what it looks for.
"""
import shutil
import sys
from pathlib import Path

import browser
from small_results import SMALL, Test, make, make_all, report

WIDTHS = (375, 1280)
SMALLEST = {375: 10, 1280: 14}  # letters of figures, CSS pixels
AUDIT = (Path(__file__).resolve().parent / "audit.js").read_text(encoding="utf-8")
OPEN = "for (const part of document.querySelectorAll('details')) part.open = true"
test = Test(sys.argv)


def check_figure(where, figure, width):
    """A figure has size and content; its words can be read."""
    where = f"{where}: {figure['name'][:40]}"
    test.expect(figure["width"] > 250 and figure["height"] > 100, f"{where}: {figure['width']} by {figure['height']}")
    test.expect(figure["marks"] > 5, f"{where}: only {figure['marks']} marks")
    test.expect(not figure["out"], f"{where}: words stick out: {figure['out'][:3]}")
    test.expect(not figure["over"], f"{where}: words lie over each other: {figure['over'][:3]}")
    test.expect(figure["smallest"] >= SMALLEST[width], f"{where}: letters of {figure['smallest']:.1f} pixels")
    test.expect(len(figure["name"]) > 40, f"{where}: no description")


def check_state(where, found, width, figures):
    """What holds for the page as it stands."""
    test.expect(found["width"] <= width, f"{where}: {found['width']} pixels wide")
    test.expect(found["texts"] > 100, f"{where}: only {found['texts']} texts looked at")
    for fault in ("cut", "faint", "nameless", "twice"):
        test.expect(not found[fault], f"{where}: {fault}: {found[fault][:3]}")
    test.expect(found["emptyHeads"] == 0 and found["tablesWithoutHeads"] == 0, f"{where}: tables without heads")
    test.expect(found["landmarks"] == [1, 1, 1, 1], f"{where}: header, nav, main, footer: {found['landmarks']}")
    levels = [level for level, _ in found["headings"]]
    test.expect(levels[0] == 1 and levels.count(1) == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:])),
                f"{where}: headings {levels}")
    test.expect(all(words for _, words in found["headings"]), f"{where}: an empty heading")
    test.expect(len(found["figures"]) == figures, f"{where}: {len(found['figures'])} figures instead of {figures}")
    for figure in found["figures"]:
        check_figure(where, figure, width)


def check_quiet(where, page, path):
    """Nothing was asked for but the page, nothing was said on the console."""
    test.expect(page.requests == [f"file://{path}"], f"{where}: requests: {page.requests}")
    test.expect(not page.messages, f"{where}: the console says {page.messages[:2]}")


def check_keyboard(page):
    """The first Tab reaches the link that skips to the results; Enter takes it; a table opens with the space bar."""
    def press(key, text=""):
        code = {"Tab": 9, "Enter": 13, " ": 32}[key]
        for kind in ("keyDown", "keyUp"):
            page.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code,
                      **({"text": text} if text and kind == "keyDown" else {}))

    page.call("Page.bringToFront")
    press("Tab")
    test.expect(page.evaluate("document.activeElement.className") == "skip", "keyboard: the first stop is not the skip link")
    box = page.evaluate("(({left, top}) => [left, top])(document.activeElement.getBoundingClientRect())")
    test.expect(min(box) >= 0, f"keyboard: the skip link cannot be seen: {box}")
    press("Enter", "\r")
    test.expect(page.evaluate("location.hash") == "#main", "keyboard: the skip link does not skip")
    page.evaluate("document.querySelector('details:not([open]) summary').focus()")
    before = page.evaluate("document.querySelectorAll('details[open]').length")
    press(" ", " ")
    test.expect(page.evaluate("document.querySelectorAll('details[open]').length") == before + 1,
                "keyboard: a table does not open with the space bar")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    test.expect(outline == "solid", f"keyboard: what has the focus has outline {outline}")


def check_print(page):
    """On paper every table is there, whether it was open or not."""
    page.call("Emulation.setEmulatedMedia", media="print")
    hidden = page.evaluate("[...document.querySelectorAll('details:not(.config) table')]"
                           ".filter(x => !x.getBoundingClientRect().height).length")
    test.expect(hidden == 0, f"print: {hidden} tables are not there")
    page.call("Emulation.setEmulatedMedia", media="")


def check_audit(page):
    """The audit finds faults that are put in on purpose: a check of the check."""
    faults = {
        "faint": "document.querySelector('p').style.color = '#999'",
        "cut": "document.querySelector('h3').style.cssText = 'width:9px;white-space:nowrap;overflow:visible'",
        "twice": "document.querySelector('h3').id = 'main'",
        "nameless": "document.querySelector('summary').textContent = ''"}
    for fault, code in faults.items():
        page.evaluate(code)
        test.expect(page.evaluate(AUDIT)[fault], f"the audit does not find what is {fault}")
    page.evaluate("document.querySelector('svg text').setAttribute('x', 9999);"
                  "const other = document.querySelectorAll('svg')[1].querySelectorAll('text');"
                  "other[1].replaceWith(other[0].cloneNode(true))")
    one, two = page.evaluate(AUDIT)["figures"][:2]
    test.expect(one["out"] and two["over"], "the audit does not find words that stick out or lie over each other")
    page.evaluate("document.querySelector('h1').innerHTML = '<div style=width:3000px>x</div>';"
                  "console.error('on purpose'); new Image().src = 'file:///nowhere.png'")
    test.expect(page.evaluate(AUDIT)["width"] > 1280, "the audit does not find what is too wide")
    test.expect(any("on purpose" in x for x in page.messages), "the console is not listened to")


def main():
    """Makes the pages and opens them."""
    if not browser.find():
        print("skipped: Chromium is not installed")
        sys.exit(77)
    paths = make_all(test)
    one = make(test, "one", "run", test.config("study.yaml"), *SMALL, "-s", "run.replicates=1")
    registered = make(test, "registered", "run", test.config("pcn.yaml"), "-s", "run.replicates=2")
    pages = {name: (report(test, name, path), figures) for name, path, figures in (
        ("run", paths["run"], 12), ("compare", paths["compare"], 15), ("sweep", paths["sweep"], 2),
        ("ablate", paths["ablate"], 7), ("economics", paths["economics"], 2),
        ("one", one, 12), ("registered", registered, 12))}
    pages["all"] = (report(test, "all", *paths.values()), 38)
    with browser.Browser(test.path) as chromium:
        for name, (path, figures) in pages.items():
            for width in WIDTHS:
                page = chromium.open(path, width)
                check_state(f"{name} at {width}", page.evaluate(AUDIT), width, figures)
                page.evaluate(OPEN)
                found = page.evaluate(AUDIT)
                check_state(f"{name} at {width}, tables open", found, width, figures)
                test.expect(found["closed"] == 0, f"{name}: {found['closed']} tables do not open")
                check_quiet(f"{name} at {width}", page, path)
                page.close()
        page = chromium.open(pages["run"][0], 1280)
        check_keyboard(page)
        check_print(page)
        check_audit(page)
    shutil.rmtree(test.path / "browser", ignore_errors=True)
    test.end()


if __name__ == "__main__":
    main()
