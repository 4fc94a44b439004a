# SPDX-License-Identifier: GPL-3.0-or-later
"""How figures of Buyin look and are written: palette, style, rows of dots with intervals, SVG, PDF and PNG.

Text stays text in SVG, so that it can be searched, read aloud and restyled; it is laid out with DejaVu Sans, among the
widest of the common fonts, so that another font does not clip it. The same result gives the same bytes.
"""
import functools
import os
import textwrap

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from buyin_report.writing import whole

WIDTH = 4.2  # inches (107 mm): between one column of a journal and two, and still legible on a phone
# Okabe and Ito's palette, safe for colour-blind readers.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
INK, QUIET, GRID = "#1a1a1a", "#555555", "#dddddd"
CYCLE = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
MARKERS = "osD^vPX"
PATHWAY_COLOURS = {"a_rapid": BLUE, "b_anchored": GREEN, "c_connecting_with": ORANGE, "own_support": SKY,
                   "disengaged": VERMILLION, "brief": PURPLE}
STATUS_COLOURS = {"waiting": YELLOW, "engaged": ORANGE, "connected": GREEN, "tapering": SKY, "closed": BLUE,
                  "disengaged": VERMILLION, "declined": "#BBBBBB"}
STYLE = {
    "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans", "Verdana", "Helvetica", "Arial", "sans-serif"],
    "font.size": 9.5, "axes.titlesize": 9.5, "axes.titleweight": "bold", "axes.titlelocation": "left",
    "axes.labelsize": 9.5, "xtick.labelsize": 9, "ytick.labelsize": 9, "legend.fontsize": 9,
    "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": QUIET, "axes.labelcolor": INK,
    "text.color": INK, "xtick.color": QUIET, "ytick.color": QUIET, "xtick.labelcolor": INK, "ytick.labelcolor": INK,
    "axes.grid": True, "grid.color": GRID, "grid.linewidth": 0.6, "axes.axisbelow": True, "lines.linewidth": 1.6,
    "legend.frameon": False, "figure.facecolor": "white", "axes.facecolor": "white",
    "axes.unicode_minus": True, "svg.fonttype": "none", "svg.hashsalt": "buyin", "pdf.fonttype": 42,
    "savefig.dpi": 300}


def new(height, rows=1, columns=1, width=WIDTH, **settings):
    """An empty figure of a height in inches and its axes."""
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.1)
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, **settings)


def percent(axis, decimals=0):
    """An axis of shares is labelled in percent."""
    axis.set_major_formatter(PercentFormatter(1, decimals=decimals, symbol=" %"))


def points(share, _=None):
    """A difference of shares as a number of percentage points."""
    return f"{100 * share:g}".replace("-", "\N{MINUS SIGN}")


def intervals(axes, at, low, high, upright=False, **settings):
    """A line from low to high at each place; none where there is no interval."""
    at, low, high = (np.asarray(x, dtype=float) for x in (at, low, high))
    known = np.isfinite(at) & np.isfinite(low) & np.isfinite(high)
    if known.any():
        (axes.vlines if upright else axes.hlines)(at[known], low[known], high[known], **settings)


def dots(axes, places, table, colour=BLUE, marker="o", hollow=None, size=26):
    """A dot for each mean and a line for its interval, one a row. hollow: rows whose dot is left open."""
    hollow = [False] * len(table) if hollow is None else list(hollow)
    intervals(axes, places, table["low"], table["high"], colors=colour, linewidth=1.8)
    axes.scatter(table["mean"], places, s=size, marker=marker, edgecolors=colour, linewidths=1.3, zorder=3,
                 c=["white" if is_open else colour for is_open in hollow])


def rows_down(axes, places, labels):
    """Names of rows, the first on top; no lines across."""
    axes.set_yticks(list(places), list(labels))
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.set_ylim(max(places) + 0.6, min(places) - 0.6)


def band(axes, table, colour=BLUE, label=None):
    """A line of means with the band of its interval."""
    axes.fill_between(table["week"], table["low"], table["high"], color=colour, alpha=0.25, linewidth=0)
    axes.plot(table["week"], table["mean"], color=colour, label=label)


def zero_line(axes):
    """The line of no difference."""
    axes.axvline(0, color=QUIET, linewidth=0.9)


def styled(function):
    """The function draws in Buyin's style."""
    @functools.wraps(function)
    def drawn(*arguments, **named):
        with matplotlib.rc_context(STYLE):
            return function(*arguments, **named)
    return drawn


def thinned(items, most):
    """At most `most` of the items, evenly spread, first and last included."""
    items = list(items)
    if len(items) <= most:
        return items
    return [items[round(place)] for place in np.linspace(0, len(items) - 1, most)]


def wrapped(words, letters):
    """Words over several lines of at most so many letters."""
    return textwrap.fill(words, letters)


def legend_above(figure, axes, columns, rows, **settings):
    """The legend of `axes` above all panels, in a band of `rows` lines at the top of the figure."""
    handles, labels = axes.get_legend_handles_labels()
    height = figure.get_figheight()
    band = (0.19 * rows + 0.08) / height
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - band))
    key = figure.legend(handles, labels, loc="upper left", bbox_to_anchor=(0.01, 1), ncols=columns, borderaxespad=0.2,
                        labelspacing=0.3, columnspacing=1.2, **settings)
    key.set_in_layout(False)


def write(figure, path):
    """Writes a figure, whole or not at all; the ending of the path says how: .svg, .pdf or .png. No dates are put in."""
    kind = os.path.splitext(path)[1].lower()
    metadata = {".svg": {"Date": None, "Creator": "Buyin"}, ".png": {"Software": "Buyin"},
                ".pdf": {"CreationDate": None, "Creator": "Buyin", "Producer": "Buyin"}}[kind]
    with matplotlib.rc_context(STYLE), whole(path) as temporary:
        figure.savefig(temporary, format=kind[1:], metadata=metadata)
