"""Deadline and DeadlineHeader: values, their checks, and what stands in the header field."""

from __future__ import absolute_import, division, print_function

import copy
import pickle

import pytest
from tornado import gen

from waterspout import Deadline, DeadlineHeader
from waterspout.testing import FakeClock


def test_what_is_left_grows_less_with_time(io_loop):
    @gen.coroutine
    def script():
        with FakeClock() as clock:
            deadlines = [Deadline.after(2), Deadline.after(2.0, DeadlineHeader())]
            assert [each.left() for each in deadlines] == pytest.approx([2, 2])
            yield clock.advance(3)
            assert [each.left() for each in deadlines] == pytest.approx([-1, -1])

    io_loop.run_sync(script, timeout=10)


@pytest.mark.parametrize("unit, left, text", [
    ("ms", 1.5, "1500"), ("ms", 0.0019, "1"), ("ms", 0, "0"), ("ms", -1, "0"),
    ("s", 1.5, "1.500"), ("s", 0.00199, "0.001"), ("us", 0.5, "500000"), ("us", 1e-7, "0"),
    ("s", -5, "0.000"),
])
def test_never_more_is_sent_than_is_left(unit, left, text):
    assert DeadlineHeader("X", unit).text_of(left) == text


@pytest.mark.parametrize("unit, text, seconds", [
    ("ms", "1500", 1.5), ("ms", " 20\t", 0.02), ("s", "1.5", 1.5), ("s", "2.", 2),
    ("us", "10", 1e-5), ("ms", "0", 0), ("ms", "9" * 16, (10 ** 16 - 1) / 1e3),
])
def test_a_field_is_read_in_its_unit(unit, text, seconds):
    assert DeadlineHeader("X", unit).seconds_in(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", [
    "", "x", "-1", "+1", "1e3", "1 2", "1,5", "nan", "inf", "0x1", u"\u0661", "9" * 17, "1\n", ".5",
    "1.0000000000",
])
def test_a_field_that_is_no_number_is_an_error(text):
    """It names the field, and does not repeat what came in."""
    with pytest.raises(ValueError) as caught:
        DeadlineHeader("X-Left").seconds_in(text)
    assert str(caught.value) == "X-Left is not a number of ms"


def test_a_request_without_the_field_has_the_default():
    assert DeadlineHeader().seconds_in(None) is None
    assert DeadlineHeader(default=5).seconds_in(None) == 5


def test_a_request_gets_no_more_than_the_most():
    assert DeadlineHeader(most=2).seconds_in("1000") == 1
    assert DeadlineHeader(most=2).seconds_in("900000") == 2


@pytest.mark.parametrize("arguments, name", [
    ({"name": "X Y"}, "name"), ({"name": ""}, "name"), ({"name": "X\n"}, "name"),
    ({"name": 3}, "name"),
    ({"unit": "h"}, "unit"), ({"default": 0}, "default"), ({"most": "1"}, "most"),
    ({"least": -1}, "least"), ({"default": float("nan")}, "default"), ({"most": True}, "most"),
])
def test_wrong_arguments_are_refused_by_name(arguments, name):
    with pytest.raises((TypeError, ValueError)) as caught:
        DeadlineHeader(**arguments)
    assert name in str(caught.value)


@pytest.mark.parametrize("arguments", [
    {"left": -1}, {"left": "1"}, {"left": None}, {"left": float("nan")}, {"left": True},
    {"left": 1, "header": "X"}, {"left": 1, "least": -1},
    {"left": -1.0, "header": DeadlineHeader()},
    {"left": float("nan"), "header": DeadlineHeader()},
])
def test_a_wrong_deadline_is_refused(arguments):
    with pytest.raises((TypeError, ValueError)):
        Deadline.after(**arguments)


def test_the_least_is_the_headers_unless_given():
    header = DeadlineHeader(least=0.5)
    assert Deadline.after(1.0, header).least == Deadline(1, header).least == 0.5
    assert Deadline.after(1.0, header, least=0.1).least == 0.1
    assert Deadline.after(1).least == 0


def test_they_are_immutable_values():
    header = DeadlineHeader(least=0.5)
    for value in (header, Deadline(7, header), Deadline.after(3.0, header)):
        twins = [copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value, 2))]
        assert all(twin == value and hash(twin) == hash(value) for twin in twins)
        with pytest.raises(AttributeError):
            value.least = 3
        assert type(value).__name__ in repr(value)
    assert Deadline(7) != Deadline(8) and Deadline(7) != header
    assert header == DeadlineHeader(least=0.5)
