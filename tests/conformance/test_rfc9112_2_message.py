from __future__ import absolute_import, division, print_function

import pytest
from wire_feeding import read, refused


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


@pytest.mark.parametrize("head", [
    b"HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 0\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\n",
    b"HTTP/1.1 200 OK\r\nX: 1\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\nContent-Length: 0\n\n",
])
def test_a_bare_lf_ends_no_line(head):
    """Section 2.2 allows to accept it; then whoever can write LF into a value writes fields."""
    refused(head, "bare LF as a line end in the response head")


def test_a_peer_that_ends_lines_with_lf_is_refused_at_its_first_line():
    """It would never send the empty line that we wait for."""
    refused(b"HTTP/1.1 200 OK\n", "bare LF")


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
    refused(b"HTTP/1.1 200 OK\r\n X: 1\r\n\r\n", "whitespace in front of the first field")
    refused(b"HTTP/1.1 200 OK\r\n\tX: 1\r\n\r\n", "whitespace in front of the first field")


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
def test_what_is_not_http_1_is_refused_at_its_first_wrong_byte(data):
    """Section 2.3: HTTP-name is case-sensitive, and another major version another protocol."""
    refused(data, "not an HTTP/1 response")


def test_another_protocol_is_quoted_escaped_and_in_part():
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
