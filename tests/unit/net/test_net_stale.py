"""What becomes of a request whose kept connection was dead."""

from __future__ import absolute_import, division, print_function

import errno
import socket

import pytest
from net_fakes import CLOSING, CONTINUE, OK, Net, reset

from waterspout._net.body_sources import IteratorBodySource
from waterspout._net.stale_connections import IDEMPOTENT
from waterspout.exceptions import ReadError, RemoteProtocolError, WriteError

#: The ways in which a server may be gone.
ENDS = [b"", reset()]

IDS = ["closed", "reset"]


def on_kept_connection(net, *args, **kwargs):
    """An exchange that is sent on a connection that was used before."""
    net.run()
    net.streams[0].says(OK)
    exchange = net.run(*args, **kwargs)
    assert net.streams[0].requests == 2
    return exchange


def broken_pipe():
    return socket.error(errno.EPIPE, "Broken pipe")


@pytest.mark.parametrize("end", ENDS, ids=IDS)
@pytest.mark.parametrize("method", sorted(IDEMPOTENT))
def test_idempotent_request_is_sent_again(method, end):
    """No byte of a response came over a kept connection: it goes to a new one."""
    with Net() as net:
        exchange = on_kept_connection(net, method=method)
        net.streams[0].says(end)
        assert net.streams[0].closed and exchange.endings == 0
        net.streams[1].says(OK if method != b"HEAD" else OK[:-2])
        assert exchange.status == 200 and exchange.endings == 1
        assert net.counts() == (0, 1, 0, 2, 1)


@pytest.mark.parametrize("end", ENDS, ids=IDS)
@pytest.mark.parametrize("method", [b"POST", b"PATCH"])
def test_post_that_was_sent_is_never_sent_again(method, end):
    """It may have arrived and done its work."""
    with Net() as net:
        exchange = on_kept_connection(net, method=method, body=b"x")
        net.streams[0].says(end)
        assert exchange.failure is ReadError and exchange.phase == "read"
        assert len(net.streams) == 1


@pytest.mark.parametrize("method", [b"GET", b"POST"])
def test_a_request_with_no_byte_sent_is_sent_again(method):
    """Whatever its method: the server cannot have seen it."""
    with Net() as net:
        net.run()
        net.streams[0].says(OK)
        net.streams[0].send_error = broken_pipe()
        exchange = net.run(method=method, body=b"x")
        net.streams[1].says(OK)
        assert exchange.content == b"ok"
        assert net.streams[1].sent.startswith(method)


def test_post_that_was_sent_in_part_is_never_sent_again():
    """Some of it was sent; the server may have acted on that."""
    with Net() as net:
        net.run()
        net.streams[0].says(OK)
        net.streams[0].room = 10
        exchange = net.run(method=b"POST", body=b"x" * 100)
        net.streams[0].send_error = broken_pipe()
        net.streams[0].takes(None)
        assert exchange.failure is WriteError and "Broken pipe" in exchange.error[1]
        assert exchange.phase == "send" and len(net.streams) == 1


def test_a_request_is_moved_to_a_new_connection_once():
    """The new connection dies as well: that is no stale connection, and the call fails."""
    with Net() as net:
        exchange = on_kept_connection(net)
        net.streams[0].says(b"")
        net.streams[1].says(b"")
        assert exchange.failure is ReadError
        assert "without a response" in exchange.error[1]
        assert len(net.streams) == 2


def test_new_connection_is_not_stale():
    """Closed by the server at its first request: there is no reason to try again."""
    with Net() as net:
        exchange = net.run()
        net.streams[0].says(b"")
        assert exchange.failure is ReadError and len(net.streams) == 1


@pytest.mark.parametrize("end", ENDS, ids=IDS)
@pytest.mark.parametrize("begun", [b"H", CONTINUE, OK[:-1]])
def test_a_request_is_not_sent_again_once_its_response_has_begun(begun, end):
    """The server has seen the request, if not more."""
    with Net() as net:
        exchange = on_kept_connection(net)
        net.streams[0].says(begun, end)
        assert exchange.failure is ReadError and len(net.streams) == 1
        assert exchange.endings == 1


def test_a_request_answered_with_garbage_is_not_sent_again():
    """A server that does not speak HTTP is not asked twice."""
    with Net() as net:
        exchange = on_kept_connection(net)
        net.streams[0].says(b"SSH-2.0-x\r\n")
        assert exchange.failure is RemoteProtocolError and net.streams[0].closed
        assert len(net.streams) == 1


@pytest.mark.parametrize("method", [b"PUT", b"POST"])
def test_streamed_body_is_never_sent_again(method):
    """What was read from an iterator cannot be read again."""
    with Net() as net:
        body = IteratorBodySource([b"a", b"b"])
        exchange = on_kept_connection(net, method=method, body=body)
        net.streams[0].says(b"")
        assert exchange.failure is ReadError and len(net.streams) == 1


def test_large_body_is_sent_again():
    """One that is held whole, however it was sent."""
    with Net() as net:
        net.run()
        net.streams[0].says(OK)
        net.streams[0].room = 100
        exchange = net.run(method=b"PUT", body=b"x" * 100000)
        net.streams[0].says(b"")
        assert net.streams[1].sent.endswith(b"x" * 100000)
        net.streams[1].says(OK)
        assert exchange.content == b"ok"


def test_replacement_has_a_connect_timeout_of_its_own():
    """The deadline of the call goes on."""
    with Net() as net:
        exchange = on_kept_connection(net, timeout=5, deadline=net.loop.now + 8)
        net.connector.at_once = False
        net.loop.advance(4)
        net.streams[0].says(b"")
        net.loop.advance(3.9)
        assert exchange.endings == 0
        net.loop.advance(0.2)
        assert exchange.failure.__name__ == "DeadlineExceeded"
        assert net.connector.pending == []


def test_idle_connection_that_is_closed_is_dropped_at_once():
    """No exchange gets it: it does not count as usable at any moment."""
    with Net() as net:
        net.run()
        net.streams[0].says(OK)
        net.streams[0].says(b"")
        assert net.streams[0].closed
        assert net.counts() == (0, 0, 0, 1, 0)


def test_idle_connection_that_speaks_is_dropped_at_once():
    """Its bytes would be taken for the next response."""
    with Net() as net:
        net.run()
        net.streams[0].says(OK)
        net.streams[0].says(OK)
        assert net.streams[0].closed
        exchange = net.run()
        assert exchange.head is None and len(net.streams) == 2


def test_idle_connection_that_breaks_is_dropped_at_once():
    """An error on an idle connection fails no call."""
    with Net() as net:
        net.run()
        net.streams[0].says(OK)
        net.streams[0].says(reset())
        assert net.streams[0].closed and net.counts()[:2] == (0, 0)


def test_bytes_after_a_response_end_the_connection():
    """They belong to no request."""
    with Net() as net:
        exchange = net.run()
        net.streams[0].says(OK + b"HTTP/1.1 200 OK\r\n")
        assert exchange.content == b"ok" and net.streams[0].closed


@pytest.mark.parametrize("last_word", [b"", OK, reset()], ids=["closed", "spoke", "reset"])
def test_a_post_is_not_sent_on_a_connection_that_has_ended(last_word):
    """The server's end is here, though the loop has not told yet; a POST would be lost."""
    with Net() as net:
        net.run()
        net.streams[0].says(OK)
        net.streams[0].incoming.append(last_word)
        exchange = net.run(method=b"POST", body=b"x")
        assert net.streams[0].closed and net.streams[0].requests == 1
        net.streams[1].says(OK)
        assert exchange.content == b"ok" and not exchange.replaced


def test_a_connection_that_the_server_will_close_is_not_reused():
    """A connection that the server said it would close is not even tried."""
    with Net() as net:
        net.run()
        net.streams[0].says(CLOSING)
        exchange = net.run(method=b"POST")
        assert len(net.streams) == 2 and not exchange.replaced
