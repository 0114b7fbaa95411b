"""Encodes the arguments of a call: URLs, header fields and bodies."""

from __future__ import absolute_import, division, print_function
