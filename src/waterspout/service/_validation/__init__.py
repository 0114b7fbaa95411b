"""Decoded bodies checked against a JSON Schema or by a function, in turns with other requests."""

from __future__ import absolute_import, division, print_function
