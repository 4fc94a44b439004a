# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of many scenarios: comparisons, sweeps, ablations."""
import numpy as np

from buyin_report import drawing, tables
from buyin_report.drawing import styled, thinned
from buyin_report.tables import Lacking

MOST_LINES = 12
MOST_POINTS = 250


def line_words(names, point):
    """A short name of a line of a sweep."""
    return ", ".join(f"{name} {value:g}" for name, value in zip(names, point)) or "all points"


@styled
def sweep(result, outcome=None):
    """Outcomes along the first axis of a sweep, a line for each combination of the others."""
    table = tables.sweep(result)
    if not tables.is_grid(result):
        return sweep_cloud(result, table)
    first, *others = tables.sweep_axes(result)
    outcomes = [outcome] if outcome else list(dict.fromkeys(table["outcome"]))
    points = table[others].drop_duplicates().values.tolist() if others else [[]]
    rows = (len(outcomes) + 1) // 2
    shown = thinned(points, MOST_LINES)
    keys = len(shown) if others else 0
    figure, panels = drawing.new(1.85 * rows + 0.19 * keys + 0.35, rows, 2, squeeze=False, sharex=True)
    names = [axis.split("_", 1)[-1].replace("_", " ") for axis in others]
    for axes, name in zip(panels.flat, outcomes):
        of_outcome = table[table["outcome"] == name]
        for number, point in enumerate(shown):
            part = of_outcome[(of_outcome[others].values == np.array(point, dtype=float)).all(axis=1)]
            part = part.sort_values(first)
            colour = drawing.CYCLE[number % len(drawing.CYCLE)]
            axes.fill_between(part[first], part["low"], part["high"], color=colour, alpha=0.2, linewidth=0)
            axes.plot(part[first], part["mean"], color=colour, marker=drawing.MARKERS[number % 7], markersize=3.4,
                      linewidth=1.2, linestyle="-" if number < 7 else "--", label=line_words(names, point))
        sweep_title(axes, result, of_outcome)
    for axes in list(panels.flat)[len(outcomes):]:
        axes.set_visible(False)
    figure.supxlabel(tables.axis_label(result, first), fontsize=9.5)
    if others:
        drawing.legend_above(figure, panels[0, 0], 1, keys, handlelength=2.2)
    return figure


def sweep_title(axes, result, table):
    """Name and unit of an outcome above its panel."""
    unit = result.unit(table["outcome"].iloc[0])
    share = unit == "share"
    words = table["label"].iloc[0] + ("" if share or unit.startswith("index") or unit == "1/year" else f" ({unit})")
    axes.set_title(drawing.wrapped(words, 21), fontsize=9)
    if share:
        drawing.percent(axes.yaxis)


def sweep_cloud(result, table):
    """Points of a sweep that is not a grid: each outcome against each axis."""
    axes_of = list(tables.sweep_axes(result))[:4]
    outcomes = list(dict.fromkeys(table["outcome"]))[:4]
    keep = set(thinned(result.scenarios, MOST_POINTS))
    table = table[table["scenario"].isin(keep)]
    figure, panels = drawing.new(0.6 + 1.5 * len(outcomes), len(outcomes), len(axes_of), squeeze=False,
                                 sharex="col", sharey="row")
    for down, outcome in enumerate(outcomes):
        part = table[table["outcome"] == outcome]
        for across, axis in enumerate(axes_of):
            axes = panels[down, across]
            drawing.intervals(axes, part[axis], part["low"], part["high"], True, colors=drawing.SKY, linewidth=0.5)
            axes.scatter(part[axis], part["mean"], s=5, color=drawing.BLUE, linewidths=0)
            if down == len(outcomes) - 1:
                axes.set_xlabel(tables.axis_label(result, axis).replace(" (", "\n("), fontsize=9)
        panels[down, 0].set_ylabel(part["label"].iloc[0].replace(", ", ",\n").replace(" person", "\nperson"),
                                   fontsize=9)
    return figure


def number_points(axes, points):
    """Numbers beside points, left out where they would lie over the last one."""
    low, span = (np.array([f(points[x]) for x in ("reach", "trust")]) for f in (np.min, np.ptp))
    last = np.full(2, -np.inf)
    for number, point in enumerate(points[["reach", "trust"]].values, start=1):
        place = (point - low) / np.where(span > 0, span, 1)
        if np.abs(place - last).max() > 0.07:
            last = place
            axes.annotate(f"{number}", point, xytext=(3, 4), textcoords="offset points", fontsize=9)


@styled
def frontier(result):
    """Reach against relationship over the points of a sweep."""
    table = tables.frontier(result)
    best = table[table["frontier"]].sort_values("reach")
    rest = table[~table["frontier"]]
    rest = rest.loc[thinned(rest.index, MOST_POINTS)]
    figure, axes = drawing.new(3.4)
    for part, colour in ((rest, "#BBBBBB"), (best, drawing.BLUE)):
        drawing.intervals(axes, part["trust"], part["reach_low"], part["reach_high"], colors=colour, linewidth=0.8)
        drawing.intervals(axes, part["reach"], part["trust_low"], part["trust_high"], True, colors=colour,
                          linewidth=0.8)
    axes.scatter(rest["reach"], rest["trust"], s=16, facecolors="white", edgecolors=drawing.QUIET, linewidths=0.9,
                 zorder=3)
    axes.plot(best["reach"], best["trust"], "o-", color=drawing.BLUE, markersize=5, linewidth=1, zorder=4)
    axes.margins(0.06, 0.08)
    number_points(axes, best)
    axes.set_xlabel("people connected, a link worker's post and year")
    axes.set_ylabel("trust 13 weeks after the first session")
    axes.set_title("Blue: no point is better in both")
    return figure


@styled
def comparison(result):
    """Scenarios minus the base, with paired intervals."""
    table = tables.comparison(result)
    shown = thinned(list(dict.fromkeys(table["scenario"])), tables.MOST_SCENARIOS)
    table = table[table["scenario"].isin(shown) & table["difference"].notna()]
    outcomes = [name for name in tables.KEY_OUTCOMES if (table["outcome"] == name).any()]
    if not outcomes:
        raise Lacking("The scenarios have no outcome that can be compared.")
    titles = [tables.scenario_title(name) for name in shown]
    rows = (len(outcomes) + 1) // 2
    figure, panels = drawing.new(rows * (0.75 + 0.155 * len(shown)), rows, 2, sharey=True, squeeze=False)
    for axes, outcome in zip(panels.flat, outcomes):
        part = table[table["outcome"] == outcome].rename(columns={"difference": "mean", "base": "of_base"})
        places = [shown.index(name) for name in part["scenario"]]
        drawing.zero_line(axes)
        clear = (part["low"] > 0) | (part["high"] < 0)
        drawing.dots(axes, places, part, hollow=~clear)
        drawing.rows_down(axes, range(len(shown)), titles)
        axes.tick_params(axis="y", labelsize=9)
        axes.set_title(drawing.wrapped(part["label"].iloc[0], 15), fontsize=9)
        unit = result.unit(outcome)
        if unit == "share":
            axes.xaxis.set_major_formatter(drawing.points)
        axes.set_xlabel({"share": "percentage points", "index 0-1": "index, 0 to 1"}.get(unit, unit), fontsize=9)
        axes.locator_params(axis="x", nbins=4)
    for axes in list(panels.flat)[len(outcomes):]:
        axes.set_visible(False)
    return figure


@styled
def pathways_by_scenario(result):
    """Pathways of the base and of the scenarios, as stacked bars."""
    table = tables.pathways_by_scenario(result)
    titles = list(dict.fromkeys(table["title"]))
    figure, axes = drawing.new(1.3 + 0.22 * len(titles))
    places = np.arange(len(titles))
    left = np.zeros(len(titles))
    for pathway, label in tables.PATHWAYS.items():
        part = table[table["pathway"] == pathway].set_index("title").loc[titles]
        share = part["mean"].fillna(0).values
        axes.barh(places, share, left=left, height=0.72, color=drawing.PATHWAY_COLOURS[pathway], label=label,
                  edgecolor="white", linewidth=0.6)
        left += share
    drawing.rows_down(axes, places, titles)
    axes.set_xlim(0, 1)
    drawing.percent(axes.xaxis)
    axes.set_xlabel("share of those who took up")
    drawing.legend_above(figure, axes, 2, 3, handlelength=1.1)
    return figure


@styled
def service_by_scenario(result):
    """Waiting, caseload and minutes over time, base and scenarios."""
    table = tables.service_by_scenario(result)
    titles, measures = (list(dict.fromkeys(table[column])) for column in ("title", "measure"))
    figure, panels = drawing.new(5.2 + 0.19 * ((len(titles) + 1) // 2), len(measures), 1, sharex=True)
    for axes, measure in zip(panels, measures):
        for number, title in enumerate(titles):
            part = table[(table["measure"] == measure) & (table["title"] == title)]
            colour = drawing.BLACK if number == 0 else drawing.CYCLE[number - 1]
            axes.fill_between(part["week"], part["low"], part["high"], color=colour, alpha=0.15, linewidth=0)
            axes.plot(part["week"], part["mean"], color=colour, linewidth=2 if number == 0 else 1.2,
                      linestyle=["-", (0, (5, 1.5))][number % 2], label=title)
        axes.set_title(measure[0].upper() + measure[1:])
        axes.set(xlim=(0, table["week"].max() + 1), ylim=(0, None))
        axes.locator_params(axis="y", nbins=5)
    panels[-1].set_xlabel("week of the run")
    drawing.legend_above(figure, panels[0], 2, (len(titles) + 1) // 2, handlelength=2)
    return figure
