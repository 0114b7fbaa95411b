"""The version, alone in its file so that building the package imports neither library."""

from __future__ import absolute_import, division, print_function

__version__ = "0.1.0"
