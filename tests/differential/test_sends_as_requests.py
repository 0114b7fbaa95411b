"""What arrives at a server, and what comes back, through requests and through every transport."""

from __future__ import absolute_import, division, print_function

import json
import sys

import encoding_strategies as inputs
import pytest
from differences import LIMITS
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_server import response

from waterspout._encoding.urls import encode_pairs

PY2 = sys.version_info[0] == 2


def same(pair, method, path=u"/", **kwargs):
    """Assert that the call looks the same from both ends."""
    pair.reply = kwargs.pop("reply", response(b"{}"))
    url = pair.server.url(u"") + path
    assert pair.ours(method, url, **kwargs) == pair.theirs(method, url, **kwargs)


@pytest.mark.parametrize("method", "GET POST PUT PATCH DELETE OPTIONS PROPFIND HEAD".split())
@pytest.mark.parametrize(
    "content", [{}, {"data": b"body"}, {"json": {"a": 1}}, {"data": {"a": ""}}]
)
def test_every_method_with_and_without_a_body(pair, method, content):
    """A body is sent with whatever method, an empty one where HTTP says so."""
    if method == "HEAD" and content and (pair.transport, "head_with_body") in LIMITS:
        pytest.skip(LIMITS[pair.transport, "head_with_body"])
    same(pair, method, reply=response(b"" if method == "HEAD" else b"{}"), **content)


def test_random_calls(pair):
    """Whatever query, form, headers and method: the same request arrives."""

    @settings(max_examples=60)
    @given(
        method=inputs.methods.filter(lambda method: method.upper() != "HEAD"),
        path=inputs.text.map(lambda path: path.lstrip(u"/")),  # differences.double_slash
        params=inputs.forms,
        data=st.one_of(st.none(), inputs.forms.filter(is_not_empty), st.binary(max_size=20)),
        headers=inputs.headers.map(without_reserved),
    )
    def call(method, path, params, data, headers):
        path, params, data = [without_tilde(each) for each in (u"/" + path, params, data)]
        same(pair, method, path, params=params, data=data, headers=headers)

    call()


def is_not_empty(form):
    """differences.empty_form"""
    return not form or encode_pairs(form, "data") != ""


def without_reserved(headers):
    # Framing and addressing are not free text.
    reserved = ("host", "content-length", "transfer-encoding", "connection", "te", "expect")
    return dict((name, value) for name, value in headers.items() if name not in reserved)


def without_tilde(value):
    """differences.tilde_on_27"""
    if not PY2:
        return value
    if isinstance(value, dict):
        return dict((without_tilde(name), without_tilde(each)) for name, each in value.items())
    if isinstance(value, (list, tuple)):
        return type(value)(without_tilde(each) for each in value)
    if isinstance(value, unicode):  # noqa: F821
        return value.replace(u"~", u"-")
    return value.replace(b"~", b"-") if isinstance(value, str) else value


def test_random_json(pair):
    """JSON arrives as the bytes that requests sends."""

    @settings(max_examples=20)
    @given(value=inputs.json_values.filter(lambda value: value is not None))
    def call(value):
        same(pair, "POST", json=value)
        assert json.loads(pair.server.received[0].body.decode("utf-8")) == value

    call()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Empty": ""},
        {"X-Trailing": "a  "},
        {"X-Latin": "caf\xe9"},
        {"X-Bytes": b"caf\xe9"},
        {"Accept": "text/html"},
        {"Accept": ""},
        {"Accept": None},
        {"Accept-Encoding": None},
        {"Host": "other.example:81"},
        {"Content-Type": ""},
        {"accept": "x", "cOnTeNt-TyPe": "y"},
    ],
    ids=repr,
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_headers_of_session_and_call_are_merged_alike(pair, method, headers):
    """Given, empty, bytes, removed by None, and over the defaults."""
    same(pair, method, headers=headers)


def test_a_large_body(pair):
    """More than any buffer on the way."""
    body = bytes(bytearray(range(256))) * 8192
    reply = response(body, headers=[("Content-Type", "text/plain; charset=latin-1")])
    same(pair, "POST", data=body, reply=reply)


@pytest.mark.parametrize("count", [1, 3])
def test_repeated_calls(pair, count):
    """A kept connection carries the next call as a new one does."""
    for number in range(count):
        same(pair, "POST", u"/%d" % number, data=b"x" * number)


def test_an_ipv6_address(pair):
    """The Host header has its brackets."""
    from raw_server import RawServer, answering

    with RawServer(answering(response(b"v6")), host="::1") as server:
        arrived = []
        for call in (pair.ours, pair.theirs):
            call("GET", server.url("/a"))
            arrived.append(server.received.pop())
        assert [request.target for request in arrived] == ["/a", "/a"]
        assert [dict(request.headers)["host"] for request in arrived] == [server.address] * 2
