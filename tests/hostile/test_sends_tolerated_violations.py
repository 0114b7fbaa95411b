"""An upstream that breaks RFC 9112 in ways all clients accept; its connection is not reused."""

from __future__ import absolute_import, division, print_function

import pytest
from differences import LIMITS, skip_if_limited
from raw_server import Peer, answering, response, then

OK = response(b"ok")

CONTRADICTION = b"Content-Length: 5, 6"
LENGTHS = [b"Content-Length: 0", b"Content-Length: 5", b"Content-Length: five", CONTRADICTION]
CODINGS = [b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip",
           b"Transfer-Encoding: chunked\r\nContent-Length: 5"]


def head(status, *fields):
    return b"\r\n".join((b"HTTP/1.1 " + status,) + fields + (b"", b""))


@pytest.fixture
def client(make_client):
    """One thread keeps one connection."""
    return make_client(max_workers=1)


def connections_for(client, server, expected, method="GET", calls=3):
    """How many connections the server saw of calls in a row that all get the same answer."""
    for number in range(calls):
        answer = client.request(method, server.url("/%d" % number))
        assert (answer.status_code, answer.content) == expected
    client.wait_until_idle()
    return server.accepted


def kept(client):
    """How many connections three good calls in a row take."""
    return 3 if (client.transport, "keep_alive") in LIMITS else 1


@pytest.mark.parametrize("fields", LENGTHS + CODINGS)
@pytest.mark.parametrize("body", [b"", b"0\r\n\r\n", b"hello"], ids=["none", "chunk", "five"])
def test_204_ends_with_its_head(serve, client, fields, body):
    """Old waitress, bjoern and meinheld: what was deleted is deleted, and that is what we say."""
    if fields is CONTRADICTION:
        skip_if_limited(client.transport, "two_lengths")
    server = serve(answering(head(b"204 No Content", fields) + body))
    assert connections_for(client, server, (204, b""), "DELETE") == 3


def test_a_204_without_framing_fields_keeps_its_connection(serve, client):
    """There is nothing odd about it."""
    server = serve(answering(head(b"204 No Content")))
    assert connections_for(client, server, (204, b""), "DELETE") == kept(client)


@pytest.mark.parametrize("fields", LENGTHS[2:] + CODINGS)
def test_304_ends_with_its_head(serve, client, fields):
    """Whatever its fields say; nonsense and Transfer-Encoding are the connection's end."""
    if fields is CONTRADICTION:
        skip_if_limited(client.transport, "two_lengths")
    server = serve(answering(head(b"304 Not Modified", fields)))
    assert connections_for(client, server, (304, b"")) == 3


def test_304_with_a_content_length_keeps_its_connection(serve, client):
    """RFC 9110 section 8.6: that of a 200, so the connection is kept."""
    server = serve(answering(head(b"304 Not Modified", b"Content-Length: 5")))
    assert connections_for(client, server, (304, b"")) == kept(client)


@pytest.mark.parametrize("fields", LENGTHS[:2] + CODINGS[:1])
@pytest.mark.parametrize("status", [b"100 Continue", b"103 Early Hints"])
def test_an_informational_response_ends_with_its_head(serve, client, fields, status):
    """The answer is what comes next."""
    if status.startswith(b"103"):
        skip_if_limited(client.transport, "informational")
    server = serve(answering(head(status, fields) + OK))
    count = connections_for(client, server, (200, b"ok"))
    assert count == 3 or (client.transport, "odd_heads") in LIMITS


BARE_LF = [
    b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\nok",
    b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 2\n\r\nok",
    b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\r\nok\r\n0\r\n\r\n",
]


@pytest.mark.parametrize("reply", BARE_LF)
def test_a_bare_lf_ends_a_line_of_a_head(serve, client, reply):
    """RFC 9112 section 2.2; Python's own CGI server hands on what a script prints."""
    server = serve(answering(reply))
    count = connections_for(client, server, (200, b"ok"))
    assert count == 3 or (client.transport, "odd_heads") in LIMITS


def test_a_body_without_length_is_read_after_bare_lfs(serve, client):
    """As a CGI server sends it."""
    reply = b"HTTP/1.0 200 Script output follows\r\nServer: x\r\nContent-Type: text/plain\n\nok"
    server = serve(then(reply))
    answer = client.get(server.url())
    assert (answer.content, answer.headers["Content-Type"]) == (b"ok", "text/plain")


@pytest.mark.parametrize("chunks", [
    b"2 \r\nok\r\n0\r\n\r\n", b"2\t  \r\nok\r\n0   \r\n\r\n",
    b"1\r\no\r\n1  \r\nk\r\n0\r\n\r\n"])
def test_blanks_after_a_chunk_size_end_the_connection_after_the_body(serve, client, chunks):
    """Servers with sizes of a fixed width pad them."""
    server = serve(answering(head(b"200 OK", b"Transfer-Encoding: chunked") + chunks))
    count = connections_for(client, server, (200, b"ok"))
    assert count == 3 or (client.transport, "odd_chunk_lines") in LIMITS


@pytest.mark.parametrize("fields", [b"", b"Connection: keep-alive\r\n"])
def test_chunks_in_http_1_0_are_read_and_end_the_connection(serve, client, fields):
    """RFC 9112 section 6.1: read them, then close, whatever is said of keeping."""
    server = serve(answering(b"HTTP/1.0 200 OK\r\n" + fields + b"Transfer-Encoding: chunked\r\n"
                             b"\r\n2\r\nok\r\n0\r\n\r\n"))
    assert connections_for(client, server, (200, b"ok")) == 3


def test_http_1_0_keeps_its_connection_if_it_says_so(serve, client):
    """With a length, and if it says so."""
    server = serve(answering(
        b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"))
    assert connections_for(client, server, (200, b"ok")) == kept(client)


@pytest.mark.parametrize("reply", [
    head(b"204 No Content", b"Transfer-Encoding: chunked"), BARE_LF[0],
    head(b"200 OK", b"Transfer-Encoding: chunked").replace(b"1.1", b"1.0") + b"0\r\n\r\n",
], ids=["204", "LF", "HTTP/1.0"])
def test_a_connection_that_is_not_reused_is_closed_at_once(serve, client, reply):
    """The server sees its end before the next call."""
    if reply is BARE_LF[0]:
        skip_if_limited(client.transport, "odd_heads")
    server = serve(then(reply, Peer.hold))
    client.get(server.url())
    client.wait_until(server._peers[0].gone.is_set)
