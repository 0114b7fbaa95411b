"""StreamFacade: ``request.connection.stream``, for programs that use a part of IOStream there."""

from __future__ import absolute_import, division, print_function

import socket

_TCP = (socket.AF_INET, socket.AF_INET6)


class StreamFacade(object):
    """What programs use of a request's stream: its socket, whether it is closed, and closing it.

    It neither reads nor writes. To do that, call ``detach()`` of the request's connection, which
    returns a real IOStream.

    Attributes:
        socket (socket.socket or ssl.SSLSocket or None): None once it is closed.
        io_loop (IOLoop): of the server.
    """

    __slots__ = ("_connection",)

    def __init__(self, connection):
        # type: (HTTPServerConnection) -> None
        self._connection = connection

    @property
    def socket(self):
        # type: () -> Optional[socket.socket]
        return self._connection.socket

    @property
    def io_loop(self):
        # type: () -> IOLoop
        return self._connection.io_loop

    def fileno(self):
        # type: () -> int
        return self._connection.stream.fileno()

    def closed(self):
        # type: () -> bool
        """Whether the connection is closed; also True once a client that left was noticed."""
        return self._connection.has_ended

    def close(self, exc_info=False):
        # type: (Any) -> None
        """Close the connection at once. A response that is not complete is cut off."""
        self._connection.close_by_application()

    def set_nodelay(self, value):
        # type: (bool) -> None
        """Set TCP_NODELAY, which is on unless this turns it off."""
        sock = self.socket
        if sock is not None and sock.family in _TCP:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1 if value else 0)
