# SPDX-License-Identifier: GPL-3.0-or-later
"""The chapters of the report, in their order, and what stands around each figure.

A new chapter is an entry of SECTIONS: the figures (functions in figures_*.py, named in buyin_figures.FIGURES, with an
entry in SPECS) and the tables (functions in page_tables.py) that it shows, and `when` a result has what it tells about.
Sentences of the summary and warnings are lists of functions at the end of words.py.
"""
import math
from dataclasses import dataclass

from buyin_report import page_tables, tables


@dataclass(frozen=True)
class Spec:
    """What stands around a figure. table: a function from the result to a Table."""
    title: str
    caption: str
    table: object


SPECS = {
    "funnel": Spec(
        "From offer to connection", "Of everyone ever offered a referral, who comes how far. Bars: mean over replicates; "
        "lines: 95 % interval; the numbers are shares and people.", page_tables.funnel),
    "pathways": Spec(
        "Pathways overall", "What those who took up travelled: (a) connected after few sessions, (b) connected after a "
        "longer time with the link worker as an anchor, (c) long contact without a connection. Lines: 95 % interval.",
        page_tables.pathways),
    "pathways_by_group": Spec(
        "Pathways by group", "The same for groups of people. Barriers are those at the start. Dots: mean, lines (often "
        "shorter than the dot): 95 % interval; dashed: everyone.", page_tables.pathways_by_group),
    "course": Spec(
        "Trust, hope, stress and readiness", "From just before the first session (week 0), by pathway. Line: median "
        "person; dark band: middle half of the people; light band: 5 to 95 %. These bands show how people differ, not "
        "how sure the mean is.", page_tables.course),
    "statuses": Spec(
        "Where people are", "People offered a referral, by status at the end of each week, all sites together. Dark "
        "edges: 95 % interval of each boundary. People never offered are left out.", page_tables.statuses),
    "moves": Spec(
        "Who moves where", f"People who change from one status to another: people a week, mean over "
        f"{tables.MOVE_WEEKS} weeks, all sites together, with the 95 % interval. Scales differ from panel to panel. The "
        "table has all moves of the whole run.", page_tables.moves),
    "waiting_and_caseload": Spec(
        "Waiting and caseloads", "Mean over replicates with its 95 % interval.", page_tables.weekly(
            [("waiting, a site", tables.waiting), ("caseload, a link worker", tables.caseload)],
            "People, 95 % interval in brackets")),
    "minutes": Spec(
        "Minutes a session", "Minutes a session in the diaries, over four weeks, with the 95 % interval. Sessions get "
        "shorter when the diary is full.", page_tables.weekly(
            [("minutes a session", tables.minutes)], "Minutes, 95 % interval in brackets")),
    "reasons": Spec(
        "What stood in the way", "Above: how far those came who took up and never connected. Below: what failed first in "
        "attempts that failed. Lines: 95 % interval.", page_tables.reasons),
    "gp": Spec(
        "GP consultations against no link workers", "Only the two lower bars show an effect: the same people in the same "
        "weeks, with and without link workers. The upper bar shows that people come when things are bad. Lines: 95 % "
        "interval.", page_tables.gp),
    "gp_by_group": Spec(
        "Effect on GP consultations by group", "Change against the same people without link workers, people seen. "
        "Dashed: everyone; lines: 95 % interval.", page_tables.gp_by_group),
    "equity": Spec("By quintile of deprivation", "Dots: mean; lines: 95 % interval.", page_tables.equity),
    "comparison": Spec(
        "Scenarios against the base", "Scenario minus base, paired by replicate. Lines: 95 % interval; filled: the "
        f"interval leaves out 0. At most {tables.MOST_SCENARIOS} scenarios are drawn.", page_tables.comparison),
    "pathways_by_scenario": Spec(
        "Pathways in each scenario", "Shares of those who took up, means over replicates; the table has the intervals. A "
        "scenario in which nobody can take up is left out.", page_tables.pathways_by_scenario),
    "service_by_scenario": Spec(
        "The service in each scenario", f"The base and the scenarios (at most {tables.MOST_CURVES}) whose wait differs "
        "most from it, week by week, with 95 % intervals.", page_tables.service_by_scenario),
    "sweep": Spec(
        "Outcomes along the sweep", "Means over replicates with 95 % intervals, drawn as bands or thin lines. At most "
        "twelve lines or 250 points are drawn.", page_tables.sweep),
    "frontier": Spec(
        "Reach against relationship", "Each point of the sweep: more people connected against more trust. Blue: no other "
        "point is better in both, by the means; chance can put neighbours there. Numbers: rows of the table. Lines: 95 % "
        "intervals.", page_tables.frontier),
    "forest": Spec(
        "What each configuration does", "Effect of each configuration on the headline outcomes: full model minus the "
        "model without it. Lines: 95 % interval; filled: the interval leaves out 0.", page_tables.forest),
    "plane": Spec(
        "Cost-effectiveness plane", "More cost and more effect than the comparator, a person offered. Small: a set of the "
        "uncertain parameters, mean over replicates; large: mean over sets.", page_tables.options),
    "acceptability": Spec(
        "Acceptability and value of information", "Above: share of the sets in which the option has the largest net "
        "benefit; broad: the option that has it by the means. Below: expected value of perfect information, with its 95 % "
        "interval over sets.", page_tables.acceptability),
    "dose": Spec(
        "Dose and response", "What each configuration does to the outcome it claims at several strengths, against strength "
        "0; 1 is the default. Band: 95 % interval. Every panel has a scale of its own; the table has the numbers.",
        page_tables.dose),
    "shapley": Spec(
        "Shares of the whole effect", "The full model minus all configurations off, shared out: the mean over random "
        "orders in which they are switched on. Lines: 95 % interval over orders and replicates; filled: it leaves out 0.",
        page_tables.shapley)}


ABOUT_PEOPLE = ("run", "compare", "ablate")


def holds(*groups):
    """Whether a result that is about people holds these groups of the file."""
    return lambda result: result.kind in ABOUT_PEOPLE and all(group in result for group in groups)


def has_counterfactual(result):
    """Whether people seen are compared with the same people without link workers."""
    return result.kind in ABOUT_PEOPLE and math.isfinite(result.estimate("contrast.gp_change_among_seen")[0])


def theory_has(variable):
    """Whether an ablation worked this out."""
    return lambda result: "theory" in result and variable in result["theory"]


def is_kind(*kinds):
    """Whether a result was made by one of these commands."""
    return lambda result: result.kind in kinds


@dataclass(frozen=True)
class Section:
    """A chapter. when: whether a result has what it tells about, otherwise the chapter is left out and, if people would
    look for it, `lack` says so. of_first: it tells about the first scenario only, and its title says so."""
    title: str
    when: object
    figures: tuple = ()
    tables: tuple = ()
    of_first: bool = False
    lack: str = ""


SECTIONS = [
    Section("Differences from the base", is_kind("compare"), ("comparison", "pathways_by_scenario"),
            (page_tables.changes,)),
    Section("The service over time, base and scenarios", lambda result: result.kind == "compare" and "weekly" in result,
            ("service_by_scenario",)),
    Section("Along the sweep", is_kind("sweep"), ("sweep",)),
    Section("The frontier", is_kind("sweep"), ("frontier",)),
    Section("Cost-effectiveness", is_kind("economics"), ("plane", "acceptability"), (page_tables.by_quintile,)),
    Section("Effects of the configurations", holds("theory"), ("forest",), (page_tables.claims,)),
    Section("Configurations at several strengths", theory_has("dose_of_outcome"), ("dose",)),
    Section("Shares of the whole effect", theory_has("share"), ("shapley",)),
    Section("Configurations together", theory_has("interaction"), (), (page_tables.interactions,)),
    Section("Who comes how far", holds(), ("funnel", "pathways", "pathways_by_group"), of_first=True),
    Section("How people change", holds("course"), ("course",), of_first=True,
            lack="how trust, hope, stress and readiness change"),
    Section("The service", holds("weekly", "link_workers"), ("statuses", "moves", "waiting_and_caseload", "minutes"),
            of_first=True, lack="the service week by week"),
    Section("Why people do not connect", holds(), ("reasons",), of_first=True),
    Section("GP consultations", has_counterfactual, ("gp", "gp_by_group"), of_first=True),
    Section("Equity", holds(), ("equity",), (page_tables.slopes,), of_first=True),
    Section("Costs", holds(), (), (page_tables.costs,), of_first=True)]

FIRST = {"compare": "The base: ", "ablate": "The full model: "}


def of(result):
    """The chapters of a result."""
    return [section for section in SECTIONS if section.when(result)]


def title(section, result):
    """Title of a chapter in the report of a result."""
    first = FIRST.get(result.kind, "") if section.of_first else ""
    keep = section.title[:2].isupper() or not first
    return first + (section.title if keep else section.title[:1].lower() + section.title[1:])


def lacking(result):
    """A sentence about what the file does not hold, or None."""
    missing = [section.lack for section in SECTIONS if section.lack and not section.when(result)]
    if not missing or result.kind not in ABOUT_PEOPLE:
        return None
    return (f"This file does not hold {'; '.join(missing)}: `buyin run` and `buyin compare` record that, where there is "
            "something to record.")
