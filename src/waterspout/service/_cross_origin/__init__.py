"""Requests that browsers send for pages of another origin."""

from __future__ import absolute_import, division, print_function
