"""The application notices that the client is gone, and the client that the application is."""

from __future__ import absolute_import, division, print_function

import pytest
from client_fixtures import Client
from raw_server import PATIENCE
from tornado import gen, iostream, web, websocket
from tornado.concurrent import Future

import waterspout
from waterspout import service
from waterspout.testing import AppTransport


@pytest.fixture
def call(io_loop):
    clients = []

    def call(*handlers, **options):
        clients.append(Client(io_loop, AppTransport(web.Application(list(handlers)), **options)))
        return clients[-1]

    yield call
    for client in clients:
        client.close()


class Waits(web.RequestHandler):
    """Does not answer before the client has left."""

    def initialize(self, events):
        self.events = events
        self.gone = Future()

    @gen.coroutine
    def get(self):
        self.request.connection.set_close_callback(self._closed)
        self.events.append("started")
        yield self.gone
        self.events.append(self.request.connection.stream.closed())

    post = get

    def _closed(self):
        self.events.append("closed")
        self.on_connection_close()

    def on_connection_close(self):
        self.events.append("on_connection_close")
        if not self.gone.done():
            self.gone.set_result(None)


def test_a_timeout_is_a_disconnect(call):
    """``on_connection_close`` is called, and the stream is closed."""
    events = []
    client = call(("/", Waits, {"events": events}))
    error = client.error_of("GET", "http://a.test/", timeout=0.05)
    assert type(error) is waterspout.ReadTimeout
    client.wait_until(lambda: len(events) == 4)
    assert events == ["started", "closed", "on_connection_close", True]


def test_a_closed_session_is_a_disconnect(call):
    events = []
    client = call(("/", Waits, {"events": events}))
    client.run(lambda: started(client, events))
    client.close()
    client.wait_until(lambda: len(events) == 4)


@gen.coroutine
def started(client, events):
    calling = client.session.get("http://a.test/")
    calling.add_done_callback(lambda done: done.exception())
    while not events:
        yield gen.moment


@web.stream_request_body
class Upload(web.RequestHandler):

    def initialize(self, events):
        self.events = events

    def data_received(self, chunk):
        self.events.append(len(chunk))

    def post(self):
        self.events.append("post")

    def on_connection_close(self):
        self.events.append("on_connection_close")


def test_a_body_that_fails_is_a_disconnect(call):
    """The handler of an upload is told, and its method is not called."""
    def broken():
        yield b"begin"
        raise ValueError("no more")

    events = []
    client = call(("/", Upload, {"events": events}))
    with pytest.raises(ValueError, match="no more"):
        client.post("http://a.test/", data=broken())
    client.wait_until(lambda: len(events) == 2)
    assert events == [5, "on_connection_close"]


class Endless(web.RequestHandler):
    """Sends without an end, as fast as the client takes it."""

    def initialize(self, events):
        self.events = events

    @gen.coroutine
    def get(self):
        try:
            while True:
                self.write(b"x" * 10000)
                yield self.flush()
                self.events.append(10000)
        except iostream.StreamClosedError:
            self.events.append("StreamClosedError")

    def on_connection_close(self):
        self.events.append("on_connection_close")


def test_a_response_that_is_closed_is_a_disconnect(call, io_loop):
    """A streamed response of which a part was read; the handler's flush() fails."""
    events = []
    client = call(("/", Endless, {"events": events}))

    @gen.coroutine
    def run():
        response = yield client.session.get("http://a.test/", stream=True)
        piece = yield response.iter_content(100).next()
        response.close()
        while "StreamClosedError" not in events:
            yield gen.moment
        raise gen.Return(piece)

    assert client.run(run) == b"x" * 100
    assert events[-2:] == ["StreamClosedError", "on_connection_close"] or (
        events[-2:] == ["on_connection_close", "StreamClosedError"])


def test_a_slow_reader_holds_the_handler_up(call):
    """flush() waits; what is on its way stays bounded."""
    events = []
    client = call(("/", Endless, {"events": events}))

    @gen.coroutine
    def run():
        response = yield client.session.get("http://a.test/", stream=True)
        counts = []
        for _ in range(3):
            for _ in range(200):
                yield gen.moment
            counts.append(len(events))
        pieces = response.iter_content(500000)
        yield pieces.next()
        for _ in range(200):
            yield gen.moment
        counts.append(len(events))
        response.close()
        raise gen.Return(counts)

    first, second, third, later = client.run(run)
    assert 0 < first == second == third < 1000
    assert later >= third + 25


class Closes(web.RequestHandler):

    def get(self, how):
        if how == "begun":
            self.set_header("Content-Length", "10")
            self.write(b"12345")
            self.flush()
        self.request.connection.close()

    post = get


def test_a_connection_that_the_application_closes(call):
    """Before the response, on a new connection and on a kept one."""
    client = call((r"/(begun|before)", Closes))
    for method in ("GET", "POST"):
        error = client.error_of(method, "http://a.test/before")
        assert type(error) is waterspout.ReadError
        assert "closed the connection without a response" in str(error)


def test_a_response_that_is_cut_short(call):
    client = call((r"/(begun|before)", Closes))
    error = client.error_of("GET", "http://a.test/begun")
    assert isinstance(error, waterspout.ReadError) and "5 of 10" in str(error)


class Short(web.RequestHandler):
    """States a longer body than it sends."""

    def get(self, length):
        self.set_header("Content-Length", length)
        self.write(b"12345")
        self.finish()


@pytest.mark.parametrize("length", ["10", "3"])
def test_a_body_of_another_length_than_stated(call, length):
    """Longer or shorter: it is an error in the call, as over a network, and not of the test."""
    client = call((r"/(\d+)", Short))
    error = client.error_of("GET", "http://a.test/" + length)
    assert isinstance(error, waterspout.ReadError)


def test_a_delegate_that_raises(call, io_loop):
    """The connection is closed, as a server does it."""
    def application(request):
        raise ValueError("a bug")

    client = Client(io_loop, AppTransport(application))
    assert type(client.error_of("POST", "http://a.test/")) is waterspout.ReadError
    client.close()


class Socket(websocket.WebSocketHandler):

    def open(self):
        raise AssertionError("there is no socket")


WEBSOCKET = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
             "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}


def test_a_websocket_is_refused(call):
    """With the reason, also where Tornado has said yes already."""
    client = call(("/", Socket))
    error = client.error_of("GET", "http://a.test/", headers=WEBSOCKET)
    assert "there is no socket" in str(error) and "serve the application on a port" in str(error)


class Detaches(web.RequestHandler):

    def initialize(self, errors):
        self.errors = errors

    def get(self):
        try:
            self.request.connection.detach()
        except NotImplementedError as error:
            self.errors.append(str(error))
            raise


def test_detaching_is_refused(call):
    """In the handler and in the call."""
    errors = []
    client = call(("/", Detaches, {"errors": errors}))
    error = client.error_of("GET", "http://a.test/")
    assert errors and errors[0] in str(error)


class Cancels(service.JSONHandler):

    def initialize(self, events):
        self.events = events

    @gen.coroutine
    def get(self):
        self.events.append("started")
        self.cancelled = Future()
        yield self.cancelled

    def on_connection_close(self):
        super(Cancels, self).on_connection_close()
        self.events.append(self.client_left_after is not None)
        self.cancelled.set_result(None)


def test_a_handler_of_the_kit_notices(io_loop):
    """``client_left_after`` is set, and the request is no longer in flight."""
    events = []
    application = service.Application([("/", Cancels, {"events": events})])
    client = Client(io_loop, AppTransport(application))
    client.error_of("GET", "http://a.test/", timeout=0.05)
    client.wait_until(lambda: application.requests_in_flight == 0)
    assert events == ["started", True]
    client.close()


def test_the_body_timeout_of_the_server(call):
    """A body that does not come in time is not waited for."""
    events = []
    client = call(("/", Upload, {"events": events}), body_timeout=0.05)

    def body():
        yield b"begin"
        yield Future()  # Never done.

    error = client.error_of("POST", "http://a.test/", data=body(), timeout=PATIENCE)
    assert isinstance(error, waterspout.ConnectionError)
    assert events == [5, "on_connection_close"]
