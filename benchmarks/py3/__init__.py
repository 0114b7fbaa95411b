"""What is written with ``async def``: imported on Python 3 only."""

from __future__ import absolute_import, division, print_function
