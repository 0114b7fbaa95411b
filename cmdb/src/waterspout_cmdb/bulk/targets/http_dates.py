"""Reads the field Retry-After: a number of seconds, or a date."""

from __future__ import absolute_import, division, print_function

import calendar
from email.utils import parsedate

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

#: Characters of the longest value that is looked into.
_LONGEST = 40


def seconds_until(value, now):
    # type: (Optional[str], float) -> Optional[float]
    """Return the seconds from ``now`` on, never below 0; None for what is neither, or missing.

    Args:
        value (native str or None): the field's value.
        now: seconds since 1970 (UTC).
    """
    if value is None or len(value) > _LONGEST:
        return None
    if value.isdigit():
        return float(value)
    parts = parsedate(value)
    if parts is None:
        return None
    try:
        return max(0.0, calendar.timegm(parts) - now)
    except (ValueError, OverflowError):
        return None
