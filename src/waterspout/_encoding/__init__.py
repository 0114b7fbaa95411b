"""Arguments to bytes: URLs, checks of header fields, and bodies."""

from __future__ import absolute_import, division, print_function
