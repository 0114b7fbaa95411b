"""JSON of any size: strict, and in turns where it is large."""

from __future__ import absolute_import, division, print_function
