"""The processes of a service: start, signals, restarts, stop."""

from __future__ import absolute_import, division, print_function
