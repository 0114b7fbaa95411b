"""TLS as it should be: trusted authorities, names, client certificates, short handshakes."""

from __future__ import absolute_import, division, print_function

import ssl
import sys

import pytest
from net_peers import (
    OK,
    Answering,
    PoolTestCase,
    certificate,
    net_test,
    server_context,
    trusting,
)
from tornado import gen

from waterspout._net.body_sources import IteratorBodySource
from waterspout._net.tls_options import DEFAULT_TLS, TLSOptions
from waterspout.exceptions import SSLError
from waterspout.limits import Limits

LARGE = bytes(bytearray(range(256))) * 8000


class TLSTest(PoolTestCase):
    def setUp(self):
        super(TLSTest, self).setUp()
        self.context = server_context()
        self.server = self.peer(Answering, tls=self.context)

    @net_test
    def test_authorities_from_a_file_and_from_a_folder(self):
        """As OpenSSL keeps them: names of files in a folder are hashes."""
        for path in ("authority.pem", "authorities"):
            yield self.assert_serves(
                self.origin(self.server, "localhost", TLSOptions(ca=certificate(path))))
        exchange = yield self.get(self.origin(
            self.server, "localhost", TLSOptions(ca=certificate("strangers_authority.pem"))))
        self.assertEqual(exchange.failure, SSLError)

    @net_test
    def test_connection_is_kept_and_used_again(self):
        """One handshake for many calls."""
        origin = self.origin(self.server, "localhost", trusting())
        for _ in range(5):
            yield self.assert_serves(origin)
        self.assertEqual(len(self.server.accepted), 1)

    @net_test
    def test_an_ssl_context_of_the_program_is_used(self):
        """It is used as it is."""
        context = ssl.create_default_context(cafile=certificate("authority.pem"))
        yield self.assert_serves(
            self.origin(self.server, "localhost", TLSOptions(context=context)))

    @net_test
    def test_host_names_are_checked_for_a_context_that_does_not(self):
        """Then the client must check, where that is asked for."""
        context = ssl.create_default_context(cafile=certificate("authority.pem"))
        context.check_hostname = False
        yield self.assert_serves(
            self.origin(self.server, "unnamed.example", TLSOptions(context=context)))
        if sys.version_info[0] == 2:  # Later, contexts look themselves, unless told not to.
            exchange = yield self.get(self.origin(
                self.server, "unnamed.example", TLSOptions(context=context, checks_name=True)))
            self.assertEqual(exchange.failure, SSLError)

    @net_test
    def test_a_client_certificate_is_sent_and_connections_are_not_shared(self):
        """The server sees who calls; a call without it does not share that connection."""
        self.context.verify_mode = ssl.CERT_OPTIONAL
        self.context.load_verify_locations(certificate("authority.pem"))
        client = trusting(cert=certificate("client.pem"))
        yield self.assert_serves(self.origin(self.server, "localhost", client))
        yield self.assert_serves(self.origin(self.server, "localhost", trusting()))
        subjects = [stream.socket.getpeercert() for stream in self.server.tls_streams]
        self.assertEqual(subjects[0]["subject"], ((("commonName", "client"),),))
        self.assertFalse(subjects[1])

    @net_test
    def test_the_server_name_is_sent_without_a_trailing_dot(self):
        """SNI, without the dot that ends a full name, and not for an IP address."""
        names = []
        if hasattr(self.context, "sni_callback"):
            self.context.sni_callback = lambda sock, name, context: names.append(name)
        else:
            self.context.set_servername_callback(lambda sock, name, context: names.append(name))
        yield self.assert_serves(self.origin(self.server, "localhost", trusting()))
        yield self.assert_serves(self.origin(self.server, "server.example.", trusting()))
        self.assertEqual(names, ["localhost", "server.example"])

    @net_test
    def test_large_bodies_pass_through_tls_both_ways(self):
        """Both ways, whole and piece by piece, every byte in its place."""
        received = []

        @gen.coroutine
        def serve(stream):
            stream = yield stream.start_tls(True, self.context)
            for _ in range(3):
                head = yield stream.read_until(b"\r\n\r\n")
                if b"chunked" in head:
                    body = bytearray()
                    while not body.endswith(b"\r\n0\r\n\r\n"):
                        body += yield stream.read_bytes(10 ** 6, partial=True)
                    received.append(body.count(LARGE[:256]))
                else:
                    received.append((yield stream.read_bytes(len(LARGE))) == LARGE)
                yield stream.write(
                    b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(LARGE) + LARGE)
            stream.close()

        peer = self.peer()
        peer.on_accept = serve
        origin = self.origin(peer, "localhost", trusting())
        for body in (LARGE, IteratorBodySource([LARGE], len(LARGE)),
                     IteratorBodySource([LARGE, LARGE])):
            exchange = yield self.get(origin, method=b"POST", body=body)
            self.assertIsNone(exchange.error)
            self.assertTrue(exchange.content == LARGE)
        self.assertEqual(received[:2], [True, True])
        self.assertEqual(received[2], 2 * len(LARGE) // 256)
        self.assertEqual(len(peer.accepted), 1)

    @net_test
    def test_closing_sends_close_notify(self):
        """close_notify, so that the server need not wonder."""
        peer = self.peer()
        getting = self.get(self.origin(peer, "localhost", trusting()))
        stream = yield peer.accept()
        stream = yield stream.start_tls(True, self.context)
        yield stream.read_until(b"\r\n\r\n")
        yield stream.write(OK)
        yield getting
        self.pool.close()
        yield stream.read_until_close()
        self.assertIsNone(stream.error)
        stream.close()
        self.pool = self.new_pool(self.resolver)


@pytest.mark.skipif(not hasattr(ssl, "SSLSession"), reason="Python resumes sessions since 3.6")
class SessionTest(PoolTestCase):
    limits = Limits(max_connections=1)

    def setUp(self):
        super(SessionTest, self).setUp()
        self.server = self.peer(Answering, tls=server_context())
        self.other = self.origin(self.peer(Answering), "other.example")

    @gen.coroutine
    def resumed(self, *origins):
        """Whether the handshakes, one after the other, resumed a session."""
        for origin in origins:
            yield self.assert_serves(origin)
            yield self.assert_serves(self.other)  # Takes the only place, so the other is closed.
        raise gen.Return(self.server.resumed)

    @net_test
    def test_a_tls_session_is_resumed(self):
        """The next handshake with an origin is a short one."""
        origin = self.origin(self.server, "localhost", trusting())
        self.assertEqual((yield self.resumed(origin, origin, origin)), [False, True, True])

    @net_test
    def test_a_tls_session_is_not_shared_between_options(self):
        """Not with who asked for other options: that would be a way around them."""
        client = trusting(cert=certificate("client.pem"))
        lax = TLSOptions(verify=False)
        self.assertEqual((yield self.resumed(
            self.origin(self.server, "localhost", lax),
            self.origin(self.server, "localhost", client),
            self.origin(self.server, "localhost", trusting()),
            self.origin(self.server, "server.example", trusting()),
        )), [False] * 4)

    @net_test
    def test_an_unverified_tls_session_does_not_skip_verification(self):
        """A refused certificate stays refused, though another call had a session with it."""
        server = self.peer(Answering, tls=server_context("expired.pem"))
        yield self.assert_serves(self.origin(server, "localhost", TLSOptions(verify=False)))
        yield self.assert_serves(self.other)
        for options in (trusting(), DEFAULT_TLS):
            exchange = yield self.get(self.origin(server, "localhost", options))
            self.assertEqual(exchange.failure, SSLError)

    @net_test
    def test_a_tls_session_is_resumed_with_its_own_context_only(self):
        """Equal options may have made another context since; then the handshake is a full one."""
        options = trusting()
        origin = self.origin(self.server, "localhost", options)
        yield self.resumed(origin)
        sessions = self.pool._connector.tls_sessions
        self.assertEqual(list(sessions.arguments(origin, options.context())), ["session"])
        self.assertEqual(sessions.arguments(origin, trusting().context()), {})

    @net_test
    def test_a_refused_tls_session_is_forgotten(self):
        """A server that does not like a session any more is asked without."""
        origin = self.origin(self.server, "localhost", trusting())
        yield self.resumed(origin)
        self.server.refuse()
        port = self.server.port
        other = self.peer(
            Answering, tls=server_context("other_name.pem"), address=("127.0.0.1", port))
        exchange = yield self.get(self.origin(other, "localhost", origin.tls))
        self.assertEqual(exchange.failure, SSLError)
        self.assertEqual(self.pool._connector.tls_sessions.arguments(
            origin, origin.tls.context()), {})
