# -*- coding: utf-8 -*-
"""One column with dates as people write them: each is the day that a person reads."""

from __future__ import absolute_import, division, print_function

import datetime

import pytest
from bulk_books import Book
from bulk_inventories import write
from sandbox_models import attribute, text

from waterspout_cmdb.bulk.mapping import Rules

MODEL = {
    "objectId": "LEASE", "name": u"Lease",
    "attrList": [text("name", required="true", unique="true"), attribute("ends", "date")],
}

#: All are the 3rd of April 2027.
SAME_DAY = [
    u"2027-04-03", u"2027/04/03", u"2027/4/3", u"2027.04.03", u"20270403", u"2027-04-03 00:00:00",
    u"2027-04-03T00:00:00Z", u"3 April 2027", u"3 april 2027", u"3 Apr 2027", u"3-Apr-2027",
    u"03-APR-2027", u"3. April 2027", u"3rd April 2027", u"April 3, 2027", u"Apr 3, 2027",
    u"April 3rd, 2027", u"Sat, 3 Apr 2027", u"Saturday, April 3, 2027", u" 2027-04-03 ",
    u"2027年4月3日", u"2027年04月03日", u"2027 年 4 月 3 日",
    u"\uff12\uff10\uff12\uff17年\uff14月\uff13日", u"2027\uff0f4\uff0f3",
]

#: One is a day because the other order is none.
CLEAR = [
    (u"13/04/2027", u"2027-04-13"), (u"04/13/2027", u"2027-04-13"), (u"4/4/2027", u"2027-04-04"),
    (u"31.12.2027", u"2027-12-31"), (u"12-31-2027", u"2027-12-31"), (u"29 Feb 2028", u"2028-02-29"),
]

#: Two days each: what ``dmy`` says, and ``mdy``.
UNCLEAR = [
    (u"03/04/2027", u"2027-04-03", u"2027-03-04"), (u"3.4.2027", u"2027-04-03", u"2027-03-04"),
    (u"11-12-2027", u"2027-12-11", u"2027-11-12"),
]

#: No day that a person can be sure of, and what they are told.
WRONG = [
    (u"3-Apr-27", u"has a year of two digits: write four, as in 2024-02-29"),
    (u"29 Feb 2027", u"is not a date: February 2027 has no day 29, its last is 28"),
    (u"2027-13-01", u"is not a date: there is no month 13; write for example 2024-02-29"),
    (u"46480", u"is a number; Excel shows the date 2027-04-03 so in a column that is not formatted "
               u"as date: if that is meant, write it so"),
    (u"0000-00-00", u"is not a date: there is no year 0; leave the cell empty for no date"),
    (u"3 avril 2027", u"is not a date: avril is no English name of a month; write for example "
                      u"2024-02-29"),
    (u"2027-04-03 15:30", u"has a time of day, and the attribute takes none: write 2027-04-03"),
    (u"Q2 2027", u"is not a date; write for example 2024-02-29"),
    (u"N/A", u"is not a date; write for example 2024-02-29; if it stands for no value, leave the "
             u"cell empty"),
]


@pytest.fixture
def run(place, io_loop, tmpdir):
    """Imports cells from a file; returns what is stored by the cell, and what is wrong by it."""

    def run(cells, format="csv", dates=None):
        path = str(tmpdir.join("leases." + format))
        if format == "xlsx":
            book = Book()
            book.sheet(u"Leases", [[u"name", u"ends"]] + [
                [u"n%d" % index, cell] for index, cell in enumerate(cells)])
            book.save(path)
        else:
            write(path, u"name;ends\n" + u"".join(
                u"n%d;%s\n" % pair for pair in enumerate(cells)))
        org = place.new_org(MODEL)
        summary = place.run(io_loop, org, path, "LEASE", rules=Rules(dates=dates))
        assert summary.counts.rows == len(cells)
        stored = place.stored(org, MODEL)
        days = {cells[int(name[1:])]: each["ends"] for name, each in stored.items()}
        wrong = {cells[number - 2]: reason for number, reason in summary.problems}
        assert len(days) + len(wrong) == len(cells)
        return days, wrong

    return run


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_forms_of_one_day(run, format):
    days, wrong = run(SAME_DAY + [cell for cell, _ in CLEAR], format)
    assert wrong == {}
    assert days == dict([(cell, u"2027-04-03") for cell in SAME_DAY] + CLEAR)


def test_what_is_told_of_the_order_holds(run):
    """Then 13/04/2027 has a 13th month, rather than an order of its own."""
    days, wrong = run([u"13/04/2027", u"04/13/2027", u"2027-04-03"], dates="mdy")
    assert days == {u"04/13/2027": u"2027-04-13", u"2027-04-03": u"2027-04-03"}
    assert wrong == {
        u"13/04/2027": u'ends: "13/04/2027" is not a date: there is no month 13; write for example '
                       u"2024-02-29"}


def test_what_may_be_two_days(run):
    """It is rejected with both, and with what says which is meant."""
    cells = [each[0] for each in UNCLEAR]
    days, wrong = run(cells)
    assert days == {}
    assert wrong[u"03/04/2027"] == (
        u'ends: "03/04/2027" may be 2027-04-03 or 2027-03-04: write the one that is meant, or say '
        u"which with --dates=dmy or --dates=mdy")
    assert all(u"--dates=dmy or --dates=mdy" in reason for reason in wrong.values())
    assert run(cells, dates="dmy") == ({cell: day for cell, day, _ in UNCLEAR}, {})
    assert run(cells, dates="mdy") == ({cell: day for cell, _, day in UNCLEAR}, {})


def test_what_is_no_day(run):
    days, wrong = run([cell for cell, _ in WRONG])
    assert days == {}
    assert wrong == {cell: u'ends: "%s" %s' % (cell, reason) for cell, reason in WRONG}


def test_dates_of_excel(run):
    """Dates that are dates there, beside texts in the same column."""
    days, wrong = run([
        datetime.datetime(2027, 4, 3), datetime.date(2028, 2, 29), u"3 April 2027",
        datetime.datetime(1999, 12, 31), 46480], "xlsx")
    assert days == {
        datetime.datetime(2027, 4, 3): u"2027-04-03", datetime.date(2028, 2, 29): u"2028-02-29",
        u"3 April 2027": u"2027-04-03", datetime.datetime(1999, 12, 31): u"1999-12-31"}
    assert u"Excel shows the date 2027-04-03 so" in wrong[46480]
