from __future__ import absolute_import, division, print_function

import pytest
from wire_feeding import HOST, feed, read, refused

from waterspout.exceptions import LocalProtocolError, RemoteProtocolError

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_close_before_the_first_byte_has_an_error_of_its_own():
    """It is the one case in which a request on a reused connection may be sent again."""
    error = refused(b"", "closed before a byte of the response arrived", closed=True)
    assert error.phase == "read"
    assert not feed([], closed=True).connection.response_started


@pytest.mark.parametrize("data", [b"H", b"HTTP/1.1 200 OK\r\n", LENGTH[:-1]])
def test_a_head_cut_short_is_an_error(data):
    """Section 8: an incomplete header section makes the message invalid."""
    refused(data, "closed after %d bytes of a response head" % len(data), closed=True)
    assert feed([data], closed=True).connection.response_started


def test_a_close_after_an_informational_response_is_an_error():
    """The server had begun to answer."""
    reading = feed([b"HTTP/1.1 100 Continue\r\n\r\n"], closed=True)
    assert "closed after 0 bytes of a response head" in str(reading.error)
    assert reading.connection.response_started


@pytest.mark.parametrize("body, count", [(b"", 0), (b"hell", 4)])
def test_a_body_cut_short_says_how_much_is_missing(body, count):
    """Section 8: incomplete if fewer bytes came than Content-Length announced."""
    refused(LENGTH + body, "closed after %d of 5 body bytes" % count, closed=True)


@pytest.mark.parametrize("body, came, announced", [
    (b"", 0, 0),
    (b"5", 0, 0),
    (b"5\r\n", 0, 5),
    (b"5\r\nhel", 3, 5),
    (b"5\r\nhello", 5, 5),
    (b"5\r\nhello\r\n", 5, 5),
    (b"5\r\nhello\r\n5\r\nhel", 8, 10),
    (b"5\r\nhello\r\n0\r\n", 5, 5),
    (b"5\r\nhello\r\n0\r\nA: b\r\n", 5, 5),
    (b"5\r\nhello\r\n0\r\n\r", 5, 5),
])
def test_a_chunked_body_cut_short_is_an_error(body, came, announced):
    """Section 8: incomplete if the zero-sized chunk, and what belongs to it, did not come."""
    refused(CHUNKED + body, "after %d of the %d bytes announced" % (came, announced), closed=True)


def test_a_close_after_a_whole_response_is_no_error():
    """It only ends the connection."""
    for data in (LENGTH + b"hello", CHUNKED + b"0\r\n\r\n"):
        reading = read(data, closed=True)
        assert reading.ended and reading.error is None
        why = reading.connection.why_not_reusable()
        assert why == "the server has closed the connection"


def test_after_an_error_every_read_raises_it_again():
    """The same error again, whatever comes: no later byte can be trusted."""
    connection = feed([b"HTTP/1.1 200 OK\r\nbad line\r\n\r\n"]).connection
    for again in (lambda: connection.receive_data(LENGTH), connection.receive_eof):
        with pytest.raises(RemoteProtocolError, match="field line without a colon"):
            again()
    assert "field line without a colon" in connection.why_not_reusable()
    with pytest.raises(LocalProtocolError, match="field line without a colon"):
        connection.send_request(b"GET", b"/", HOST)
