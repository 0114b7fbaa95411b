"""A config file: Python that binds options to values, ``port = 8888``."""

from __future__ import absolute_import, division, print_function

import os
import re

from tornado.util import basestring_type

_ASSIGNED = re.compile(r"\s*([A-Za-z][A-Za-z0-9_-]*)\s*[=:]")


class ConfigFileError(Exception):
    """The file cannot be used; ``str()`` is one line for the person at the terminal."""


def read_config_file(path, known):
    # type: (str, Container[str]) -> List[Tuple[str, Any]]
    """The options that the file sets, by name. None is as good as nothing.

    Other names are the file's own business if they begin with ``_`` or hold what no option
    could (a module, a function, a list); numbers and texts must be for an option.

    Args:
        path: the file, which is run.
        known: the options' names.
    Raises: ConfigFileError.
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
    """What to say if the line at fault sets an option spelled as a flag: to Python,
    ``max-body-bytes`` is a subtraction."""
    number = getattr(error, "lineno", None) or 0
    for line in source.splitlines()[max(number - 1, 0):number]:
        match = _ASSIGNED.match(line.decode("latin1"))
        if match:
            name = str(match.group(1))
            option = name.replace("-", "_")
            if name != option and option in known:
                return "%s, line %d: write %s for %s" % (path, number, option, name)
    return None
