"""The HTTP gateway: imports and searches CMDB instances for clients that can send JSON."""

from __future__ import absolute_import, division, print_function
