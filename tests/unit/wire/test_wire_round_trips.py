from __future__ import absolute_import, division, print_function

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout._wire import (
    ClientConnection,
    EndOfMessage,
    FieldLines,
    ResponseHead,
    ServerConnection,
)

HOST = FieldLines([(b"Host", b"a.org")])

#: Fields that say something about the message or its connection.
TAKEN = frozenset([b"host", b"connection", b"content-length", b"transfer-encoding", b"upgrade",
                   b"expect", b"content-encoding", b"set-cookie", b"trailer"])


def bytes_of(codes, min_size=0, max_size=20):
    """Strings of bytes, each one of these."""
    return st.lists(st.sampled_from(sorted(codes)), min_size=min_size, max_size=max_size).map(
        lambda chosen: bytes(bytearray(chosen)))


VISIBLE = set(range(0x21, 0x7f))
tokens = bytes_of(set(bytearray(b"!#$%&'*+-.^_`|~019AZaz")), 1)
values = bytes_of(VISIBLE | set(range(0x80, 0x100)) | {0x09, 0x20}).map(
    lambda value: value.strip(b" \t"))
pairs = st.lists(st.tuples(
    tokens.filter(lambda name: name.lower() not in TAKEN), values), max_size=8)
targets = bytes_of(VISIBLE - {ord("#")}).map(lambda rest: b"/" + rest)
methods = tokens.filter(lambda method: method not in (b"TRACE", b"CONNECT", b"HEAD"))
pieces = st.lists(st.binary(min_size=1, max_size=50), max_size=5)
sizes = st.integers(min_value=1, max_value=100)


def slices(data, size):
    return [data[i:i + size] for i in range(0, len(data), size)]


def serve(connection, data, size, max_bytes):
    """The head and body of a request that arrives in slices of ``size``."""
    head, body = None, b""
    for piece in slices(data, size):
        connection.receive_data(piece)
        head = head or connection.read_head()
        while head is not None:
            got = connection.read_body(max_bytes)
            if not got:
                break
            body += got
    return head, body


@given(method=methods, target=targets, fields=pairs, body=pieces, chunked=st.booleans(),
       size=sizes, max_bytes=sizes)
def test_a_server_reads_what_a_client_sends(method, target, fields, body, chunked, size, max_bytes):
    """Line, fields and body, framed in either way."""
    client, server = ClientConnection(), ServerConnection()
    length = None if chunked else len(b"".join(body))
    data = client.start_request(method, target, HOST + FieldLines(fields), length)
    data += b"".join(client.send_data(piece) for piece in body) + client.end_request()
    head, received = serve(server, data, size, max_bytes)
    assert (head.method, head.target, head.http_version) == (method, target, b"1.1")
    assert head.pairs()[1:-1] == fields
    assert (head.content_length, head.chunked) == (length, chunked)
    assert received == b"".join(body) and server.complete
    assert server.unread_bytes == 0 and not server.head_begun


@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
@given(status=st.sampled_from([200, 204, 304, 404, 999]), reason=values, fields=pairs,
       body=pieces, size=sizes)
def test_a_client_reads_what_a_server_sends(method, framing, status, reason, fields, body, size):
    """Status, reason, fields and body, framed in each way."""
    client, server = ClientConnection(), ServerConnection()
    request = client.send_request(method, b"/", HOST)
    if framing == "close":  # What a client of HTTP/1.0 gets.
        request = request.replace(b"HTTP/1.1", b"HTTP/1.0")
    server.receive_data(request)
    assert server.read_head().method == method
    length = (b"Content-Length", b"%d" % len(b"".join(body)))
    raw = FieldLines(fields).raw
    if framing == "length":
        raw += b"%s: %s\r\n" % length
    data = server.start_response(status, reason, raw, raw.count(b"\n"))
    data += b"".join(server.send_data(piece) for piece in body) + server.end_response()
    events = [event for piece in slices(data, size) for event in client.receive_data(piece)]
    without_body = method == b"HEAD" or status in (204, 304)
    if framing == "close" and not without_body:
        events += client.receive_eof()
    head = events[0]
    assert type(head) is ResponseHead and type(events[-1]) is EndOfMessage
    assert (head.status_code, head.reason) == (status, reason)
    assert head.pairs()[:len(fields)] == fields
    assert (length in head.pairs()) == (framing == "length" and status != 204)
    assert b"".join(events[1:-1]) == (b"" if without_body else b"".join(body))
    assert (server.why_not_next() is None) == (framing != "close")
    assert client.reusable == (framing != "close" or without_body)


@given(st.lists(st.tuples(targets, pieces, st.booleans()), min_size=1, max_size=4), sizes, sizes)
def test_a_server_reads_pipelined_requests_in_order(requests, size, max_bytes):
    """Each after the response to the one before, wherever the slices end."""
    data = b""
    for target, body, chunked in requests:
        client = ClientConnection()
        data += client.start_request(b"PUT", target, HOST,
                                     None if chunked else len(b"".join(body)))
        data += b"".join(client.send_data(piece) for piece in body) + client.end_request()
    server = ServerConnection()
    arriving = slices(data, size)
    for target, body, _ in requests:
        head, received = None, b""
        while not server.complete:
            got = None
            if head is None:
                head = server.read_head()
            elif not server.complete:
                got = server.read_body(max_bytes)
                received += got or b""
            if arriving and not got and not server.complete:
                server.receive_data(arriving.pop(0))
        assert (head.target, received) == (target, b"".join(body))
        server.start_response(204, b"", b"", 0)
        server.end_response()
        server.next_request()
    assert not arriving and server.unread_bytes == 0
