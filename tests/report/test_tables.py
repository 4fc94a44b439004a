#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading results: h5py, xarray, ncdump and rhdf5 give the same pathways; `buyin export` and `buyin figures` their tables
and figures."""
import csv
import io
import re
import shutil
import subprocess
import sys

import h5py
import numpy
import pandas
import xarray

from small_results import SMALL, Test, make

test = Test(sys.argv)
sys.path.insert(0, str(test.source / "scripts"))
import buyin_results  # noqa: E402  pylint: disable=wrong-import-position

PATHWAYS = ("a_rapid", "b_anchored", "c_connecting_with", "own_support", "disengaged", "brief")
NAMES = [f"pathway_of_engaged.all.{pathway}" for pathway in PATHWAYS]


def outside(*words):
    """Runs a program that is not ours."""
    return subprocess.run([str(x) for x in words], capture_output=True, text=True, check=False, timeout=300, cwd=test.path)


def with_h5py(path):
    """Shares of the pathways."""
    with h5py.File(path) as file:
        names = list(file["outcomes/outcome"].asstr()[:])
        return [file["outcomes/mean"][0, names.index(name)] for name in NAMES]


def with_xarray(path):
    """The same by label."""
    with xarray.open_dataset(path, group="outcomes", engine="h5netcdf") as data:
        return [float(data["mean"].sel(outcome=name).isel(scenario=0)) for name in NAMES]


def with_ncdump(path):
    """The same from the words of ncdump."""
    done = outside("ncdump", "-p", "9,17", "-v", "/outcomes/outcome,/outcomes/mean", path)
    names = re.findall(r'"([^"]*)"', re.search(r'\n\s+outcome = (".*?") ;\n', done.stdout, re.DOTALL).group(1))
    means = re.search(r"\n\s+mean =\s+([-\d].*?) ;\n", done.stdout, re.DOTALL).group(1).split(",")
    return [float(means[names.index(name)]) for name in NAMES]


def with_rhdf5(path):
    """The same from R."""
    code = (f'source("{test.source}/scripts/read_results.R"); s <- pathway_shares(read_outcomes("{path}")); '
            'cat(sprintf("%s %.17g\\n", s$pathway, s$mean), sep = "")')
    done = outside("Rscript", "-e", code)
    found = dict(line.split() for line in done.stdout.splitlines())
    return [float(found[pathway]) for pathway in PATHWAYS]


def check_readers(path):
    """Four programs, one answer; and it is the share of the people counted in /pathways."""
    with h5py.File(path) as file:
        labels = list(file["pathways/pathway"].asstr()[:])
        persons = file["pathways/persons"][0].sum(axis=1)
    took = persons[:, [labels.index(x) for x in PATHWAYS]]
    counted = (took / took.sum(axis=1, keepdims=True)).mean(axis=0)
    readers = {"h5py": with_h5py, "xarray": with_xarray}
    for name, reader, there in (("ncdump", with_ncdump, shutil.which("ncdump")), ("rhdf5", with_rhdf5, has_rhdf5())):
        if there:
            readers[name] = reader
        else:
            print(f"skipped: {name} is not installed")
    for name, reader in readers.items():
        shares = reader(path)
        test.expect(numpy.allclose(shares, counted, rtol=0, atol=1e-12), f"{name} reads {shares}, counted {list(counted)}")


def has_rhdf5():
    """Whether R can read HDF5 files."""
    return shutil.which("Rscript") and outside("Rscript", "-e", "library(rhdf5)").returncode == 0


def check_r_plot(path):
    """The R script prints the shares and draws them."""
    if not has_rhdf5():
        return
    out = test.path / "pathways_r.svg"
    done = outside("Rscript", test.source / "scripts" / "read_results.R", path, out)
    found = re.search(r"rapid connection\s+([\d.]+)", done.stdout)
    test.expect(found and abs(float(found.group(1)) - 100 * with_h5py(path)[0]) < 0.00501, f"R prints {done.stdout}")
    test.expect(out.exists() and "<svg" in out.read_text(encoding="utf-8"), f"R draws nothing: {done.stderr}")
    done = outside("Rscript", test.source / "scripts" / "read_results.R", test.path / "absent.h5")
    test.expect(done.returncode == 2 and "no such file" in done.stderr, f"R, an absent file: {done.stderr}")


def check_tidy(path):
    """The tidy table has a row for every number, where it belongs."""
    done = test.call("export", path, "--csv")
    out = path.with_suffix(".csv")
    if not test.expect(done.returncode == 0 and out.exists(), f"export: {done.stderr}"):
        return
    table = pandas.read_csv(out)
    test.expect(list(table.columns) == ["scenario", "replicate", "week", "group", "measure", "value"], str(table.columns))
    keys = table.groupby(["scenario", "replicate", "week", "group", "measure"], dropna=False).size()
    test.expect(keys.max() == 1, f"export: a number is there twice: {keys[keys > 1].head(2)}")
    with h5py.File(path) as file:
        weekly, sites = file["weekly/persons"], list(file["weekly/site"].asstr()[:])
        status = list(file["weekly/status"].asstr()[:]).index("engaged")
        moved = file["weekly/moved"][0, 1, :, 1, 2]
        finite = sum(int(numpy.isfinite(file[f"{group}/{name}"][()]).sum()) for group, name in (
            ("outcomes", "value"), ("weekly", "persons"), ("groups", "offered"), ("course", "mean")))
        expected = weekly[0, 2, 3, 50, status]
    cell = table[(table["replicate"] == 2) & (table["week"] == 50) & (table["group"] == sites[3])]
    cell = cell.loc[cell["measure"] == "weekly.persons.engaged", "value"].tolist()
    test.expect(cell == [expected], f"export: {cell} engaged instead of {expected}")
    prefixes = table["measure"].str.match(r"weekly\.persons\.|groups\.offered$|course\.mean\.")
    outcomes = ~table["measure"].str.match(r"(weekly|link_workers|pathways|groups|course)\.")
    test.expect((prefixes | outcomes).sum() == finite, f"export: {(prefixes | outcomes).sum()} numbers instead of {finite}")
    took_up = table[(table["measure"] == "weekly.moved.waiting.engaged") & (table["replicate"] == 1)]
    test.expect(took_up["value"].tolist() == moved.tolist(), "export: moves differ from the file")
    test.expect(len(buyin_results.tidy(path)) == len(table), "export and buyin_results.tidy differ")


def rows(path, *words):
    """A table on standard output, as dictionaries."""
    done = test.call("export", path, "--csv", "-o", "-", *words)
    test.expect(done.returncode == 0, f"export {words}: {done.stderr}")
    return list(csv.DictReader(io.StringIO(done.stdout)))


def check_tables(path, compare, cohort):
    """The other tables."""
    table = {row["outcome"]: row for row in rows(path, "--table", "outcomes")}
    test.expect([float(table[name]["mean"]) for name in NAMES] == with_h5py(path), "export: outcomes differ")
    with h5py.File(compare) as file:
        names = list(file["outcomes/outcome"].asstr()[:])
        value = file["outcomes/value"][:, :, names.index("wait.weeks_mean")]
        people = file["config/parameter"].asstr()[:]
        caps = file["config/value"][:, list(people).index("diary.caseload_cap")]
    apart = value[1] - value[0]
    low = apart.mean() - 4.302652729911275 * apart.std(ddof=1) / 3**0.5
    found = [row for row in rows(compare, "--table", "differences") if row["outcome"] == "wait.weeks_mean"]
    test.expect(len(found) == 1 and abs(float(found[0]["difference"]) - apart.mean()) < 1e-12 and
                abs(float(found[0]["low"]) - low) < 1e-7, f"export: differences: {found}")
    back = [row for row in rows(compare, "--table", "differences", "--base", "one, two.yaml")
            if row["outcome"] == "wait.weeks_mean"]
    test.expect(back and abs(float(back[0]["difference"]) + apart.mean()) < 1e-12, f"export: --base: {back}")
    found = [float(row["value"]) for row in rows(compare, "--table", "parameters") if row["parameter"] == "diary.caseload_cap"]
    test.expect(found == list(caps), f"export: parameters: {found}")
    with h5py.File(cohort) as file:
        ages = file["cohort/age"][:]
    found = numpy.array([float(row["age"]) for row in rows(cohort, "--table", "cohort")])
    test.expect(len(found) == len(ages) and numpy.allclose(found, ages, rtol=1e-6), "export: the cohort differs")
    weekly = rows(path, "--groups", "pathways")
    test.expect({row["measure"].split(".")[0] for row in weekly} == {"pathways"}, "export: --groups")


def check_compare_csv():
    """Names with commas are quoted, two files of one name are told apart."""
    out = test.path / "compare.csv"
    other = test.path / "other"
    other.mkdir()
    scenario = test.path / "one, two.yaml"
    scenario.write_text("diary:\n  caseload_cap: 30\n", encoding="utf-8")
    shutil.copy(scenario, other)
    small = ["-s", "run.replicates=2", "-s", "run.weeks=60", "-s", "population.arrival_weeks=30"]
    done = test.call("compare", test.config("study.yaml"), scenario, other / scenario.name, *small, "--quiet", "--csv", out)
    with open(out, encoding="utf-8", newline="") as file:
        found = {row["scenario"] for row in csv.DictReader(file)}
    test.expect(done.returncode == 0 and found == {"one, two.yaml", "one, two.yaml (2)"}, f"compare --csv: {found}")
    return scenario


def check_refusals(path):
    """Bad input: the status, one sentence, nothing written or replaced."""
    out = test.path / "mine.csv"
    out.write_text("mine", encoding="utf-8")
    before = sorted(test.path.iterdir())
    cases = ((2, "exists already", ("export", path, "--csv", "-o", out)),
             (2, "no patients", ("export", path, "--csv", "--table", "cohort", "-o", "new.csv")),
             (2, "one scenario only", ("export", path, "--csv", "--table", "differences", "-o", "new.csv")),
             (2, "there are tidy", ("export", path, "--csv", "--table", "cells")),
             (2, "--groups cells: there are", ("export", path, "--csv", "--groups", "cells", "-o", "new.csv")),
             (2, "goes with --table differences", ("export", path, "--csv", "--base", "run", "-o", "new.csv")),
             (2, "no such file", ("export", "absent.h5", "--csv", "-o", "new.csv")),
             (2, "there is no folder", ("export", path, "--csv", "-o", "absent/new.csv")),
             (1, "/dev/full could not be written", ("export", path, "--csv", "-o", "/dev/full")),
             (2, "takes svg, pdf and png", ("figures", path, "--format", "gif")),
             (2, "there are funnel", ("figures", path, "--figure", "pie")),
             (2, "holds none of these figures", ("figures", path, "--figure", "sweep", "--to", ".")))
    if not has_parquet():
        cases += ((1, "--csv always works", ("export", path, "--parquet", "-o", "new.parquet")),)
    for status, sentence, words in cases:
        done = test.call(*words)
        last = done.stderr.splitlines()[-1] if done.stderr else ""
        test.expect(done.returncode == status and sentence in last, f"{words}: status {done.returncode}, {done.stderr!r}")
    test.expect(sorted(test.path.iterdir()) == before and out.read_text(encoding="utf-8") == "mine", "a refusal wrote a file")
    done = test.call("export", path, "--csv", "--table", "outcomes", "-o", out, "--force")
    test.expect(done.returncode == 0 and out.read_text(encoding="utf-8") != "mine", "--force does not replace a table")


def has_parquet():
    """Whether this Python can write Parquet."""
    return outside("/usr/bin/python3", "-c", "import pyarrow").returncode == 0


def check_figures(path):
    """Figures as files, twice the same, at the size that is said."""
    for folder in ("first", "second"):
        done = test.call("figures", path, "--to", folder, "--figure", "pathways", "--figure", "moves")
        test.expect(done.returncode == 0 and len(done.stdout.splitlines()) == 6, f"figures: {done.stderr.strip()[-300:]}")
    for name in ("pathways.svg", "pathways.pdf", "pathways.png", "moves.svg", "moves.pdf", "moves.png"):
        one, two = test.path / "first" / name, test.path / "second" / name
        test.expect(one.exists() and two.exists() and one.read_bytes() == two.read_bytes(),
                    f"{name} is missing or differs from one time to the next")
    width = re.search(r'<svg[^>]* width="([\d.]+)pt"', (test.path / "first" / "moves.svg").read_text(encoding="utf-8"))
    test.expect(width and abs(float(width.group(1)) / 72 * 25.4 - 107) < 1, f"figures: {width and width.group(1)} points wide")
    done = test.call("figures", path, "--to", "first", "--figure", "moves")
    test.expect(done.returncode == 2 and "--force" in done.stderr, "figures: existing files are replaced")


def main():
    """Makes the results and reads them."""
    path = make(test, "run", "run", test.config("study.yaml"), *SMALL)
    cohort = make(test, "cohort", "run", test.config("study.yaml"), *SMALL, "-s", "record=cohort")
    compare = make(test, "compare", "compare", test.config("study.yaml"), check_compare_csv(), *SMALL)
    check_readers(path)
    check_r_plot(path)
    check_tidy(path)
    check_tables(path, compare, cohort)
    check_refusals(path)
    check_figures(path)
    test.end()


if __name__ == "__main__":
    main()
