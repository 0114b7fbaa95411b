"""Servers behind unix sockets."""

from __future__ import absolute_import, division, print_function

import os
import shutil
import socket
import tempfile

from net_peers import Answering, PoolTestCase, net_test, server_context, soon, trusting

from waterspout._net.origin import Origin
from waterspout.exceptions import ConnectError


class UnixTest(PoolTestCase):
    def setUp(self):
        super(UnixTest, self).setUp()
        self.folder = tempfile.mkdtemp()
        self.path = os.path.join(self.folder, "socket")

    def tearDown(self):
        super(UnixTest, self).tearDown()
        shutil.rmtree(self.folder)

    def server(self, **kwargs):
        return self.peer(Answering, family=socket.AF_UNIX, address=self.path, **kwargs)

    def leading_to(self, path, scheme="http", tls=None):
        return Origin(scheme, "localhost", 80, tls, unix_socket=path)

    @net_test
    def test_calls_go_through_a_unix_socket(self):
        """The connection is kept, and no name is asked for."""
        server = self.server()
        for _ in range(3):
            yield self.assert_serves(self.leading_to(self.path))
        self.assertEqual((len(server.accepted), self.resolver.asked), (1, []))

    @net_test
    def test_tls_goes_through_a_unix_socket(self):
        """With the URL's host as the name."""
        self.server(tls=server_context())
        yield self.assert_serves(self.leading_to(self.path, "https", trusting()))

    @net_test
    def test_an_unusable_unix_socket_is_an_error(self):
        """Missing, too long, or not a socket."""
        for path in (self.path, "x" * 200, self.folder, "bad\0path"):
            exchange = yield self.get(self.leading_to(path))
            self.assertEqual((exchange.failure, exchange.phase), (ConnectError, "connect"))

    @net_test
    def test_a_full_queue_of_a_unix_socket_is_an_error(self):
        """The system refuses at once; no event would ever report a connection."""
        self.server(backlog=0)
        listening = self.peers[-1]
        self.io_loop.remove_handler(listening._socket)  # It accepts no connection.
        fillers = []
        while True:
            filler = socket.socket(socket.AF_UNIX)
            filler.setblocking(False)
            fillers.append(filler)
            if filler.connect_ex(self.path):
                break
        exchange = yield self.get(self.leading_to(self.path))
        self.assertEqual((exchange.failure, exchange.phase), (ConnectError, "connect"))
        for filler in fillers:
            filler.close()
        self.io_loop.add_handler(listening._socket, listening._ready, self.io_loop.READ)
        yield soon(lambda: len(listening.accepted) >= len(fillers) - 1)
        yield self.assert_serves(self.leading_to(self.path))
