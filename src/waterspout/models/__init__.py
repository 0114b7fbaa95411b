"""One request, one response, and what belongs to one call."""

from __future__ import absolute_import, division, print_function
