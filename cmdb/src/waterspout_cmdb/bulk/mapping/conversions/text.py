"""Cells as text: kept as written, with the outer spaces taken off, which no person sees."""

from __future__ import absolute_import, division, print_function

import datetime
import re
from numbers import Number

from tornado.util import unicode_type

from waterspout_cmdb.bulk.mapping.conversions import patterns
from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable
from waterspout_cmdb.bulk.surrogates import HALVES
from waterspout_cmdb.bulk.written_float import WrittenFloat

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Text  # noqa: F401

#: Control characters without tab and the ends of lines. Those after U+007F come from reading
#: Windows-1252 as Latin-1; a text in which a person sees nothing there was read wrongly.
_bad_character = re.compile(
    u"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]|" + HALVES).search

#: Far quicker than the expression; says False for some good texts, too. py2: there is none.
_is_printable = getattr(unicode_type, "isprintable", lambda text: False)


def converter(attribute, rules, is_json):
    # type: (Attribute, Rules, bool) -> Callable[[Any], Text]
    """Return the function that makes a cell the text of an attribute."""
    read = as_text if is_json else _as_shown
    if attribute.pattern is None:
        return read
    matches, pattern = patterns.matcher(attribute.pattern), attribute.pattern

    def convert(cell):
        text = read(cell)
        if not matches(text):
            raise Unreadable(u"does not match the pattern %s" % pattern)
        return text

    return convert


def as_text(cell):
    # type: (Any) -> Text
    """Return a cell as text. Raises: Unreadable."""
    if cell.__class__ is unicode_type:
        if not _is_printable(cell):
            check(cell)
        return cell
    return _other_as_text(cell)


def _as_shown(cell):
    """Return a cell as text; Excel shows its booleans in capitals."""
    if cell.__class__ is bool:
        return u"TRUE" if cell else u"FALSE"
    return as_text(cell)


def check(text):
    # type: (Text) -> None
    """Raise Unreadable if a text has characters that a person cannot have meant."""
    found = _bad_character(text)
    if found is None:
        return
    number = ord(found.group()[0])
    if 0xD800 <= number <= 0xDFFF:
        raise Unreadable(u"has half a character, U+%04X: write it again" % number)
    hint = u"; was the file read in a wrong encoding? --encoding names the right one"
    raise Unreadable(u"has the control character U+%04X: take it out%s" % (
        number, hint if number > 0x7F else u""))


def number_as_text(number):
    # type: (Any) -> Text
    """Return a JSON number as it is written."""
    if isinstance(number, WrittenFloat):
        return number.text
    return u"%d" % number if not isinstance(number, float) else u"%r" % number


def _other_as_text(cell):
    if isinstance(cell, bool):
        return u"true" if cell else u"false"
    if isinstance(cell, datetime.datetime):
        return date_as_text(cell) + u" %02d:%02d:%02d" % (cell.hour, cell.minute, cell.second)
    if isinstance(cell, datetime.date):
        return date_as_text(cell)
    if isinstance(cell, (list, dict)):
        raise Unreadable(u"is a list or a map; a text is wanted")
    if isinstance(cell, float) and not abs(cell) < float("inf"):
        raise Unreadable(u"is not a number of JSON; a text is wanted")
    if not isinstance(cell, Number):
        raise Unreadable(u"is not text")
    return number_as_text(cell)


def date_as_text(date):
    # type: (datetime.date) -> Text
    """Return the date as 2024-02-29. py2: strftime knows no years before 1900."""
    return u"%04d-%02d-%02d" % (date.year, date.month, date.day)
