"""The options of the commands for files of rows."""

from __future__ import absolute_import, division, print_function
