# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole results files, dataset by dataset and byte by byte, with every attribute except those that
tell about the run itself.
"""

import h5py

OF_THE_RUN = {"created", "host", "threads", "processes", "seconds", "command"}


def contents(path):
    """{name of a dataset or attribute: type, shape and bytes}."""
    found = {}

    def visit(name, thing):
        for key in thing.attrs:
            if key in ("REFERENCE_LIST", "DIMENSION_LIST") or (name == "/" and key in OF_THE_RUN):
                continue  # references are places in the file, not contents
            value = thing.attrs[key]
            found[f"{name}@{key}"] = (type(value).__name__, repr(value))
        if isinstance(thing, h5py.Dataset):
            value = thing[()]
            is_text = thing.dtype == object
            whole = repr(value.tolist() if thing.shape else value) if is_text else value.tobytes()
            found[name] = (str(thing.dtype), thing.shape, whole)

    with h5py.File(path, "r") as file:
        visit("/", file)
        file.visititems(visit)
    return found


def expect_same(test, what, one, other, least=300):
    """`least`: of a file with less, something is missing."""
    a, b = contents(one), contents(other)
    test.expect(len(a) > least, f"{what}: only {len(a)} datasets and attributes to compare")
    differing = sorted(set(a) ^ set(b)) + sorted(key for key in set(a) & set(b) if a[key] != b[key])
    test.expect(not differing,
                f"{what}: {len(differing)} of {len(a)} datasets and attributes differ: "
                f"{', '.join(differing[:5])}")
    return a
