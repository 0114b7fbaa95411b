"""`ClientTimeout`, the value of ``timeout=``: what it takes, and what it refuses."""

from __future__ import absolute_import, division, print_function

from decimal import Decimal
from fractions import Fraction

import pytest

import waterspout
from waterspout import ClientTimeout


class AiohttpClientTimeout(object):
    """Has the attributes of `aiohttp.ClientTimeout`."""

    total = 300
    connect = sock_connect = sock_read = None
    ceil_threshold = 5


AiohttpClientTimeout.__name__ = "ClientTimeout"
AiohttpClientTimeout.__module__ = "aiohttp.client"


@pytest.mark.parametrize("value, expected", [
    (5, ClientTimeout(connect=5, read=5, pool=5, total=None)),
    ((3, 10), ClientTimeout(connect=3, read=10, pool=3)),
    ((None, 10), ClientTimeout(read=10)),
    (None, ClientTimeout()),
])
def test_a_timeout_may_be_a_number_a_pair_or_none(value, expected):
    """A number, a pair, or None mean the same as in requests."""
    assert ClientTimeout.of(value) == expected


@pytest.mark.parametrize("value", [0, -1, float("nan"), (0, 5), (1, 2, 3)])
def test_a_number_that_is_not_above_0_is_a_value_error(value):
    """As in requests, where urllib3 refuses it."""
    with pytest.raises(ValueError):
        ClientTimeout.of(value)


@pytest.mark.parametrize("value", [
    [3, 10], {}, True, "soon", "5", u"5", b"5", bytearray(b"5"), ("3", "10"), (True, 3), object()])
def test_a_timeout_of_another_type_is_a_type_error(value):
    """requests refuses the same values. The text names timeout= and what to write."""
    with pytest.raises(TypeError) as caught:
        ClientTimeout.of(value)
    assert str(caught.value).startswith("timeout= takes a number of seconds, a tuple")
    assert "waterspout.ClientTimeout(connect=" in str(caught.value)


def test_a_list_as_timeout_is_answered_with_the_tuple_to_write():
    """The most likely mistake, since JSON and YAML have no tuples."""
    with pytest.raises(TypeError) as caught:
        ClientTimeout.of([3, 10])
    assert str(caught.value).endswith("not list: [3, 10]; write timeout=(3, 10)")


@pytest.mark.parametrize("value", [Decimal("2.5"), Fraction(5, 2)])
def test_any_number_is_a_timeout(value):
    """As in requests."""
    assert ClientTimeout.of(value) == ClientTimeout(connect=2.5, read=2.5)


def test_a_text_as_a_limit_is_refused_by_its_name():
    """ClientTimeout(total=...) names the limit."""
    with pytest.raises(TypeError) as caught:
        ClientTimeout(total="30")
    assert "total='30' is not a number of seconds" in str(caught.value)


def test_the_timeout_of_aiohttp_is_refused_by_name():
    """The error says which of its limits is which here."""
    with pytest.raises(TypeError) as caught:
        waterspout.Session(timeout=AiohttpClientTimeout())
    text = str(caught.value)
    assert "aiohttp.client.ClientTimeout" in text and "waterspout.ClientTimeout(connect=" in text
    assert "sock_connect is connect here" in text


def test_a_session_takes_it_as_an_attribute_too():
    """``session.timeout = 5`` means what ``Session(timeout=5)`` means, or is refused at once."""
    session = waterspout.Session()
    session.timeout = 5
    assert session.timeout == ClientTimeout(connect=5, read=5)
    with pytest.raises(TypeError):
        session.timeout = "soon"
    assert session.timeout == ClientTimeout(connect=5, read=5)


def test_the_exception_is_refused_as_a_value():
    """`timeout=Timeout(3, 10)` is a mistake for `ClientTimeout`, and the error says so."""
    with pytest.raises(TypeError) as caught:
        ClientTimeout.of(waterspout.Timeout(3, 10))
    assert "waterspout.Timeout is the exception" in str(caught.value)
    assert "waterspout.ClientTimeout(connect=" in str(caught.value)
