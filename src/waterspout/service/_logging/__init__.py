"""How lines of a log look: as text, and as JSON."""

from __future__ import absolute_import, division, print_function
