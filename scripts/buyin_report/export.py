# SPDX-License-Identifier: GPL-3.0-or-later
"""`buyin export`: the tables of a results file as CSV or Parquet."""
import argparse
import importlib.util
import os
import sys

import buyin_results as results
from buyin_report.writing import Refused, check_output, whole

TABLES = {"tidy": "one number a row: scenario, replicate, week, group, measure, value (default)",
          "outcomes": "every named outcome of every scenario with its 95 % interval, unit and definition",
          "differences": "scenario minus base, paired by replicate, with 95 % interval",
          "parameters": "every numeric parameter of every scenario with default, unit and meaning",
          "cohort": "a patient a row, where patients were recorded (--set record=cohort)"}


def parts(result, given):
    """The table asked for, in pieces that follow each other."""
    if given.table == "tidy":
        groups = given.groups.split(",") if given.groups else results.GROUPS_IN_TIDY
        for name in groups:
            if name not in results.GROUPS_IN_TIDY:
                raise Refused(f"--groups {name}: there are {', '.join(results.GROUPS_IN_TIDY)}")
            if given.groups and name not in result:
                raise Refused(f"{result.path}: it has no group /{name}")
        yield from results.tidy_parts(result, groups)
    elif given.table == "outcomes":
        yield results.outcomes(result)
    elif given.table == "differences":
        yield results.differences(result, given.base)
    elif given.table == "parameters":
        yield results.parameters(result)
    else:
        yield results.cohort(result)


def write_csv(pieces, path):
    """Numbers are written so that they read back the same."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        for number, piece in enumerate(pieces):
            piece.to_csv(file, index=False, header=number == 0)


def write_parquet(pieces, path):
    """One Parquet file of all pieces."""
    import pandas  # pylint: disable=import-outside-toplevel
    pandas.concat(pieces, ignore_index=True).to_parquet(path, index=False)


def main(arguments=None):
    """The command."""
    parser = argparse.ArgumentParser(
        prog="buyin export", description="Writes a table of a results file.", formatter_class=argparse.RawTextHelpFormatter,
        epilog="Tables:\n" + "\n".join(f"  {name:12} {words}" for name, words in TABLES.items()))
    parser.add_argument("result", metavar="RESULT", help="results file of run, compare, sweep, ablate or economics")
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--csv", action="store_true", help="as CSV (UTF-8, one header line)")
    kind.add_argument("--parquet", action="store_true", help="as Parquet; needs pyarrow or fastparquet, which\n"
                      "Debian 12 does not have as packages")
    parser.add_argument("--table", default="tidy", metavar="NAME", help="which table (below)")
    parser.add_argument("--groups", metavar="LIST", help="tidy: only these groups of the file, with commas between:\n"
                        + ", ".join(results.GROUPS_IN_TIDY))
    parser.add_argument("--base", metavar="SCENARIO", help="differences: from this scenario (default: the first)")
    parser.add_argument("-o", "--output", metavar="FILE", help="default: RESULT with .csv or .parquet; - for standard "
                        "output (CSV)")
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    given = parser.parse_args(arguments)
    if given.table not in TABLES:
        raise Refused(f"--table {given.table}: there are {', '.join(TABLES)}")
    for option, table in (("groups", "tidy"), ("base", "differences")):
        if getattr(given, option) is not None and given.table != table:
            raise Refused(f"--{option} goes with --table {table} only")
    if given.parquet and not any(importlib.util.find_spec(x) for x in ("pyarrow", "fastparquet")):
        raise OSError("Parquet needs the Python module pyarrow or fastparquet, and neither is installed (Debian 12 has "
                      "no package of them); --csv always works")
    output = given.output or os.path.splitext(given.result)[0] + (".csv" if given.csv else ".parquet")
    if output == "-" and given.parquet:
        raise Refused("--parquet cannot go to standard output; name a file with -o")
    with results.open(given.result) as result:
        pieces = parts(result, given)
        if output == "-":
            for number, piece in enumerate(pieces):
                piece.to_csv(sys.stdout, index=False, header=number == 0)
            return
        check_output(output, [given.result], given.force)
        with whole(output) as temporary:
            (write_csv if given.csv else write_parquet)(pieces, temporary)
    print(f"Table: {output}", file=sys.stderr)
