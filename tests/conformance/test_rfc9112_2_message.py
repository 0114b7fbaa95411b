from __future__ import absolute_import, division, print_function

import pytest
from wire_feeding import feed, read, refused

from waterspout._wire import MessageLimits


def test_a_message_is_start_line_fields_empty_line_body():
    """Section 2.1: the parts arrive as they were sent, names and order kept."""
    reading = read(
        b"HTTP/1.1 200 OK\r\nServer: x\r\nCONTENT-length: 5\r\nserver: y\r\n\r\nhello")
    assert reading.head.status_code == 200
    assert reading.head.reason == b"OK"
    assert reading.head.http_version == b"1.1"
    assert reading.head.raw == b"Server: x\r\nCONTENT-length: 5\r\nserver: y\r\n"
    assert reading.head.pairs() == [
        (b"Server", b"x"), (b"CONTENT-length", b"5"), (b"server", b"y")]
    assert reading.body == b"hello"
    assert reading.ended and reading.trailers == []
    assert reading.connection.reusable


def test_a_header_section_may_be_empty():
    """Section 2.1: field lines are optional; without them the body lasts until the close."""
    reading = read(b"HTTP/1.1 200 OK\r\n\r\nhello", closed=True)
    assert reading.head.pairs() == []
    assert reading.body == b"hello"


BARE_LF = "a bare LF ended a line of the response head"


@pytest.mark.parametrize("head", [
    b"HTTP/1.1 200 OK\nContent-Length: 2\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\n",
    b"HTTP/1.1 200 OK\nContent-Length: 2\n\n",
])
def test_a_bare_lf_ends_a_line_of_a_head(head):
    """Section 2.2 allows to accept it. It may be a user's, so nothing else may follow."""
    reading = read(head + b"ok")
    assert reading.head.raw == b"Content-Length: 2\r\n"
    assert (reading.body, reading.ended) == (b"ok", True)
    assert reading.connection.why_not_reusable() == BARE_LF


def test_a_bare_lf_is_accepted_in_heads_without_fields_folded_or_informational():
    """Without fields, folded, and in an informational response."""
    reading = read(b"HTTP/1.1 200 OK\n\nto the end", closed=True)
    assert (reading.head.raw, reading.body) == (b"", b"to the end")
    folded = read(b"HTTP/1.1 200 OK\nA: b\n c\r\n d\nContent-Length: 0\n\n")
    assert folded.head.pairs() == [(b"A", b"b c d"), (b"Content-Length", b"0")]
    hinted = read(b"HTTP/1.1 103 H\nA: b\n\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    assert [head.status_code for head in hinted.informational] == [103]
    assert (hinted.body, hinted.connection.why_not_reusable()) == (b"ok", BARE_LF)


def test_the_first_empty_line_ends_the_head():
    """However it ends: what follows is the body."""
    reading = read(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\nA: b\r\n\r\n")
    assert reading.body == b"A: b\r\n\r\n"


@pytest.mark.parametrize("head, why", [
    (b"HTTP/1.1 200 OK\r\r\n\n", "malformed status line"),
    (b"HTTP/1.1 200 OK\nX: a\rb\n\n", "control character in the value of field 'X'"),
    (b"HTTP/1.1 200 OK\nX: a\x00\n\n", "control character in the value of field 'X'"),
    (b"HTTP/1.1 200 OK\nX : a\n\n", "whitespace between field name"),
    (b"HTTP/1.1 200 OK\n X: a\n\n", "whitespace before the first field"),
    (b"HTTP/1.1 200 OK\na/b: c\n\n", "'a/b' is not a field name"),
    (b"HTTP/1.1 200 OK\nnothing\n\n", "field line without a colon"),
    (b"HTTP/1.1 200 OK\nContent-Length: 2\nContent-Length: 3\n\n", "Content-Length is both"),
    (b"HTTP/1.1 200 OK\nContent-Length: 2\nTransfer-Encoding: chunked\n\n", "both"),
    (b"\nHTTP/1.1 200 OK\n\n", "not an HTTP/1 response"),
])
def test_a_head_with_bare_lfs_is_held_to_every_other_rule(head, why):
    """Every other rule holds for such a head."""
    refused(head, why)


@pytest.mark.parametrize("head", [
    b"HTTP/1.1 200 O\rK\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\rContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\r\nContent-Length: 0\r\n\r\n",
])
def test_a_bare_cr_in_the_status_line_is_refused(head):
    """Section 2.2: a bare CR must be taken as invalid, or as a space."""
    refused(head, "malformed status line")


@pytest.mark.parametrize("head", [
    b"HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX: a\rContent-Length: 5\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX: a\r\r\n\r\n",
])
def test_a_bare_cr_in_a_field_is_refused(head):
    """Section 2.2: a bare CR must be taken as invalid, or as a space."""
    refused(head, "control character in the value of field 'X'")


def test_whitespace_in_front_of_the_first_field_is_refused():
    """Section 2.2: reject the message, or skip the line; it is not an obs-fold."""
    refused(b"HTTP/1.1 200 OK\r\n X: 1\r\n\r\n", "whitespace before the first field")
    refused(b"HTTP/1.1 200 OK\r\n\tX: 1\r\n\r\n", "whitespace before the first field")


def test_an_empty_line_in_front_of_a_response_is_refused():
    """Section 2.2 lets only servers skip one."""
    refused(b"\r\nHTTP/1.1 200 OK\r\n\r\n", r"not an HTTP/1 response: it begins with '\\r")


@pytest.mark.parametrize("data", [
    b"SSH-2.0-OpenSSH_9.2p1\r\n",
    b"\x15\x03\x01\x00\x02\x02\x46",
    b"<html>",
    b"220 mail.example.org ESMTP\r\n",
    b"http/1.1 200 OK\r\n\r\n",
    b"HTTP/2.0 200 OK\r\n\r\n",
    b"HTTP/0.9 200 OK\r\n\r\n",
    b"HTTP/11 200 OK\r\n\r\n",
    b"HTTPS/1.1 200 OK\r\n\r\n",
    b"RTSP/1.0 200 OK\r\n\r\n",
    b"ICY 200 OK\r\n\r\n",
])
def test_another_protocol_is_refused_at_its_first_wrong_byte(data):
    """Section 2.3: HTTP-name is case-sensitive, and another major version another protocol."""
    refused(data, "not an HTTP/1 response")


def test_the_error_quotes_40_escaped_bytes_of_another_protocol():
    """What spoke instead is in the error, at most 40 bytes of it."""
    error = refused(b"SSH-2.0\x00\x1b[31m" + b"x" * 100, "not an HTTP/1 response")
    assert len(str(error)) < 120
    assert r"'SSH-2.0\x00" in str(error)


@pytest.mark.parametrize("minor", [b"1", b"2", b"9"])
def test_a_higher_minor_version_is_read_as_1_1(minor):
    """RFC 9110 section 2.5: process it as the highest minor version known."""
    reading = read(b"HTTP/1." + minor + b" 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    assert reading.head.http_version == b"1." + minor
    assert reading.connection.reusable


def test_a_head_with_bare_lfs_is_limited():
    """MessageLimits counts its bytes and lines like those of any other."""
    head = b"HTTP/1.1 200 OK\n" + b"A: b\n" * 3 + b"Content-Length: 0\n\n"
    assert feed([head], limits=MessageLimits(head_bytes=len(head) + 6, field_count=4)).ended
    refused(head, "response head of more than 20 bytes", limits=MessageLimits(head_bytes=20))
    refused(head, "more than 3 field lines", limits=MessageLimits(field_count=3))
    refused(head, "status line of more than 14 bytes", limits=MessageLimits(start_line_bytes=14))
