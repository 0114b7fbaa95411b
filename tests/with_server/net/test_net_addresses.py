"""Servers at an address of one's own choice, with the names of URLs that lead elsewhere.

With sockets, as the subject is where they connect to.
"""

from __future__ import absolute_import, division, print_function

import socket

from net_peers import Answering, PoolTestCase, net_test, server_context, trusting

from waterspout._net.origin import Origin
from waterspout._net.tls_options import TLSOptions
from waterspout.exceptions import ConnectError, SSLError


class AddressesTest(PoolTestCase):
    def server(self, host="127.0.0.1", **kwargs):
        return self.peer(Answering, address=(host, 0), **kwargs)

    def leading_to(self, peer, name="localhost", tls=None):
        scheme = "http" if tls is None else "https"
        return Origin(scheme, name, 80, tls, address=(peer.family, peer.address))

    @net_test
    def test_calls_for_one_name_go_to_the_given_addresses(self):
        """Each address has a connection of its own, which is kept; no name is asked for."""
        one, other = self.server(), self.server("127.0.0.2")
        for _ in range(3):
            for peer in (one, other):
                yield self.assert_serves(self.leading_to(peer, "name.example"))
        for peer in (one, other):
            self.assertEqual((len(peer.accepted), len(peer.heads)), (1, 3))
        self.assertEqual(self.resolver.asked, [])
        self.assertEqual(sorted(self.pool.stats()), [
            "http://name.example:80 at %s:%d" % peer.address for peer in (one, other)])

    @net_test
    def test_tls_verifies_the_name_of_the_url(self):
        """The certificate is for localhost, and the server is at 127.0.0.2."""
        server = self.server("127.0.0.2", tls=server_context())
        for _ in range(2):
            yield self.assert_serves(self.leading_to(server, tls=trusting()))
        self.assertEqual(len(server.accepted), 1)
        exchange = yield self.get(self.leading_to(server, "name.example", trusting()))
        self.assertEqual((exchange.failure, exchange.phase), (SSLError, "connect"))
        exchange = yield self.get(self.leading_to(server, tls=TLSOptions()))
        self.assertEqual(exchange.failure, SSLError)

    @net_test
    def test_an_address_that_refuses_is_an_error_for_its_calls_alone(self):
        """Calls to the other address of the name are served."""
        gone, server = self.server(), self.server("127.0.0.2")
        gone.refuse()
        exchange = yield self.get(self.leading_to(gone))
        self.assertEqual((exchange.failure, exchange.phase), (ConnectError, "connect"))
        self.assertIn("http://localhost:80 at 127.0.0.1:%d" % gone.port, self.pool.stats())
        yield self.assert_serves(self.leading_to(server))

    @net_test
    def test_an_ipv6_address_is_connected_to(self):
        """As the resolver gave it, with flow and scope."""
        try:
            server = self.peer(Answering, family=socket.AF_INET6, address=("::1", 0))
        except (socket.error, EnvironmentError):
            self.skipTest("needs ::1")
        yield self.assert_serves(self.leading_to(server, "name.example"))
