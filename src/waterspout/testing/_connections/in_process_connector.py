"""InProcessConnector: connects a pool to a server of the same process."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, detached, monotonic
from waterspout._net.connector import CONNECTING
from waterspout.testing._connections.in_process_server import InProcessServer
from waterspout.testing._connections.memory_stream import connected_pair
from waterspout.testing._connections.streams_loop import StreamsLoop

if TYPE_CHECKING:
    from typing import Any, Callable, Optional  # noqa: F401

    from waterspout._net.origin import Origin  # noqa: F401
    from waterspout.httpserver import HTTPServer  # noqa: F401


class InProcessConnector(object):
    """Has the methods of `waterspout._net.connector.Connector`.

    Every origin is the same server: no name is looked up, and there is no TLS and no proxy.

    Args:
        io_loop (IOLoop): of the client and the server.
        server (HTTPServer), client_address (native str): for `InProcessServer`.
    Attributes:
        io_loop (StreamsLoop): for the pool.
    """

    def __init__(self, io_loop, server, client_address):
        # type: (Any, HTTPServer, str) -> None
        self.io_loop = StreamsLoop(io_loop)
        self.server = InProcessServer(server, self.io_loop, client_address)

    def connect(self, origin, on_connected, on_failed):
        # type: (Origin, Callable, Callable) -> _Connecting
        """Return an attempt; call its ``start``. It never fails."""
        return _Connecting(self, origin, on_connected)

    def close(self):
        # type: () -> None
        """Do nothing: nothing is kept."""


class _Connecting(object):
    """A connection being made, which takes one iteration of the IOLoop."""

    doing = CONNECTING

    def __init__(self, connector, origin, on_connected):
        self.begun = self.resolved = monotonic()
        self.connected = None  # type: Optional[float]
        self._connector = connector
        self._origin = origin
        self._on_connected = on_connected

    def start(self):
        detached(self._connector.io_loop.add_callback, self._connect)

    def cancel(self):
        self._on_connected = None

    def _connect(self):
        if self._on_connected is None:
            return
        ours, theirs = connected_pair(self._connector.io_loop)
        self._connector.server.accept(theirs, self._origin)
        self.connected = monotonic()
        self._on_connected(ours)
