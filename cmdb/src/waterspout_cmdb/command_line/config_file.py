"""A config file: Python that binds options to values, ``port = 8888``."""

from __future__ import absolute_import, division, print_function

import os
import re

from tornado.util import basestring_type

_ASSIGNED = re.compile(r"\s*([A-Za-z][A-Za-z0-9_-]*)\s*[=:]")


class ConfigFileError(Exception):
    """The file cannot be used; ``str()`` is one line for the user."""


def read_config_file(path, known):
    # type: (str, Container[str]) -> List[Tuple[str, Any]]
    """Run a config file, and return the options that it sets, sorted by name.

    An option set to None counts as not set. Other names are allowed if they begin with ``_`` or
    have a value that no option can have (a module, a function, a list). A number or a text with
    an unknown name is an error, because it is probably a misspelt option.

    Args:
        path: the file, which is run as Python.
        known: the names of the options.
    Raises: ConfigFileError: the file cannot be read or run, or sets an unknown option.
    """
    source = _read(path)
    names = _run(path, source, known)
    for name in sorted(names.get("__annotations__", {})):
        if name not in names and name in known:
            raise ConfigFileError("%s: %s has no value; write %s = VALUE" % (path, name, name))
    found = []
    for name, value in sorted(names.items()):
        if name.startswith("_") or value is None:
            continue
        if name in known:
            found.append((name, value))
        elif isinstance(value, (basestring_type, bytes, int, float)):
            raise ConfigFileError("%s: there is no option %s; --help lists them" % (path, name))
    return found


def _read(path):
    try:
        with open(path, "rb") as source:
            return source.read()
    except EnvironmentError as error:
        raise ConfigFileError(
            "cannot read the config file %s: %s" % (path, os.strerror(error.errno))
        )


def _run(path, source, known):
    try:
        code = compile(source, path, "exec", 0, True)
    except (SyntaxError, TypeError, ValueError) as error:
        raise ConfigFileError(_hyphens(path, source, error, known) or (
            "the config file %s is not Python: %s" % (path, error)))
    names = {"__file__": os.path.abspath(path)}
    try:
        exec(code, names)
    except (Exception, SystemExit) as error:
        raise ConfigFileError("the config file %s: %s: %s" % (path, type(error).__name__, error))
    return names


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
