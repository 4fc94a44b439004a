#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every loop that is marked `#pragma omp simd` was turned into vector instructions.

The files with such loops are compiled again as the build compiles them, and gcc is asked which
loops it vectorised, in each of the widths that the build makes (16, 32 and 64 bytes where it makes
clones for several generations of processors, else any of at least 16). A loop that quietly fell
back to one patient at a time would be right and ten times slower. Skipped with other compilers, and
where the build does not optimise.
"""

import json
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "system"))
from program import Test  # noqa: E402

MARK = "#pragma omp simd"
FOUND = re.compile(r":(\d+):\d+: optimized: loop vectorized using (\d+) byte vectors")
SKIPPED = 77

test = Test(sys.argv)


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def compilations():
    """{file: (words, folder)} of the files with marked loops, as the build compiles them."""
    path = Path(test.program).parent / "compile_commands.json"
    if not path.exists():
        skip(f"{path.name} was not written by the build")
    found = {}
    for entry in json.loads(path.read_text()):
        file = Path(entry["file"])
        engine = test.source / "sim" in file.parents or file.name == "limits.c"
        if engine and MARK in file.read_text():
            words = shlex.split(entry["command"])
            out = words.index("-o")
            found[file] = (words[:out] + words[out + 2:], entry["directory"])
    return found


def marked_loops(text):
    """(first line, last line) of every loop under a mark; both counted from 1."""
    lines = text.splitlines()
    loops = []
    for n, line in enumerate(lines):
        if line.strip().startswith(MARK):
            depth, end = 0, n + 1
            while True:
                depth += lines[end].count("{") - lines[end].count("}")
                if depth == 0 and ("}" in lines[end] or lines[end].rstrip().endswith(";")):
                    break
                end += 1
            loops.append((n + 1, end + 1))
    return loops


def vectorised(words, folder, file):
    """{line: widths in bytes} of what gcc says it vectorised in the file."""
    done = subprocess.run([*words, "-fopt-info-vec-optimized", "-o", "/dev/null"], cwd=folder,
                          capture_output=True, text=True, check=False, timeout=300)
    test.expect(done.returncode == 0, f"{file.name} could not be compiled again: {done.stderr}")
    widths = {}
    for message in done.stderr.splitlines():
        if message.startswith((str(file), file.name)) or f"/{file.name}:" in message:
            match = FOUND.search(message)
            if match:
                widths.setdefault(int(match[1]), set()).add(int(match[2]))
    return widths


def missing(text, widths, wanted):
    """The marked loops that lack a wanted width, as (line, what there is)."""
    lacking = []
    for first, last in marked_loops(text):
        there = set().union(*(widths.get(line, set()) for line in range(first, last + 1)))
        enough = wanted <= there if wanted else any(width >= 16 for width in there)
        if not enough:
            lacking.append((first, sorted(there)))
    return lacking


def check_that_it_can_fail(words, folder):
    """A loop that cannot be vectorised is found out."""
    file = test.path / "stubborn.c"
    file.write_text("int stubborn(const int *next, int n);\n"
                    "int stubborn(const int *next, int n)\n{\n    int at = 0;\n"
                    f"{MARK}\n    for (int i = 0; i < n; i++) {{\n        at = next[at];\n    }}\n"
                    "    return at;\n}\n")
    known = [word if not word.endswith(".c") else str(file) for word in words]
    lacking = missing(file.read_text(), vectorised(known, folder, file), set())
    test.expect(lacking == [(5, [])], f"a loop that cannot be vectorised was not found: {lacking}")


def main():
    files = compilations()
    words, folder = next(iter(files.values()))
    version = subprocess.run([words[0], "--version"], capture_output=True, text=True, check=False)
    if "Free Software Foundation" not in version.stdout:
        skip(f"{words[0]} is not gcc")
    if not {"-O2", "-O3"} & set(words) or any(
            word.startswith(("-fsanitize", "--coverage", "-O0", "-O1")) for word in words):
        skip("this build does not optimise")
    wanted = {16, 32, 64} if "-DBUYIN_CLONES" in words else set()
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(files, pool.map(lambda file: vectorised(*files[file], file), files)))
    loops = 0
    for file, widths in found.items():
        text = file.read_text()
        loops += len(marked_loops(text))
        for line, there in missing(text, widths, wanted):
            test.expect(False, f"{file.relative_to(test.source)}:{line}: this loop was vectorised "
                               f"in widths {there}, wanted {sorted(wanted) or 'at least 16'}")
    test.expect(loops >= 15, f"only {loops} marked loops were found")
    check_that_it_can_fail(words, folder)
    print(f"{loops} loops in {len(files)} files, widths {sorted(wanted) or 'any'}")


main()
test.end()
