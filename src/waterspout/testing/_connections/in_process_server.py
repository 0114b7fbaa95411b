"""InProcessServer: `waterspout.HTTPServer` on connections without sockets."""

from __future__ import absolute_import, division, print_function

import socket

from waterspout._compat import TYPE_CHECKING
from waterspout._http_server.connection import HTTPServerConnection
from waterspout._http_server.request_context import RequestContext

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

    from waterspout._net.origin import Origin  # noqa: F401
    from waterspout.httpserver import HTTPServer  # noqa: F401
    from waterspout.testing._connections.memory_stream import MemoryStream  # noqa: F401
    from waterspout.testing._connections.streams_loop import StreamsLoop  # noqa: F401

_NO_SOCKET = (
    "there is no socket that detach() could hand over, as a WebSocket or another protocol needs: "
    "serve the application on a port")


class InProcessServer(object):
    """Serves connections of one IOLoop, as ``server`` would serve those that it accepts.

    Args:
        server (HTTPServer): never gets a socket.
        io_loop (StreamsLoop).
        client_address (native str): the IP address that all clients have.
    """

    def __init__(self, server, io_loop, client_address):
        # type: (HTTPServer, StreamsLoop, str) -> None
        self._server = server
        self._address = (client_address, 0)
        self._family = socket.AF_INET6 if ":" in client_address else socket.AF_INET
        self._engine = server._make_engine(io_loop)

    def accept(self, stream, origin):
        # type: (MemoryStream, Origin) -> None
        """Serve the requests that come on ``stream``, which are to ``origin``."""
        server = self._server
        context = RequestContext(
            self._family, self._address, origin.scheme == "https", server.protocol,
            server.trusted_downstream)
        self._engine.serve(_Connection(self._engine, None, stream, context))


class _Connection(HTTPServerConnection):

    __slots__ = ()

    def detach(self):
        # type: () -> Any
        """Fail the handler and the client."""
        self.stream.abort(_NO_SOCKET)
        self.close_by_application()
        raise NotImplementedError(_NO_SOCKET)
