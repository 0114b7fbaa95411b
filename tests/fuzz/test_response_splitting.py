from __future__ import absolute_import, division, print_function

from hypothesis import given
from hypothesis import strategies as st
from wire_feeding import HOST, bytewise

from waterspout._wire import ClientConnection, ServerConnection
from waterspout.exceptions import InvalidHeader

#: What a careless handler puts into a field: text of its users.
texts = st.lists(st.sampled_from([
    b"a", b"B", b" ", b"\t", b":", b"\r\n", b"\r", b"\n", b"\x00", b"\x85", b"\xff", b"\x0b",
    b"X: 1", b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"%0d%0a",
]), max_size=4).map(b"".join)


def asked():
    """A connection that has read a request."""
    server = ServerConnection()
    server.receive_data(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    server.read_head()
    return server


@given(reason=texts, pairs=st.lists(st.tuples(texts, texts), max_size=3))
def test_no_text_adds_a_field_or_a_response(reason, pairs):
    """A client reads as many fields as were meant, and the body that was meant; or none is sent."""
    server = asked()
    raw = b"".join(b"%s: %s\r\n" % pair for pair in pairs)
    try:
        data = server.start_response(200, reason, raw, len(pairs))
    except InvalidHeader:
        assert not server.response_started
        return
    data += server.send_data(b"body") + server.end_response()
    client = ClientConnection()
    client.send_request(b"GET", b"/", HOST)
    events = [event for piece in bytewise(data) for event in client.receive_data(piece)]
    assert (events[0].status_code, events[0].reason) == (200, reason)
    assert events[0].pairs()[len(pairs):] == [(b"Transfer-Encoding", b"chunked")]
    assert b"".join(events[1:-1]) == b"body" and client.reusable


@given(st.lists(texts, max_size=2).map(b" ".join))
def test_valid_text_is_sent_as_it_is(value):
    """No more is refused than what RFC 9110 section 5.5 forbids."""
    server = asked()
    line = b"X: %s\r\n" % value
    codes = set(bytearray(value))
    if codes & (set(range(32)) - {9}):
        return
    assert server.start_response(200, b"OK", line, 1) == (
        b"HTTP/1.1 200 OK\r\n" + line + b"Transfer-Encoding: chunked\r\n\r\n")
