"""The request's target, as handlers get it."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado.httputil import HTTPHeaders, RequestStartLine

from waterspout.service._server.request_target import origin_form


@pytest.mark.parametrize(
    "target, host, path",
    [
        ("/a?b=c", "x", "/a?b=c"),
        ("http://x/a?b=c", "x", "/a?b=c"),
        ("http://x", "x", "/"),
        ("http://x?b", "x", "/?b"),
        ("HTTP://X:80/a", "x", "/a"),
        ("https://x/a", "x:443", "/a"),
        ("http://[::1]:8080/a", "[::1]:8080", "/a"),
        ("*", "x", "*"),
        ("x:80", "x", "x:80"),
    ],
)
def test_absolute_form_becomes_origin_form(target, host, path):
    """Every other form is kept: RFC 9112 section 3.2. The wire has compared the hosts."""
    line = RequestStartLine("GET", target, "HTTP/1.1")
    assert origin_form(line, HTTPHeaders({"Host": host})).path == path


def test_authority_becomes_the_missing_host_field():
    """Of HTTP/1.0, which does not require the field."""
    headers = HTTPHeaders()
    origin_form(RequestStartLine("GET", "http://x:8080/a", "HTTP/1.0"), headers)
    assert headers["Host"] == "x:8080"
