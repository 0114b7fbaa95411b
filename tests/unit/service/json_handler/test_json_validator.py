"""``JSONHandler.json_validator``, called by a session without sockets: small and large bodies."""

from __future__ import absolute_import, division, print_function

import collections
import json
import logging

import pytest
from client_fixtures import Client

from waterspout import service
from waterspout.testing import AppTransport


def check_rows(body):
    """A validator that is a function: each row needs a name."""
    rows = body["rows"] if isinstance(body, dict) else body
    for number, row in enumerate(rows):
        if number % 100 == 0:
            yield None
        if not row.get("name"):
            yield "/rows/%d" % number, "needs a name"


class Rows(service.JSONHandler):
    json_validator = check_rows

    def post(self):
        self.write_json({"rows": len(self.read_json_object()["rows"])})

    def put(self):
        self.write_json({"rows": len(self.read_json_array())})

    def patch(self):
        self.write_json("not read")


class Limit(object):
    def __init__(self, most):
        self.most = most

    def check(self, body):
        return None if len(body["rows"]) <= self.most else "too many rows"


class ByMethod(Rows):
    json_validator = {"POST": Limit(3).check}


class Bound(Rows):
    json_validator = Limit(3).check


class Static(Rows):
    json_validator = staticmethod(check_rows)


class OfTheRequest(Rows):
    json_validator = None

    def initialize(self):
        self.json_validator = Limit(0).check


class Refuses(Rows):
    @staticmethod
    def json_validator(body):
        raise service.Refusal(422, "not today", {"X-Why": "monday"})


class Broken(Rows):
    def json_validator(body):  # noqa: N805
        return True


class Ordered(Rows):
    json_object_type = collections.OrderedDict

    @staticmethod
    def json_validator(body):
        return "not ordered" if type(body) is not collections.OrderedDict else None


class OwnErrors(Rows):
    def error_body(self, status, message, exception=None, incident=None):
        return [each.pointer for each in exception.errors]


HANDLERS = [Rows, ByMethod, Bound, Static, OfTheRequest, Refuses, Broken, Ordered, OwnErrors]


@pytest.fixture
def client(io_loop):
    application = service.Application([("/" + each.__name__, each) for each in HANDLERS])
    client = Client(io_loop, AppTransport(application), timeout=None)
    yield client
    client.close()


#: Added to a body so that it is decoded and validated in turns.
@pytest.fixture(params=[0, 100000], ids=["small", "large"])
def padding(request):
    return "x" * request.param


@pytest.fixture
def send(client, padding):
    def send(path, rows, method="POST"):
        body = {"rows": rows, "padding": padding}
        return client.request(method, "http://x.test" + path, data=json.dumps(body).encode("ascii"))

    return send


NAMED, NAMELESS = {"name": "a"}, {"id": 1}


def test_valid_body_is_read(send):
    response = send("/Rows", [NAMED] * 3)
    assert (response.status_code, response.json()) == (200, {"rows": 3})


def test_invalid_body_is_400_with_the_places(send):
    response = send("/Rows", [NAMED, NAMELESS, NAMELESS])
    assert (response.status_code, response.json()) == (400, {
        "error": "the body is not as it must be",
        "errors": [{"pointer": "/rows/1", "detail": "needs a name"},
                   {"pointer": "/rows/2", "detail": "needs a name"}]})


def test_only_some_errors_are_told(send):
    assert len(send("/Rows", [NAMELESS] * 1000).json()["errors"]) == 20


def test_array_is_validated(client, padding):
    rows = [NAMED, dict(NAMELESS, padding=padding)]
    response = client.request("PUT", "http://x.test/Rows", data=json.dumps(rows).encode("ascii"))
    assert [each["pointer"] for each in response.json()["errors"]] == ["/rows/1"]


def test_body_that_is_not_read_is_not_validated(send):
    """As for one that is not JSON."""
    assert send("/Rows", [NAMELESS], method="PATCH").status_code == 200


@pytest.mark.parametrize("path", ["/Bound", "/ByMethod"])
def test_validator_may_be_a_method_of_any_object(send, path):
    assert send(path, [NAMED] * 3).status_code == 200
    assert send(path, [NAMED] * 4).json()["errors"] == [
        {"pointer": "", "detail": "too many rows"}]


def test_validator_may_be_one_method_s(send):
    """Here that of POST."""
    assert send("/ByMethod", [NAMED] * 4, method="PATCH").status_code == 200


@pytest.mark.parametrize("path", ["/Static", "/OfTheRequest", "/OwnErrors"])
def test_validator_may_be_given_in_other_ways(send, path):
    assert send(path, [NAMELESS]).status_code == 400


def test_error_body_of_a_handler_gets_the_errors(send):
    assert send("/OwnErrors", [NAMELESS]).json() == ["/rows/0"]


def test_validator_may_refuse_with_another_status(send):
    response = send("/Refuses", [])
    assert (response.status_code, response.headers["X-Why"]) == (422, "monday")


def test_validator_that_is_broken_is_an_incident(send, caplog):
    """And lets no body in."""
    caplog.set_level(logging.ERROR, logger="waterspout.service")
    response = send("/Broken", [])
    assert response.status_code == 500 and "incident" in response.json()
    assert "a validator must return" in caplog.text


def test_validator_gets_objects_of_the_handlers_class(send):
    assert send("/Ordered", [NAMED]).status_code == 200


def test_body_that_is_no_object_is_refused_before_it_is_validated(client):
    response = client.request("POST", "http://x.test/Broken", data=b"[]")
    assert response.json() == {"error": "the body is JSON, but not an object"}


def test_schema_is_a_validator(io_loop, padding):
    pytest.importorskip("jsonschema")

    class Schema(Rows):
        json_validator = service.JSONSchema(
            {"properties": {"rows": {"items": {"required": ["name"]}}}})

    client = Client(
        io_loop, AppTransport(service.Application([("/", Schema)])), timeout=None)
    try:
        body = json.dumps({"rows": [NAMED, NAMELESS], "padding": padding}).encode("ascii")
        response = client.request("POST", "http://x.test/", data=body)
        assert (response.status_code, response.json()["errors"]) == (400, [
            {"pointer": "/rows/1", "detail": 'the property "name" is missing'}])
    finally:
        client.close()
