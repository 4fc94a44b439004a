# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of the service week by week: where people are, who moves, waiting, caseloads, minutes."""
import numpy as np

from buyin_report import drawing, tables
from buyin_report.drawing import styled
from buyin_report.tables import Lacking


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
                handlelength=1.1, fontsize=9, columnspacing=1.0)
    axes.set(xlim=(weeks[0], weeks[-1]), ylim=(0, None), xlabel="week of the run", ylabel="people, all sites")
    return figure


def offers_stop(result, axes):
    """A line at the week in which a cohort has been offered a referral."""
    week = result.parameter("population.arrival_weeks")
    if result.parameter("run.mode") == 0 and 0 < week < axes.get_xlim()[1]:
        axes.axvline(week, color=drawing.QUIET, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.text(week, 0.99, " no new offers", transform=axes.get_xaxis_transform(), va="top", fontsize=9,
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
        panels[1].text(panels[1].get_xlim()[1], cap, f"cap {cap:g}", ha="right", va="bottom", fontsize=9)
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
        axes.text(1, preferred * 1.02, f"preferred {preferred:g}", va="bottom", fontsize=9)
    offers_stop(result, axes)
    return figure


@styled
def moves(result, scenario=0):
    """How many people a week move from one status to another."""
    table = tables.moves(result, scenario)
    shown = [label for label in tables.MOVES.values() if table.loc[table["label"] == label, "mean"].any()]
    if not shown:
        raise Lacking("Nobody moved from one status to another.")
    rows = (len(shown) + 1) // 2
    figure, panels = drawing.new(0.5 + 1.2 * rows, rows, 2, squeeze=False, sharex=True)
    for axes, label in zip(panels.flat, shown):
        part = table[table["label"] == label]
        starts = part.assign(week=part["week"] - tables.MOVE_WEEKS / 2 + 0.5)
        drawing.band(axes, starts)
        axes.plot(starts["week"], starts["mean"], "o", color=drawing.BLUE, markersize=3)
        axes.set_title(drawing.wrapped(label, 19), fontsize=9)
        axes.set(xlim=(0, part["week"].max() + 1), ylim=(0, None))
        axes.locator_params(nbins=4)
    for axes in list(panels.flat)[len(shown):]:
        axes.set_visible(False)
    figure.supxlabel("week of the run", fontsize=9.5)
    figure.supylabel("people a week, all sites", fontsize=9.5)
    return figure
