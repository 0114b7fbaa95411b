"""The ``threads`` transport: requests in a shared thread pool."""

from __future__ import absolute_import, division, print_function
