"""The running program, as a line that a person can paste into a shell."""

from __future__ import absolute_import, division, print_function

import os
import sys

try:
    from shlex import quote
except ImportError:  # py2
    from pipes import quote

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable  # noqa: F401

#: What an installation has beside its Python.
SCRIPT = "waterspout-cmdb"


def shell_line(words):
    # type: (Iterable[str]) -> str
    """Return words as a shell reads them back, quoted where that is needed."""
    return " ".join(quote(word) for word in words)


def own_words():
    # type: () -> list
    """Return how this program is started: ``[".venv/bin/waterspout-cmdb"]``, or by its Python.

    The name alone is enough if a shell finds this program by it.
    """
    python = sys.executable or "python"
    script = os.path.join(os.path.dirname(python), SCRIPT)
    if os.access(script, os.X_OK):
        return [SCRIPT if _found_by_a_shell() == os.path.realpath(script) else shown_path(script)]
    return [shown_path(python), "-m", "waterspout_cmdb"]


def _found_by_a_shell():
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder, SCRIPT)
        if os.path.isabs(folder) and os.path.isfile(path) and os.access(path, os.X_OK):
            return os.path.realpath(path)
    return None


def shown_path(path):
    # type: (str) -> str
    """Return a path as it is shortest from the working directory, and never climbing out of it."""
    try:
        relative = os.path.relpath(path)
    except (EnvironmentError, ValueError):  # The working directory is gone, or on another drive.
        return path
    # With a slash: a shell looks for a bare word in its PATH.
    if relative.startswith(os.pardir):
        return path
    return relative if os.sep in relative else os.path.join(os.curdir, relative)
