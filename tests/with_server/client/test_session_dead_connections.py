"""Streamed bodies where the kept connection was closed just now: sent whole, or an error."""

from __future__ import absolute_import, division, print_function

import io

import pytest
from raw_server import answering, response

import waterspout

LARGE = bytes(bytearray(range(256))) * 8192  # 2 MiB: more than any buffer on the way.

BODIES = {
    "iterator": lambda content: {"data": iter([content])},
    "file": lambda content: {"data": io.BytesIO(content)},
    "form": lambda content: {"files": {"f": io.BytesIO(content)}},
}


def one_answer_each(peer):
    """Answer one request, and hang up on the head of the next one."""
    peer.read_request()
    peer.send(response(b"ok"))
    peer._read_until(b"\r\n\r\n")


def no_answer(peer):
    """Hang up on the head of the first one, and without an answer to it."""
    peer._read_until(b"\r\n\r\n")


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("body", sorted(BODIES))
@pytest.mark.parametrize("content", [b"small", LARGE], ids=["small", "large"])
def test_a_body_on_a_dead_connection_is_sent_whole_or_is_an_error(
        serve, make_client, transport, method, body, content):
    """libcurl would send it again, and cannot: there it takes a connection that is new."""
    server, client = serve(one_answer_each), make_client(timeout=5)
    client.get(server.url("/first"))
    try:
        client.request(method, server.url("/second"), **BODIES[body](content))
    except waterspout.exceptions.ConnectionError as error:
        assert transport in ("pooled", "threads")
        assert error.may_have_been_sent
        assert str(error).startswith("%s %s: " % (method, server.url("/second")))
    else:
        (_, request) = server.received
        assert content in request.body


@pytest.fixture
def keeping(serve, make_client, transport):
    """A server that keeps connections, and a client of one thread on a transport that does."""
    if transport == "tornado":
        pytest.skip("it keeps none")
    return serve(answering(response(b"ok"))), make_client(timeout=5, max_workers=1)


def test_the_connection_of_a_streamed_body_is_kept(keeping, transport):
    """It serves the next call that may be sent again."""
    server, client = keeping
    for _ in range(3):
        client.post(server.url(), data=iter([b"abc"]))
        client.get(server.url())
    assert server.accepted <= (3 if transport == "curl" else 1)


def test_a_bytes_body_uses_the_kept_connection(keeping):
    """What is in memory can be sent again, also after a body that cannot."""
    server, client = keeping
    client.post(server.url(), data=iter([b"abc"]))
    for _ in range(5):
        client.post(server.url(), data=b"abc")
    assert server.accepted == 1


def test_a_server_that_never_answers_is_an_error(serve, make_client):
    """Of the connection, in words of our own, and not of how a body is sent again."""
    server, client = serve(no_answer), make_client(timeout=5)
    error = client.error_of("POST", server.url(), data=iter([b"abc"]))
    assert isinstance(error, waterspout.ConnectionError)
    assert "callback" not in str(error)
