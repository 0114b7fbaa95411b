"""A server's end of TLS: handshakes that do not block, and records of any size after them."""

from __future__ import absolute_import, division, print_function

import socket
import ssl

from certificates import AUTHORITY, CLIENT, SERVER, server_context
from net_peers import soon
from tornado import gen, netutil
from tornado.ioloop import IOLoop
from tornado.iostream import SSLIOStream, StreamClosedError
from tornado.tcpclient import TCPClient
from tornado.testing import AsyncTestCase, gen_test

from waterspout._compat import monotonic
from waterspout._net.listener import Listener
from waterspout._net.server_handshake import HANDSHAKE_SECONDS, ServerHandshake
from waterspout._net.socket_stream import TLSStream
from waterspout._net.timeout_sweep import TimeoutSweep


class ServerHandshakeTest(AsyncTestCase):
    def setUp(self):
        super(ServerHandshakeTest, self).setUp()
        (listening,) = netutil.bind_sockets(0, "127.0.0.1")
        self.address = listening.getsockname()
        self.listener = Listener(self.io_loop, listening, self.accept)
        self.context = server_context(SERVER)
        self.handshakes = []
        self.ends = []  # What `done` was called with.
        self.opened = []

    def tearDown(self):
        self.listener.close()
        for sock in [sock for _, sock, _ in self.ends if sock is not None] + self.opened:
            sock.close()
        super(ServerHandshakeTest, self).tearDown()

    def accept(self, sock, address):
        handshake = ServerHandshake(
            self.io_loop, sock, self.context, lambda *end: self.ends.append(end))
        self.handshakes.append(handshake)
        handshake.start()

    def connecting(self, check=AUTHORITY, cert=None, protocols=None):
        context = ssl.create_default_context(cafile=check)
        context.check_hostname = False
        if cert is not None:
            context.load_cert_chain(cert)
        if protocols is not None:
            context.set_alpn_protocols(protocols)
        return gen.convert_yielded(TCPClient().connect(*self.address[:2], ssl_options=context))

    @gen.coroutine
    def connected(self, **kwargs):
        """The client's SSLIOStream and the server's TLSStream."""
        client = yield self.connecting(**kwargs)
        self.opened.append(client)
        yield soon(lambda: self.ends)
        (handshake, sock, failure), = self.ends
        assert handshake is self.handshakes[0] and failure is None
        raise gen.Return((client, sock))

    def plain(self):
        sock = socket.create_connection(self.address)
        self.opened.append(sock)
        return sock

    @gen.coroutine
    def failure(self):
        yield soon(lambda: self.ends)
        (handshake, sock, failure), = self.ends
        assert sock is None and isinstance(failure, str)
        raise gen.Return(failure)

    @gen_test
    def test_a_client_shakes_hands(self):
        """Bytes go both ways; the socket is not watched by the handshake any more."""
        client, sock = yield self.connected()
        stream = TLSStream(sock)
        assert stream.recv() is None and sock.gettimeout() == 0.0
        yield client.write(b"ping")
        received = []
        self.io_loop.add_handler(sock, lambda *_: received.append(stream.recv()), IOLoop.READ)
        yield soon(lambda: received)
        assert received == [b"ping"] and stream.send(b"pong") == 4
        assert (yield client.read_bytes(4)) == b"pong"
        self.io_loop.remove_handler(sock)

    @gen_test
    def test_no_protocol_is_offered(self):
        """A client that can speak HTTP/2 speaks HTTP/1.1."""
        client, sock = yield self.connected(protocols=["h2", "http/1.1"])
        assert client.socket.selected_alpn_protocol() is None
        assert sock.selected_alpn_protocol() is None

    @gen_test
    def test_many_small_records_are_all_seen_by_the_poll(self):
        """One record for each event: nothing stays in OpenSSL's buffer, where no poll looks."""
        client, sock = yield self.connected()
        stream = TLSStream(sock)
        received = []

        def ready(fd, events):
            received.append(stream.recv() or b"")
            assert sock.pending() == 0

        for number in range(1000):
            client.write(b"%05d" % number)
        client.write(b"x" * 50000)
        self.io_loop.add_handler(sock, ready, IOLoop.READ)
        yield soon(lambda: sum(map(len, received)) == 55000)
        expected = b"".join(b"%05d" % number for number in range(1000))
        assert b"".join(received) == expected + b"x" * 50000
        self.io_loop.remove_handler(sock)

    @gen_test
    def test_bytes_right_after_the_handshake_are_seen_by_the_poll(self):
        """A client sends its request together with its last message."""
        connecting = self.connecting()
        connecting.add_done_callback(lambda future: future.result().write(b"request"))
        yield soon(lambda: self.ends)
        stream, received = TLSStream(self.ends[0][1]), []
        self.io_loop.add_handler(
            stream, lambda *_: received.append(stream.recv() or b""), IOLoop.READ)
        yield soon(lambda: b"".join(received) == b"request")
        self.io_loop.remove_handler(stream)
        self.opened.append((yield connecting))

    @gen_test
    def test_a_clients_certificate_can_be_read(self):
        """Where the server asks for one."""
        self.context = server_context(SERVER, clients=AUTHORITY)
        client, sock = yield self.connected(cert=CLIENT)
        assert sock.getpeercert()["subject"] and sock.getpeercert(binary_form=True)

    @gen_test
    def test_a_client_without_its_certificate_is_refused(self):
        self.context = server_context(SERVER, clients=AUTHORITY)
        connecting = self.connecting()
        failure = yield self.failure()
        assert "certificate" in failure.lower()
        try:  # TLS 1.3 tells the client later.
            client = yield connecting
            assert (yield client.read_until_close()) == b""
        except (ssl.SSLError, StreamClosedError):
            pass

    @gen_test
    def test_a_client_that_speaks_plain_http_is_refused(self):
        """The failure says so."""
        sock = self.plain()
        sock.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        failure = yield self.failure()
        assert "http request" in failure.lower()

    @gen_test
    def test_a_client_that_leaves_is_lost(self):
        sock = self.plain()
        sock.shutdown(socket.SHUT_WR)
        failure = yield self.failure()
        assert failure == "the client closed the connection"

    @gen_test
    def test_a_client_that_resets_is_lost(self):
        """As port scans do, often before the handshake begins."""
        sock = self.plain()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        sock.close()
        yield self.failure()

    @gen_test
    def test_a_client_that_says_nothing_has_ten_seconds(self):
        """Its socket is closed then."""
        sock = self.plain()
        yield soon(lambda: self.handshakes)
        handshake, sweep = self.handshakes[0], TimeoutSweep(self.io_loop)
        assert HANDSHAKE_SECONDS - 5 < handshake.due - monotonic() < HANDSHAKE_SECONDS
        handshake.due = monotonic()
        sweep.watched.add(handshake)
        sweep.reschedule(handshake)
        failure = yield self.failure()
        assert failure == "it took more than 10 s"
        assert sock.recv(1) == b""
        sweep.close()

    @gen_test
    def test_a_cancelled_handshake_closes_its_socket_and_tells_nothing(self):
        sock = self.plain()
        yield soon(lambda: self.handshakes)
        self.handshakes[0].cancel()
        assert sock.recv(1) == b"" and self.ends == []

    @gen_test
    def test_slow_clients_do_not_hold_up_others(self):
        """The handshake does not block."""
        for _ in range(3):
            self.plain().sendall(b"\x16\x03\x01")
        client = yield self.connecting()
        assert isinstance(client, SSLIOStream)
        self.opened.append(client)
