#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`buyin reproduce` shows all patterns at the defaults, and each can be broken on purpose.

The table below takes out of the model what a pattern comes from; then the command must mark the
pattern FAIL and end with status 1. A pattern that survived would be true by construction.
"""

import re
import sys

from program import THREADS, Test

BARRIERS = ("housing", "income", "transport", "caring", "language", "health")
FORMATS = ("group", "one_to_one", "advice", "remote")

# Barriers neither lower capacity nor stop an attempt: then motivation is capacity.
NO_GATES = ("readiness.stress_weight=0",
            *(f"readiness.{barrier}_weight=0" for barrier in BARRIERS),
            *(f"gate.{form}_{barrier}=0" for form in FORMATS for barrier in BARRIERS))

# pattern, what is taken away, settings, words of a rule that must not hold
MUTATIONS = (
    ("P1", "nobody drops out", ("disengage.intercept=-8",), "at least 5 % drop out"),
    ("P1", "no gates: nobody is left behind as (c)", NO_GATES, "at least 5 % travel c"),
    ("P1", "everyone accepts, stays and takes up",
     ("enrolment.accept_intercept=8", "enrolment.takeup_intercept=8", "waiting.attrition_base=0",
      "waiting.attrition_uncertainty=0"), "at least 5 % of those offered decline"),
    ("P2", "eight sessions count as few, so that most who connect are rapid",
     ("outcome.few_sessions=8",), "b beyond a"),
    ("P2", "link workers suggest only to the readiest", ("suggestion.readiness_threshold=0.9",),
     "b beyond c"),
    ("P3", "everyone opens up at one speed", ("trait.rapport_sigma=0",), "after four"),
    ("P3", "nobody opens up", ("trait.rapport_median=0",), "after one session"),
    ("P4", "no gates, and capacity for all", NO_GATES, "more carers in c than in b"),
    ("P5", "a GP's word has no credibility", ("mechanisms.EN4=0",),
     "offers by a GP are accepted more often"),
    ("P5", "uncertainty about the role does not matter", ("mechanisms.EN1=0",),
     "the uncertain accept less often"),
    ("P6", "a push costs no trust and loses nobody",
     ("suggestion.push_trust_loss=0", "disengage.push=0"), "more drop out"),
    ("P7", "a short session is as good as a long one", ("diary.quality_exponent=0",), "less trust"),
    ("P7", "knowledge is not kept up in the community",
     ("link_worker.knowledge_gain=0", "link_worker.knowledge_fade=0"), "less local knowledge"),
    ("P8", "a link worker is no alternative, and stress drives nobody to the GP",
     ("gp.substitution=0", "gp.stress_effect=0"), "fewer than the same people"),
    ("P8", "no alternative, and a GP appointment for each who is stressed",
     ("gp.substitution=0", "session.arranged_gp=1"), "fewer than the same people"),
    ("P9", "an ending is no shock", ("ending.shock_stress=0", "ending.shock_hope=0"),
     "wellbeing falls further over it"),
    ("P9", "tapering protects from nothing", ("mechanisms.AP5=0", "mechanisms.AP6=0"),
     "wellbeing falls further over it"),
    ("P10", "nobody opens up, so that contact is without effect", ("trait.rapport_median=0",),
     "trust half a year later"),
    ("P10", "contact gives no hope, and nobody comes when hope is lower than usual",
     ("mechanisms.KS1=0", "mechanisms.IS5=0", "population.acute_hope=0"),
     "hope half a year later"),
    ("P11", "link workers invite anyone", ("study.trust_exponent=0",),
     "interviewees trust more than everyone seen"),
)

test = Test(sys.argv)


def reproduce(*words, settings=()):
    return test.call("reproduce", "--threads", THREADS, *words,
                     *(word for setting in settings for word in ("--set", setting)))


def read_patterns(text):
    """{pattern: (passes, {rule in words: holds})} of the printed table."""
    patterns = {}
    for line in text.splitlines():
        head = re.match(r"^(P\d+) +(pass|FAIL)  \S", line)
        rule = re.match(r"^ {7}(yes|NO ) +(.*?) +(-?[\d.]+|nan) \( *(\S+) to +(\S+)\)  "
                        r"(above|below) (\S+)$", line)
        if head:
            patterns[head[1]] = (head[2] == "pass", {})
            rules = patterns[head[1]][1]
        elif rule:
            rules[rule[2]] = rule[1] == "yes"
            edge = float(rule[4]) if rule[6] == "above" else -float(rule[5])
            bound = float(rule[7]) if rule[6] == "above" else -float(rule[7])
            if abs(edge - bound) > 1e-4:  # printed with four decimals
                test.expect((edge > bound) == (rule[1] == "yes"),
                            f"the rule '{rule[2]}' is marked {rule[1]}: {line.strip()}")
    for name, (passes, rules) in patterns.items():
        test.expect(rules and passes == all(rules.values()),
                    f"{name} is marked {passes} with the rules {rules}")
    return patterns


def check_defaults():
    done = reproduce()
    patterns = read_patterns(done.stdout)
    test.expect(done.returncode == 0, f"reproduce ends with status {done.returncode}")
    test.expect(list(patterns) == [f"P{n}" for n in range(1, 12)],
                f"reproduce prints {list(patterns)}")
    test.expect(all(passes for passes, _ in patterns.values()),
                f"patterns fail at the defaults: {patterns}")
    test.expect("11 of 11 patterns hold (seed 1, 8 replicates" in done.stdout,
                f"reproduce ends with '{done.stdout.splitlines()[-1:]}'")
    quiet = reproduce("--quiet")
    test.expect(quiet.returncode == 0 and quiet.stdout == quiet.stderr == "",
                f"--quiet: status {quiet.returncode}, says '{quiet.stdout}{quiet.stderr}'")
    shipped = reproduce(test.config("study.yaml"))
    test.expect(shipped.stdout == done.stdout, "study.yaml is not what reproduce runs")
    other = reproduce(settings=("run.seed=2",))  # not one seed's luck
    test.expect(other.returncode == 0 and "(seed 2," in other.stdout,
                f"seed 2: {other.stdout.splitlines()[-1:]}")


def check_mutations():
    done_before = {}  # some mutations break two patterns
    for pattern, what, settings, words in MUTATIONS:
        done = done_before.setdefault(settings, None) or reproduce(settings=settings)
        done_before[settings] = done
        patterns = read_patterns(done.stdout)
        failed = [name for name, (passes, _) in patterns.items() if not passes]
        print(f"{pattern:4} {what}: {', '.join(failed)} fail")
        test.expect(done.returncode == 1, f"{pattern}, {what}: status {done.returncode}, not 1")
        if not test.expect(pattern in failed, f"{pattern} holds although {what}"):
            continue
        rules = patterns[pattern][1]
        broken = [rule for rule, holds in rules.items() if not holds]
        test.expect(any(words in rule for rule in broken),
                    f"{pattern}, {what}: breaks {broken}, not '{words}'")
        test.expect(len(failed) < 11, f"{pattern}, {what}: nothing holds at all")
        test.expect(f"{11 - len(failed)} of 11 patterns hold" in done.stdout,
                    f"{pattern}, {what}: the count is wrong")
    test.expect({mutation[0] for mutation in MUTATIONS} == {f"P{n}" for n in range(1, 12)},
                "not every pattern is broken by a mutation")
    quiet = reproduce("--quiet", settings=("trait.rapport_sigma=0",))
    test.expect(quiet.returncode == 1 and quiet.stdout == quiet.stderr == "",
                f"--quiet with a pattern that fails: status {quiet.returncode}")


def check_refusals():
    for name, words, say in (("no such file", ["nowhere.yaml"], "nowhere.yaml"),
                             ("an unknown parameter", ["--set", "trait.rapport=1"], "trait.rapport"),
                             ("an unknown option", ["--csv", "a.csv"], "--csv"),
                             ("no threads", ["--threads", "0"], "--threads")):
        done = test.call("reproduce", *words)
        lines = done.stderr.splitlines()
        test.expect(done.returncode == 2 and done.stdout == "" and len(lines) == 1 and
                    say in lines[0], f"reproduce, {name}: status {done.returncode}, says {lines}")


check_defaults()
check_mutations()
check_refusals()
test.end()
