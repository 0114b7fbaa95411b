"""An application made of HTTPMessageDelegates that note each call."""

from __future__ import absolute_import, division, print_function

from programs import wait_until
from tornado import httputil


class NotingApplication(httputil.HTTPServerConnectionDelegate):
    """Answers each complete request with its body.

    Args:
        do (dict): functions that are called in place of, or before, a delegate's own step, by the
            name of its method: ``do["data_received"](delegate, chunk)``. What one returns is
            returned.
    Attributes:
        calls (list of str): methods of all delegates, as called.
        delegates (list of NotingDelegate).
    """

    def __init__(self, **do):
        self.do = do
        self.calls = []
        self.delegates = []

    def start_request(self, server_conn, request_conn):
        self.calls.append("start_request")
        delegate = NotingDelegate(self, request_conn)
        self.delegates.append(delegate)
        if "start_request" in self.do:
            self.do["start_request"](delegate)
        return delegate

    def wait_for(self, *calls):
        """Wait until the calls are these, and no other is made meanwhile."""
        wait_until(lambda: len(self.calls) >= len(calls), "calls like %r" % (calls,))
        assert tuple(self.calls) == calls


class NotingDelegate(httputil.HTTPMessageDelegate):

    def __init__(self, application, connection):
        self.connection = connection
        self.application = application
        self.body = b""

    def headers_received(self, start_line, headers):
        self.start_line = start_line
        self.headers = headers
        return self._note("headers_received")

    def data_received(self, chunk):
        self.body += chunk
        return self._note("data_received", chunk)

    def finish(self):
        self._note("finish")
        if "finish" not in self.application.do:
            self.answer(self.body)

    def on_connection_close(self):
        self._note("on_connection_close")

    def answer(self, body, status=200):
        """Send a whole response."""
        self.connection.write_headers(
            httputil.ResponseStartLine("HTTP/1.1", status, httputil.responses[status]),
            httputil.HTTPHeaders({"Content-Length": str(len(body))}), body)
        self.connection.finish()

    def _note(self, name, *args):
        self.application.calls.append(name)
        if name in self.application.do:
            return self.application.do[name](self, *args)
        return None
