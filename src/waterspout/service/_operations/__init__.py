"""Pages for operators: health, readiness, metrics, the state of all processes, one request."""

from __future__ import absolute_import, division, print_function
