# SPDX-License-Identifier: GPL-3.0-or-later
"""How the commands start and end: 0 done, 1 failed, 2 bad input. Needs nothing but Python itself."""
import importlib
import os
import sys

from buyin_report.writing import Refused

PACKAGES = "python3-h5py python3-numpy python3-pandas python3-xarray python3-h5netcdf python3-matplotlib python3-jinja2"


def start(program, module):
    """Runs main() of a module as a command, and ends."""
    try:
        main = importlib.import_module(module).main
    except ModuleNotFoundError as missing:
        print(f"{program}: the Python module {missing.name} is missing; on Debian: apt-get install {PACKAGES}",
              file=sys.stderr)
        sys.exit(1)
    try:
        main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Refused as problem:
        print(f"{program}: {problem}", file=sys.stderr)
        sys.exit(2)
    except OSError as problem:
        where = f"{problem.filename} could not be written: " if problem.filename else ""
        print(f"{program}: {where}{problem.strerror or problem}", file=sys.stderr)
        sys.exit(1)
    sys.exit(0)
