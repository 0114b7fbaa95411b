from __future__ import absolute_import, division, print_function

import pytest
from wire_feeding import HOST

from waterspout._wire import ClientConnection, FieldLines
from waterspout.exceptions import LocalProtocolError

HEAD = b"POST / HTTP/1.1\r\nHost: example.org\r\n"


@pytest.fixture
def connection():
    return ClientConnection()


@pytest.mark.parametrize("body, framed", [
    (None, b"\r\n"),
    (b"", b"Content-Length: 0\r\n\r\n"),
    (b"hello", b"Content-Length: 5\r\n\r\nhello"),
])
def test_a_request_with_its_body_is_one_bytes_object(connection, body, framed):
    """RFC 9110 section 8.6: a length with every body, also the empty one; none without."""
    assert connection.send_request(b"POST", b"/", HOST, body) == HEAD + framed


def test_a_body_of_known_length_passes_through(connection):
    """Section 6.2; the pieces are the caller's own, not copies."""
    assert connection.start_request(b"POST", b"/", HOST, 10) == HEAD + b"Content-Length: 10\r\n\r\n"
    piece = b"12345"
    assert connection.send_data(piece) is piece
    assert connection.send_data(b"") == b""
    assert connection.send_data(piece) is piece
    assert connection.end_request() == b""


def test_a_body_of_unknown_length_is_chunked(connection):
    """Section 7.1: sizes in hex, a CRLF behind each piece, a last chunk of size zero."""
    head = connection.start_request(b"POST", b"/", HOST)
    assert head == HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    assert connection.send_data(b"hello") == b"5\r\nhello\r\n"
    assert connection.send_data(b"x" * 31) == b"1f\r\n" + b"x" * 31 + b"\r\n"
    assert connection.end_request() == b"0\r\n\r\n"


def test_an_empty_piece_of_a_body_is_not_sent_as_a_chunk(connection):
    """Section 7.1: a chunk of size zero is the last one."""
    connection.start_request(b"POST", b"/", HOST)
    assert connection.send_data(b"") == b""


def test_trailers_follow_the_last_chunk(connection):
    """Section 7.1.2."""
    connection.start_request(b"POST", b"/", HOST)
    trailers = FieldLines([(b"Digest", b"x="), (b"A", b"b")])
    assert connection.end_request(trailers) == b"0\r\nDigest: x=\r\nA: b\r\n\r\n"


def test_trailers_cannot_contain_host_or_authorization(connection):
    """RFC 9110 section 6.5.1: nor frame, but FieldLines refuses that everywhere."""
    connection.start_request(b"POST", b"/", HOST)
    with pytest.raises(LocalProtocolError, match="Host in a trailer section"):
        connection.end_request(HOST)


def test_trailers_after_a_body_of_known_length_are_refused(connection):
    """There is no place for them behind a body of known length."""
    connection.start_request(b"POST", b"/", HOST, 0)
    with pytest.raises(LocalProtocolError, match="trailers cannot follow"):
        connection.end_request(FieldLines([(b"A", b"b")]))


def test_a_body_longer_than_its_content_length_is_refused(connection):
    """Section 6.2: the server would take them for the next request."""
    connection.start_request(b"POST", b"/", HOST, 5)
    connection.send_data(b"1234")
    with pytest.raises(LocalProtocolError, match="more body bytes than the Content-Length of 5"):
        connection.send_data(b"56")


def test_a_body_shorter_than_its_content_length_is_refused(connection):
    """Section 6.2: the server would wait for the missing bytes."""
    connection.start_request(b"POST", b"/", HOST, 5)
    connection.send_data(b"1234")
    with pytest.raises(LocalProtocolError, match="only 4 body bytes of the Content-Length of 5"):
        connection.end_request()
    assert connection.why_not_reusable() == "the response is not complete"


def test_a_negative_length_is_refused(connection):
    """Section 6.2: 1*DIGIT. Nothing was begun, so another request may be sent."""
    with pytest.raises(LocalProtocolError, match="Content-Length of -1"):
        connection.start_request(b"POST", b"/", HOST, -1)
    assert connection.reusable


@pytest.mark.parametrize("method, target", [(b"TRACE", b"/"), (b"CONNECT", b"example.org:443")])
def test_trace_and_connect_cannot_have_a_body(connection, method, target):
    """RFC 9110 sections 9.3.8 and 9.3.6."""
    for call in (lambda: connection.send_request(method, target, HOST, b""),
                 lambda: connection.start_request(method, target, HOST, 0),
                 lambda: connection.start_request(method, target, HOST)):
        with pytest.raises(LocalProtocolError, match="request with a body"):
            call()
    assert connection.send_request(method, target, HOST).startswith(method)


@pytest.mark.parametrize("name", [b"Content-Length", b"transfer-encoding", b"CONTENT-LENGTH"])
def test_framing_fields_given_by_the_caller_are_refused(name):
    """Section 6.3: a length that is not true is how requests are smuggled."""
    with pytest.raises(LocalProtocolError, match="is set from the body and cannot be given"):
        FieldLines([(name, b"5")])


def test_body_bytes_outside_of_a_request_are_refused(connection):
    """Neither before the head nor behind the end."""
    for _ in range(2):
        with pytest.raises(LocalProtocolError, match="no request body is being sent"):
            connection.send_data(b"x")
        with pytest.raises(LocalProtocolError, match="no request body is being sent"):
            connection.end_request()
        if connection.reusable:
            connection.start_request(b"POST", b"/", HOST)
            connection.end_request()
