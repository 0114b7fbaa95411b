"""Offsets from UTC, such as the +08:00 behind a time."""

from __future__ import absolute_import, division, print_function

import re

from tornado.escape import to_unicode

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Optional, Text  # noqa: F401

_FORM = re.compile(u"([-+])([0-9]{2}):?([0-9]{2})?\\Z")

_NONE = (u"Z", u"UTC", u"GMT")


def minutes_of(text):
    # type: (Any) -> Optional[int]
    """Return an offset such as +08:00, +0800, +08 or Z in minutes; None: it is no offset."""
    text = to_unicode(text).upper()
    if text in _NONE:
        return 0
    found = _FORM.match(text)
    if found is None:
        return None
    sign, hours, minutes = found.group(1), int(found.group(2)), int(found.group(3) or 0)
    if hours > 23 or minutes > 59:
        return None
    return (60 * hours + minutes) * (-1 if sign == u"-" else 1)


def shown(minutes):
    # type: (int) -> Text
    """Return an offset as +08:00."""
    return u"%s%02d:%02d" % ((u"-" if minutes < 0 else u"+",) + divmod(abs(minutes), 60))
