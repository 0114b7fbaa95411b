from __future__ import absolute_import, division, print_function

import pytest
from request_feeding import NEXT, bytewise, feed, read

from waterspout._wire import MessageLimits, RequestRefused, ServerConnection
from waterspout.exceptions import LocalProtocolError, RemoteProtocolError

HEAD = b"POST /path?q=1 HTTP/1.1\r\nHost: Example.org:8080\r\nContent-Length: 10\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def connection():
    return ServerConnection()


def answer(connection, status=204):
    data = connection.start_response(status, b"Fine", b"", 0)
    return data + connection.end_response()


def test_a_head_has_what_a_server_must_know():
    """The attributes of a RequestHead."""
    head = read(HEAD + b"0123456789").head
    assert (head.method, head.target, head.http_version) == (b"POST", b"/path?q=1", b"1.1")
    assert head.raw == b"Host: Example.org:8080\r\nContent-Length: 10\r\n"
    assert head.pairs() == [(b"Host", b"Example.org:8080"), (b"Content-Length", b"10")]
    assert (head.content_length, head.chunked, head.has_body) == (10, False, True)
    assert (head.keep_alive, head.host) == (True, b"example.org:8080")
    assert (head.expect, head.upgrade) == (None, False)
    assert repr(head) == "<RequestHead 'POST', 2 fields>"


def test_nothing_is_read_before_a_read_method_is_called(connection):
    """The caller decides how far to read ahead."""
    connection.receive_data(b"nonsense\r\n")
    connection.receive_data(b"more")
    assert (connection.unread, connection.unread_bytes) == (b"nonsense\r\nmore", 14)
    with pytest.raises(RequestRefused):
        connection.read_head()


def test_read_head_returns_none_until_the_head_is_complete(connection):
    """head_begun tells an idle connection from one that sends a head."""
    assert connection.read_head() is None and not connection.head_begun
    for byte in bytewise(NEXT[:-1]):
        connection.receive_data(byte)
        assert connection.read_head() is None
        assert connection.head_begun
    assert connection.unread == NEXT[:-1] and connection.unread_bytes == len(NEXT) - 1
    connection.receive_data(NEXT[-1:])
    assert connection.read_head().target == b"/next"
    assert not connection.head_begun and connection.unread_bytes == 0


def test_an_empty_line_does_not_begin_a_head(connection):
    """Old clients send one behind a body; the connection is idle all the same."""
    for byte in (b"\r", b"\n"):
        connection.receive_data(byte)
        assert connection.read_head() is None
        assert not connection.head_begun


def test_a_body_is_read_in_pieces_of_the_size_asked_for(connection):
    """At most max_bytes; None while more must arrive, then b"" at the end."""
    connection.receive_data(HEAD + b"01234567")
    connection.read_head()
    assert [connection.read_body(3) for _ in range(4)] == [b"012", b"345", b"67", None]
    assert not connection.complete
    connection.receive_data(b"89" + NEXT)
    assert connection.read_body(3) == b"89"
    assert connection.complete
    assert connection.read_body(3) == b"" == connection.read_body(3)
    assert connection.unread == NEXT


def test_a_whole_piece_of_a_body_is_not_copied(connection):
    """Input that is only body is handed out as the same object."""
    connection.receive_data(HEAD)
    connection.read_head()
    data = b"01234"
    connection.receive_data(data)
    assert connection.read_body(100) is data


def test_the_unread_bytes_of_a_body_are_counted_with_their_framing(connection):
    """What has been handed out is not among them."""
    connection.receive_data(CHUNKED + b"5\r\nhello\r\n")
    connection.receive_data(b"0\r\n\r\n" + NEXT)
    connection.read_head()
    assert connection.read_body(5) == b"hello"
    assert connection.unread_bytes == len(connection.unread)
    assert connection.read_body(100) == b""
    assert connection.unread == NEXT


def test_pieces_of_a_chunked_body_have_the_size_that_is_asked_for(connection):
    """As long as so much has arrived, wherever the chunks begin and end."""
    connection.receive_data(CHUNKED + b"3\r\nabc\r\n5\r\ndefgh\r\n2\r\nij\r\n0\r\n\r\n")
    connection.read_head()
    pieces = [connection.read_body(4) for _ in range(4)]
    assert pieces == [b"abcd", b"efgh", b"ij", b""]


def test_a_large_chunk_is_handed_out_in_pieces(connection):
    """None is longer than asked for."""
    connection.receive_data(CHUNKED + b"3e8\r\n" + b"x" * 1000 + b"\r\n0\r\n\r\n")
    connection.read_head()
    pieces = [connection.read_body(300) for _ in range(5)]
    assert [len(piece) for piece in pieces] == [300, 300, 300, 100, 0]


def test_small_chunks_are_joined(connection):
    """A delegate is not called for each byte."""
    connection.receive_data(CHUNKED + b"1\r\na\r\n" * 100 + b"0\r\n\r\n")
    connection.read_head()
    assert connection.read_body(65536) == b"a" * 100
    assert connection.read_body(65536) == b""


def test_the_trailers_of_a_request_are_those_of_its_own_body(connection):
    """Not those of the request before."""
    connection.receive_data(CHUNKED + b"0\r\nA: b\r\n\r\n" + CHUNKED + b"0\r\n\r\n")
    for trailers in (b"A: b\r\n", b""):
        connection.read_head()
        assert connection.read_body(100) == b""
        assert connection.trailers == trailers
        answer(connection)
        connection.next_request()


def test_a_request_without_body_ends_with_its_head(connection):
    """has_body is False, and read_body says so as well."""
    for framing in (b"", b"Content-Length: 0\r\n"):
        connection.receive_data(b"POST / HTTP/1.1\r\nHost: a\r\n" + framing + b"\r\n")
        assert connection.read_head().has_body is False
        assert connection.complete and connection.read_body(10) == b""
        answer(connection)
        connection.next_request()


def test_pipelined_requests_are_read_one_after_the_other():
    """RFC 9112 section 9.3.2: in order, each after the response to the one before."""
    requests = read(NEXT + HEAD + b"0123456789" + CHUNKED + b"2\r\nok\r\n0\r\n\r\n" + NEXT)
    assert [request[1] for request in requests.requests] == [b"", b"0123456789", b"ok", b""]
    assert all(request[3] for request in requests.requests)


@pytest.mark.parametrize("limits, limit", [(MessageLimits(body_bytes=9), 10), (None, None)])
def test_the_body_limit_can_be_raised_after_the_head(limits, limit):
    """Until the body is read."""
    connection = ServerConnection(limits or MessageLimits())
    connection.receive_data(HEAD + b"0123456789")
    connection.read_head()
    connection.body_limit = limit
    assert connection.read_body(100) == b"0123456789"


@pytest.mark.parametrize("data", [HEAD, CHUNKED + b"a\r\n"])
def test_the_body_limit_can_be_lowered_after_the_head(connection, data):
    """And begins again with the next request."""
    connection.receive_data(NEXT + data)
    connection.read_head()
    connection.body_limit = 1
    answer(connection)
    connection.next_request()
    connection.read_head()
    assert connection.body_limit is None
    connection.body_limit = 9
    with pytest.raises(RequestRefused, match="body of more than 9 bytes") as caught:
        connection.read_body(100)
    assert (caught.value.status_code, caught.value.kind) == (413, "body size")
    assert (caught.value.method, caught.value.target) == (b"POST", data.split(b" ")[1])


def test_a_refusal_is_raised_again_by_each_read(connection):
    """A new error each time, the same in all that matters."""
    connection.receive_data(b"GET /secret?x HTTP/1.1\r\nA : b\r\n\r\n")
    errors = []
    for read_again in (connection.read_head, connection.read_head,
                       lambda: connection.read_body(10)):
        with pytest.raises(RemoteProtocolError) as caught:
            read_again()
        errors.append(caught.value)
        assert (caught.value.status_code, caught.value.kind) == (400, "field")
        assert (caught.value.method, caught.value.target) == (b"GET", b"/secret?x")
        assert caught.value.phase == "read"
    assert len(set(map(str, errors))) == 1 and len(set(map(id, errors))) == 3


@pytest.mark.parametrize("data, method, target", [
    (b"GET /a HTTP/2.0\r\n\r\n", b"GET", b"/a"),
    (b"GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET", b"/a"),
    (b"\r\nGET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET", b"/a"),
    (b"GET /a\r\n\r\n", None, None),
    (b"\x16\x03\x01", None, None),
])
def test_a_refusal_has_method_and_target_if_they_could_be_read(data, method, target):
    """For the access log, however the bytes came."""
    for slices in ([data], bytewise(data)):
        error = feed(slices).error
        assert (error.method, error.target) == (method, target)


def test_a_refused_request_can_be_answered(connection):
    """And the connection is closed after that."""
    connection.receive_data(b"HEAD / HTTP/1.1\r\nA : b\r\n\r\n")
    with pytest.raises(RequestRefused):
        connection.read_head()
    head = connection.start_response(400, b"Bad Request", b"Content-Length: 3\r\n", 1)
    assert head == (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n"
                    b"Connection: close\r\n\r\n")
    assert connection.send_data(b"bad") == b""  # The answer to HEAD has no body.
    assert connection.end_response() == b""
    assert connection.next_request().startswith("the request was refused")


def test_the_end_of_the_clients_side_is_no_error_between_requests(connection):
    """A client that has ended its side still reads answers."""
    connection.receive_data(NEXT * 2)
    connection.receive_eof()
    assert connection.ended
    for _ in range(2):
        assert connection.read_head().target == b"/next"
        answer(connection)
        connection.next_request()
    assert connection.read_head() is None


@pytest.mark.parametrize("data", [
    b"G", NEXT[:-1], HEAD, HEAD + b"012345678", CHUNKED, CHUNKED + b"5\r\nabc",
    CHUNKED + b"5\r\nabcde\r\n0\r\n", b"\r"])
def test_the_end_of_the_clients_side_within_a_request_is_a_refusal_of_its_own(data):
    """The client may not be there to read an answer."""
    for slices in ([data], bytewise(data)):
        assert feed(slices).error is None
        requests = feed(slices, closed=True)
        assert (requests.error.kind, requests.error.status_code) == ("incomplete", 400)


def test_no_request_follows_before_both_messages_are_complete(connection):
    """The reasons, in their order."""
    connection.receive_data(HEAD + b"0123456789")
    for act, why in [
            (connection.read_head, "the request is not complete"),
            (lambda: connection.read_body(5), "the request is not complete"),
            (lambda: connection.read_body(5), "the response is not complete"),
            (lambda: connection.start_response(200, b"OK", b"", 0), "the response is not complete"),
            (connection.end_response, None)]:
        act()
        assert connection.why_not_next() == why
        assert repr(connection) == "<ServerConnection: %s>" % (why or "may read the next request")
        if why is not None:
            assert connection.next_request() == why
    assert connection.next_request() is None
    assert not connection.response_started and not connection.response_ended


def test_methods_called_out_of_order_are_errors_of_the_caller(connection):
    """LocalProtocolError, and nothing else changes."""
    for act, why in [
            (lambda: connection.read_body(5), "the head of the request has not been read"),
            (lambda: connection.send_data(b"x"), "no response is being sent"),
            (connection.end_response, "no response is being sent")]:
        with pytest.raises(LocalProtocolError, match=why):
            act()
    connection.receive_data(NEXT)
    connection.read_head()
    with pytest.raises(LocalProtocolError, match="the head of this request has been read"):
        connection.read_head()
    connection.start_response(200, b"OK", b"", 0)
    with pytest.raises(LocalProtocolError, match="the response has been started"):
        connection.start_response(200, b"OK", b"", 0)
    connection.end_response()
    with pytest.raises(LocalProtocolError, match="no response is being sent"):
        connection.send_data(b"x")
