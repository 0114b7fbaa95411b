from __future__ import absolute_import, division, print_function

import pytest
from linear_time import assert_linear
from wire_feeding import feed

from waterspout._wire import MessageLimits

pytestmark = pytest.mark.slow

#: Nothing here may end because a limit was reached.
ENDLESS = MessageLimits(**{name: 1 << 30 for name in MessageLimits.__slots__})

START = b"HTTP/1.1 200 OK\r\n"
CHUNKED = START + b"Transfer-Encoding: chunked\r\n\r\n"

#: What would make a careless reader look at the same bytes again and again: for each, a
#: function of a count.
INPUTS = {
    "many fields": lambda n: START + b"A: b\r\n" * n + b"\r\n",
    "many fields and no end": lambda n: START + b"A: b\r\n" * n,
    "many fields, the last one bad": lambda n: START + b"A: b\r\n" * n + b"A\r\n\r\n",
    "a long name": lambda n: START + b"A" * n + b"\r\n\r\n",
    "a long value of spaces": lambda n: START + b"A: " + b" " * n + b"b\r\n\r\n",
    "a long value of spaces, then NUL": lambda n: START + b"A: " + b" " * n + b"\x00\r\n\r\n",
    "a long reason": lambda n: START[:-2] + b" " * n + b"\x00\r\n\r\n",
    "many folds": lambda n: START + b"A: b\r\n" + b" c\r\n" * n + b"\r\n",
    "many folds of spaces": lambda n: START + b"A: b\r\n" + b"    \r\n" * n + b"\r\n",
    "many folds, the last one bad": lambda n: START + b"A:\r\n" + b" c\r\n" * n + b" \x00\r\n\r\n",
    "many lengths": lambda n: START + b"Content-Length: " + b"5," * n + b"5\r\n\r\n",
    "many options": lambda n: START + b"Connection: " + b"a , " * n + b"\r\n\r\n",
    "many codings": lambda n: START + b"Transfer-Encoding: " + b"a , " * n + b"\r\n\r\n",
    "many framing fields": lambda n: START + b"Connection: a\r\n" * n + b"\r\n",
    "many lone CRs": lambda n: START + b"A: " + b"\r" * n + b"\r\n\r\n",
    "many hints": lambda n: b"HTTP/1.1 103 H\r\n\r\n" * n,
    "many chunks": lambda n: CHUNKED + b"1\r\na\r\n" * n,
    "a long chunk extension": lambda n: CHUNKED + b"1;" + b" " * n + b"\r\na\r\n",
    "a long chunk line and no end": lambda n: CHUNKED + b"1" + b" " * n,
    "many trailers": lambda n: CHUNKED + b"0\r\n" + b"A: b\r\n" * n,
    "many bytes too many": lambda n: START + b"Content-Length: 0\r\n\r\n" + b"a" * n,
}


def feed_endlessly(slices):
    feed(slices, limits=ENDLESS)


@pytest.mark.parametrize("size", [1000, 1 << 30])
@pytest.mark.parametrize("name", sorted(INPUTS))
def test_time_is_linear_in_the_input(name, size):
    """For every kind of input, whole and in slices."""
    assert_linear(feed_endlessly, INPUTS[name], size)


@pytest.mark.parametrize("name", [
    "many fields and no end", "a long chunk line and no end", "many chunks", "many trailers"])
def test_time_is_linear_in_the_number_of_slices(name):
    """Byte by byte, for every buffer there is."""
    assert_linear(feed_endlessly, INPUTS[name], 1)
