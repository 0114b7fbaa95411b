"""AppTransport: calls a Tornado application of the same process."""

from __future__ import absolute_import, division, print_function
