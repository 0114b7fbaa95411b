"""Cells as XML of a sheet: text stays text, long numbers keep their digits."""

from __future__ import absolute_import, division, print_function

import datetime
import re

from tornado.util import unicode_type

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.surrogates import HALVES
from waterspout_cmdb.bulk.writing import xlsx_parts
from waterspout_cmdb.bulk.writing.cell_texts import cell_text

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Text  # noqa: F401

#: What Excel takes in a cell, in units of UTF-16.
MAX_TEXT = 32767

#: Excel keeps 15 digits of a number.
_MAX_INTEGER = 10 ** 15

#: XML cannot have these.
_ILLEGAL = re.compile(u"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|" + HALVES)

#: A text that Excel would make a number, date or formula of, once it is edited.
_TEMPTING = re.compile(u"[-+.\u00a30-9=@#$(]|[Tt][Rr][Uu][Ee]\\Z|[Ff][Aa][Ll][Ss][Ee]\\Z")

#: Excel would take this for the character with that number.
_LIKE_ESCAPED = re.compile(u"_(?=x[0-9A-Fa-f]{4}_)")

#: Texts without any of these are written as they are.
_SPECIAL = re.compile(u"[\x00-\x1f&<>\ud800-\udfff\ufffe\uffff]|_x")

_EARLIEST = datetime.date(1900, 3, 1)  # Before it, Excel counts a day that there was not.
_DAY_0 = datetime.date(1899, 12, 30).toordinal()

_INLINE = u'<c r="%s"%s t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'
_PLAIN = u'<c r="%s" t="inlineStr"><is><t>%s</t></is></c>'
_NUMBER = u'<c r="%s"%s><v>%s</v></c>'
_STYLED = [u' s="%d"' % number if number else u"" for number in range(5)]


def cell_xml(place, cell, note):
    # type: (Text, Any, Callable[[Text], None]) -> Text
    """Return the element of a cell; empty if it has no value.

    Args:
        place: such as "B7".
        note: is called with a text if the cell is not written as it is.
    Raises: BulkError: the text is too long for Excel.
    """
    if cell.__class__ is not unicode_type:
        if cell is None:
            return u""
        if isinstance(cell, bool):
            return u'<c r="%s" t="b"><v>%d</v></c>' % (place, cell)
        if isinstance(cell, datetime.date):
            return _date(place, cell)
        if _is_exact(cell):
            return _NUMBER % (place, u"", cell_text(cell))
        cell = cell_text(cell)
    return text_xml(place, cell, note) if cell else u""


def text_xml(place, text, note, style=0):
    # type: (Text, Text, Callable[[Text], None], int) -> Text
    """Return the element of a cell with a text, which stays text when it is edited."""
    if len(text) > MAX_TEXT:
        raise BulkError(
            u"a text of %d characters, Excel takes %d: write CSV or JSON Lines"
            % (len(text), MAX_TEXT))
    if _SPECIAL.search(text):
        text = _legal(text, note)
    if not style and _TEMPTING.match(text):
        style = xlsx_parts.TEXT
    if not style and not text[0].isspace() and not text[-1].isspace():
        return _PLAIN % (place, text)
    return _INLINE % (place, _STYLED[style], text)


def _legal(text, note):
    if _ILLEGAL.search(text):
        text = _ILLEGAL.sub(u"\ufffd", text)
        note(u"characters that Excel cannot have were replaced by U+FFFD")
    text = _LIKE_ESCAPED.sub(u"_x005F_", text)
    text = text.replace(u"\r", u"_x000D_")  # XML would make a line end of it.
    return text.replace(u"&", u"&amp;").replace(u"<", u"&lt;").replace(u">", u"&gt;")


def _is_exact(cell):
    """Say whether it is a number that Excel does not round, to show it, to 15 digits."""
    if isinstance(cell, float):
        return abs(cell) < float("inf") and float("%.15g" % cell) == cell
    if isinstance(cell, (list, dict, bytes)):
        return False
    try:
        return -_MAX_INTEGER < cell < _MAX_INTEGER
    except TypeError:
        return False


def _date(place, date):
    is_time = isinstance(date, datetime.datetime)
    if (date.date() if is_time else date) < _EARLIEST or getattr(date, "tzinfo", None):
        return text_xml(place, cell_text(date), None)
    serial = u"%d" % (date.toordinal() - _DAY_0)
    if is_time:
        seconds = date.hour * 3600 + date.minute * 60 + date.second + date.microsecond / 1e6
        serial = u"%.11f" % (int(serial) + seconds / 86400)
    style = xlsx_parts.TIME if is_time else xlsx_parts.DATE
    return _NUMBER % (place, _STYLED[style], serial)
