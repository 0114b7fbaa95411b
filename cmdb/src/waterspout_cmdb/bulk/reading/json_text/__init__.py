"""Tables in JSON and JSON Lines files."""

from __future__ import absolute_import, division, print_function
