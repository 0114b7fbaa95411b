"""The real httpbin, served by werkzeug in a thread."""

from __future__ import absolute_import, division, print_function

import io

import pytest
from raw_server import PATIENCE, start_thread


class HttpbinServer(object):
    """A context manager; called with a path it gives the URL.

    Where httpbin cannot be imported it skips the test.
    """

    def __init__(self):
        httpbin = pytest.importorskip("httpbin")
        serving = pytest.importorskip("werkzeug.serving")

        class QuietHandler(serving.WSGIRequestHandler):
            def log(self, kind, message, *args):
                pass

        self._server = serving.make_server(
            "127.0.0.1", 0, reading_all(httpbin.app), threaded=True, request_handler=QuietHandler)

    def __call__(self, path="/"):
        return "http://127.0.0.1:%d%s" % (self._server.server_port, path)

    def __enter__(self):
        self._thread = start_thread(self._server.serve_forever)
        return self

    def __exit__(self, *exc_info):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE)


def reading_all(app):
    """``app``, which may answer without reading the request: closing then would be a reset."""

    def read_and_answer(environ, start_response):
        length = environ.get("CONTENT_LENGTH")
        if length:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(length)))
        return app(environ, start_response)

    return read_and_answer
