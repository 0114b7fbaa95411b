"""Large JSON behaves like small JSON, and is decoded and encoded in turns."""

from __future__ import absolute_import, division, print_function

import collections
import functools
import json

import pytest
from served_app import ServedApp

from waterspout import service
from waterspout.service._json_bodies import strict_decoder

LARGE = {"rows": [{"name": u"\u4e2d", "n": n} for n in range(20000)]}


class Echo(service.JSONHandler):
    def post(self):
        self.write_json(self.read_json_object(), 202)


class Ordered(service.JSONHandler):
    json_object_type = collections.OrderedDict

    def post(self):
        body = self.read_json_object()
        assert type(body) is collections.OrderedDict
        assert self.read_json_object() is body
        self.write_json(list(body))


class Other(service.JSONHandler):
    """Reads objects of another class than `json_object_type`."""

    def post(self):
        assert type(self.read_json_object(collections.OrderedDict)) is collections.OrderedDict
        self.write_json(len(self.read_json_object()))


class Array(service.JSONHandler):
    def put(self):
        self.write_json(len(self.read_json_array()))


class Unread(service.JSONHandler):
    def post(self):
        self.set_header("X-Length", str(len(self.body)))
        self.write_json([])


class Pieces(service.JSONHandler):
    def get(self):
        self.write("[")
        self.write_json(LARGE)
        self.write(",")
        self.finish("1]")


class Flushed(service.JSONHandler):
    def get(self):
        self.write_json(LARGE)
        self.flush()


class Unfit(service.JSONHandler):
    def get(self):
        self.write_json([0.0] * 50000 + [float("nan")])


class UnfitAndToldSo(Unfit):
    def encoding_failed(self, error):
        assert isinstance(error, ValueError)
        return service.Refusal(502, "it has no numbers like that")


class Second(service.JSONHandler):
    """Fails after it has written a large value."""

    def get(self):
        self.write_json(LARGE)
        raise service.Refusal(409, "no")


class Twice(service.JSONHandler):
    """Writes two values, either of which may be large, and what is called in between."""

    def get(self, first, between, second):
        self.write_json({"small": 1, "large": LARGE}[first])
        getattr(self, between, lambda: None)()
        self.write_json({"small": 2, "large": LARGE}[second])


ROUTES = [
    ("/echo", Echo), ("/ordered", Ordered), ("/other", Other), ("/array", Array),
    ("/unread", Unread), ("/pieces", Pieces), ("/flushed", Flushed), ("/unfit", Unfit),
    ("/told", UnfitAndToldSo), ("/second", Second), ("/twice/(.*)/(.*)/(.*)", Twice),
]


@pytest.fixture(scope="module")
def served(http_server):
    make_app = functools.partial(service.Application, ROUTES, max_body_bytes=8 << 20)
    with ServedApp(make_app, http_server=http_server) as served:
        yield served


@pytest.fixture
def connection(served):
    with served.connect() as connection:
        yield connection


def test_large_body_and_value_are_equal(connection):
    """With the handler's status; the connection is kept."""
    body = json.dumps(LARGE).encode()
    for _ in range(2):
        answer = connection.post("/echo", body)
        assert (answer.status, answer.json) == (202, LARGE)
    assert connection.post("/echo", b"{}").json == {}


def test_json_object_type_keeps_the_order_of_names(connection):
    """On Python 2, too; each call returns the same object."""
    names = [u"n%d" % (n * 7919 % 10007) for n in range(10000)]
    body = u"{%s}" % u",".join(u'"%s":[]' % name for name in names)
    assert connection.post("/ordered", body.encode()).json == names


def test_handler_may_read_objects_of_another_class(connection):
    """Then the body is decoded again."""
    assert connection.post("/other", json.dumps(LARGE).encode()).json == 1


REFUSED = {
    "an array": (b"[" + b"1," * 50000 + b"1]", "not an object"),
    "no name": (b'{"a": ' + b"1," * 50000 + b"1}", "(char 8)"),
    "a name twice": (b'{"a": "' + b"x" * 70000 + b'", "a": 1}', "twice"),
    "no UTF-8": (b'{"a": "' + b"x" * 70000 + b'\xff"}', "byte 70007"),
    "a string": (b'"' + b"x" * 70000 + b'"', "not an object"),
    "white space": (b" " * 70000, "empty"),
    "no JSON": (b"x" * 70000, "not JSON"),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_large_bodies_are_refused_like_small_ones(connection, name):
    """With the sentences of `decode_json_object`."""
    body, why = REFUSED[name]
    answer = connection.post("/echo", body)
    assert answer.status == 400
    assert why in answer.json["error"]
    with pytest.raises(service.InvalidInput) as raised:
        strict_decoder.decode_json_object(body)
    assert answer.json["error"] == raised.value.why


def test_invalid_body_that_is_not_read_is_not_an_error(connection):
    """It is decoded, and the refusal is dropped."""
    body = b'{"a": ' + b"1," * 50000
    answer = connection.post("/unread", body)
    assert (answer.status, answer.headers["x-length"]) == (200, str(len(body)))


def test_large_array_is_read_with_any_method(connection):
    """PUT, too."""
    body = b"[" + b"1," * 50000 + b"1]"
    connection.send(b"PUT /array HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                    str(len(body)).encode() + b"\r\n\r\n" + body)
    assert connection.read_answer().json == 50001


def test_text_written_around_a_large_value_keeps_its_place(connection):
    """The value stands where `write_json` was called."""
    assert connection.get("/pieces").json == [LARGE, 1]


def test_flush_sends_a_large_value(connection):
    """Encoded at once."""
    answer = connection.get("/flushed")
    assert answer.status == 200


def test_large_value_that_is_not_json_is_an_incident(connection):
    """It is noticed after the handler has ended; the response is a 500."""
    answer = connection.get("/unfit")
    assert answer.status == 500
    assert answer.json["incident"]


def test_encoding_failed_may_answer_for_a_value_that_is_not_json(connection):
    """With the exception that it returns."""
    answer = connection.get("/told")
    assert (answer.status, answer.json["error"]) == (502, "it has no numbers like that")


def test_error_replaces_a_large_value(connection):
    """Nothing of the value is sent."""
    answer = connection.get("/second")
    assert (answer.status, answer.json["error"]) == (409, "no")


@pytest.mark.parametrize("first", ["small", "large"])
@pytest.mark.parametrize("second", ["small", "large"])
def test_second_value_is_an_incident(connection, caplog, first, second):
    """Two values are not one JSON text; the client gets none of them."""
    answer = connection.get("/twice/%s/nothing/%s" % (first, second))
    assert answer.status == 500
    assert answer.json["incident"] in caplog.text
    assert "RuntimeError: write_json() was called twice for one response" in caplog.text


@pytest.mark.parametrize("first", ["small", "large"])
def test_second_value_after_clear_replaces_the_first(connection, first):
    """Tornado's clear() drops what was written."""
    answer = connection.get("/twice/%s/clear/small" % first)
    assert (answer.status, answer.json) == (200, 2)


def test_second_value_after_flush_is_streamed(connection):
    """The handler decides what stands between them."""
    connection.send(
        b"GET /twice/small/flush/small HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert connection.socket.makefile("rb").read().endswith(b"\r\n1\r\n1\r\n1\r\n2\r\n0\r\n\r\n")
