"""A request that is changed after it was prepared, copied or pickled."""

from __future__ import absolute_import, division, print_function

import copy
import pickle

import pytest

import waterspout
from waterspout.exceptions import InvalidHeader
from waterspout.models.prepared_request import PreparedRequest
from waterspout.models.request_headers import RequestHeaders
from waterspout.structures import Headers

TWICE = Headers([("X-Forwarded-For", "10.0.0.1"), ("X-Forwarded-For", "10.0.0.2")])
BOTH = "10.0.0.1, 10.0.0.2"


@pytest.mark.parametrize("merge", [
    lambda: RequestHeaders().merged(TWICE),
    lambda: waterspout.Session(headers=TWICE).headers,
    lambda: waterspout.Session().prepare_request(
        waterspout.Request("GET", "http://a.example/", headers=TWICE)).headers,
], ids=["merged", "session", "call"])
def test_repeated_fields_of_headers_are_merged_with_all_values(merge):
    """A gateway that forwards headers loses none."""
    assert merge()["X-Forwarded-For"] == BOTH


def test_session_headers_may_be_replaced_by_repeated_fields():
    """By assignment, too."""
    session = waterspout.Session()
    session.headers = TWICE
    assert session.headers["X-Forwarded-For"] == BOTH


def test_cookies_are_prepared_in_the_headers_that_are_there():
    """An ``auth`` callable may hold the headers while it adds cookies."""
    request = PreparedRequest("GET", "http://a.example/")
    headers = request.headers
    request.prepare_cookies({"a": "b"})
    headers["X-Signature"] = "s"
    assert request.headers is headers
    assert (headers["Cookie"], request.headers["X-Signature"]) == ("a=b", "s")


COPIES = [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value, 2))]


@pytest.mark.parametrize("make_copy", COPIES, ids=["copy", "deepcopy", "pickle"])
def test_an_invalid_header_can_be_copied_and_is_refused_when_it_is_sent(make_copy):
    """An error that carries such a request can cross a process boundary."""
    request = PreparedRequest("GET", "http://a.example/")
    request.headers["A"] = 1
    for twin in (make_copy(request), make_copy(request.headers)):
        headers = getattr(twin, "headers", twin)
        assert headers.get_all() == [("A", 1)]
        with pytest.raises(InvalidHeader):
            headers.check()


@pytest.mark.parametrize("name, value", [
    ("Content-Length", "5\r\nX: y"), ("Content-Length", 5), ("Transfer-Encoding", b"\n"),
])
def test_invalid_framing_fields_are_refused_as_any_other(name, value):
    """Although a valid one is replaced by what the body says."""
    request = PreparedRequest("POST", "http://a.example/", data=b"12345")
    request.headers[name] = value
    with pytest.raises(InvalidHeader):
        request.settle()
    headers = RequestHeaders()
    headers[name] = value
    with pytest.raises(InvalidHeader):
        headers.merged({"A": "b"})


@pytest.mark.parametrize("prepared, method, length", [
    ("POST", "GET", None), ("POST", "DELETE", "0"), ("GET", "HEAD", None),
    ("GET", "POST", None),  # As in requests: what has no length when prepared gets none.
])
def test_an_empty_body_has_no_length_in_a_get(prepared, method, length):
    """Although the method was another when the request was prepared (RFC 9110 section 8.6)."""
    request = PreparedRequest(prepared, "http://a.example/")
    request.method = method
    request.settle()
    assert request.headers.get("Content-Length") == length


def test_a_content_length_of_a_get_without_a_body_has_no_effect():
    """The transport would wait for a body, or state an empty one."""
    request = PreparedRequest("GET", "http://a.example/")
    request.headers["Content-Length"] = "9"
    request.settle()
    assert "Content-Length" not in request.headers and not request.says_empty
