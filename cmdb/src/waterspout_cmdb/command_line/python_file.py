"""A config file in Python that binds options to values: ``port = 8888``."""

from __future__ import absolute_import, division, print_function

import os
import re
import sys
import traceback

from tornado.util import basestring_type

from waterspout_cmdb.command_line.config_errors import ConfigFileError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Container, Dict, List, Tuple  # noqa: F401

_ASSIGNED = re.compile(r"\s*([A-Za-z][A-Za-z0-9_-]*)\s*[=:]")


def python_settings(path, source, known):
    # type: (str, bytes, Container[str]) -> Tuple[List[Tuple[str, Any]], List[str]]
    """Run a config file; return the options that it sets, sorted by name, and what is wrong.

    An option set to None counts as not set. Other names are allowed if they begin with ``_`` or
    have a value that no option can have (a module, a function, a list). A number or a text with
    an unknown name is an error, because it is probably a misspelt option.

    Args:
        path: of the file, for errors.
        known: the names of the options.
    Raises: ConfigFileError: the file cannot be run.
    """
    names = _run(path, source, known)
    complaints = [
        "%s: %s has no value; write %s = VALUE" % (path, name, name)
        for name in sorted(names.get("__annotations__", {}))
        if name not in names and name in known
    ]
    found = []
    for name, value in sorted(names.items()):
        if name.startswith("_") or value is None:
            continue
        if name in known:
            found.append((name, value))
        elif isinstance(value, (basestring_type, bytes, int, float)):
            complaints.append("%s: there is no option %s; --help lists them" % (path, name))
    return found, complaints


def _run(path, source, known):
    # type: (str, bytes, Container[str]) -> Dict[str, Any]
    try:
        code = compile(source, path, "exec", 0, True)
    except (SyntaxError, TypeError, ValueError) as error:
        raise ConfigFileError(_hyphens(path, source, error, known) or (
            "the config file %s is not Python: %s" % (path, error)))
    names = {"__file__": os.path.abspath(path)}  # type: Dict[str, Any]
    try:
        exec(code, names)
    except (Exception, SystemExit) as error:
        raise ConfigFileError("the config file %s, which is run as Python, fails%s: %s: %s" % (
            path, _line_of(path), type(error).__name__, error))
    return names


def _line_of(path):
    # type: (str) -> str
    """Say in which line of the file the exception was raised that is being handled."""
    lines = [entry[1] for entry in traceback.extract_tb(sys.exc_info()[2]) if entry[0] == path]
    return " in line %d" % lines[-1] if lines else ""


def _hyphens(path, source, error, known):
    """Return the error if the line sets an option that is spelled as a flag, else None.

    In Python ``max-body-bytes`` is a subtraction, so the message of the compiler would mislead.
    """
    number = getattr(error, "lineno", None) or 0
    for line in source.splitlines()[max(number - 1, 0):number]:
        match = _ASSIGNED.match(line.decode("latin1"))
        if match:
            name = str(match.group(1))
            option = name.replace("-", "_")
            if name != option and option in known:
                return "%s, line %d: write %s for %s" % (path, number, option, name)
    return None
