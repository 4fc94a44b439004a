# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers in words: how the report writes an estimate, the sentences of its summary, its warnings."""
import math

import numpy as np
from markupsafe import Markup, escape

from buyin_report import tables

MINUS = "\N{MINUS SIGN}"
UNITS = {"share": "%", "ratio": "%", "SWEMWBS point": "points", "index 0-1": "", "index": "", "1": "", "1/year": "a year",
         "week": "weeks", "person": "people", "min": "minutes", "session": "sessions"}
FEW_REPLICATES = 8


def decimals(half_width, mean):
    """As many decimals as the interval supports: its half-width keeps one digit."""
    if half_width == 0 and mean == round(mean):
        return 0
    scale = half_width if np.isfinite(half_width) and half_width > 0 else abs(mean) / 100
    if not np.isfinite(scale) or scale <= 0:
        return 1
    return int(min(max(-math.floor(math.log10(scale)), 0), 4))


def number(value, places, sign=False):
    """A number for reading: 1,234.5, with a true minus."""
    if not np.isfinite(value):
        return "not known"
    words = f"{value:{'+' if sign else ''},.{places}f}".replace("-", MINUS)
    return words.lstrip("+" + MINUS) if float(words.replace(",", "").replace(MINUS, "-")) == 0 else words


class Estimate:
    """A mean with its interval and unit, ready to be written. difference: signed, shares in percentage points."""

    def __init__(self, mean, low, high, unit="", difference=False):
        self.raw, self.unit, self.difference = float(mean), unit, difference
        factor = 100 if unit in ("share", "ratio") else 1
        self.mean, self.low, self.high = (factor * float(x) for x in (mean, low, high))
        self.places = decimals((self.high - self.low) / 2, self.mean)
        if factor == 100:
            self.places = min(max(self.places, 1), 2)
        self.signed = difference or unit == "ratio"

    @property
    def mark(self):
        """The unit behind the number."""
        if self.unit == "share" and self.difference:
            return "pp"
        return UNITS.get(self.unit, "" if self.unit == "GBP" else self.unit)

    def __bool__(self):
        return bool(np.isfinite(self.mean))

    def value(self):
        """The mean, with % or a pound sign but without other units."""
        words = number(self.mean, self.places, self.signed)
        if self.unit == "GBP" and self:
            return words.replace(words.lstrip(f"+{MINUS}"), "£" + words.lstrip(f"+{MINUS}"))
        return words + (" %" if self.mark == "%" and self else "")

    def between(self):
        """(low to high), or nothing where there is no interval."""
        if not np.isfinite(self.low) or (self.low == self.high and not self.difference):
            return ""
        return f"({number(self.low, self.places)} to {number(self.high, self.places)})"

    def html(self, outcome=None, unit=False):
        """Marked up: the exact mean is the value of a <data> element; a dash where there is none."""
        if not self:
            return Markup("–")
        name = Markup(f' data-outcome="{escape(outcome)}"') if outcome else ""
        words = Markup(f'<data value="{self.raw:.12g}"{name}>{escape(self.value())}</data>')
        if unit and self.mark not in ("", "%") and self:
            words += f" {self.mark}"
        return words + (Markup(f' <span class="interval">{self.between()}</span>') if self.between() else "")

    def cell(self, outcome=None):
        """Short, for wide tables: mean ± half of the interval."""
        name = Markup(f' data-outcome="{escape(outcome)}"') if outcome else ""
        words = Markup(f'<data value="{self.raw:.12g}"{name}>{escape(self.value())}</data>')
        if not self.between():
            return words if self else Markup("–")
        return Markup('<span class="cell">{} ± {}</span>').format(words, number((self.high - self.low) / 2, self.places))

    def clear(self):
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


def of(result, outcome, scenario=0):
    """The Estimate of an outcome of the file."""
    return Estimate(*result.estimate(outcome, scenario), result.unit(outcome))


def written(result, outcome, scenario=0, unit=False):
    """An outcome of the file, marked up."""
    return of(result, outcome, scenario).html(outcome if scenario == 0 else None, unit)


def kind_words(result):
    """What made the result, in words."""
    return {"run": "One run", "compare": "Comparison of scenarios", "sweep": "Parameter sweep",
            "ablate": "Theory taken apart", "economics": "Economic evaluation"}[result.kind]


def asked(result):
    """What was asked, in sentences."""
    count = len(result.scenarios)
    weeks, mode = result.parameter("run.weeks"), result.parameter("run.mode")
    who = "a cohort in which everyone is offered a referral" if mode == 0 else "whole registered practice lists"
    span = f" followed for {weeks:.0f} weeks" if np.isfinite(weeks) else ""
    repeats = f"{result.replicates} replicate{'s' if result.replicates != 1 else ''}"
    sentences = [result.description] if result.description else []
    sentences.append({
        "run": f"The model simulated {who},{span}, in {repeats}.",
        "compare": f"A base and {count - 1} scenarios were simulated with the same random numbers: {who},{span}, in "
                   f"{repeats} each. Differences are paired, replicate by replicate.",
        "sweep": f"The model was run at {count:,} points of its parameters: {who},{span}, in {repeats} each, with the same "
                 "random numbers everywhere.",
        "ablate": f"Each of {count - 1} configurations of the programme theory was switched off alone: {who},{span}, in "
                  f"{repeats} each. An effect is the full model minus the model without the configuration.",
        "economics": f"Options were simulated under many sets of the parameters that are uncertain, {count:,} simulations in "
                     f"all with the same random numbers: {who},{span}, in {repeats} each. Costs and effects are those of the "
                     "people offered in the base, discounted."}[result.kind])
    return sentences


def people_sentences(result):
    """How far people come, in sentences; nothing where nobody was offered a referral."""
    if result.kind in ("sweep", "economics") or not of(result, "funnel.taken_up_share_of_offered"):
        return []
    whose = {"compare": Markup("<b>The base.</b> "), "ablate": Markup("<b>The full model.</b> ")}
    def w(name, unit=False):
        return written(result, name, unit=unit)
    out = [
        whose.get(result.kind, Markup("")) + Markup("Of {} people offered a referral, {} accepted, {} took up at the opening contact, and {} were connected "
               "to local support through the link worker.").format(
            w("funnel.offered"), w("funnel.accepted_share_of_offered"), w("funnel.taken_up_share_of_offered"),
            w("funnel.connected_share_of_offered"))]
    if of(result, "pathway_of_engaged.all.a_rapid"):
        out.append(Markup(
            "Of those who took up, {} connected after few sessions (pathway a), {} after a longer time with the link "
            "worker as an anchor (b), and {} connected with the link worker but not to support (c); {} dropped out "
            "before connecting.").format(*(w(f"pathway_of_engaged.all.{p}") for p in tables.MAIN_PATHWAYS)))
    if of(result, "service.caseload"):
        out.append(Markup("People waited {} for the opening contact on average; a link worker carried {}, "
                          "and a session lasted {}.").format(
            w("wait.weeks_mean", True), w("service.caseload", True), w("service.minutes_per_session", True)))
    return out


def effect_sentences(result):
    """Effects, fairness and cost, in sentences."""
    if result.kind in ("sweep", "economics"):
        return []
    out = []
    wellbeing, use = of(result, "contrast.swemwbs_mean_difference_seen"), of(result, "contrast.gp_change_among_seen")
    if wellbeing and use:
        wellbeing.signed = True
        out.append(Markup("Against the same people without link workers, the wellbeing of people seen differed by {} "
                          "SWEMWBS points (scale 7 to 35), and their GP consultations by {}.").format(
            wellbeing.html("contrast.swemwbs_mean_difference_seen"), use.html("contrast.gp_change_among_seen")))
    slope = of(result, "slope_index.connected")
    if slope:
        slope.difference = True
        whom = "less" if slope.raw > 0 else "more"
        meaning = f": connecting favours the {whom} deprived." if slope.clear() else (
            ", which chance could explain." if slope.between() else ".")
        out.append(Markup("From the most to the least deprived, the share of those offered who connect changes by {} "
                          "percentage points{}").format(slope.html("slope_index.connected"), meaning))
    cost = of(result, "cost.service_per_person_connected")
    if cost:
        out.append(Markup("Each person connected cost {} (link workers and places in use, discounted).").format(
            cost.html("cost.service_per_person_connected")))
    return out


def comparison_sentences(result):
    """What the scenarios change most, in sentences."""
    if result.kind != "compare":
        return []
    outcome = "funnel.connected_share_of_accepted"
    table = tables.comparison(result)
    table = table[(table["outcome"] == outcome) & table["difference"].notna()].sort_values("difference")
    clear = table[(table["low"] > 0) | (table["high"] < 0)]
    out = [Markup("In the base, {} of those who accepted were connected through the link worker. In {} of {} scenarios "
                  "that share differs clearly (the 95 % interval of the paired difference leaves out 0).").format(
        written(result, outcome), len(clear), len(table))]

    def listed(rows):
        return Markup("; ").join(Markup("<b>{}</b> {} pp {}").format(
            line.title, number(100 * line.difference, 1, True),
            Estimate(line.difference, line.low, line.high, "share", True).between()) for line in rows.itertuples())
    most, least = clear[clear["difference"] > 0][::-1][:3], clear[clear["difference"] < 0][:3]
    if len(most):
        out.append(Markup("Most gained: {}.").format(listed(most)))
    if len(least):
        out.append(Markup("Most lost: {}.").format(listed(least)))
    return out


BEST = {"service.connected_per_link_worker_year": ("Most people connected a post and year", "max"),
        "after_first_session.trust.week13": ("Highest trust after 13 weeks", "max"),
        "cost.service_per_person_connected": ("Lowest cost per person connected", "min")}


def span(values):
    """30, or 30 to 50."""
    low, high = min(values), max(values)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def sweep_sentences(result):
    """Where the best points lie and which are as good, in sentences."""
    if result.kind != "sweep":
        return []
    axes = tables.sweep_axes(result)
    words = {axis: axis.split("_", 1)[-1].replace("_", " ") for axis in axes}
    out = [Markup("Varied: {}.").format("; ".join(
        f"{tables.axis_label(result, axis)} from {min(values):g} to {max(values):g}" for axis, values in axes.items()))]
    for outcome, (what, pick) in BEST.items():
        good = tables.as_good(result, outcome, pick)
        if not good:
            continue
        where = ", ".join(f"{words[axis]} {values[good[0]]:g}" for axis, values in axes.items())
        out.append(Markup("{}: {}, at {}; {}.").format(
            what, Estimate(*result.estimate(outcome, good[0]), result.unit(outcome)).html(), where,
            "every other point is clearly worse" if len(good) == 1 else
            f"not clearly worse are {len(good) - 1} other points, with " + ", ".join(
                f"{words[axis]} {span(values[good])}" for axis, values in axes.items())))
    if result.replicates < 2:
        out.append(Markup("With one replicate no best point can be named."))
    out.append(Markup("The best of many points flatters itself. Not clearly worse: the 95 % interval of the difference "
                      "from the best, paired by replicate, does not lie wholly on the worse side."))
    return out


def ablation_sentences(result):
    """Which parts of the theory carry the outcomes, in sentences."""
    if result.kind != "ablate":
        return []
    table = tables.ablation(result)
    verdicts = table.drop_duplicates("configuration")["verdict"].value_counts()
    out = [Markup("Of {} configurations, {} are confirmed in the model (the interval of the effect on the outcome they "
                  "claim lies on the claimed side), {} refuted and {} undetermined.").format(
        int(verdicts.sum()), *(int(verdicts.get(v, 0)) for v in ("confirmed", "refuted", "undetermined")))]
    for headline, part in table[table["mean"].notna()].groupby("headline", sort=False):
        first = part.loc[part["mean"].abs().idxmax()]
        unit = result.unit(headline)
        effect = Estimate(first["mean"], first["low"], first["high"], unit, True)
        out.append(Markup("Largest effect on {}: <b>{}</b>, {}.").format(
            first["label"], first["configuration"], effect.html(unit=True)))
    return out


def economics_sentences(result):
    """What each option costs and brings, in sentences."""
    if result.kind != "economics":
        return []
    table, unit = tables.economics_sets(result), tables.effect_unit(result)
    data = result["economics"]
    out = [Markup("Against <b>{}</b>, in {} sets of {} uncertain parameters; in brackets the middle 95 % of the sets.").format(
        tables.scenario_title(str(data["option"].values[0])), data.sizes["set"], data.sizes["parameter"])]
    for name, part in table.groupby("option", sort=False):
        cost, effect = (Estimate(*tables.spread(part[x]), y, True) for x, y in (("cost", "GBP"), ("effect", "")))
        out.append(Markup("<b>{}</b>: {} a person offered, and {} {}s.").format(
            tables.scenario_title(name), cost.html(), effect.html(), unit))
    return out


def about_sets(result):
    """What the sets of an economic evaluation contain and what not."""
    if result.kind != "economics":
        return
    yield ("The sets contain doubt about the parameters that were given distributions, and chance; not about the others, nor "
           "about the structure of the model.")
    caution = str(result["economics"].attrs.get("caution", ""))
    if caution:
        yield caution
    if result.parameter("cost.programme_post_year") == 0:
        yield ("Posts, places in use and GP consultations cost something, nothing else, unless an option says so in "
               "cost.programme_post_year.")


def about_intervals(result):
    """What the intervals are."""
    if result.kind == "economics":
        return
    yield ("Intervals are 95 % intervals of the mean over replicates. They contain chance only, not doubt about the "
           "assumptions; most parameters are judgements or were tuned.")
    if result.replicates < 2:
        yield Markup("<strong>One replicate:</strong> there are no intervals, and chance cannot be told from effect.")
    elif result.replicates < FEW_REPLICATES:
        yield Markup("<strong>Few replicates:</strong> only {}, so intervals are wide and themselves uncertain.").format(
            result.replicates)
    if len(result.scenarios) > 2:
        yield "Many intervals stand side by side: of twenty true zeros one is expected to look clear."


def about_effects(result):
    """What shows an effect and what does not."""
    yield ("A change from before to after is not an effect: people come when things are bad. Only comparisons with the "
           "same people without link workers, or with a base scenario, show effects, and those follow from assumptions.")
    if result.kind != "economics" and not of(result, "contrast.gp_change_among_seen"):
        why = ("the paired run without link workers was not made" if result.parameter("run.counterfactual") == 0 else
               "nobody was seen, so nobody can be compared")
        yield Markup("<strong>No counterfactual:</strong> {}, and effects on wellbeing and GP use are not known.").format(why)


def about_censoring(result):
    """How many pathways were not settled when the run ended."""
    censored = of(result, "pathway.censored_share_of_seen")
    if result.kind != "economics" and censored and censored.raw > 0:
        strong = Markup("<strong>Censoring:</strong> ") if censored.raw > 0.05 else Markup("")
        yield strong + Markup("For {} of the people seen the run ended before their pathway was settled; what they had "
                              "reached by then was counted.").format(censored.html("pathway.censored_share_of_seen"))


def about_value(result):
    """What not to quote."""
    if of(result, "cost.qaly_gain_per_100_offered"):
        yield "The coefficients of QALYs and WELLBYs are placeholders: do not quote cost per QALY."


def about_use(_):
    """What the model is not for."""
    yield "This is no forecast for a named place and no evidence that social prescribing works."


# The sentences of the report, in their order: functions from a result to sentences, none where they do not apply.
SUMMARY = [comparison_sentences, sweep_sentences, ablation_sentences, economics_sentences, people_sentences, effect_sentences]
WARNINGS = [about_sets, about_intervals, about_effects, about_censoring, about_value, about_use]


def summary(result):
    """The headline numbers in words: a list of marked-up sentences."""
    out = []
    for function in SUMMARY:
        try:
            out += function(result)
        except tables.Lacking as reason:
            out.append(Markup("{}").format(str(reason)))
    return out or [Markup("Nobody was offered a referral, so there is nothing to tell.")]


def warnings(result):
    """What to know before quoting a number: a list of marked-up sentences."""
    return [Markup("{}").format(sentence) for function in WARNINGS for sentence in function(result)]
