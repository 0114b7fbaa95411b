"""Rows of cells become a file."""

from __future__ import absolute_import, division, print_function
