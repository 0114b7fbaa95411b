"""Takes secrets out of what a cassette keeps, before it reaches the disk."""

from __future__ import absolute_import, division, print_function
