#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of a Buyin result, as functions and as a command.

    import buyin_results, buyin_figures
    figure = buyin_figures.funnel(buyin_results.open("results/study.h5"))      # a matplotlib Figure
    buyin_figures.write(figure, "funnel.svg")                                  # or .pdf, .png

As a command:  python3 scripts/buyin_figures.py RESULT [--figure NAME]... [--to FOLDER] [--format svg,pdf,png]

Every function takes an open result and, where a file has several, the number of a scenario. It raises `Lacking`
with a sentence where the result does not hold what it needs. Lines and bands are 95 % intervals of the mean over
replicates unless the figure says otherwise.
"""
import argparse
import functools
import os
import sys
import textwrap

import matplotlib
import numpy as np

import buyin_results as results
from buyin_report import drawing, tables
from buyin_report.drawing import write
from buyin_report.tables import Lacking

MOST_LINES = 12
MOST_POINTS = 250
MOST_SCENARIOS = 24


def styled(function):
    """The function draws in Buyin's style."""
    @functools.wraps(function)
    def drawn(*arguments, **named):
        with matplotlib.rc_context(drawing.STYLE):
            return function(*arguments, **named)
    return drawn


def thinned(items, most):
    """At most `most` of the items, evenly spread, first and last included."""
    items = list(items)
    if len(items) <= most:
        return items
    return [items[round(place)] for place in np.linspace(0, len(items) - 1, most)]


@styled
def funnel(result, scenario=0):
    """How many of those offered a referral come how far."""
    table = tables.funnel(result, scenario)
    figure, axes = drawing.new(2.9)
    places = np.arange(len(table))
    axes.barh(places, table["mean"], height=0.36, color=drawing.BLUE)
    drawing.intervals(axes, places, table["low"], table["high"], colors=drawing.INK, linewidth=1.5)
    for place, step in zip(places, table.itertuples()):
        axes.text(0, place - 0.26, step.step, va="bottom")
        axes.text(0.84, place - 0.26, f"{100 * step.mean:.0f} %", va="bottom", ha="right")
        axes.text(1.0, place - 0.26, f"{step.persons:,.0f}", va="bottom", ha="right")
    axes.set_ylim(len(table) - 0.6, -0.75)
    axes.set_xlim(0, 1)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(False, axis="y")
    drawing.percent(axes.xaxis)
    axes.set_xlabel("share of the people ever offered a referral")
    return figure


@styled
def pathways(result, scenario=0):
    """Which pathways those who took up travelled."""
    table = tables.pathways(result, scenario)
    figure, axes = drawing.new(2.5)
    places = np.arange(len(table))
    for place, path in zip(places, table.itertuples()):
        colour = drawing.PATHWAY_COLOURS[path.pathway]
        axes.barh(place, path.mean, height=0.62, color=colour)
        drawing.intervals(axes, [place], [path.low], [path.high], colors=drawing.INK, linewidth=1.4)
        edge = path.mean if np.isnan(path.high) else path.high
        axes.text(edge + 0.006, place, f"{100 * path.mean:.1f} %", va="center")
    drawing.rows_down(axes, places, table["label"])
    axes.set_xlim(0, float(np.nanmax(table[["mean", "high"]].values)) * 1.25)
    drawing.percent(axes.xaxis)
    axes.set_xlabel("share of those who took up")
    return figure


@styled
def pathways_by_group(result, scenario=0):
    """Pathways of groups of people."""
    table = tables.pathways_by_group(result, scenario)
    labels, places, heads, place = [], [], [], 0.0
    for category, groups in tables.GROUPS.items():
        heads.append((place, category))
        for label in groups.values():
            place += 1
            labels.append(label)
            places.append(place)
        place += 1.2
    figure, panels = drawing.new(6.6, 1, len(tables.MAIN_PATHWAYS), sharey=True, sharex=True)
    everyone = tables.pathways(result, scenario).set_index("pathway")["mean"]
    for axes, pathway in zip(panels, tables.MAIN_PATHWAYS):
        part = table[table["pathway"] == pathway]
        axes.axvline(everyone[pathway], color=drawing.QUIET, linewidth=0.9, linestyle=(0, (4, 3)))
        drawing.dots(axes, places, part, drawing.PATHWAY_COLOURS[pathway], size=13)
        drawing.rows_down(axes, places, labels)
        short = "dropped\nout" if pathway == "disengaged" else tables.PATHWAYS[pathway][0] + "\n"
        axes.set_title(short, loc="center")
        axes.xaxis.set_major_formatter(drawing.points)
    for place, head in heads:
        panels[0].text(-0.06, place, head, ha="right", va="center", fontweight="bold",
                       transform=panels[0].get_yaxis_transform())
    panels[0].set_ylim(max(places) + 0.7, -0.7)
    panels[0].set_xlim(0, float(np.nanmax(table[["mean", "high"]].values)) * 1.05)
    panels[0].locator_params(axis="x", nbins=3)
    figure.get_layout_engine().set(wspace=0.02, w_pad=0.03)
    figure.supxlabel("% of those of the group who took up (dashed: everyone)", fontsize=9.5)
    return figure


@styled
def course(result, scenario=0):
    """Trust, hope, stress and readiness after the first session, by pathway."""
    table = tables.course(result, scenario)
    measures, strata = list(tables.COURSE_MEASURES), list(tables.MAIN_PATHWAYS)
    figure, panels = drawing.new(5.8, len(measures), len(strata), sharex=True, sharey=True)
    for down, measure in enumerate(measures):
        for across, pathway in enumerate(strata):
            axes = panels[down, across]
            part = table[(table["pathway"] == pathway) & (table["measure"] == measure)]
            colour = drawing.PATHWAY_COLOURS[pathway]
            axes.fill_between(part["week"], part["q05"], part["q95"], color=colour, alpha=0.18, linewidth=0)
            axes.fill_between(part["week"], part["q25"], part["q75"], color=colour, alpha=0.40, linewidth=0)
            axes.plot(part["week"], part["q50"], color=drawing.INK, linewidth=1.4)
            if down == 0:
                name = "dropped out" if pathway == "disengaged" else tables.PATHWAYS[pathway][0]
                axes.set_title(name, loc="center")
            if across == 0:
                axes.set_ylabel(tables.COURSE_MEASURES[measure])
    panels[0, 0].set(xlim=(0, 52), ylim=(0, 1), xticks=[0, 26, 52], yticks=[0, 0.5, 1])
    figure.supxlabel("weeks after the first session", fontsize=9.5)
    return figure


@styled
def statuses(result, scenario=0):
    """Where the people are who were offered a referral, week by week."""
    table = tables.statuses(result, scenario)
    figure, axes = drawing.new(3.9)
    weeks = np.unique(table["week"])
    below = np.zeros(len(weeks))
    for status, label in tables.STATUSES.items():
        part = table[table["status"] == status]
        axes.fill_between(weeks, below, part["top"], color=drawing.STATUS_COLOURS[status], linewidth=0, label=label)
        axes.fill_between(weeks, part["top_low"], part["top_high"], color=drawing.INK, alpha=0.45, linewidth=0)
        below = part["top"].values
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="lower left", bbox_to_anchor=(-0.12, 1.0), ncols=2,
                handlelength=1.1, fontsize=8.8, columnspacing=1.0)
    axes.set(xlim=(weeks[0], weeks[-1]), ylim=(0, None), xlabel="week of the run", ylabel="people, all sites")
    return figure


def offers_stop(result, axes):
    """A line at the week in which a cohort has been offered a referral."""
    week = result.parameter("population.arrival_weeks")
    if result.parameter("run.mode") == 0 and 0 < week < axes.get_xlim()[1]:
        axes.axvline(week, color=drawing.QUIET, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.text(week, 0.99, " no new offers", transform=axes.get_xaxis_transform(), va="top", fontsize=8.8,
                  color=drawing.QUIET)


@styled
def waiting_and_caseload(result, scenario=0):
    """People waiting and caseloads over time."""
    waiting, caseload = tables.waiting(result, scenario), tables.caseload(result, scenario)
    figure, panels = drawing.new(3.7, 2, 1, sharex=True)
    for axes, table, title in zip(panels, (waiting, caseload),
                                  ("People waiting, a site", "Caseload, people a link worker")):
        drawing.band(axes, table)
        axes.set_title(title)
        axes.set(xlim=(0, table["week"].max() + 1), ylim=(0, None), ylabel="people")
    offers_stop(result, panels[0])
    cap = result.parameter("diary.caseload_cap", scenario)
    if cap <= 1.6 * np.nanmax(caseload["high"].fillna(caseload["mean"])):
        panels[1].axhline(cap, color=drawing.VERMILLION, linewidth=1, linestyle=(0, (4, 3)))
        panels[1].text(panels[1].get_xlim()[1], cap, f"cap {cap:g}", ha="right", va="bottom", fontsize=8.8)
        panels[1].set_ylim(0, cap * 1.2)
    panels[1].set_xlabel("week of the run")
    return figure


@styled
def minutes(result, scenario=0):
    """Minutes of a session over time."""
    table = tables.minutes(result, scenario)
    if table["mean"].isna().all():
        raise Lacking("There were hardly any sessions, so their length is not drawn.")
    figure, axes = drawing.new(2.4)
    drawing.band(axes, table)
    axes.set(xlim=(0, table["week"].max() + 1), xlabel="week of the run", ylabel="minutes a session")
    preferred = result.parameter("diary.preferred_minutes", scenario)
    top = max(float(np.nanmax(table["mean"])), preferred if np.isfinite(preferred) else 0)
    axes.set_ylim(0, top * 1.2)
    if np.isfinite(preferred):
        axes.axhline(preferred, color=drawing.VERMILLION, linewidth=1, linestyle=(0, (4, 3)))
        axes.text(1, preferred * 1.02, f"preferred {preferred:g}", va="bottom", fontsize=8.8)
    offers_stop(result, axes)
    return figure


@styled
def reasons(result, scenario=0):
    """Why people did not connect."""
    table = tables.reasons(result, scenario)
    parts = {"Never connected: how far they came": table[table["kind"] == "how far they came"],
             "Failed attempts: the first hurdle": table[table["kind"] == "first hurdle"]}
    parts = {title: part for title, part in parts.items() if len(part)}
    figure, panels = drawing.new(0.9 + 0.24 * len(table) + 0.4 * len(parts), len(parts), 1, squeeze=False,
                                 gridspec_kw={"height_ratios": [len(part) + 1 for part in parts.values()]})
    for axes, (title, part) in zip(panels[:, 0], parts.items()):
        drawing.dots(axes, np.arange(len(part)), part)
        drawing.rows_down(axes, np.arange(len(part)), part["label"])
        axes.set_xlim(0, float(np.nanmax(part[["mean", "high"]].values)) * 1.08)
        drawing.percent(axes.xaxis)
        axes.set_title(title)
    for axes, title in zip(panels[:, 0], parts):
        axes.set_xlabel("share of the people" if "people" in title or "Never" in title else
                        "share of the attempts that failed")
    return figure


@styled
def gp(result, scenario=0):
    """GP consultations against the same people without link workers."""
    table = tables.gp(result, scenario)
    figure, axes = drawing.new(1.9)
    places = np.arange(len(table))
    axes.barh(places, table["mean"], height=0.55, color=["#BBBBBB", drawing.ORANGE, drawing.BLUE])
    drawing.intervals(axes, places, table["low"], table["high"], colors=drawing.INK, linewidth=1.5)
    for place, bar in zip(places, table.itertuples()):
        edge = bar.mean if np.isnan(bar.high) else bar.high
        axes.text(edge + 0.1, place, f"{bar.mean:.2f}", va="center")
    drawing.rows_down(axes, places, table["label"])
    axes.set_xlim(0, float(np.nanmax(table[["mean", "high"]].values)) * 1.18)
    axes.set_xlabel("GP consultations a year, people seen")
    return figure


@styled
def gp_by_group(result, scenario=0):
    """Effect on GP consultations, by group."""
    table = tables.gp_by_group(result, scenario)
    if table["mean"].isna().all():
        raise Lacking(tables.NO_PAIR)
    shift = (table["category"] != table["category"].shift()).cumsum() * 0.5
    places = np.arange(len(table)) + shift.values
    figure, axes = drawing.new(0.6 + 0.19 * max(places))
    everyone = float(table["mean"].iloc[0])
    axes.axvline(everyone, color=drawing.QUIET, linewidth=0.9, linestyle=(0, (4, 3)))
    drawing.zero_line(axes)
    drawing.dots(axes, places, table)
    drawing.rows_down(axes, places, [
        f"{line.category}: {line.label}" if line.category else line.label for line in table.itertuples()])
    drawing.percent(axes.xaxis)
    axes.set_xlabel("GP consultations against the\nsame people without link workers")
    return figure


@styled
def equity(result, scenario=0):
    """Taking up, connecting and effects by quintile of deprivation."""
    table = tables.equity(result, scenario)
    measures = [key for key in tables.EQUITY if table.loc[table["measure"] == key, "mean"].notna().any()]
    rows = (len(measures) + 1) // 2
    figure, panels = drawing.new(2.1 * rows, rows, 2, squeeze=False)
    titles = {"taken_up": "Took up,\nof those offered", "connected": "Connected,\nof those offered",
              "swemwbs": "Effect on SWEMWBS,\npeople offered (points)",
              "gp": "Effect on GP use,\npeople seen"}
    for axes, measure in zip(panels.flat, measures):
        part = table[table["measure"] == measure]
        drawing.intervals(axes, part["quintile"], part["low"], part["high"], True, colors=drawing.BLUE, linewidth=1.8)
        axes.plot(part["quintile"], part["mean"], "o-", color=drawing.BLUE, markersize=5, linewidth=0.9)
        axes.set_title(titles[measure])
        axes.set_xlim(0.6, 5.4)
        axes.set_xticks(range(1, 6), ["1\nmost", "2", "3", "4", "5\nleast"])
        lowest, highest = np.nanmin(part[["mean", "low"]].values), np.nanmax(part[["mean", "high"]].values)
        if highest > lowest or highest != 0:
            axes.set_ylim(min(0, lowest * 1.15), max(0, highest * 1.15))
        if measure != "swemwbs":
            drawing.percent(axes.yaxis)
    for axes in list(panels.flat)[len(measures):]:
        axes.set_visible(False)
    figure.supxlabel("quintile of deprivation", fontsize=9.5)
    return figure


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
    figure, panels = drawing.new(1.95 * rows + 0.2 * keys + 0.35, rows + 1, 2, squeeze=False, sharex=True,
                                 gridspec_kw={"height_ratios": [0.2 * keys + 0.1] + [1.95] * rows})
    legend, panels = panels[0], panels[1:]
    for axes in legend:
        axes.set_axis_off()
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
        handles, labels = panels[0, 0].get_legend_handles_labels()
        key = legend[0].legend(handles, labels, loc="upper left", bbox_to_anchor=(-0.2, 1.0), fontsize=8,
                               handlelength=2.2, borderaxespad=0, labelspacing=0.3)
        key.set_in_layout(False)
    return figure


def sweep_title(axes, result, table):
    """Name and unit of an outcome above its panel."""
    unit = result.unit(table["outcome"].iloc[0])
    share = unit == "share"
    words = table["label"].iloc[0] + ("" if share or unit.startswith("index") or unit == "1/year" else f" ({unit})")
    axes.set_title(textwrap.fill(words, 24), fontsize=8.8)
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
                axes.set_xlabel(tables.axis_label(result, axis).replace(" (", "\n("), fontsize=8)
        panels[down, 0].set_ylabel(part["label"].iloc[0].replace(", ", ",\n").replace(" person", "\nperson"),
                                   fontsize=8)
    return figure


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
    first = next(iter(tables.sweep_axes(result)))
    for point in [best.iloc[place] for place in thinned(range(len(best)), 6)]:
        axes.annotate(f"{point[first]:g}", (point["reach"], point["trust"]), xytext=(4, 5),
                      textcoords="offset points", fontsize=8.8)
    axes.set_xlabel("people connected, a link worker's post and year")
    axes.set_ylabel("trust 13 weeks after the first session")
    axes.set_title(f"Blue: no point is better in both\n(number: {tables.axis_label(result, first)})")
    return figure


@styled
def forest(result):
    """What each configuration of the theory does to the headline outcomes."""
    table = tables.ablation(result)
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
        axes.tick_params(axis="y", labelsize=7.6)
        unit = result.unit(headline)
        label = part["label"].iloc[0]
        axes.set_title(label)
        axes.locator_params(axis="x", nbins=3)
        if unit == "share":
            axes.xaxis.set_major_formatter(drawing.points)
        axes.set_xlabel({"share": "percentage points", "1/year": "a year"}.get(unit, unit).replace(
            "SWEMWBS point", "points"), fontsize=8.8)
    for axes in list(panels.flat)[len(headlines):]:
        axes.set_visible(False)
    return figure


@styled
def comparison(result):
    """Scenarios minus the base, with paired intervals."""
    table = tables.comparison(result)
    shown = thinned(list(dict.fromkeys(table["scenario"])), MOST_SCENARIOS)
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
        axes.tick_params(axis="y", labelsize=8)
        axes.set_title(textwrap.fill(part["label"].iloc[0], 20), fontsize=8.8)
        unit = result.unit(outcome)
        if unit == "share":
            axes.xaxis.set_major_formatter(drawing.points)
        axes.set_xlabel({"share": "percentage points", "index 0-1": "index, 0 to 1"}.get(unit, unit), fontsize=8.8)
        axes.locator_params(axis="x", nbins=4)
    for axes in list(panels.flat)[len(outcomes):]:
        axes.set_visible(False)
    return figure


FIGURES = {
    "funnel": funnel, "pathways": pathways, "pathways_by_group": pathways_by_group, "course": course,
    "statuses": statuses, "waiting_and_caseload": waiting_and_caseload, "minutes": minutes, "reasons": reasons,
    "gp": gp, "gp_by_group": gp_by_group, "equity": equity, "sweep": sweep, "frontier": frontier, "forest": forest,
    "comparison": comparison}
FIGURES_OF = {
    "run": ("funnel", "pathways", "pathways_by_group", "course", "statuses", "waiting_and_caseload", "minutes",
            "reasons", "gp", "gp_by_group", "equity"),
    "compare": ("comparison", "funnel", "pathways", "pathways_by_group", "reasons", "gp"),
    "sweep": ("sweep", "frontier"), "ablate": ("forest", "funnel", "pathways", "reasons")}


def main(arguments=None):
    """The command: writes figures of a result."""
    parser = argparse.ArgumentParser(description="Figures of a results file of Buyin.",
                                     epilog="Figures: " + ", ".join(FIGURES))
    parser.add_argument("result", help="results file")
    parser.add_argument("--figure", action="append", choices=FIGURES, help="which; may be repeated (default: all)")
    parser.add_argument("--to", default=".", metavar="FOLDER", help="where to put them (default: here)")
    parser.add_argument("--format", default="svg,pdf,png", metavar="LIST", help="default: svg,pdf,png")
    given = parser.parse_args(arguments)
    formats = given.format.split(",")
    if set(formats) - {"svg", "pdf", "png"}:
        parser.error("--format takes svg, pdf and png, with commas between")
    try:
        with results.open(given.result) as result:
            os.makedirs(given.to, exist_ok=True)
            for name in given.figure or FIGURES_OF[result.kind]:
                try:
                    figure = FIGURES[name](result)
                except Lacking as reason:
                    print(f"buyin_figures: no {name}: {reason}", file=sys.stderr)
                    continue
                for ending in formats:
                    path = os.path.join(given.to, f"{name}.{ending}")
                    write(figure, path)
                    print(path)
    except (results.ResultError, OSError) as problem:
        print(f"buyin_figures: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
