from __future__ import absolute_import, division, print_function

import pytest
from linear_time import assert_linear
from request_feeding import feed

from waterspout._wire import MessageLimits, ServerConnection

pytestmark = pytest.mark.slow

#: Nothing here may end because a limit was reached.
ENDLESS = MessageLimits(**{name: 1 << 30 for name in MessageLimits.__slots__})

START = b"GET / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = START + b"Transfer-Encoding: chunked\r\n\r\n"

#: What would make a careless reader look at the same bytes again and again: for each, a
#: function of a count.
INPUTS = {
    "many fields": lambda n: START + b"A: b\r\n" * n + b"\r\n",
    "many fields and no end": lambda n: START + b"A: b\r\n" * n,
    "many fields, the last one bad": lambda n: START + b"A: b\r\n" * n + b"A\r\n\r\n",
    "a long method": lambda n: b"A" * n,
    "a long target": lambda n: b"GET /" + b"a" * n,
    "a long target, then a tab": lambda n: b"GET /" + b"a" * n + b"\t HTTP/1.1\r\n\r\n",
    "a long name": lambda n: START + b"A" * n + b"\r\n\r\n",
    "a long value of spaces": lambda n: START + b"A: " + b" " * n + b"b\r\n\r\n",
    "a long value of spaces, then NUL": lambda n: START + b"A: " + b" " * n + b"\x00\r\n\r\n",
    "many folds": lambda n: START + b"A: b\r\n" + b" c\r\n" * n + b"\r\n",
    "many options": lambda n: START + b"Connection: " + b"a , " * n + b"\r\n\r\n",
    "many fields of options": lambda n: START + b"Connection: a\r\n" * n + b"\r\n",
    "many expectations": lambda n: START + b"Expect: a\r\n" * n + b"\r\n",
    "many codings": lambda n: START + b"Transfer-Encoding: " + b"a , " * n + b"\r\n\r\n",
    "many fields of codings": lambda n: START + b"Transfer-Encoding: a\r\n" * n + b"\r\n",
    "a long host": lambda n: START.replace(b"Host: a", b"Host: " + b"a" * n) + b"\r\n",
    "a long host of escapes": lambda n: START.replace(b"Host: a", b"Host: " + b"%20" * n + b"%"),
    "a long address": lambda n: START.replace(b"Host: a", b"Host: [" + b"0:" * n) + b"\r\n",
    "many chunks": lambda n: CHUNKED + b"1\r\na\r\n" * n,
    "a long chunk extension": lambda n: CHUNKED + b"1;" + b" " * n + b"\r\na\r\n",
    "a long chunk line and no end": lambda n: CHUNKED + b"1;" + b" " * n,
    "many trailers": lambda n: CHUNKED + b"0\r\n" + b"A: b\r\n" * n,
    "many requests": lambda n: (START + b"\r\n") * n,
    "many requests behind empty lines": lambda n: (b"\r\n" + START + b"\r\n") * n,
}


def feed_endlessly(slices):
    feed(slices, limits=ENDLESS)


@pytest.mark.parametrize("size", [1000, 1 << 30])
@pytest.mark.parametrize("name", sorted(INPUTS))
def test_time_is_linear_in_the_received_bytes(name, size):
    """For every kind of input, whole and in slices."""
    assert_linear(feed_endlessly, INPUTS[name], size)


@pytest.mark.parametrize("name", [
    "many fields and no end", "a long chunk line and no end", "many chunks", "many trailers",
    "many requests", "a long target"])
def test_time_is_linear_in_the_number_of_received_slices(name):
    """Byte by byte, for every buffer there is."""
    assert_linear(feed_endlessly, INPUTS[name], 1)


@pytest.mark.parametrize("max_bytes", [1, 100])
def test_time_is_linear_in_the_number_of_pieces(max_bytes):
    """A body that has arrived and is read in small pieces."""
    for name in ("many chunks", "many requests"):
        assert_linear(lambda slices: feed(slices, limits=ENDLESS, max_bytes=max_bytes),
                      INPUTS[name], 1 << 30)


def test_time_is_linear_in_the_bytes_that_arrive_while_nothing_is_read():
    """The requests behind one whose response takes long."""
    def keep(slices):
        connection = ServerConnection(ENDLESS)
        for data in slices:
            connection.receive_data(data)
            assert connection.unread_bytes

    assert_linear(keep, INPUTS["many requests"], 1)
