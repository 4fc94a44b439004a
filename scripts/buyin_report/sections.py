# SPDX-License-Identifier: GPL-3.0-or-later
"""The chapters of the report: which figure stands where, its title, caption, alternative text and table."""
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from markupsafe import Markup

import buyin_results as results
from buyin_report import tables
from buyin_report.words import Estimate, written

MOST_ROWS = 60
EVERY_WEEKS = 13


@dataclass
class Table:
    """A table of the page: cells are text or Markup."""
    caption: str
    head: list
    rows: list
    note: str = ""


@dataclass(frozen=True)
class Spec:
    """What stands around a figure. table: a function from the result to a Table."""
    title: str
    caption: str
    table: object
    alt: object = field(default=lambda result: "")


def cells(lines, unit, difference=False):
    """Estimates of the rows of a pandas table, written with brackets."""
    return [Estimate(x.mean, x.low, x.high, unit, difference).html() for x in lines.itertuples()]


def funnel(result):
    """Step, people, share."""
    table = tables.funnel(result)
    return Table("Of those ever offered a referral, 95 % interval in brackets; people: mean over replicates",
                 ["step", "people", "share"], [[x.step, f"{x.persons:,.0f}", Estimate(
                     x.mean, x.low, x.high, "share").html()] for x in table.itertuples()])


def pathways(result):
    """Pathway, of those who took up, of those offered."""
    table = tables.pathways(result)
    return Table("Shares with 95 % interval", ["pathway", "of those who took up", "of those offered"], [
        [x.label, Estimate(x.mean, x.low, x.high, "share").html(f"pathway_of_engaged.all.{x.pathway}"),
         written(result, f"pathway_of_offered.all.{x.pathway}")] for x in table.itertuples()])


def pathways_by_group(result):
    """Group by pathway."""
    table = tables.pathways_by_group(result)
    rows = []
    for (category, group), part in table.groupby(["category", "group"], sort=False):
        rows.append([f"{category}: {part['label'].iloc[0]}"] + [
            Estimate(x.mean, x.low, x.high, "share").cell(f"pathway_of_engaged.{group}.{x.pathway}")
            for x in part.itertuples()])
    return Table("Of those of the group who took up; ± is half of the 95 % interval",
                 ["group", "a", "b", "c", "dropped out"], rows)


def course(result):
    """Median and middle half by pathway, measure and week."""
    table = tables.course(result)
    table = table[table["week"].isin([0, 4, 13, 26, 52])]
    weeks = sorted(table["week"].unique())
    rows = []
    for (pathway, measure), part in table.groupby(["pathway", "measure"], sort=False):
        part = part.set_index("week")
        rows.append([f"{measure}, {tables.PATHWAYS[pathway]}"] + [
            "–" if np.isnan(part.at[week, "q50"]) else
            Markup('{:.2f} <span class="interval">({:.2f} to {:.2f})</span>').format(
                *part.loc[week, ["q50", "q25", "q75"]]) for week in weeks])
    return Table("Median over people, middle half of the people in brackets; index from 0 to 1",
                 ["measure, pathway"] + [f"week {week}" for week in weeks], rows)


def seldom(table):
    """Rows of every 13th week."""
    return table[table["week"] % EVERY_WEEKS == 0]


def statuses(result):
    """Week by status."""
    table = seldom(tables.statuses(result))
    rows = [[f"{week}"] + [Estimate(x.mean, x.low, x.high).cell() for x in part.itertuples()]
            for week, part in table.groupby("week")]
    return Table("People at all sites; ± is half of the 95 % interval", ["week"] + list(tables.STATUSES.values()), rows)


def weekly(columns, caption):
    """A table maker: week by the given tables."""
    def make(result):
        parts = [seldom(function(result)).set_index("week") for _, function in columns]
        rows = [[f"{week}"] + [Estimate(*part.loc[week, ["mean", "low", "high"]]).html() for part in parts]
                for week in parts[0].index]
        return Table(caption, ["week"] + [name for name, _ in columns], rows)
    return make


def reasons(result):
    """Reason and share."""
    table = tables.reasons(result)
    return Table("Shares with 95 % interval", ["reason", "of whom or what", "share"], [
        [x.label, {"how far they came": "people who took up and never connected",
                   "first hurdle": "attempts that failed"}[x.kind],
         Estimate(x.mean, x.low, x.high, "share").html()] for x in table.itertuples()])


def gp(result):
    """Consultations a year."""
    table = tables.gp(result)
    return Table("GP consultations a year of people seen, 95 % interval in brackets", ["", "a year"], [
        [x.label, Estimate(x.mean, x.low, x.high).html()] for x in table.itertuples()])


def gp_by_group(result):
    """Change by group."""
    table = tables.gp_by_group(result)
    return Table("Against the same people without link workers, in the year from the first session",
                 ["group", "change of GP consultations"],
                 [[f"{x.category}: {x.label}" if x.category else x.label,
                   Estimate(x.mean, x.low, x.high, "ratio").html()] for x in table.itertuples()])


def equity(result):
    """Quintile by measure."""
    table = tables.equity(result)
    units = {"taken_up": "share", "connected": "share", "swemwbs": "SWEMWBS point", "gp": "ratio"}
    rows = [[{1: "1, most deprived", 5: "5, least deprived"}.get(quintile, f"{quintile}")] + [
        Estimate(x.mean, x.low, x.high, units[x.measure]).cell() for x in part.itertuples()]
            for quintile, part in table.groupby("quintile")]
    return Table("By quintile of deprivation; ± is half of the 95 % interval", ["quintile"] + list(
        tables.EQUITY.values()), rows)


def kept(rows):
    """At most MOST_ROWS rows, evenly spread, and a note if some were left out."""
    if len(rows) <= MOST_ROWS:
        return rows, ""
    places = np.unique(np.linspace(0, len(rows) - 1, MOST_ROWS).round().astype(int))
    return [rows[place] for place in places], (
        f"{len(places)} of {len(rows):,} rows are shown; scripts/buyin_results.py --csv writes all.")


def sweep(result):
    """Point by outcome."""
    table = tables.sweep(result)
    axes = list(tables.sweep_axes(result))
    places = {name: place for place, name in enumerate(result.scenarios)}
    first = table["outcome"].iloc[0]
    points = table[table["outcome"] == first].sort_values(axes[1:] + axes[:1])
    points, note = kept(list(points[["scenario"] + axes].itertuples(index=False)))
    outcomes = list(dict.fromkeys(table["outcome"]))
    rows = [[", ".join(f"{value:.4g}" for value in point[1:])] + [
        Estimate(*result.estimate(outcome, places[point[0]]), result.unit(outcome)).cell() for outcome in outcomes]
            for point in points]
    return Table("± is half of the 95 % interval", [", ".join(tables.axis_label(result, axis) for axis in axes)] + [
        tables.SWEEP_OUTCOMES[outcome] for outcome in outcomes], rows, note)


def frontier(result):
    """Points on the frontier."""
    table = tables.frontier(result)
    axes = list(tables.sweep_axes(result))
    best = table[table["frontier"]].sort_values("reach")
    rows, note = kept([[", ".join(f"{x[axis]:.4g}" for axis in axes),
                        Estimate(x["reach"], x["reach_low"], x["reach_high"]).html(),
                        Estimate(x["trust"], x["trust_low"], x["trust_high"]).html()] for _, x in best.iterrows()])
    return Table("Points on the frontier, by their means", [", ".join(tables.axis_label(result, axis) for axis in axes),
                 "connected, a post and year", "trust after 13 weeks"], rows, note)


def forest(result):
    """Configuration by headline outcome."""
    table = tables.ablation(result)
    headlines = list(dict.fromkeys(table["headline"]))
    rows = [[name] + [Estimate(x.mean, x.low, x.high, result.unit(x.headline), True).cell() for x in part.itertuples()]
            for name, part in table.groupby("configuration", sort=False)]
    head = ["configuration"] + [tables.HEADLINES.get(name, name) + (
        ", pp" if result.unit(name) == "share" else "") for name in headlines]
    return Table("Full model minus the model without it; ± is half of the 95 % interval", head, rows)


def claims(result):
    """What each configuration claims, and its verdict."""
    table = tables.ablation(result).drop_duplicates("configuration")
    rows = [[x.configuration, x.verdict, Markup('<span class="words">{} → {} → {}</span>').format(
        x.context, x.mechanism, x.outcome),
             Estimate(x.claimed_mean, x.claimed_low, x.claimed_high, result.unit(x.outcome_measure), True).html(
                 unit=True), Markup("<code>{}</code>").format(x.outcome_measure)] for x in table.itertuples()]
    return Table("Each configuration: context → mechanism → outcome, and its effect on the outcome it claims",
                 ["", "verdict", "what is claimed", "effect", "measured by"], rows)


def comparison(result):
    """Scenario by outcome."""
    table = tables.comparison(result)
    outcomes = [name for name in tables.KEY_OUTCOMES if name in result.outcome_names]
    base = result.scenarios[0]
    rows = [[f"{tables.scenario_title(base)} (base, value)"] + [
        Estimate(*result.estimate(name), result.unit(name)).cell(name) for name in outcomes]]
    for title, part in table.groupby("title", sort=False):
        part = part.set_index("outcome")
        rows.append([title] + [Estimate(*part.loc[name, ["difference", "low", "high"]], result.unit(name), True).cell(
            ) for name in outcomes])
    rows, note = kept(rows)
    return Table("Scenario minus base, paired; ± is half of the 95 % interval", ["scenario"] + [
        tables.KEY_OUTCOMES[name] + (", pp" if result.unit(name) == "share" else "") for name in outcomes], rows, note)


def changes(result):
    """What each scenario changes."""

    rows = []
    for place, name in enumerate(result.scenarios[1:], start=1):
        table = results.changed_parameters(result, place, base=0)
        words = Markup("<br>").join(Markup("<code>{}</code> {:g} → {:g} {}").format(
            x.parameter, x.before, x.value, "" if x.unit in ("1", "") else x.unit) for x in table.itertuples())
        rows.append([tables.scenario_title(name), words or "no numeric parameter: sites, or interventions with a date"])
    rows, note = kept(rows)
    return Table("What each scenario changes", ["scenario", "base → scenario"], rows, note)


def costs(result):
    """Costs and value for money."""
    names = [name for name in result.outcome_names if name.startswith("cost.")]
    rows = [[name.split(".", 1)[1].replace("_", " "), written(result, name, unit=True),
             result.definition(name)] for name in names if np.isfinite(result.estimate(name)[0])]
    if not rows:
        raise tables.Lacking("This result has no costs: they need the paired run without link workers, and someone "
                             "connected.")
    return Table("Costs, 95 % interval in brackets", ["", "value", "what it is"], rows,
                 "QALY and WELLBY coefficients are placeholders: do not quote what rests on them.")


def slopes(result):
    """Slope indices of inequality."""
    names = [name for name in result.outcome_names if name.startswith("slope_index.")]
    rows = [[name.split(".", 1)[1].replace("_", " "), Estimate(*result.estimate(name), result.unit(name), True).html(
        name, unit=True)] for name in names if np.isfinite(result.estimate(name)[0])]
    if not rows:
        raise tables.Lacking("This result has no slope index of inequality.")
    return Table("Slope index of inequality: least minus most deprived; positive favours the less deprived",
                 ["outcome", "slope index"], rows)


SPECS = {
    "funnel": Spec("From offer to connection", "Of everyone ever offered a referral, who comes how far. Bars: mean over "
                   "replicates; lines: 95 % interval; the numbers are shares and people.", funnel),
    "pathways": Spec("Pathways overall", "What those who took up travelled: (a) connected after few sessions, (b) "
                     "connected after a longer time with the link worker as an anchor, (c) long contact without a "
                     "connection. Lines: 95 % interval.", pathways),
    "pathways_by_group": Spec("Pathways by group", "The same for groups of people. Barriers are those at the start. "
                              "Dots: mean, lines (often shorter than the dot): 95 % interval; dashed: everyone.",
                              pathways_by_group),
    "course": Spec("Trust, hope, stress and readiness", "From just before the first session (week 0), by pathway. Line: "
                   "median person; dark band: middle half of the people; light band: 5 to 95 %. These bands show how "
                   "people differ, not how sure the mean is.", course),
    "statuses": Spec("Where people are", "People offered a referral, by status at the end of each week, all sites "
                     "together. Dark edges: 95 % interval of each boundary. People never offered are left out.", statuses),
    "waiting_and_caseload": Spec(
        "Waiting and caseloads", "Mean over replicates with its 95 % interval.", weekly(
            [("waiting, a site", tables.waiting), ("caseload, a link worker", tables.caseload)],
            "People, 95 % interval in brackets")),
    "minutes": Spec("Minutes a session", "Minutes a session in the diaries, over four weeks, with the 95 % interval. "
                    "Sessions get shorter when the diary is full.", weekly(
                        [("minutes a session", tables.minutes)], "Minutes, 95 % interval in brackets")),
    "reasons": Spec("Why people did not connect", "Above: how far those came who took up and never connected. Below: what "
                    "failed first in attempts that failed. Lines: 95 % interval.", reasons),
    "gp": Spec("GP consultations against no link workers", "Only the two lower bars show an effect: the same people in "
               "the same weeks, with and without link workers. The upper bar shows that people come when things are "
               "bad. Lines: 95 % interval.", gp),
    "gp_by_group": Spec("Effect on GP consultations by group", "Change against the same people without link workers, "
                        "people seen. Dashed: everyone; lines: 95 % interval.", gp_by_group),
    "equity": Spec("By quintile of deprivation", "Dots: mean; lines: 95 % interval.", equity),
    "sweep": Spec("Outcomes along the sweep", "Means over replicates with 95 % intervals, drawn as bands or thin lines. "
                  "At most twelve lines or 250 points are drawn.", sweep),
    "frontier": Spec("Reach against relationship", "Each point of the sweep: more people connected against more trust. "
                     "Lines: 95 % intervals. Membership of the frontier is by means; chance can put neighbours on it.",
                     frontier),
    "forest": Spec("What each configuration does", "Effect of each configuration on the headline outcomes: full model "
                   "minus the model without it. Lines: 95 % interval; filled: the interval leaves out 0.", forest),
    "comparison": Spec("Scenarios against the base", "Scenario minus base, paired by replicate. Lines: 95 % interval; "
                       "filled: the interval leaves out 0. At most 24 scenarios are drawn.", comparison)}

PEOPLE = [("Who comes how far", ["funnel", "pathways", "pathways_by_group"], [])]
WHY = ("Why people do not connect", ["reasons"], [])
SECTIONS_OF = {
    "run": PEOPLE + [("How people change", ["course"], []),
                     ("The service", ["statuses", "waiting_and_caseload", "minutes"], []), WHY,
                     ("GP consultations", ["gp", "gp_by_group"], []), ("Equity", ["equity"], [slopes]),
                     ("Costs", [], [costs])],
    "compare": [("Differences from the base", ["comparison"], [changes])] + [
        ("The base: " + PEOPLE[0][0].lower(), PEOPLE[0][1], []), ("The base: why people do not connect", ["reasons"], []),
        ("The base: GP consultations", ["gp"], []), ("The base: equity", [], [slopes]),
        ("The base: costs", [], [costs])],
    "sweep": [("Along the sweep", ["sweep"], []), ("The frontier", ["frontier"], [])],
    "ablate": [("Effects of the configurations", ["forest"], [claims]), ("The full model", ["funnel", "pathways"], []),
               ("The full model: why people do not connect", ["reasons"], []),
               ("The full model: equity", [], [slopes])]}


def made(result):
    """Attributes of the file as a table."""
    names = {"command": "command", "configuration": "configuration", "version": "version", "commit": "commit",
             "seed": "seed", "created": "made at", "model": "model", "format_version": "format of the file"}
    rows = [[label, f"{result.attributes[key]}"] for key, label in names.items() if key in result.attributes]
    rows[1:1] = [["file", result.path.rsplit("/", 1)[-1]], ["scenarios", f"{len(result.scenarios)}"],
                 ["replicates", f"{result.replicates}"]]
    return Table("How it was made", ["what", "value"], rows)


def changed(result, parameters):
    """Parameters that differ from the default; in a sweep, those that it does not vary itself."""
    if result.kind == "sweep":
        varied = set(tables.sweep_axes(result))
        parameters = parameters[[name.replace(".", "_") not in varied for name in parameters["parameter"]]]
    rows = [[Markup("<code>{}</code>").format(x.parameter), f"{x.value:g}", f"{x.before:g}", "" if x.unit in (
        "1", "") else x.unit, x.meaning] for x in pd.DataFrame(parameters).itertuples()]
    base = " of the first scenario" if len(result.scenarios) > 1 else ""
    rows, note = kept(rows)
    return Table(f"Numeric parameters{base} that differ from the shipped default",
                 ["parameter", "value", "default", "unit", "meaning"], rows, note)
