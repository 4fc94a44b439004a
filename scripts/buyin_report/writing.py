# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing a page: what may be replaced, and nothing half-written under its name."""
import os
import tempfile

import buyin_results


def check_output(output, inputs, force):
    """ResultError if a file may not be written there: a folder, one of the inputs, or an existing file without force."""
    if os.path.isdir(output):
        raise buyin_results.ResultError(f"{output} is a folder")
    if os.path.exists(output) and any(os.path.exists(path) and os.path.samefile(path, output) for path in inputs):
        raise buyin_results.ResultError(f"{output} is one of the results; name another file with -o")
    if os.path.exists(output) and not force:
        raise buyin_results.ResultError(f"{output} exists already; --force replaces it")


def write_whole(text, path):
    """Writes a text under its name only when it is complete; OSError if it cannot be."""
    handle, temporary = tempfile.mkstemp(prefix=".buyin-", dir=os.path.dirname(path) or ".")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
