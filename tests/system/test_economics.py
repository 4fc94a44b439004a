#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Economic evaluation: sets of uncertain parameters, tables for R, what is refused.

Matrices are read by Python and by R and give the ratio, the acceptability and the value of information
that the program gives. Discounting is compared with a sum by hand.
"""

import csv
import re
import subprocess
import sys
import xml.etree.ElementTree

import h5py
import numpy
import xarray
from program import Test, labels, read_outcomes

test = Test(sys.argv)
SMALL = ["-s", "run.weeks=60", "-s", "population.arrival_weeks=40",
         "-s", "run.burn_in_weeks=5", "-s", "outcome.pathway_weeks=20", "-s", "run.replicates=4"]
UNCERTAIN = """uncertain:
  cost:
    link_worker_year: {distribution: gamma, low_95: 36000, high_95: 60000}
    gp_consultation: {distribution: uniform, low: 37, high: 42}
  trait.rapport_median: {distribution: lognormal, mean: 0.4, sd: 0.15}
  support.isolation_relief: {distribution: gamma, mean: 0.04, sd: 0.02}
"""
IN_R = r"""
words <- commandArgs(TRUE)
read <- function(name) as.matrix(read.csv(paste0(words[1], "_", name, ".csv"), check.names = FALSE))
cost <- read("costs"); eff <- read("effects"); inputs <- read("parameters")
k <- as.numeric(words[2])
benefit <- k * eff - cost
stopifnot(nrow(inputs) == nrow(cost), identical(colnames(cost), colnames(eff)))
best <- factor(max.col(benefit, ties.method = "first"), levels = seq_len(ncol(benefit)))
cat(colMeans(cost - cost[, 1])[2] / colMeans(eff - eff[, 1])[2], "\n")
cat(as.numeric(table(best)) / nrow(benefit), "\n")
cat(mean(apply(benefit, 1, max)) - max(colMeans(benefit)), "\n")
if (requireNamespace("BCEA", quietly = TRUE)) {
  m <- BCEA::bcea(eff, cost, ref = 1, interventions = colnames(cost), k = c(0, k), plot = FALSE)
  stopifnot(abs(m$evi[2] - (mean(apply(benefit, 1, max)) - max(colMeans(benefit)))) < 1e-8)
}
"""


def table(name):
    with open(test.path / name, encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def near(a, b, tolerance=1e-7):
    return abs(float(a) - float(b)) <= tolerance * max(1.0, abs(float(b)))


def write(name, text):
    (test.path / name).write_text(text, encoding="utf-8")


def evaluate(*words, threads=2):
    return test.call("economics", test.config("study.yaml"), *words, *SMALL, "--uncertain", "u.yaml",
                     "--threads", threads)


def tables_and_results():
    """The tables, the results file and what is printed say the same."""
    done = evaluate("better.yaml", "odd, name.yaml", "--none", "--sets", 40, "--threshold", 250, "--csv", "e",
                    "--plot", "e.svg", "-o", "e.h5")
    test.expect(done.returncode == 0, f"economics: {done.stderr}")
    xml.etree.ElementTree.parse(test.path / "e.svg")
    with h5py.File(test.path / "e.h5") as file:
        group = file["/economics"]
        options = labels(group["option"])
        cost, effect = group["cost"][0], group["effect"][0]
        drawn, names = group["parameter_value"][()], labels(group["parameter"])
        curve, thresholds = group["acceptability"][()], group["threshold"][()]
        parameters = labels(file["/config/parameter"])
        used = file["/config/value"][()]
        group_cost, shares = group["cost"][()], group["offered_share"][()]
    test.expect(options == ["no link workers", "study", "better", "odd, name"], f"options: {options}")
    costs, effects = table("e_costs.csv"), table("e_effects.csv")
    test.expect(len(costs) == 40 and list(costs[0]) == options, "the matrix of costs has another shape")
    for o, name in enumerate(options):
        test.expect(all(near(row[name], value) for row, value in zip(costs, cost[:, :, o].mean(axis=1))),
                    f"costs of {name} differ from the results file")
        test.expect(all(near(row[name], value) for row, value in zip(effects, effect[:, :, o].mean(axis=1))),
                    f"effects of {name} differ from the results file")
    for n, name in enumerate(names):  # the same values in every option, as the runs had them
        position = parameters.index(name)
        for scenario in range(3):
            test.expect((used[scenario * 40:(scenario + 1) * 40, position] == drawn[:, n]).all(),
                        f"{name}: the sets of option {scenario} are others")
        test.expect(all(near(row[name], value) for row, value in zip(table("e_parameters.csv"), drawn[:, n])),
                    f"{name}: the table of parameters differs")
    benefit = thresholds[:, None, None] * effect.mean(axis=1) - cost.mean(axis=1)
    count = numpy.stack([(benefit.argmax(axis=2) == o).mean(axis=1) for o in range(4)], axis=1)
    test.expect(numpy.allclose(count, curve), "acceptability is not the count of sets")
    rows = table("e_acceptability.csv")
    for t, row in enumerate(rows):
        best = options[benefit[t].mean(axis=0).argmax()]
        test.expect(row["frontier_option"] == best, f"the frontier at {row['threshold']}: {row}")
        value = benefit[t].max(axis=1).mean() - benefit[t].mean(axis=0).max()
        test.expect(near(row["evpi_uncorrected"], value, 1e-6), f"value of information: {row} {value}")
    weighted = numpy.einsum("g,gkro->kro", shares[1:], group_cost[1:])
    test.expect(abs(shares[1:].sum() - 1) < 1e-9, f"quintiles: shares {shares}")
    test.expect(numpy.abs(weighted.mean() / group_cost[0].mean() - 1) < 0.01, "quintiles do not add up")
    quintiles = table("e_quintiles.csv")
    test.expect(len(quintiles) == 15 and near(quintiles[0]["inc_cost"],
                                              (group_cost[1, :, :, 1] - group_cost[1, :, :, 0]).mean(), 1e-6),
                f"quintiles: {quintiles[:1]}")
    test.expect({"group", "group_label", "pop_share", "inc_cost", "inc_swemwbs_years"} <= set(quintiles[0]),
                f"quintiles: columns {list(quintiles[0])}")
    opened = xarray.open_dataset(test.path / "e.h5", group="economics", engine="h5netcdf")
    test.expect(opened.cost.dims == ("group", "set", "replicate", "option") and opened.cost.attrs["units"] == "GBP"
                and opened.attrs["comparator"] == "no link workers", f"xarray: {opened.cost}")
    test.expect(len(table("e_information.csv")) == 4, "the table of information")
    ratio = re.search(r"^study\n(?:  .*\n)*?  incremental cost-effectiveness ratio (\S+) ", done.stdout, re.M)
    true = (cost[..., 1] - cost[..., 0]).mean() / (effect[..., 1] - effect[..., 0]).mean()
    test.expect(ratio and near(ratio.group(1), true, 1e-3), f"ratio: {ratio and ratio.group(0)}, {true}")
    read_by_r(true, benefit_at(cost, effect, 250.0))


def benefit_at(cost, effect, threshold):
    return threshold * effect.mean(axis=1) - cost.mean(axis=1)


def read_by_r(ratio, benefit):
    write("read.R", IN_R)
    done = subprocess.run(["Rscript", "--vanilla", "read.R", "e", "250"], cwd=test.path, capture_output=True,
                          text=True, check=False)
    if not test.expect(done.returncode == 0, f"R cannot read the matrices: {done.stderr[-300:]}"):
        return
    lines = [[float(word) for word in line.split()] for line in done.stdout.splitlines()]
    shares = [(benefit.argmax(axis=1) == o).mean() for o in range(4)]
    test.expect(near(lines[0][0], ratio, 1e-5), f"R finds a ratio of {lines[0]}, not {ratio}")
    test.expect(numpy.allclose(lines[1], shares), f"R finds acceptability {lines[1]}, not {shares}")
    test.expect(near(lines[2][0], benefit.max(axis=1).mean() - benefit.mean(axis=0).max(), 1e-4),
                f"R finds another value of information: {lines[2]}")


def reproducible():
    """Sets depend on seed, set and name alone: more sets, other parameters, threads change none."""
    evaluate("better.yaml", "--sets", 6, "--csv", "six", "--quiet")
    evaluate("better.yaml", "--sets", 9, "--csv", "nine", "--quiet", threads=1)
    six, nine = table("six_costs.csv"), table("nine_costs.csv")
    test.expect(len(six) == 6 and six == nine[:6], "the first six sets of nine are others")
    write("u.yaml", UNCERTAIN + "  diary.missed_share: {distribution: uniform, low: 0.4, high: 0.6}\n")
    evaluate("better.yaml", "--sets", 6, "--csv", "more", "--quiet")
    write("u.yaml", UNCERTAIN)
    for name in ("trait.rapport_median", "cost.gp_consultation"):
        test.expect([row[name] for row in table("more_parameters.csv")] ==
                    [row[name] for row in table("six_parameters.csv")],
                    f"{name}: its values change when another parameter is declared")


def known_again():
    """What a scenario or --set settles is no longer drawn; without anything uncertain there is no evaluation."""
    evaluate("better.yaml", "--sets", 3, "--csv", "set", "--quiet", "-s", "cost.gp_consultation=40")
    test.expect("cost.gp_consultation" not in table("set_parameters.csv")[0], "--set does not settle a parameter")
    done = test.call("economics", test.config("study.yaml"), *SMALL)
    test.expect(done.returncode == 2 and "nothing is uncertain" in done.stderr, f"nothing uncertain: {done.stderr}")


def units():
    """Point-years have no threshold; a placeholder says so wherever it is shown."""
    plain = evaluate("--sets", 3).stdout
    test.expect("no accepted value of a SWEMWBS point-year" in plain and "CAUTION" not in plain
                and "programme_post_year" in plain, f"plain: {plain[:600]}")
    mapped = evaluate("--sets", 3, "-s", "cost.wellbeing_value=placeholder_wellby", "--plot", "w.svg", "-o", "w.h5")
    test.expect("CAUTION: WELLBYs by a placeholder" in mapped.stdout and "At 1.3e+04 GBP/WELLBY" in mapped.stdout,
                f"mapped: {mapped.stdout[:400]} {mapped.stderr}")
    test.expect("do not quote" in (test.path / "w.svg").read_text(encoding="utf-8"), "the picture is silent")
    with h5py.File(test.path / "w.h5") as file:
        test.expect(b"do not quote" in numpy.bytes_(file["/economics"].attrs["caution"]), "the file is silent")


def discounting():
    """Link workers and nothing else: posts x weeks, each worth (1 + r)^(-week / 52), is a geometric sum."""
    weeks, posts, rate, year = 120, 7, 0.035, 52000.0
    words = ["-s", f"run.weeks={weeks}", "-s", "population.arrival_weeks=60",
             "-s", "cost.gp_consultation=0", "-s", "cost.place_week=0", "-s", f"cost.link_worker_year={year}"]
    found = read_outcomes(test.run("costs", words=words))
    step = (1 + rate) ** (-1 / 52)
    true = posts * year / 52 * (1 - step ** weeks) / (1 - step)
    for told in found["economics.all.cost"] * found["economics.all.offered"]:
        test.expect(near(told, true, 1e-9), f"discounted cost of posts: {told}, by hand {true}")
    flat = read_outcomes(test.run("flat", words=[*words, "-s", "cost.discount_rate=0"]))
    for told in flat["economics.all.cost"] * flat["economics.all.offered"]:
        test.expect(near(told, posts * weeks * year / 52, 1e-9), f"undiscounted cost of posts: {told}")
    test.expect(true < 0.97 * posts * weeks * year / 52, "discounting does nothing")


def shipped_file():
    done = test.call("check", test.config("study.yaml"), test.config("uncertainty.yaml"))
    test.expect(done.returncode == 0, f"uncertainty.yaml: {done.stderr}")
    reasons = re.findall(r"^      (evidence|analogue|judgement|placeholder)", done.stdout, re.M)
    count = re.search(r"(\d+) uncertain parameters", done.stdout)
    test.expect(count and len(reasons) == int(count.group(1)) >= 20,
                f"uncertainty.yaml: {len(reasons)} reasons for {count and count.group(1)} parameters")
    for line in done.stdout.splitlines():
        parts = line.split()
        if len(parts) > 5 and "." in parts[0] and parts[5].rstrip(",") in ("gamma", "normal", "beta", "uniform",
                                                                           "lognormal", "triangular"):
            value, low, high = float(parts[1]), float(parts[2]), float(parts[4])
            test.expect(low <= value <= high, f"uncertainty.yaml: the value lies outside 95 %: {line}")


def refused():
    write("bad.yaml", "uncertain:\n  cost.place_wek: {distribution: gamma, mean: 1, sd: 1}\n")
    cases = (
        (["economics"], r"a base is needed"),
        (["economics", "missing.yaml"], r"missing\.yaml.*No such file"),
        (["economics", test.config("study.yaml"), "-u", "missing.yaml"], r"missing\.yaml.*No such file"),
        (["economics", test.config("study.yaml"), "-u", "bad.yaml"], r"bad\.yaml:2:3: .*did you mean"),
        (["economics", test.config("study.yaml"), "--sets", "1"], r"--sets = 1: a whole number from 2"),
        (["economics", test.config("study.yaml"), "--threshold", "-5"], r"--threshold = -5: must be"),
        (["economics", test.config("study.yaml"), "--threshold", "dear"], r"--threshold = dear: must be"),
        (["economics", test.config("study.yaml"), "-u", "u.yaml", "-s", "run.replicates=1"],
         r"run\.replicates = 1: chance"),
        (["economics", test.config("study.yaml"), "other.yaml", "-u", "u.yaml"], r"run\.seed = 7: must be 1"),
        (["economics", test.config("study.yaml"), "-u", "u.yaml", "--plot", "nowhere/x.svg"],
         r"nowhere/x\.svg: cannot be written to the directory"),
        (["economics", test.config("study.yaml"), "-u", "u.yaml", "--csv", "nowhere/x"], r"nowhere/x: cannot"),
        (["economics", test.config("study.yaml"), "-u", "u.yaml", "-o", "nowhere/x.h5"], r"nowhere/x\.h5: cannot"),
        (["sweep", test.config("study.yaml"), "u.yaml", "--vary", "cost.gp_consultation=38,40"],
         r"--vary: cost\.gp_consultation: is declared uncertain"),
        *(([*words, "e.h5"], r"e\.h5: an economic evaluation holds drawn sets") for words in
          (["study"], ["pathways"], ["patient", "--id", "1"])),
    )
    write("other.yaml", "run: {seed: 7}\n")
    for words, pattern in cases:
        done = test.call(*words)
        lines = done.stderr.strip().splitlines()
        test.expect(done.returncode == 2 and len(lines) == 1 and re.search(pattern, lines[0]) and done.stdout == "",
                    f"{words}: status {done.returncode}, {lines}")


write("u.yaml", UNCERTAIN)
write("better.yaml", "link_worker: {training: 1, supervision: 1}\n")
write("odd, name.yaml", "diary: {caseload_cap: 15}\n")
tables_and_results()
reproducible()
known_again()
units()
discounting()
shipped_file()
refused()
test.end()
