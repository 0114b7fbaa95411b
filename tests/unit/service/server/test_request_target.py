"""What is read from a request's head beside Tornado's own parsing."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado.httputil import HTTPHeaders, HTTPInputError, RequestStartLine
from waterspout.service._server.request_head import (
    has_option,
    origin_form,
    settle_expectation,
)


def target_of(target, **headers):
    line = RequestStartLine("GET", target, "HTTP/1.1")
    return origin_form(line, HTTPHeaders(headers)).path


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
    ],
)
def test_absolute_form_becomes_origin_form(target, host, path):
    """Letter case and default ports do not matter: RFC 9112 section 3.2.2."""
    assert target_of(target, Host=host) == path


@pytest.mark.parametrize("target", ["http://y/", "http://x:81/", "http://u@x/", "http:///a"])
def test_absolute_form_of_another_host_is_refused(target):
    """Another port, user information, no host."""
    with pytest.raises(HTTPInputError):
        target_of(target, Host="x")


def test_authority_becomes_the_missing_host_field():
    """Of HTTP/1.0, which does not require the field."""
    headers = HTTPHeaders()
    origin_form(RequestStartLine("GET", "http://x:8080/a", "HTTP/1.0"), headers)
    assert headers["Host"] == "x:8080"


@pytest.mark.parametrize(
    "value, has", [("close", True), ("Keep-Alive, CLOSE", True), ("closed", False), ("", False)]
)
def test_option_of_a_list_field_is_found_without_case(value, has):
    """Connection: RFC 9110 section 7.6.1."""
    assert has_option(HTTPHeaders({"Connection": value}), "Connection", "close") == has


@pytest.mark.parametrize(
    "version, value, waits, left",
    [
        ("HTTP/1.1", "100-Continue", True, "100-continue"),
        ("HTTP/1.0", "100-continue", False, None),
        ("HTTP/1.1", "other", False, "other"),
    ],
)
def test_expectation_is_what_tornado_compares(version, value, waits, left):
    """Tornado compares the value exactly and ignores the version."""
    headers = HTTPHeaders({"Expect": value})
    assert settle_expectation(version, headers) == waits
    assert headers.get("Expect") == left
