"""Waterspout beside its peers, in numbers. See README.md; ``make bench`` runs it."""

from __future__ import absolute_import, division, print_function
