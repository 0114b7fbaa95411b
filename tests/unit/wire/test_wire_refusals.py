from __future__ import absolute_import, division, print_function

import pytest
from request_feeding import refused

from waterspout._wire import MessageLimits, RequestRefused
from waterspout._wire.refusals import STATUS_CODES

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = GET + b"Transfer-Encoding: chunked\r\n\r\n"
SMALL = MessageLimits(start_line_bytes=20, head_bytes=200, field_count=3, trailer_bytes=20,
                      body_bytes=5)

#: An example of each kind, the status code of the answer, and how the text begins.
REFUSALS = {
    "request line": (b"GET  / HTTP/1.1\r\n\r\n", 400, "no target in the request line"),
    "target size": (b"GET /" + b"a" * 20, 414, "request line of more than 20 bytes"),
    "target": (b"GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400, "the target is neither a path nor"),
    "version": (b"GET / HTTP/2.0\r\n\r\n", 505, "'HTTP/2.0' is not supported"),
    "line end": (b"GET / HTTP/1.1\n\n", 400, "bare LF in the request head"),
    "field": (GET + b"A : b\r\n\r\n", 400, "whitespace between field name 'A ' and colon"),
    "head size": (GET + b"A: " + b"b" * 200, 431, "request head of more than 200 bytes"),
    "field count": (GET + b"A: b\r\n" * 3 + b"\r\n", 431, "more than 3 field lines"),
    "host": (GET + GET[-9:] + b"\r\n", 400, "more than one Host field"),
    "connection": (GET + b"Connection: \xa0\r\n\r\n", 400, r"'\xa0' in Connection"),
    "content-length": (GET + b"Content-Length: -1\r\n\r\n", 400, "'-1' is not a Content-Length"),
    "transfer-encoding": (GET + b"Transfer-Encoding: x\r\n\r\n", 400, "Unsupported Transfer-Enc"),
    "unsupported coding": (GET + b"Transfer-Encoding: x, chunked\r\n\r\n", 501,
                           "Unsupported Transfer-Encoding x, chunked"),
    "chunk": (CHUNKED + b"x\r\n", 400, "'x' is not a chunk size"),
    "trailer": (CHUNKED + b"0\r\nA\r\n\r\n", 400, "field line without a colon: 'A'"),
    "trailer size": (CHUNKED + b"0\r\nA: " + b"b" * 20, 431, "trailer section of more than 20"),
    "body size": (CHUNKED + b"6\r\n", 413, "chunked body too large: body of more than 5 bytes"),
    "incomplete": (b"GET", 400, "the connection was closed after 3 bytes of a request head"),
}


#: What the wire does not decide: it knows no clock and no application.
DECIDED_ABOVE = {"head time", "body time", "expectation", "application"}


def test_there_is_an_example_of_each_kind():
    """A kind without one is never counted."""
    assert set(STATUS_CODES) == set(REFUSALS) | DECIDED_ABOVE


@pytest.mark.parametrize("kind", sorted(REFUSALS))
def test_each_kind_of_refusal_has_its_status_code(kind):
    """A counter for each kind, and an answer for each."""
    data, status_code, why = REFUSALS[kind]
    error = refused(data, kind, limits=SMALL, closed=kind == "incomplete")
    assert type(error) is RequestRefused
    assert error.status_code == status_code == STATUS_CODES[kind]
    assert str(error).startswith(why)


@pytest.mark.parametrize("kind", sorted(set(REFUSALS) - {"incomplete"}))
def test_a_refusal_says_the_same_behind_another_request(kind):
    """The state that one request leaves behind does not show in the next."""
    data, _, why = REFUSALS[kind]
    before = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
    assert str(refused(before + data, kind, limits=SMALL)).startswith(why)


def test_the_preface_of_http_2_is_a_version_that_is_not_supported():
    """With the frame after it, which is no part of the head."""
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x12\x04\x00\x00\x00\x00\x00"
    assert str(refused(preface, "version")) == "'HTTP/2.0' is not supported"
