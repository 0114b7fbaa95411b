"""Cells of an Excel sheet as openpyxl has them, and as a person reads them."""

from __future__ import absolute_import, division, print_function

import datetime
import re

from waterspout_cmdb.bulk.reading.xlsx import shown_numbers

#: How a spreadsheet writes control characters in XML, and the sign before what only looks so:
#: "_x005F_x000D_" is the text "_x000D_". openpyxl leaves them so. Halves of characters stay: not
#: `surrogates.HALVES`, because it is their digits that are here, and two of them stay as well.
_ESCAPED = re.compile(u"_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")
_chr = chr if str is not bytes else unichr  # noqa: F821
_NUMBERS = (int, float) if str is not bytes else (int, float, long)  # noqa: F821


class CellReader(object):
    """Turns openpyxl's cells into text, bool, date, datetime or None."""

    def __init__(self):
        # type: () -> None
        self._shown = {}

    def read(self, cells):
        # type: (Iterable[Any]) -> list
        """Return the values of a row's cells; those at the end that are empty are left out."""
        values = []
        for cell in cells:
            value = cell.value
            if value is not None:
                value = self._read(cell, value)
            values.append(value)
        while values and values[-1] is None:
            values.pop()
        return values

    def _read(self, cell, value):
        if isinstance(value, (bytes, type(u""))):
            value = value if isinstance(value, type(u"")) else value.decode("utf-8")
            if u"_x" in value:
                value = _ESCAPED.sub(lambda match: _chr(int(match.group(1), 16)), value)
            return value if value else None
        if isinstance(value, bool):
            return value
        if isinstance(value, _NUMBERS):
            shown = self._shown.get(cell._style_id)
            if shown is None:
                shown = shown_numbers.shown_by(cell.number_format)
                self._shown[cell._style_id] = shown
            return shown(value)
        return read_time(value)


def read_time(value):
    # type: (Any) -> date | datetime | Text
    """Return a date for midnight, else a datetime to the second; times alone are text.

    Spreadsheets keep times as fractions of a day: 12:00:00 may be some microseconds less.
    """
    if isinstance(value, datetime.datetime):
        value = _to_seconds(value)
        if value.time() == datetime.time(0):
            return value.date()
        return value
    if isinstance(value, datetime.time):
        start = datetime.datetime(2000, 1, 1)
        return u"%s" % _to_seconds(datetime.datetime.combine(start, value)).time().isoformat()
    if isinstance(value, datetime.timedelta):
        seconds = int(round(value.total_seconds()))
        sign = u"-" if seconds < 0 else u""
        minutes, seconds = divmod(abs(seconds), 60)
        return u"%s%d:%02d:%02d" % ((sign,) + divmod(minutes, 60) + (seconds,))
    return value if isinstance(value, datetime.date) else u"%s" % (value,)


def _to_seconds(value):
    left = value.microsecond
    if left < 2000:
        return value.replace(microsecond=0)
    if left > 998000:
        return value.replace(microsecond=0) + datetime.timedelta(seconds=1)
    return value
