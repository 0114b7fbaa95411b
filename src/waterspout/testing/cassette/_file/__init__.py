"""A cassette's file: its format, and how it is read and written."""

from __future__ import absolute_import, division, print_function
