"""What each request does: functions that take a transaction."""

from __future__ import absolute_import, division, print_function
