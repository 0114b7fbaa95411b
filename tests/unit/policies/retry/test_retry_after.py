"""retry_after(): the seconds in a Retry-After."""

from __future__ import absolute_import, division, print_function

import calendar
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout.policies.retry import retry_after

#: The moment of RFC 9110's examples.
EXAMPLE = 784111777

LONGEST = 2.0 ** 31


@pytest.mark.parametrize("value, seconds", [
    ("0", 0), ("1", 1), ("120", 120), (" 7\t", 7), ("007", 7), ("0" * 5000 + "3", 3),
    ("2147483648", LONGEST), ("2147483649", LONGEST), ("9" * 10, LONGEST), ("9" * 11, LONGEST),
    ("9" * 65000, LONGEST)])
def test_digits_are_seconds(value, seconds):
    """However many: Python 3.11 would refuse to make a number of 5000 of them."""
    found = retry_after(value, 1e9)
    assert found == seconds
    assert type(found) is float


@pytest.mark.parametrize("value", [
    None, "", " ", "-1", "-0", "+5", "1.5", "1e3", "0x10", "1_000", "1 0", "5, 10", "5;", "5s",
    "soon", "nan", "inf", "\xb2", "5\n", "5\r\n", "\x0b5", "\x005", "5\x00",
    "\xd9\xa3",  # Digits of another script, in the bytes of 2.7 at least.
    u"\u0663" if str is not bytes else "\xd9\xa3"])
def test_what_is_no_whole_number_is_ignored(value):
    """Also if float() or int() would take it."""
    assert retry_after(value, 1e9) is None


@pytest.mark.parametrize("value", [
    "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    "Sun Nov 06 08:49:37 1994", " Sun, 06 Nov 1994 08:49:37 GMT ",
    "sun, 06 nov 1994 08:49:37 gmt", "SUNDAY, 06-NOV-94 08:49:37 GMT",
    "Mon, 06 Nov 1994 08:49:37 GMT"])
def test_a_date_has_three_forms(value):
    """Those of RFC 9110 section 5.6.7; a wrong weekday or case does not matter."""
    assert retry_after(value, EXAMPLE - 10.5) == 10.5
    assert retry_after(value, EXAMPLE) == 0.0


@pytest.mark.parametrize("value", [
    "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 GMT"])
def test_a_date_that_has_passed_is_no_wait(value):
    """The clocks of two machines are seldom equal."""
    assert retry_after(value, EXAMPLE + 1) == 0.0


@pytest.mark.parametrize("value", [
    "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37 PST",
    "Sun, 06 Nov 1994 08:49:37 +0100", "06 Nov 1994 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT",
    "Sun, 06 Noc 1994 08:49:37 GMT", "Sun, 31 Feb 2094 08:49:37 GMT",
    "Sun, 00 Nov 2094 08:49:37 GMT", "Sun, 06 Nov 2094 24:00:00 GMT",
    "Sun, 06 Nov 2094 08:60:00 GMT", "Sun, 06 Nov 2094 08:49:61 GMT",
    "Sun, 06 Nov 0000 08:49:37 GMT", "Thu, 29 Feb 2093 00:00:00 GMT",
    "Thursday, 30-Feb-24 00:00:00 GMT", "Sun Nov  6 08:49:37 1994 GMT", "1994-11-06T08:49:37Z",
    "Sun, 06 Nov 1994 08:49:37 GMT, 5", "Sun, 06 Nov 1994 08:49:37 GMT\n"])
def test_what_is_no_date_is_ignored(value):
    """A time in another zone, or one that no calendar has."""
    assert retry_after(value, 0.0) is None


def test_a_leap_second_is_the_next_second():
    """It is a valid time in the grammar, unlike in most calendars of programs."""
    leap = retry_after("Sat, 31 Dec 2016 23:59:60 GMT", 1483228800 - 5)
    assert leap == 5.0


def test_the_last_year_is_no_overflow():
    """Neither is a wall clock at the ends of what a machine may have."""
    assert retry_after("Fri, 31 Dec 9999 23:59:60 GMT", 0.0) == LONGEST
    for now in (-1e9, 0.0, 1e10):
        assert retry_after("Sunday, 06-Nov-94 08:49:37 GMT", now) is not None


@pytest.mark.parametrize("this_year, digits, year", [
    (1999, "05", 2005), (1999, "48", 2048), (1999, "49", 1949), (2026, "94", 1994),
    (2026, "75", 2075), (2026, "77", 1977), (2026, "26", 2026), (2060, "05", 2105),
    (2000, "00", 2000)])
def test_two_digits_are_a_year_at_most_50_in_the_future(this_year, digits, year):
    """RFC 9110 section 5.6.7; the day of the comparison is the 1st of July."""
    now = calendar.timegm((this_year, 7, 1, 0, 0, 0))
    then = calendar.timegm((year, 11, 6, 8, 49, 37))
    assert retry_after("Sunday, 06-Nov-%s 08:49:37 GMT" % digits, now) == min(
        max(then - now, 0), LONGEST)


@pytest.mark.parametrize("day, is_future", [("30-Jun", True), ("01-Jul", True), ("02-Jul", False)])
def test_the_50_years_are_counted_to_the_second(day, is_future):
    """Not from one New Year's Day."""
    now = calendar.timegm((2026, 7, 1, 0, 0, 0))
    found = retry_after("Sunday, %s-76 00:00:00 GMT" % day, now)
    assert (found > 0) is is_future


@given(st.text(max_size=50))
def test_any_text_is_read_without_an_error(text):
    """The result is None, or seconds that a timer takes."""
    value = text.encode("utf-8") if str is bytes else text
    found = retry_after(value, 1e9)
    assert found is None or 0 <= found <= LONGEST


@given(st.text(alphabet=u"0123456789 :,-SunNov GMT", max_size=40))
def test_any_text_like_a_date_is_read_without_an_error(text):
    """Likewise."""
    found = retry_after(str(text), 1e9)
    assert found is None or 0 <= found <= LONGEST


@given(st.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(2037, 1, 1)),
       st.integers(0, 10 ** 6))
def test_any_date_in_any_form_is_its_distance_from_now(date, ahead):
    """The four-digit forms; names of days and months are written without the locale."""
    date = date.replace(microsecond=0)
    then = calendar.timegm(date.timetuple())
    day = "Mon Tue Wed Thu Fri Sat Sun".split()[date.weekday()]
    month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[date.month - 1]
    clock = "%02d:%02d:%02d" % (date.hour, date.minute, date.second)
    for value in ("%s, %02d %s %04d %s GMT" % (day, date.day, month, date.year, clock),
                  "%s %s %2d %s %04d" % (day, month, date.day, clock, date.year)):
        assert retry_after(value, float(then - ahead)) == ahead
