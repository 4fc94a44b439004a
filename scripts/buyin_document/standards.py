# SPDX-License-Identifier: GPL-3.0-or-later
"""Reporting standards as data (one TOML file each), and how they are written with what a run knows.

A paragraph is written whole or, where the files lack something that it needs, replaced by a sentence that says what.
What no program can know is marked AUTHOR.
"""
import os
import re
import tomllib

from buyin_report.tables import Lacking

HOME = os.path.dirname(os.path.realpath(__file__))
NAMES = ("odd", "stress", "trace", "cheers", "rameses")
PLACE = re.compile(r"\{(outcome|parameter|file|fact|table) ([\w.]+)\}")
FILLED, PART, LEFT = "filled", "in part", "left to the author"


def load(name):
    """A standard: {"title", "cite", "note", "item": [{"number", "section", "name", "asks", "text", "author"}]}."""
    with open(os.path.join(HOME, f"{name}.toml"), "rb") as file:
        return tomllib.load(file)


def fill(paragraph, facts):
    """(text, whether the files hold what it needs)."""
    try:
        return PLACE.sub(lambda found: getattr(facts, found.group(1))(found.group(2)), paragraph), True
    except Lacking as reason:
        words = str(reason)
        return f"*Not in these files: {words[:1].lower() + words[1:]}*", False


def write_item(item, facts):
    """(lines of Markdown, FILLED, PART or LEFT)."""
    lines = [f"### {item['number']} {item['name']}", "", f"*Asks for: {item['asks']}.*", ""]
    paragraphs = [fill(paragraph, facts) for paragraph in item["text"]]
    for text in dict.fromkeys(text for text, _ in paragraphs):
        lines += [text, ""]
    if item["author"]:
        lines += [f"**AUTHOR:** {item['author']}", ""]
    held = [is_held for _, is_held in paragraphs]
    if not any(held):
        if not item["author"]:
            lines += ["**AUTHOR:** everything: these files do not hold it.", ""]
        return lines, LEFT
    return lines, FILLED if all(held) and not item["author"] else PART


def write_standard(name, facts):
    """(lines of Markdown, {FILLED: count, PART: count, LEFT: count})."""
    standard = load(name)
    counts = dict.fromkeys((FILLED, PART, LEFT), 0)
    lines = [f"## {standard['title']}", "", f"{standard['cite']}.", ""]
    if "note" in standard:
        lines += [standard["note"], ""]
    for item in standard["item"]:
        written, state = write_item(item, facts)
        lines += written
        counts[state] += 1
    return lines, counts
