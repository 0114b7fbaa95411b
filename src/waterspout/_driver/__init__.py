"""Runs flows: one Future for each call; the only code that waits."""

from __future__ import absolute_import, division, print_function
