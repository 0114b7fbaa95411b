"""CONNECT through a proxy, with a socket of the test's own."""

from __future__ import absolute_import, division, print_function

import pytest
from fake_loop import FakeLoop
from net_fakes import FakeStream, reset
from tornado.ioloop import IOLoop

import waterspout._net.tunnel
from waterspout._net.origin import Origin, Proxy
from waterspout._net.tunnel import Tunnel
from waterspout.exceptions import ProxyError

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@pytest.fixture
def loop(monkeypatch):
    monkeypatch.setattr(waterspout._net.tunnel, "PlainStream", lambda sock: sock)
    return FakeLoop()


class Opening(object):
    """A tunnel being opened; ``ends`` has what came of it."""

    def __init__(self, loop, host="a.example", authorization=None):
        self.proxy = FakeStream(loop, 100)
        self.ends = []
        origin = Origin(
            "https", host, 443, proxy=Proxy("proxy.example", 3128, authorization))
        self.tunnel = Tunnel(loop, self.proxy, origin, lambda *end: self.ends.append(end))
        self.tunnel.start()
        loop.fire(100, IOLoop.WRITE)


def test_a_tunnel_is_asked_for_by_host_and_port(loop):
    """RFC 9110 section 9.3.6; the proxy is told who asks."""
    sent = Opening(loop, authorization=b"Basic eA==").proxy.sent
    assert sent == (b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n"
                    b"Proxy-Authorization: Basic eA==\r\n\r\n")


def test_a_zone_is_not_sent_to_a_proxy(loop):
    """RFC 6874 section 4: it means nothing there."""
    assert Opening(loop, "[fe80::1%25eth0]").proxy.sent.startswith(b"CONNECT [fe80::1]:443 ")


@pytest.mark.parametrize("pieces", [
    (ESTABLISHED,), (ESTABLISHED[:20], ESTABLISHED[20:]),
    (b"HTTP/1.1 100 Continue\r\n\r\n", ESTABLISHED),
    (b"HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n",)])
def test_any_2xx_opens_the_tunnel(loop, pieces):
    """It has no body, whatever its header fields say."""
    opening = Opening(loop)
    opening.proxy.says(*pieces)
    assert opening.ends == [(opening.proxy, None)]
    assert not opening.proxy.closed and loop.handlers == {}


@pytest.mark.parametrize("answer, what", [
    (b"HTTP/1.1 403 Not For You\r\n\r\n", "it answered 403 Not For You"),
    (b"HTTP/1.1 407 Who\r\nContent-Length: 2\r\n\r\nno", "it answered 407 Who"),
    (b"nonsense\r\n\r\n", "nonsense"),
    (b"", "closed"),
    (ESTABLISHED + b"\x16\x03", "bytes of its own into the tunnel"),
    (reset(), "Connection reset by peer"),
])
def test_any_other_answer_fails(loop, answer, what):
    """ProxyError; the socket is closed."""
    opening = Opening(loop)
    opening.proxy.says(answer)
    ((sock, (error_class, text, _)),) = opening.ends
    assert (sock, error_class) == (None, ProxyError) and what in text
    assert text.startswith("the proxy proxy.example:3128: ")
    assert opening.proxy.closed and loop.handlers == {}


def test_a_proxy_may_take_the_request_in_pieces(loop):
    """The answer is read when all of it was sent."""
    opening = Opening(loop)
    opening.tunnel.cancel()
    slow = Opening.__new__(Opening)
    slow.proxy, slow.ends = FakeStream(loop, 101), []
    slow.proxy.room = 5
    Tunnel(loop, slow.proxy, Origin("https", "a.example", 443, proxy=Proxy("p", 1)),
           lambda *end: slow.ends.append(end)).start()
    loop.fire(101, IOLoop.WRITE)
    assert slow.proxy.sent == b"CONNE"
    slow.proxy.takes(None)
    assert slow.proxy.sent.endswith(b"\r\n\r\n")
    slow.proxy.says(ESTABLISHED)
    assert slow.ends == [(slow.proxy, None)]


def test_a_tunnel_that_is_cancelled_tells_nothing(loop):
    """The socket is closed, and no handler is left."""
    opening = Opening(loop)
    opening.tunnel.cancel()
    assert (opening.ends, loop.handlers, opening.proxy.closed) == ([], {}, True)
