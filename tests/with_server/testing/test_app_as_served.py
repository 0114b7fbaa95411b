"""AppTransport and a server on a port: the application and the client see the same."""

from __future__ import absolute_import, division, print_function

import io

import pytest
from client_fixtures import Client
from echo_app import echo_app
from served_app import ServedApp
from served_http import BOTH, ServedHTTP

import waterspout
from waterspout import service
from waterspout.testing import AppTransport

#: With a boundary that is not chosen at random.
MULTIPART = (b'--limit\r\nContent-Disposition: form-data; name="f"; filename="n.txt"\r\n\r\n'
             b"content\r\n--limit--\r\n")

#: ``(method, path, keywords)``.
REQUESTS = [
    ("GET", "/", {}),
    ("GET", "/a/b%2Fc/%7Ed", {}),
    ("GET", u"/a b/\u00e9?q=\u00e9 x&empty=&plus=%2B", {}),
    ("GET", "/q?a=1", {"params": [("b", "x y"), ("a", "2"), ("c", b"\xff")]}),
    ("GET", "/headers", {"headers": {"X-b": "1", "x-A": "two  words", "Accept": "text/plain"}}),
    ("GET", "/headers", {"headers": {"Host": "other.example:81"}}),
    ("GET", "/headers", {"headers": {"X-Latin": b"caf\xe9", "User-Agent": None}}),
    ("GET", "/cookies", {"cookies": {"a": "1", "b": "2"}}),
    ("GET", "/auth", {"auth": ("user", u"p\u00e4ss")}),
    ("HEAD", "/a", {}),
    ("OPTIONS", "/a", {}),
    ("DELETE", "/a", {}),
    ("DELETE", "/a", {"data": b"body"}),
    ("PATCH", "/a", {"json": {"a": [1, 2, None]}}),
    ("POST", "/a", {}),
    ("POST", "/a", {"data": b""}),
    ("POST", "/a", {"data": {"a": "1", "b": ["2", u"\u00e9"]}}),
    ("POST", "/a", {"data": MULTIPART, "headers": {
        "Content-Type": "multipart/form-data; boundary=limit"}}),
    ("POST", "/a", {"data": b"\x00\xff" * 200000}),
    ("PUT", "/a", {"data": u"text \u20ac".encode("utf-8")}),
    ("POST", "/streamed", {"data": b"x" * 300000}),
    ("POST", "/a", {"data": b"x", "headers": {"Expect": "100-continue"}}),
    ("POST", "/a", {"data": b"x", "headers": {"Connection": "close"}}),
    ("POST", "/limited", {"data": b"x" * 1000}),
    ("GET", "/status/204", {}),
    ("GET", "/status/304", {}),
    ("GET", "/status/404", {}),
    ("GET", "/status/500", {}),
    ("POST", "/status/303", {"allow_redirects": False}),
    ("HEAD", "/status/200", {}),
    ("GET", "/chunks/0", {}),
    ("GET", "/chunks/100", {}),
    ("GET", "/fails", {}),
    ("GET", "/" + "long" * 1000, {}),
]

#: Bodies that can be sent once are made for each call.
STREAMED = [
    ("POST", "/a", lambda: iter([b"a", b"", b"bc", b"d" * 100000])),
    ("PUT", "/streamed", lambda: iter([b"x" * 70000] * 5)),
    ("POST", "/a", lambda: io.BytesIO(b"file" * 1000)),
    ("POST", "/streamed", lambda: io.BytesIO(b"")),
]


#: Fields that differ from one response to the next.
_OF_ONE_RESPONSE = ("date", "x-request-id")


class Ways(object):
    """Two sessions that call the same application, one over a network."""

    def __init__(self, io_loop, served, transport):
        self.port = served.port
        self.over_network = Client(io_loop, "pooled")
        self.in_process = Client(io_loop, transport)

    def compare(self, method, path, make_keywords):
        """What came back, which is the same on both ways; twice, the second on a kept connection.
        """
        for _ in range(2):
            seen = [
                self.seen(client.request(
                    method, "http://127.0.0.1:%d%s" % (self.port, path), **make_keywords()))
                for client in (self.over_network, self.in_process)]
            assert seen[0] == seen[1]
        return seen[1]

    @staticmethod
    def seen(response):
        fields = sorted((name.lower(), "" if name.lower() in _OF_ONE_RESPONSE else value)
                        for name, value in response.headers.get_all())
        return response.status_code, response.reason, fields, response.content

    def close(self):
        self.over_network.close()
        self.in_process.close()


@pytest.fixture(params=BOTH, ids=["ours", "tornado"])
def ways(request, io_loop):
    with ServedHTTP(echo_app(), request.param) as served:
        ways = Ways(io_loop, served, AppTransport(echo_app()))
        yield ways
        ways.close()


@pytest.mark.parametrize("method, path, keywords", REQUESTS)
def test_requests_and_responses_are_the_same(ways, method, path, keywords):
    """Request line, fields in order, body, address; status, reason phrase, fields, body."""
    status_code, _, fields, content = ways.compare(method, path, lambda: dict(keywords))
    assert ("date", "") in fields and [name for name, _ in fields if name == "server"]
    assert content or method in ("HEAD", "PUT") or status_code in (204, 304) or (
        path == "/chunks/0")


@pytest.mark.parametrize("method, path, make_body", STREAMED)
def test_streamed_bodies_are_framed_in_the_same_way(ways, method, path, make_body):
    """By Content-Length or chunked."""
    ways.compare(method, path, lambda: {"data": make_body()})


class Hello(service.JSONHandler):

    def post(self):
        self.finish({"got": self.read_json_object(), "from": self.request.remote_ip})


def kit_app():
    return service.Application([(r"/hello", Hello)], max_body_bytes=1000)


@pytest.mark.parametrize("method, path, keywords", [
    ("POST", "/hello", {"json": {"a": 1}}),
    ("POST", "/hello", {"data": b"{"}),
    ("POST", "/hello", {"data": b"[%s0]" % (b"0," * 1000)}),
    ("GET", "/hello", {}),
    ("GET", "/missing", {}),
    ("POST", "/hello", {"json": {}, "headers": {"Expect": "magic"}}),
    ("GET", "/" + "x" * 9000, {}),
    ("GET", "/hello", {"headers": dict(("X-%d" % number, "1") for number in range(200))}),
])
def test_an_application_of_the_kit_answers_the_same(io_loop, method, path, keywords):
    """Its own server's refusals in JSON included: too large, too long, too many fields."""
    with ServedApp(kit_app) as served:
        ways = Ways(io_loop, served, AppTransport(kit_app()))
        status_code, _, _, content = ways.compare(method, path, lambda: dict(keywords))
        ways.close()
    assert content.startswith(b"{")


def test_a_body_above_the_limit_is_refused_as_by_the_server(io_loop):
    """``max_body_size`` of HTTPServer, for a handler and a stream."""
    with ServedHTTP(echo_app(), max_body_size=1000) as served:
        ways = Ways(io_loop, served, AppTransport(echo_app(), max_body_size=1000))
        for path in ("/a", "/streamed"):
            assert ways.compare("POST", path, lambda: {"data": b"x" * 1001})[0] == 400
        ways.close()


def test_what_tornados_server_does_otherwise(io_loop):
    """A limit that a handler sets, informational responses, answers before the body's end, and a
    chunked response to HEAD.
    """
    with ServedHTTP(echo_app()) as served:
        ways = Ways(io_loop, served, AppTransport(echo_app()))
        assert ways.compare("POST", "/limited", lambda: {"data": b"x" * 1001})[0] == 400
        assert ways.compare("GET", "/hints", dict)[3] == b"final"
        assert ways.compare("POST", "/refuses", lambda: {"data": b"x" * 1000000})[0] == 401
        assert ways.compare("HEAD", "/chunks/2", dict)[3] == b""
        ways.close()


def test_the_trace_has_the_same_phases(io_loop):
    """None for the same ones, and the same connections are reused."""
    with ServedHTTP(echo_app()) as served:
        clients = Client(io_loop, "pooled"), Client(io_loop, AppTransport(echo_app()))
        url = "http://127.0.0.1:%d/" % served.port
        for _ in range(2):
            traces = [client.get(url).trace for client in clients]
            first, second = [
                [name for name in waterspout.Trace.__slots__ if getattr(trace, name) is not None]
                for trace in traces]
            assert first == second
            assert traces[0].reused is traces[1].reused
        for client in clients:
            client.close()
