"""A config file, read by what its name ends with."""

from __future__ import absolute_import, division, print_function

import os

from waterspout_cmdb.command_line.config_errors import ConfigFileError
from waterspout_cmdb.command_line.data_file import json_settings, toml_settings
from waterspout_cmdb.command_line.python_file import python_settings

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Container, List, Tuple  # noqa: F401

_FORMS = {".toml": toml_settings, ".json": json_settings}


def read_config_file(path, known):
    # type: (str, Container[str]) -> Tuple[List[Tuple[str, Any]], List[str]]
    """Return the options that a config file sets, and what is wrong with it, a line each.

    A name with ``.toml`` is TOML, one with ``.json`` JSON; any other file is run as Python.

    Args:
        known: the names of the options.
    Raises: ConfigFileError: nothing of it can be used.
    """
    try:
        with open(path, "rb") as file:
            source = file.read()
    except EnvironmentError as error:
        raise ConfigFileError(
            "cannot read the config file %s: %s" % (path, os.strerror(error.errno or 0)))
    form = _FORMS.get(os.path.splitext(path)[1].lower(), python_settings)
    return form(path, source, known)
