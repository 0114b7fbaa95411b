from __future__ import absolute_import, division, print_function

import pytest
from wire_feeding import HOST, bytewise, feed

from waterspout._wire import ClientConnection, EndOfMessage, FieldLines, MessageLimits
from waterspout.exceptions import (
    InvalidHeader,
    LocalProtocolError,
    RemoteProtocolError,
    ResponseTooLarge,
)

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"


@pytest.fixture
def connection():
    connection = ClientConnection()
    connection.send_request(b"GET", b"/", HOST)
    return connection


def test_a_small_response_is_head_body_and_end(connection):
    """Head, body, end, from one feed."""
    head, body, end = connection.receive_data(HEAD + b"0123456789")
    assert (head.status_code, body, end) == (200, b"0123456789", EndOfMessage())


def test_body_bytes_are_not_copied(connection):
    """Input that is only body is handed out as the same object."""
    connection.receive_data(HEAD)
    data = b"01234"
    assert connection.receive_data(data)[0] is data


def test_the_bytes_of_a_chunk_are_not_copied(connection):
    """Input within a chunk is handed out as the same object."""
    connection.receive_data(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n")
    data = b"01234"
    assert connection.receive_data(data)[0] is data


def test_the_bytes_until_the_close_are_not_copied(connection):
    """Input of a body without framing is handed out as the same object."""
    connection.receive_data(b"HTTP/1.0 200 OK\r\n\r\n")
    data = b"01234"
    assert connection.receive_data(data) == [data]
    assert connection.receive_data(data)[0] is data


def test_a_caller_may_take_body_bytes_but_not_the_last(connection):
    """Those it takes count as received; the end of the body is received as ever."""
    assert connection.body_bytes_missing() == 0
    connection.receive_data(HEAD + b"01")
    connection.body_bytes_taken(7)
    assert connection.body_bytes_missing() == 1
    with pytest.raises(LocalProtocolError):
        connection.body_bytes_taken(1)
    with pytest.raises(RemoteProtocolError, match="9 of 10 body bytes"):
        connection.receive_eof()


@pytest.mark.parametrize("start", [
    b"", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n", HEAD + b"0123456789"],
    ids=["no head", "chunked", "complete"])
def test_no_body_bytes_are_taken_from_a_body_of_unknown_length(connection, start):
    """Nor before the head, nor after the end."""
    connection.receive_data(start)
    assert connection.body_bytes_missing() == 0
    with pytest.raises(LocalProtocolError):
        connection.body_bytes_taken(1)


def test_receiving_no_bytes_gives_no_event(connection):
    """An empty read is not the end; receive_eof() reports that."""
    assert connection.receive_data(b"") == []
    assert not connection.response_started


def test_a_response_has_started_from_its_first_byte_on(connection):
    """From the first byte on, until the next request."""
    assert not connection.response_started
    connection.receive_data(b"H")
    assert connection.response_started
    connection.receive_data(HEAD[1:] + b"0123456789")
    assert connection.response_started
    connection.send_request(b"GET", b"/", HOST)
    assert not connection.response_started


def test_bytes_before_the_request_do_not_start_its_response():
    """They make the connection unusable instead."""
    connection = ClientConnection()
    connection.receive_data(b"x")
    assert not connection.response_started


@pytest.mark.parametrize("bad, error", [
    ((b"G T", b"/", HOST), InvalidHeader),
    ((b"GET", b"", HOST), LocalProtocolError),
    ((b"GET", b"/", FieldLines()), LocalProtocolError),
])
def test_a_refused_request_leaves_the_connection_usable(bad, error):
    """The caller may send a better one."""
    connection = ClientConnection()
    for send in (connection.send_request, connection.start_request):
        with pytest.raises(error):
            send(*bad)
        assert connection.reusable
    connection.send_request(b"GET", b"/", HOST)
    assert len(connection.receive_data(HEAD + b"0123456789")) == 3


def test_a_second_request_is_refused_while_a_response_is_awaited(connection):
    """The first exchange goes on."""
    for send in (connection.send_request, connection.start_request):
        with pytest.raises(LocalProtocolError, match="the response is not complete") as caught:
            send(b"GET", b"/", HOST)
        assert caught.value.may_have_been_sent is False
    assert len(connection.receive_data(HEAD + b"0123456789")) == 3


def test_a_response_may_come_before_the_request_is_sent():
    """413, or a redirect: RFC 9112 section 9.3 has the client stop or go on sending."""
    connection = ClientConnection()
    connection.start_request(b"POST", b"/", HOST, 1000)
    events = connection.receive_data(HEAD + b"0123456789")
    assert type(events[-1]) is EndOfMessage
    assert not connection.reusable


def test_an_error_discards_events_of_the_same_bytes(connection):
    """As the docstring says; with finer slices the head would have come."""
    data = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nx\r\n"
    with pytest.raises(RemoteProtocolError):
        connection.receive_data(data)
    reading = feed(bytewise(data))
    assert reading.head is not None and reading.body == b"a" and reading.error is not None


def test_the_error_after_a_limit_has_the_same_class():
    """Who asks again learns what happened, not something more general."""
    connection = ClientConnection(MessageLimits(head_bytes=20))
    connection.send_request(b"GET", b"/", HOST)
    for _ in range(2):
        with pytest.raises(ResponseTooLarge, match="response head of more than 20 bytes"):
            connection.receive_data(b"HTTP/1.1 200 and so on")


def test_a_remote_error_has_its_phase(connection):
    """The reader knows that much."""
    with pytest.raises(RemoteProtocolError) as caught:
        connection.receive_data(b"nonsense")
    assert caught.value.phase == "read"
    assert caught.value.may_have_been_sent


def test_the_repr_of_a_connection_has_its_state(connection):
    """Worth pasting into a ticket."""
    assert repr(connection) == "<ClientConnection: the response is not complete>"
    connection.receive_data(HEAD + b"0123456789")
    assert repr(connection) == "<ClientConnection: may send a request>"


def test_slices_of_any_size_may_hold_several_messages(connection):
    """Informational heads, the final head, body and end at once."""
    hint = b"HTTP/1.1 103 Early Hints\r\n\r\n"
    events = connection.receive_data(hint * 2 + HEAD + b"0123456789")
    assert [getattr(event, "status_code", event) for event in events] == [
        103, 103, 200, b"0123456789", EndOfMessage()]
