"""An upstream that accepts a request and then says nothing, or stops in the middle."""

from __future__ import absolute_import, division, print_function

import pytest
from cut_responses import ANYWHERE, IN_HEAD
from differences import LIMITS
from raw_server import Peer, answering, response, then

import waterspout
from waterspout import exceptions


@pytest.mark.parametrize("where", sorted(ANYWHERE))
def test_silence_is_a_read_timeout(serve, client, where):
    """``timeout.read`` bounds the time between two bytes, wherever they stop."""
    server = serve(then(ANYWHERE[where], Peer.hold))
    error = client.error_of("POST", server.url(), data=b"x", timeout=(20, 0.2))
    in_body = where not in IN_HEAD  # Where requests has another error for it.
    assert type(error) is (exceptions.BodyTimeout if in_body else exceptions.ReadTimeout)
    assert error.phase == "read"
    assert error.may_have_been_sent
    assert "0.2 s" in str(error)


def test_the_total_timeout_bounds_the_call(serve, client):
    """``timeout.total`` bounds the call where nothing else does."""
    server = serve(then(Peer.hold))
    timeout = waterspout.ClientTimeout(read=1, total=0.2)
    error = client.error_of("POST", server.url(), timeout=timeout)
    assert (type(error), error.phase) == (waterspout.DeadlineExceeded, "read")
    assert error.may_have_been_sent
    client.wait_until_idle()


def test_the_timeout_of_a_session_holds_for_calls_without_one(serve, make_client):
    """The session's timeout holds for calls that bring none; None means no limit."""
    silent = serve(then(Peer.hold))
    client = make_client(timeout=(20, 0.2))
    assert type(client.error_of("GET", silent.url())) is waterspout.ReadTimeout
    assert client.get(serve(answering(response(b"x"))).url(), timeout=None).content == b"x"


def test_giving_up_closes_the_connection(serve, client):
    """The server sees the end of a call that timed out; the place is free again."""
    peers = []
    server = serve(then(peers.append, Peer.hold))
    client.error_of("GET", server.url(), timeout=(20, 0.2))
    client.wait_until(lambda: peers and peers[0].gone.is_set())
    client.wait_until_idle()


def test_a_handshake_that_never_ends_is_a_connect_timeout(serve, client):
    """A server that accepts, but speaks no TLS: that is still connecting."""
    server = serve(Peer.hold)
    error = client.error_of("POST", "https://%s/" % server.address, timeout=(0.2, 20))
    if (client.transport, "handshake") in LIMITS:
        assert type(error) is waterspout.ReadTimeout
    else:
        assert (type(error), error.phase) == (waterspout.ConnectTimeout, "connect")
        assert not error.may_have_been_sent
    client.wait_until_idle()
