"""Decodes and encodes JSON of any size, large values in short steps."""

from __future__ import absolute_import, division, print_function
