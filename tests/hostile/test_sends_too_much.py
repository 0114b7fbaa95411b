"""An upstream that sends more than anybody wants: bodies, bombs and heads."""

from __future__ import absolute_import, division, print_function

import zlib

import pytest
from raw_server import Peer, answering, response, then

import waterspout

MIB = 1024 * 1024


def too_large(client, server):
    assert client.failure("GET", server.url()) == (waterspout.ResponseTooLarge, "read", True)
    client.wait_until_idle()


def test_a_content_length_over_the_limit_is_refused_at_once(serve, make_client):
    """Nothing of a body is awaited whose Content-Length is too large already."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"
    server = serve(then(head, Peer.hold))
    too_large(make_client(max_body_bytes=1000), server)


def test_a_content_length_of_eighteen_digits_is_refused(serve, make_client):
    """A Content-Length of eighteen digits is a number like any other."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 18 + b"\r\n\r\n"
    too_large(make_client(), serve(then(head, Peer.hold)))


@pytest.mark.parametrize("framing", ["chunked", "close"])
def test_an_endless_body_is_cut_off(serve, make_client, framing):
    """A body without a length is read up to the limit; then the connection is closed."""

    def behave(peer):
        peer.read_request()
        piece = b"a" * 0x10000
        peer.send(b"HTTP/1.1 200 OK\r\n")
        if framing == "chunked":
            piece = b"10000\r\n" + piece + b"\r\n"
            peer.send(b"Transfer-Encoding: chunked\r\n")
        peer.send(b"\r\n")
        while True:  # Until the client closes, which makes this raise.
            peer.send(piece)

    too_large(make_client(max_body_bytes=MIB), serve(behave))


def test_a_body_at_the_limit_is_accepted(serve, make_client):
    """The limit is the largest size, not the first one refused."""
    server = serve(answering(response(b"a" * 1000)))
    assert make_client(max_body_bytes=1000).get(server.url()).content == b"a" * 1000


def test_the_content_length_of_a_head_response_is_not_limited(serve, make_client):
    """The answer to a HEAD has no body, whatever its Content-Length says."""
    server = serve(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"))
    answer = make_client(max_body_bytes=1000).request("HEAD", server.url())
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip"])
def test_a_decompression_bomb_is_not_decoded_past_max_body_bytes(serve, make_client, coding):
    """20 MiB of zeros in 20 kB are not unpacked past the limit."""
    bomb = b"\0" * (20 * MIB)
    for name in coding.split(", "):
        bomb = compressed(bomb, name)
    assert len(bomb) < 30000
    server = serve(answering(response(bomb, headers=[("Content-Encoding", coding)])))
    error = make_client(max_body_bytes=MIB).error_of("GET", server.url())
    assert type(error) is waterspout.ResponseTooLarge
    assert "once decompressed" in str(error)


def test_the_body_of_a_redirect_is_limited_as_any_other(serve, make_client):
    """The body of a redirect is limited like any other, though it is not used."""
    bomb = compressed(b"\0" * (20 * MIB), "gzip")
    server = serve(answering(response(bomb, status=302, headers=[
        ("Location", "/to"), ("Content-Encoding", "gzip")])))
    error = make_client(max_body_bytes=MIB).error_of("GET", server.url())
    assert type(error) is waterspout.ResponseTooLarge


def test_a_chain_of_codings_is_refused(serve, client):
    """More codings than any server needs are an attack, though each can be undone."""
    body, codings = b"x", ["gzip"] * 20
    for coding in codings:
        body = compressed(body, coding)
    server = serve(answering(response(body, headers=[("Content-Encoding", ", ".join(codings))])))
    error = client.error_of("GET", server.url())
    assert type(error) is waterspout.ContentDecodingError and "20 content codings" in str(error)


@pytest.mark.parametrize(
    "fields",
    [b"X-A: " + b"a" * 70000 + b"\r\n", (b"X-A: " + b"a" * 1000 + b"\r\n") * 70],
    ids=["one_field", "many_fields"],
)
def test_a_huge_head_is_refused(serve, client, fields):
    """By default 64 KiB are enough for every header field."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + fields + b"\r\n"
    too_large(client, serve(then(head, Peer.hold)))


def test_the_limit_of_the_head_is_an_option(serve, make_client):
    """A head of 2 KB passes where 64 KiB are allowed, and not where 1 KB is."""
    server = serve(answering(response(headers=[("X-A", "a" * 2000)])))
    assert make_client().get(server.url()).headers["X-A"] == "a" * 2000
    too_large(make_client(max_header_bytes=1000), server)


def compressed(data, coding):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31 if coding == "gzip" else 15)
    return packer.compress(data) + packer.flush()
