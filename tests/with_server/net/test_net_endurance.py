"""After very many calls nothing is left of them."""

from __future__ import absolute_import, division, print_function

import resource

import pytest
from net_load import Load, living_objects, open_descriptors
from net_peers import Answering, PoolTestCase, Quick, net_test, soon
from tornado import gen
from tornado.testing import gen_test

from waterspout.exceptions import ConnectError
from waterspout.limits import Limits

CALLS = 10000


class EnduranceTest(PoolTestCase):
    limits = Limits(max_connections=50)

    def quick(self):
        server = Quick(self.io_loop)
        self.peers.append(server)
        return server

    @pytest.mark.slow
    @gen_test(timeout=110)
    def test_nothing_is_left_of_many_calls(self):
        """10,000 of all kinds: the same descriptors as before, and as many objects."""
        server = self.quick()
        warm = Load(self.pool, server, 1000)
        yield warm.done
        self.pool.close()
        yield soon(lambda: not server.open)
        self.pool = self.new_pool(self.resolver)
        yield gen.moment
        descriptors, objects = open_descriptors(), living_objects()
        load = Load(self.pool, server, CALLS, seed=2)
        yield load.done
        self.assertEqual(sum(load.outcomes.values()), CALLS)
        self.assertEqual(self.active(), 0)
        for outcome in (200, "ReadError", "ReadTimeout", "RemoteProtocolError", "ConnectError",
                        "cancelled"):
            self.assertGreater(load.outcomes.get(outcome, 0), CALLS // 200, load.outcomes)
        self.pool.close()
        yield soon(lambda: not server.open)
        del load, warm
        self.pool = self.new_pool(self.resolver)
        self.assertEqual(open_descriptors(), descriptors)
        # Closed connections let go of their objects in the next rounds of the loop.
        yield soon(lambda: living_objects() - objects < CALLS // 20)

    @net_test
    def test_calls_make_no_timers(self):
        """1,000 calls with all kinds of limits: a handful of timers on the real loop."""
        peer = self.peer(Answering)
        origin = self.origin(peer)
        made = []
        call_later = self.io_loop.call_later
        self.io_loop.call_later = lambda *args: made.append(args) or call_later(*args)
        try:
            for number in range(1000):
                exchange = yield self.get(origin, timeout=(30, 10, 60, None)[number % 4])
                self.assertEqual(exchange.content, b"ok")
        finally:
            del self.io_loop.call_later
        self.assertLess(len(made), 20)

    @net_test
    def test_no_descriptors_left(self):
        """When the process has no more of them it is an error of the call, and nothing breaks."""
        peer = self.peer(Answering)
        origin = self.origin(peer)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        held = []
        resource.setrlimit(resource.RLIMIT_NOFILE, (open_descriptors() + 3, hard))
        try:
            while True:
                try:
                    held.append(open(__file__))
                except (IOError, OSError):
                    break
            for _ in range(3):
                exchange = yield self.get(origin)
                self.assertEqual((exchange.failure, exchange.phase), (ConnectError, "connect"))
                self.assertIn("open files", exchange.error[1])
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            for file in held:
                file.close()
        yield self.assert_serves(origin)
