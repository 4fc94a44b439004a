#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the program says to bad input, and what it leaves behind.

Bad input ends with status 2 and one line on standard error that names the place; nothing is
printed, no results file is begun. A run that is stopped says so and leaves nothing; one that is killed
or runs out of disk leaves NAME.h5.part at most, never NAME.h5.
"""

import os
import re
import signal
import subprocess
import sys
import time

from program import Test

test = Test(sys.argv)

# name, text of the file, what the line must hold (a regular expression)
FILES = (
    ("unknown_key", "run:\n  weks: 10\n",
     r"unknown_key\.yaml:2:3: .*run\.weks.*did you mean 'run\.weeks'"),
    ("unknown_section", "runn:\n  weeks: 10\n", r"unknown_section\.yaml:[12]:\d+: .*runn"),
    ("unknown_site_key", "sites:\n  - name: a\n    linkworkers: 1\n",
     r"unknown_site_key\.yaml:3:5: .*linkworkers.*did you mean 'link_workers'"),
    ("key_twice", "run:\n  weeks: 10\n  weeks: 11\n", r"key_twice\.yaml:3:3: .*run\.weeks.*twice"),
    ("section_twice", "run:\n  weeks: 60\nsite:\n  number: 1\nrun:\n  seed: 2\n",
     r"section_twice\.yaml:5:1: .*run.*twice"),
    ("wrong_type", "run:\n  weeks: ten\n", r"wrong_type\.yaml:2:10: run\.weeks = ten: .*number"),
    ("not_whole", "run:\n  weeks: 10.5\n", r"not_whole\.yaml:2:10: run\.weeks = 10\.5: .*whole"),
    ("list_for_number", "run:\n  weeks: [1, 2]\n", r"list_for_number\.yaml:2:10: .*run\.weeks"),
    ("not_finite", "gp:\n  base_rate: .nan\n", r"not_finite\.yaml:2:14: gp\.base_rate"),
    ("out_of_range", "run:\n  weeks: 1000\n",
     r"out_of_range\.yaml:2:10: run\.weeks = 1000: .*\[1, 500\]"),
    ("wrong_choice", "run:\n  mode: kohort\n",
     r"wrong_choice\.yaml:2:9: run\.mode = kohort: .*cohort.*registered"),
    ("inconsistent", "population:\n  arrival_weeks: 200\n",
     r"inconsistent\.yaml:.*population\.arrival_weeks = 200: .*run\.weeks = 156"),
    ("malformed", "run: [1\n  weeks: {\n", r"malformed\.yaml:2:\d+: not valid YAML"),
    ("tabs", "run:\n\tweeks: 10\n", r"tabs\.yaml:2:1: not valid YAML.*tab"),
    ("list_at_top", "- run\n- site\n", r"list_at_top\.yaml:1:1: .*key"),
    ("two_documents", "run:\n  weeks: 10\n---\nrun:\n  weeks: 11\n", r"two_documents\.yaml:[34]:1: "),
    ("zero_byte", "run:\n  weeks: 1\0\n", r"zero_byte\.yaml.*zero byte"),
    ("inherits_nothing", "inherits: nowhere.yaml\n",
     r"inherits_nothing\.yaml:1:11: .*nowhere\.yaml.*No such file"),
    ("inherits_itself", "inherits: inherits_itself.yaml\n", r"inherits_itself\.yaml:1:11: .*loop"),
    ("no_patients", "population:\n  file: nowhere.csv\n", r"nowhere\.csv.*No such file"),
    ("bad_cell", "population:\n  file: bad_cell.csv\n", r"bad_cell\.csv:3:\d+: .*age = old"),
    ("bad_column", "population:\n  file: bad_column.csv\n",
     r"bad_column\.csv:1:\d+: .*agee.*did you mean 'age'"),
    ("bad_range", "population:\n  file: bad_range.csv\n", r"bad_range\.csv:3:\d+: .*female = 7"),
    ("short_row", "population:\n  file: short_row.csv\n", r"short_row\.csv:3:"),
)
TABLES = {
    "bad_cell.csv": "age,female\n40,1\nold,0\n",
    "bad_column.csv": "agee,female\n40,1\n",
    "bad_range.csv": "age,female\n40,1\n41,7\n",
    "short_row.csv": "age,female\n40,1\n41\n",
}

# name, arguments after the command, what the line must hold
ARGUMENTS = (
    ("missing file", ["missing.yaml"], r"missing\.yaml.*No such file"),
    ("directory", ["folder"], r"folder.*directory"),
    ("missing scenario", ["good.yaml", "missing.yaml"], r"missing\.yaml.*No such file"),
    ("unknown option", ["good.yaml", "--bogus"], r"unknown option --bogus"),
    ("unknown letter", ["good.yaml", "-x"], r"unknown option -x"),
    ("no value", ["good.yaml", "--set"], r"--set.*value|value.*--set"),
    ("--set without =", ["good.yaml", "--set", "run.weeks"], r"--set: run\.weeks: .*key=value"),
    ("--set unknown", ["good.yaml", "--set", "run.weks=9"],
     r"--set: run\.weks = 9: .*did you mean 'run\.weeks'"),
    ("--set out of range", ["good.yaml", "--set", "run.weeks=1e9"],
     r"--set: run\.weeks = 1e9: .*\[1, 500\]"),
    ("--threads 0", ["good.yaml", "--threads", "0"], r"--threads.*\b0\b"),
    ("--threads -1", ["good.yaml", "--threads", "-1"], r"--threads.*-1\b"),
    ("--threads abc", ["good.yaml", "--threads", "abc"], r"--threads.*\babc\b"),
    ("--threads 2x", ["good.yaml", "--threads", "2x"], r"--threads.*\b2x\b"),
    ("empty name", [""], r"^buyin.*: .+"),
)


def results_files():
    return sorted(path.name for path in test.path.rglob("*")
                  if path.name.endswith((".h5", ".part")))


def expect_refusal(name, done, pattern, before=()):
    """Status 2, nothing printed, one line that holds the pattern, no file begun."""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("buyin: warning:")]
    test.expect(done.returncode == 2, f"{name}: ended with status {done.returncode}, not 2")
    test.expect(done.stdout == "", f"{name}: printed '{done.stdout[:60]}' on standard output")
    test.expect(len(lines) == 1, f"{name}: {len(lines)} lines on standard error, not 1: {lines}")
    test.expect(lines and re.search(pattern, lines[0]),
                f"{name}: the line '{lines[0] if lines else ''}' does not say /{pattern}/")
    left = [file for file in results_files() if file not in before]
    test.expect(not left, f"{name}: leaves {left}")
    for file in left:
        (test.path / file).unlink()


# What can be known to fail before the work fails before it: none of these may simulate anything.
EXPERIMENTS = (
    ("no strengths", ("ablate", "--strengths", ""), r"--strengths is empty"),
    ("unknown outcome", ("ablate", "--pairs", "--outcome", "nothing.of_it"), r"nothing\.of_it"),
    ("a strength out of range", ("ablate", "--pairs", "--shapley", "2", "--strengths", "1,7"),
     r"mechanisms\.EN1 = 7"),
    ("a table in a missing folder", ("ablate", "--pairs", "--csv", "nowhere/x.csv"), r"nowhere/x\.csv"),
    ("results in a missing folder", ("ablate", "-o", "nowhere/x.h5"), r"nowhere/x\.h5"),
    ("existing results of ablate", ("ablate", "-o", "good.yaml"), r"good\.yaml: exists already"),
    ("a table over a configuration", ("ablate", "--csv", "good.yaml"), r"good\.yaml.*not replaced"),
    ("a table over a scenario", ("compare", "good.yaml", "other.yaml", "--csv", "other.yaml"),
     r"other\.yaml.*not replaced"),
    ("existing results of compare", ("compare", "good.yaml", "other.yaml", "-o", "good.yaml"),
     r"good\.yaml: exists already"),
    ("a picture over a configuration", ("ablate", "--plot", "good.yaml"), r"good\.yaml.*not replaced"),
)


def check_refusals():
    for name, text, pattern in FILES:
        (test.path / f"{name}.yaml").write_text(text, encoding="utf-8")
        for command in ("run", "check"):
            expect_refusal(f"buyin {command} {name}", test.call(command, f"{name}.yaml"), pattern)
    for name, words, pattern in ARGUMENTS:
        for command in ("run", "check"):
            expect_refusal(f"buyin {command}, {name}", test.call(command, *words), pattern)
    expect_refusal("unknown command", test.call("frobnicate"), r"no command 'frobnicate'")
    expect_refusal("selftest, missing file", test.call("selftest", "missing.yaml"), r"missing\.yaml")
    expect_refusal("selftest, --threads 0", test.call("selftest", "--threads", "0"), r"--threads")
    expect_refusal("parameters, format", test.call("parameters", "--format", "word"), r"word")
    for name, words, pattern in EXPERIMENTS:
        began = time.monotonic()
        expect_refusal(name, test.call(*words, "--set", "run.weeks=500", "--set", "run.replicates=500"),
                       pattern)
        test.expect(time.monotonic() - began < 30, f"{name}: refused only after the work")
    for command in ("ablate", "reproduce"):
        expect_refusal(f"{command} of one replicate", test.call(command, "--set", "run.replicates=1"),
                       r"run\.replicates = 1: intervals need 2 or more")
    for command in ("study", "pathways", "patient", "diff", "theory"):
        expect_refusal(f"{command} --set", test.call(command, "x", "--set", "run.weeks=1"),
                       r"unknown option")
    expect_refusal("theory with a file", test.call("theory", "good.yaml"), r"good\.yaml")
    listed = "sites:\n  - name: here\nrun: {replicates: 2}\n"
    (test.path / "listed.yaml").write_text(listed, encoding="utf-8")
    for setting, is_idle in (("site.number=2", True), ("site3.practices=9", True), ("site.number=7", False),
                             ("population.offers_per_week=9", False)):
        done = test.call("check", "listed.yaml", "--set", setting)
        test.expect(("has no effect" in done.stdout + done.stderr) == is_idle,
                    f"{setting} beside a list of sites: {done.stdout[:300]}")
    bare = test.call()
    test.expect(bare.returncode == 2 and bare.stdout == "" and "Usage" in bare.stderr,
                "no command: does not print the usage on standard error with status 2")


# Chains of scenarios, their dates and their grids: files, then what is asked and what is said to it.
CHAIN = {
    "first.yaml": "inherits: second.yaml\n",
    "second.yaml": "inherits: third.yaml\n",
    "third.yaml": "inherits: first.yaml\n",
    "past.yaml": "interventions:\n  - {name: late, start: 156, set: {services.places: 3}}\n",
    "backwards.yaml": "interventions:\n  - {name: back, start: 60, end: 60, set: {services.places: 3}}\n",
    "no_parameter.yaml": "sweep:\n  - diary.caseload_cup=20,40\n",
    "no_values.yaml": "sweep:\n  - diary.caseload_cap=\n",
    "no_axes.yaml": "sweep: []\n",
    "downwards.yaml": "sweep:\n  - diary.caseload_cap=40:20:5\n",
    "impossible.yaml": "sweep:\n  - diary.caseload_cap=20,-5\n",
}
CHAIN_WORDS = (
    ("first.yaml", r"third\.yaml:1:11: .*loop: first\.yaml -> second\.yaml -> third\.yaml -> first\.yaml"),
    ("past.yaml", r"past\.yaml:2:5: start = 156: must be a week of the run, 0 to 155"),
    ("backwards.yaml", r"backwards\.yaml:2:5: end = 60: must be later than start = 60"),
    ("no_parameter.yaml", r"no_parameter\.yaml:2:5: .*no parameter 'diary\.caseload_cup'; did you mean "
                          r"'diary\.caseload_cap'"),
    ("no_values.yaml", r"no_values\.yaml:2:5: diary\.caseload_cap: an empty grid"),
    ("no_axes.yaml", r"no_axes\.yaml:1:8: sweep = \[\.\.\.\]: .*one key=range or more"),
    ("downwards.yaml", r"downwards\.yaml:2:5: diary\.caseload_cap: the range is empty"),
    ("impossible.yaml", r"impossible\.yaml:2:5: diary\.caseload_cap = -5: must be within"),
)


def check_chains():
    """Whether alone, laid over a base or inherited: one sentence that names the file and the place."""
    for name, text in CHAIN.items():
        (test.path / name).write_text(text, encoding="utf-8")
    for name, pattern in CHAIN_WORDS:
        (test.path / "heir.yaml").write_text(f"inherits: {name}\n", encoding="utf-8")
        for words in (["sweep", name], ["check", name], ["check", "good.yaml", name],
                      ["check", "heir.yaml"]):
            if name == "first.yaml" and words[-1] == "heir.yaml":
                continue  # then the loop begins elsewhere
            expect_refusal(f"{' '.join(words)}", test.call(*words), pattern)
        if not pattern.startswith("no_") and "diary" not in pattern:
            expect_refusal(f"compare with {name}", test.call("compare", "good.yaml", name), pattern)
    for vary, pattern in (("diary.caseload_cup=1,2", r"--vary: .*no parameter 'diary\.caseload_cup'"),
                          ("diary.caseload_cap=", r"--vary: diary\.caseload_cap: an empty grid"),
                          ("diary.caseload_cap=9:1:1", r"--vary: diary\.caseload_cap: the range is empty")):
        expect_refusal(f"--vary {vary}", test.call("sweep", "good.yaml", "--vary", vary), pattern)
    expect_refusal("nothing to sweep over", test.call("sweep", "good.yaml"), r"nothing to sweep over")


def check_outputs():
    def run(*words, **keywords):
        return test.call("run", "good.yaml", "--quiet", *words, **keywords)

    expect_refusal("output in a missing folder", run("-o", "nowhere/x.h5"),
                   r"nowhere/x\.h5.*directory.*No such file")
    expect_refusal("output is a folder", run("-o", "folder"), r"folder.*directory")
    expect_refusal("output in a file", run("-o", "good.yaml/x.h5"), r"good\.yaml/x\.h5")
    expect_refusal("output without a name", run("-o", ""), r"no name for a results file")
    (test.path / "taken.h5").write_text("mine", encoding="utf-8")
    expect_refusal("existing output", run("-o", "taken.h5"), r"taken\.h5.*exists.*--force",
                   before=("taken.h5",))
    test.expect((test.path / "taken.h5").read_text(encoding="utf-8") == "mine",
                "existing output: was changed though --force was not given")
    expect_refusal("--force on another kind of file", run("-o", "taken.h5", "--force"),
                   r"taken\.h5.*not a results file.*not replaced", before=("taken.h5",))
    test.expect((test.path / "taken.h5").read_text(encoding="utf-8") == "mine",
                "--force: replaced a file that is not a results file")
    (test.path / "taken.h5").unlink()
    run("-o", "taken.h5")
    done = run("-o", "taken.h5", "--force")
    test.expect(done.returncode == 0 and (test.path / "taken.h5").stat().st_size > 4,
                f"--force: does not replace an existing file: {done.stderr.strip()}")
    test.expect(results_files() == ["taken.h5"], f"--force: leaves {results_files()}")
    (test.path / "taken.h5").unlink()
    closed = test.path / "closed"
    closed.mkdir(mode=0o500)
    if os.geteuid() != 0:  # root may write anywhere
        expect_refusal("output in a closed folder", run("-o", "closed/x.h5"), r"Permission denied")
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([test.program, "run", "good.yaml", "--json"], cwd=test.path,
                              stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    test.expect(done.returncode == 1 and len(done.stderr.splitlines()) == 1,
                f"output to a full device: ended with status {done.returncode} and "
                f"'{done.stderr.strip()}', not with 1 and a sentence")


def heed_signals():
    """A shell that starts us in the background has SIGINT ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def check_interruption():
    """A long run that is interrupted says so and leaves nothing; killed, it leaves its .part, and the
    next run takes the name over."""
    words = [test.program, "run", test.config("study.yaml"), "--quiet", "-o", "long.h5",
             "--set", "run.replicates=1000"]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
        stop = number.name
        with subprocess.Popen(words, cwd=test.path, stdout=subprocess.DEVNULL, text=True,
                              stderr=subprocess.PIPE, preexec_fn=heed_signals) as process:
            for _ in range(200):
                time.sleep(0.05)
                part = test.path / "long.h5.part"
                if part.exists() and part.stat().st_size > 10000:
                    break
            time.sleep(0.3)
            test.expect(process.poll() is None, f"{stop}: the run was over before it was stopped")
            process.send_signal(number)
            said = process.communicate(timeout=20)[1]
        test.expect(process.returncode == -number, f"{stop}: ends with status {process.returncode}")
        killed = number == signal.SIGKILL
        test.expect(results_files() == (["long.h5.part"] if killed else []),
                    f"{stop}: leaves {results_files()}")
        test.expect(said == ("" if killed else
                             "buyin: interrupted; removed the unfinished long.h5.part\n"),
                    f"{stop}: says '{said}'")
    done = test.call("run", "good.yaml", "--quiet", "-o", "long.h5")
    test.expect(done.returncode == 0 and results_files() == ["long.h5"],
                f"after an interruption: a new run leaves {results_files()}: {done.stderr.strip()}")
    (test.path / "long.h5").unlink(missing_ok=True)


def check_full_disk():
    """No more room: status 1 and one sentence that names the file, with any number of threads."""
    limited = 'ulimit -f 400; exec "$0" run "$1" --quiet -o full.h5 --threads "$2" ' \
              '--set run.record=cohort'
    for threads in ("1", "2", "8", "8"):  # the thread that fails to write is any of them
        for name, prefix in (("signal ignored", "trap '' XFSZ; "), ("as it is", "")):
            done = subprocess.run(["bash", "-c", prefix + limited, test.program,
                                   test.config("study.yaml"), threads], cwd=test.path,
                                  capture_output=True, text=True, check=False)
            what = f"full disk, {threads} threads, {name}"
            lines = done.stderr.splitlines()
            test.expect(done.returncode == 1, f"{what}: ended with status {done.returncode}, not 1")
            test.expect(len(lines) == 1 and "full.h5" in lines[0] and "too large" in lines[0],
                        f"{what}: {len(lines)} lines on standard error, not one sentence that names "
                        f"full.h5 and the reason; the first is '{lines[0] if lines else ''}'")
            test.expect("full.h5" not in results_files(), f"{what}: leaves the final name full.h5")
            (test.path / "full.h5.part").unlink(missing_ok=True)


for file_name, table in TABLES.items():
    (test.path / file_name).write_text(table, encoding="utf-8")
for file_name in ("good.yaml", "other.yaml"):
    (test.path / file_name).write_text("run:\n  replicates: 2\nsite:\n  number: 1\n",
                                       encoding="utf-8")
(test.path / "folder").mkdir()
check_refusals()
check_chains()
check_outputs()
check_interruption()
check_full_disk()
test.end()
