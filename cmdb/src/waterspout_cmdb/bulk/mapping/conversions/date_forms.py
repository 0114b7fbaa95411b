# -*- coding: utf-8 -*-
"""Dates and times in the forms that people write; what may be two dates is refused."""

from __future__ import absolute_import, division, print_function

import calendar
import re

from waterspout_cmdb.bulk import utc_offset
from waterspout_cmdb.bulk.mapping.conversions import digits
from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Optional, Text, Tuple  # noqa: F401

MONTHS = [u""] + (
    u"January February March April May June July August September October November December"
).split()

_MONTH_NUMBERS = {name.lower(): number for number, name in enumerate(MONTHS) if name}
_MONTH_NUMBERS.update({name[:3].lower(): number for number, name in enumerate(MONTHS) if name})
_MONTH_NUMBERS[u"sept"] = 9

#: Longer cells are no dates; expressions need not read them.
_MAX_LENGTH = 60

#: The characters of East Asian keyboards that `digits.plain` leaves.
_PLAIN = {0xFF0F: u"/", 0xFF1A: u":"}

_DAY = u"([0-9]{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = u"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]? +)?"
_MONTH = u"([a-z]{3,9})\\.?"
_YEAR = u"([0-9]{4}|'?[0-9]{2})"
_BETWEEN = u"[-/., ]{1,2}"


def _form(order, pattern):
    return order, re.compile(pattern + u"\\Z", re.IGNORECASE)


#: What the groups of each form are; "ab" is day and month in an order that is to be found out.
_FORMS = [
    _form("ymd", u"([0-9]{4})[-/.] ?([0-9]{1,2})[-/.] ?([0-9]{1,2})\\.?"),
    _form("ymd", u"([0-9]{4}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?[日号]?"),
    _form("ymd", u"([0-9]{4})([0-9]{2})([0-9]{2})"),
    _form("aby", u"([0-9]{1,2})[-/.] ?([0-9]{1,2})[-/.] ?" + _YEAR),
    _form("dmy", _WEEKDAY + _DAY + u"(?:" + _BETWEEN + u")?" + _MONTH + _BETWEEN + _YEAR),
    _form("mdy", _WEEKDAY + _MONTH + _BETWEEN + _DAY + _BETWEEN + _YEAR),
    _form("ymd", u"([0-9]{4})" + _BETWEEN + _MONTH + _BETWEEN + _DAY),
]

_TIME = re.compile(
    u"(?:T|,? |(?<=[日号]))"
    u" ?([0-9]{1,2})[:时点]([0-9]{1,2})(?:[:分]([0-9]{1,2}))?(?:[.,][0-9]{1,9})?[分秒]?"
    u" ?([ap]\\.?m\\.?)?"
    u" ?(Z|UTC|GMT|[-+][0-9]{2}(?::?[0-9]{2})?)?\\Z", re.IGNORECASE)
_COMPACT_TIME = re.compile(
    u"(?<=[0-9]{8})[T ]?([0-9]{2})([0-9]{2})([0-9]{2})?()(Z|[-+][0-9]{2}:?[0-9]{2})?\\Z")

_EXAMPLE = u"write for example 2024-02-29"


def parse(text, order):
    # type: (Text, Optional[str]) -> Tuple[int, int, int, Optional[Tuple[int, int, int]], Optional[int]]  # noqa: E501
    """Return year, month, day, the time of day and its offset from UTC, as they are written.

    The time is (hour, minute, second), the offset minutes; each is None if there is none. Parts of
    a second are left out, because the CMDB stores none.

    Args:
        order: "dmy", "mdy", or None: day and month in figures are refused if both are possible.
    Raises:
        Unreadable: it is not a date, not one that exists, or may be two.
    """
    text = digits.plain(text).translate(_PLAIN)
    if len(text) > _MAX_LENGTH:
        raise _no_date()
    time = _TIME.search(text) or _COMPACT_TIME.search(text)
    day = text[:time.start()] if time else text
    for groups, pattern in _FORMS:
        found = pattern.match(day.strip())
        if found:
            parts = dict(zip(groups, found.groups()))
            return _date(parts, order) + (
                (_time_of_day(time), _offset(time.group(5))) if time else (None, None))
    raise _no_date()


def _no_date():
    return Unreadable(u"is not a date; " + _EXAMPLE)


def _date(parts, order):
    year = parts["y"]
    if len(year) < 4:
        raise Unreadable(u"has a year of two digits: write four, as in 2024-02-29")
    if "m" in parts:
        month = parts["m"]
        number = int(month) if month.isdigit() else _MONTH_NUMBERS.get(month.lower())
        if number is None:
            raise Unreadable(u"is not a date: %s is no English name of a month; %s" % (
                month, _EXAMPLE))
        day_and_month = int(parts["d"]), number
    else:
        day_and_month = _in_order(int(parts["a"]), int(parts["b"]), int(year), order)
    return _existing(int(year), day_and_month[1], day_and_month[0])


def _in_order(first, second, year, order):
    """Return day and month from two numbers."""
    if order is not None:
        return (first, second) if order == "dmy" else (second, first)
    if first > 12 or first == second:
        return first, second
    if second > 12:
        return second, first
    raise Unreadable(
        u"may be %04d-%02d-%02d or %04d-%02d-%02d: write the one that is meant, or say which with "
        u"--dates=dmy or --dates=mdy" % (year, second, first, year, first, second))


def _existing(year, month, day):
    if year == 0:
        raise Unreadable(u"is not a date: there is no year 0; leave the cell empty for no date")
    if not 1 <= month <= 12:
        raise Unreadable(u"is not a date: there is no month %d; %s" % (month, _EXAMPLE))
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise Unreadable(u"is not a date: %s %d has no day %d, its last is %d" % (
            MONTHS[month], year, day, days))
    return year, month, day


def _time_of_day(found):
    hour, minute, second, half, _ = found.groups()
    hour, minute, second = int(hour), int(minute), int(second or 0)
    if half:
        if not 1 <= hour <= 12:
            raise Unreadable(u"is not a time: with AM or PM, hours are from 1 to 12")
        hour = hour % 12 + (12 if half[0] in u"pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise Unreadable(u"is not a time: the last of a day is 23:59:59")
    return hour, minute, second


def _offset(text):
    if not text:
        return None
    minutes = utc_offset.minutes_of(text)
    if minutes is None:
        raise Unreadable(
            u"is not a time: %s is no offset from UTC; write for example +08:00" % text)
    return minutes
