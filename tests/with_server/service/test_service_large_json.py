"""Large JSON of a service: the same behaviour as small, in turns."""

from __future__ import absolute_import, division, print_function

import collections
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
    """Asks for something else than was announced."""

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
    """Fails after it has answered with something large."""

    def get(self):
        self.write_json(LARGE)
        raise service.Refusal(409, "no")


ROUTES = [
    ("/echo", Echo), ("/ordered", Ordered), ("/other", Other), ("/array", Array),
    ("/unread", Unread), ("/pieces", Pieces), ("/flushed", Flushed), ("/unfit", Unfit),
    ("/told", UnfitAndToldSo), ("/second", Second),
]


@pytest.fixture(scope="module")
def served():
    with ServedApp(lambda: service.Application(ROUTES, max_body_bytes=8 << 20)) as served:
        yield served


@pytest.fixture
def connection(served):
    with served.connect() as connection:
        yield connection


def test_large_values_come_back_as_they_were(connection):
    """With the status that the handler set; the connection goes on."""
    body = json.dumps(LARGE).encode()
    for _ in range(2):
        answer = connection.post("/echo", body)
        assert (answer.status, answer.json) == (202, LARGE)
    assert connection.post("/echo", b"{}").json == {}


def test_names_keep_their_order_where_a_handler_wants_it(connection):
    """On Python 2 too; the value is the same each time."""
    names = [u"n%d" % (n * 7919 % 10007) for n in range(10000)]
    body = u"{%s}" % u",".join(u'"%s":[]' % name for name in names)
    assert connection.post("/ordered", body.encode()).json == names


def test_a_handler_may_ask_for_another_type(connection):
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
def test_large_bodies_are_refused_as_small_ones_are(connection, name):
    """In the words that `decode_json_object` has for them."""
    body, why = REFUSED[name]
    answer = connection.post("/echo", body)
    assert answer.status == 400
    assert why in answer.json["error"]
    with pytest.raises(service.InvalidInput) as raised:
        strict_decoder.decode_json_object(body)
    assert answer.json["error"] == raised.value.why


def test_bodies_that_are_not_read_may_be_anything(connection):
    """They are decoded in vain, and nothing is said about it."""
    body = b'{"a": ' + b"1," * 50000
    answer = connection.post("/unread", body)
    assert (answer.status, answer.headers["x-length"]) == (200, str(len(body)))


def test_arrays(connection):
    """Also where the verb is another one."""
    body = b"[" + b"1," * 50000 + b"1]"
    connection.send(b"PUT /array HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                    str(len(body)).encode() + b"\r\n\r\n" + body)
    assert connection.read_answer().json == 50001


def test_what_is_written_around_it_stays_there(connection):
    """A large value stands where `write_json` was called."""
    assert connection.get("/pieces").json == [LARGE, 1]


def test_flush_sends_a_large_value(connection):
    """As it sends whatever was written."""
    answer = connection.get("/flushed")
    assert answer.status == 200


def test_value_that_is_no_json_is_an_incident(connection):
    """It is found when the handler has ended; the answer is an error all the same."""
    answer = connection.get("/unfit")
    assert answer.status == 500
    assert answer.json["incident"]


def test_a_handler_may_answer_for_what_is_no_json(connection):
    """By `encoding_failed`."""
    answer = connection.get("/told")
    assert (answer.status, answer.json["error"]) == (502, "it has no numbers like that")


def test_error_takes_the_place_of_a_large_value(connection):
    """Nothing of the value is sent."""
    answer = connection.get("/second")
    assert (answer.status, answer.json["error"]) == (409, "no")
