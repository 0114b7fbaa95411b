"""After any mixture of successes, errors, timeouts and cancels the counts are right."""

from __future__ import absolute_import, division, print_function

import errno
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from net_exchanges import RecordedExchange
from net_fakes import CLOSING, CONTINUE, OK, Net, reset
from tornado.ioloop import IOLoop

import waterspout._net.pool
from waterspout._net.body_sources import IteratorBodySource
from waterspout._net.origin import Origin
from waterspout.exceptions import ConnectError, SessionClosed

MAX_CONNECTIONS, MAX_PER_ORIGIN, MAX_QUEUED = 4, 3, 6

ORIGINS = [Origin("http", "host%d.example" % number, 80) for number in range(3)]

#: What an exchange can be: method, body, and whether it expects 100 Continue.
KINDS = [
    (b"GET", None, False),
    (b"POST", b"small", False),
    (b"PUT", b"x" * 100000, False),
    (b"PUT", b"x" * 10, True),
    (b"POST", "iterated", False),
    (b"POST", "iterated", True),
    (b"POST", "failing", False),
    (b"B A D", None, False),
]

#: What a server can say.
WORDS = [
    [OK], [CLOSING], [OK[:20], OK[20:]], [OK[:-1]], [CONTINUE], [b"garbage\r\n"],
    [b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b""],
    [b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"],
    [b""], [reset()], [OK, b""], [OK + OK],
]

#: What an exchange may do when it ends.
REACTIONS = [None, None, "run", "cancel", "close"]

numbers = st.integers(0, 11)
steps = st.lists(
    st.tuples(
        st.sampled_from([
            "run", "run", "run", "run_bad", "connect", "connect", "connect", "refuse", "speak",
            "speak", "speak", "take", "break", "cancel", "wait", "wait_long", "unheard", "react",
            "close", "turn", "turn", "turn", "turn",
        ]),
        numbers, numbers),
    min_size=10, max_size=80)


class World(object):
    """Performs the steps of a script on a Net and looks at it after each."""

    def __init__(self, net):
        self.net = net
        self.exchanges = []
        self.reaction = None

    def pick(self, things, number):
        things = list(things)
        return things[number % len(things)] if things else None

    def live(self):
        return [each for each in self.exchanges if not each.done]

    def step(self, name, first, second):
        getattr(self, "do_" + name)(first, second)
        self.check()

    def do_run(self, first, second):
        method, body, expects_continue = self.pick(KINDS[:-1], first)
        self.add(self.pick(ORIGINS, second), method, body, expects_continue)

    def do_run_bad(self, first, second):
        self.add(self.pick(ORIGINS, second), *KINDS[-1])

    def add(self, origin, method, body, expects_continue):
        if body == "iterated":
            body = IteratorBodySource(iter([b"a" * 10] * 3))
        elif body == "failing":
            # 1 is neither bytes nor a Future.
            body = IteratorBodySource(iter([b"a", 1 // 1, b"b"]), 3)
        number = len(self.exchanges)
        exchange = RecordedExchange(
            method, origin, body=body, timeout=(None, 2, 7)[number % 3],
            deadline=self.net.loop.now + 5 if number % 4 == 0 else None)
        exchange.expects_continue = expects_continue
        exchange.on_end, self.reaction = self.reaction, None
        self.exchanges.append(exchange)
        try:
            self.net.pool.run(exchange)
        except SessionClosed:
            assert self.net.pool.closed
            exchange.done = True

    def do_connect(self, first, second):
        attempt = self.pick(self.net.connector.pending, first)
        if attempt is not None:
            self.net.connector.prepare = None
            if second == 0:  # It dies before the first byte.
                self.net.connector.prepare = lambda stream: setattr(
                    stream, "send_error", socket.error(errno.EPIPE, "pipe"))
            elif second < 4:
                self.net.connector.prepare = lambda stream: setattr(stream, "room", 10)
            attempt.succeed()

    def do_refuse(self, first, second):
        attempt = self.pick(self.net.connector.pending, first)
        if attempt is not None:
            attempt.fail(ConnectError)

    def do_speak(self, first, second):
        stream = self.pick(self.net.open_streams, first)
        if stream is not None:
            stream.says(*self.pick(WORDS, second))

    def do_unheard(self, first, second):
        """The server said something, and the loop has not told yet."""
        stream = self.pick(self.net.open_streams, first)
        if stream is not None:
            stream.incoming.extend(self.pick(WORDS, second))

    def do_take(self, first, second):
        stream = self.pick(self.net.open_streams, first)
        if stream is not None:
            stream.takes(None if second > 5 else second)

    def do_break(self, first, second):
        stream = self.pick(self.net.open_streams, first)
        if stream is not None:
            stream.send_error = socket.error(errno.EPIPE, "pipe")
            self.net.loop.fire(stream.fd, IOLoop.WRITE)

    def do_cancel(self, first, second):
        exchange = self.pick(self.live(), first)
        if exchange is not None:
            exchange.cancel()
            self.check()

    def do_wait(self, first, second):
        self.net.loop.advance(first / 4.0)

    def do_wait_long(self, first, second):
        self.net.loop.advance(first * 20.0)

    def do_turn(self, first, second):
        """The iteration of the loop ends."""
        self.net.loop.run_callbacks()

    def do_close(self, first, second):
        if first == 0:
            self.net.pool.close()

    def do_react(self, first, second):
        """The next exchange that is run does something when it ends."""
        def react(exchange):
            kind = self.pick(REACTIONS, first)
            if kind == "run":
                self.do_run(first, second)
            elif kind == "cancel":
                self.do_cancel(first, second)
            elif kind == "close" and second == 0:
                self.net.pool.close()

        self.reaction = react

    def check(self):
        pool, net = self.net.pool, self.net
        buckets = list(pool._buckets.values())
        waiting = [each for each in self.exchanges if each.waiting]
        assert pool._size == sum(each.size for each in buckets)
        assert pool._idle == sum(len(each.idle) for each in buckets)
        assert pool.queued == sum(each.queued for each in buckets) == len(waiting)
        assert pool._queue.buckets == set(each for each in buckets if each.queued)
        assert pool._size == len(net.open_streams) + len(net.connector.pending)
        assert pool._size <= MAX_CONNECTIONS and pool.queued <= MAX_QUEUED
        for bucket in buckets:
            assert 0 <= len(bucket.idle) <= bucket.size <= MAX_PER_ORIGIN
            assert bucket.queued == len([x for x in waiting if x.origin == bucket.origin])
            if bucket.queued and not pool._starting:  # No exchange waits that could run.
                assert not bucket.idle and not pool._may_open(bucket)
        live = [each for each in self.exchanges if not each.done]
        assert set(live) == pool._watched
        for exchange in self.exchanges:
            places = (exchange.connection is not None) + (exchange.attempt is not None) + (
                exchange.waiting)
            # One that is refused is told so after others have got its connection.
            assert places == (not exchange.done) or pool._starting and not places
            assert exchange.endings <= exchange.done
        connections = [handler.__self__ for handler, _, _ in net.loop.handlers.values()]
        assert len([each for each in connections if each.exchange is not None]) == len(
            [each for each in live if each.connection is not None])
        assert not pool.closed or pool._size == pool.queued == 0


@settings(max_examples=150)
@given(steps)
def run_script(script):
    with Net(at_once=False, max_connections=MAX_CONNECTIONS,
             max_connections_per_origin=MAX_PER_ORIGIN, max_queued=MAX_QUEUED,
             max_idle=50, max_age=100) as net:
        world = World(net)
        for number, (_, first, second) in enumerate(script[:8]):  # Something to begin with.
            world.step("run", first, number)
            world.step("connect", first, second)
        for step in script:
            world.step(*step)
        for _ in range(100):
            for exchange in world.live():  # Those may run others when they end.
                exchange.fail(ConnectError, "the test is over")
        world.check()
        active, _, queued = net.counts()[:3]
        assert active == queued == 0 and world.live() == []
        if not net.pool.closed:
            serves(net)


@pytest.mark.parametrize("busy", [2, waterspout._net.pool.BUSY])
def test_counts_are_right_after_every_step(monkeypatch, busy):
    """In the end nothing is active, and the pool still works; with requests in its batch, too."""
    monkeypatch.setattr(waterspout._net.pool, "BUSY", busy)
    run_script()


def serves(net):
    net.loop.run_callbacks()
    net.connector.at_once = True
    net.connector.prepare = None
    for stream in net.open_streams:
        stream.incoming.clear()
        stream.send_error = None
        stream.takes(None)
    for origin in ORIGINS:
        exchange = net.run(origin=origin)
        exchange.connection.stream.says(OK)
        assert exchange.content == b"ok"
    assert net.counts()[0] == 0
