# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers behind each figure and table of the report: one function each, from an open result to a pandas table.

Columns `mean`, `low` and `high` are a mean over replicates with its 95 % interval. Shares are fractions of 1.
A function raises Lacking, with a sentence for people, where the result does not hold what it needs.
"""
import itertools

import numpy as np
import pandas as pd

import buyin_results as results

PATHWAYS = {
    "a_rapid": "a  rapid connection", "b_anchored": "b  connection after anchoring",
    "c_connecting_with": "c  connecting with, not to", "own_support": "support of their own",
    "disengaged": "dropped out", "brief": "brief contact so far"}
MAIN_PATHWAYS = ("a_rapid", "b_anchored", "c_connecting_with", "disengaged")
GROUPS = {
    "Deprivation": {"quintile1": "1, most deprived", "quintile2": "2", "quintile3": "3", "quintile4": "4",
                    "quintile5": "5, least deprived"},
    "Caring": {"carer": "carers", "not_carer": "others"},
    "Language": {"language_barrier": "language barrier", "no_language_barrier": "none"},
    "Transport": {"transport_barrier": "transport barrier", "no_transport_barrier": "none"},
    "Housing": {"housing_barrier": "housing problem", "no_housing_barrier": "none"},
    "Health": {"health_barrier": "health limits", "no_health_barrier": "none"},
    "Gender": {"female": "women", "male": "men"}}
COURSE_MEASURES = {"trust": "trust", "hope": "hope", "stress": "stress", "readiness": "readiness"}
STATUSES = {
    "waiting": "waiting", "engaged": "on a caseload, not connected", "connected": "on a caseload, connected",
    "tapering": "contact tapering off", "closed": "closed by plan", "disengaged": "dropped out",
    "declined": "declined"}
FAR = {"no_suggestion": "nothing was suggested", "suggestions_refused": "suggestions were refused",
       "no_attempt": "agreed, but did not try", "attempts_failed": "tried, and it failed"}
CHECKS = {"health": "own health", "caring": "caring for others", "no_place": "no free place",
          "group_aversion": "dislike of groups", "income": "money", "transport": "transport",
          "housing": "housing", "language": "language"}
KEY_OUTCOMES = {
    "funnel.connected_share_of_accepted": "connected, of those who accepted",
    "pathway_of_engaged.all.b_anchored": "pathway b, of those who took up",
    "wait.weeks_mean": "wait for the opening contact",
    "after_first_session.trust.week13": "trust after 13 weeks",
    "contrast.swemwbs_mean_difference_all_offered": "SWEMWBS effect, people offered",
    "slope_index.connected": "inequality in connecting (slope)"}
SWEEP_OUTCOMES = {
    "service.connected_per_link_worker_year": "people connected, a post and year",
    "after_first_session.trust.week13": "trust after 13 weeks",
    "wait.weeks_mean": "wait for the opening contact",
    "cost.service_per_person_connected": "cost per person connected",
    "service.burnout": "burnout of link workers",
    "pathway_of_engaged.all.b_anchored": "pathway b, of those who took up"}
HEADLINES = {
    "funnel.taken_up_share_of_offered": "taking up", "pathway_of_engaged.all.a_rapid": "pathway a",
    "pathway_of_engaged.all.b_anchored": "pathway b", "pathway_of_engaged.all.c_connecting_with": "pathway c",
    "after_first_session.swemwbs.week39": "SWEMWBS", "gp.per_year_after_first_session": "GP use a year"}


MOVES = {
    ("waiting", "engaged"): "took up the offer", ("engaged", "connected"): "connected to support",
    ("engaged", "disengaged"): "dropped out", ("waiting", "declined"): "left the waiting list",
    ("connected", "tapering"): "connected, contact tapers", ("engaged", "tapering"): "not connected, contact tapers",
    ("tapering", "closed"): "closed after tapering", ("closed", "waiting"): "came back to wait"}
MOVE_WEEKS = 13
MOST_SCENARIOS = 24
MOST_CURVES = 6


NO_PAIR = "There is nothing to compare with: run.counterfactual was 0, or nobody was seen."


class Lacking(Exception):
    """The result does not hold what a figure or table needs; the message says what and how to get it."""


def need(result, *groups):
    """The datasets of these groups, or Lacking."""
    for group in groups:
        if group not in result:
            raise Lacking(f"This file has no /{group}: only `buyin run` and `buyin compare` write it, where there is "
                          "something to record.")
    return [result[group] for group in groups]


def interval(values, axis=-1):
    """mean, low, high of an array over replicates."""
    mean, _, low, high = results.estimate(values, axis)
    return mean, low, high


def row(values, **labels):
    """A row of a table from one value a replicate."""
    mean, low, high = (float(x) for x in interval(values))
    return {**labels, "mean": mean, "low": low, "high": high}


def ratio(part, whole):
    """part / whole, NaN where whole is 0."""
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    return np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, np.nan), where=whole > 0)


def funnel(result, scenario=0):
    """step, persons (mean number), mean, low, high: shares of the people ever offered a referral."""
    def of(name):
        return result.replicate_values(f"funnel.{name}", scenario)
    accepted = of("accepted_share_of_offered")
    steps = {
        "offered a referral": np.ones(result.replicates),
        "accepted": accepted,
        "took up at the opening contact": of("taken_up_share_of_offered"),
        "seen at a session": accepted * of("seen_share_of_accepted"),
        "seen three times or more": accepted * of("three_sessions_share_of_accepted"),
        "connected through the link worker": of("connected_share_of_offered")}
    offered = of("offered")
    if not np.isfinite(offered).any():
        raise Lacking("This result does not count the people offered a referral.")
    return pd.DataFrame([row(share, step=step, persons=float(np.nanmean(share * offered)))
                         for step, share in steps.items()])


def pathways(result, scenario=0, group="all"):
    """pathway, label, mean, low, high: shares of those who took up."""
    table = pd.DataFrame([
        {"pathway": key, "label": label, **dict(zip(("mean", "low", "high"), result.estimate(
            f"pathway_of_engaged.{group}.{key}", scenario)))} for key, label in PATHWAYS.items()])
    if table["mean"].isna().all():
        raise Lacking("Nobody took up the offer, so there are no pathways to show.")
    return table


def pathways_by_group(result, scenario=0):
    """category, group, label, pathway, mean, low, high: shares of those of the group who took up."""
    rows = []
    for category, groups in GROUPS.items():
        for group, label in groups.items():
            for pathway in MAIN_PATHWAYS:
                mean, low, high = result.estimate(f"pathway_of_engaged.{group}.{pathway}", scenario)
                rows.append({"category": category, "group": group, "label": label, "pathway": pathway,
                             "mean": mean, "low": low, "high": high})
    table = pd.DataFrame(rows)
    if table["mean"].isna().all():
        raise Lacking("Nobody took up the offer, so there are no pathways of groups to show.")
    return table


def course(result, scenario=0, measures=tuple(COURSE_MEASURES), strata=MAIN_PATHWAYS):
    """pathway, measure, week after the first session, persons, mean, q05, q25, q50, q75, q95: spread over people
    (quantiles averaged over replicates); low and high are the interval of the mean."""
    data, = need(result, "course")
    band = np.asarray(data["band"].values[scenario], dtype=float)
    means = np.asarray(data["mean"].values[scenario], dtype=float)
    persons = np.asarray(data["persons"].values[scenario], dtype=float)
    names = {d: [str(x) for x in data[d].values] for d in ("stratum", "measure", "band_measure")}
    rows = []
    for stratum, measure in itertools.product(strata, measures):
        if stratum not in names["stratum"] or measure not in names["band_measure"]:
            continue
        s, m, b = (names["stratum"].index(stratum), names["measure"].index(measure),
                   names["band_measure"].index(measure))
        for place, week in enumerate(data["lag"].values):
            quantiles, _, _ = interval(band[:, s, b, place, :], axis=0)
            rows.append(row(means[:, s, m, place], pathway=stratum, measure=measure, week=int(week),
                            persons=float(persons[:, s, place].mean()),
                            **dict(zip(("q05", "q25", "q50", "q75", "q95"), quantiles))))
    table = pd.DataFrame(rows)
    if table.empty or not table["persons"].sum():
        raise Lacking("Nobody was seen at a session, so there is no course to show.")
    return table


def statuses(result, scenario=0):
    """week, status, label, mean, low, high: people at all sites after their first offer, and `top`, `top_low`,
    `top_high`: those in this status and the ones listed before it."""
    data, = need(result, "weekly")
    names = [str(x) for x in data["status"].values]
    persons = np.asarray(data["persons"].values[scenario], dtype=float).sum(axis=1)
    rows, below = [], 0
    for status, label in STATUSES.items():
        here = persons[:, :, names.index(status)]
        below = below + here
        mean, low, high = interval(here, axis=0)
        top = interval(below, axis=0)
        rows.append(pd.DataFrame({"week": data["week"].values, "status": status, "label": label, "mean": mean,
                                  "low": low, "high": high, "top": top[0], "top_low": top[1], "top_high": top[2]}))
    return pd.concat(rows, ignore_index=True)


def moved(result, scenario=0):
    """(statuses, people who moved, shape (replicate, week, from, to)) at all sites."""
    data, = need(result, "weekly")
    if "moved" not in data:
        raise Lacking("This file was written before moves between statuses were recorded; run it again to have them.")
    return [str(x) for x in data["status"].values], np.asarray(data["moved"].values[scenario], dtype=float)


def moves(result, scenario=0):
    """move, label, week (the last of 13), mean, low, high: people a week who changed from one status to another, mean
    over 13 weeks."""
    names, people = moved(result, scenario)
    spans = people.shape[1] // MOVE_WEEKS
    if spans == 0:
        raise Lacking(f"The run has fewer than {MOVE_WEEKS} weeks, so moves are not drawn over time.")
    people = people[:, :spans * MOVE_WEEKS].reshape(len(people), spans, MOVE_WEEKS, *people.shape[2:]).mean(axis=2)
    weeks = np.arange(1, spans + 1) * MOVE_WEEKS - 1
    return pd.concat([by_week(weeks, people[:, :, names.index(before), names.index(after)]).assign(
        move=f"{before} to {after}", label=label) for (before, after), label in MOVES.items()], ignore_index=True)


def moves_in_all(result, scenario=0):
    """before, after, mean, low, high: people who moved between two statuses in the whole run; pairs that occur."""
    names, people = moved(result, scenario)
    people = people.sum(axis=1)
    return pd.DataFrame([row(people[:, a, b], before=names[a], after=names[b])
                         for a, b in itertools.product(range(len(names)), repeat=2) if people[:, a, b].any()])


def by_week(weeks, values):
    """week, mean, low, high from values of shape (replicate, week)."""
    mean, low, high = interval(values, axis=0)
    return pd.DataFrame({"week": weeks, "mean": mean, "low": low, "high": high})


def waiting(result, scenario=0):
    """week, mean, low, high: people waiting, a site."""
    data, = need(result, "weekly")
    place = [str(x) for x in data["status"].values].index("waiting")
    return by_week(data["week"].values, np.asarray(data["persons"].values[scenario, ..., place]).mean(axis=1))


def caseload(result, scenario=0):
    """week, mean, low, high: people on the caseload of a link worker in post."""
    data, = need(result, "link_workers")
    filled = np.asarray(data["filled"].values[scenario], dtype=float)
    people = np.asarray(data["caseload"].values[scenario], dtype=float)
    return by_week(data["week"].values, ratio((people * filled).sum(axis=1), filled.sum(axis=1)))


def minutes(result, scenario=0):
    """week, mean, low, high: minutes per session in the diaries, over four weeks; missing where a replicate has fewer
    than ten sessions in them."""
    data, = need(result, "weekly")
    total = np.asarray(data["session_minutes"].values[scenario], dtype=float).sum(axis=1)
    count = np.asarray(data["sessions"].values[scenario], dtype=float).sum(axis=1)

    def sums(values):
        added = np.cumsum(np.pad(values, ((0, 0), (4, 0))), axis=1)
        return added[:, 4:] - added[:, :-4]
    total, count = sums(total), sums(count)
    length = np.where(count >= 10, ratio(total, count), np.nan)
    length[:, (count < 10).any(axis=0)] = np.nan
    return by_week(data["week"].values, length)


def named(result, prefix, labels, scenario=0):
    """label, mean, low, high of outcomes `prefix.key`."""
    table = pd.DataFrame([{"label": label, **dict(zip(("mean", "low", "high"), result.estimate(
        f"{prefix}.{key}", scenario)))} for key, label in labels.items()])
    return table[table["mean"].notna()]


def reasons(result, scenario=0):
    """kind ("how far they came" of the people, "first hurdle" of the failed attempts), label, mean, low, high."""
    far, checks = named(result, "not_connected", FAR, scenario), named(result, "failed_attempts", CHECKS, scenario)
    if far.empty and checks.empty:
        raise Lacking("Nobody took up the offer without connecting, so there are no reasons to show.")
    far = far.assign(kind="how far they came")
    checks = checks.sort_values("mean", ascending=False).assign(kind="first hurdle")
    return pd.concat([far, checks], ignore_index=True)


def gp(result, scenario=0):
    """label, mean, low, high: GP consultations a year of people seen: before, after, and the same people in the same
    weeks without link workers."""
    before = result.replicate_values("gp.per_year_before_first_session", scenario)
    after = result.replicate_values("gp.per_year_after_first_session", scenario)
    change = result.replicate_values("contrast.gp_change_among_seen", scenario)
    if not np.isfinite(change).any():
        raise Lacking(NO_PAIR)
    return pd.DataFrame([
        row(before, label="year before the first session"),
        row(after / (1 + change), label="year after, without link workers"),
        row(after, label="year after, with link workers")])


def gp_by_group(result, scenario=0):
    """category, label, mean, low, high: change of GP consultations of the people seen of a group against the same
    people without link workers, as a fraction."""
    data, = need(result, "groups")
    names = [str(x) for x in data["group"].values]
    change = ratio(data["contrast_gp_with"].values[scenario], data["contrast_gp_without"].values[scenario]) - 1
    return pd.DataFrame([row(change[:, names.index(group)], category=category, group=group, label=label)
                         for category, groups in {"": {"all": "everyone"}, **GROUPS}.items()
                         for group, label in groups.items() if group in names])


EQUITY = {"taken_up": "took up, of those offered", "connected": "connected, of those offered",
          "swemwbs": "effect on SWEMWBS, people offered", "gp": "effect on GP consultations, people seen"}


def equity(result, scenario=0):
    """measure, label, quintile (1 most deprived), mean, low, high."""
    data, = need(result, "groups")
    names = [str(x) for x in data["group"].values]

    def of(variable):
        return np.asarray(data[variable].values[scenario], dtype=float)
    values = {"taken_up": ratio(of("taken_up"), of("offered")), "connected": ratio(of("connected"), of("offered")),
              "swemwbs": ratio(of("contrast_swemwbs"), of("contrast_persons")),
              "gp": ratio(of("contrast_gp_with"), of("contrast_gp_without")) - 1}
    return pd.DataFrame([row(values[key][:, names.index(f"quintile{q}")], measure=key, label=label, quintile=q)
                         for key, label in EQUITY.items() for q in range(1, 6)])


def sweep_axes(result):
    """parameter -> values at each scenario, in the order of the file; fixed ones are left out."""
    data, = need(result, "sweep")
    axes = {str(name): np.asarray(data[name].values, dtype=float) for name in data.data_vars}
    return {name: values for name, values in axes.items() if len(np.unique(values)) > 1}


def axis_label(result, axis):
    """Words for an axis of a sweep: caseload cap (person)."""
    unit = result["sweep"][axis].attrs.get("units", "")
    words = axis.split("_", 1)[-1].replace("_", " ")
    return f"{words} ({unit})" if unit and unit != "1" else words


def is_grid(result):
    """Whether the points of a sweep are a grid: every combination of the values of the axes."""
    return int(np.prod([len(np.unique(x)) for x in sweep_axes(result).values()])) == len(result.scenarios)


def sweep(result):
    """scenario, one column an axis, outcome, label, mean, low, high."""
    axes = sweep_axes(result)
    parts = []
    for outcome, label in SWEEP_OUTCOMES.items():
        estimates = np.array([result.estimate(outcome, s) for s in range(len(result.scenarios))])
        if np.isfinite(estimates[:, 0]).any():
            parts.append(pd.DataFrame({"scenario": result.scenarios, **axes, "outcome": outcome, "label": label,
                                       "mean": estimates[:, 0], "low": estimates[:, 1], "high": estimates[:, 2]}))
    if not axes or not parts:
        raise Lacking("The points of this sweep have no outcome to draw.")
    return pd.concat(parts, ignore_index=True)


def frontier(result):
    """scenario, reach, trust (each with _low, _high), frontier: whether no other point is better in both means."""
    count = range(len(result.scenarios))
    reach = np.array([result.estimate("service.connected_per_link_worker_year", s) for s in count])
    trust = np.array([result.estimate("after_first_session.trust.week13", s) for s in count])
    table = pd.DataFrame({"scenario": result.scenarios, "reach": reach[:, 0], "reach_low": reach[:, 1],
                          "reach_high": reach[:, 2], "trust": trust[:, 0], "trust_low": trust[:, 1],
                          "trust_high": trust[:, 2], **sweep_axes(result)}).dropna(subset=["reach", "trust"])
    x, y = table["reach"].values, table["trust"].values
    table["frontier"] = [not ((x >= a) & (y >= b) & ((x > a) | (y > b))).any() for a, b in zip(x, y)]
    if table.empty:
        raise Lacking("The points of this sweep lack reach or trust.")
    return table


def as_good(result, outcome, pick):
    """Scenarios whose paired difference from the best point (`pick`: "max" or "min" of the mean) is not clear: places,
    the best first. Empty with fewer than two replicates."""
    if result.replicates < 2 or outcome not in result.outcome_names:
        return []
    means = np.array([result.estimate(outcome, s)[0] for s in range(len(result.scenarios))])
    if not np.isfinite(means).any():
        return []
    best = int(np.nanargmax(means) if pick == "max" else np.nanargmin(means))
    values = np.stack([result.replicate_values(outcome, s) for s in range(len(result.scenarios))])
    _, low, high = interval(values - values[best])
    worse = high < 0 if pick == "max" else low > 0
    return [best] + [int(s) for s in np.flatnonzero(np.isfinite(means) & ~worse) if s != best]


def ablation(result):
    """configuration, verdict, context, mechanism, outcome (claimed), headline, label, mean, low, high: full model minus
    the model without the configuration, on each headline outcome; `claimed_*`: on the outcome claimed."""
    data, = need(result, "theory")
    meanings = str(data["verdict"].attrs.get("flag_meanings", "confirmed refuted undetermined")).split()
    statistic = [str(x) for x in data["statistic"].values]
    take = [statistic.index(x) for x in ("mean", "low", "high")]
    rows = []
    for place, name in enumerate(data["configuration"].values):
        claimed = data["effect_on_outcome"].values[place, take]
        common = {"configuration": str(name), "verdict": meanings[int(data["verdict"].values[place])],
                  **{key: str(data[key].values[place]) for key in ("context", "mechanism", "outcome",
                                                                    "outcome_measure")},
                  **dict(zip(("claimed_mean", "claimed_low", "claimed_high"), claimed))}
        for h, headline in enumerate(data["headline"].values):
            effect = data["effect_on_headline"].values[place, h, take]
            rows.append({**common, "headline": str(headline), "label": HEADLINES.get(str(headline), str(headline)),
                         **dict(zip(("mean", "low", "high"), effect))})
    return pd.DataFrame(rows)


def theory_part(result, variable, how):
    """/theory with a variable, or Lacking."""
    data, = need(result, "theory")
    if variable not in data:
        raise Lacking(f"This ablation did not work that out: `buyin ablate {how}` does.")
    return data, [[str(x) for x in data["statistic"].values].index(name) for name in ("mean", "low", "high")]


def shapley(result):
    """configuration, headline, label, mean, low, high: its share of the total effect."""
    data, take = theory_part(result, "share", "--shapley")
    return pd.DataFrame([
        {"configuration": str(name), "headline": str(headline), "label": HEADLINES.get(str(headline), str(headline)),
         **dict(zip(("mean", "low", "high"), data["share"].values[c, h, take]))}
        for c, name in enumerate(data["configuration"].values) for h, headline in enumerate(data["headline"].values)])


def dose(result):
    """configuration, outcome (the one claimed), strength, mean, low, high: minus the outcome at strength 0; 0 there."""
    data, take = theory_part(result, "dose_of_outcome", "--strengths")
    rows = []
    for c, name in enumerate(data["configuration"].values):
        common = {"configuration": str(name), "outcome": str(data["outcome_measure"].values[c])}
        rows.append({**common, "strength": 0.0, "mean": 0.0, "low": 0.0, "high": 0.0})
        rows += [{**common, "strength": float(strength),
                  **dict(zip(("mean", "low", "high"), data["dose_of_outcome"].values[c, s, take]))}
                 for s, strength in enumerate(data["strength"].values)]
    return pd.DataFrame(rows).sort_values(["strength"], kind="stable")


def interactions(result):
    """pair, headline, label, mean, low, high: what two configurations do beyond the sum of both; those whose interval
    leaves out 0, the largest first, each against the largest on its outcome; and how many there are in all."""
    data, take = theory_part(result, "interaction", "--pairs")
    names = [str(x) for x in data["configuration"].values]
    rows = [{"pair": f"{names[a]} and {names[b]}", "headline": str(headline),
             "label": HEADLINES.get(str(headline), str(headline)),
             **dict(zip(("mean", "low", "high"), data["interaction"].values[a, b, h, take]))}
            for a, b in itertools.combinations(range(len(names)), 2) for h, headline in enumerate(data["headline"].values)]
    table = pd.DataFrame(rows)
    table = table[(table["low"] > 0) | (table["high"] < 0)]
    if table.empty:
        raise Lacking("No two configurations do clearly more or less together than the sum of both.")
    size = table["mean"].abs()
    order = (size / size.groupby(table["headline"]).transform("max")).sort_values(ascending=False, kind="stable").index
    return table.loc[order], len(rows)


def effect_unit(result):
    """Unit of the effect of an economic evaluation."""
    data, = need(result, "economics")
    return str(data.attrs.get("effect_unit", data["effect"].attrs.get("units", "unit of effect")))


def economics_sets(result, group="all"):
    """option, set, cost, effect: more than the comparator, a person offered in the base, mean over replicates."""
    data, = need(result, "economics")
    place = [str(x) for x in data["group"].values].index(group)
    cost, effect = (data[name].values[place].mean(axis=1) for name in ("cost", "effect"))
    return pd.concat([pd.DataFrame({
        "option": str(name), "set": data["set"].values, "cost": cost[:, n] - cost[:, 0],
        "effect": effect[:, n] - effect[:, 0]}) for n, name in enumerate(data["option"].values) if n > 0],
        ignore_index=True)


def spread(values):
    """mean, low, high over sets of parameters: the middle 95 % of them."""
    return float(np.mean(values)), *(float(x) for x in np.quantile(values, [0.025, 0.975]))


def acceptability(result):
    """option, threshold, share of sets in which it has the largest net benefit, is_best: whether it has by the means."""
    data, = need(result, "economics")
    return pd.concat([pd.DataFrame({
        "option": str(name), "threshold": data["threshold"].values, "share": data["acceptability"].values[:, n],
        "is_best": data["best_option"].values == n}) for n, name in enumerate(data["option"].values)], ignore_index=True)


def information(result):
    """threshold, mean, low, high: expected value of perfect information, GBP a person, 95 % interval over sets."""
    data, = need(result, "economics")
    mean, error = data["evpi"].values, data["evpi_error"].values
    return pd.DataFrame({"threshold": data["threshold"].values, "mean": mean, "low": mean - 1.96 * error,
                         "high": mean + 1.96 * error})


def comparison(result, outcomes=None):
    """scenario, title, outcome, label, unit, base, value, difference, low, high: scenario minus base."""
    if len(result.scenarios) < 2:
        raise Lacking("This file has one scenario: `buyin compare` writes several.")
    table = results.differences(result)
    labels = KEY_OUTCOMES if outcomes is None else outcomes
    table = table[table["outcome"].isin(labels)].copy()
    table["label"] = table["outcome"].map(labels)
    table["title"] = table["scenario"].map(scenario_title)
    return table


def pathways_by_scenario(result):
    """scenario, title, pathway, mean, low, high: shares of those who took up; the base first, at most 25 scenarios."""
    if len(result.scenarios) < 2:
        raise Lacking("This file has one scenario: `buyin compare` writes several.")
    places = [0] + list(range(1, len(result.scenarios)))[:MOST_SCENARIOS]
    table = pd.concat([pathways(result, s).assign(
        scenario=result.scenarios[s], title=scenario_title(result.scenarios[s]) + (" (base)" if s == 0 else ""))
        for s in places if np.isfinite(result.estimate("pathway_of_engaged.all.a_rapid", s)[0])], ignore_index=True)
    return table


def curves_worth_drawing(result):
    """Places of the scenarios whose wait differs most from the base, in the order of the file."""
    table = results.differences(result)
    table = table[(table["outcome"] == "wait.weeks_mean") & table["difference"].notna()]
    order = table["difference"].abs().sort_values(ascending=False, kind="stable").index[:MOST_CURVES]
    return [result.scenarios.index(name) for name in table.loc[sorted(order), "scenario"]]


def service_by_scenario(result):
    """measure, title, week, mean, low, high: waiting, caseload and minutes of the base and of the scenarios that change
    the wait most."""
    need(result, "weekly", "link_workers")
    measures = {"people waiting, a site": waiting, "caseload, people a link worker": caseload, "minutes a session": minutes}
    return pd.concat([function(result, s).assign(measure=measure, title=scenario_title(result.scenarios[s]) + (
        " (base)" if s == 0 else "")) for measure, function in measures.items()
        for s in [0] + curves_worth_drawing(result)], ignore_index=True)


def scenario_title(name):
    """Words from the name of a scenario: "housing_crisis.yaml" -> "housing crisis"."""
    return name.rsplit("/", 1)[-1].replace(".yaml", "").replace(".yml", "").replace("_", " ")
