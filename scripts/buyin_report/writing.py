# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing files: what may be replaced, and nothing half-written under its name. Needs nothing but Python itself."""
import contextlib
import os
import tempfile


class Refused(Exception):
    """Bad input; the message is one sentence for people."""


def check_output(output, inputs, force):
    """Refused if a file may not be written: a folder, one of the inputs, or there already and not `force`."""
    if os.path.isdir(output):
        raise Refused(f"{output} is a folder")
    if os.path.exists(output) and any(os.path.exists(x) and os.path.samefile(x, output) for x in inputs):
        raise Refused(f"{output} is one of the results; name another file with -o")
    if os.path.isfile(output) and not force:
        raise Refused(f"{output} exists already; --force replaces it")


@contextlib.contextmanager
def whole(path):
    """Gives the name of a file to write; it gets the name `path` only when all is written. Devices are written as they
    are."""
    if os.path.exists(path) and not os.path.isfile(path):
        try:
            yield path
        except OSError as problem:
            raise OSError(problem.errno, problem.strerror, path) from problem
        return
    folder, name = os.path.split(path)
    if not os.path.isdir(folder or "."):
        raise Refused(f"{path}: there is no folder {folder}")
    try:
        handle, temporary = tempfile.mkstemp(prefix=".buyin-", suffix=os.path.splitext(name)[1], dir=folder or ".")
    except OSError as problem:
        raise OSError(problem.errno, problem.strerror, path) from problem
    os.close(handle)
    try:
        yield temporary
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except OSError as problem:
        os.unlink(temporary)
        raise OSError(problem.errno, problem.strerror, path) from problem
    except BaseException:
        os.unlink(temporary)
        raise


def write_whole(text, path):
    """Writes a text, whole or not at all."""
    with whole(path) as temporary, open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
