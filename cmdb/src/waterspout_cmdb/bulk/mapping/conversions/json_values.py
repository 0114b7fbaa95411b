"""Cells as JSON values, and the JSON in cells of other kinds."""

from __future__ import absolute_import, division, print_function

import datetime
import json

from tornado.util import unicode_type

from waterspout_cmdb.bulk.mapping.conversions import text, whole_numbers
from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Text  # noqa: F401

#: Lists and maps in each other; deeper ones are no data that a person wrote.
MAX_DEPTH = 50

#: More digits than a number of 64 bits has.
_MAX_DIGITS = 40

_INTEGERS = (int, type(whole_numbers.MAXIMUM + 1))


def converter(attribute, rules, is_json):
    # type: (Attribute, Rules, bool) -> Callable[[Any], Any]
    """Return the function that makes a cell a JSON value: by reading it if it is text."""
    return checked if is_json else _read


def _read(cell):
    return parse(cell) if cell.__class__ is unicode_type else checked(cell)


def parse(cell):
    # type: (Text) -> Any
    """Return the JSON value that is written in a text. Raises: Unreadable."""
    try:
        value = json.loads(cell, parse_constant=_no_constant, parse_int=_short_int)
    except (ValueError, RuntimeError):  # Nested too deep; its newer name is RecursionError.
        raise Unreadable(
            u'is not JSON; write for example {"a": 1}, [1, 2], 5 or, for a text, "text" in '
            u"quotation marks")
    return checked(value)


def checked(value, depth=MAX_DEPTH):
    # type: (Any, int) -> Any
    """Return a JSON value if the CMDB can store it. Raises: Unreadable."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, unicode_type):
        return text.as_text(value)
    if isinstance(value, datetime.date):
        return text.as_text(value)
    if isinstance(value, float):
        if not abs(value) < float("inf"):
            raise Unreadable(u"has a number that is not one of JSON: %s" % value)
        return value
    if isinstance(value, _INTEGERS):
        if not whole_numbers.MINIMUM <= value <= whole_numbers.MAXIMUM:
            raise Unreadable(u"has a number that does not fit in 64 bits; write it as text")
        return value
    if depth == 0:
        raise Unreadable(u"is nested too deep: more than %d lists and maps" % MAX_DEPTH)
    if isinstance(value, dict):
        return {text.as_text(name): checked(item, depth - 1) for name, item in value.items()}
    if isinstance(value, list):
        return [checked(item, depth - 1) for item in value]
    raise Unreadable(u"is not a value of JSON")


def _short_int(digits):
    """Return a whole number. The time of int() grows with the square of the digits' number."""
    return int(digits[:_MAX_DIGITS])  # What is cut off still does not fit in 64 bits.


def _no_constant(name):
    raise ValueError("%s is not JSON" % name)
