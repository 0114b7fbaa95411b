"""The ``pooled`` transport: kept connections of our own."""

from __future__ import absolute_import, division, print_function
