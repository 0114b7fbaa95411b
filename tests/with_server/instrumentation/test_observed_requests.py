"""What observers are told of a service's requests: each once, however it ended."""

from __future__ import absolute_import, division, print_function

import socket
import threading

import pytest
import tornado.web
from noting_observer import NotingObserver
from programs import wait_until
from raw_client import request_bytes
from tornado import gen
from tornado.concurrent import Future

from waterspout import service
from waterspout._compat import resolve
from waterspout.instrumentation import Observer


class Waiting(service.JSONHandler):
    future = None

    @gen.coroutine
    def get(self):
        Waiting.future = Future()
        yield Waiting.future
        self.write_json({})


class Items(service.JSONHandler):
    def get(self, kind):
        self.write_json([kind])

    def head(self, kind):
        self.write_json([kind])

    def delete(self, kind):
        self.set_status(204)

    def post(self, kind):
        self.write_json(self.read_json_object())


class Coroutine(service.JSONHandler):
    @gen.coroutine
    def get(self):
        yield gen.moment
        self.write_json([1, 2])


class After(service.JSONHandler):
    def get(self):
        future = Future()
        resolve(future, None)
        self.finish_after(future, lambda done: self.write_json({}))


class Streamed(service.JSONHandler):
    @gen.coroutine
    def get(self):
        self.write(b"[1,")
        yield self.flush()
        self.write(b"2]")


class Error(service.JSONHandler):
    def get(self):
        raise KeyError()


class BadError(Error):
    """Fails again while its error is answered."""

    def send_error(self, *args, **kwargs):
        raise KeyError()


class Prepared(service.JSONHandler):
    """Has Tornado's coroutine around it."""

    @gen.coroutine
    def prepare(self):
        yield gen.moment

    def get(self):
        self.write_json({})


class Foreign(tornado.web.RequestHandler):
    def get(self):
        self.write("foreign")


class Large(service.JSONHandler):
    def get(self):
        self.write_json([1] * 100000)


ROUTES = [
    ("/wait", Waiting), (r"/items/(\w+)", Items), ("/coroutine", Coroutine), ("/after", After),
    ("/streamed", Streamed), ("/error", Error), ("/bad-error", BadError),
    tornado.web.url("/prepared", Prepared, name="prepared"), ("/foreign", Foreign),
    ("/large", Large),
]


@pytest.fixture
def observer():
    return NotingObserver()


@pytest.fixture
def served(serve_app, observer):
    def make():
        application = service.Application(ROUTES, observers=[observer], max_body_bytes=1000000)
        application.add_handlers(r"api\.example", [("/host", Items, {})])
        application.add_handlers(r"api\.example", [(r"/of-host/(\w+)", Items)])
        return application

    with serve_app(make) as served:
        yield served


def sent(observer, count=1):
    """The details of the responses, once there are so many; each request has one."""
    wait_until(lambda: len(observer.details("response_sent")) >= count, "response_sent")
    received, ended = [observer.details(name) for name in ("request_received", "response_sent")]
    assert [each.request for each in received] == [each.request for each in ended]
    assert len(ended) == count
    return ended


@pytest.mark.parametrize("method, path, status, route, count", [
    ("GET", "/items/a?q=hidden", 200, r"/items/(\w+)", 5),
    ("HEAD", "/items/a", 200, r"/items/(\w+)", 0),
    ("DELETE", "/items/a", 204, r"/items/(\w+)", 0),
    ("GET", "/coroutine", 200, "/coroutine", 5),
    ("GET", "/after", 200, "/after", 2),
    ("GET", "/streamed", 200, "/streamed", None),
    ("GET", "/prepared", 200, "prepared", 2),
    ("GET", "/foreign", 200, "/foreign", 7),
    ("GET", "/large", 200, "/large", 200001),
    ("GET", "/nowhere/hidden", 404, None, 42),
    ("PATCH", "/items/a", 405, r"/items/(\w+)", 50),
])
def test_a_request_that_is_answered(served, observer, method, path, status, route, count):
    """Method, route, status and bytes; no path, no query and no field."""
    with served.connect() as connection:
        connection.send(request_bytes(
            method, path, None, [("X-Request-ID", "my-id"), ("Cookie", "hidden")]))
        assert connection.read_answer(without_body=True).status == status
    (detail,) = sent(observer)
    request = detail.request
    assert (request.method, request.client, request.request_id) == (method, "127.0.0.1", "my-id")
    assert (detail.status_code, detail.route, detail.client_left) == (status, route, False)
    assert detail.response_bytes == count
    assert 0 < detail.seconds == detail.time - request.started
    assert observer.only("request_received").time == request.started
    assert "hidden" not in repr(observer.told)


@pytest.mark.parametrize("size", [10, 300000])
def test_a_request_with_a_body(served, observer, size):
    """Small, or decoded and encoded in turns."""
    body = b'{"a": "' + b"x" * size + b'"}'
    with served.connect() as connection:
        assert connection.post("/items/a", body).status == 200
    (detail,) = sent(observer)
    assert detail.status_code == 200 and detail.response_bytes == len(body) - 1


def test_a_body_over_the_limit(served, observer):
    """The path is known, so the route is."""
    with served.connect() as connection:
        assert connection.post("/items/a", b"x" * 1000001).status == 413
    (detail,) = sent(observer)
    assert (detail.status_code, detail.route) == (413, r"/items/(\w+)")


def test_a_route_of_a_host(served, observer):
    """It has a label as any other."""
    with served.connect() as connection:
        connection.send(b"GET /of-host/a HTTP/1.1\r\nHost: api.example\r\n\r\n")
        assert connection.read_answer().status == 200
    assert sent(observer)[0].route == r"/of-host/(\w+)"


def test_an_error_of_a_handler(served, observer):
    with served.connect() as connection:
        assert connection.get("/error").status == 500
    assert sent(observer)[0].status_code == 500


def test_an_error_while_an_error_is_answered(served, observer):
    """Nothing is sent; that is the service's failure and not the client's."""
    with served.connect() as connection:
        assert connection.get("/bad-error") is None
    (detail,) = sent(observer)
    assert (detail.status_code, detail.response_bytes, detail.client_left) == (500, None, False)
    assert detail.route == "/bad-error"


def test_requests_on_one_connection(served, observer):
    """One pair for each, with different ids."""
    with served.connect() as connection:
        for _ in range(3):
            connection.get("/items/a")
    assert len(set(each.request.id for each in sent(observer, 3))) == 3


def test_a_request_that_the_server_refuses(served, observer, http_server):
    if http_server == "tornado":
        pytest.skip("Tornado's server answers it itself")
    with served.connect() as connection:
        connection.send(b"GET /items/a HTTP/1.1\r\nHost: x\r\nBad Name: x\r\n\r\n")
        assert connection.read_answer().status == 400
    assert sent(observer)[0].status_code == 400


def test_a_request_that_is_cut_short(served, observer):
    """499, no route: it never was a request."""
    with served.connect() as connection:
        connection.send(b"POST /items/a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        wait_until(lambda: observer.told, "the request")
    (detail,) = sent(observer)
    assert (detail.status_code, detail.route, detail.client_left) == (499, None, True)


def test_a_client_that_leaves(served, observer):
    """499, when the handler has ended."""
    Waiting.future = None
    with served.connect() as connection:
        connection.send(request_bytes("GET", "/wait"))
        wait_until(lambda: Waiting.future, "the handler")
        connection.socket.shutdown(socket.SHUT_RDWR)
    served.wait_until_clients_left()
    served.call(lambda: resolve(Waiting.future, None))
    (detail,) = sent(observer)
    assert (detail.status_code, detail.route, detail.client_left) == (499, "/wait", True)


def test_traces_are_validated(served, observer):
    """What is not valid is not passed to observers either."""
    good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    with served.connect() as connection:
        for value in (good, "bad"):
            connection.send(request_bytes("GET", "/items/a", None, [("traceparent", value)]))
            connection.read_answer()
    assert [each.request.traceparent for each in sent(observer, 2)] == [good, None]


class Around(Observer):
    """Keeps the request while its handler runs until it first waits; says what else it is told."""

    current = threading.local()

    def run_request(self, request, run):
        self.current.request = request
        try:
            run()
        finally:
            self.current.request = None


class Inside(service.JSONHandler):
    def get(self):
        self.write_json(self._id())

    def post(self):
        self.write_json({"id": self._id(), "n": len(self.read_json_object())})

    def _id(self):
        request = getattr(Around.current, "request", None)
        return None if request is None else request.request_id


def ask_inside(serve_app, observers):
    with serve_app(lambda: service.Application([("/", Inside)], observers=observers)) as served:
        with served.connect() as connection:
            connection.send(request_bytes("GET", "/", None, [("X-Request-ID", "one")]))
            return connection.read_answer().json


def test_run_request_is_around_the_handler(serve_app):
    """The handler's method runs within it."""
    assert ask_inside(serve_app, [Around()]) == "one"


def test_run_request_that_raises_or_forgets(serve_app, caplog):
    """The handler runs once, within the others; the errors are logged."""
    class Raises(Observer):
        def run_request(self, request, run):
            raise KeyError("before")

    class RaisesAfter(Observer):
        def run_request(self, request, run):
            run()
            raise KeyError("after")

    class Forgets(Observer):
        def run_request(self, request, run):
            pass

    class Twice(Observer):
        def run_request(self, request, run):
            run()
            run()

    observers = [Raises(), RaisesAfter(), Forgets(), Twice(), Around()]
    assert ask_inside(serve_app, observers) == "one"
    assert len([each for each in caplog.records if "instrumentation" in each.name]) == 2


@pytest.mark.parametrize("name", ["request_received", "response_sent"])
def test_an_observer_that_raises(serve_app, observer, name, caplog):
    """The request is answered, and the next observer is told."""
    bad = type("Bad", (object,), {name: lambda self, detail: 1 // 0})()

    def make():
        return service.Application(ROUTES, observers=[bad, observer])

    with serve_app(make) as served:
        with served.connect() as connection:
            for _ in range(2):
                assert connection.get("/items/a").status == 200
        sent(observer, 2)
    assert len([each for each in caplog.records if "instrumentation" in each.name]) == 1


def test_observers_of_the_wrong_kind():
    with pytest.raises(TypeError):
        service.Application([], observers=[object()])
