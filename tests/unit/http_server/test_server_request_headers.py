"""A request's fields are those that the installed Tornado's server gives to a handler."""

from __future__ import absolute_import, division, print_function

import pickle

import pytest
from tornado.http1connection import HTTP1Connection
from tornado.httputil import HTTPHeaders

from waterspout._http_server.request_headers import RequestHeaders


@pytest.mark.parametrize("raw", [
    b"", b"Host: here\r\n", b"host:here\r\nCookie: a=1\r\ncookie: b=2\r\nX-Empty:\r\n",
    b"X-Name: \xe9t\xe9 \xa0\r\nX-Name: \xc3\xa9\r\n",
])
def test_fields_equal_those_of_tornados_connection(raw):
    """Values, order and types."""
    connection = HTTP1Connection.__new__(HTTP1Connection)
    _, expected = connection._parse_headers(b"GET / HTTP/1.1\r\n" + raw + b"\r\n")
    headers = RequestHeaders(raw)
    assert isinstance(headers, HTTPHeaders) and headers == expected
    assert list(headers.get_all()) == list(expected.get_all())
    assert [type(value) for value in headers.values()] == [str] * len(expected)


def test_pickled_fields_stay_request_headers():
    """A program may hand a request to another process."""
    headers = pickle.loads(pickle.dumps(RequestHeaders(b"Host: here\r\n")))
    assert type(headers) is RequestHeaders and dict(headers) == {"Host": "here"}
