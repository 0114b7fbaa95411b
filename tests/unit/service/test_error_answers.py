"""Nothing internal is in an error answer: no host, address, path, class or text of an exception."""

from __future__ import absolute_import, division, print_function

import internals
import pytest
from client_fixtures import Client, new_io_loop
from tornado import gen

from waterspout import service
from waterspout.testing import AppTransport

ERRORS = dict(internals.errors_of_waterspout(), **internals.other_errors())


class FailsHandler(service.JSONHandler):
    """Raises what the test says: at once, or after a turn of the loop."""

    error = None

    def get(self):
        raise self.error

    @gen.coroutine
    def post(self):
        yield gen.moment
        raise self.error

    def put(self):
        future = gen.maybe_future(None)
        self.finish_after(future, self.answer)

    def answer(self, future):
        raise self.error

    def delete(self):
        self.write_json({"secret": self.error})  # Cannot be encoded.


class BadHeadersHandler(service.JSONHandler):
    def get(self):
        self.set_header("X-Secret", "hunter2\r\nadmin: 1")


class BadInitializeHandler(service.JSONHandler):
    def initialize(self):
        raise ValueError(internals.TEXT)

    get = post = None


def broken_check(request):
    if request.path == "/check":
        raise EnvironmentError(2, internals.TEXT)


@pytest.fixture(scope="module")
def client():
    with new_io_loop() as io_loop:
        application = service.Application(
            [("/fails", FailsHandler), ("/headers", BadHeadersHandler),
             ("/initialize", BadInitializeHandler)],
            head_checks=[broken_check], max_body_bytes=100)
        client = Client(io_loop, AppTransport(application), timeout=None)
        yield client
        client.close()


def ask(client, method, path, **kwargs):
    return client.run(
        lambda: client.session.request(method, "http://service.test" + path, **kwargs))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("name", sorted(ERRORS))
def test_no_error_of_a_handler_is_quoted(client, name, method):
    """Whatever it is, and however the handler raises it."""
    FailsHandler.error = ERRORS[name]
    response = ask(client, method, "/fails")
    assert 400 <= response.status_code <= 599 or response.status_code == 777
    assert internals.internals_in(response) == []
    assert set(response.json()) <= {"error", "incident"}


@pytest.mark.parametrize("method, path, kwargs, status", [
    ("GET", "/headers", {}, 500),
    ("GET", "/initialize", {}, 500),
    ("GET", "/check", {}, 500),
    ("GET", "/secret/admin.pem?token=hunter2", {}, 404),
    ("PATCH", "/fails", {"headers": {"X-Secret": "hunter2"}}, 405),
    ("POST", "/fails", {"data": b"secret" * 100}, 413),
])
def test_no_refusal_quotes_the_service_or_the_request(client, method, path, kwargs, status):
    """What the request has may be a secret that was sent to the wrong place."""
    response = ask(client, method, path, **kwargs)
    assert response.status_code == status
    assert internals.internals_in(response) == []
