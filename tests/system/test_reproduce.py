#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`buyin reproduce` shows all patterns at the defaults, and each rule can be broken on purpose.

The table below takes out of the model what a rule is about; then the command must mark that rule
NO, its pattern FAIL, and end with status 1, while patterns that have nothing to do with it go on
holding. A rule that survived would be true by construction. Every rule has such a mutation.
"""

import re
import sys

from program import THREADS, Test

BARRIERS = ("housing", "income", "transport", "caring", "language", "health")
FORMATS = ("group", "one_to_one", "advice", "remote")


def unbound(*barriers):
    """These barriers neither lower capacity nor stop an attempt."""
    return tuple(setting for barrier in barriers for setting in
                 (f"readiness.{barrier}_weight=0", *(f"gate.{form}_{barrier}=0" for form in FORMATS)))


# Motivation is capacity; and barriers do nothing else, nor do they go with anything.
ALL_ABLE = ("readiness.stress_weight=0", *unbound(*BARRIERS))
NO_EFFECT = (*ALL_ABLE, "attendance.barrier_weight=0", "session.interpreter=1",
             "enrolment.takeup_barrier_weight=0", "disengage.barriers=0",
             "between.stress_barriers=0", "adversity.correlation=0", "barrier.health_age_slope=0",
             *(f"barrier.{barrier}_gradient=0" for barrier in BARRIERS))

# what is taken away, settings, {pattern: rules that must not hold}, other patterns that may fail
MUTATIONS = (
    ("only who connects at the first session counts as rapid", ("outcome.few_sessions=1",),
     {"P1": ["at least 8 % of those who took up travel a"]}, ""),
    ("nearly all who connect count as rapid", ("outcome.few_sessions=8",),
     {"P1": ["at least 8 % travel b"]}, "P2 P4 P11"),
    ("five sessions count as few", ("outcome.few_sessions=5",),
     {"P2": ["b beyond a", "not by the invitation: b beyond a whoever is invited"]}, ""),
    ("everyone is able to act: nobody is left behind as c", ALL_ABLE,
     {"P1": ["at least 8 % travel c"], "P2": ["b beyond a"], "P4": ["and are still less able to"]},
     ""),
    ("nobody drops out", ("disengage.intercept=-8",),
     {"P1": ["at least 10 % drop out"], "P11": ["fewer who dropped out"]}, "P6 P7"),
    ("everyone accepts, stays and takes up",
     ("enrolment.accept_intercept=8", "enrolment.takeup_intercept=8", "waiting.attrition_base=0",
      "waiting.attrition_uncertainty=0"),
     {"P1": ["at least 15 % of those offered decline"]}, "P5"),
    ("nobody is held, and the connected are kept on", ("ending.holding=0", "ending.settle_weeks=20"),
     {"P1": ["contact goes on in c: weeks on the caseload beyond a"]}, "P2 P4"),
    ("attempts to connect are rare", ("connect.attempt_intercept=-5",),
     {"P2": ["b beyond c", "not by the invitation: b beyond c whoever is invited"]}, "P1"),
    ("everyone soon finds support of their own", ("suggestion.own_support_hazard=1",),
     {"P2": ["b beyond support of one's own"]}, ""),
    ("trust does not keep many from dropping out", ("disengage.trust=2",),
     {"P2": ["b beyond dropping out"]}, "P1"),
    ("everyone opens up slowly", ("trait.rapport_median=0.2",),
     {"P3": ["at least 10 % trust (0.4) after one session"]}, ""),
    ("everyone opens up at once", ("trait.rapport_median=3",),
     {"P3": ["at least 10 % after three", "at least 5 % after four"],
      "P11": ["61 interviewees' trust exceeds that of everyone seen by 0.05",
              "more of b than if anyone seen were invited", "fewer who dropped out",
              "more benefit (SWEMWBS points, against no link workers)"]}, "P1 P2 P6"),
    ("everyone opens up at one speed", ("trait.rapport_sigma=0",),
     {"P3": ["at least 5 % after four", "no session is the one for most: at most half after two"]},
     ""),
    ("barriers have no effect and do not go together", NO_EFFECT,
     {"P4": [f"more {who} in c than in {other}" for other in "ab" for who in
             ("carers", "poor transport", "poor housing", "poor health", "little English")]},
     "P1 P2 P6"),
    ("caring responsibilities hold nobody back", unbound("caring"),
     {"P4": ["caring itself holds them back, not only the stress of it"]}, ""),
    ("poor transport holds nobody back", unbound("transport"),
     {"P4": ["so does transport itself"]}, ""),
    ("poor housing holds nobody back", unbound("housing"), {"P4": ["so does housing itself"]}, ""),
    ("poor health holds nobody back", unbound("health"), {"P4": ["so does health itself"]}, ""),
    ("little English holds nobody back", unbound("language"),
     {"P4": ["so does language itself"]}, ""),
    ("motivation does not follow hope, confidence, clarity and stress",
     ("between.motivation_rate=0",),
     {"P4": ["half a year on, c want to as much as a did at first"]}, ""),
    ("a GP's word has no credibility", ("mechanisms.EN4=0",),
     {"P5": ["offers by a GP are accepted more often",
             "more take up than without the GP's credibility"]}, ""),
    ("uncertainty about the role does not matter", ("mechanisms.EN1=0",),
     {"P5": ["the uncertain accept less often",
             "fewer take up than if uncertainty deterred nobody"]}, ""),
    ("nobody is too unready for a suggestion", ("suggestion.push_threshold=0",),
     {"P6": ["there are pushes in 100 sessions"]}, ""),
    ("a push costs no trust and loses nobody",
     ("suggestion.push_trust_loss=0", "disengage.push=0"),
     {"P6": ["trust is lower than if pushes were harmless",
             "more drop out than if pushes were harmless",
             "very directive link workers lose more patients"]}, ""),
    ("a push costs no trust", ("suggestion.push_trust_loss=0",),
     {"P6": ["with them, a push itself costs trust"]}, ""),
    ("sessions are postponed rather than shortened", ("diary.minimum_minutes=45",),
     {"P7": ["sessions are shorter by two minutes or more"]}, ""),
    ("knowledge needs no time in the community, and nobody leaves",
     ("link_worker.knowledge_gain=0", "link_worker.knowledge_fade=0",
      "link_worker.turnover_base=0", "link_worker.turnover_burnout=0"),
     {"P7": ["less local knowledge"]}, ""),
    ("there is time for everyone",
     ("diary.hours_per_week=80", "diary.admin_share=0", "diary.travel_share=0"),
     {"P7": ["less trust", "more drop out"]}, ""),
    ("a short session is as good as a long one", ("diary.quality_exponent=0",),
     {"P7": ["less trust because sessions are short"]}, ""),
    ("a link worker is no alternative, and stress drives nobody to the GP",
     ("gp.substitution=0", "gp.stress_effect=0"),
     {"P8": ["fewer than the same people without link workers"]}, ""),
    ("a link worker is no alternative to the GP", ("mechanisms.AP4=0",),
     {"P8": ["fewer than if link workers only eased stress"]}, ""),
    ("an ending is no shock", ("ending.shock_stress=0", "ending.shock_hope=0"),
     {"P9": ["the shock takes some of the gain against no link workers",
             "the shock adds stress"]}, ""),
    ("an ending undoes everything", ("ending.shock_stress=1", "ending.shock_hope=1"),
     {"P9": ["and leaves some"]}, ""),
    ("tapering prepares nobody", ("mechanisms.AP5=0",),
     {"P9": ["tapering protects wellbeing from it", "tapering protects from its stress"]}, ""),
    ("a known way back reassures nobody", ("mechanisms.AP6=0",),
     {"P9": ["a known way back protects wellbeing from it",
             "a known way back protects from its stress"]}, ""),
    ("trust is gone soon after the last contact",
     ("between.trust_fade=0.5", "between.trust_gap_weeks=4", "ending.max_weeks=16"),
     {"P10": ["trust after half a year, against no link workers"]}, "P2"),
    ("contact gives no hope: what returns would have returned anyway",
     ("mechanisms.KS1=0", "mechanisms.IS5=0"),
     {"P10": ["hope after half a year, against no link workers"]}, ""),
    ("link workers invite anyone", ("study.trust_exponent=0",),
     {"P11": ["61 interviewees' trust exceeds that of everyone seen by 0.05",
              "more of b than if anyone seen were invited", "fewer who dropped out",
              "more benefit (SWEMWBS points, against no link workers)"]}, ""),
)

PATTERNS = [f"P{n}" for n in range(1, 12)]
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
    """All hold; returns the rules as printed."""
    done = reproduce()
    patterns = read_patterns(done.stdout)
    test.expect(done.returncode == 0, f"reproduce ends with status {done.returncode}")
    test.expect(list(patterns) == PATTERNS, f"reproduce prints {list(patterns)}")
    test.expect(all(passes for passes, _ in patterns.values()),
                f"patterns fail at the defaults: {patterns}")
    test.expect("11 of 11 patterns hold (seed 1, 8 replicates" in done.stdout,
                f"reproduce ends with '{done.stdout.splitlines()[-2:]}'")
    shipped = reproduce(test.config("study.yaml"))
    test.expect(shipped.stdout == done.stdout, "study.yaml is not what reproduce runs")
    unpaired = reproduce(settings=("run.counterfactual=0",))  # it is run where a rule needs it
    test.expect(unpaired.stdout == done.stdout, "run.counterfactual changes what reproduce finds")
    other = reproduce(settings=("run.seed=2", "run.replicates=16"))  # not one seed's luck
    test.expect(other.returncode == 0 and "(seed 2, 16 replicates" in other.stdout,
                f"seed 2: {other.stdout.splitlines()[-2:]}")
    quiet = reproduce("--quiet", settings=("run.seed=3",))
    test.expect(quiet.returncode == 0 and quiet.stdout == quiet.stderr == "",
                f"--quiet: status {quiet.returncode}, says '{quiet.stdout}{quiet.stderr}'")
    return {(pattern, rule) for pattern, (_, rules) in patterns.items() for rule in rules}


def check_mutation(what, settings, broken, related):
    done = reproduce(settings=settings)
    patterns = read_patterns(done.stdout)
    failed = [name for name, (passes, _) in patterns.items() if not passes]
    print(f"{what}: {', '.join(failed)} fail")
    test.expect(done.returncode == 1, f"{what}: status {done.returncode}, not 1")
    survivors = [(pattern, rule) for pattern, rules in broken.items() for rule in rules
                 if patterns[pattern][1].get(rule) is not False]
    # Where there is no effect, one interval in forty lies beyond the bound: not with two seeds.
    again = read_patterns(reproduce(settings=(*settings, "run.seed=2")).stdout) if survivors else {}
    for pattern, rule in survivors:
        holds = again[pattern][1].get(rule)
        test.expect(holds is False, f"{what}: {pattern}, '{rule}' is marked {holds} with two seeds")
    strangers = [name for name in failed if name not in broken and name not in related.split()]
    test.expect(not strangers, f"{what}: breaks {strangers}, too")
    test.expect(f"{11 - len(failed)} of 11 patterns hold" in done.stdout,
                f"{what}: the count is wrong")


def check_mutations(all_rules):
    for mutation in MUTATIONS:
        check_mutation(*mutation)
    broken = {(pattern, rule) for _, _, rules_of, _ in MUTATIONS
              for pattern, rules in rules_of.items() for rule in rules}
    test.expect(not all_rules - broken, f"no mutation breaks {sorted(all_rules - broken)}")
    test.expect(not broken - all_rules, f"there are no rules {sorted(broken - all_rules)}")
    quiet = reproduce("--quiet", settings=("trait.rapport_sigma=0",))
    test.expect(quiet.returncode == 1 and quiet.stdout == quiet.stderr == "",
                f"--quiet with a pattern that fails: status {quiet.returncode}")


def check_model_description(all_rules):
    """The tables of the model description are those that the program prints."""
    done = reproduce("--rules")
    text = (test.source / "sim" / "MODEL.md").read_text(encoding="utf-8")
    test.expect(done.returncode == 0 and done.stderr == "", f"--rules: status {done.returncode}")
    for table in done.stdout.strip().split("\n\n"):
        test.expect(table in text, "sim/MODEL.md: not what 'buyin reproduce --rules' prints: "
                                   f"{[line for line in table.splitlines() if line not in text]}")
    listed = {tuple(line.split(" | ")[:2]) for line in done.stdout.splitlines()
              if re.match(r"^\| P\d+ \| ", line)}
    test.expect({(name[2:], rule) for name, rule in listed} == all_rules,
                "--rules lists other rules than reproduce applies")


def check_refusals():
    for name, words, say in (("no such file", ["nowhere.yaml"], "nowhere.yaml"),
                             ("an unknown parameter", ["--set", "trait.rapport=1"], "trait.rapport"),
                             ("an unknown option", ["--csv", "a.csv"], "--csv"),
                             ("no threads", ["--threads", "0"], "--threads"),
                             ("rules of a file", ["--rules", "a.yaml"], "a.yaml"),
                             ("rules with settings", ["--rules", "-s", "run.seed=2"], "run.seed=2")):
        done = test.call("reproduce", *words)
        lines = done.stderr.splitlines()
        test.expect(done.returncode == 2 and done.stdout == "" and len(lines) == 1 and
                    say in lines[0], f"reproduce, {name}: status {done.returncode}, says {lines}")


rules_applied = check_defaults()
check_mutations(rules_applied)
check_model_description(rules_applied)
check_refusals()
test.end()
