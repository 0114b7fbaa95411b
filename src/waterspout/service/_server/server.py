"""The kit's HTTPServer: serves an Application, refuses in JSON, and drains."""

from __future__ import absolute_import, division, print_function

from waterspout.httpserver import HTTPServer
from waterspout.service._server.draining_server import DrainingServer
from waterspout.service._server.request_delegate import RequestDelegate

#: Bytes of a request line: as nginx and, almost, Apache.
MAX_START_LINE_BYTES = 8 * 1024

#: Header fields of a request: as Apache's LimitRequestFields.
MAX_HEADER_FIELDS = 100

#: Seconds in which a client must take some bytes of its response: as nginx's send_timeout.
SEND_TIMEOUT = 60.0


class Server(DrainingServer, HTTPServer):
    """Serves an :class:`Application` on waterspout's own HTTP/1.1 engine."""

    refuses_expectations = True
    send_timeout = SEND_TIMEOUT
    max_start_line_size = MAX_START_LINE_BYTES
    max_header_fields = MAX_HEADER_FIELDS

    @property
    def requires_host(self):
        # type: () -> bool
        """Refuse requests of HTTP/1.1 without a Host field."""
        return not self._application.allow_missing_host

    @property
    def open_connections(self):
        # type: () -> int
        return self.stats()["connections"]

    @property
    def active_requests(self):
        # type: () -> int
        """Requests that are not answered whole."""
        return self.stats()["active"]

    def refuse_request(self, refused, exchange, delegate):
        """Called by the engine: answer in JSON, with the application's error handler."""
        if not isinstance(delegate, RequestDelegate):
            if delegate is not None:
                delegate.on_connection_close()
            delegate = RequestDelegate(self._application, exchange)
        delegate.refuse(refused, exchange)
