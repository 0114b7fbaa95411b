"""Cells as dates, and as dates with a time of day."""

from __future__ import absolute_import, division, print_function

import datetime
import re

from tornado.util import unicode_type

from waterspout_cmdb.bulk import utc_offset
from waterspout_cmdb.bulk.mapping.conversions import date_forms
from waterspout_cmdb.bulk.mapping.conversions.text import date_as_text
from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Text  # noqa: F401

#: Texts whose dates are kept: in most files, few dates stand in many rows.
_KEPT = 5000

_NUMBER = re.compile(u"[0-9]{1,6}(?:\\.[0-9]+)?\\Z")

#: Excel counts days from here, for dates after February 1900.
_FIRST_DAY = datetime.date(1899, 12, 30)


def date_converter(attribute, rules, is_json):
    # type: (Attribute, Rules, bool) -> Callable[[Any], Text]
    """Return the function that makes a cell a date such as 2024-02-29, which no offset moves."""
    return _converter(rules.dates, _date, u"2024-02-29")


def datetime_converter(attribute, rules, is_json, note=None):
    # type: (Attribute, Rules, bool, Optional[Callable[[], None]]) -> Callable[[Any], Text]
    """Return the function that makes a cell a time such as 2024-02-29 23:59:00.

    Args:
        note: called for each time with an offset, if the rules do not say into which to convert it.
    """
    if rules.utc_offset is None:
        return _converter(rules.dates, _datetime, u"2024-02-29 23:59:00", note)
    wanted = utc_offset.minutes_of(rules.utc_offset)

    def converted(day, time, offset):
        if offset is None or offset == wanted:
            return _datetime(day, time, offset)
        return _moved(day, time, wanted - offset, rules.utc_offset)

    return _converter(rules.dates, converted, u"2024-02-29 23:59:00")


def _converter(order, form, example, note=None):
    kept = {}
    get = kept.get

    def convert(cell):
        is_text = cell.__class__ is unicode_type
        found = get(cell) if is_text else None
        if found is None:
            day, time, offset = _parts(cell, order, example)
            found = form(day, time, offset), note is not None and offset is not None
            if is_text:
                if len(kept) >= _KEPT:
                    kept.clear()
                kept[cell] = found
        value, is_noted = found
        if is_noted:
            note()
        return value

    return convert


def _parts(cell, order, example):
    """Return the text of the date in a cell; the time of day, and its offset, or None."""
    if isinstance(cell, datetime.datetime):  # A date as well, so this comes first.
        return date_as_text(cell), (cell.hour, cell.minute, cell.second), None
    if isinstance(cell, datetime.date):
        return date_as_text(cell), None, None
    if isinstance(cell, (bool, list, dict, datetime.time)):
        raise Unreadable(u"is not a date; write for example %s" % example)
    text = cell if isinstance(cell, unicode_type) else u"%s" % (cell,)
    if _NUMBER.match(text):
        raise _serial(text, example)
    year, month, day, time, offset = date_forms.parse(text, order)
    return u"%04d-%02d-%02d" % (year, month, day), time, offset


def _serial(text, example):
    days = int(float(text))
    if 20000 <= days <= 80000:  # From 1954 to 2119.
        meant = date_as_text(_FIRST_DAY + datetime.timedelta(days))
        return Unreadable(
            u"is a number; Excel shows the date %s so in a column that is not formatted as date: "
            u"if that is meant, write it so" % meant)
    return Unreadable(u"is a number, not a date; write for example %s" % example)


def _date(day, time, offset):
    if time is not None and any(time):
        raise Unreadable(u"has a time of day, and the attribute takes none: write %s" % day)
    return day


def _datetime(day, time, offset):
    return u"%s %02d:%02d:%02d" % ((day,) + (time or (0, 0, 0)))


def _moved(day, time, minutes, wanted):
    """Return a time that is so many minutes later."""
    written = datetime.datetime(*tuple(map(int, day.split(u"-"))) + time)
    try:
        moved = written + datetime.timedelta(minutes=minutes)
    except OverflowError:
        raise Unreadable(u"is not a time: in the offset %s it is not in the years 1 to 9999"
                         % wanted)
    return u"%s %02d:%02d:%02d" % (date_as_text(moved), moved.hour, moved.minute, moved.second)
