"""What policies cost for each call of an SDK."""

from __future__ import absolute_import, division, print_function
