"""The HTTP servers that can serve an Application, by name."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.service._server.server import Server
from waterspout.service._server.tornado_server import TornadoServer

if TYPE_CHECKING:
    from typing import Dict, Type  # noqa: F401

    from waterspout.service._server.draining_server import DrainingServer  # noqa: F401

#: The values of ``serve(http_server=)``; the first one is the default.
HTTP_SERVERS = ("waterspout", "tornado")

SERVER_CLASSES = dict(zip(HTTP_SERVERS, (Server, TornadoServer)))  # type: Dict[str, Type[DrainingServer]]  # noqa: E501
