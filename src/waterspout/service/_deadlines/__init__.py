"""Until when a request is to be answered: taken from a header field, checked at the door."""

from __future__ import absolute_import, division, print_function
