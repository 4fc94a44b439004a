#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that a results file opens with its labels in h5py, xarray, netCDF and R.

    test_open_labels.py FILE              the rules that every results file obeys
    test_open_labels.py --example FILE    and the values that write_example.c wrote

Needs h5py, xarray and h5netcdf; ncdump and Rscript with rhdf5 are used where they are found.
Ends with 0 if all is well, 1 with one line for each fault.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy
import xarray

ORDERED = h5py.h5p.CRT_ORDER_TRACKED | h5py.h5p.CRT_ORDER_INDEXED
BARE = "This is a netCDF dimension but not a netCDF variable."
# xarray turns a dataset with one of these units into timedelta64 by itself
TIME_UNITS = {"days", "hours", "minutes", "seconds", "milliseconds", "microseconds", "nanoseconds"}
OF_THE_LIBRARY = {"CLASS", "NAME", "REFERENCE_LIST", "DIMENSION_LIST", "_Netcdf4Dimid"}

faults = []


def expect(holds, sentence):
    if not holds:
        faults.append(sentence)
    return holds


def read_text(thing, name):
    value = thing.attrs.get(name)
    return value.decode() if isinstance(value, bytes) else value


def is_scale(dataset):
    return read_text(dataset, "CLASS") == "DIMENSION_SCALE"


def is_bare(dataset):
    return (read_text(dataset, "NAME") or "").startswith(BARE)


def name_dimensions(dataset):
    """The names of a dataset's dimensions, None where there is no scale."""
    if is_scale(dataset):
        return [dataset.name.rsplit("/", 1)[1]]
    return [dim[0].name.rsplit("/", 1)[1] if len(dim) == 1 else None for dim in dataset.dims]


def is_plain(data_type):
    """Whether it is a number or a text: no enum, compound, bool, or array type."""
    return isinstance(data_type, (h5py.h5t.TypeIntegerID, h5py.h5t.TypeFloatID,
                                  h5py.h5t.TypeStringID)) and \
        not isinstance(data_type, (h5py.h5t.TypeEnumID, h5py.h5t.TypeCompoundID))


def check_attributes(thing):
    for name in thing.attrs:
        if name not in OF_THE_LIBRARY:
            expect(is_plain(thing.attrs.get_id(name).get_type()),
                   f"{thing.name}: attribute {name} is neither number nor text")


def check_group(group):
    creation = h5py.h5g.open(group.id, b".").get_create_plist()
    expect(creation.get_link_creation_order() == ORDERED, f"{group.name}: order is not tracked")
    expect(creation.get_attr_creation_order() == ORDERED,
           f"{group.name}: order of attributes is not tracked")
    expect(group.name == "/" or read_text(group, "description"),
           f"{group.name}: has no description")
    check_attributes(group)


def check_words(dataset):
    units = read_text(dataset, "units")
    expect(read_text(dataset, "long_name"), f"{dataset.name}: has no long_name")
    expect(units or dataset.dtype == object, f"{dataset.name}: has no units")
    expect(units not in TIME_UNITS,
           f"{dataset.name}: units '{units}' make xarray decode times: write '{(units or ' ')[:-1]}'")


def check_codes(dataset):
    fill = dataset.attrs.get("_FillValue")
    if fill is not None:
        expect(fill.dtype == dataset.dtype and numpy.size(fill) == 1,
               f"{dataset.name}: _FillValue is not one value of the dataset's type")
        expect(numpy.array_equal(fill, dataset.fillvalue, equal_nan=dataset.dtype.kind == "f"),
               f"{dataset.name}: _FillValue {fill} is not HDF5's {dataset.fillvalue}")
    values, meanings = dataset.attrs.get("flag_values"), read_text(dataset, "flag_meanings")
    expect((values is None) == (meanings is None), f"{dataset.name}: half of its flags is missing")
    if values is not None and meanings is not None:
        expect(values.dtype == dataset.dtype, f"{dataset.name}: flag_values have another type")
        expect(len(values) == len(meanings.split(" ")) and "" not in meanings.split(" "),
               f"{dataset.name}: {len(values)} flag_values for '{meanings}'")


def check_dataset(dataset):
    creation = dataset.id.get_create_plist()
    expect(creation.get_attr_creation_order() == ORDERED,
           f"{dataset.name}: order of attributes is not tracked")
    expect(not creation.get_obj_track_times(), f"{dataset.name}: stores times of day")
    expect(is_plain(dataset.id.get_type()), f"{dataset.name}: is neither number nor text")
    check_attributes(dataset)
    if is_scale(dataset):
        expect(dataset.ndim == 1, f"{dataset.name}: is a scale of rank {dataset.ndim}")
        if is_bare(dataset):
            expect(int(read_text(dataset, "NAME").rsplit(" ", 1)[1]) == dataset.shape[0],
                   f"{dataset.name}: its netCDF mark tells another size")
            return
    elif dataset.ndim > 0:
        for axis, dim in enumerate(dataset.dims):
            if expect(len(dim) == 1, f"{dataset.name}: axis {axis} has {len(dim)} scales"):
                expect(dim[0].shape == (dataset.shape[axis],),
                       f"{dataset.name}: axis {axis} and {dim[0].name} differ in size")
                expect(dim[0].parent == dataset.parent,
                       f"{dataset.name}: {dim[0].name} is of another group")
    if dataset.ndim > 0:
        check_words(dataset)
    else:
        expect(read_text(dataset, "long_name"), f"{dataset.name}: has no long_name")
    check_codes(dataset)


def check_hdf5(file):
    """Returns the datasets that are variables, in order."""
    datasets = []

    def visit(_, thing):
        if isinstance(thing, h5py.Group):
            check_group(thing)
        elif expect(isinstance(thing, h5py.Dataset), f"{thing.name}: is a named type"):
            check_dataset(thing)
            datasets.append(thing)

    check_group(file)
    expect(read_text(file, "format") == "buyin-results", "the root has no format")
    expect(file.attrs.get("format_version") == 1, "the root's format_version is not 1")
    expect(file.attrs.get("complete") == 1, "the file is not complete")
    file.visititems(visit)
    return [dataset for dataset in datasets if not is_bare(dataset)]


def read_labels(dataset):
    return [label.decode() for label in dataset[()]]


def check_xarray(path, datasets):
    for group in sorted({dataset.parent.name for dataset in datasets}):
        with xarray.open_dataset(path, engine="h5netcdf", group=group) as opened:
            for dataset in datasets:
                if dataset.parent.name != group:
                    continue
                name = dataset.name.rsplit("/", 1)[1]
                if not expect(name in opened.variables, f"xarray: {dataset.name}: is missing"):
                    continue
                found = opened.variables[name]
                expect(list(found.dims) == name_dimensions(dataset),
                       f"xarray: {dataset.name}: dimensions are {found.dims}")
                expect(found.shape == dataset.shape, f"xarray: {dataset.name}: has another shape")
                for word in ("units", "long_name"):
                    expect(found.attrs.get(word) == read_text(dataset, word),
                           f"xarray: {dataset.name}: {word} is {found.attrs.get(word)}")
                expect(("_FillValue" in found.encoding) == ("_FillValue" in dataset.attrs),
                       f"xarray: {dataset.name}: its fill value is lost")
                expect(not is_scale(dataset) or name in opened.coords,
                       f"xarray: {dataset.name}: is no coordinate")
                if is_scale(dataset) and dataset.dtype == object:
                    expect(list(opened[name].values) == read_labels(dataset),
                           f"xarray: {dataset.name}: labels are {opened[name].values}")


def check_ncdump(path, datasets):
    if shutil.which("ncdump") is None:
        print("not checked: ncdump is not installed")
        return
    done = subprocess.run(["ncdump", "-h", path], capture_output=True, text=True, check=False)
    if not expect(done.returncode == 0, f"ncdump: {done.stderr.strip()}"):
        return
    lines = [line.strip() for line in done.stdout.splitlines()]
    for dataset in datasets:
        name = dataset.name.rsplit("/", 1)[1]
        shape = f"{name}({', '.join(name_dimensions(dataset))})" if dataset.ndim > 0 else name
        expect(any(re.fullmatch(rf"\w+ {re.escape(shape)} ;", line) for line in lines),
               f"ncdump: {dataset.name}: no line '{shape}'")
        if "units" in dataset.attrs:
            expect(f'{name}:units = "{read_text(dataset, "units")}" ;' in lines,
                   f"ncdump: {dataset.name}: its units are lost")
        if "_FillValue" in dataset.attrs:
            expect(any(line.startswith(f"{name}:_FillValue = ") for line in lines),
                   f"ncdump: {dataset.name}: its fill value is lost")
    for dataset in datasets:
        if not is_scale(dataset) or dataset.dtype != object:
            continue
        done = subprocess.run(["ncdump", "-v", dataset.name, path], capture_output=True, text=True,
                              check=False)
        name = dataset.name.rsplit("/", 1)[1]
        for label in read_labels(dataset):
            expect(f'"{label}"' in done.stdout, f"ncdump: {name}: label '{label}' is missing")


# Prints tab-separated facts of each dataset; R has the first dimension vary fastest, so reverse.
R_SCRIPT = """
suppressMessages(library(rhdf5))
arguments <- commandArgs(trailingOnly = TRUE)
say <- function(...) cat(paste(..., sep = "\\t"), "\\n", sep = "")
listed <- h5ls(arguments[1])
paths <- sub("//", "/", paste(listed$group, listed$name, sep = "/"))
for (name in arguments[-1]) {
    words <- suppressWarnings(h5readAttributes(arguments[1], name))
    for (word in intersect(c("units", "long_name"), names(words))) say(name, word, words[[word]])
    if ("_FillValue" %in% names(words)) say(name, "fill")
    sizes <- strsplit(listed$dim[paths == name], " x ")[[1]]
    say(name, "shape", paste(rev(sizes), collapse = " "))
    if ("CLASS" %in% names(words)) {
        values <- h5read(arguments[1], name)
        if (is.character(values)) for (value in values) say(name, "label", value)
    }
}
"""


def expect_in_r(dataset):
    lines = [f"{dataset.name}\t{word}\t{read_text(dataset, word)}"
             for word in ("units", "long_name") if word in dataset.attrs]
    if "_FillValue" in dataset.attrs:
        lines.append(f"{dataset.name}\tfill")
    if dataset.ndim > 0:
        lines.append(f"{dataset.name}\tshape\t{' '.join(str(size) for size in dataset.shape)}")
    if is_scale(dataset) and dataset.dtype == object:
        lines += [f"{dataset.name}\tlabel\t{label}" for label in read_labels(dataset)]
    return lines


def check_r(path, datasets):
    if shutil.which("Rscript") is None:
        print("not checked: Rscript is not installed")
        return
    with tempfile.TemporaryDirectory() as directory:
        script = Path(directory) / "labels.R"
        script.write_text(R_SCRIPT, encoding="utf-8")
        done = subprocess.run(["Rscript", "--vanilla", script, path,
                               *[dataset.name for dataset in datasets]],
                              capture_output=True, text=True, check=False)
    if "there is no package called" in done.stderr:
        print("not checked: R has no package rhdf5")
        return
    if expect(done.returncode == 0, f"rhdf5: {done.stderr.strip()}"):
        found = set(done.stdout.splitlines())
        for dataset in datasets:
            for line in expect_in_r(dataset):
                expect(line in found, f"rhdf5: no line '{line}'")


def check_example(path):
    """What write_example.c wrote comes back under its labels."""
    with xarray.open_dataset(path, engine="h5netcdf") as root:
        expect(root.attrs["command"] == "buyin run example.yaml \u2014 caf\u00e9",
               f"example: command is {root.attrs['command']}")
        expect((root.attrs["seed"], root.attrs["share"], root.attrs["note"]) == (20240607, 0.25, ""),
               "example: attributes of the root differ")
    with xarray.open_dataset(path, engine="h5netcdf", group="weekly") as weekly:
        left = weekly.status_count.sel(scenario="two link workers \u00e9", status="left", week=3.5)
        whole = numpy.arange(2 * 3 * 3 * 52, dtype="f4").reshape(2, 3, 52, 3)
        expect(list(left.values) == list(whole[1, :, 3, 2]), f"example: left is {left.values}")
        few = weekly.few.values
        expect(numpy.isnan(few[0]).all() and list(few[1].ravel()) == list(range(9)),
               f"example: few is {few}")
        expect(weekly.sizes["nothing"] == 0, "example: a dimension of size 0 has grown")
    with xarray.open_dataset(path, engine="h5netcdf", group="cohort") as cohort:
        expect(list(cohort.patient.values) == list(range(1000, 1700)), "example: patients differ")
        expect(numpy.array_equal(cohort.end.values[:5], [0, 1, 2, numpy.nan, 0], equal_nan=True),
               f"example: end is {cohort.end.values[:5]}")
        expect(list(cohort.word.values[100:102]) == ["first", "second"],
               f"example: words are {cohort.word.values[100:103]}")
    with xarray.open_dataset(path, engine="h5netcdf", group="cohort/inner") as inner:
        expect(inner.kind.shape == (5,), f"example: kind has shape {inner.kind.shape}")
    with xarray.open_dataset(path, engine="h5netcdf", group="config") as config:
        expect(len(config.resolved_yaml.item()) == 99999, "example: the document is cut")


def main(words):
    is_example = words[:1] == ["--example"]
    words = words[is_example:]
    if len(words) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    path = words[0]
    with h5py.File(path, "r") as file:
        datasets = check_hdf5(file)
        count = len(datasets)
        if not faults:  # the programs' own complaints would tell less
            check_xarray(path, datasets)
            check_ncdump(path, datasets)
            check_r(path, datasets)
    if is_example and not faults:
        check_example(path)
    for fault in faults:
        print(f"{path}: {fault}")
    print(f"{path}: {count} datasets, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
