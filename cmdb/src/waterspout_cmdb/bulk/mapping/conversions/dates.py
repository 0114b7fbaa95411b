"""Cells as dates, and as dates with a time of day."""

from __future__ import absolute_import, division, print_function

import datetime
import re

from tornado.util import unicode_type

from waterspout_cmdb.bulk.mapping.conversions import date_forms
from waterspout_cmdb.bulk.mapping.conversions.text import date_as_text
from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Text  # noqa: F401

#: Texts whose dates are kept: in most files, few dates stand in many rows.
_KEPT = 5000

_NUMBER = re.compile(u"[0-9]{1,6}(?:\\.[0-9]+)?\\Z")

#: Excel counts days from here, for dates after February 1900.
_FIRST_DAY = datetime.date(1899, 12, 30)


def date_converter(attribute, rules, is_json):
    # type: (Attribute, Rules, bool) -> Callable[[Any], Text]
    """Return the function that makes a cell a date such as 2024-02-29."""
    return _converter(rules.dates, _date, u"2024-02-29")


def datetime_converter(attribute, rules, is_json):
    # type: (Attribute, Rules, bool) -> Callable[[Any], Text]
    """Return the function that makes a cell a time such as 2024-02-29 23:59:00."""
    return _converter(rules.dates, _datetime, u"2024-02-29 23:59:00")


def _converter(order, form, example):
    kept = {}
    get = kept.get

    def convert(cell):
        is_text = cell.__class__ is unicode_type
        value = get(cell) if is_text else None
        if value is not None:
            return value
        value = form(*_parts(cell, order, example))
        if is_text:
            if len(kept) >= _KEPT:
                kept.clear()
            kept[cell] = value
        return value

    return convert


def _parts(cell, order, example):
    """Return the text of the date in a cell, and the time of day or None."""
    if isinstance(cell, datetime.datetime):  # A date as well, so this comes first.
        return date_as_text(cell), (cell.hour, cell.minute, cell.second)
    if isinstance(cell, datetime.date):
        return date_as_text(cell), None
    if isinstance(cell, (bool, list, dict, datetime.time)):
        raise Unreadable(u"is not a date; write for example %s" % example)
    text = cell if isinstance(cell, unicode_type) else u"%s" % (cell,)
    if _NUMBER.match(text):
        raise _serial(text, example)
    year, month, day, time = date_forms.parse(text, order)
    return u"%04d-%02d-%02d" % (year, month, day), time


def _serial(text, example):
    days = int(float(text))
    if 20000 <= days <= 80000:  # From 1954 to 2119.
        meant = date_as_text(_FIRST_DAY + datetime.timedelta(days))
        return Unreadable(
            u"is a number; Excel shows the date %s so in a column that is not formatted as date: "
            u"if that is meant, write it so" % meant)
    return Unreadable(u"is a number, not a date; write for example %s" % example)


def _date(day, time):
    if time is not None and any(time):
        raise Unreadable(u"has a time of day, and the attribute takes none: write %s" % day)
    return day


def _datetime(day, time):
    return u"%s %02d:%02d:%02d" % ((day,) + (time or (0, 0, 0)))
