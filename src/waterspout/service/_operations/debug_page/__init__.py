"""One request as a page for developers: its response, its upstream calls, where the time went."""

from __future__ import absolute_import, division, print_function
