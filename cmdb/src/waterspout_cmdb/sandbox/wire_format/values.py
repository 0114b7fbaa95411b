"""Values as JSON brings them: their kinds, and checks that leave one form of each.

What is stored and what queries compare it with pass the same checks, so that equal is equal.
"""

from __future__ import absolute_import, division, print_function

import sys

from tornado.escape import to_unicode
from tornado.util import basestring_type

#: What queries may do with a value: kinds compare among themselves only.
TEXT = "text"
NUMBER = "number"
BOOLEAN = "boolean"
LIST = "list"
MAP = "map"
ANY = "any"

#: The kinds that have an order and can be looked up by an index.
PLAIN_KINDS = (TEXT, NUMBER, BOOLEAN)

# What numbers are in JSON, on Python 2 both kinds of integers. The classes of `numbers` would do,
# at ten times the cost, which an import of thousands of rows feels.
_INTEGERS = (int, type(sys.maxsize + 1))
_NUMBERS = _INTEGERS + (float,)

#: SQLite's integers have 64 bits; its JSON functions turn longer ones into inexact floats.
MAX_INTEGER = 2**63 - 1


class InvalidValue(ValueError):
    """A value that is not accepted; ``args[0]`` completes the sentence "attribute x ..."."""


def as_text(value):
    # type: (Any) -> Text
    """Text that SQLite keeps whole: its JSON functions end a text at U+0000."""
    if not isinstance(value, basestring_type):
        raise InvalidValue(u"must be text")
    text = to_unicode(value)
    if u"\x00" in text:
        raise InvalidValue(u"must not contain the character U+0000")
    return text


def as_integer(value):
    # type: (Any) -> int
    """An integer of 64 bits; ``18.0`` is 18, as protobuf clients write it."""
    number = as_number(value)
    if number != int(number):
        raise InvalidValue(u"must be an integer")
    number = int(number)
    if not -MAX_INTEGER - 1 <= number <= MAX_INTEGER:
        raise InvalidValue(u"must fit in 64 bits")
    return number


def as_number(value):
    # type: (Any) -> Union[int, float]
    """A number that a float can carry; never a boolean, which Python counts as an int."""
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
    """Text, boolean or number; whole floats become integers, so that equal is written equal."""
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
    if not isinstance(value, list):
        raise InvalidValue(u"must be a list")
    return value


def as_elements(value):
    # type: (Any) -> list
    """A list without a null in it, which would be an element without a value."""
    elements = as_list(value)
    if None in elements:
        raise InvalidValue(u"has null at index %d of its list; leave it out" % elements.index(None))
    return elements
