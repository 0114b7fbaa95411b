"""The access log: which requests it has, and what it says of each."""

from __future__ import absolute_import, division, print_function
