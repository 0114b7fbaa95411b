"""Sockets that say "not now", for one reason or another."""

from __future__ import absolute_import, division, print_function

import errno
import os
import select
import socket
import ssl

import pytest
from fake_loop import FakeLoop
from net_fakes import OK, FakeStream, Net, reset
from tornado.ioloop import IOLoop

from waterspout._net.socket_stream import PlainStream, TLSStream
from waterspout.exceptions import ReadError, SSLError

READ, WRITE = IOLoop.READ, IOLoop.WRITE


class FakeSocket(object):
    """Does what the test's list says, one after the other: an error is raised."""

    def __init__(self, *results):
        self.results = list(results)
        self.asked = []
        self.closed = self.unwrapped = 0

    def _next(self, argument):
        self.asked.append(argument)
        result = self.results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    recv = send = recv_into = _next

    def unwrap(self):
        self.unwrapped += 1
        raise ssl.SSLWantReadError("the peer's close_notify is not there yet")

    def close(self):
        self.closed += 1


def not_now():
    return socket.error(errno.EAGAIN, "try again")


def interrupted():
    return socket.error(errno.EINTR, "a signal came")


@pytest.mark.parametrize("error", [not_now(), interrupted()])
def test_a_socket_that_is_not_ready_gives_no_byte_and_no_error(error):
    """No byte, and no error: also when a signal interrupted the call (Python 2.7)."""
    assert PlainStream(FakeSocket(error)).recv() is None
    assert PlainStream(FakeSocket(error)).send(b"x") == 0


def test_receiving_into_memory_reports_the_same_as_receiving():
    """Nothing yet is None, the end is 0, and TLS says which direction it waits for."""
    room = memoryview(bytearray(4))
    assert PlainStream(FakeSocket(not_now())).recv_into(room) is None
    assert PlainStream(FakeSocket(0)).recv_into(room) == 0
    stream = TLSStream(FakeSocket(
        ssl.SSLWantReadError("r"), ssl.SSLWantWriteError("w"), 4, ssl.SSLZeroReturnError("0")))
    assert stream.recv_into(room) is None and not stream.recv_needs_write
    assert stream.recv_into(room) is None and stream.recv_needs_write
    assert stream.recv_into(room) == 4 and not stream.recv_needs_write
    assert stream.recv_into(room) == 0
    for kind in (PlainStream, TLSStream):
        with pytest.raises(socket.error):
            kind(FakeSocket(reset())).recv_into(room)


@pytest.mark.parametrize("kind", [PlainStream, TLSStream])
def test_errors_of_the_socket_are_raised(kind):
    """What is an error to the system is one to us."""
    for number in (errno.ECONNRESET, errno.EPIPE, errno.EBADF):
        with pytest.raises(socket.error):
            kind(FakeSocket(socket.error(number, "no"))).recv()
        with pytest.raises(socket.error):
            kind(FakeSocket(socket.error(number, "no"))).send(b"x")


def test_tls_reports_which_direction_it_waits_for():
    """Each direction may need the other one, when keys are changed."""
    stream = TLSStream(FakeSocket(
        ssl.SSLWantReadError("r"), ssl.SSLWantWriteError("w"), b"x", ssl.SSLZeroReturnError("0")))
    assert stream.recv() is None and not stream.recv_needs_write
    assert stream.recv() is None and stream.recv_needs_write
    assert stream.recv() == b"x" and not stream.recv_needs_write
    assert stream.recv() == b""
    stream = TLSStream(FakeSocket(ssl.SSLWantWriteError("w"), ssl.SSLWantReadError("r"), 1))
    assert stream.send(b"x") == 0 and not stream.send_needs_read
    assert stream.send(b"x") == 0 and stream.send_needs_read
    assert stream.send(b"x") == 1 and not stream.send_needs_read


def test_tls_is_given_at_most_2_gib_at_once():
    """Python's ssl refuses 2 GiB; a retry offers the same bytes as before."""
    sock = FakeSocket(ssl.SSLWantWriteError("w"), 1000)
    data = memoryview(b"x" * (5 * 1024 * 1024))
    stream = TLSStream(sock)
    assert stream.send(data) == 0
    assert stream.send(data) == 1000
    assert len(sock.asked[0]) == 1024 * 1024 and sock.asked[0] == sock.asked[1]


def test_closing_tls_sends_close_notify_and_closes_the_socket():
    """Whether the peer answers or not."""
    sock, kept = FakeSocket(), []
    stream = TLSStream(sock, kept.append)
    stream.close()
    assert (sock.unwrapped, sock.closed, kept) == (1, 1, [sock])


def test_closing_a_stream_closes_its_descriptor_though_it_is_referenced():
    """A reference to the stream does not keep it open (on 2.7, a bound method would)."""
    ours, theirs = socket.socketpair()
    stream = PlainStream(ours)
    descriptor = stream.fileno()
    del ours
    stream.close()
    with pytest.raises(OSError):
        os.fstat(descriptor)
    assert theirs.recv(1) == b""
    theirs.close()


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    stream = PlainStream(ours)
    yield stream, theirs
    stream.close()
    theirs.close()


@pytest.mark.parametrize("speak", [lambda peer: peer.send(b"x"), lambda peer: peer.close()])
def test_a_stream_is_not_silent_after_a_byte_or_the_end(pair, speak):
    """A check before each use finds both."""
    stream, theirs = pair
    assert stream.is_silent() and stream.is_silent()
    speak(theirs)
    assert not stream.is_silent()


def test_a_stream_is_not_called_silent_when_a_signal_interrupts_poll(pair, monkeypatch):
    """On 2.7 it ends the question, which then ``recv`` has to answer."""

    class Interrupted(object):
        def register(self, sock, events):
            pass

        def poll(self, timeout):
            raise select.error(errno.EINTR, "a signal came")

    monkeypatch.setattr(select, "poll", Interrupted)
    assert not pair[0].is_silent()


def test_a_stream_is_not_called_silent_on_a_system_without_poll(pair, monkeypatch):
    """As on Windows, which has no ``poll``."""
    monkeypatch.delattr(select, "poll")
    assert not pair[0].is_silent()


@pytest.mark.parametrize("kind", [PlainStream, TLSStream])
def test_a_released_socket_is_closed_by_its_new_owner(kind):
    """Although the stream still exists: on 2.7 the methods of a socket keep it open."""
    ours, theirs = socket.socketpair()
    stream = kind(ours)
    stream.release()
    ours.close()
    theirs.settimeout(10)
    assert theirs.recv(1) == b"" and stream is not None
    theirs.close()


# What a connection makes of it


def crossing(net, **attributes):
    """A call whose stream is about to wait for the other direction."""
    exchange = net.run()
    for name, value in attributes.items():
        setattr(net.streams[0], name, value)
    return exchange


def test_tls_that_must_write_to_read_waits_for_writing():
    """As when TLS answers a key update while its buffers are full."""
    with Net() as net:
        exchange = crossing(net, recv_needs_write=True)
        net.loop.fire(net.streams[0].fd, READ)
        assert net.loop.wants(net.streams[0].fd) == READ | WRITE
        net.streams[0].incoming.append(OK)
        net.streams[0].recv_needs_write = True
        net.loop.fire(net.streams[0].fd, WRITE)
        assert exchange.content == b"ok"


def test_waiting_to_write_ends_when_reading_goes_on():
    """Otherwise the loop would report a writable socket again and again."""
    with Net() as net:
        crossing(net, recv_needs_write=True)
        stream = net.streams[0]
        net.loop.fire(stream.fd, READ)
        stream.recv_needs_write = False
        stream.says(OK[:20])
        net.loop.fire(stream.fd, WRITE)
        assert net.loop.wants(stream.fd) == READ


def test_tls_that_must_read_to_write_waits_for_reading():
    """The socket is writable meanwhile, but TLS may not write."""
    with Net() as net:
        net.connector.prepare = lambda stream: setattr(stream, "room", 10)
        exchange = net.run(b"PUT", body=b"x" * 100)
        stream = net.streams[0]
        stream.room, stream.send_needs_read = 0, True
        net.loop.fire(stream.fd, WRITE)
        assert net.loop.wants(stream.fd) == READ
        stream.room = None
        stream.send_needs_read = True  # Until the next send says otherwise.
        net.loop.fire(stream.fd, READ)
        assert stream.sent.endswith(b"x" * 100)
        stream.send_needs_read = False
        stream.says(OK)
        assert exchange.content == b"ok"


@pytest.mark.parametrize("error, error_class", [
    (ssl.SSLError(1, "[SSL] bad record mac"), SSLError),
    (ssl.SSLError(1, "unexpected eof while reading"), ReadError),
    (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), ReadError),
])
def test_tls_errors_after_the_handshake_are_told_from_an_end(error, error_class):
    """An end is an end; everything else is TLS's own, and would happen again."""
    with Net() as net:
        exchange = net.run()
        net.streams[0].says(OK[:-1], error)
        assert exchange.failure is error_class
        assert exchange.error[2] is error


def test_the_fake_stream_has_the_names_of_the_real_one():
    """Every name that the fake stream offers, the real one has."""
    for name in ("is_silent", "recv", "recv_into", "send", "close", "fileno", "full_bytes",
                 "send_needs_read", "recv_needs_write"):
        assert hasattr(PlainStream, name) and hasattr(TLSStream, name)
        assert hasattr(FakeStream(FakeLoop(), 1), name)
