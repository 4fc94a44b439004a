# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of a Buyin result, as functions and as the command `buyin figures`.

    import buyin_results, buyin_figures
    figure = buyin_figures.funnel(buyin_results.open("results/study.h5"))      # a matplotlib Figure
    buyin_figures.write(figure, "funnel.svg")                                  # or .pdf, .png

Every function takes an open result and, where a file has several, the number of a scenario. It raises `Lacking`
with a sentence where the result does not hold what it needs. Lines and bands are 95 % intervals of the mean over
replicates unless the figure says otherwise.
"""
import argparse
import os
import sys

import buyin_results as results
from buyin_report import sections
from buyin_report.drawing import write
from buyin_report.figures_economics import acceptability, plane
from buyin_report.figures_people import course, equity, funnel, gp, gp_by_group, pathways, pathways_by_group, reasons
from buyin_report.figures_scenarios import comparison, frontier, pathways_by_scenario, service_by_scenario, sweep
from buyin_report.figures_service import minutes, moves, statuses, waiting_and_caseload
from buyin_report.figures_theory import dose, forest, shapley
from buyin_report.tables import Lacking
from buyin_report.writing import Refused, check_output

FIGURES = {function.__name__: function for function in (
    funnel, pathways, pathways_by_group, course, statuses, moves, waiting_and_caseload, minutes, reasons, gp,
    gp_by_group, equity, comparison, pathways_by_scenario, service_by_scenario, sweep, frontier, forest, dose, shapley, plane,
    acceptability)}
FORMATS = ("svg", "pdf", "png")


def formats(text):
    """The endings of a list with commas."""
    found = text.split(",")
    if set(found) - set(FORMATS):
        raise Refused(f"--format {text}: takes svg, pdf and png, with commas between")
    return found


def main(arguments=None):
    """The command."""
    parser = argparse.ArgumentParser(
        prog="buyin figures", description="Writes the figures of a results file, 107 mm wide, one file each.",
        epilog="Figures: " + ", ".join(FIGURES) + ". Without --figure all that the report of the result shows.")
    parser.add_argument("result", metavar="RESULT", help="results file of run, compare, sweep, ablate or economics")
    parser.add_argument("--figure", action="append", metavar="NAME", help="which; may be repeated")
    parser.add_argument("--to", default=".", metavar="FOLDER", help="where to put them (default: here)")
    parser.add_argument("--format", default=",".join(FORMATS), metavar="LIST", help="default: svg,pdf,png")
    parser.add_argument("--force", action="store_true", help="replace existing files")
    given = parser.parse_args(arguments)
    endings = formats(given.format)
    for name in given.figure or ():
        if name not in FIGURES:
            raise Refused(f"--figure {name}: there are {', '.join(FIGURES)}")
    with results.open(given.result) as result:
        wanted = given.figure or [name for section in sections.of(result) for name in section.figures]
        paths = {name: [os.path.join(given.to, f"{name}.{ending}") for ending in endings] for name in wanted}
        for path in sum(paths.values(), []):
            check_output(path, [given.result], given.force)
        os.makedirs(given.to, exist_ok=True)
        drawn = 0
        for name in wanted:
            try:
                figure = FIGURES[name](result)
            except Lacking as reason:
                print(f"buyin figures: no {name}: {reason}", file=sys.stderr)
                continue
            for path in paths[name]:
                write(figure, path)
                print(path)
            drawn += 1
    if drawn == 0:
        raise Refused(f"{given.result}: it holds none of these figures")
