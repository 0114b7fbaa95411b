# -*- coding: utf-8 -*-
"""Dates in the forms that people write; what may be two dates, or does not exist, is refused."""

from __future__ import absolute_import, division, print_function

import datetime

import pytest
from bulk_models import Refused, value_of


@pytest.mark.parametrize("cell", [
    u"2024-02-29", u"2024/2/29", u"2024.02.29", u"2024. 2. 29.", u"29.02.2024", u"29. 2. 2024",
    u"29 Feb 2024", u"29-feb-2024", u"29Feb 2024", u"29th February, 2024",
    u"Feb 29, 2024", u"Feb. 29 2024", u"February 29th 2024", u"Thursday, 29 February 2024",
    u"2024-Feb-29", u"2024\u5e742\u670829\u65e5", u"2024\u5e74 2\u6708 29\u65e5", u"20240229",
    u"29/02/2024", u"2/29/2024", u"02-29-2024", u"2024-02-29 00:00:00", u"2024-02-29T00:00:00Z",
    u"\uff12\uff10\uff12\uff14\uff0f\uff10\uff12\uff0f\uff12\uff19", 20240229,
    datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29),
])
def test_dates(cell):
    """All of these are the same day."""
    assert value_of("bought", cell) == u"2024-02-29"


@pytest.mark.parametrize("cell, expected", [
    (u"2024-02-29", u"00:00:00"), (u"2024-02-29 23:59", u"23:59:00"),
    (u"2024-02-29T23:59:01", u"23:59:01"), (u"2024-02-29T23:59:01.123Z", u"23:59:01"),
    (u"2024-02-29 23:59:01,5+08:00", u"23:59:01"), (u"2024-02-29 23:59:01 +0800", u"23:59:01"),
    (u"2024-02-29 11:59 PM", u"23:59:00"), (u"29/02/2024 12:30am", u"00:30:00"),
    (u"Feb 29, 2024, 12:30 p.m.", u"12:30:00"), (u"20240229T235901Z", u"23:59:01"),
    (u"20240229235901", u"23:59:01"), (u"Thu, 29 Feb 2024 23:59:01 GMT", u"23:59:01"),
    (u"2024\u5e742\u670829\u65e523\u65f659\u5206", u"23:59:00"),
    (u"2024\u5e742\u670829\u65e5 23:59:01", u"23:59:01"),
    (datetime.datetime(2024, 2, 29, 23, 59, 1), u"23:59:01"),
    (datetime.date(2024, 2, 29), u"00:00:00"),
])
def test_times(cell, expected):
    """The time is the one that is written; an offset is left out, the CMDB has none."""
    assert value_of("seen", cell) == u"2024-02-29 " + expected


@pytest.mark.parametrize("cell", [u"03/04/2024", u"3.4.2024", u"03-04-2024"])
def test_what_may_be_two_dates(cell):
    """It is refused until the user says the order; that order then holds for all."""
    assert value_of("bought", cell).reason == (
        u"may be 2024-04-03 or 2024-03-04: write the one that is meant, or say which with "
        u"--dates=dmy or --dates=mdy")
    assert value_of("bought", cell, dates="dmy") == u"2024-04-03"
    assert value_of("bought", cell, dates="mdy") == u"2024-03-04"


def test_one_date_in_either_order():
    """It needs no rule."""
    assert value_of("bought", u"04/04/2024") == u"2024-04-04"


def test_a_date_against_the_rule():
    """A month 29 is not read in the other order: something is wrong with the file."""
    assert value_of("bought", u"02/29/2024", dates="dmy").reason.startswith(
        u"is not a date: there is no month 29")


@pytest.mark.parametrize("name, cell, reason", [
    ("bought", u"30 February 2024", u"is not a date: February 2024 has no day 30, its last is 29"),
    ("bought", u"2023-02-29", u"February 2023 has no day 29, its last is 28"),
    ("bought", u"2024-13-01", u"there is no month 13"),
    ("bought", u"0000-00-00", u"there is no year 0"),
    ("bought", u"29/02/24", u"has a year of two digits: write four, as in 2024-02-29"),
    ("bought", u"29-Feb-24", u"has a year of two digits"),
    ("bought", u"29 Fev 2024", u"Fev is no English name of a month"),
    ("bought", u"45351", u"Excel shows the date 2024-02-29 so"),
    ("bought", 45351.0, u"Excel shows the date 2024-02-29 so"),
    ("bought", u"12", u"is a number, not a date"),
    ("bought", u"2024-02-29 23:59", u"has a time of day, and the attribute takes none"),
    ("bought", u"yesterday", u"is not a date; write for example 2024-02-29"),
    ("bought", u"1709164800", u"is not a date"),
    ("bought", u"2024-02-29" * 100, u"is not a date"),
    ("bought", True, u"is not a date"),
    ("bought", datetime.time(23, 59), u"is not a date"),
    ("bought", u"\u0662\u0660\u0662\u0664-02-29", u"is not a date"),
    ("seen", u"2024-02-29 24:00", u"is not a time"),
    ("seen", u"2024-02-29 13:00 PM", u"hours are from 1 to 12"),
    ("seen", u"23:59", u"is not a date"),
])
def test_what_is_no_date(name, cell, reason):
    """The reason says why, and what to write."""
    refused = value_of(name, cell)
    assert isinstance(refused, Refused) and reason in refused.reason, refused
