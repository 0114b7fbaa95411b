"""ForwardingApplication: answers each request by a transport, as a proxy would."""

from __future__ import absolute_import, division, print_function

from tornado import gen, httputil
from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, CancelledError, to_native
from waterspout._wire.field_lines import parse_pairs
from waterspout.field_names import FRAMING
from waterspout.models.call_options import CallOptions
from waterspout.models.prepared_request import PreparedRequest
from waterspout.models.response import Response
from waterspout.testing.patching.fetch_errors import fetch_error
from waterspout.timeouts import ClientTimeout

if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional, Tuple  # noqa: F401

    from waterspout._async_http_client.fetch_exchange import FetchExchange  # noqa: F401
    from waterspout._net.origin import Origin  # noqa: F401

#: The ports that a URL need not name.
_PORTS = {"http": 80, "https": 443}

#: Fields about the connection to us: what they ask for was done.
_OF_CONNECTION = FRAMING | frozenset(["expect", "proxy-authorization"])


class ForwardingApplication(httputil.HTTPServerConnectionDelegate):
    """Passes each request to ``transport.send``, and its response to the client.

    Args:
        transport: an object with ``send(request, options)``.
        exchange_on (callable): ``exchange_on(server_connection)`` returns the client's exchange
            that uses this connection, or None. It gets the transport's errors.
    """

    def __init__(self, transport, exchange_on):
        # type: (Any, Callable[[Any], Optional[FetchExchange]]) -> None
        self.transport = transport
        self.exchange_on = exchange_on

    def start_request(self, server_conn, request_conn):
        """Called by the server for each request."""
        return _Forwarding(self, server_conn, request_conn)


class _Forwarding(httputil.HTTPMessageDelegate):
    """One request. It is read whole, and the response is handed on piece by piece."""

    def __init__(self, application, server_conn, connection):
        self._transport = application.transport
        self._exchange = application.exchange_on(server_conn)
        self._server_conn = server_conn
        self._connection = connection
        self._start_line = None  # type: Any
        self._fields = []  # type: List[Tuple[bytes, bytes]]
        self._pieces = []  # type: List[bytes]
        self._sending = None  # type: Any  # The Future of the response.
        self._body = None  # type: Any  # The BodyStream, while it is read.

    def headers_received(self, start_line, headers):
        self._start_line = start_line
        self._fields = parse_pairs(headers.unparsed)

    def data_received(self, chunk):
        self._pieces.append(chunk)

    def finish(self):
        if self._exchange is not None:  # Otherwise the client has left.
            self._connection.set_close_callback(self._left)
            IOLoop.current().add_future(self._forward(), lambda done: done.result())

    def _left(self):
        """The client has given up."""
        self._exchange = None
        if self._sending is not None:
            self._sending.cancel()
        if self._body is not None:
            self._body.close()

    @gen.coroutine
    def _forward(self):
        try:
            self._sending = gen.convert_yielded(
                self._transport.send(self._request(), self._options()))
            response = yield self._sending
            self._sending = None
            yield self._respond(response)
        except httputil.HTTPOutputError:
            pass  # The body does not have its length: as a server, it has closed the connection.
        except (Exception, CancelledError) as error:
            self._fail(error)

    def _fail(self, error):
        exchange = self._exchange
        if exchange is not None:
            # After what was sent before the error, and when the client reads on.
            self._server_conn.flush()
            self._server_conn.stream.end_with(
                lambda: exchange.raised(fetch_error(exchange, error)))

    # The request

    def _request(self):
        # type: () -> PreparedRequest
        method, target = self._start_line.method, self._start_line.path
        origin = self._exchange.origin
        hosts = _hosts_of(origin)
        if target.startswith("/"):
            target = "%s://%s%s" % (origin.scheme, hosts[0], target)
        headers, framed = [], set()
        for name, value in self._fields:
            key = to_native(name, "latin-1").lower()
            if key in FRAMING:
                framed.add(key)
            elif key == "host" and to_native(value, "latin-1").lower() in hosts:
                continue  # It follows from the URL.
            elif key not in _OF_CONNECTION:
                headers.append((name, value))
        body = None
        if "transfer-encoding" in framed:  # Whose end was not known before.
            body = iter(self._pieces)
        elif framed:
            body = b"".join(self._pieces)
        request = PreparedRequest(method, target, headers=headers, data=body)
        if not framed:
            request.says_empty = False
            request.headers.state_no_length()
        return request

    def _options(self):
        # The client keeps all the others.
        connect = self._exchange.request.connect_timeout or None
        return CallOptions(ClientTimeout(connect=connect, pool=None), stream=True)

    # The response

    @gen.coroutine
    def _respond(self, response):
        if not isinstance(response, Response):
            raise TypeError("%r.send() returned %r, which is no waterspout.Response"
                            % (self._transport, response))
        self._body = body = response.take_encoded()
        headers = httputil.HTTPHeaders()
        for name, value in response.headers.get_all():
            headers.add(name, value)
        has_body = self._start_line.method != "HEAD" and response.status_code not in (204, 304)
        if body is None and has_body:  # It was decoded.
            for name in ("Content-Encoding", "Transfer-Encoding"):
                headers.pop(name, None)
            headers["Content-Length"] = "%d" % len(response.content)
        line = httputil.ResponseStartLine("HTTP/1.1", response.status_code, response.reason or "")
        yield self._connection.write_headers(line, headers)
        if body is None:
            yield self._connection.write(response.content if has_body else b"")
        while body is not None:
            piece = yield body.read()
            if not piece:
                break
            yield self._connection.write(piece)
        self._body = None
        self._connection.finish()


def _hosts_of(origin):
    # type: (Origin) -> List[str]
    """The values that Host can have for ``origin``; the first is the one for a URL."""
    host = origin.host.lower()
    hosts = ["%s:%d" % (host, origin.port)]
    return [host] + hosts if origin.port == _PORTS.get(origin.scheme) else hosts
