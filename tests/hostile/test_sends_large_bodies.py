"""An upstream that announces a large body and sends another one."""

from __future__ import absolute_import, division, print_function

import pytest
from raw_server import Peer, answering, response, then

from waterspout import exceptions

MIB = 1024 * 1024
BODY = bytes(bytearray(range(256))) * (9 * MIB // 256)


def head(length):
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length


def test_a_large_body_arrives_whole(serve, client):
    """Again and again on a kept connection."""
    server = serve(answering(response(BODY)))
    for _ in range(3):
        assert client.get(server.url()).content == BODY
    if client.transport == "pooled":
        assert server.accepted == 1


@pytest.mark.parametrize("arrived", [10, MIB, len(BODY) - 1])
@pytest.mark.parametrize("end", [Peer.close, Peer.reset])
def test_a_large_body_cut_short_is_an_error(serve, client, arrived, end):
    """Closed or reset, near its beginning, in the middle or one byte before its end."""
    server = serve(then(head(len(BODY)), BODY[:arrived], end))
    assert client.failure("GET", server.url()) == (exceptions.IncompleteBody, "read", True)
    client.wait_until_idle()


@pytest.mark.parametrize("apart", [True, False])
def test_what_follows_a_large_body_is_not_the_next_response(serve, client, apart):
    """A second response that was not asked for, in the same packet or in one of its own."""
    forged = response(b"forged")
    whole = response(BODY)
    steps = [whole, forged] if apart else [whole + forged]
    server = serve(then(*(steps + [Peer.hold])))
    assert client.get(server.url()).content == BODY
    other = serve(answering(response(b"genuine")))
    assert client.get(other.url()).content == b"genuine"
    if client.transport == "pooled":
        second = client.get(server.url())
        assert second.content == BODY and server.accepted == 2
