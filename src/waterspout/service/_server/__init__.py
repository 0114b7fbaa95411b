"""The kit's HTTP server: strict, with time limits, JSON refusals, and a stop that loses nothing."""

from __future__ import absolute_import, division, print_function
