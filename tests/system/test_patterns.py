#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The patterns by which the model is judged, at the shipped defaults.

None of them is written into the model: they have to come out of 32 replicates of the study.
Scenarios have the seed of the study, so differences between them are taken replicate by
replicate, and an interval is the mean plus and minus 3.63 standard errors (99.9 %, Student's t
with 31 degrees of freedom): chance alone does not break a pattern that holds.
"""

import sys

import h5py
import numpy

from program import Test, labels, read_outcomes, standard_error

REPLICATES = 32
QUANTILE = 3.633

test = Test(sys.argv)


def scenario(name, *settings):
    return test.outcomes(name, settings=(f"run.replicates={REPLICATES}",
                                         "run.counterfactual=0", *settings))


def interval(values):
    half = QUANTILE * standard_error(values)
    return float(numpy.mean(values)) - half, float(numpy.mean(values)) + half


def expect_above(pattern, values, least, what):
    """The whole interval of the mean lies above `least`."""
    low, high = interval(values)
    print(f"{pattern:4} {what}: {numpy.mean(values):.4g} ({low:.4g} to {high:.4g}), "
          f"above {least:g} wanted")
    test.expect(low > least, f"{pattern}: {what}: the interval {low:.4g} to {high:.4g} is not "
                             f"all above {least:g}")


def expect_below(pattern, values, most, what):
    low, high = interval(values)
    print(f"{pattern:4} {what}: {numpy.mean(values):.4g} ({low:.4g} to {high:.4g}), "
          f"below {most:g} wanted")
    test.expect(high < most, f"{pattern}: {what}: the interval {low:.4g} to {high:.4g} is not "
                             f"all below {most:g}")


def expect_within(pattern, values, least, most, what):
    low, high = interval(values)
    print(f"{pattern:4} {what}: {numpy.mean(values):.4g} ({low:.4g} to {high:.4g}), "
          f"{least:g} to {most:g} wanted")
    test.expect(least <= low and high <= most,
                f"{pattern}: {what}: the interval {low:.4g} to {high:.4g} is not all within "
                f"{least:g} to {most:g}")


def check_p1(base, cohort):
    """Three pathways, and besides them those who decline and those who drop out."""
    for pathway in ("a_rapid", "b_anchored", "c_connecting_with"):
        expect_within("P1", base[f"pathway_of_engaged.all.{pathway}"], 0.08, 0.50,
                      f"share {pathway} of those who took up")
    expect_within("P1", base["pathway_of_engaged.all.disengaged"], 0.10, 0.45,
                  "share who drop out of those who took up")
    expect_within("P1", base["pathway_of_offered.all.declined"], 0.15, 0.50,
                  "share who never take up of those offered")
    names = cohort["pathway"].attrs["flag_meanings"].decode().split()
    codes, sessions = cohort["pathway"][()], cohort["sessions"][()]
    weeks = cohort["caseload_weeks"][()]
    median = {name: float(numpy.median(sessions[codes == code]))
              for code, name in enumerate(names[:5])}
    stay = {name: float(numpy.median(weeks[codes == code])) for code, name in enumerate(names[:5])}
    print(f"P1   median sessions {median}")
    print(f"P1   median weeks on a caseload {stay}")
    test.expect(median["c_connecting_with"] >= 1.5 * median["a_rapid"],
                f"P1: contact of (c) is not continuing: its median is "
                f"{median['c_connecting_with']} sessions, that of (a) {median['a_rapid']}")
    test.expect(stay["c_connecting_with"] > stay["a_rapid"],
                f"P1: contact of (c) is not continuing: half stay {stay['c_connecting_with']} "
                f"weeks or less, of (a) {stay['a_rapid']}")
    test.expect(stay["disengaged"] < 0.5 * stay["c_connecting_with"],
                f"P1: those who drop out stay as long as (c): {stay['disengaged']} weeks")


def check_p2(base):
    """Of those whom a researcher could have interviewed, (b) is the commonest."""
    others = ("a_rapid", "c_connecting_with", "own_support", "disengaged", "brief")
    for other in others:
        expect_above("P2", base["trust_weighted.b_anchored"] - base[f"trust_weighted.{other}"],
                     0.05, f"very many interviews: share of (b) minus share {other}")
    most = numpy.max([base[f"study_of_61.{other}"] for other in others], axis=0)
    times = float(numpy.mean(base["study_of_61.b_anchored"] > most))
    print(f"P2   (b) is the commonest of 61 interviews in {times:.0%} of replicates, 80% wanted")
    test.expect(times >= 0.8, f"P2: among 61 interviewed, (b) is the commonest in only {times:.0%} "
                              "of replicates")


def check_p3(base):
    """Trust grows at very different speeds: at once, in three or four sessions, later."""
    after = {n: base[f"trust_reaches_0.4_after_sessions.{n}"]
             for n in ("1", "2", "3", "4", "5_or_more", "never")}
    expect_within("P3", after["1"], 0.10, 0.50, "trust 0.4 after the first session")
    expect_within("P3", after["3"] + after["4"], 0.15, 0.50, "trust 0.4 after the third or fourth")
    expect_within("P3", after["5_or_more"] + after["never"], 0.03, 0.25, "trust 0.4 later or never")
    expect_below("P3", numpy.max(list(after.values()), axis=0), 0.6, "most at any one session")


def check_p4(base, courses):
    """Motivation is not capacity: (c) holds more who are held back by circumstances."""
    for barrier, least in (("carer", 1.5), ("transport", 1.5), ("poor_housing", 1.5),
                           ("poor_health", 1.3), ("language", 1.5)):
        a, b, c = (base[f"barrier_share.{barrier}.{pathway}"]
                   for pathway in ("a_rapid", "b_anchored", "c_connecting_with"))
        expect_above("P4", c / b, least, f"{barrier}: share in (c) over share in (b)")
        expect_above("P4", c / a, 2.0, f"{barrier}: share in (c) over share in (a)")
    # as motivated half a year on as the rapid were when they began, and still less able
    late, early, week = courses["c_connecting_with"], courses["a_rapid"], courses["lag"].index(26)
    expect_above("P4", late["motivation"][:, week] - early["motivation"][:, 0], 0.0,
                 "motivation of (c) after 26 weeks minus that of (a) at the first session")
    expect_below("P4", late["capacity"][:, week] - early["capacity"][:, 0], -0.15,
                 "capacity of (c) after 26 weeks minus that of (a) at the first session")


def check_p5(base):
    """Referral by a GP raises enrolment; uncertainty about the role lowers it."""
    expect_above("P5", base["enrolment.accept_gp"] - base["enrolment.accept_other"], 0.04,
                 "accepted when a GP offers minus when others do")
    expect_above("P5", base["enrolment.accept_low_uncertainty"] -
                 base["enrolment.accept_high_uncertainty"], 0.04,
                 "accepted by the least minus by the most uncertain third")
    no_gp = scenario("no_credibility", "mechanisms.EN4=0")
    certain = scenario("no_uncertainty", "mechanisms.EN1=0")
    share = "funnel.taken_up_share_of_offered"
    expect_below("P5", no_gp[share] - base[share], -0.02, "taken up, EN4 off minus on")
    expect_above("P5", certain[share] - base[share], 0.02, "taken up, EN1 off minus on")
    other = no_gp["enrolment.accept_other"] - base["enrolment.accept_other"]
    expect_within("P5", other, -0.01, 0.01, "accepted when others offer, EN4 off minus on")


def check_p6(base):
    """Pushing a patient who is not ready lowers trust and loses patients."""
    expect_above("P6", base["suggestions.pushes_per_100_sessions"], 0.5, "pushes in 100 sessions")
    share, trust = "disengaged.ever_share_of_taken_up", "after_first_session.trust.week8"
    milder = scenario("push_keeps_trust", "suggestion.push_trust_loss=0")
    harmless = scenario("push_harmless", "suggestion.push_trust_loss=0", "disengage.push=0")
    never = scenario("push_never", "suggestion.push_threshold=0")
    pushy = scenario("directive", "link_worker.directiveness_mean=0.8")
    expect_above("P6", milder[trust] - base[trust], 0.0, "trust, pushes cost none minus base")
    for name, run in (("pushes do no harm", harmless), ("nothing is a push", never)):
        expect_above("P6", run[trust] - base[trust], 0.0, f"trust after 8 weeks, {name} minus base")
        expect_below("P6", run[share] - base[share], 0.0, f"ever dropped out, {name} minus base")
    pushes = "suggestions.pushes_per_100_sessions"
    expect_above("P6", pushy[pushes] - base[pushes], 0.0, "pushes, directive link workers - base")
    expect_below("P6", pushy[trust] - base[trust], 0.0, "trust, directive link workers minus base")
    expect_above("P6", pushy[share] - base[share], 0.0, "dropped out, directive - base")


def check_p7():
    """Larger caseloads shorten sessions, thin out knowledge, weaken the relationship."""
    small = scenario("caseload_25", "diary.caseload_cap=25", "population.offers_per_week=2.225")
    large = scenario("caseload_90", "diary.caseload_cap=90", "population.offers_per_week=8.01")
    for name, most, what in (
            ("service.minutes_per_session", -5, "minutes a session"),
            ("service.knowledge", -0.1, "knowledge of the local offer"),
            ("after_first_session.trust.week13", -0.05, "trust 13 weeks after the first session"),
            ("funnel.connected_share_of_taken_up", -0.05, "connected of those who took up"),
            ("swemwbs.change_at_9_to_12_months", -0.2, "SWEMWBS change")):
        expect_below("P7", large[name] - small[name], most, f"{what}, caseload 90 minus 25")
    for name, least, what in (
            ("service.caseload", 25, "caseload"),
            ("disengaged.share_of_taken_up", 0.03, "dropped out"),
            ("service.seen_per_link_worker_year", 50, "seen a year (access, the other side)")):
        expect_above("P7", large[name] - small[name], least, f"{what}, caseload 90 minus 25")


def check_p8():
    """Contact with a link worker replaces some GP consultations, arranged ones included."""
    paired = test.outcomes("paired", settings=(f"run.replicates={REPLICATES}",))
    alone = test.outcomes("no_substitution", settings=(f"run.replicates={REPLICATES}",
                                                       "mechanisms.AP4=0"))
    change = "contrast.gp_change_among_seen"
    expect_within("P8", paired[change], -0.35, -0.03, "consultations of the seen against no one")
    expect_above("P8", alone[change] - paired[change], 0.02, "the same, AP4 off minus on")
    expect_above("P8", paired["gp.arranged_per_100_seen"], 1, "arranged in 100 seen")


def check_p9(base):
    """An abrupt ending undoes some of the gain; tapering and a way back protect it."""
    loss, stress = "ending.swemwbs_change_over_ending", "ending.stress_4_weeks_after"
    week = "after_first_session.swemwbs.week"
    abrupt = scenario("abrupt", "ending.taper_sessions=0", "ending.inform_return=0")
    told = scenario("told_only", "ending.taper_sessions=0")
    taper = scenario("taper_only", "ending.inform_return=0")
    gain = abrupt[f"{week}26"] - abrupt[f"{week}0"]
    expect_within("P9", -abrupt[loss] / gain, 0.1, 0.9, "abrupt: share of the gain undone")
    for name, run in (("told of the way back", told), ("tapering", taper), ("both", base)):
        expect_above("P9", run[loss] - abrupt[loss], 0.1, f"SWEMWBS over the ending, {name} - none")
        expect_below("P9", run[stress] - abrupt[stress], -0.01, f"stress after, {name} - none")
    expect_above("P9", base[loss] - taper[loss], 0.05, "SWEMWBS over the ending, both - tapering")
    expect_above("P9", base[loss] - told[loss], 0.02, "SWEMWBS over the ending, both - told")


def check_p10(base):
    """Trust and hope improve even for those who never connect."""
    for state, least in (("trust", 0.10), ("hope", 0.03)):
        key = f"never_connected.{state}.week"
        expect_above("P10", base[f"{key}52"] - base[f"{key}0"], least,
                     f"{state} of the never connected, week 52 minus week 0")
    # hope was low when they came and returns by itself: the alliance must add to that
    bare = scenario("no_uplift", "mechanisms.IS5=0", "mechanisms.KS1=0")
    gain, without = (run["never_connected.hope.week26"] - run["never_connected.hope.week0"]
                     for run in (base, bare))
    expect_above("P10", gain - without, 0.01, "their hope gained by week 26, IS5 and KS1 on - off")


def check_p11(base):
    """Interviewing those whom a link worker invites overstates trust and (b)."""
    expect_above("P11", base["study_of_61.trust_of_interviewees"] -
                 base["study_of_61.trust_of_all_seen"], 0.03, "trust, interviewed minus seen")
    expect_above("P11", base["study_of_61.trust_of_all_seen"] -
                 base["study_of_61.trust_of_all_offered"], 0.05, "trust, seen minus offered")
    expect_above("P11", base["trust_weighted.b_anchored"] -
                 base["pathway_of_offered.all.b_anchored"], 0.05, "(b), interviewed minus offered")


def read_courses(path):
    """{pathway: {measure: [replicate, lag]}}, and the lags in weeks."""
    with h5py.File(path, "r") as file:
        means = file["/course/mean"][0]
        measures = labels(file["/course/measure"])
        courses = {stratum: {measure: means[:, s, m] for m, measure in enumerate(measures)}
                   for s, stratum in enumerate(labels(file["/course/stratum"]))}
        courses["lag"] = [int(weeks) for weeks in file["/course/lag"][()]]
    return courses


path = test.run("base", settings=(f"run.replicates={REPLICATES}", "run.counterfactual=0",
                                  "run.record=cohort"))
default = read_outcomes(path)
with h5py.File(path, "r") as results:
    check_p1(default, results["/cohort"])
check_p2(default)
check_p3(default)
check_p4(default, read_courses(path))
check_p5(default)
check_p6(default)
check_p7()
check_p8()
check_p9(default)
check_p10(default)
check_p11(default)
test.end()
