"""Cells as true or false."""

from __future__ import absolute_import, division, print_function

from tornado.util import unicode_type

from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable  # noqa: F401

_KNOWN = {}
for _yes, _no in (
    (u"true", u"false"), (u"yes", u"no"), (u"y", u"n"), (u"t", u"f"), (u"1", u"0"),
    (u"on", u"off"), (u"\u662f", u"\u5426"),
):
    _KNOWN[_yes], _KNOWN[_no] = True, False
_KNOWN.update([(_text.upper(), _value) for _text, _value in list(_KNOWN.items())])

_WANTED = u"is neither true nor false; write true or false (or yes, no, y, n, 1, 0, on, off)"


def converter(attribute, rules, is_json):
    # type: (Attribute, Rules, bool) -> Callable[[Any], bool]
    """Return the function that makes a cell true or false."""
    return as_boolean


def as_boolean(cell):
    # type: (Any) -> bool
    """Return a cell as True or False. Raises: Unreadable."""
    if cell.__class__ is unicode_type:
        value = _KNOWN.get(cell)
        if value is None:
            value = _KNOWN.get(cell.lower())
    else:
        value = bool(cell) if isinstance(cell, (bool, int, float)) and cell in (0, 1) else None
    if value is None:
        raise Unreadable(_WANTED)
    return value
