#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every parameter of the tables is read by the simulator.

Rows are `KIND(section, name, ...)` in include/parameters/*.def. A parameter counts as
read if sim/, other than sim/parameters, says `.name` or `->name` after preprocessing;
where several sections have the name, `section.name` or `section->name` is wanted unless
some use goes through another variable. Prints what is never read, one a line, and exits
with 1 if there is any. Argument: the source directory (default: this checkout).
"""
import pathlib
import re
import subprocess
import sys

ROW = re.compile(r"^[ \t]*([A-Z][A-Z0-9_]*)[ \t]*\(\s*([a-z]\w*)\s*,\s*([a-z]\w*)\s*,", re.MULTILINE)
SKIPPED = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)
ACCESS = re.compile(r"(?:\b([a-z_]\w*)|\))\s*(?:\[[^\]]*\]\s*)*(?:\.|->)\s*(?=([a-z_]\w*))")
EXEMPT = re.compile(r"^site([1-7]\..*|\.number)$")  # resolved into sites by sim/parameters


def code(path):
    return SKIPPED.sub(" ", path.read_text(encoding="utf-8"))


def declared(root):
    """The parameters as (section, name), from every table that has a section and a name."""
    rows = []
    for path in sorted((root / "include" / "parameters").glob("*.def")):
        rows += [(section, name) for _, section, name in ROW.findall(code(path))]
    return rows


def expanded(root, path):
    """A source file with its macros expanded, since some names are pasted together."""
    command = ["cc", "-E", "-P", "-I", str(root / "include"), "-I", str(path.parent), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else code(path)


def uses(root):
    """What is read: the set of (owner, name), owner being the word before the dot."""
    found = set()
    for path in sorted((root / "sim").rglob("*.c")):
        if path.parent != root / "sim" / "parameters":
            found.update(ACCESS.findall(SKIPPED.sub(" ", expanded(root, path))))
    return found


def unused(root):
    rows = declared(root)
    found = uses(root)
    sections = {section for section, _ in rows}
    missing = []
    for section, name in rows:
        if EXEMPT.match(f"{section}.{name}"):
            continue
        owners = {owner for owner, used in found if used == name}
        if section not in owners and not owners - sections:
            missing.append(f"{section}.{name}")
    return rows, missing


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
    rows, missing = unused(root)
    for name in missing:
        print(f"{name} is declared and never read")
    print(f"{len(rows)} parameters declared, {len(missing)} never read")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
