"""Runs flows, with one Future for each call. Only this package waits."""

from __future__ import absolute_import, division, print_function
