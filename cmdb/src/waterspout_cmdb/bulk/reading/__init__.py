"""A file becomes rows of cells."""

from __future__ import absolute_import, division, print_function
