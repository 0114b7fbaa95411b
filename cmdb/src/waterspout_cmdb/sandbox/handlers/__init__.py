"""The HTTP handlers: they read requests, call operations, and write answers."""

from __future__ import absolute_import, division, print_function
