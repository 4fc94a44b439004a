# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of an economic evaluation: cost-effectiveness plane, acceptability and value of information."""
from buyin_report import drawing, tables
from buyin_report.drawing import styled


@styled
def plane(result):
    """More cost against more effect: a point for each option and set of parameters."""
    table = tables.economics_sets(result)
    options = list(dict.fromkeys(table["option"]))
    figure, axes = drawing.new(3.4 + 0.19 * len(options))
    axes.axhline(0, color=drawing.QUIET, linewidth=0.9)
    axes.axvline(0, color=drawing.QUIET, linewidth=0.9)
    for number, option in enumerate(options):
        part = table[table["option"] == option]
        colour, marker = drawing.CYCLE[number % 7], drawing.MARKERS[number % 7]
        axes.scatter(part["effect"], part["cost"], s=12, color=colour, marker=marker, alpha=0.45, linewidths=0)
        axes.scatter(part["effect"].mean(), part["cost"].mean(), s=60, color=colour, marker=marker, edgecolors="black",
                     linewidths=1.1, zorder=3, label=tables.scenario_title(option))
    axes.set_xlabel(f"more {tables.effect_unit(result)}s a person offered")
    axes.set_ylabel("more cost a person offered, GBP")
    drawing.legend_above(figure, axes, 1, len(options))
    return figure


@styled
def acceptability(result):
    """How often each option is the best, and what certainty would be worth, over values of a unit of effect."""
    table, value = tables.acceptability(result), tables.information(result)
    options = list(dict.fromkeys(table["option"]))
    figure, (above, below) = drawing.new(4.4 + 0.19 * len(options), 2, 1, sharex=True,
                                         gridspec_kw={"height_ratios": [3, 2]})
    for number, option in enumerate(options):
        part = table[table["option"] == option]
        colour = drawing.BLACK if number == 0 else drawing.CYCLE[(number - 1) % 6]
        above.plot(part["threshold"], part["share"], color=colour, linestyle=["-", (0, (5, 1.5))][number % 2],
                   label=tables.scenario_title(option) + (" (comparator)" if number == 0 else ""))
        best = part[part["is_best"]]
        above.plot(best["threshold"], best["share"], color=colour, linewidth=5, alpha=0.25, solid_capstyle="butt")
    above.set(ylim=(0, 1.02), title="Share of sets in which it is the best")
    drawing.percent(above.yaxis)
    below.fill_between(value["threshold"], value["low"], value["high"], color=drawing.BLUE, alpha=0.25, linewidth=0)
    below.plot(value["threshold"], value["mean"], color=drawing.BLUE)
    below.set(ylim=(min(0, float(value["low"].min())), None), title="Perfect information, GBP a person",
              xlim=(0, float(value["threshold"].max())))
    below.set_xlabel(f"value of a {tables.effect_unit(result)}, GBP")
    drawing.legend_above(figure, above, 1, len(options), handlelength=2)
    return figure
