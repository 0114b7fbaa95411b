"""Requests, responses, and the options of a call."""

from __future__ import absolute_import, division, print_function
