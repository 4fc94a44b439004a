# SPDX-License-Identifier: GPL-3.0-or-later
"""What a results file says, in words and tables of Markdown: one function for each name in a text of a standard.

Facts are sentences, tables are blocks. A function raises Lacking, with a sentence for people, where the files do not
hold what it needs.
"""
import json
import os
import re
import subprocess

import numpy as np

import buyin_results
from buyin_report import tables, words
from buyin_report.tables import Lacking

FUNNEL = ("accepted_share_of_offered", "taken_up_share_of_accepted", "seen_share_of_accepted",
          "three_sessions_share_of_accepted", "connected_share_of_accepted")
HEADLINES = tuple(dict.fromkeys([
    "funnel.offered", *(f"funnel.{step}" for step in FUNNEL),
    *(f"pathway_of_engaged.all.{pathway}" for pathway in tables.PATHWAYS), *tables.KEY_OUTCOMES,
    "service.caseload", "service.minutes_per_session", "swemwbs.change_at_9_to_12_months",
    "gp.change_after_vs_before", "contrast.swemwbs_mean_difference_seen", "contrast.gp_change_among_seen",
    "slope_index.taken_up", "slope_index.connected"]))
MOST_ROWS = 40
INITIAL_SECTIONS = ("population", "registered", "trait")


def cell(text):
    """Text that can stand in a cell of a table."""
    return re.sub(r"\s+", " ", str(text)).replace("|", "\\|").strip()


def table(head, rows, caption=""):
    """A table of Markdown."""
    lines = [f"*{caption}*", ""] if caption else []
    lines += ["| " + " | ".join(map(cell, row)) + " |" for row in [head, ["---"] * len(head), *rows]]
    return "\n".join(lines)


def estimate_words(estimate):
    """41.4 % (40.2 to 42.6); 1.66 points (1.60 to 1.72)."""
    if not estimate:
        return "–"
    mark = "" if estimate.mark in ("", "%") else f" {estimate.mark}"
    return " ".join(filter(None, [estimate.value() + mark, estimate.between()]))


class Facts:
    """Several open results, of which `main` is the one that numbers come from: a run where there is one.

    program: the buyin that lists the theory; None if there is none to ask.
    """

    def __init__(self, results, program=None):
        order = {"run": 0, "compare": 1, "ablate": 2, "sweep": 3}
        self.results = results
        self.program = program
        self.main = min(results, key=lambda result: order.get(result.kind, 4))

    def of_kind(self, kind):
        """The first result of a kind, or Lacking."""
        for result in self.results:
            if result.kind == kind:
                return result
        command = {"ablate": "buyin ablate CONFIG -o FILE", "compare": "buyin compare CONFIG SCENARIO... -o FILE",
                   "sweep": "buyin sweep CONFIG -o FILE", "run": "buyin run CONFIG"}[kind]
        raise Lacking(f"no file of `{command}` was given.")

    # ---- numbers ----

    def estimate(self, name, difference=False):
        """The Estimate of an outcome of the main result, or Lacking."""
        if self.main.kind == "sweep":
            raise Lacking("a sweep has no base of its own; name the results file of a run as well.")
        if name not in self.main.outcome_names:
            raise Lacking(f"the file has no outcome {name}.")
        estimate = words.Estimate(*self.main.estimate(name), self.main.unit(name), difference)
        if not estimate:
            raise Lacking(f"{name} is not defined in this run (nobody qualifies, or what it needs was switched off).")
        return estimate

    def outcome(self, name):
        """An outcome with its interval."""
        return estimate_words(self.estimate(name, difference=name.startswith("slope_index.")))

    def parameter_texts(self):
        """name -> value as the resolved configuration has it."""
        if "config" not in self.main:
            raise Lacking("the file does not hold its configuration.")
        found, section = {}, ""
        for line in str(self.main["config"].resolved_yaml.values).splitlines():
            heading, entry = re.match(r"(\w+):$", line), re.match(r"  (\w+): (.*)$", line)
            section = heading.group(1) if heading else section
            if entry:
                found[f"{section}.{entry.group(1)}"] = entry.group(2).strip('"')
        return found

    def config_column(self, column):
        """Texts of /config, one a parameter."""
        return dict(zip(map(str, self.main["config"].parameter.values), map(str, self.main["config"][column].values)))

    def parameter(self, name):
        """A parameter with its unit."""
        texts = self.parameter_texts()
        if name not in texts:
            raise Lacking(f"the file has no parameter {name}.")
        value, unit = texts[name], self.config_column("unit").get(name, "")
        if unit in ("week", "person") and value != "1":
            unit = {"week": "weeks", "person": "people"}[unit]
        return f"{value} {unit}" if unit not in ("", "1", "count") else value

    def file(self, name):
        """An attribute of the file."""
        if name not in self.main.attributes:
            raise Lacking(f"the file does not say its {name.replace('_', ' ')}.")
        value = self.main.attributes[name]
        return f"{value:.3g}" if isinstance(value, float) else f"{value}"

    # ---- facts ----

    def fact(self, name):
        """The sentence of that name."""
        return getattr(self, f"fact_{name}")()

    def fact_title(self):
        """Title of the configuration, without a stop."""
        return self.file("title").rstrip(".")

    def fact_description(self):
        """What the configuration says of itself."""
        return self.main.description or "(The configuration has no `description`.)"

    def fact_asked(self):
        """What was simulated."""
        return words.asked(self.main)[-1]

    def fact_sites(self):
        """Seven sites with seven posts."""
        count = len(self.site_rows())
        posts = f" with {self.main['link_workers'].sizes['post']} posts of link workers" if (
            "link_workers" in self.main) else ""
        return f"{count} site{'' if count == 1 else 's'}{posts}"

    def fact_mode_sentence(self):
        """How people come to be offered a referral."""
        if self.main.parameter("run.mode") == 0:
            texts = self.parameter_texts()
            return ("Cohort mode: everybody is offered a referral and then followed; "
                    f"{texts['population.offers_per_week']} people a week and site are offered one, over "
                    f"{texts['population.arrival_weeks']} weeks.")
        return "Registered mode: whole practice lists are simulated, and GPs and others refer from them."

    def fact_interventions(self):
        """Changes with a date."""
        names = re.findall(r"^  - name: \"?(.*?)\"?\n    start: (\d+)", self.part_of_yaml("interventions"), re.MULTILINE)
        if not names:
            return "Nothing changes with a date in this configuration."
        return "Changes with a date: " + "; ".join(f"{name} from week {start}" for name, start in names) + "."

    def part_of_yaml(self, section):
        """The lines of a list in the resolved configuration."""
        if "config" not in self.main:
            raise Lacking("the file does not hold its configuration.")
        text = str(self.main["config"].resolved_yaml.values)
        found = re.search(rf"^{section}:\n((?:  .*\n?)*)", text, re.MULTILINE)
        return found.group(1) if found else ""

    def fact_strengths(self):
        """How many mechanisms differ from 1."""
        strengths = {name.split(".")[1]: float(value) for name, value in self.parameter_texts().items()
                     if name.startswith("mechanisms.")}
        other = [f"{name} at {value:g}" for name, value in strengths.items() if value != 1]
        return "all are at 1" if not other else "all are at 1 but " + ", ".join(other)

    def fact_replicates(self):
        """8 replicates."""
        count = self.main.replicates
        return f"{count} replicate{'' if count == 1 else 's'}" + ("; there are no intervals" if count == 1 else "")

    def fact_outcome_count(self):
        """How many outcomes there are."""
        return f"{len(self.main.outcome_names)}"

    def fact_recorded(self):
        """Which tables the file holds."""
        return "tables in the file: " + ", ".join(f"/{name}" for name in self.main)

    def fact_population(self):
        """Where people come from."""
        file = self.parameter_texts().get("population.file", "")
        if file:
            return f"The starting patients come from a file ({os.path.basename(file)}), kept in the results file (/config)."
        return "No file of patients was given: people are drawn."

    def fact_parameter_count(self):
        """How many parameters there are."""
        if "config" not in self.main:
            raise Lacking("the file does not hold its configuration.")
        return f"{self.main['config'].sizes['parameter']}"

    def fact_assumed(self):
        """How many parameters are judgements."""
        sources = list(self.config_column("source").values()) if "config" in self.main else []
        if not sources:
            raise Lacking("the file does not hold the sources of its parameters.")
        return (f"Of {len(sources)} parameters, {sources.count('assumed')} are judgements and "
                f"{sources.count('calibrated')} were calibrated.")

    def fact_experiments(self):
        """What the files hold besides a run."""
        said = {"run": "one run of a configuration", "compare": "a comparison of scenarios with a base",
                "sweep": "a sweep of parameters", "ablate": "each configuration of the theory switched off alone"}
        return "Experiments: " + "; ".join(
            f"{said[result.kind]} ({os.path.basename(result.path)}, {len(result.scenarios)} scenario"
            f"{'' if len(result.scenarios) == 1 else 's'})" for result in self.results) + "."

    def fact_comparators(self):
        """What the service is compared with."""
        said = []
        if self.main.parameter("run.counterfactual") == 1:
            said.append("the same people in the same weeks without link workers")
        if any(result.kind == "compare" for result in self.results):
            said.append("the base scenario with each other one")
        if not said:
            raise Lacking("the paired run without link workers was not made (run.counterfactual is 0).")
        return "Compared: " + "; ".join(said) + "."

    # ---- tables ----

    def table(self, name):
        """The table of that name."""
        return getattr(self, f"table_{name}")()

    def site_rows(self):
        """One dictionary a site, of texts."""
        rows = []
        for entry in re.split(r"^  - ", self.part_of_yaml("sites"), flags=re.MULTILINE)[1:]:
            rows.append({key: value.strip('"') for key, value in re.findall(r"^ *(\w+): (.*)$", entry, re.MULTILINE)})
        if not rows:
            raise Lacking("the file does not hold the sites of its configuration.")
        return rows

    def table_sites(self):
        """Sites with their attributes."""
        rows = self.site_rows()
        keys = list(rows[0])
        more = f"The first {MOST_ROWS} of {len(rows)} sites." if len(rows) > MOST_ROWS else "Sites of this run."
        return table([key.replace("_", " ") for key in keys],
                     [[row.get(key, "") for key in keys] for row in rows[:MOST_ROWS]], more)

    def table_of_estimates(self, names, caption):
        """outcome, value, definition of those that are defined."""
        rows = []
        for name in names:
            try:
                rows.append([f"`{name}`", self.outcome(name), self.main.definition(name)])
            except Lacking:
                if self.main.kind == "sweep":
                    raise
        if not rows:
            raise Lacking("none of these outcomes is defined in this run.")
        return table(["outcome", "mean (95 % interval)", "definition"], rows, caption)

    def table_outcomes(self):
        """The headline outcomes."""
        return self.table_of_estimates(HEADLINES, "Headline outcomes; the file has all.")

    def table_cost_outcomes(self):
        """Outcomes of cost and effect."""
        names = [name for name in self.main.outcome_names if name.startswith(("cost.", "contrast."))]
        return self.table_of_estimates(names, "Costs, gains and effects; what rests on QALYs and WELLBYs is not to be quoted.")

    def table_groups(self):
        """Connected by group."""
        data = tables.need(self.main, "groups")[0]
        names = [str(name) for name in data["group"].values]
        share = tables.ratio(data["connected"].values[0], data["offered"].values[0])
        rows = []
        for category, groups in tables.GROUPS.items():
            for group, label in groups.items():
                if group in names:
                    mean, low, high = tables.interval(share[:, names.index(group)])
                    rows.append([f"{category}: {label}", estimate_words(words.Estimate(mean, low, high, "share"))])
        return table(["group", "connected, of those offered"], rows)

    def table_people(self):
        """How many of each group."""
        data = tables.need(self.main, "groups")[0]
        names = [str(name) for name in data["group"].values]
        offered = np.asarray(data["offered"].values[0], dtype=float)
        share = tables.ratio(offered, offered[:, [names.index("all")]])
        rows = []
        for category, groups in tables.GROUPS.items():
            for group, label in groups.items():
                if group in names:
                    mean, low, high = tables.interval(share[:, names.index(group)])
                    rows.append([f"{category}: {label}", estimate_words(words.Estimate(mean, low, high, "share"))])
        return table(["group", "share of people ever offered a referral"], rows)

    def parameter_rows(self, chosen):
        """name, value, default, unit, source, meaning of the chosen parameters."""
        texts, units = self.parameter_texts(), self.config_column("unit")
        sources, meanings = self.config_column("source"), self.config_column("meaning")
        return [[f"`{name}`", texts[name], units[name], sources[name], meanings[name]] for name in texts
                if name in units and chosen(name)]

    def table_initial(self):
        """Parameters from which people are drawn."""
        mode = {0: "registered", 1: "population"}.get(self.main.parameter("run.mode"), "")
        rows = self.parameter_rows(lambda name: name.split(".")[0] in INITIAL_SECTIONS and not name.startswith(f"{mode}."))
        return table(["parameter", "value", "unit", "source", "meaning"], rows)

    def table_costs(self):
        """Unit costs."""
        return table(["parameter", "value", "unit", "source", "meaning"],
                     self.parameter_rows(lambda name: name.startswith("cost.")))

    def table_sources(self):
        """How many parameters rest on what."""
        sources = list(self.config_column("source").values()) if "config" in self.main else []
        if not sources:
            raise Lacking("the file does not hold the sources of its parameters.")
        counts = sorted(((sources.count(source), source) for source in set(sources)), key=lambda x: (-x[0], x[1]))
        return table(["source", "parameters"], [[source, count] for count, source in counts],
                     "What the parameters rest on (assumed: a judgement; design: a definition; policy: a lever).")

    def table_changed(self):
        """Parameters that differ from the default."""
        changed = buyin_results.changed_parameters(self.main)
        if changed.empty:
            return "Every numeric parameter has its shipped default."
        return table(["parameter", "value", "default", "unit", "meaning"],
                     [[f"`{x.parameter}`", f"{x.value:g}", f"{x.before:g}", x.unit, x.meaning]
                      for x in changed.itertuples()], "Numeric parameters that differ from the shipped default.")

    def table_scenarios(self):
        """What each scenario changes."""
        result = self.of_kind("compare")
        rows = []
        for place, name in enumerate(result.scenarios[1:], start=1):
            changes = buyin_results.changed_parameters(result, place, base=0)
            rows.append([tables.scenario_title(name), "; ".join(
                f"`{x.parameter}` {x.before:g} to {x.value:g}" for x in changes.itertuples())
                         or "no numeric parameter: sites, or changes with a date"])
        return table(["scenario", "base to scenario"], rows, f"Base: {tables.scenario_title(result.scenarios[0])}.")

    def table_comparison(self):
        """Paired differences."""
        result = self.of_kind("compare")
        rows = [[x.title, x.label, estimate_words(words.Estimate(x.difference, x.low, x.high, result.unit(x.outcome), True))]
                for x in tables.comparison(result).itertuples()]
        return table(["scenario", "outcome", "scenario minus base"], rows)

    def table_sweep(self):
        """What was varied."""
        result = self.of_kind("sweep")
        rows = [[f"`{axis.replace('_', '.', 1)}`", f"{values.min():g} to {values.max():g}", len(np.unique(values))]
                for axis, values in tables.sweep_axes(result).items()]
        return table(["parameter", "range", "values"], rows, f"The sweep: {len(result.scenarios)} points.")

    def table_ablation_counts(self):
        """How many configurations are confirmed."""
        verdicts = tables.ablation(self.of_kind("ablate")).drop_duplicates("configuration")["verdict"]
        counts = verdicts.value_counts()
        return table(["verdict in the model", "configurations"],
                     [[verdict, int(counts.get(verdict, 0))] for verdict in ("confirmed", "refuted", "undetermined")])

    def theory(self):
        """The configurations as the program lists them."""
        if self.program is None:
            raise Lacking("the theory is listed by the program, which was not found; start this as `buyin document`.")
        done = subprocess.run([self.program, "theory", "--format", "json"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Lacking("the program could not list the theory.")
        return json.loads(done.stdout)

    def table_configurations(self):
        """Configuration, equation, switch, result."""
        strengths = self.parameter_texts()
        try:
            result = self.of_kind("ablate")
            effects = tables.ablation(result).drop_duplicates("configuration").set_index("configuration")
        except Lacking:
            result, effects = None, None
        rows = []
        for row in self.theory():
            said = f"{row['context']} → {row['mechanism']} → {row['outcome']}"
            switch = f"`{row['strength']}` = {strengths.get(row['strength'], '?')}"
            found = "–"
            if effects is not None and row["id"] in effects.index:
                x = effects.loc[row["id"]]
                estimate = words.Estimate(x["claimed_mean"], x["claimed_low"], x["claimed_high"],
                                          result.unit(x["outcome_measure"]), True)
                found = f"{x['verdict']}: {estimate_words(estimate)}"
            rows.append([row["id"], said, f"`{row['equation']}` ({row['file']})", switch, f"`{row['measure']}`", found])
        lacking = "" if effects is not None else (
            " The last column is empty: no file of `buyin ablate CONFIG -o FILE` was given.")
        return table(["", "context → mechanism → outcome", "equation", "switch", "judged by", "with minus without it"],
                     rows, "Verdicts hold in the model only." + lacking)
