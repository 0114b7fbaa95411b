"""A pool on real sockets, and servers on the loopback interface that do as the test says."""

from __future__ import absolute_import, division, print_function

import collections
import os
import socket
import ssl
import struct

from net_exchanges import LONG, RecordedExchange
from tornado import gen
from tornado.iostream import IOStream, StreamClosedError
from tornado.testing import AsyncTestCase, gen_test

from waterspout._compat import Future, rejected, resolved
from waterspout._net.connector import Connector
from waterspout._net.origin import Origin
from waterspout._net.pool import Pool
from waterspout._net.tls_options import TLSOptions
from waterspout._wire.message_limits import MessageLimits
from waterspout.limits import Limits

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
HEAD_END = b"\r\n\r\n"

CERTIFICATES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "net_certificates")

#: Seconds that stand for "soon" where a limit has to run out for a test.
SHORT = 0.1


#: A test that is a coroutine; it fails when it takes as long as only a broken one does.
net_test = gen_test(timeout=LONG)


def certificate(name):
    return os.path.join(CERTIFICATES, name)


def server_context(name="server.pem"):
    context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_SERVER", ssl.PROTOCOL_SSLv23))
    context.load_cert_chain(certificate(name))
    return context


def trusting(**kwargs):
    """TLSOptions that trust the tests' authority."""
    return TLSOptions(ca=certificate("authority.pem"), **kwargs)


class Peer(object):
    """A listening socket; each connection that it accepts is the test's.

    Attributes:
        address: what ``connect`` takes; port (int): of a TCP one.
        accepted ([IOStream]): all so far.
    """

    def __init__(self, io_loop, family=socket.AF_INET, address=("127.0.0.1", 0), backlog=128):
        self._io_loop = io_loop
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(address)
        self._socket.listen(backlog)
        self._socket.setblocking(False)
        self.family = family
        self.address = self._socket.getsockname()
        self.port = self.address[1] if isinstance(self.address, tuple) else None
        self.accepted = []
        self._waiting = collections.deque()
        self._given = 0
        self.on_accept = None  # Called with each new IOStream.
        io_loop.add_handler(self._socket, self._ready, io_loop.READ)

    def _ready(self, fd, events):
        try:
            sock, _ = self._socket.accept()
        except socket.error:
            return
        stream = IOStream(sock)
        self.accepted.append(stream)
        if self.on_accept is not None:
            self.on_accept(stream)
        if self._waiting:
            self._given += 1
            self._waiting.popleft().set_result(stream)

    def accept(self):
        """A Future of the next connection that was not given out yet."""
        if self._given < len(self.accepted):
            self._given += 1
            return resolved(self.accepted[self._given - 1])
        self._waiting.append(Future())
        return self._waiting[-1]

    def refuse(self):
        """Listen no more: who connects now is refused."""
        if self._socket is not None:
            self._io_loop.remove_handler(self._socket)
            self._socket.close()
            self._socket = None

    def close(self):
        self.refuse()
        for stream in self.accepted:
            if stream.socket is not None:  # start_tls() takes it away.
                stream.close()


class Answering(Peer):
    """Answers each request head with ``answer``; on TLS if there is a context.

    Attributes: heads ([bytes]): what came; answer (bytes); resumed ([bool]): of each handshake.
    """

    def __init__(self, io_loop, answer=OK, tls=None, **kwargs):
        super(Answering, self).__init__(io_loop, **kwargs)
        self.answer = answer
        self.heads = []
        self.tls_streams = []
        self.resumed = []
        self.on_accept = self._serve_tls if tls is not None else self._serve
        self._tls = tls

    @gen.coroutine
    def _serve_tls(self, stream):
        try:
            stream = yield shake(stream, self._tls)
        except (IOError, StreamClosedError):
            return
        self.tls_streams.append(stream)
        self.resumed.append(getattr(stream.socket, "session_reused", False))
        yield self._serve(stream)

    @gen.coroutine
    def _serve(self, stream):
        try:
            while True:
                self.heads.append((yield stream.read_until(HEAD_END)))
                yield stream.write(self.answer)
        except StreamClosedError:
            pass

    def close(self):
        super(Answering, self).close()
        for stream in self.tls_streams:
            stream.close()


class Quick(object):
    """A server for very many calls, which does what their targets say; it costs little time.

    ``/close``: answer, and close; ``/half``: half a body, and close; ``/reset``; ``/hang``: say
    nothing; ``/garbage``; ``/stale``: answer, and close as if it were idle; else answer.

    Attributes: open (int): connections that are there.
    """

    def __init__(self, io_loop):
        self._io_loop = io_loop
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(1024)
        self._socket.setblocking(False)
        self.port = self._socket.getsockname()[1]
        self._streams = {}
        io_loop.add_handler(self._socket, self._accept, io_loop.READ)

    @property
    def open(self):
        return len(self._streams)

    def _accept(self, sock, events):
        try:
            accepted = self._socket.accept()[0]
        except socket.error:
            return
        accepted.setblocking(False)
        self._streams[accepted.fileno()] = accepted
        self._io_loop.add_handler(accepted, self._serve, self._io_loop.READ)

    def _serve(self, sock, events):
        try:
            data = sock.recv(1000000)
            if not data:
                self._end(sock)
                return
            if not data.endswith((HEAD_END, b"body")):
                return  # A large body is on its way.
            target = data.split(b" ", 2)[1] if b" HTTP/1.1\r\n" in data else b"/"
            if target == b"/reset":
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self._end(sock)
            elif target == b"/half":
                sock.send(OK[:-1])
                self._end(sock)
            elif target == b"/garbage":
                sock.send(b"garbage\r\n\r\n")
            elif target != b"/hang":
                sock.send(OK)
                if target in (b"/close", b"/stale"):
                    self._end(sock)
        except socket.error:
            self._end(sock)

    def _end(self, sock):
        del self._streams[sock.fileno()]
        self._io_loop.remove_handler(sock)
        sock.close()

    def close(self):
        for sock in list(self._streams.values()):
            self._end(sock)
        self._io_loop.remove_handler(self._socket)
        self._socket.close()


def shake(stream, context):
    """A Future of the server's end of TLS over ``stream``."""
    return stream.start_tls(True, context)


def reset(stream):
    """Close with a reset in place of an end."""
    stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    stream.close()


@gen.coroutine
def until_closed(stream):
    """Wait for the client to close; what came before that."""
    raise gen.Return((yield stream.read_until_close()))


class NamesResolver(object):
    """Knows the names that the test gives it.

    Attributes: names: name to list of (family, address), to an exception, or to None for a
        lookup that hangs; hanging ([Future]); closed (int).
    """

    def __init__(self):
        self.names = {}
        self.asked = []
        self.hanging = []
        self.closed = 0

    def resolve(self, host, port, family=socket.AF_UNSPEC):
        self.asked.append(host)
        if host == "127.0.0.1":
            return resolved([(socket.AF_INET, (host, port))])
        found = self.names.get(host, socket.gaierror(socket.EAI_NONAME, "unknown name"))
        if found is None:
            self.hanging.append(Future())
            return self.hanging[-1]
        return rejected(found) if isinstance(found, Exception) else resolved(list(found))

    def close(self):
        self.closed += 1


class PoolTestCase(AsyncTestCase):
    """Has ``self.pool`` on the test's IOLoop, and makes peers that are closed in the end.

    In the end nothing may be active, and closing the pool must leave no handler on the loop.
    """

    limits = Limits()
    message_limits = MessageLimits()

    def setUp(self):
        super(PoolTestCase, self).setUp()
        self.resolver = NamesResolver()
        self.pool = self.new_pool(self.resolver)
        self.peers = []

    def tearDown(self):
        active = [each["active"] + each["queued"] for each in self.pool.stats().values()]
        self.pool.close()
        for peer in self.peers:
            peer.close()
        super(PoolTestCase, self).tearDown()
        self.assertEqual(sum(active), 0)

    def new_pool(self, resolver, limits=None):
        return Pool(self.io_loop, Connector(self.io_loop, resolver), limits or self.limits,
                    self.message_limits)

    def peer(self, kind=Peer, **kwargs):
        peer = kind(self.io_loop, **kwargs)
        self.peers.append(peer)
        return peer

    def origin(self, peer, name=None, tls=None, **kwargs):
        """Of ``peer``; under ``name``, if given."""
        if name is not None:
            self.resolver.names[name] = [(peer.family, peer.address)]
        scheme = "http" if tls is None else "https"
        return Origin(scheme, name or "127.0.0.1", peer.port or 80, tls, **kwargs)

    def run_exchange(self, *args, **kwargs):
        exchange = RecordedExchange(*args, **kwargs)
        self.pool.run(exchange)
        return exchange

    def get(self, origin, **kwargs):
        """A Future of the exchange, once it is over."""
        return self.run_exchange(origin=origin, **kwargs).ended()

    @gen.coroutine
    def assert_serves(self, origin):
        exchange = yield self.get(origin)
        self.assertEqual((exchange.error, exchange.content), (None, b"ok"))

    def active(self):
        return sum(each["active"] for each in self.pool.stats().values())

    def opened(self):
        return sum(each["opened"] for each in self.pool.stats().values())


@gen.coroutine
def soon(condition):
    """Wait until ``condition()`` is true, while the loop runs; it must become so."""
    for _ in range(int(LONG * 1000)):
        if condition():
            return
        yield gen.sleep(0.001)
    raise AssertionError("it did not happen")
