"""Kinds of JSON values, and checks that convert each value to one form.

Stored values and the values in queries pass the same checks, so that equal values compare equal.
"""

from __future__ import absolute_import, division, print_function

import sys

from tornado.escape import to_unicode
from tornado.util import basestring_type

#: The kinds of values. A query compares values of the same kind only.
TEXT = "text"
NUMBER = "number"
BOOLEAN = "boolean"
LIST = "list"
MAP = "map"
ANY = "any"

#: The kinds that have an order and can have an index.
PLAIN_KINDS = (TEXT, NUMBER, BOOLEAN)

# The types of JSON numbers; py2: there are two integer types. `numbers.Integral` would be ten
# times as slow, which matters in an import of thousands of rows.
_INTEGERS = (int, type(sys.maxsize + 1))
_NUMBERS = _INTEGERS + (float,)

#: SQLite's integers have 64 bits; its JSON functions turn longer ones into inexact floats.
MAX_INTEGER = 2**63 - 1


class InvalidValue(ValueError):
    """A value is not accepted; ``args[0]`` completes the sentence "attribute x ..."."""


def as_text(value):
    # type: (Any) -> Text
    """Return a text. Raises: InvalidValue: not text, or with U+0000, where SQLite's JSON
    functions would end it."""
    if not isinstance(value, basestring_type):
        raise InvalidValue(u"must be text")
    text = to_unicode(value)
    if u"\x00" in text:
        raise InvalidValue(u"must not contain the character U+0000")
    return text


def as_integer(value):
    # type: (Any) -> int
    """Return an integer of 64 bits; accepts ``18.0``, which protobuf clients send for 18."""
    number = as_number(value)
    if number != int(number):
        raise InvalidValue(u"must be an integer")
    number = int(number)
    if not -MAX_INTEGER - 1 <= number <= MAX_INTEGER:
        raise InvalidValue(u"must fit in 64 bits")
    return number


def as_number(value):
    # type: (Any) -> Union[int, float]
    """Return a number that a float can represent; refuses booleans, which are ints in Python."""
    if isinstance(value, bool) or not isinstance(value, _NUMBERS):
        raise InvalidValue(u"must be a number")
    try:
        finite = abs(float(value)) < float("inf")
    except OverflowError:
        finite = False
    if not finite:
        raise InvalidValue(u"must be a number that fits in 64 bits")
    return value


def as_scalar(value):
    # type: (Any) -> Any
    """Return a text, boolean or number; a whole float becomes an int, so that equal numbers are
    stored as equal JSON."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        number = as_number(value)
        whole = number == int(number) and abs(number) <= MAX_INTEGER
        return int(number) if whole else number
    if isinstance(value, _INTEGERS):
        return as_integer(value)
    return as_text(value)


def as_list(value):
    # type: (Any) -> list
    """Return a list."""
    if not isinstance(value, list):
        raise InvalidValue(u"must be a list")
    return value


def as_elements(value):
    # type: (Any) -> list
    """Return a list without null, because an element must have a value."""
    elements = as_list(value)
    if None in elements:
        raise InvalidValue(u"has null at index %d of its list; leave it out" % elements.index(None))
    return elements
