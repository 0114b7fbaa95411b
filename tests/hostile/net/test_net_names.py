"""Names that are not there, lead nowhere, or to several places."""

from __future__ import absolute_import, division, print_function

import socket
import threading

import pytest
from black_hole import BlackHole
from net_exchanges import LONG, RecordedExchange
from net_peers import SHORT, Answering, PoolTestCase, net_test, soon
from tornado import gen
from tornado.netutil import BlockingResolver

import waterspout._net.resolver
from waterspout._compat import make_resolver, monotonic
from waterspout._net.connector import CONNECTING
from waterspout._net.happy_eyeballs import RACE_DELAY, interleaved
from waterspout._net.origin import Origin
from waterspout._net.resolver import THREADS, Resolver
from waterspout.exceptions import ConnectError, ConnectTimeout

V4, V6 = socket.AF_INET, socket.AF_INET6


def has_v6():
    try:
        sock = socket.socket(V6)
        sock.bind(("::1", 0))
        sock.close()
    except (AttributeError, socket.error):
        return False
    return True


class AddressesTest(PoolTestCase):
    def closed_address(self):
        """An address on which no server listens."""
        peer = self.peer()
        peer.refuse()
        return V4, peer.address

    @gen.coroutine
    def leads_to(self, addresses, seconds=LONG):
        """A call to a name with these addresses gets through; how long it took."""
        self.resolver.names["many.example"] = addresses
        started = monotonic()
        exchange = yield self.get(Origin("http", "many.example", 80), timeout=seconds)
        self.assertEqual((exchange.error, exchange.content), (None, b"ok"))
        raise gen.Return(monotonic() - started)

    @net_test
    def test_the_address_after_a_refused_one_is_tried_at_once(self):
        """At once: there is nothing to wait for."""
        peer = self.peer(Answering)
        yield self.leads_to([self.closed_address(), self.closed_address(), (V4, peer.address)])

    @net_test
    def test_the_address_after_a_silent_one_is_tried_after_a_delay(self):
        """The next address is tried beside it after the delay."""
        peer = self.peer(Answering)
        with BlackHole() as hole:
            seconds = yield self.leads_to([(V4, hole.address), (V4, peer.address)])
            self.assertGreaterEqual(seconds, RACE_DELAY - 0.01)
            self.assertEqual(len(peer.accepted), 1)

    @net_test
    def test_a_refusal_ends_the_delay_before_the_next_address(self):
        """Of two silent ones and one that refuses, the one that answers is found."""
        peer = self.peer(Answering)
        with BlackHole() as hole:
            yield self.leads_to(
                [(V4, hole.address), self.closed_address(), (V4, peer.address)])

    @net_test
    def test_other_addresses_are_dropped_when_one_connects(self):
        """No other address is tried, and the sockets that lost are closed."""
        peer = self.peer(Answering)
        with BlackHole() as hole:
            self.resolver.names["many.example"] = [
                (V4, hole.address), (V4, peer.address), (V4, hole.address)]
            exchange = self.run_exchange(origin=Origin("http", "many.example", 80))
            attempt = exchange.attempt
            yield soon(lambda: attempt.doing == CONNECTING)
            race = attempt._step
            yield exchange.ended()
            self.assertEqual((exchange.content, race._racing, race._timer), (b"ok", set(), None))

    @net_test
    def test_a_call_fails_when_all_addresses_have_refused(self):
        """The call fails when the last one has."""
        self.resolver.names["many.example"] = [self.closed_address(), self.closed_address()]
        exchange = yield self.get(Origin("http", "many.example", 80))
        self.assertEqual(exchange.failure, ConnectError)
        self.assertIn("refused", exchange.error[1])

    @net_test
    def test_the_connect_timeout_is_for_all_addresses_together(self):
        """The limit holds for all of them together."""
        with BlackHole() as hole:
            self.resolver.names["many.example"] = [(V4, hole.address)] * 3
            started = monotonic()
            exchange = yield self.get(Origin("http", "many.example", 80), timeout=3 * SHORT)
            self.assertEqual(exchange.failure, ConnectTimeout)
            self.assertLess(monotonic() - started, LONG / 2)
            self.assertEqual(self.active(), 0)

    @net_test
    def test_invalid_addresses_of_a_resolver_fail_the_call(self):
        """A resolver of the program's own may say anything; it is an error of the call."""
        for address in (("127.0.0.1", 99999999), ("127.0.0.1", "port"), (), "path", None):
            self.resolver.names["odd.example"] = [(V4, address)]
            exchange = yield self.get(Origin("http", "odd.example", 80))
            self.assertEqual(exchange.failure, ConnectError)
        self.resolver.names["odd.example"] = [(12345, ("127.0.0.1", 80))]
        exchange = yield self.get(Origin("http", "odd.example", 80))
        self.assertEqual(exchange.failure, ConnectError)
        self.assertEqual(self.active(), 0)

    @pytest.mark.skipif(not has_v6(), reason="no IPv6 here")
    @net_test
    def test_ipv4_is_tried_when_ipv6_does_not_answer(self):
        """IPv6 first if the resolver says so, IPv4 when it does not answer."""
        six = self.peer(Answering, family=V6, address=("::1", 0))
        four = self.peer(Answering)
        yield self.leads_to([(V6, six.address), (V4, four.address)])
        self.assertEqual((len(six.accepted), len(four.accepted)), (1, 0))
        self.pool.close()
        self.pool = self.new_pool(self.resolver)
        six.refuse()
        yield self.leads_to([(V6, six.address), (V4, four.address)])
        self.assertEqual(len(four.accepted), 1)

    @pytest.mark.skipif(not has_v6(), reason="no IPv6 here")
    @net_test
    def test_an_ipv6_address_in_a_url_is_connected(self):
        """In brackets, as URLs have it."""
        six = self.peer(Answering, family=V6, address=("::1", 0))
        pool, self.pool = self.pool, self.new_pool(Resolver(self.io_loop))
        yield self.assert_serves(Origin("http", "[::1]", six.port))
        pool.close()

    @net_test
    def test_a_connection_is_made_from_the_given_source_address(self):
        """Connect from where one was told to."""
        peer = self.peer(Answering)
        yield self.assert_serves(self.origin(peer, source_address="127.0.0.3"))
        self.assertEqual(peer.accepted[0].socket.getpeername()[0], "127.0.0.3")
        exchange = yield self.get(self.origin(peer, source_address="192.0.2.1"))
        self.assertEqual(exchange.failure, ConnectError)


class ResolverTest(PoolTestCase):
    def setUp(self):
        super(ResolverTest, self).setUp()
        self.own = Resolver(self.io_loop)
        self.pool.close()
        self.pool = self.new_pool(self.own)
        self.release = threading.Event()
        self.looked_up = []
        self.original = self.look_up = waterspout._net.resolver.look_up
        waterspout._net.resolver.look_up = self.hang

    def tearDown(self):
        self.release.set()
        waterspout._net.resolver.look_up = self.original
        super(ResolverTest, self).tearDown()

    def hang(self, host, port, family):
        """In a thread: hosts that are slow hang until the test is over."""
        self.looked_up.append(host)
        if host.startswith("slow"):
            self.release.wait(LONG)
        return self.look_up(host, port, family)

    @net_test
    def test_a_name_that_is_not_found_is_an_error_that_says_so(self):
        """Unknown, empty, too long, or no name at all: an error that says so."""
        for host in ("no-such-name.invalid", "a" * 64 + ".example", "a..example", ".", "a b", ""):
            exchange = RecordedExchange()
            exchange.origin = Origin("http", host, 80)
            self.pool.run(exchange)
            yield exchange.ended()
            self.assertEqual((exchange.failure, exchange.phase), (ConnectError, "connect"))
            self.assertIn("name not resolved", exchange.error[1])
        self.assertEqual(self.active(), 0)

    @net_test
    def test_a_hanging_lookup_blocks_no_other_call(self):
        """The loop runs, other names are found, the limit is kept."""
        peer = self.peer(Answering)
        hanging = [
            self.get(Origin("http", "slow.example", 80), timeout=2 * SHORT) for _ in range(20)]
        yield self.assert_serves(Origin("http", "localhost", peer.port))
        exchanges = yield hanging
        for exchange in exchanges:
            self.assertEqual(exchange.failure, ConnectTimeout)
            self.assertIn("resolving the name", exchange.error[1])
        self.assertEqual(self.looked_up.count("slow.example"), 1)  # Shared by all who ask.

    @net_test
    def test_cancelling_a_call_does_not_end_a_shared_lookup(self):
        """One gives up, the other still gets its addresses."""
        peer = self.peer(Answering)
        self.look_up = lambda host, port, family: [(V4, peer.address)]
        origin = Origin("http", "slow.example", 80)
        first, second = self.run_exchange(origin=origin), self.get(origin)
        yield soon(lambda: self.looked_up)
        first.cancel()
        self.release.set()
        exchange = yield second
        self.assertEqual(exchange.content, b"ok")

    @net_test
    def test_closing_while_a_lookup_hangs(self):
        """Closing does not wait for it."""
        exchange = self.run_exchange(origin=Origin("http", "slow.example", 80))
        yield soon(lambda: self.looked_up)
        self.pool.close()
        self.assertEqual(exchange.endings, 1)
        self.release.set()

    @net_test
    def test_literals_need_no_thread(self):
        """An IP address is one already, unless it is of a family that is not wanted."""
        peer = self.peer(Answering)
        yield self.assert_serves(Origin("http", "127.0.0.1", peer.port))
        self.assertEqual(self.looked_up, [])
        exchange = yield self.get(Origin("http", "127.0.0.1", peer.port, family=V6))
        self.assertEqual(exchange.failure, ConnectError)

    @net_test
    def test_one_thread_is_left_when_the_others_hang_in_lookups(self):
        """As many names as there are threads but one leave room for others."""
        peer = self.peer(Answering)
        hanging = [self.run_exchange(origin=Origin("http", "slow%d.example" % number, 80))
                   for number in range(THREADS - 1)]
        yield self.assert_serves(Origin("http", "localhost", peer.port))
        for exchange in hanging:
            exchange.cancel()


class ForeignResolverTest(PoolTestCase):
    @net_test
    def test_any_resolver_of_tornado_may_be_used(self):
        """A Future or a coroutine; found at once or in a thread; or failing."""
        peer = self.peer(Answering)
        for resolver in (BlockingResolver(), make_resolver()):
            pool, self.pool = self.pool, self.new_pool(resolver)
            yield self.assert_serves(Origin("http", "localhost", peer.port))
            exchange = yield self.get(Origin("http", "no-such-name.invalid", 80))
            self.assertEqual(exchange.failure, ConnectError)
            pool.close()

    @net_test
    def test_an_error_of_a_resolver_fails_the_call(self):
        """A bug in it is an error of the call."""
        self.resolver.resolve = lambda host, port, family: 1 // 0
        exchange = yield self.get(Origin("http", "x.example", 80))
        self.assertEqual(exchange.failure, ConnectError)

    @net_test
    def test_a_resolver_that_finds_no_address_fails_the_call(self):
        """No address is no connection."""
        self.resolver.names["x.example"] = []
        exchange = yield self.get(Origin("http", "x.example", 80))
        self.assertEqual(exchange.failure, ConnectError)
        self.assertIn("no address", exchange.error[1])


def test_address_families_take_turns():
    """RFC 8305 section 4: one that does not work costs one step, and not all of its addresses."""
    addresses = [(V6, 1), (V6, 2), (V6, 3), (V4, 4), (V4, 5)]
    assert [each[1] for each in interleaved(addresses)] == [1, 4, 2, 5, 3]
    assert interleaved([]) == []
