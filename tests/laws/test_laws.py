#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Laws of the sources that scripts/check does not see to.

- A mechanism opens with its page: what it is, its equations, its source, its random draws; and
  every configuration of the programme theory is on the page of some mechanism.
- Includes go only to the floors that CMakeLists.txt lets a floor stand on; foreign libraries come
  in by one door each.
- No two tests have one name, and none is registered twice or left out.

Arguments: the program (not used), the source directory.
"""

import collections
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else pathlib.Path(__file__).parents[2])
faults = []
expected = 0

# The doors of foreign libraries: header, and the files and folders that may include it
DOORS = {
    "hdf5": ("sim/storage/",),
    "yaml": ("sim/parameters/yaml_file.c",),
    "libdeflate": ("sim/storage/packer.c",),
    "omp": ("sim/run/ensemble_private.h", "sim/storage/packer.c"),
    "mpi": ("sim/commands/processes.c",),
    "Random123": ("sim/base/random.c",),
}
MACHINERY = {"draws.c"}  # makes numbers for the others: no equation of its own
THEORY = [f"{stage}{n}" for stage, count in
          (("EN", 4), ("IS", 5), ("KS", 5), ("AP", 6), ("RD", 6)) for n in range(1, count + 1)]


def expect(holds, sentence):
    global expected
    expected += 1
    if not holds:
        faults.append(sentence)


def read(path):
    return path.read_text(encoding="utf-8")


def name(path):
    return str(path.relative_to(root))


def check_page(path, page, code):
    lines = [line.strip(" *") for line in page.splitlines()]
    body = [line for line in lines if line and "SPDX" not in line]
    expect(len(body) >= 5, f"{name(path)}: its page has {len(body)} lines, which is not a page")
    if path.name not in MACHINERY:
        expect(re.search(r"\bsource\b", page), f"{name(path)}: its page names no source")
    used = set(re.findall(r"\b(?:PURPOSE|DRAW)_[A-Z_]+\b", code))
    told = set(re.findall(r"\b(?:PURPOSE|DRAW)_[A-Z_]+\b", page))
    expect(used <= told, f"{name(path)}: draws {', '.join(sorted(used - told))}, which its page "
                         "does not tell")
    expect(told <= used | {"PURPOSE_WEEK"},
           f"{name(path)}: its page tells of {', '.join(sorted(told - used))}, which it never draws")
    strengths = set(re.findall(r"mechanisms\.([A-Z]{2}[1-6])\b", code))
    unnamed = {item for item in strengths if not re.search(rf"\b{item}\b", page)}
    expect(not unnamed, f"{name(path)}: acts for {', '.join(sorted(unnamed))}, which its page does "
                        "not name")
    return strengths


def check_mechanisms():
    acting = set()
    for path in sorted((root / "sim" / "mechanisms").glob("*.c")):
        text = read(path)
        opening = re.match(r"/\*.*?\*/", text, re.DOTALL)
        expect(opening, f"{name(path)}: does not open with its page, a block comment")
        if opening:
            acting |= check_page(path, opening.group(), text[opening.end():])
    for item in THEORY:
        expect(item in acting, f"no mechanism reads the strength of {item}")


def declared_floors():
    """{floor: the floors it may include}, as CMakeLists.txt has them, lowest first."""
    floors = {}
    text = read(root / "CMakeLists.txt")
    for floor, rest in re.findall(r"^buyin_floor\((\w+)([^)]*)\)", text, re.MULTILINE):
        words = rest.split()
        below = words[words.index("ON") + 1:] if "ON" in words else []
        floors[floor] = {word for word in below if word.islower()
                         } if "LINK" not in below else set(below[:below.index("LINK")])
    return floors


def check_floors():
    floors = declared_floors()
    expect(len(floors) >= 8, f"CMakeLists.txt declares only {len(floors)} floors")
    seen = set()
    for floor, below in floors.items():
        expect(below <= seen, f"CMakeLists.txt: {floor} stands on {', '.join(sorted(below - seen))}, "
                              "which is not below it")
        seen.add(floor)
    for top in ("sim", "include"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in (".c", ".h", ".def"):
                continue
            parts = path.relative_to(root / top).parts
            floor = parts[0] if len(parts) > 1 else "main"
            allowed = floors.get(floor, set()) | {floor} if floor != "main" else set(floors)
            expect(floor in floors or floor == "main",
                   f"{name(path)}: {floor} is no floor of CMakeLists.txt")
            for other in re.findall(r'^\s*#\s*include\s+"([^"/]+)/', read(path), re.MULTILINE):
                expect(other in allowed, f"{name(path)}: includes {other}/, on which {floor} does "
                                         "not stand")


def check_doors():
    for top in ("sim", "include"):
        for path in sorted((root / top).rglob("*.[ch]")):
            for header in re.findall(r"^\s*#\s*include\s+<([^>]+)>", read(path), re.MULTILINE):
                for library, doors in DOORS.items():
                    if re.match(rf"{library}(_\w+)?(\.h$|/)", header):
                        expect(name(path).startswith(doors),
                               f"{name(path)}: includes {header}: {library} comes in by "
                               f"{' and '.join(doors)} only")


def check_tests():
    homes = collections.defaultdict(list)
    for path in sorted((root / "tests").rglob("test_*.c")):
        text = read(path)
        made = re.findall(r"^static void (\w+)\(void \*\*", text, re.MULTILINE)
        listed = re.findall(r"cmocka_unit_test\w*\(\s*(\w+)", text)
        for test, times in collections.Counter(listed).items():
            expect(times == 1, f"{name(path)}: {test} is registered {times} times")
        left = sorted(set(made) - set(listed))
        expect(not left, f"{name(path)}: {', '.join(left)} never runs")
        expect(listed, f"{name(path)}: registers no test")
        for test in set(listed):
            homes[test].append(name(path))
    for test, paths in sorted(homes.items()):
        expect(len(paths) == 1, f"{test} is the name of {len(paths)} tests: {', '.join(paths)}")
    units = collections.Counter(
        (path.parent, path.stem) for path in (root / "tests").rglob("test_*")
        if path.suffix in (".c", ".py", ".sh"))
    for (folder, unit), times in units.items():
        expect(times == 1, f"{name(folder)}: {times} files are called {unit}")


check_mechanisms()
check_floors()
check_doors()
check_tests()
for fault in faults:
    print(f"FAULT: {fault}")
print(f"{expected} laws looked at, {len(faults)} broken")
sys.exit(1 if faults else 0)
