"""Which requests a process takes: limits, turns of tenants, rates, and memory for bodies."""

from __future__ import absolute_import, division, print_function
