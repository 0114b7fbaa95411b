"""One response, as plain requests and as every transport hands it out."""

from __future__ import absolute_import, division, print_function

import gzip
import io
import json
import sys
import zlib

import pytest
import requests
from differences import skip_if_limited
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_server import response

PY2 = sys.version_info[0] == 2


def same(pair, reply, method="GET", path="/"):
    """Assert that both make the same of ``reply``, and return what they make of it."""
    pair.reply = reply
    url = pair.server.url(path)
    ours = pair.ours(method, url)[1]
    assert ours == pair.theirs(method, url)[1]
    return ours


@pytest.mark.parametrize(
    "status, reason",
    [
        (200, "OK"), (200, ""), (200, "Two Words"), (201, "caf\xe9"), (202, "None"), (226, "IM"),
        (299, "Odd"), (300, "Many"), (304, "Not Modified"), (400, "Bad"), (401, "Who"),
        (404, "Not Found"), (418, "Teapot"), (500, "Oops"), (503, "Later"), (599, "Network"),
        (600, "Beyond"), (999, "LinkedIn"),
    ],
)
def test_any_status_is_a_response(pair, status, reason):
    """Any status is an answer, with the server's own words, 599 included."""
    answer = same(pair, response(b"" if status == 304 else b"x", status=status, reason=reason))
    assert (answer.status_code, answer.reason) == (status, reason)


def test_a_status_without_a_reason(pair):
    """Some servers leave out even the space before it."""
    skip_if_limited(pair.transport, "no_reason")
    same(pair, b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nab")


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
        b"2\r\nab\r\nA\r\n0123456789\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nab",
    ],
)
def test_a_body_is_read_however_it_is_framed(pair, reply):
    """No body, an empty one, one of known length and one in chunks."""
    same(pair, reply)


@pytest.mark.parametrize("version", [b"HTTP/1.0", b"HTTP/1.1"])
@pytest.mark.parametrize("fields", [b"", b"Connection: close\r\n"])
def test_a_body_that_ends_with_the_connection(pair, version, fields):
    """As old servers send it."""
    pair.hang_up = True
    try:
        answer = same(pair, version + b" 200 OK\r\n" + fields + b"\r\nuntil the end")
    finally:
        pair.hang_up = False
    assert answer.content == b"until the end"


def test_a_response_to_head_has_fields_and_no_body(pair):
    """The fields of a HEAD describe a body that does not come; the connection goes on."""
    same(pair, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", method="HEAD")
    same(pair, response(b"there"))


@pytest.mark.parametrize(
    "fields",
    [
        [("X-A", "1"), ("x-a", "2"), ("X-A", "3")],
        [("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2")],
        [("X-Empty", "")],
        [("X-Latin", "caf\xe9"), ("X-Utf", "\xe4\xb8\xad")],
        [("X-Http-Reason", "mine")],
        [("X-Colons", "a: b: c")],
        [("x-lower-case-name", "v"), ("X-UPPER", "v")],
    ],
)
def test_header_fields(pair, fields):
    """Names without case, values as they were sent, repeated ones joined."""
    answer = same(pair, response(b"x", headers=fields))
    assert ("x-http-reason", "mine") in answer.headers or "X-Http-Reason" not in dict(fields)


def test_random_header_fields(pair):
    """Whatever Latin-1 a server sends arrives unchanged."""
    values = st.text(
        alphabet=st.characters(
            min_codepoint=0x21, max_codepoint=0xFF, blacklist_categories=("Cc",)
        ),
        max_size=10,
    )

    @settings(max_examples=40)
    @given(values=st.lists(values, max_size=4))
    def call(values):
        head = u"".join(u"X-%d: %s\r\n" % pair for pair in enumerate(values)).encode("latin-1")
        same(pair, b"HTTP/1.1 200 OK\r\n" + head + b"Content-Length: 0\r\n\r\n")

    call()


@pytest.mark.parametrize("content_type", [
    "text/plain", "text/plain; charset=utf-8", "text/html; charset=\"UTF-8\"",
    "text/plain;charset=gbk", "application/json", "application/json; charset=latin-1",
    "application/xml; charset=utf-16", "text/x; a=b; charset=ascii; c=d", "x/y; CHARSET='latin-1'",
])
def test_text_is_decoded_by_the_declared_charset(pair, content_type):
    """The charset that a response declares, or that its type implies."""
    for body in (u"caf\xe9 \u4e2d".encode("utf-8"), b"caf\xe9", b"ascii", b""):
        same(pair, response(body, headers=[("Content-Type", content_type)]))


@pytest.mark.parametrize(
    "encoding, content_type",
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-16-le", None),
        ("utf-32-be", None),
        ("utf-8", "application/json"),
        ("utf-8", "application/json; charset=UTF-8"),
        ("gbk", "application/json; charset=gbk"),
        ("latin-1", "text/plain"),
    ],
)
def test_json(pair, encoding, content_type):
    """JSON in one of its own encodings, or in the one that is declared."""
    value = {u"name": u"\xe9" if encoding == "latin-1" else u"\u4e2d", u"n": [1, 2.5, None, True]}
    body = json.dumps(value, ensure_ascii=False)
    body = (body if isinstance(body, type(u"")) else body.decode("ascii")).encode(encoding)
    pair.reply = response(body, headers=[("Content-Type", content_type)] if content_type else ())
    url = pair.server.url()
    theirs = requests.get(url, timeout=30).json()
    assert pair.client.get(url).json() == theirs == value


def test_random_bodies(pair):
    """Any bytes, in any coding that we ask for, in one or several chunks."""

    @settings(max_examples=40)
    @given(
        body=st.binary(max_size=200),
        coding=st.sampled_from(
            ["identity", "gzip", "x-gzip", "deflate", "raw deflate", "gzip, deflate"]
        ),
        chunked=st.booleans(),
    )
    def call(body, coding, chunked):
        encoded = body
        for name in coding.split(", "):
            encoded = encode(encoded, name)
        fields = [("Content-Type", "text/plain"), ("Content-Encoding", coding.replace("raw ", ""))]
        if PY2 and "x-gzip" in coding:
            return  # Newer than the urllib3 of 2.7.
        if chunked:
            fields.append(("Transfer-Encoding", "chunked"))
            encoded = b"".join(chunk(each) for each in (encoded[:3], encoded[3:])) + b"0\r\n\r\n"
        answer = same(pair, response(encoded, headers=fields, length=not chunked))
        assert answer.content == body

    call()


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data) if data else b""


def encode(data, coding):
    if coding in ("gzip", "x-gzip"):
        buffer = io.BytesIO()
        with gzip.GzipFile(fileobj=buffer, mode="wb") as file:
            file.write(data)
        return buffer.getvalue()
    if coding == "deflate":
        return zlib.compress(data)
    if coding == "raw deflate":
        return zlib.compress(data)[2:-4]
    return data


@pytest.mark.parametrize("status", [200, 204, 302, 399, 400, 404, 499, 500, 503, 599])
def test_ok_and_raise_for_status_agree_about_the_status(pair, status):
    """``ok`` and ``raise_for_status()`` draw the same line."""
    pair.reply = response(b"", status=status)
    url = pair.server.url()
    theirs = requests.get(url, timeout=30)
    ours = pair.client.get(url)
    assert ours.ok == theirs.ok
    assert raises(ours) == raises(theirs)


def raises(answer):
    try:
        answer.raise_for_status()
    except Exception as error:
        return type(error).__name__, error.response is answer, str(error).replace(answer.url, "URL")
    return None


def test_elapsed_is_a_timedelta(pair):
    """A timedelta, as in requests."""
    pair.reply = response(b"x")
    assert 0 < pair.client.get(pair.server.url()).elapsed.total_seconds() < 30
