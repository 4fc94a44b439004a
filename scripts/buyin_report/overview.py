# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the README: three questions, each answered by one of the reference results.

Who comes how far (the study), what a larger caseload buys and costs (the sweep), which parts of the theory carry
the connections (the ablation). No background, in a light and a dark version. Lines: 95 % intervals of the mean over
replicates.
"""
import textwrap

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

import buyin_results as results
from buyin_report import drawing, tables

LIGHT = {"ink": "#1a1a1a", "quiet": "#555555", "grid": "#dddddd", "main": drawing.BLUE, "other": drawing.VERMILLION}
DARK = {"ink": "#e6edf3", "quiet": "#9da7b1", "grid": "#3d444d", "main": drawing.SKY, "other": drawing.ORANGE}
CONNECTED = "funnel.connected_share_of_offered"
MOST_CONFIGURATIONS = 7
LONGEST_LABEL = 50  # letters
SIZE = (11.4, 4.5)  # inches


def style(colours):
    """The style of the report in these colours, on no background."""
    return {**drawing.STYLE, "axes.edgecolor": colours["quiet"], "axes.labelcolor": colours["ink"],
            "text.color": colours["ink"], "xtick.color": colours["quiet"], "ytick.color": colours["quiet"],
            "xtick.labelcolor": colours["ink"], "ytick.labelcolor": colours["ink"], "grid.color": colours["grid"],
            "figure.facecolor": "none", "axes.facecolor": "none", "savefig.facecolor": "none", "font.size": 10.5,
            "axes.titlesize": 11.5, "axes.labelsize": 10, "xtick.labelsize": 10, "ytick.labelsize": 10}


def labelled_rows(axes, labels):
    """Rows from the top, each with its label above it; returns their places."""
    places = np.arange(len(labels))
    for place, label in zip(places, labels):
        axes.text(0, place - 0.27, label, va="bottom", transform=axes.get_yaxis_transform())
    axes.set_ylim(len(labels) - 0.6, -0.8)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(False, axis="y")
    return places


def draw_funnel(axes, study, colours):
    """Shares of the people offered a referral."""
    table = tables.funnel(study)
    places = labelled_rows(axes, table["step"])
    axes.barh(places, table["mean"], height=0.34, color=colours["main"])
    drawing.intervals(axes, places, table["low"], table["high"], colors=colours["ink"], linewidth=1.6)
    for place, share in zip(places, table["mean"]):
        axes.text(1, place - 0.27, f"{100 * share:.0f} %", va="bottom", ha="right")
    axes.set_xlim(0, 1)
    drawing.percent(axes.xaxis)
    axes.set_xlabel("of the people offered a referral")
    axes.set_title("Who comes how far")


def draw_caseload(above, below, study, caseload, colours):
    """Reach and trust along the caseload cap, at the points nearest to the demand and working hours of the study."""
    table = tables.frontier(caseload)
    for parameter in ("diary.full_time_equivalent", "population.offers_per_week"):
        away = (table[parameter.replace(".", "_")] - study.parameter(parameter)).abs()
        table = table[away == away.min()]
    for axes, name, colour, title, height in (
            (above, "reach", colours["main"], "people connected,\na post and year", 0.3),
            (below, "trust", colours["other"], "trust after 13 weeks\n(from 0 to 1)", 0.8)):
        band = table.rename(columns={"diary_caseload_cap": "week", name: "mean", f"{name}_low": "low",
                                     f"{name}_high": "high"})
        drawing.band(axes, band, colour)
        axes.plot(band["week"], band["mean"], "o", color=colour, markersize=3.5)
        axes.set_xlim(20, 120)
        axes.text(0.97, height, title, transform=axes.transAxes, ha="right", va="center")
    above.tick_params(labelbottom=False)
    below.set_xlabel("caseload cap, people a link worker")
    above.set_title("What larger caseloads trade")


def draw_theory(axes, theory, colours):
    """Largest effects of configurations on the share connected."""
    table = results.differences(theory)
    table = table[(table["outcome"] == CONNECTED) & table["difference"].notna()]
    table = table.assign(configuration=table["scenario"].str.removeprefix("without_"), mean=-table["difference"])
    table = table.assign(low=-table["high"], high=-table["low"], size=table["mean"].abs())
    table = table.sort_values("size", ascending=False).head(MOST_CONFIGURATIONS)
    contexts = tables.ablation(theory).drop_duplicates("configuration").set_index("configuration")["context"]
    places = labelled_rows(axes, [textwrap.shorten(f"{x}: {contexts[x]}", LONGEST_LABEL, placeholder=" \u2026")
                                  for x in table["configuration"]])
    axes.vlines(np.zeros(len(places)), places - 0.14, places + 0.14, color=colours["ink"], linewidth=1.2)
    drawing.intervals(axes, places, table["low"], table["high"], colors=colours["main"], linewidth=2)
    axes.plot(table["mean"], places, "o", color=colours["main"], markersize=5.5)
    axes.xaxis.set_major_locator(MultipleLocator(0.05))
    axes.xaxis.set_major_formatter(drawing.points)
    axes.set_xlabel("connected of 100 offered: with minus without it")
    axes.set_title("Which parts of the theory carry it")


def draw(study, caseload, theory, colours):
    """The picture, a matplotlib Figure, from three open results."""
    with matplotlib.rc_context(style(colours)):
        figure = Figure(figsize=SIZE)
        FigureCanvasAgg(figure)
        above = figure.add_axes((0.355, 0.54, 0.235, 0.375))
        draw_funnel(figure.add_axes((0.02, 0.125, 0.265, 0.79)), study, colours)
        draw_caseload(above, figure.add_axes((0.355, 0.125, 0.235, 0.375), sharex=above), study, caseload,
                      colours)
        draw_theory(figure.add_axes((0.645, 0.125, 0.34, 0.79)), theory, colours)
    return figure


def write(figure, path, colours):
    """Writes the picture as SVG."""
    with matplotlib.rc_context(style(colours)):
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": "Buyin"})
