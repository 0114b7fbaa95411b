"""Connector: makes connections to an Origin (name, addresses, proxy, TLS)."""

from __future__ import absolute_import, division, print_function

import functools
import socket

from tornado import gen

from waterspout._compat import monotonic, rejected
from waterspout._encoding.zones import to_look_up
from waterspout._net.client_handshake import ClientHandshake
from waterspout._net.happy_eyeballs import HappyEyeballs
from waterspout._net.socket_stream import PlainStream, TLSStream
from waterspout._net.tls_sessions import TLSSessions
from waterspout._net.tunnel import Tunnel
from waterspout.exceptions import ConnectError, ProxyError

#: The steps of making a connection, in the words of error messages.
RESOLVING = "resolving the name"
CONNECTING = "connecting"
TUNNELLING = "waiting for the proxy"
SECURING = "shaking hands (TLS)"


class Connector(object):
    """Makes the connections of one pool.

    Args:
        resolver (waterspout._net.resolver.Resolver or tornado.netutil.Resolver).
    """

    def __init__(self, io_loop, resolver):
        # type: (IOLoop, Resolver) -> None
        self.io_loop = io_loop
        self.resolver = resolver
        self.tls_sessions = TLSSessions()

    def connect(self, origin, on_connected, on_failed):
        # type: (Origin, Callable, Callable) -> Connecting
        """Return an attempt; call its ``start``.

        ``on_connected(stream)`` or ``on_failed(error_class, what, cause)`` is called once, unless
        the attempt is cancelled.
        """
        return Connecting(self, origin, on_connected, on_failed)

    def close(self):
        # type: () -> None
        self.resolver.close()


class Connecting(object):
    """One connection being made, step by step.

    Attributes:
        doing (native str): the current step: `RESOLVING`, `CONNECTING`, ...
        begun, resolved, connected (float or None): when it began, when the name was resolved, and
            when the socket (with a proxy, the tunnel) was connected; `monotonic` seconds.
    """

    def __init__(self, connector, origin, on_connected, on_failed):
        # type: (Connector, Origin, Callable, Callable) -> None
        self.doing = RESOLVING
        self.begun = monotonic()
        self.resolved = None
        self.connected = None
        self._connector = connector
        self._io_loop = connector.io_loop
        self._origin = origin
        self._on_connected = on_connected
        self._on_failed = on_failed
        self._step = None  # The HappyEyeballs, Tunnel or ClientHandshake that is under way.
        self._over = False

    def start(self):
        # type: () -> None
        origin = self._origin
        if origin.unix_socket is not None:
            self._race([(socket.AF_UNIX, origin.unix_socket)])
            return
        if origin.address is not None:
            self._race([origin.address])
            return
        host, port = origin.host, origin.port
        if origin.proxy is not None:
            host, port = origin.proxy.host, origin.proxy.port
        try:
            resolved = gen.convert_yielded(
                self._connector.resolver.resolve(to_look_up(host), port, origin.family))
        except Exception as error:  # From a resolver of Tornado or of the program.
            resolved = rejected(error)
        self._io_loop.add_future(resolved, self._resolved)

    def cancel(self):
        # type: () -> None
        """Give up; neither callback is called afterwards."""
        self._over = True
        step, self._step = self._step, None
        if step is not None:
            step.cancel()

    def _resolved(self, resolved):
        error = resolved.exception()  # Retrieved even after `cancel`, or it would be logged.
        if self._over:
            return
        if error is not None:
            self._fail(ConnectError, "name not resolved: " + str(error), error)
        else:
            self._race(resolved.result())

    def _race(self, addresses):
        self.doing = CONNECTING
        self.resolved = monotonic()
        self._begin(HappyEyeballs(
            self._io_loop, addresses, self._origin.source_address, self._raced))

    def _raced(self, sock, failure):
        if failure is not None:
            self._fail(*failure)
            return
        self.connected = monotonic()
        if self._origin.tunnelled:
            self.doing = TUNNELLING
            self._begin(Tunnel(self._io_loop, sock, self._origin, self._tunnelled))
        else:
            self._secure(sock)

    def _tunnelled(self, sock, failure):
        if failure is not None:
            self._fail(*failure)
        else:
            self.connected = monotonic()
            self._secure(sock)

    def _secure(self, sock):
        if self._origin.tls is None:
            self._succeed(PlainStream(sock))
            return
        self.doing = SECURING
        sessions = self._connector.tls_sessions
        self._begin(ClientHandshake(
            self._io_loop, sock, self._origin, sessions, self._secured))

    def _secured(self, sock, failure):
        sessions = self._connector.tls_sessions
        if failure is not None:
            sessions.forget(self._origin)  # The server may have refused the resumed session.
            self._fail(*failure)
        else:
            self._succeed(TLSStream(sock, functools.partial(sessions.keep, self._origin)))

    def _begin(self, step):
        self._step = step
        try:
            step.start()
        except Exception as error:
            if self._over:
                raise
            step.cancel()
            self._fail(ConnectError, str(error), error)  # The system cannot watch the socket.

    def _succeed(self, stream):
        self._over = True
        self._step = None
        self._on_connected(stream)

    def _fail(self, error_class, what, cause):
        self._over = True
        self._step = None
        if self._origin.proxy is not None and error_class is ConnectError:
            error_class, what = ProxyError, "the proxy %s: %s" % (self._origin.proxy, what)
        self._on_failed(error_class, what, cause)
