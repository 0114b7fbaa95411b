"""An application below PooledHTTPClient: what a fetch over a network gives."""

from __future__ import absolute_import, division, print_function

import json

import pytest
from client_fixtures import until
from echo_app import echo_app
from raw_server import PATIENCE
from tornado import gen, web
from tornado.httpclient import HTTPClientError
from tornado.simple_httpclient import HTTPStreamClosedError, HTTPTimeoutError
from tornado.web import stream_request_body

from waterspout import PooledHTTPClient
from waterspout.testing import AppTransport, patch_fetch


@pytest.fixture
def fetch(io_loop):
    def fetch(application, path="/", **options):
        @gen.coroutine
        def run():
            with patch_fetch(AppTransport(application)):
                response = yield PooledHTTPClient(force_instance=True).fetch(
                    "http://app.test" + path, **options)
            raise gen.Return(response)

        return io_loop.run_sync(run, timeout=PATIENCE)

    return fetch


def test_the_request_is_that_of_the_client(fetch):
    seen = json.loads(fetch(echo_app(), "/a?b=c", headers={"X-A": "1"}).body.decode("utf-8"))
    assert (seen["uri"], seen["host"], seen["remote_ip"]) == ("/a?b=c", "app.test", "127.0.0.1")
    assert ["X-A", "1"] in seen["fields"]


def test_compressed_redirected_and_failed(fetch):
    response = fetch(echo_app(compress_response=True), "/chunks/9", method="GET")
    assert response.headers["X-Consumed-Content-Encoding"] == "gzip"
    seen = json.loads(fetch(echo_app(), "/status/302").body.decode("utf-8"))
    assert seen["uri"] == "/elsewhere"
    with pytest.raises(HTTPClientError, match="418: No coffee"):
        fetch(echo_app(), "/fails")


def test_a_body_is_streamed_at_the_handlers_pace(fetch):
    """The producer waits while the handler does."""
    @stream_request_body
    class Slow(web.RequestHandler):
        @gen.coroutine
        def data_received(self, chunk):
            for _ in range(20):
                yield gen.moment
            received.append(len(chunk))
            ahead.append(len(written) * 10000 - sum(received))

        def post(self):
            self.write(str(sum(received)))

    @gen.coroutine
    def body(write):
        for _ in range(200):
            yield write(b"x" * 10000)
            written.append(True)

    received, ahead, written = [], [], []
    response = fetch(web.Application([("/", Slow)]), method="POST", body_producer=body)
    assert response.body == b"2000000"
    assert max(ahead) < 500000


def test_a_response_is_streamed(fetch):
    pieces = []

    @gen.coroutine
    def take(piece):
        yield gen.moment
        pieces.append(piece)

    fetch(echo_app(), "/chunks/50", streaming_callback=take)
    assert len(b"".join(pieces)) == len(b"".join(b"%d;" % n * 1000 for n in range(50)))


class Waits(web.RequestHandler):
    events = []

    @gen.coroutine
    def get(self):
        self.events.append("started")
        yield gen.sleep(60)

    def on_connection_close(self):
        self.events.append("on_connection_close")


def test_a_timeout_is_a_disconnect(fetch, io_loop):
    del Waits.events[:]
    with pytest.raises(HTTPTimeoutError, match="Timeout during request"):
        fetch(web.Application([("/", Waits)]), request_timeout=0.05)
    io_loop.run_sync(lambda: until(lambda: len(Waits.events) == 2), timeout=PATIENCE)
    assert Waits.events == ["started", "on_connection_close"]


def test_a_connection_that_the_application_closes(fetch):
    class Closes(web.RequestHandler):
        def get(self):
            self.request.connection.close()

    with pytest.raises(HTTPStreamClosedError, match="closed the connection without a response"):
        fetch(web.Application([("/", Closes)]))
