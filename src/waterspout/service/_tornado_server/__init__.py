"""Tornado's HTTP server made strict about requests and able to drain."""

from __future__ import absolute_import, division, print_function
