"""The error of a config file that cannot be used at all."""

from __future__ import absolute_import, division, print_function


class ConfigFileError(Exception):
    """The file cannot be used; ``str()`` is one line for the user."""
