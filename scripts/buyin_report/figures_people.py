# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of people: how far they come, by which pathway, how they change, why they do not connect, equity."""
import numpy as np

from buyin_report import drawing, tables
from buyin_report.drawing import styled
from buyin_report.tables import Lacking


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
def reasons(result, scenario=0):
    """Why people did not connect."""
    table = tables.reasons(result, scenario)
    parts = {"Never connected: how far": table[table["kind"] == "how far they came"],
             "Failed attempts: first hurdle": table[table["kind"] == "first hurdle"]}
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
    axes.set_xlabel("consultations a year")
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
