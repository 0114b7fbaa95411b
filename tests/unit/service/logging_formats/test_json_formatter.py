"""JSONFormatter: one valid line of JSON for each record, whatever it holds."""

from __future__ import absolute_import, division, print_function

import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout.service import JSONFormatter
from waterspout.service._logging.json_values import MAX_TEXT, quoted, quoted_again
from waterspout.service._logging.time_text import UTCTimes


def record_of(message="hello", *args, **extra):
    exc_info = extra.pop("exc_info", None)
    record = logging.LogRecord("shop.orders", logging.WARNING, __file__, 1, message, args, exc_info)
    record.created, record.process = 1769860800.25, 4711
    record.__dict__.update(extra)
    return record


def parsed(record):
    line = JSONFormatter().format(record)
    assert isinstance(line, str) and "\n" not in line
    assert all(" " <= character <= "~" for character in line)
    found = json.loads(line)
    json.dumps(found, ensure_ascii=False).encode("utf-8")  # No half of a surrogate pair.
    return found


def test_members_of_a_record():
    assert parsed(record_of("%d of %s", 3, "a")) == {
        "time": "2026-01-31T12:00:00.250Z", "level": "warning", "logger": "shop.orders",
        "process": 4711, "message": "3 of a"}


def test_what_is_given_as_extra_is_a_member():
    """Values of JSON are what they are; others are their repr."""
    found = parsed(record_of(
        request_id="4bf9", count=3, share=0.5, flag=True, nothing=None, many=[1, {"a": u"\xe4"}],
        odd=Odd(), infinite=float("inf")))
    assert found["request_id"] == "4bf9" and found["count"] == 3 and found["share"] == 0.5
    assert found["flag"] is True and found["nothing"] is None
    assert found["many"] == [1, {"a": u"\xe4"}]
    assert (found["odd"], found["infinite"]) == ("an odd one", "inf")


def test_extra_cannot_take_the_place_of_what_a_line_has():
    """A name that is used has an underscore after it."""
    found = parsed(record_of(level="none", time="never", logger="other", stack="hay"))
    assert (found["level"], found["logger"]) == ("warning", "shop.orders")
    assert (found["level_"], found["time_"], found["logger_"]) == ("none", "never", "other")


class Odd(object):
    def __repr__(self):
        return "an odd one"


class Broken(Exception):
    def __repr__(self):
        raise RuntimeError("no")

    __str__ = __repr__


def raised(error):
    try:
        raise error
    except Exception:
        return sys.exc_info()


def test_an_exception_is_one_member():
    """Its whole traceback, with line breaks that are escaped."""
    found = parsed(record_of(exc_info=raised(KeyError("key\n2"))))
    lines = found["exception"].splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-1].startswith("KeyError: ")


def test_of_a_long_traceback_there_is_the_end():
    found = parsed(record_of(exc_info=raised(ValueError("x" * 50000 + "the end"))))
    assert len(found["exception"]) == 10000 and found["exception"].endswith("the end")


def test_of_a_long_message_there_is_the_beginning():
    found = parsed(record_of("begin" + "x" * 1000000, many=["y" * 1000000]))
    assert found["message"].startswith("begin") and len(found["message"]) == MAX_TEXT + 3
    assert len(found["many"]) == MAX_TEXT + 3


@pytest.mark.parametrize("record", [
    record_of("%d", "x"), record_of("%s"  "%s", 1), record_of("%s", Broken()),
    record_of(Broken()), record_of(odd=Broken()), record_of(exc_info=raised(Broken())),
    record_of(odd={1: {2: Broken()}}), record_of(odd=[b"\xff"]), record_of(odd={b"\xff": 1}),
], ids=["wrong argument", "missing argument", "argument", "message", "extra", "exception", "nested",
        "bytes", "bytes as a key"])
def test_what_cannot_be_formatted_raises_nothing(record):
    """The line has what is known."""
    found = parsed(record)
    assert found["logger"] == "shop.orders" and "message" in found


def test_a_list_that_holds_itself():
    circle = []
    circle.append(circle)
    assert parsed(record_of(odd=circle))["odd"] == "[[...]]"


@pytest.mark.parametrize("text, expected", [
    (b"\xff\xfe", u"\ufffd\ufffd"), (u"\ud800", u"\ufffd"), (u"\udc00\ud800", u"\ufffd\ufffd"),
    (u"\ud83d\ude00", u"\U0001f600"), (u"\\ud800", u"\\ud800"), (u"\\\\ud800", u"\\\\ud800"),
    (u"\\\ud800", u"\\\ufffd"), (u"a\x1b[31m\x7f\u2028\r\n", u"a\x1b[31m\x7f\u2028\r\n"),
], ids=["not UTF-8", "half", "two halves", "pair", "escape", "escapes", "half after a backslash",
        "control characters"])
def test_text_is_what_it_was_where_json_can_have_it(text, expected):
    """In a message, and inside a value."""
    if isinstance(text, bytes) and str is not bytes:
        assert parsed(record_of(odd=text))["odd"] == expected
        return
    found = parsed(record_of(text, odd=[text] if not isinstance(text, bytes) else text))
    assert found["message"] == expected
    assert found["odd"] in ([expected], expected)


@given(st.text(), st.binary(), st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5))
def test_whatever_a_record_holds_it_is_one_line_of_json(text, name, value):
    record = record_of(text, extra_value=value)
    record.name = name
    assert parsed(record)["level"] == "warning"


def test_times_are_utc_with_milliseconds():
    """Each second is formatted once; milliseconds are cut off, never 1000."""
    times = UTCTimes()
    moments = [0, 0.0005, 0.9999, 1.0, 0.25, 1769860800.9996, 4102444799.999]
    assert [times.text(moment) for moment in moments] == [
        "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.999Z",
        "1970-01-01T00:00:01.000Z", "1970-01-01T00:00:00.250Z", "2026-01-31T12:00:00.999Z",
        "2099-12-31T23:59:59.999Z"]


@pytest.mark.parametrize("text", ["a" * 100, "a" * 101, u"\xe4\"\n", b"\xff", ""])
def test_a_text_that_recurs_is_quoted_as_any_other(text):
    assert [quoted_again(text, 200) for _ in range(2)] == [quoted(text)] * 2


def test_a_long_text_that_recurs_is_cut():
    assert [quoted_again("a" * 201, 200) for _ in range(2)] == ['"%s..."' % ("a" * 200)] * 2
