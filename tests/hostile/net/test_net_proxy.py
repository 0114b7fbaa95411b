"""Proxies that say no, say too much, or say nothing."""

from __future__ import absolute_import, division, print_function

from net_peers import (
    HEAD_END,
    OK,
    Answering,
    PoolTestCase,
    net_test,
    reset,
    server_context,
    trusting,
    until_closed,
)
from tornado import gen

from waterspout._net.origin import Origin, Proxy
from waterspout.exceptions import ProxyError, SSLError

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class ProxyTest(PoolTestCase):
    def tunnelled(self, peer, name="localhost", authorization=None):
        return Origin("https", name, 443, trusting(),
                      Proxy("127.0.0.1", peer.port, authorization))

    @net_test
    def test_a_tunnel_carries_tls_to_the_origin(self):
        """CONNECT goes to the proxy, everything else, in TLS, to the origin behind it."""
        peer = self.peer()
        origin = self.tunnelled(peer, authorization=b"Basic c2VjcmV0")
        getting = self.get(origin)
        stream = yield peer.accept()
        head = yield stream.read_until(HEAD_END)
        self.assertEqual(head.split(b"\r\n")[:-2], [
            b"CONNECT localhost:443 HTTP/1.1", b"Host: localhost:443",
            b"Proxy-Authorization: Basic c2VjcmV0"])
        yield stream.write(b"HTTP/1.1 100 Wait\r\n\r\n" + ESTABLISHED)
        stream = yield stream.start_tls(True, server_context())
        head = yield stream.read_until(HEAD_END)
        self.assertNotIn(b"Proxy-Authorization", head)
        yield stream.write(OK)
        exchange = yield getting
        self.assertEqual(exchange.content, b"ok")
        getting = self.get(origin)  # The tunnel is kept like any connection.
        yield stream.read_until(HEAD_END)
        yield stream.write(OK)
        exchange = yield getting
        self.assertEqual((exchange.content, len(peer.accepted)), (b"ok", 1))
        stream.close()

    @gen.coroutine
    def refused(self, answer, text, end=None):
        peer = self.peer()
        getting = self.get(self.tunnelled(peer, authorization=b"Basic c2VjcmV0"))
        stream = yield peer.accept()
        yield stream.read_until(HEAD_END)
        if answer:
            yield stream.write(answer)
        if end is not None:
            end(stream)
        exchange = yield getting
        self.assertEqual((exchange.failure, exchange.phase), (ProxyError, "connect"))
        self.assertIn(text, exchange.error[1])
        self.assertIn("127.0.0.1:%d" % peer.port, exchange.error[1])
        self.assertNotIn("c2VjcmV0", repr(exchange.error))
        if end is None:
            rest = yield until_closed(stream)
            self.assertEqual(rest, b"")
        self.assertEqual(self.active(), 0)

    @net_test
    def test_a_refused_tunnel_is_an_error_with_the_proxys_answer(self):
        """Nothing is sent through a tunnel that was refused."""
        yield self.refused(
            b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 3\r\n\r\nno!", "407")
        yield self.refused(b"HTTP/1.0 503 Overloaded\r\n\r\nSorry", "503 Overloaded")
        yield self.refused(b"HTTP/1.1 302 Look elsewhere\r\nLocation: http://x/\r\n\r\n", "302")
        yield self.refused(b"SSH-2.0-x\r\n", "not an HTTP/1 response")
        yield self.refused(b"\0" * 100, "not an HTTP/1 response")

    @net_test
    def test_bytes_in_front_of_the_tunnel_are_refused(self):
        """They are the proxy's word, which TLS must not take for the origin's."""
        yield self.refused(ESTABLISHED + b"\x15\x03\x01\x00\x02\x01\x00", "bytes of its own")

    @net_test
    def test_a_proxy_that_closes_the_connection_is_an_error(self):
        """Closed or reset, before and within its answer."""
        for end in (lambda stream: stream.close(), reset):
            yield self.refused(b"", "", end)
            yield self.refused(ESTABLISHED[:-2], "", end)

    @net_test
    def test_a_proxy_that_cannot_be_reached_is_an_error_of_the_proxy(self):
        """It is the proxy that is missing, and not the origin."""
        peer = self.peer()
        origin = self.tunnelled(peer)
        peer.refuse()
        exchange = yield self.get(origin)
        self.assertEqual(exchange.failure, ProxyError)
        self.assertIn("the proxy 127.0.0.1:%d: " % peer.port, exchange.error[1])
        origin = Origin("http", "localhost", 80, None, Proxy("no.such.name", 3128))
        exchange = yield self.get(origin)
        self.assertEqual(exchange.failure, ProxyError)
        self.assertIn("name not resolved", exchange.error[1])

    @net_test
    def test_origin_behind_the_proxy_is_verified(self):
        """A tunnel is no reason to trust."""
        peer = self.peer()
        getting = self.get(self.tunnelled(peer, name="elsewhere.example"))
        stream = yield peer.accept()
        yield stream.read_until(HEAD_END)
        yield stream.write(ESTABLISHED)
        shaking = stream.start_tls(True, server_context())
        exchange = yield getting
        self.assertEqual(exchange.failure, SSLError)
        try:
            stream = yield shaking
            stream.close()
        except (IOError, OSError):
            pass

    @net_test
    def test_invalid_proxy_credentials_are_an_error_without_the_credentials(self):
        """An error of the call, without the credentials in it."""
        peer = self.peer()
        exchange = yield self.get(self.tunnelled(peer, authorization=b"se\r\ncret"))
        self.assertEqual(exchange.failure, ProxyError)
        self.assertNotIn("cret", exchange.error[1])

    @net_test
    def test_plain_http_goes_to_the_proxy(self):
        """The connection leads to the proxy; what is sent over it is the caller's."""
        peer = self.peer(Answering)
        origin = Origin("http", "elsewhere.example", 80, None, Proxy("127.0.0.1", peer.port))
        exchange = yield self.get(origin, target=b"http://elsewhere.example/")
        self.assertEqual(exchange.content, b"ok")
        self.assertTrue(peer.heads[0].startswith(b"GET http://elsewhere.example/ "))
        self.assertEqual(self.resolver.asked, ["127.0.0.1"])

    @net_test
    def test_a_connection_through_a_proxy_serves_one_user_and_way(self):
        """Other credentials may belong to another user."""
        peer = self.peer(Answering)
        seen = set()
        for proxy in (None, Proxy("127.0.0.1", peer.port),
                      Proxy("127.0.0.1", peer.port, b"Basic YQ=="),
                      Proxy("127.0.0.1", peer.port, b"Basic Yg==")):
            origin = Origin("http", "127.0.0.1", peer.port, None, proxy)
            seen.add(origin)
            yield self.assert_serves(origin)
        self.assertEqual((len(peer.accepted), len(seen)), (4, 4))
