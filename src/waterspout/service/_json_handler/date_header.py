"""The Date field of responses, formatted once a second."""

from __future__ import absolute_import, division, print_function

import time

from tornado.httputil import format_timestamp

_last = (0, "")


def date_now():
    # type: () -> str
    """Return the current date as RFC 9110 section 5.6.7 has it."""
    global _last
    second = int(time.time())
    if _last[0] != second:
        _last = (second, format_timestamp(second))
    return _last[1]
