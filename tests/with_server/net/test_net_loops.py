"""Several IOLoops, IOLoops that end under a pool, and whose context it all runs in."""

from __future__ import absolute_import, division, print_function

import gc
import socket
import unittest

import pytest
from leftovers import descriptors_at_first, open_descriptors
from net_exchanges import LONG, RecordedExchange
from net_peers import (
    OK,
    Answering,
    Peer,
    PoolTestCase,
    net_test,
    server_context,
    soon,
    trusting,
)
from tornado import gen
from tornado.ioloop import IOLoop

import waterspout._compat
from waterspout._net.connector import Connector
from waterspout._net.origin import Origin
from waterspout._net.pool import Pool
from waterspout._net.resolver import Resolver
from waterspout._wire.message_limits import MessageLimits
from waterspout.limits import Limits

try:
    import uvloop
except ImportError:
    uvloop = None


def new_pool(io_loop):
    return Pool(io_loop, Connector(io_loop, Resolver(io_loop)), Limits(), MessageLimits())


class LoopsTest(unittest.TestCase):
    def setUp(self):
        self.loops = []

    def new_loop(self):
        io_loop = IOLoop(make_current=False)
        self.loops.append(io_loop)
        return io_loop

    def tearDown(self):
        gc.collect()

    def serve_and_call(self, io_loop, kind=Answering, tls=None, over=True):
        """On this loop: a peer, a pool, and a call that is over or under way."""
        pool = new_pool(io_loop)
        made = {}

        @gen.coroutine
        def run():
            peer = made["peer"] = kind(io_loop, tls=tls) if tls else kind(io_loop)
            origin = Origin("https" if tls else "http", "localhost" if tls else "127.0.0.1",
                            peer.port, trusting() if tls else None)
            exchange = made["exchange"] = RecordedExchange(origin=origin)
            pool.run(exchange)
            if over:
                yield exchange.ended()
                peer.close()  # It would find another loop to be the current one, later.
            else:
                yield soon(lambda: exchange.phase == "read")

        io_loop.run_sync(run, timeout=LONG)
        return pool, made["peer"], made["exchange"]

    def test_two_loops_have_a_pool_each(self):
        """Neither knows of the other."""
        for _ in range(2):
            first, second = self.new_loop(), self.new_loop()
            all_made = [self.serve_and_call(io_loop) for io_loop in (first, second)]
            for io_loop, (pool, _, exchange) in zip((first, second), all_made):
                self.assertEqual(exchange.content, b"ok")
                pool.close()
                io_loop.close()

    def test_loop_is_closed_under_an_idle_pool(self):
        """Closing the pool later lets go of its sockets all the same; twice as well."""
        for all_fds in (False, True):
            for tls in (None, server_context()):
                before = descriptors_at_first()
                io_loop = self.new_loop()
                pool, peer, exchange = self.serve_and_call(io_loop, tls=tls)
                self.assertEqual(exchange.content, b"ok")
                io_loop.close(all_fds=all_fds)
                pool.close()
                pool.close()
                self.assertEqual(pool.stats().popitem()[1]["idle"], 0)
                del io_loop, pool, peer, exchange
                self.loops = []
                gc.collect()
                self.assertEqual(open_descriptors(), before, (all_fds, tls))

    def test_loop_is_closed_under_a_call(self):
        """Its exchange learns of the end when the pool is closed."""
        for all_fds in (False, True):
            io_loop = self.new_loop()
            pool, peer, exchange = self.serve_and_call(io_loop, kind=Peer, over=False)
            io_loop.close(all_fds=all_fds)
            pool.close()
            self.assertEqual(exchange.endings, 1)
            self.assertIsNone(exchange.connection)

    @pytest.mark.skipif(uvloop is None, reason="uvloop is not installed")
    def test_the_pool_works_on_uvloop(self):
        """An asyncio loop of another make."""
        import asyncio

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
        try:
            io_loop = self.new_loop()
            pool, peer, exchange = self.serve_and_call(io_loop)
            self.assertEqual(exchange.content, b"ok")
            pool.close()
            io_loop.close()
        finally:
            asyncio.set_event_loop_policy(None)


class ContextTest(PoolTestCase):
    @pytest.mark.skipif(not hasattr(waterspout._compat, "contextvars"),
                        reason="Python has contextvars since 3.7")
    @net_test
    def test_a_call_does_not_run_in_the_context_of_another(self):
        """The first caller's context is not kept by the connection, the sweep or the loop."""
        import contextvars

        caller = contextvars.ContextVar("caller", default=None)
        seen = []
        peer = self.peer(Answering)
        origin = self.origin(peer)

        def call(name, **kwargs):
            caller.set(name)
            exchange = RecordedExchange(origin=origin, **kwargs)
            exchange.on_received = exchange.on_end = lambda exchange: seen.append(caller.get())
            self.pool.run(exchange)
            return exchange

        for name in ("first", "second", "third"):
            exchange = contextvars.copy_context().run(call, name)
            yield exchange.ended()
        peer.answer = OK[:-1]
        exchange = contextvars.copy_context().run(call, "fourth", timeout=0.05)
        yield exchange.ended()
        self.assertEqual(len(seen), 3 * 2 + 2)
        self.assertEqual(set(seen), set([None]))

    @net_test
    def test_body_is_made_in_the_context_of_its_maker(self):
        """An iterator that is given as a body is the caller's own code."""
        if not hasattr(waterspout._compat, "contextvars"):
            self.skipTest("Python has contextvars since 3.7")
        import contextvars

        from waterspout._net.body_sources import IteratorBodySource

        caller = contextvars.ContextVar("caller", default=None)
        seen = []

        def pieces():
            for _ in range(3):
                seen.append(caller.get())
                yield b"x"

        def make():
            caller.set("me")
            return IteratorBodySource(pieces())

        peer = self.peer()
        exchange = self.run_exchange(
            b"POST", self.origin(peer), body=contextvars.copy_context().run(make))
        stream = yield peer.accept()
        yield stream.read_until(b"0\r\n\r\n")
        yield stream.write(OK)
        yield exchange.ended()
        self.assertEqual(seen, ["me"] * 3)


def test_sockets_are_not_inherited():
    """A program that we start does not hold our connections open."""
    if not hasattr(socket.socket, "get_inheritable"):
        pytest.skip("py2: all are inherited")
    sock = socket.socket()
    try:
        assert not sock.get_inheritable()
    finally:
        sock.close()
