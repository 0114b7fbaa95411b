"""A server that stops at any step: the limit is kept, the socket closed, the pool serves on."""

from __future__ import absolute_import, division, print_function

import socket

from black_hole import BlackHole
from net_exchanges import LONG, RecordedExchange
from net_peers import (
    OK,
    SHORT,
    Answering,
    PoolTestCase,
    net_test,
    server_context,
    soon,
    trusting,
    until_closed,
)
from tornado import gen

from waterspout._compat import monotonic
from waterspout._net.origin import Origin, Proxy
from waterspout.exceptions import (
    ConnectTimeout,
    DeadlineExceeded,
    PoolTimeout,
    ReadTimeout,
    WriteTimeout,
)
from waterspout.limits import Limits
from waterspout.timeouts import ClientTimeout

#: More than any socket buffers take.
HUGE = b"x" * (32 * 1024 * 1024)


class HangingTest(PoolTestCase):
    """Each step of a call, ended by its own limit, by the deadline and by a cancel."""

    limits = Limits(max_connections=1)

    def setUp(self):
        super(HangingTest, self).setUp()
        self.good = self.origin(self.peer(Answering), "good.example")

    @gen.coroutine
    def ends_in(self, origin, phase, error_class, reached=None, doing="", **kwargs):
        """The call to ``origin`` hangs in ``phase``; end it in each way, and look after it.

        ``reached()`` tells, if needed, that it has come so far; it may give a Future.
        """
        connect, read = (SHORT, LONG) if phase == "connect" else (LONG, SHORT)
        for deadline in (False, True):
            exchange = RecordedExchange(
                origin=origin, timeout=ClientTimeout(connect, read, LONG), **kwargs)
            if deadline:
                exchange.timeout = ClientTimeout(LONG, LONG, LONG, SHORT)
                exchange.deadline = monotonic() + SHORT
            started = monotonic()
            self.pool.run(exchange)
            if reached is not None:
                yield reached()
            yield exchange.ended()
            self.assertEqual(exchange.failure, DeadlineExceeded if deadline else error_class)
            self.assertEqual(exchange.phase, phase)
            self.assertGreaterEqual(monotonic() - started, SHORT)
            if not deadline:
                self.assertIn("%g s" % SHORT, exchange.error[1])
                self.assertIn(doing, exchange.error[1])
            yield self.look_after(exchange)
        exchange = self.run_exchange(origin=origin, **kwargs)
        yield (gen.moment if reached is None else reached())
        yield soon(lambda: exchange.phase == phase and (
            phase != "connect" or exchange.attempt.doing in doing))
        exchange.cancel()
        yield self.look_after(exchange)
        self.assertEqual(exchange.endings, 0)

    @gen.coroutine
    def look_after(self, exchange):
        self.assertEqual((exchange.connection, exchange.attempt, exchange.waiting),
                         (None, None, False))
        self.assertEqual(self.active(), 0)
        yield self.assert_serves(self.good)

    @net_test
    def test_a_hanging_lookup_ends_with_the_connect_timeout(self):
        """It obeys the connect timeout, and the error says that it was the name."""
        self.resolver.names["slow.example"] = None
        origin = Origin("http", "slow.example", 80)
        yield self.ends_in(origin, "connect", ConnectTimeout, doing="resolving the name")
        for lookup in self.resolver.hanging:  # Too late: the call has ended.
            lookup.set_result([(socket.AF_INET, ("127.0.0.1", 1))])

    @net_test
    def test_the_error_of_a_late_lookup_is_not_logged(self):
        """The call has ended by then, and the log does not show the error either."""
        self.resolver.names["slow.example"] = None
        exchange = self.run_exchange(origin=Origin("http", "slow.example", 80))
        exchange.cancel()
        self.resolver.hanging[0].set_exception(socket.gaierror("late"))
        yield gen.moment
        yield self.look_after(exchange)

    @net_test
    def test_a_host_that_does_not_answer_ends_with_the_connect_timeout(self):
        """A host that does not answer at all."""
        with BlackHole() as hole:
            origin = Origin("http", *hole.address)
            yield self.ends_in(origin, "connect", ConnectTimeout, doing="connecting)")

    @net_test
    def test_a_hanging_tls_handshake_ends_with_the_connect_timeout(self):
        """A server that accepts, and never says a word of TLS."""
        peer = self.peer()
        origin = self.origin(peer, "localhost", trusting())
        yield self.ends_in(origin, "connect", ConnectTimeout, doing="shaking hands (TLS)")
        for stream in peer.accepted:
            yield until_closed(stream)

    @net_test
    def test_a_hanging_proxy_ends_with_the_connect_timeout(self):
        """A proxy that accepts, and never answers CONNECT."""
        peer = self.peer()
        origin = Origin("https", "elsewhere.example", 443, trusting(),
                        Proxy("127.0.0.1", peer.port))
        yield self.ends_in(origin, "connect", ConnectTimeout, doing="waiting for the proxy")
        heads = yield [until_closed(stream) for stream in peer.accepted]
        self.assertTrue(heads[0].startswith(b"CONNECT elsewhere.example:443 HTTP/1.1\r\n"))

    @net_test
    def test_a_hanging_handshake_in_a_tunnel_ends_with_the_connect_timeout(self):
        """The proxy answers, what is behind it does not."""
        peer = self.peer(Answering, answer=b"HTTP/1.1 200 Go\r\n\r\n")
        origin = Origin("https", "elsewhere.example", 443, trusting(),
                        Proxy("127.0.0.1", peer.port))
        yield self.ends_in(origin, "connect", ConnectTimeout, doing="shaking hands (TLS)")

    @net_test
    def test_a_server_that_does_not_read_ends_with_a_write_timeout(self):
        """It takes what its buffers hold, and no more."""
        peer = self.peer()
        yield self.ends_in(self.origin(peer), "send", WriteTimeout, method=b"POST", body=HUGE)

    @net_test
    def test_a_server_that_does_not_answer_ends_with_a_read_timeout(self):
        """It has the request, and that is all."""
        peer = self.peer()
        yield self.ends_in(self.origin(peer), "read", ReadTimeout)
        for stream in peer.accepted:
            request = yield until_closed(stream)
            self.assertTrue(request.startswith(b"GET / "))

    @net_test
    def test_a_server_that_stops_in_the_head_ends_with_a_read_timeout(self):
        """Part of a head is no answer."""
        peer = self.peer()
        peer.on_accept = lambda stream: stream.write(OK[:20])
        yield self.ends_in(self.origin(peer), "read", ReadTimeout)

    @net_test
    def test_a_server_that_stops_in_the_body_ends_with_a_read_timeout(self):
        """A part of a body is no response."""
        peer = self.peer()
        peer.on_accept = lambda stream: stream.write(OK[:-1])
        yield self.ends_in(self.origin(peer), "read", ReadTimeout)

    @net_test
    def test_calls_queued_behind_hanging_ones_end_with_the_pool_timeout(self):
        """The queue has its own limit, and those in it never touched a server."""
        peer = self.peer()
        origin = self.origin(peer)
        active = self.run_exchange(origin=origin)
        exchange = yield self.get(origin, timeout=ClientTimeout(LONG, LONG, SHORT))
        self.assertEqual((exchange.failure, exchange.phase), (PoolTimeout, "pool"))
        self.assertEqual(len(peer.accepted), 1)
        active.cancel()
        yield self.assert_serves(self.good)

    @net_test
    def test_trickling_bytes_end_with_the_deadline(self):
        """A byte now and then keeps the read limit at bay, but not the deadline."""
        peer = self.peer()

        @gen.coroutine
        def trickle(stream):
            while not stream.closed():
                stream.write(b"X-Trickle: yes\r\n")
                yield gen.sleep(SHORT / 4)

        def serve(stream):
            stream.write(b"HTTP/1.1 200 OK\r\n")
            self.io_loop.add_callback(trickle, stream)

        peer.on_accept = serve
        exchange = RecordedExchange(
            origin=self.origin(peer), timeout=ClientTimeout(LONG, SHORT * 3, None, SHORT * 6),
            deadline=monotonic() + SHORT * 6)
        self.pool.run(exchange)
        yield exchange.ended()
        self.assertEqual(exchange.failure, DeadlineExceeded)


class HangingTLSTest(PoolTestCase):
    @net_test
    def test_a_server_that_does_not_read_over_tls_ends_with_a_write_timeout(self):
        """The same limit, and the same end."""
        peer = self.peer()
        origin = self.origin(peer, "localhost", trusting())
        exchange = self.run_exchange(
            b"POST", origin, body=HUGE, timeout=ClientTimeout(LONG, SHORT, LONG))
        stream = yield peer.accept()
        yield stream.start_tls(True, server_context())
        yield exchange.ended()
        self.assertEqual((exchange.failure, exchange.phase), (WriteTimeout, "send"))
        self.assertEqual(self.active(), 0)
