# SPDX-License-Identifier: GPL-3.0-or-later
"""Read results files of Buyin from Python.

    import buyin_results
    result = buyin_results.open("results/study.h5")
    result["outcomes"]                        # a labelled xarray.Dataset, one for each group of the file
    buyin_results.outcomes("results/study.h5")          # every outcome with its 95 % interval, a pandas table
    buyin_results.tidy("results/study.h5")              # one number a row
    buyin_results.differences("results/compare.h5")     # scenario minus base, paired by replicate

Python finds the module after  sys.path.append("scripts").  `buyin export` writes the same tables as files.

Intervals are 95 % intervals of the mean over replicates (Student's t). They contain chance between replicates
only, not doubt about the assumptions.
"""
import functools
import json
import os
import re
from collections.abc import Mapping

import h5py
import numpy as np
import pandas as pd
import xarray as xr

from buyin_report.writing import Refused

FORMAT = "buyin-results"
NEWEST_FORMAT = 1
GROUPS_IN_TIDY = ("outcomes", "weekly", "link_workers", "pathways", "groups", "course")


class ResultError(Refused):
    """A file that cannot be used; the message is one sentence for people."""


def text(value):
    """Text of an attribute or cell that a file may hold as bytes, array of one, or text."""
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.reshape(-1)[0]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.item() if isinstance(value, np.generic) else value


class Result(Mapping):
    """A results file, opened: group name -> xarray.Dataset, read when first asked for.

    `attributes` holds the attributes of the file as Python text and numbers, `path` where it is, `kind` what made
    it ("run", "compare", "sweep", "ablate" or "economics"). Close it with `close()` or use it in a `with` statement.
    """

    def __init__(self, path, attributes, groups):
        self.path = path
        self.attributes = attributes
        self._groups = groups
        self._open = {}

    def __getitem__(self, group):
        if group not in self._groups:
            raise KeyError(f"{self.path} has no group /{group}; it has {', '.join(self._groups)}")
        if group not in self._open:
            data = xr.open_dataset(self.path, group=group, engine="h5netcdf")
            data.attrs = {key: text(value) for key, value in data.attrs.items()}
            for variable in data.variables.values():
                variable.attrs = {key: text(value) for key, value in variable.attrs.items()}
            self._open[group] = data
        return self._open[group]

    def __iter__(self):
        return iter(self._groups)

    def __len__(self):
        return len(self._groups)

    def __repr__(self):
        return f"<Buyin {self.kind} {self.path!r}: {', '.join(self._groups)}>"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Closes the file."""
        for data in self._open.values():
            data.close()
        self._open.clear()

    @property
    def kind(self):
        """What made the file: "ablate", "economics", "sweep", "compare" (several scenarios) or "run"."""
        if "theory" in self:
            return "ablate"
        if "economics" in self:
            return "economics"
        if "sweep" in self:
            return "sweep"
        return "compare" if len(self.scenarios) > 1 else "run"

    @functools.cached_property
    def scenarios(self):
        """Names of the scenarios; the first is the base."""
        return [str(text(name)) for name in self["outcomes"].scenario.values]

    def scenario_texts(self, name):
        """One of "title", "description" and "difference" (from the first) of each scenario; "" where the file lacks it."""
        if "config" not in self or name not in self["config"]:
            return [""] * len(self.scenarios)
        return [str(text(x) or "") for x in self["config"][name].values]

    @functools.cached_property
    def outcome_names(self):
        """Names of all outcomes -> their place in the file."""
        return {str(text(name)): place for place, name in enumerate(self["outcomes"].outcome.values)}

    @functools.cached_property
    def _cells(self):
        data = self["outcomes"]
        return {part: data[part].values for part in ("value", "mean", "standard_error", "low", "high")}

    @property
    def replicates(self):
        """How many replicates there are."""
        return int(self["outcomes"].sizes["replicate"])

    def replicate_values(self, outcome, scenario=0):
        """Value of an outcome in each replicate, shape (replicate,), in the unit of the outcome; all NaN if the
        file lacks it."""
        if outcome not in self.outcome_names:
            return np.full(self.replicates, np.nan)
        return self._cells["value"][scenario, :, self.outcome_names[outcome]]

    def estimate(self, outcome, scenario=0):
        """(mean, low, high) of an outcome as the file has it; NaN if the file lacks it."""
        if outcome not in self.outcome_names:
            return (np.nan, np.nan, np.nan)
        place = self.outcome_names[outcome]
        return tuple(float(self._cells[part][scenario, place]) for part in ("mean", "low", "high"))

    @functools.cached_property
    def _units(self):
        return [str(text(unit)) for unit in self["outcomes"].unit.values]

    @functools.cached_property
    def _definitions(self):
        return [str(text(words)) for words in self["outcomes"].definition.values]

    def unit(self, outcome):
        """Unit of an outcome, "" if the file lacks it."""
        place = self.outcome_names.get(outcome)
        return "" if place is None else self._units[place]

    def definition(self, outcome):
        """Definition of an outcome, "" if the file lacks it."""
        place = self.outcome_names.get(outcome)
        return "" if place is None else self._definitions[place]

    def parameter(self, name, scenario=0):
        """Value of a numeric parameter (a code where it is a choice); NaN if there is none of that name."""
        place = self._parameters.get(name)
        return float("nan") if place is None else float(self._parameter_values[scenario, place])

    @functools.cached_property
    def _parameters(self):
        if "config" not in self:
            return {}
        return {str(text(name)): place for place, name in enumerate(self["config"].parameter.values)}

    @functools.cached_property
    def _parameter_values(self):
        return self["config"].value.values

    @property
    def input_yaml(self):
        """The configuration files as they were read, "" if the file lacks them."""
        return str(text(self["config"].input_yaml.values)) if "config" in self else ""

    @functools.cached_property
    def description(self):
        """What the configuration says of itself."""
        if "config" not in self:
            return ""
        found = re.search(r'^description: (".*")$', str(text(self["config"].resolved_yaml.values)), re.MULTILINE)
        try:
            return json.loads(found.group(1)) if found else ""
        except ValueError:
            return found.group(1).strip('"')


def open(path):  # pylint: disable=redefined-builtin
    """Opens a results file; ResultError with one sentence if it is missing, incomplete or not Buyin's."""
    path = os.fspath(path)
    if not os.path.exists(path):
        raise ResultError(f"{path}: there is no such file")
    try:
        with h5py.File(path, "r") as file:
            attributes = {key: text(value) for key, value in file.attrs.items()}
            groups = [name for name in file if isinstance(file[name], h5py.Group)]
    except OSError as problem:
        raise ResultError(f"{path}: this is not a results file that can be read (HDF5 says no)") from problem
    if attributes.get("format") != FORMAT:
        raise ResultError(f"{path}: an HDF5 file, but not one that Buyin wrote")
    if int(attributes.get("format_version", 0)) > NEWEST_FORMAT:
        raise ResultError(f"{path}: written by a newer Buyin (format {attributes['format_version']}; "
                          f"this program reads up to {NEWEST_FORMAT})")
    if not attributes.get("complete") or path.endswith(".part"):
        raise ResultError(f"{path}: the run that writes it has not finished, or was interrupted")
    if "part" in attributes:
        raise ResultError(f"{path}: is part {attributes['part']} of {attributes['parts']}: "
                          "put the parts together with 'buyin merge'")
    if "outcomes" not in groups:
        raise ResultError(f"{path}: it has no outcomes")
    return Result(path, attributes, groups)


def opened(result):
    """A Result from a Result or a path."""
    return result if isinstance(result, Result) else open(result)


@functools.lru_cache(maxsize=None)
def t_quantile(degrees, level=0.95):
    """Two-sided quantile of Student's t: P(|T| < quantile) = level. Integrates the density (T = √n tan θ)."""
    angle = np.linspace(0, np.pi / 2, 400001)
    density = np.cos(angle) ** (degrees - 1)
    share = np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return float(np.sqrt(degrees) * np.tan(np.interp(level, share / share[-1], angle)))


def estimate(values, axis=-1):
    """Mean over `axis` (replicates) with its 95 % interval.

    values: array, NaN where not defined. Returns (mean, standard_error, low, high), each of the shape of values
    without `axis`; the interval is NaN where fewer than two replicates have a value.
    """
    values = np.asarray(values, dtype=float)
    defined = np.isfinite(values)
    count = defined.sum(axis)
    filled = np.where(defined, values, 0)
    mean = np.divide(filled.sum(axis), count, out=np.full(count.shape, np.nan), where=count > 0)
    apart = np.where(defined, values - np.expand_dims(mean, axis), 0)
    variance = np.divide((apart**2).sum(axis), count - 1, out=np.full(count.shape, np.nan), where=count > 1)
    error = np.sqrt(variance / np.maximum(count, 1))
    factor = np.full(count.shape, np.nan)
    for number in np.unique(count[count > 1]):
        factor[count == number] = t_quantile(int(number) - 1)
    return mean, error, mean - factor * error, mean + factor * error


def outcomes(path):
    """Every named outcome, as the file has it.

    Returns a DataFrame with one row a scenario and outcome: scenario, outcome, unit, mean, standard_error, low,
    high (95 % interval, in the unit), definition.
    """
    data = opened(path)["outcomes"]
    names = [str(text(name)) for name in data.outcome.values]
    scenarios = [str(text(name)) for name in data.scenario.values]
    table = pd.DataFrame({
        "scenario": np.repeat(scenarios, len(names)),
        "outcome": names * len(scenarios),
        "unit": [str(text(unit)) for unit in data.unit.values] * len(scenarios),
    })
    for part in ("mean", "standard_error", "low", "high"):
        table[part] = data[part].values.reshape(-1)
    table["definition"] = [str(text(words)) for words in data.definition.values] * len(scenarios)
    return table


def measure_names(variable, labels, dimensions):
    """"persons.closed": the name of a variable and the labels of its further dimensions."""
    names = np.array([variable], dtype=object)
    for dimension in dimensions:
        names = (names[:, None] + np.array([f".{text(x)}" for x in labels[dimension]], dtype=object)).reshape(-1)
    return names


def tidy_variable(data, variable, group):
    """The long table of one variable; its own dimensions besides those of the table are put into `group` (the place
    or people: site, post, group, stratum) and `measure` (everything else)."""
    cells = data[variable]
    time = next((d for d in ("week", "lag") if d in cells.dims), None)
    people = next((d for d in ("site", "post", "group", "stratum") if d in cells.dims), None)
    fixed = ["scenario", "replicate"] + [d for d in (time, people) if d]
    rest = [d for d in cells.dims if d not in fixed]
    cells = cells.transpose(*fixed, *rest)
    labels = {d: cells[d].values if d in cells.coords else np.arange(cells.sizes[d]) for d in cells.dims}
    names = [f"{variable}.{text(x)}" for x in labels["outcome"]] if rest == ["outcome"] else None
    names = np.array(names, dtype=object) if names else measure_names(variable, labels, rest)
    if group == "outcomes":
        names = np.array([str(text(x)) for x in labels["outcome"]], dtype=object)
    sizes = [cells.sizes[d] for d in fixed] + [len(names)]
    columns = {"value": np.asarray(cells.values, dtype=float).reshape(-1)}
    for place, dimension in enumerate(fixed):
        shape = [1] * len(sizes)
        shape[place] = sizes[place]
        columns[dimension] = np.broadcast_to(labels[dimension].reshape(shape), sizes).reshape(-1)
    measure = np.broadcast_to(names, sizes).reshape(-1)
    return pd.DataFrame({
        "scenario": columns["scenario"], "replicate": columns["replicate"],
        "week": columns[time] if time else pd.NA, "group": columns[people] if people else "all",
        "measure": measure, "value": columns["value"]})


def tidy_parts(path, groups=GROUPS_IN_TIDY):
    """The tables that `tidy` joins, one after the other: for files of many scenarios."""
    result = opened(path)
    for group in groups:
        if group not in result:
            continue
        data = result[group]
        names = ["value"] if group == "outcomes" else list(data.data_vars)
        for variable in names:
            if {"scenario", "replicate"} <= set(data[variable].dims):
                table = tidy_variable(data, variable, group)
                if group != "outcomes":
                    table["measure"] = f"{group}." + table["measure"]
                if variable == "moved":  # of the pairs of statuses, those between which somebody moved
                    table = table[table["value"].ne(0).groupby(table["measure"]).transform("any")]
                yield table[np.isfinite(table["value"])]


def tidy(path, groups=GROUPS_IN_TIDY):
    """One number a row: DataFrame of scenario, replicate, week, group, measure, value.

    groups: which groups of the file; those it lacks are left out. `week` is the week of the run, in /course the week
    after the first session, missing where a measure has no time. `group` is a site, post, group or stratum of people,
    or "all". Units are attributes of the file (`open(path)[group][variable].attrs["units"]`). Rows without a value are
    left out. The shipped study has about 400,000 rows.
    """
    return pd.concat(tidy_parts(path, groups), ignore_index=True)


def parameters(path):
    """Every numeric parameter of every scenario: scenario, parameter, value (a code where it is a choice), default,
    unit, source, meaning."""
    data = opened(path)["config"]
    count = data.sizes["scenario"]
    texts = {name: [str(text(x)) for x in data[name].values] for name in ("parameter", "unit", "source", "meaning")}
    table = pd.DataFrame({
        "scenario": np.repeat([str(text(x)) for x in data.scenario.values], data.sizes["parameter"]),
        "parameter": texts["parameter"] * count, "value": data["value"].values.reshape(-1),
        "default": np.tile(data["default_value"].values, count),
        **{name: texts[name] * count for name in ("unit", "source", "meaning")}})
    return table[np.isfinite(table["value"])]


def cohort(path):
    """A patient a row, all columns of /cohort; ResultError where patients were not recorded."""
    result = opened(path)
    if "cohort" not in result:
        raise ResultError(f"{result.path}: it has no patients; run with --set record=cohort")
    table = result["cohort"].to_dataframe()
    return table.reset_index(drop=True)


def differences(path, base=None):
    """Scenario minus base, replicate by replicate (same seed, same people), then averaged.

    base: name of a scenario; the first of the file if left out. Returns a DataFrame with one row a scenario and
    outcome: scenario, outcome, unit, base, value, difference, standard_error, low, high (95 % t interval of the
    difference), in the unit of the outcome. ResultError if there is nothing to compare.
    """
    result = opened(path)
    if len(result.scenarios) < 2:
        raise ResultError(f"{result.path}: one scenario only, nothing to compare")
    base = result.scenarios[0] if base is None else base
    if base not in result.scenarios:
        raise ResultError(f"{result.path}: no scenario {base!r}; there are {', '.join(result.scenarios[:8])}")
    data = result["outcomes"]
    values = data["value"].values
    first = result.scenarios.index(base)
    others = [place for place in range(len(result.scenarios)) if place != first]
    names = list(result.outcome_names)
    mean, error, low, high = estimate(values[others] - values[first], axis=1)
    return pd.DataFrame({
        "scenario": np.repeat([result.scenarios[place] for place in others], len(names)),
        "outcome": names * len(others),
        "unit": [str(text(unit)) for unit in data.unit.values] * len(others),
        "base": np.tile(data["mean"].values[first], len(others)),
        "value": data["mean"].values[others].reshape(-1),
        "difference": mean.reshape(-1), "standard_error": error.reshape(-1),
        "low": low.reshape(-1), "high": high.reshape(-1)})


def changed_parameters(path, scenario=0, base=None):
    """Numeric parameters of a scenario that differ from the shipped default (or from scenario number `base`).

    Returns a DataFrame: parameter, value, before, unit, meaning.
    """
    result = opened(path)
    if "config" not in result:
        return pd.DataFrame(columns=["parameter", "value", "before", "unit", "meaning"])
    data = result["config"]
    value = data["value"].values[scenario]
    before = data["default_value"].values if base is None else data["value"].values[base]
    differs = (value != before) & ~(np.isnan(value) & np.isnan(before))
    return pd.DataFrame({
        "parameter": data.parameter.values[differs], "value": value[differs], "before": before[differs],
        "unit": data.unit.values[differs], "meaning": data.meaning.values[differs]})
