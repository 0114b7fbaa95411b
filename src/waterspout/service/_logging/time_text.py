"""Moments as lines of a log have them."""

from __future__ import absolute_import, division, print_function

import time

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Tuple  # noqa: F401


class LocalTimes(object):
    """Formats moments as logging does, in local time; the second's part once a second."""

    def __init__(self):
        # type: () -> None
        self._last = -1, ""  # type: Tuple[int, str]  # One object, for the sake of threads.

    def text(self, moment, milliseconds):
        # type: (float, float) -> str
        """Return seconds since 1970 as ``2026-01-31 13:00:00,250``."""
        second = int(moment)
        last, text = self._last
        if last != second:
            text = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second))
            self._last = second, text
        return "%s,%03d" % (text, milliseconds)


class UTCTimes(object):
    """Formats moments in UTC; what moments of one second share is formatted once."""

    def __init__(self):
        # type: () -> None
        self._last = -1, ""  # type: Tuple[int, str]  # One object, for the sake of threads.

    def text(self, moment):
        # type: (float) -> str
        """Return seconds since 1970 as ``2026-01-31T12:00:00.250Z``."""
        milliseconds = int(moment * 1000)
        second = milliseconds // 1000
        last, text = self._last
        if last != second:
            text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
            self._last = second, text
        return "%s.%03dZ" % (text, milliseconds % 1000)
