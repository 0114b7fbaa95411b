"""A TLS handshake that does not block, with a socket of the test's own."""

from __future__ import absolute_import, division, print_function

import errno
import socket
import ssl

import pytest
from fake_loop import FakeLoop
from tornado.ioloop import IOLoop

from waterspout._net.client_handshake import ClientHandshake
from waterspout._net.origin import Origin
from waterspout._net.tls_sessions import TLSSessions
from waterspout.exceptions import ConnectError, SSLError


class Socket(object):
    """One in TLS; `steps` are what each `do_handshake` raises, and None for its end."""

    def __init__(self, *steps):
        self.steps = list(steps)
        self.closed = False

    def fileno(self):
        return 100

    def do_handshake(self):
        step = self.steps.pop(0)
        if step is not None:
            raise step

    def getpeercert(self):
        return {"subjectAltName": [("DNS", "a.example")]}

    def close(self):
        assert not self.closed
        self.closed = True


class Context(object):
    """Wraps a socket, noting how; `raises` is what it raises instead."""

    check_hostname, verify_mode = True, ssl.CERT_REQUIRED
    raises = None

    def wrap_socket(self, sock, **arguments):
        if self.raises is not None:
            raise self.raises
        self.arguments = arguments
        return sock


class Options(object):
    """TLSOptions with one context."""

    checks_name = False

    def __init__(self):
        self.made = Context()

    def context(self):
        return self.made


class Opening(object):
    """A handshake under way; ``ends`` has what came of it."""

    def __init__(self, *steps, **options):
        self.loop, self.sock, self.tls = FakeLoop(), Socket(*steps), Options()
        self.tls.made.raises = options.get("raises")
        self.ends = []
        origin = Origin("https", options.get("host", "a.example"), 443, self.tls)
        self.handshake = ClientHandshake(
            self.loop, self.sock, origin, TLSSessions(), lambda *end: self.ends.append(end))
        self.handshake.start()

    def ready(self, events):
        self.loop.fire(100, events)

    @property
    def failure(self):
        ((sock, (error_class, what, _)),) = self.ends
        assert sock is None and self.sock.closed and self.loop.handlers == {}
        return error_class, what


WANTS_READ, WANTS_WRITE = ssl.SSLWantReadError(), ssl.SSLWantWriteError()


def test_a_handshake_waits_for_what_tls_wants():
    """Reading or writing, in any order; then the socket is handed on."""
    opening = Opening(WANTS_READ, WANTS_WRITE, WANTS_READ, None)
    assert opening.loop.wants(100) & IOLoop.READ and not opening.loop.wants(100) & IOLoop.WRITE
    opening.ready(IOLoop.READ)
    assert opening.loop.wants(100) & IOLoop.WRITE
    opening.ready(IOLoop.WRITE)
    assert opening.ends == []
    opening.ready(IOLoop.READ)
    assert opening.ends == [(opening.sock, None)]
    assert opening.loop.handlers == {} and not opening.sock.closed


@pytest.mark.parametrize("host, name", [
    ("a.example", "a.example"), ("a.example.", "a.example"), ("[::1]", "::1"),
    ("[fe80::1%25eth0]", "fe80::1")])
def test_the_server_name_has_no_dot_brackets_or_zone(host, name):
    """RFC 6066 section 3 and RFC 6874 section 4."""
    assert Opening(None, host=host).tls.made.arguments["server_hostname"] == name


@pytest.mark.parametrize("error, error_class, what", [
    (ssl.SSLError(1, "bad certificate"), SSLError, "TLS failed"),
    (ssl.SSLEOFError(8, "EOF occurred"), ConnectError, "the server closed the connection"),
    (ssl.SSLZeroReturnError(6, "EOF"), ConnectError, "the server closed the connection"),
    (socket.error(errno.ECONNRESET, "reset"), ConnectError, "during the TLS handshake"),
    (ValueError("name does not match"), SSLError, "TLS failed"),
])
def test_a_handshake_that_fails_closes_the_socket(error, error_class, what):
    """A close or reset is no matter of certificates, and may not happen again."""
    opening = Opening(WANTS_READ, error)
    opening.ready(IOLoop.READ)
    assert opening.failure[0] is error_class and what in opening.failure[1]


@pytest.mark.parametrize("error, error_class", [
    (IOError(errno.ENOENT, "no such file"), SSLError), (ValueError("bad options"), SSLError),
    (IOError(errno.EMFILE, "too many open files"), ConnectError)])
def test_a_context_that_cannot_be_used_fails(error, error_class):
    """A shortage of descriptors is not an error of TLS."""
    assert Opening(raises=error).failure[0] is error_class


def test_a_handshake_that_is_cancelled_tells_nothing():
    """The socket is closed, and no handler is left."""
    opening = Opening(WANTS_READ)
    opening.handshake.cancel()
    assert (opening.ends, opening.loop.handlers, opening.sock.closed) == ([], {}, True)
