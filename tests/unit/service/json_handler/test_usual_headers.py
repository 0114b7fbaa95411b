"""The encoded header fields of usual responses are HTTPHeaders like any other."""

from __future__ import absolute_import, division, print_function

import copy

import pytest
from tornado.httputil import HTTPHeaders

from waterspout.service._json_handler.usual_headers import UsualHeaders


def fields(length=None):
    headers = UsualHeaders()
    expected = HTTPHeaders({
        "Content-Type": "application/json; charset=utf-8",
        "X-Content-Type-Options": "nosniff",
        "Date": UsualHeaders()["Date"],
    })
    if length is not None:
        headers.set_content_length(length)
        expected["Content-Length"] = str(length)
    return headers, expected


@pytest.mark.parametrize("length", [None, 0, 12345])
@pytest.mark.parametrize("look", [
    lambda headers: sorted(headers.get_all()),
    lambda headers: headers.get("content-length"),
    lambda headers: headers.get_list("Content-Length"),
    lambda headers: "Content-Length" in headers,
    lambda headers: (headers["date"], headers.get("Content-Length"), len(headers)),
    lambda headers: sorted(copy.copy(headers).get_all()),
    lambda headers: sorted(copy.deepcopy(headers).get_all()),
    lambda headers: bool(headers),
], ids=["all", "get", "list", "in", "several", "copy", "deepcopy", "bool"])
def test_the_fields_are_there_whatever_is_asked_for(length, look):
    headers, expected = fields(length)
    assert look(headers) == look(expected)
    assert sorted(headers.get_all()) == sorted(expected.get_all())


def test_a_length_that_was_set_before_stays():
    """As with ``setdefault``."""
    headers, _ = fields(5)
    headers.set_content_length(6)
    assert headers["Content-Length"] == "5"
    headers, _ = fields()
    headers["Content-Length"] = "7"
    headers.set_content_length(8)
    assert headers["Content-Length"] == "7"


def test_a_change_is_sent():
    headers, expected = fields(5)
    headers["X-Request-Id"] = expected["X-Request-Id"] = "a"
    assert headers.encoded() is None and headers.unparsed is None
    assert sorted(headers.get_all()) == sorted(expected.get_all())


def test_the_encoded_lines_are_those_of_the_fields():
    headers, expected = fields(5)
    lines, length = headers.encoded()
    assert length == 5 and b"Length" not in lines
    assert headers.unparsed == lines + b"Content-Length: 5\r\n"
    assert HTTPHeaders.parse(headers.unparsed.decode("ascii")) == expected
