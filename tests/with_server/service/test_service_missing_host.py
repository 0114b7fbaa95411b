"""Requests without a Host field: refused, unless the application serves old clients."""

from __future__ import absolute_import, division, print_function

import pytest
from served_app import ServedApp

from waterspout import service


class HostHandler(service.JSONHandler):
    def get(self):
        self.write_json({
            "host": self.request.host, "field": self.request.headers.get("Host"),
            "q": self.get_argument("q", None),
        })

    def post(self):
        self.write_json({"body": self.body.decode("ascii")})


def make_app(**options):
    return lambda: service.Application([("/", HostHandler)], **options)


def test_missing_host_is_refused(serve):
    """RFC 9112 section 3.2."""
    with serve(make_app()) as served, served.connect() as connection:
        connection.send(b"GET / HTTP/1.1\r\n\r\n")
        answer = connection.read_answer()
        assert answer.status == 400
        assert answer.json["error"].startswith("there must be one Host field")


def test_missing_host_is_served_if_it_is_allowed(serve):
    """As if the host was 127.0.0.1; more requests follow on the connection."""
    with serve(make_app(allow_missing_host=True)) as served, served.connect() as connection:
        expected = {"host": "127.0.0.1", "field": "127.0.0.1", "q": None}
        connection.send(b"GET / HTTP/1.1\r\n\r\n")
        assert connection.read_answer().json == expected
        connection.send(b"GET /?q=1 HTTP/1.1\r\n\r\n")
        assert connection.read_answer().json == dict(expected, q="1")
        connection.send(b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx")
        assert connection.read_answer().json == {"body": "x"}


@pytest.mark.parametrize("allowed", [True, False])
def test_http_1_0_needs_no_host(serve, allowed):
    """The field is from HTTP/1.1."""
    with serve(make_app(allow_missing_host=allowed)) as served, served.connect() as connection:
        connection.send(b"GET / HTTP/1.0\r\n\r\n")
        assert connection.read_answer().json["host"] == "127.0.0.1"


def test_host_that_is_there_is_kept(serve):
    """Only its absence is tolerated."""
    with serve(make_app(allow_missing_host=True)) as served, served.connect() as connection:
        connection.send(b"GET / HTTP/1.1\r\nHost: x:80\r\n\r\n")
        assert connection.read_answer().json["host"] == "x:80"


def test_two_hosts_are_refused_although_a_missing_one_is_allowed():
    """Two readers could choose different ones."""
    with ServedApp(make_app(allow_missing_host=True)) as served, served.connect() as connection:
        connection.send(b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")
        assert connection.read_answer().status == 400


def test_page_that_sends_no_host_is_of_another_origin(serve):
    """Browsers always send the field; the check of their origin is not relaxed."""
    with serve(make_app(allow_missing_host=True)) as served, served.connect() as connection:
        connection.send(b"POST / HTTP/1.1\r\nOrigin: http://evil.example\r\n"
                        b"Content-Length: 0\r\n\r\n")
        assert connection.read_answer().status == 403
