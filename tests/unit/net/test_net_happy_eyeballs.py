"""Which of several addresses a connection goes to (RFC 8305); sockets and time by hand."""

from __future__ import absolute_import, division, print_function

import errno
import socket

import pytest
from fake_loop import FakeLoop
from tornado.ioloop import IOLoop

import waterspout._net.happy_eyeballs
from waterspout._net.happy_eyeballs import RACE_DELAY, HappyEyeballs, interleaved
from waterspout.exceptions import ConnectError

V4, V6 = socket.AF_INET, socket.AF_INET6


class Socket(object):
    """One that the test connects.

    Attributes:
        address: where it connects to; error (int): what `SO_ERROR` says.
    """

    #: Of an address, what `connect_ex` says; all others are under way.
    codes = {}
    made = []

    def __init__(self, family, kind):
        if family not in (V4, V6):
            raise TypeError("%r is no address family" % (family,))
        self.family = family
        self.address = self.source = None
        self.error, self.closed = 0, False
        self.made.append(self)

    def fileno(self):
        return 100 + self.made.index(self)

    def setblocking(self, blocking):
        assert not blocking

    def setsockopt(self, *args):
        pass

    def bind(self, address):
        self.source = address

    def connect_ex(self, address):
        if isinstance(address, list):
            raise TypeError("%r is no address" % (address,))
        self.address = address
        return self.codes.get(address, errno.EINPROGRESS)

    def getsockopt(self, level, option):
        return self.error

    def close(self):
        assert not self.closed
        self.closed = True


@pytest.fixture
def loop(monkeypatch):
    monkeypatch.setattr(Socket, "made", [])
    monkeypatch.setattr(Socket, "codes", {})
    monkeypatch.setattr(waterspout._net.happy_eyeballs.socket, "socket", Socket)
    monkeypatch.setattr(
        waterspout._net.happy_eyeballs, "py2_close_on_exec", lambda sock: None)
    loop = FakeLoop()
    loop.strict = False
    return loop


@pytest.fixture
def race(loop):
    """Connect to these addresses; ``ends`` gets what comes of it."""
    def race(*addresses, **options):
        race = HappyEyeballs(
            loop, addresses, options.get("source_address"), lambda *end: race.ends.append(end))
        race.ends = []
        race.start()
        return race

    return race


def connected(loop, number, error=0):
    """The socket of this number is connected, or has failed."""
    Socket.made[number].error = error
    loop.fire(Socket.made[number].fileno(), IOLoop.WRITE)


def tried():
    return [sock.address for sock in Socket.made]


def test_addresses_alternate_between_families():
    """RFC 8305 section 4, in the resolver's order otherwise."""
    assert interleaved([(V6, 1), (V6, 2), (V6, 3), (V4, 4), (V4, 5)]) == [
        (V6, 1), (V4, 4), (V6, 2), (V4, 5), (V6, 3)]
    assert interleaved([(V4, 1)]) == [(V4, 1)] and interleaved([]) == []


def test_one_address_is_connected(race, loop):
    """A single address needs no timer."""
    under_way = race((V4, "a"))
    assert under_way.ends == [] and loop.timers == []
    connected(loop, 0)
    assert under_way.ends == [(Socket.made[0], None)] and not Socket.made[0].closed


def test_the_next_address_is_tried_after_a_head_start(race, loop):
    """The first one goes on meanwhile; the first to connect wins, the others are closed."""
    under_way = race((V6, "a"), (V4, "b"), (V6, "c"))
    loop.advance(RACE_DELAY - 0.01)
    assert tried() == ["a"]
    loop.advance(0.01)
    assert tried() == ["a", "b"]
    connected(loop, 1)
    assert under_way.ends == [(Socket.made[1], None)]
    assert [each.closed for each in Socket.made] == [True, False] and loop.timers == []


def test_the_next_address_is_tried_at_once_when_one_fails(race, loop):
    """No time is lost."""
    under_way = race((V6, "a"), (V4, "b"))
    connected(loop, 0, error=errno.ECONNREFUSED)
    assert tried() == ["a", "b"] and under_way.ends == [] and Socket.made[0].closed


def test_an_address_that_fails_at_once_costs_nothing(race, loop):
    """As one that this machine cannot reach."""
    Socket.codes["a"] = errno.ENETUNREACH
    under_way = race((V6, "a"), (V4, "b"))
    assert tried() == ["a", "b"] and Socket.made[0].closed
    connected(loop, 1)
    assert under_way.ends == [(Socket.made[1], None)]


def test_the_last_error_is_told_when_all_have_failed(race, loop):
    """Once, when none is under way any more."""
    under_way = race((V6, "a"), (V4, "b"))
    loop.advance(RACE_DELAY)
    connected(loop, 1, error=errno.ECONNREFUSED)
    assert under_way.ends == []
    connected(loop, 0, error=errno.ETIMEDOUT)
    ((sock, (error_class, what, cause)),) = under_way.ends
    assert (sock, error_class, cause.errno) == (None, ConnectError, errno.ETIMEDOUT)
    assert loop.handlers == {} and all(each.closed for each in Socket.made)


def test_a_name_without_an_address_is_an_error(race):
    """Of the resolver, which said nothing."""
    ((sock, failure),) = race().ends
    assert failure == (ConnectError, "the name has no address", None)


def test_an_address_that_is_none_is_an_error(race):
    """The resolver is the program's own."""
    ((sock, (error_class, what, cause)),) = race(("nonsense", "a"), (V4, ["b"])).ends
    assert error_class is ConnectError and isinstance(cause, Exception)


def test_a_race_that_is_cancelled_leaves_nothing(race, loop):
    """No socket, no handler, no timer; and nothing is told."""
    under_way = race((V6, "a"), (V4, "b"), (V4, "c"))
    loop.advance(RACE_DELAY)
    under_way.cancel()
    assert all(each.closed for each in Socket.made)
    assert (loop.handlers, loop.timers, under_way.ends) == ({}, [], [])


def test_a_local_address_is_bound(race):
    """``network_interface``; any port."""
    race((V4, "a"), source_address="127.0.0.2")
    assert Socket.made[0].source == ("127.0.0.2", 0)
