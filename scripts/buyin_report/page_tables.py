# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of the page, beside figures and alone: one function each, from an open result to rows of words."""
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import Markup

import buyin_results as results
from buyin_report import tables
from buyin_report.words import Estimate, written

MOST_ROWS = 60
EVERY_WEEKS = 13
MOST_PAIRS = 20


@dataclass
class Table:
    """A table of the page: cells are text or Markup."""
    caption: str
    head: list
    rows: list
    note: str = ""


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
        rows.append([group_words(category, part["label"].iloc[0])] + [
            Estimate(x.mean, x.low, x.high, "share").cell(f"pathway_of_engaged.{group}.{x.pathway}")
            for x in part.itertuples()])
    return Table("Of those of the group who took up; ± is half of the 95 % interval",
                 ["group", "a", "b", "c", "dropped out"], rows)


def group_words(category, label):
    """One name of a group: "language: none", "quintile 2", "carers"."""
    if category == "Deprivation":
        return f"quintile {label}"
    if category and label in ("none", "others"):
        return f"{category.lower()}: {label}"
    return label


def course(result):
    """Median and middle half by measure, pathway and week."""
    table = tables.course(result)
    table = table[table["week"].isin([0, 4, 13, 26, 52])].copy()
    weeks = sorted(table["week"].unique())
    rows = []
    table["measure"] = pd.Categorical(table["measure"], list(tables.COURSE_MEASURES))
    table["pathway"] = pd.Categorical(table["pathway"], list(tables.MAIN_PATHWAYS))
    for (measure, pathway), part in table.groupby(["measure", "pathway"], observed=True):
        part = part.set_index("week")
        rows.append([measure, "dropped out" if pathway == "disengaged" else tables.PATHWAYS[pathway][0]] + [
            "–" if np.isnan(part.at[week, "q50"]) else
            Markup('{:.2f} <span class="interval">({:.2f} to {:.2f})</span>').format(
                *part.loc[week, ["q50", "q25", "q75"]]) for week in weeks])
    return Table("Median over people, middle half of the people in brackets; index from 0 to 1",
                 ["state", "pathway"] + [f"week {week}" for week in weeks], rows)


def seldom(table):
    """Rows of every 13th week."""
    return table[table["week"] % EVERY_WEEKS == 0]


def statuses(result):
    """Week by status."""
    table = seldom(tables.statuses(result))
    rows = [[f"{week}"] + [Estimate(x.mean, x.low, x.high).cell() for x in part.itertuples()]
            for week, part in table.groupby("week")]
    return Table("People at all sites; ± is half of the 95 % interval", ["week"] + list(tables.STATUSES.values()), rows)


def moves(result):
    """From by to, people in the whole run."""
    table = tables.moves_in_all(result)
    before, after = (list(dict.fromkeys(table[column])) for column in ("before", "after"))
    after.sort(key=lambda status: list(tables.STATUSES).index(status) if status in tables.STATUSES else -1)
    cell = {(x.before, x.after): Estimate(x.mean, x.low, x.high).cell() for x in table.itertuples()}
    words = {"latent": "not offered yet", **tables.STATUSES}
    return Table("People who moved from (row) to (column) in the whole run, all sites; ± is half of the 95 % interval",
                 ["from"] + [words[status] for status in after],
                 [[words[a]] + [cell.get((a, b), "–") for b in after] for a in before])


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
    return Table("GP consultations a year of people seen, 95 % interval in brackets", ["people seen", "a year"], [
        [x.label, Estimate(x.mean, x.low, x.high).html()] for x in table.itertuples()])


def gp_by_group(result):
    """Change by group."""
    table = tables.gp_by_group(result)
    return Table("Against the same people without link workers, in the year from the first session",
                 ["group", "change of GP consultations"],
                 [[group_words(x.category, x.label), Estimate(x.mean, x.low, x.high, "ratio").html()] for x in table.itertuples()])


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
        f"{len(places)} of {len(rows):,} rows are shown; buyin export writes all.")


def sweep(result):
    """Point by outcome."""
    table = tables.sweep(result)
    axes = list(tables.sweep_axes(result))
    places = {name: place for place, name in enumerate(result.scenarios)}
    first = table["outcome"].iloc[0]
    points = table[table["outcome"] == first].sort_values(axes[1:] + axes[:1])
    points, note = kept(list(points[["scenario"] + axes].itertuples(index=False)))
    outcomes = list(dict.fromkeys(table["outcome"]))
    rows = [[f"{value:.4g}" for value in point[1:]] + [
        Estimate(*result.estimate(outcome, places[point[0]]), result.unit(outcome)).cell() for outcome in outcomes]
            for point in points]
    return Table("± is half of the 95 % interval", [tables.axis_label(result, axis) for axis in axes] + [
        tables.SWEEP_OUTCOMES[outcome] for outcome in outcomes], rows, note)


def frontier(result):
    """Points on the frontier, numbered as in the figure."""
    table = tables.frontier(result)
    axes = list(tables.sweep_axes(result))
    best = table[table["frontier"]].sort_values("reach")
    rows, note = kept([[f"{number}"] + [f"{x[axis]:.4g}" for axis in axes] + [
        Estimate(x["reach"], x["reach_low"], x["reach_high"]).cell(),
        Estimate(x["trust"], x["trust_low"], x["trust_high"]).cell()]
        for number, (_, x) in enumerate(best.iterrows(), start=1)])
    return Table("Points on the frontier, by their means; ± is half of the 95 % interval", ["number"] + [tables.axis_label(result, axis) for axis in axes] + [
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
                 ["code", "verdict", "what is claimed", "effect", "measured by"], rows)


def shapley(result):
    """Configuration by headline, with the total."""
    table = tables.shapley(result)
    data = result["theory"]
    headlines = list(dict.fromkeys(table["headline"]))
    rows = [[name] + [Estimate(x.mean, x.low, x.high, result.unit(x.headline), True).cell() for x in part.itertuples()]
            for name, part in table.groupby("configuration", sort=False)]
    take = [[str(x) for x in data["statistic"].values].index(name) for name in ("mean", "low", "high")]
    rows.append(["all together"] + [Estimate(*data["total_effect"].values[h, take], result.unit(headline), True).cell()
                                    for h, headline in enumerate(headlines)])
    return Table("Share of the total effect; ± is half of the 95 % interval", ["code"] + [
        tables.HEADLINES.get(name, name) + (", pp" if result.unit(name) == "share" else "") for name in headlines], rows)


def dose(result):
    """Configuration by strength."""
    table = tables.dose(result)
    strengths = sorted(x for x in table["strength"].unique() if x > 0)
    rows = [[name, Markup("<code>{}</code>").format(part["outcome"].iloc[0])] + [
        Estimate(x.mean, x.low, x.high, result.unit(x.outcome), True).cell()
        for x in part[part["strength"] > 0].itertuples()] for name, part in table.groupby("configuration", sort=False)]
    return Table("Outcome claimed at a strength minus at strength 0; shares in percentage points; ± is half of the 95 % "
                 "interval", ["code", "outcome"] + [f"strength {x:g}" for x in strengths], rows)


def interactions(result):
    """The largest interactions."""
    table, count = tables.interactions(result)
    shown = table.head(MOST_PAIRS)
    note = (f"{len(shown)} of {len(table):,} are shown. Of {count:,} intervals about {0.05 * count:.0f} would leave out 0 by "
            "chance alone if no two configurations acted together.")
    return Table("What two configurations do together beyond the sum of both: interactions whose 95 % interval leaves out "
                 "0, the largest of each outcome first", ["pair", "outcome", "interaction"], [
                     [x.pair, x.label, Estimate(x.mean, x.low, x.high, result.unit(x.headline), True).html(unit=True)]
                     for x in shown.itertuples()], note)


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
    """What each scenario changes: numeric parameters, sites, and what changes with a date."""
    titles, texts = result.scenario_texts("title"), result.scenario_texts("difference")
    rows = []
    for place, name in enumerate(result.scenarios[1:], start=1):
        table = results.changed_parameters(result, place, base=0)
        lines = [Markup("<code>{}</code> {:g} → {:g} {}").format(
            x.parameter, x.before, x.value, "" if x.unit in ("1", "") else x.unit) for x in table.itertuples()]
        lines += [Markup("<code>{}</code> {}").format(*line.split(": ", 1)) for line in re.findall(
            r"^sites\[.*", texts[place].replace(" -> ", " → "), re.MULTILINE)]
        dated = texts[place].partition("interventions:\n")[2].rstrip()
        if dated:
            lines.append(Markup("<span>with a date:</span><pre>{}</pre>").format(dated))
        words = Markup("{}").format(tables.scenario_title(name))
        if titles[place] and titles[place].lower() != tables.scenario_title(name).lower():
            words += Markup("<br><span>{}</span>").format(titles[place])
        rows.append([words, Markup("<br>").join(lines) or "not told in this file"])
    rows, note = kept(rows)
    return Table("What each scenario changes", ["scenario", "base → scenario"], rows, note)


def pathways_by_scenario(result):
    """Scenario by pathway."""
    table = tables.pathways_by_scenario(result)
    rows = [[title] + [Estimate(x.mean, x.low, x.high, "share").cell() for x in part.itertuples()]
            for title, part in table.groupby("title", sort=False)]
    return Table("Of those who took up; ± is half of the 95 % interval", ["scenario"] + list(tables.PATHWAYS.values()), rows)


def service_by_scenario(result):
    """Scenario by measure, in the middle of the run."""
    table = tables.service_by_scenario(result)
    week = int(table["week"].max()) // 2
    table = table[table["week"] == week]
    measures = list(dict.fromkeys(table["measure"]))
    rows = [[title] + [Estimate(x.mean, x.low, x.high).cell() for x in part.itertuples()]
            for title, part in table.groupby("title", sort=False)]
    return Table(f"Week {week}; ± is half of the 95 % interval", ["scenario"] + measures, rows)


def ratio_words(cost, effect, unit):
    """The cost-effectiveness of means in words."""
    if cost <= 0 <= effect:
        return "no dearer and no less effect"
    if cost >= 0 >= effect:
        return "dearer and no more effect"
    return f"£{cost / effect:,.0f} {'for each' if effect > 0 else 'saved for each'} {unit}{'' if effect > 0 else ' given up'}"


def options(result):
    """Option by cost, effect, ratio and quadrant."""
    table, unit = tables.economics_sets(result), tables.effect_unit(result)
    rows = []
    for name, part in table.groupby("option", sort=False):
        more, dearer = part["effect"] > 0, part["cost"] > 0
        rows.append([tables.scenario_title(name), Estimate(*tables.spread(part["cost"]), "GBP", True).html(),
                     Estimate(*tables.spread(part["effect"]), "", True).html(),
                     ratio_words(part["cost"].mean(), part["effect"].mean(), unit),
                     ", ".join(f"{100 * share:.0f} % {words}" for share, words in (
                         ((more & dearer).mean(), "dearer, more effect"), ((more & ~dearer).mean(), "not dearer, more effect"),
                         ((~more & dearer).mean(), "dearer, no more effect"), ((~more & ~dearer).mean(), "neither"))
                         if share > 0)])
    return Table("More than the comparator, a person offered; in brackets: the middle 95 % of the sets of parameters, chance "
                 "included", ["option", "cost", f"effect, {unit}s", "by the means", "of the sets"], rows)


def by_quintile(result):
    """Option and quintile by cost and effect."""
    data, = tables.need(result, "economics")
    rows = []
    for group in (str(x) for x in data["group"].values if str(x) != "all"):
        for name, part in tables.economics_sets(result, group).groupby("option", sort=False):
            rows.append([tables.scenario_title(name), group.replace("quintile", ""),
                         Estimate(*tables.spread(part["cost"]), "GBP", True).html(),
                         Estimate(*tables.spread(part["effect"]), "", True).html()])
    return Table("By quintile of deprivation (1 most deprived), a person of the quintile; in brackets: the middle 95 % of the "
                 "sets", ["option", "quintile", "more cost", f"more effect, {tables.effect_unit(result)}s"], rows)


def acceptability(result):
    """Threshold by option."""
    table, value = tables.acceptability(result), tables.information(result).set_index("threshold")
    names = list(dict.fromkeys(table["option"]))
    wide = table.pivot(index="threshold", columns="option", values="share")[names]
    shown = wide.index[np.unique(np.linspace(0, len(wide) - 1, 6).round().astype(int))]
    rows = [[f"£{at:,.0f}"] + [f"{100 * share:.0f} %" for share in wide.loc[at]] + [
        Estimate(*value.loc[at, ["mean", "low", "high"]], "GBP").html()] for at in shown]
    return Table(f"Share of sets in which the option has the largest net benefit, by the value of a {tables.effect_unit(result)}; "
                 "perfect information a person with its 95 % interval over sets", ["value"] + [
                     tables.scenario_title(name) for name in names] + ["perfect information"], rows)


def costs(result):
    """Costs and value for money."""
    names = [name for name in result.outcome_names if name.startswith("cost.")]
    rows = [[name.split(".", 1)[1].replace("_", " "), written(result, name, unit=True),
             result.definition(name)] for name in names if np.isfinite(result.estimate(name)[0])]
    if not rows:
        raise tables.Lacking("This result has no costs: they need the paired run without link workers, and someone "
                             "connected.")
    return Table("Costs, 95 % interval in brackets", ["cost", "value", "what it is"], rows,
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


def made(result):
    """Attributes of the file as a table."""
    names = {"command": "command", "configuration": "configuration", "version": "version", "commit": "commit",
             "seed": "seed", "created": "made at", "model": "model", "format_version": "format of the file"}
    rows = [[label, f"{result.attributes[key]}"] for key, label in names.items() if key in result.attributes]
    rows[1:1] = [["file", result.path.rsplit("/", 1)[-1]], ["scenarios", f"{len(result.scenarios)}"],
                 ["replicates", f"{result.replicates}"]]
    seconds = result.attributes.get("seconds", 0)
    if seconds > 0:
        threads = int(result.attributes.get("threads", 1))
        rows.append(["took", f"{seconds:.1f} seconds on {threads} thread{'s' if threads != 1 else ''}"])
    return Table("How it was made", ["what", "value"], rows)


def changed(result, parameters):
    """Parameters that differ from the default; in a sweep, those that it does not vary itself."""
    if result.kind == "economics":
        drawn = {str(x) for x in result["economics"]["parameter"].values}
        parameters = parameters[[name not in drawn for name in parameters["parameter"]]]
    if result.kind == "sweep":
        varied = set(tables.sweep_axes(result))
        parameters = parameters[[name.replace(".", "_") not in varied for name in parameters["parameter"]]]
    rows = [[Markup("<code>{}</code>").format(x.parameter), f"{x.value:g}", f"{x.before:g}", "" if x.unit in (
        "1", "") else x.unit, x.meaning] for x in pd.DataFrame(parameters).itertuples()]
    base = " of the first scenario" if len(result.scenarios) > 1 else ""
    rows, note = kept(rows)
    return Table(f"Numeric parameters{base} that differ from the shipped default",
                 ["parameter", "value", "default", "unit", "meaning"], rows, note)
