# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the program share: running it, reading outcomes, telling what is wrong.

A test is a script that gets the program and the source directory. It calls `expect` with
what must hold and the sentence to print if it does not, and ends with `end`.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy

THREADS = "2"


class Test:
    """Counts what was expected and keeps a sentence for all that did not hold."""

    def __init__(self, words):
        if len(words) != 3:
            print(f"usage: {words[0]} PROGRAM SOURCE_DIRECTORY", file=sys.stderr)
            sys.exit(2)
        self.program = str(Path(words[1]).resolve())
        self.source = Path(words[2]).resolve()
        self.folder = tempfile.TemporaryDirectory(prefix="buyin_test_")
        self.path = Path(self.folder.name)
        self.expected = 0
        self.faults = []

    def expect(self, holds, sentence):
        self.expected += 1
        if not holds:
            self.faults.append(sentence)
        return bool(holds)

    def end(self):
        """Prints the faults and ends the script: 0 if there is none, else 1."""
        for fault in self.faults:
            print(f"FAULT: {fault}")
        print(f"{self.expected} things expected, {len(self.faults)} do not hold")
        self.folder.cleanup()
        sys.exit(1 if self.faults else 0)

    def config(self, name):
        return str(self.source / "configs" / name)

    def call(self, *words, **keywords):
        """Runs the program in the test's own folder; never raises."""
        keywords.setdefault("cwd", self.path)
        return subprocess.run([self.program, *map(str, words)], capture_output=True, text=True,
                              check=False, timeout=300, **keywords)

    def run(self, name, config="study.yaml", settings=(), threads=THREADS, words=()):
        """Runs a configuration into NAME.h5 and returns the path; ends the test on failure."""
        path = self.path / f"{name}.h5"
        done = self.call("run", *([self.config(config)] if config else []), "--quiet", "--force",
                         "--threads", threads, "-o", path, *words,
                         *(word for setting in settings for word in ("--set", setting)))
        if not self.expect(done.returncode == 0 and path.exists(),
                           f"the run '{name}' ({config}, {list(settings)}) ended with status "
                           f"{done.returncode}: {done.stderr.strip()}"):
            self.end()
        return path

    def outcomes(self, name, config="study.yaml", settings=(), words=()):
        """Runs a configuration; returns {outcome: values, one a replicate}."""
        return read_outcomes(self.run(name, config, settings, words=words))


def read_outcomes(path):
    with h5py.File(path, "r") as file:
        values = file["/outcomes/value"][0]
        names = labels(file["/outcomes/outcome"])
    return {name: values[:, i] for i, name in enumerate(names)}


def labels(dataset):
    return [label.decode() for label in dataset[()]]


def standard_error(values):
    return float(numpy.std(values, ddof=1) / numpy.sqrt(len(values)))
