"""AppTransport: calls a Tornado application without a socket."""

from __future__ import absolute_import, division, print_function

from tornado import netutil
from tornado.httpserver import HTTPServer as TornadoHTTPServer
from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, in_this_context, text_type, to_native
from waterspout.httpserver import HTTPServer
from waterspout.limits import Limits
from waterspout.testing._connections.in_process_connector import InProcessConnector
from waterspout.testing.app.app_session_transport import AppSessionTransport
from waterspout.transports.per_loop import TransportsPerLoop

if TYPE_CHECKING:
    from typing import Any, Callable, Union  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401
    from tornado.httputil import HTTPServerConnectionDelegate, HTTPServerRequest  # noqa: F401

    from waterspout.models.call_options import CallOptions  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.models.response import Response  # noqa: F401
    from waterspout.transports.base import Transport  # noqa: F401

#: Arguments of HTTPServer about sockets, which there are none of.
_OF_SOCKETS = frozenset(["ssl_options", "max_connections"])


class AppTransport(object):
    """Calls ``application`` in this process, whatever host a URL names: for tests.

    ::

        session = waterspout.Session(transport=AppTransport(make_app()))
        response = yield session.get("http://app.test/hosts")

    The call passes through all of the client and all of `waterspout.HTTPServer`; only the sockets
    between them are replaced. So the application gets the bytes that it would get over a network,
    and limits, timeouts, streams in both directions, kept connections and disconnects behave as
    they do there. No port is opened, no name is looked up, and no thread is started.

    It can be given to any number of sessions and SDKs, on any IOLoop. The handlers run on the
    IOLoop of the call, each request in a copy of the context (contextvars) in which this object was
    made.

    Args:
        application: a ``tornado.web.Application``, a `waterspout.service.Application`, or whatever
            else an ``HTTPServer`` of Tornado takes.
        client_address (native str): the IP address of the caller, ``request.remote_ip``.
        **options: arguments of `waterspout.HTTPServer` that concern requests: ``xheaders``,
            ``max_body_size``, ``decompress_request``, ``no_keep_alive``, ``max_requests``,
            ``body_timeout``... ``protocol`` is by default that of the URL.
    Raises:
        TypeError: ``application`` is none; an unknown option, or one about sockets.
        ValueError: ``client_address`` is not an IP address.

    What needs a socket fails: ``request.connection.detach()``, and so a WebSocket, raises
    NotImplementedError in the handler and a `waterspout.ReadError` in the call.
    ``request.connection.stream.socket`` is None. ``proxies``, ``verify``, ``cert`` and
    ``unix_socket`` have no effect.
    """

    #: Its name in errors.
    name = "app"

    def __init__(self, application, client_address="127.0.0.1", **options):
        # type: (Union[HTTPServerConnectionDelegate, Callable[[HTTPServerRequest], None]], str, **Any) -> None
        if not (callable(application) or hasattr(application, "start_request")):
            raise TypeError("AppTransport needs a Tornado application, not %r" % (application,))
        if isinstance(application, TornadoHTTPServer):
            raise TypeError("AppTransport needs the application, not its server")
        if not (isinstance(client_address, (str, text_type))
                and netutil.is_valid_ip(client_address)):
            raise ValueError("client_address=%r is not an IP address" % (client_address,))
        for option in _OF_SOCKETS.intersection(options):
            raise TypeError("AppTransport() has no sockets, and so no %s" % option)
        make = getattr(application, "http_server_class", HTTPServer)
        self._server = make(application, **options)
        self._client_address = to_native(client_address)
        self._in_context = in_this_context(lambda function: function())
        self._without_session = TransportsPerLoop(self.transport_for, Limits())

    def connector_for(self, io_loop):
        # type: (IOLoop) -> InProcessConnector
        """Return what a pool makes its connections with, in the place of sockets."""
        return self._in_context(lambda: self._connector(io_loop))

    def transport_for(self, io_loop, limits):
        # type: (IOLoop, Limits) -> Transport
        """Return the transport of one session on one IOLoop."""
        return AppSessionTransport(io_loop, limits, self.connector_for(io_loop))

    def send(self, request, options):
        # type: (PreparedRequest, CallOptions) -> Future[Response]
        """Perform one exchange without a session; see `waterspout.transports.base.Transport`."""
        return self._without_session.of(IOLoop.current()).send(request, options)

    def close(self):
        # type: () -> Future[None]
        """End the calls of `send`. Each session ends its own."""
        return self._without_session.close()

    def _connector(self, io_loop):
        return InProcessConnector(io_loop, self._server, self._client_address)

    def __repr__(self):
        return "<AppTransport %r>" % (self._server.request_callback,)
