"""A config file in TOML or JSON: one table, or object, of options and their values."""

from __future__ import absolute_import, division, print_function

import importlib
import json

from tornado.escape import native_str

from waterspout_cmdb.command_line.config_errors import ConfigFileError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Container, List, Tuple  # noqa: F401

#: Modules with ``loads(text)``, the best first. Python has the first one from 3.11 on; the others
#: are what the extra ``toml`` installs on Python 3.8 to 3.10 and on 2.7.
TOML_MODULES = ("tomllib", "tomli", "toml")


def toml_settings(path, source, known):
    # type: (str, bytes, Container[str]) -> Tuple[List[Tuple[str, Any]], List[str]]
    """Read a config file in TOML; otherwise as `json_settings`.

    Raises: ConfigFileError: also if no package for TOML is installed.
    """
    loads = _toml_loads(path)
    text = _decoded(path, source)
    try:
        table = loads(text)
    except Exception as error:  # The package for 2.7 raises IndexError and others as well.
        raise ConfigFileError("the config file %s is not TOML: %s" % (
            path, _sentence(error)))
    return _settings(path, sorted(table.items()), known)


def json_settings(path, source, known):
    # type: (str, bytes, Container[str]) -> Tuple[List[Tuple[str, Any]], List[str]]
    """Read a config file in JSON; return the options that it sets, and what is wrong.

    Names may have hyphens or underscores. null counts as not set.

    Args:
        path: of the file, for errors.
        known: the names of the options.
    Raises: ConfigFileError: the file is not JSON, or not an object.
    """
    text = _decoded(path, source)
    try:
        pairs = json.loads(text, object_pairs_hook=_Pairs)
    except Exception as error:  # RecursionError, too.
        raise ConfigFileError("the config file %s is not JSON: %s" % (path, _sentence(error)))
    if not isinstance(pairs, _Pairs):
        raise ConfigFileError('the config file %s must be one object: {"port": 8888}' % path)
    return _settings(path, pairs, known)


class _Pairs(list):
    """The members of an object, with those that have a name twice."""


def _toml_loads(path):
    for name in TOML_MODULES:
        try:
            return importlib.import_module(name).loads
        except ImportError:
            pass
    raise ConfigFileError(
        "cannot read %s: TOML needs Python 3.11, or a package: "
        "pip install 'waterspout-cmdb[toml]'. A config file in JSON or in Python needs none" % path)


def _decoded(path, source):
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigFileError("the config file %s is not UTF-8" % path)


def _settings(path, pairs, known):
    found, complaints, names = [], [], set()
    for key, value in pairs:
        key = native_str(key)
        name = key.replace("-", "_")
        if isinstance(value, (dict, _Pairs)):
            complaints.append(
                "%s: %s is a table; options are not in tables, write %s" % (
                    path, key, "port = 8888" if not path.endswith(".json") else '"port": 8888'))
        elif name not in known:
            complaints.append("%s: there is no option %s; --help lists them" % (path, key))
        elif name in names:
            complaints.append("%s: %s is there twice" % (path, name))
        elif value is not None:
            names.add(name)
            found.append((name, value))
    return found, complaints


def _sentence(error):
    return " ".join(native_str(str(error)).split()) or type(error).__name__
