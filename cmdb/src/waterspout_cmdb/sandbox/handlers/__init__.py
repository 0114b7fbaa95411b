"""The handlers: from HTTP to a call on the data, and back."""

from __future__ import absolute_import, division, print_function
