"""The loop that people write. It needs Python 3."""

from __future__ import absolute_import, division, print_function
