# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of an ablation: effects, dose and response, shares of the whole effect."""
import numpy as np

from buyin_report import drawing, tables
from buyin_report.drawing import styled

COLUMNS = 4  # of small panels


def by_configuration(result, table):
    """A panel for each headline outcome, a row for each configuration."""
    headlines = list(dict.fromkeys(table["headline"]))
    names = list(dict.fromkeys(table["configuration"]))
    rows = (len(headlines) + 2) // 3
    figure, panels = drawing.new(rows * (0.9 + 0.155 * len(names)), rows, 3, sharey=True, squeeze=False)
    places = np.array([number + 0.6 * sum(names[k][:2] != names[k - 1][:2] for k in range(1, number + 1))
                       for number in range(len(names))])
    for axes, headline in zip(panels.flat, headlines):
        part = table[table["headline"] == headline]
        clear = (part["low"] > 0) | (part["high"] < 0)
        drawing.zero_line(axes)
        drawing.dots(axes, places, part, hollow=~clear)
        drawing.rows_down(axes, places, names)
        axes.tick_params(axis="y", labelsize=9)
        unit = result.unit(headline)
        label = part["label"].iloc[0]
        axes.set_title(label)
        axes.locator_params(axis="x", nbins=3)
        if unit == "share":
            axes.xaxis.set_major_formatter(drawing.points)
        axes.set_xlabel({"share": "percentage points", "1/year": "a year"}.get(unit, unit).replace(
            "SWEMWBS point", "points"), fontsize=9)
    for axes in list(panels.flat)[len(headlines):]:
        axes.set_visible(False)
    return figure


@styled
def forest(result):
    """What each configuration of the theory does to the headline outcomes."""
    return by_configuration(result, tables.ablation(result))


@styled
def shapley(result):
    """Each configuration's share of what all of them do together."""
    return by_configuration(result, tables.shapley(result))


@styled
def dose(result):
    """What each configuration does to the outcome it claims, at several strengths."""
    table = tables.dose(result)
    names = list(dict.fromkeys(table["configuration"]))
    rows = (len(names) + COLUMNS - 1) // COLUMNS
    figure, panels = drawing.new(0.5 + 0.85 * rows, rows, COLUMNS, squeeze=False, sharex=True)
    for axes, name in zip(panels.flat, names):
        part = table[table["configuration"] == name]
        axes.axhline(0, color=drawing.QUIET, linewidth=0.9)
        axes.fill_between(part["strength"], part["low"], part["high"], color=drawing.BLUE, alpha=0.25, linewidth=0)
        axes.plot(part["strength"], part["mean"], "o-", color=drawing.BLUE, markersize=3, linewidth=1.2)
        axes.set_title(name, fontsize=9)
        axes.set_yticks([])
        axes.set_xlim(0, float(table["strength"].max()) * 1.08)
        axes.locator_params(axis="x", nbins=3)
    for axes in list(panels.flat)[len(names):]:
        axes.set_visible(False)
    figure.supxlabel("strength of the configuration", fontsize=9.5)
    return figure
