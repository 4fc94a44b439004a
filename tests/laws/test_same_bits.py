#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same bits on every instruction set, compiler and optimisation level.

The program is built again in other ways and each build says what `buyin selftest` makes of the
study and of a register: a hash over every state of every patient, every weekly record and every
outcome. All must agree with the build under test. The builds: the kernels for one generation of
processors alone (plain x86-64, with AVX2, with AVX-512; as far as this machine has them), everything
with hardly any optimisation, everything with clang. Also: the C library told to do without AVX2 and
FMA. Builds that cannot be made here are named and left out; only if none can is the test skipped.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "system"))
from program import Test  # noqa: E402

SKIPPED = 77
REGISTER = ("run.mode=registered", "run.weeks=60", "run.burn_in_weeks=10", "run.replicates=2",
            "registered.list_size_per_practice=1500", "gp.offer_base=0.1")
HASH = re.compile(r"^ *1 thread +([0-9a-f]{16}) ", re.M)

test = Test(sys.argv)
folder = Path(test.program).parent


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def hashes(program, environment=None):
    """What selftest makes of the study and of a register."""
    found = []
    for settings in (("run.replicates=2",), REGISTER):
        words = [str(program), "selftest", "--threads", "1",
                 *(word for setting in settings for word in ("--set", setting))]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300,
                              env={**os.environ, **(environment or {})})
        match = HASH.search(done.stdout)
        found.append(match[1] if match else f"status {done.returncode}: {done.stderr.strip()}")
    return found


def compilations():
    """[(file, words before -o)] of every file that the program is made of."""
    path = folder / "compile_commands.json"
    if not path.exists():
        skip(f"{path.name} was not written by the build")
    found = {}
    for entry in json.loads(path.read_text()):
        file = Path(entry["file"])
        if test.source / "sim" in file.parents:
            words = shlex.split(entry["command"])
            found.setdefault(file, words[:words.index("-o")])
    return list(found.items())


def link_words():
    """The words of the build's own link, up to its objects and from them on."""
    if (folder / "build.ninja").exists():
        done = subprocess.run(["ninja", "-C", str(folder), "-t", "commands", "buyin"],
                              capture_output=True, text=True, check=False)
        text = done.stdout.strip().splitlines()[-1] if done.returncode == 0 else ""
        text = text.removeprefix(": && ").removesuffix(" && :")
    else:
        text = (folder / "CMakeFiles" / "buyin.dir" / "link.txt").read_text().strip()
    words = shlex.split(text)
    if "-o" not in words:
        skip("how the program is linked could not be found out")
    out = words.index("-o")
    return [words[0], *(word for word in words[1:out] if not word.endswith(".o"))], words[out + 2:]


def build(name, files, change, compiler=None):
    """Builds `files` with their words changed, links them before the build's own libraries."""
    place = test.path / name
    place.mkdir()
    objects = []

    def compile_one(numbered):
        number, (file, words) = numbered
        out = place / f"{number}_{file.stem}.o"
        objects.append(str(out))
        words = [compiler or words[0], *change(words[1:])]
        return subprocess.run([*words, "-w", "-o", str(out), "-c", str(file)], cwd=folder,
                              capture_output=True, text=True, check=False, timeout=300)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(compile_one, enumerate(files)))
    before, after = link_words()
    before[0] = compiler or before[0]
    program = place / "buyin"
    mains = [] if any(file.name == "main.c" for file, _ in files) else [
        str(folder / "CMakeFiles" / "buyin.dir" / "sim" / "main.c.o")]
    results.append(subprocess.run([*before, "-fopenmp", *mains, *objects, "-o", str(program),
                                   *after], cwd=folder, capture_output=True, text=True,
                                  check=False, timeout=300))
    failed = [result.stderr.strip() for result in results if result.returncode != 0]
    test.expect(not failed, f"{name}: could not be built: {' '.join(failed)[:500]}")
    return program if not failed else None


def without_clones(*more):
    return lambda words: [word for word in words if word != "-DBUYIN_CLONES"] + list(more)


def optimised(level):
    """Other optimisation, no clones; what only gcc knows is left out."""
    def change(words):
        kept = [word for word in words if not word.startswith("-O") and word not in (
            "-DBUYIN_CLONES", "-mprefer-vector-width=512", "-fno-split-loops")]
        return [*kept, level]
    return change


def processor_flags():
    path = Path("/proc/cpuinfo")
    text = path.read_text() if path.exists() else ""
    return set(re.search(r"^flags\s*:(.*)$", text, re.M)[1].split()) if "flags" in text else set()


def check_that_it_can_fail(kernels, expected):
    """Fusing multiplications with additions changes last bits: the hashes must see that."""
    fused = build("fused", kernels, without_clones("-march=x86-64-v3", "-ffp-contract=fast"))
    found = hashes(fused) if fused is not None else expected
    test.expect(found[0] != expected[0] and found[1] != expected[1],
                "fused multiply-add was not noticed: the hashes see too little")


def main():
    files = compilations()
    first = files[0][1]
    if any(word.startswith(("-fsanitize", "--coverage")) for word in first):
        skip("a build for finding faults has other things to do")
    expected = hashes(test.program)
    test.expect(all(re.fullmatch("[0-9a-f]{16}", text) for text in expected),
                f"selftest of the build itself: {expected}")
    builds = {}
    if "-DBUYIN_CLONES" in first:
        kernels = [(file, words) for file, words in files if "VECTOR_LOOP" in file.read_text()]
        test.expect(len(kernels) >= 8, f"only {len(kernels)} files have kernels")
        flags = processor_flags()
        if {"avx2", "fma"} <= flags:
            check_that_it_can_fail(kernels, expected)
        for level, needed in (("x86-64", set()), ("x86-64-v3", {"avx2", "fma", "bmi2"}),
                              ("x86-64-v4", {"avx512f", "avx512bw", "avx512dq", "avx512vl"})):
            if needed <= flags:
                builds[level] = build(level, kernels, without_clones(f"-march={level}"))
            else:
                print(f"left out: {level}: this processor does not have it")
    builds["O1"] = build("O1", files, optimised("-O1"))
    clang = shutil.which("clang")
    probe = test.path / "probe.c"
    probe.write_text("#include <omp.h>\nint main(void) { return omp_get_max_threads() < 1; }\n")
    if clang and subprocess.run([clang, "-fopenmp", str(probe), "-o", str(test.path / "probe")],
                                capture_output=True, check=False).returncode == 0:
        builds["clang"] = build("clang", files, optimised("-O2"), compiler=clang)
    else:
        print("left out: clang: not installed, or without OpenMP")
    for name, program in builds.items():
        if program is not None:
            found = hashes(program)
            test.expect(found == expected, f"{name}: other bits than the build under test: "
                                           f"{found} against {expected}")
    masked = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX,-FMA4,-AVX512F"}
    found = hashes(test.program, masked)
    test.expect(found == expected, f"C library without AVX2 and FMA: {found} against {expected}")
    other = hashes(test.program, {})
    test.expect(other == expected, "two runs of one build differ")
    print(f"compared with: {', '.join(builds)}, C library without AVX2 and FMA")


main()
test.end()
