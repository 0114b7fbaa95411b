"""Servers whose TLS must not be accepted, or that end it as they must not."""

from __future__ import absolute_import, division, print_function

import ssl

from net_peers import (
    HEAD_END,
    OK,
    Answering,
    PoolTestCase,
    certificate,
    net_test,
    reset,
    server_context,
    trusting,
    until_closed,
)
from tornado import gen

from waterspout._net.tls_options import DEFAULT_TLS, TLSOptions
from waterspout.exceptions import ConnectError, ReadError, SSLError

#: Ends without a length: whether it is whole, only the connection's end tells.
ENDLESS = b"HTTP/1.1 200 OK\r\n\r\nsome"


class RefusingTest(PoolTestCase):
    @gen.coroutine
    def refused(self, tls, name="localhost", server="server.pem", error_class=SSLError):
        """No request reaches a server with this certificate under that name."""
        peer = self.peer(Answering, tls=server_context(server))
        exchange = yield self.get(self.origin(peer, name, tls))
        self.assertEqual((exchange.failure, exchange.phase), (error_class, "connect"))
        self.assertEqual((peer.heads, self.active()), ([], 0))
        raise gen.Return(exchange.error[1])

    @net_test
    def test_a_certificate_of_an_unknown_authority_is_refused(self):
        """Verification is on by default."""
        text = yield self.refused(DEFAULT_TLS)
        self.assertIn("CERTIFICATE_VERIFY_FAILED", text.upper())

    @net_test
    def test_a_certificate_for_another_name_is_refused_by_the_pool(self):
        """A good certificate, but not this host's."""
        yield self.refused(trusting(), server="other_name.pem")
        yield self.refused(trusting(), name="other.localhost")

    @net_test
    def test_an_expired_certificate_is_refused_by_the_pool(self):
        """What was good once."""
        text = yield self.refused(trusting(), server="expired.pem")
        self.assertIn("CERTIFICATE_VERIFY_FAILED", text.upper())

    @net_test
    def test_unusable_tls_options_fail_the_call(self):
        """A file that is not there, or is no certificate: an error of that call."""
        for options in (
            TLSOptions(ca="no/such/file.pem"),
            TLSOptions(ca=certificate("make")),
            trusting(cert="no/such/file.pem"),
        ):
            yield self.refused(options)

    @net_test
    def test_an_unverified_connection_serves_unverified_calls_only(self):
        """Then anything goes; and the connection serves only those who asked for it."""
        peer = self.peer(Answering, tls=server_context("expired.pem"))
        lax = self.origin(peer, "localhost", TLSOptions(verify=False))
        yield self.assert_serves(lax)
        exchange = yield self.get(self.origin(peer, "localhost", trusting()))
        self.assertEqual(exchange.failure, SSLError)
        yield self.assert_serves(lax)
        self.assertEqual(len(peer.heads), 2)

    @net_test
    def test_a_server_without_tls_fails_the_handshake(self):
        """Plain HTTP, or anything else, on the port that https names."""
        for answer in (OK, b"SSH-2.0-x\r\n", b"\0" * 100):
            peer = self.peer()
            peer.on_accept = lambda stream, answer=answer: stream.write(answer)
            exchange = yield self.get(self.origin(peer, "localhost", trusting()))
            self.assertEqual((exchange.failure, exchange.phase), (SSLError, "connect"))
            yield until_closed(peer.accepted[0])

    @net_test
    def test_a_close_within_the_handshake_is_a_connect_error(self):
        """No matter of certificates: it may work the next time."""
        for end in (lambda stream: stream.close(), reset):
            peer = self.peer()
            peer.on_accept = end
            exchange = yield self.get(self.origin(peer, "localhost", trusting()))
            self.assertEqual((exchange.failure, exchange.phase), (ConnectError, "connect"))
            self.assertTrue(end is reset or "TLS handshake" in exchange.error[1])

    @net_test
    def test_a_missing_client_certificate_is_an_error(self):
        """The server wants one. TLS 1.3 reports that only after the handshake."""
        context = server_context()
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(certificate("authority.pem"))
        peer = self.peer(Answering, tls=context)
        exchange = yield self.get(self.origin(peer, "localhost", trusting()))
        self.assertIn(exchange.failure, (SSLError, ReadError))
        self.assertEqual((peer.heads, self.active()), ([], 0))
        strangers = trusting(cert=certificate("other_name.pem"))
        yield self.get(self.origin(peer, "localhost", strangers))


class CutShortTest(PoolTestCase):
    @gen.coroutine
    def answered(self, answer, close):
        peer = self.peer()
        getting = self.get(self.origin(peer, "localhost", trusting()))
        stream = yield peer.accept()
        stream = yield stream.start_tls(True, server_context())
        yield stream.read_until(HEAD_END)
        yield stream.write(answer)
        close(stream)
        exchange = yield getting
        stream.close()
        raise gen.Return(exchange)

    @net_test
    def test_a_body_ended_without_close_notify_is_incomplete(self):
        """Anybody on the way may have cut the connection: a body that it ends is not whole."""
        for answer in (ENDLESS, OK[:-1], OK[:20], b""):
            exchange = yield self.answered(answer, lambda stream: stream.close())
            self.assertEqual(exchange.failure, ReadError)

    @net_test
    def test_a_body_ended_with_close_notify_is_whole(self):
        """Then the server said that this was all."""
        def close(stream):
            try:
                stream.socket.unwrap()
            except ssl.SSLError:
                pass  # It was sent; the client's own is not there yet.
            stream.close()

        exchange = yield self.answered(ENDLESS, close)
        self.assertEqual((exchange.error, exchange.content), (None, b"some"))
        exchange = yield self.answered(OK[:-1], close)
        self.assertEqual(exchange.failure, ReadError)
        self.assertIn("1 of 2", exchange.error[1])

    @net_test
    def test_framed_body_needs_no_close_notify(self):
        """Its length tells that it is whole."""
        exchange = yield self.answered(OK, lambda stream: stream.close())
        self.assertEqual((exchange.error, exchange.content), (None, b"ok"))

    @net_test
    def test_stale_tls_connection_is_replaced(self):
        """Closed without close_notify instead of an answer: a GET is sent again."""
        peer = self.peer()
        origin = self.origin(peer, "localhost", trusting())
        getting = self.get(origin)
        for number in range(2):
            stream = yield peer.accept()
            stream = yield stream.start_tls(True, server_context())
            yield stream.read_until(HEAD_END)
            yield stream.write(OK)
            exchange = yield getting
            self.assertEqual((exchange.error, exchange.content), (None, b"ok"))
            if number == 0:
                getting = self.get(origin)
                yield stream.read_until(HEAD_END)
                stream.close()
        self.assertTrue(exchange.replaced)
        stream.close()

    @net_test
    def test_garbage_between_tls_records_is_an_error(self):
        """TLS itself detects the change; that is not the end of a body either."""
        peer = self.peer()
        getting = self.get(self.origin(peer, "localhost", trusting()))
        stream = yield peer.accept()
        raw = stream.socket.dup() if hasattr(stream.socket, "dup") else stream.socket
        stream = yield stream.start_tls(True, server_context())
        yield stream.read_until(HEAD_END)
        yield stream.write(ENDLESS)
        raw.send(b"garbage that is no record" * 10)
        exchange = yield getting
        self.assertEqual(exchange.failure, SSLError)
        raw.close()
        stream.close()
