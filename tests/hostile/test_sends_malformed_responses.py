"""An upstream that does not speak HTTP, or whose framing is ambiguous."""

from __future__ import absolute_import, division, print_function

import threading

import pytest
from differences import LIMITS, skip_if_limited
from raw_server import PATIENCE, Peer, answering, response, then

import waterspout
from waterspout import exceptions

MALFORMED = (waterspout.RemoteProtocolError, "read", True)


@pytest.mark.parametrize(
    "sent",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"<html>no head</html>\r\n\r\n",
    ],
    ids="ssh tls_alert no_status html".split(),
)
def test_bytes_that_are_not_http_are_an_error_at_once(serve, client, sent):
    """Another protocol's bytes are an error at once, not after a timeout."""
    assert client.failure("GET", serve(then(sent, Peer.hold)).url()) == MALFORMED
    client.wait_until_idle()


@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Length: 3\r\nContent-Length: 2\r\n",
        b"Content-Length: 2, 3\r\n",
        b"Content-Length: -2\r\n",
        b"Content-Length: +2\r\n",
        b"Content-Length: 0x2\r\n",
        b"Content-Length: 2 2\r\n",
        b"Content-Length: \xb2\r\n",
        b"Content-Length: " + b"2" * 5000 + b"\r\n",
        b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: gzip\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
    ],
    ids=(
        "two_lengths list_of_lengths negative signed hexadecimal two_words superscript endless "
        "length_and_chunked no_chunks chunked_not_last"
    ).split(),
)
def test_ambiguous_framing_is_refused(serve, client, fields):
    """Where a response could end at two places, it ends at none (response splitting)."""
    server = serve(then(b"HTTP/1.1 200 OK\r\n" + fields + b"\r\n2\r\nab\r\n0\r\n\r\n"))
    assert client.failure("GET", server.url()) == MALFORMED
    client.wait_until_idle()


@pytest.mark.parametrize("size", [b"zz", b"g", b""], ids=repr)
def test_a_chunk_without_a_size_is_refused(serve, client, size):
    """A chunk's size is hexadecimal digits."""
    chunks = size + b"\r\nab\r\n0\r\n\r\n"
    server = serve(then(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks))
    assert client.failure("GET", server.url()) == (exceptions.MalformedBody, "read", True)


@pytest.mark.parametrize(
    "line", [b"a/b: c", b"nothing", b"A : b", b"A: b\x01c", b"A: b\x00c"], ids=repr)
def test_a_line_that_is_no_header_field_is_refused(serve, client, line):
    """Whatever the client below makes of it, or leaves out."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + line + b"\r\nX-A: 1\r\n\r\n"
    server = serve(then(head + b"ok"))
    assert client.failure("GET", server.url()) == MALFORMED
    client.wait_until_idle()


def test_a_folded_header_field_is_one_line(serve, client):
    """RFC 9112 section 5.2: replaced by a blank, which is all that a reader should see."""
    skip_if_limited(client.transport, "folds")
    server = serve(then(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b\r\n  c\r\n\r\nok"))
    assert client.get(server.url()).headers["X-A"] == "b c"


def test_two_lengths_that_agree_are_one(serve, client):
    """Proxies duplicate the field; RFC 9110 section 8.6 allows to read it as one."""
    server = serve(then(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab"))
    assert client.get(server.url()).content == b"ab"


def test_an_unrequested_101_is_refused(serve, client):
    """The request did not ask for another protocol, so what follows cannot be read."""
    sent = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"
    assert client.failure("GET", serve(then(sent, Peer.hold)).url()) == MALFORMED
    client.wait_until_idle()


@pytest.mark.parametrize("status", [102, 103, 199])
def test_informational_responses_are_skipped(serve, client, status):
    """The answer is what comes after them, and their fields are not its fields."""
    hint = b"HTTP/1.1 %d Hint\r\nLink: </a.css>\r\n\r\n" % status
    server = serve(answering(hint + response(b"real", status=202, headers=[("X-A", "1")])))
    if (client.transport, "informational") in LIMITS:
        assert client.failure("GET", server.url()) == MALFORMED
        return
    for _ in range(2):
        answer = client.get(server.url())
        assert (answer.status_code, answer.content) == (202, b"real")
        assert "Link" not in answer.headers


def test_an_unrequested_100_continue_is_skipped(serve, client):
    """Some servers send it with every response."""
    server = serve(answering(b"HTTP/1.1 100 Continue\r\n\r\n" + response(b"real")))
    assert [client.post(server.url(), data=b"x").content for _ in range(2)] == [b"real"] * 2


def test_trailer_fields_are_no_header_fields(serve, client):
    """What comes behind the body cannot say how to read the body."""
    skip_if_limited(client.transport, "trailers")
    chunks = b"2\r\nab\r\n0\r\nContent-Encoding: gzip\r\nX-A: 1\r\n\r\n"
    server = serve(answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks))
    answer = client.get(server.url())
    assert answer.content == b"ab"
    assert sorted(answer.headers) == ["Transfer-Encoding"]


@pytest.mark.parametrize("packets", [1, 2])
def test_bytes_after_the_body_are_not_the_next_response(serve, client, packets):
    """A response sent before it was asked for is not taken for the answer to what comes next."""
    if packets == 2:
        skip_if_limited(client.transport, "waiting_bytes")
    poisoned = threading.Event()

    def behave(peer):
        for request in peer.requests():
            answer = response(request.target.encode("ascii"))
            if request.target == "/1":
                parts = [answer + response(b"poison")] if packets == 1 else [
                    answer, response(b"poison")
                ]
                for part in parts:
                    peer.send(part)
                poisoned.set()
            else:
                peer.send(answer)

    server = serve(behave)
    assert client.get(server.url("/1")).content == b"/1"
    assert poisoned.wait(PATIENCE)
    assert client.get(server.url("/2")).content == b"/2"


def test_messages_escape_what_the_server_sent(serve, client):
    """A server cannot write lines into our log."""
    server = serve(then(b"HTTX\x1b[31m \xe2\x80\xa8\r\n\r\n"))
    message = str(client.error_of("GET", server.url()))
    assert "\x1b" not in message and "\n" not in message and "\r" not in message
