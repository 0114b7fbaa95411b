"""Connector: from an Origin to a connected stream: name, address race, proxy, TLS."""

from __future__ import absolute_import, division, print_function

import errno
import os
import socket

from tornado import gen
from tornado.ioloop import IOLoop

from waterspout._compat import monotonic, rejected
from waterspout._net.handshake import Handshake
from waterspout._net.stream import PlainStream, TLSStream
from waterspout._net.tunnel import Tunnel
from waterspout.exceptions import ConnectError, ProxyError, SSLError

#: Seconds before the next address is tried beside one that does not answer: RFC 8305
#: section 5 ("Connection Attempt Delay").
RACE_DELAY = 0.25

#: The steps of making a connection, as messages name them.
RESOLVING = "resolving the name"
CONNECTING = "connecting"
TUNNELLING = "waiting for the proxy"
SECURING = "shaking hands (TLS)"

_IN_PROGRESS = (0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EINTR)


class Connector(object):
    """Makes the connections of one pool.

    Args:
        resolver (waterspout._net.resolver.Resolver or tornado.netutil.Resolver).
    """

    def __init__(self, io_loop, resolver):
        # type: (IOLoop, Resolver) -> None
        self.io_loop = io_loop
        self.resolver = resolver

    def connect(self, origin, on_connected, on_failed):
        # type: (Origin, Callable, Callable) -> Connecting
        """An attempt; call its ``start``. One of the two is called, once, unless it is cancelled.

        ``on_connected(stream)``; ``on_failed(error_class, what, cause)``.
        """
        return Connecting(self, origin, on_connected, on_failed)

    def close(self):
        # type: () -> None
        self.resolver.close()


class Connecting(object):
    """One connection being made.

    Attributes:
        doing (native str): the step it is at: `RESOLVING`, `CONNECTING`, ...
        resolved, connected (float or None): when the name was, and then the socket; `monotonic`.
    """

    def __init__(self, connector, origin, on_connected, on_failed):
        # type: (Connector, Origin, Callable, Callable) -> None
        self.doing = RESOLVING
        self.resolved = None
        self.connected = None
        self._io_loop = connector.io_loop
        self._resolver = connector.resolver
        self._origin = origin
        self._on_connected = on_connected
        self._on_failed = on_failed
        self._addresses = []
        self._racing = {}  # type: Dict[int, socket.socket]
        self._timer = None
        self._step = None  # A Handshake or Tunnel that is under way.
        self._last_error = None
        self._over = False

    def start(self):
        # type: () -> None
        origin = self._origin
        if origin.unix_socket is not None:
            self._race([(socket.AF_UNIX, origin.unix_socket)])
            return
        host, port = origin.host, origin.port
        if origin.proxy is not None:
            host, port = origin.proxy.host, origin.proxy.port
        try:
            resolved = gen.convert_yielded(
                self._resolver.resolve(host.strip("[]"), port, origin.family))
        except Exception as error:  # A resolver of Tornado's, or the program's own.
            resolved = rejected(error)
        self._io_loop.add_future(resolved, self._resolved)

    def cancel(self):
        # type: () -> None
        """Give up; nothing is called any more."""
        self._over = True
        self._clean_up()

    def _resolved(self, resolved):
        error = resolved.exception()  # Looked at even when nobody waits any more.
        if self._over:
            return
        if error is not None:
            self._fail(ConnectError, "name not resolved: %s" % error, error)
        else:
            self._race(interleaved(resolved.result()))

    # The race (RFC 8305): the addresses in turn, each with a head start on the next

    def _race(self, addresses):
        self.doing = CONNECTING
        self.resolved = monotonic()
        self._addresses = list(addresses)
        self._try_next()

    def _try_next(self):
        self._stop_timer()
        while self._addresses and not self._over:
            family, address = self._addresses.pop(0)
            if self._try(family, address):
                if self._addresses:
                    self._timer = self._io_loop.call_later(RACE_DELAY, self._try_next)
                return
        if not self._racing and not self._over:
            what = str(self._last_error) if self._last_error else "the name has no address"
            self._fail(ConnectError, what, self._last_error)

    def _try(self, family, address):
        sock = None
        try:
            sock = socket.socket(family, socket.SOCK_STREAM)
            sock.setblocking(False)
            if family != getattr(socket, "AF_UNIX", None):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if self._origin.source_address is not None:
                    sock.bind((self._origin.source_address, 0))
            code = sock.connect_ex(address)
            if code not in _IN_PROGRESS:
                raise socket.error(code, os.strerror(code))
        except (socket.error, OverflowError) as error:
            if sock is not None:
                sock.close()
            self._last_error = error
            return False
        self._racing[sock.fileno()] = sock
        self._io_loop.add_handler(sock.fileno(), self._connect_ready, IOLoop.WRITE)
        return True

    def _connect_ready(self, fd, events):
        sock = self._racing.pop(fd)
        self._io_loop.remove_handler(fd)
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            sock.close()
            self._last_error = socket.error(code, os.strerror(code))
            self._try_next()
            return
        self._clean_up()
        self._connected(sock)

    # What follows the connection

    def _connected(self, sock):
        self.connected = monotonic()
        if self._origin.tunnelled:
            self.doing = TUNNELLING
            self._step = Tunnel(self._io_loop, sock, self._origin, self._tunnelled)
            self._step.start()
        else:
            self._secure(sock)

    def _tunnelled(self, sock, what):
        self._step = None
        if what is not None:
            sock.close()
            self._fail(ProxyError, what, None)
        else:
            self._secure(sock)

    def _secure(self, sock):
        if self._origin.tls is None:
            self._succeed(PlainStream(sock))
            return
        self.doing = SECURING
        self._step = Handshake(self._io_loop, sock, self._origin, self._secured)
        self._step.start()

    def _secured(self, sock, error):
        self._step = None
        if error is not None:
            self._fail(SSLError, "TLS failed: %s" % error, error)
        else:
            self._succeed(TLSStream(sock))

    def _succeed(self, stream):
        self._over = True
        self._on_connected(stream)

    def _fail(self, error_class, what, cause):
        self._over = True
        self._clean_up()
        if self._origin.proxy is not None and error_class is ConnectError:
            error_class, what = ProxyError, "the proxy %s: %s" % (self._origin.proxy, what)
        self._on_failed(error_class, what, cause)

    def _clean_up(self):
        self._stop_timer()
        racing, self._racing = self._racing, {}
        for fd, sock in racing.items():
            self._io_loop.remove_handler(fd)
            sock.close()
        step, self._step = self._step, None
        if step is not None:
            step.cancel()

    def _stop_timer(self):
        timer, self._timer = self._timer, None
        if timer is not None:
            self._io_loop.remove_timeout(timer)


def interleaved(addresses):
    # type: (Iterable[Tuple[int, Tuple]]) -> List[Tuple[int, Tuple]]
    """RFC 8305 section 4: the resolver's order, but the families in turn."""
    addresses = list(addresses)
    first = [each for each in addresses if each[0] == addresses[0][0]]
    others = [each for each in addresses if each[0] != addresses[0][0]]
    mixed = []
    while first or others:
        mixed.extend(first[:1] + others[:1])
        first, others = first[1:], others[1:]
    return mixed
