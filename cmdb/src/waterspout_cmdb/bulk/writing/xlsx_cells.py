"""Cells as openpyxl takes them: text stays text, long numbers keep their digits."""

from __future__ import absolute_import, division, print_function

import datetime
import re

from tornado.util import unicode_type

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.writing.cell_texts import cell_text

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Text  # noqa: F401

#: What Excel takes in a cell; openpyxl would cut longer ones without a word.
MAX_TEXT = 32767

#: Excel keeps 15 digits of a number.
_MAX_INTEGER = 10 ** 15

#: XML cannot have these. openpyxl knows the first ones, the others make a file nobody can open.
_ILLEGAL = re.compile(u"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|"
                      u"[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]")

#: A text that Excel would make a number or date of, once it is edited; or openpyxl a formula or
#: an error.
_TEMPTING = re.compile(u"[-+.\u00a30-9=#$(]|[Tt][Rr][Uu][Ee]\\Z|[Ff][Aa][Ll][Ss][Ee]\\Z")

_EARLIEST = datetime.date(1900, 3, 1)  # Before it, Excel counts a day that there was not.
_TEXT_FORMAT = "@"
_DATE_FORMAT = "yyyy-mm-dd"
_TIME_FORMAT = "yyyy-mm-dd hh:mm:ss"


class CellMaker(object):
    """Makes cells of one sheet.

    Args:
        make_cell: openpyxl's ``WriteOnlyCell``, with the sheet given.
        note: is called with a text about a cell that is not written as it was.
    """

    def __init__(self, make_cell, note):
        # type: (Callable, Callable) -> None
        self._make_cell = make_cell
        self._note = note

    def make(self, cell):
        # type: (Any) -> Any
        """Return what ``append`` takes. Raises: BulkError: the text is too long for Excel."""
        if cell.__class__ is not unicode_type:
            if cell is None or isinstance(cell, bool):
                return cell
            if isinstance(cell, datetime.date):
                return self._date(cell)
            if isinstance(cell, float) and abs(cell) < float("inf"):
                return cell
            if not isinstance(cell, (float, list, dict, bytes)) and _is_short(cell):
                return cell
            cell = cell_text(cell)
        if not cell:
            return None
        if len(cell) > MAX_TEXT:
            raise BulkError(
                u"a text of %d characters, Excel takes %d: write CSV or JSON Lines"
                % (len(cell), MAX_TEXT))
        if _ILLEGAL.search(cell):
            cell = _ILLEGAL.sub(u"\ufffd", cell)
            self._note(u"characters that Excel cannot have were replaced by U+FFFD")
        if u"\r" in cell:  # XML has no such character.
            cell = cell.replace(u"\r\n", u"\n").replace(u"\r", u"\n")
            self._note(u"carriage returns were replaced by line ends")
        return self.text(cell) if _TEMPTING.match(cell) else cell

    def text(self, text):
        """Return a cell that stays text when it is edited."""
        made = self._make_cell(None)
        made.value = text
        made.data_type = "s"  # Not a formula, nor an error.
        made.number_format = _TEXT_FORMAT
        return made

    def _date(self, date):
        is_time = isinstance(date, datetime.datetime)
        if (date.date() if is_time else date) < _EARLIEST or getattr(date, "tzinfo", None):
            return self.text(cell_text(date))
        made = self._make_cell(date)
        made.number_format = _TIME_FORMAT if is_time else _DATE_FORMAT
        return made


def _is_short(number):
    try:
        return -_MAX_INTEGER < number < _MAX_INTEGER
    except TypeError:
        return False  # Not a number: ABSENT, or what JSON cannot have.
