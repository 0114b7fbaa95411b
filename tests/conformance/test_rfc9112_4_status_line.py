from __future__ import absolute_import, division, print_function

import pytest
from wire_feeding import read, refused

REST = b"\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize("line, status, reason", [
    (b"HTTP/1.1 200 OK", 200, b"OK"),
    (b"HTTP/1.1 200 ", 200, b""),
    (b"HTTP/1.1 404 Not  Found\there ", 404, b"Not  Found\there "),
    (b"HTTP/1.1 200 \xc3\xa9\xff", 200, b"\xc3\xa9\xff"),
    (b"HTTP/1.1 599 x", 599, b"x"),
    (b"HTTP/1.0 200 OK", 200, b"OK"),
])
def test_a_status_line_is_version_code_and_reason(line, status, reason):
    """Section 4: ``HTTP-version SP status-code SP [ reason-phrase ]``."""
    head = read(line + REST).head
    assert (head.status_code, head.reason) == (status, reason)


def test_the_space_after_the_status_code_may_be_missing():
    """Section 4 demands it; servers without a reason leave it out, and nothing is in doubt."""
    assert read(b"HTTP/1.1 200" + REST).head.reason == b""


@pytest.mark.parametrize("status", [600, 999])
def test_a_status_code_over_599_is_accepted(status):
    """RFC 9110 section 15: it is to be processed like a 5xx, so it is no error here."""
    line = b"HTTP/1.1 %d Odd" % status
    assert read(line + REST).head.status_code == status


@pytest.mark.parametrize("line", [
    b"HTTP/1.1",
    b"HTTP/1.1 ",
    b"HTTP/1.1 OK",
    b"HTTP/1.1 20 OK",
    b"HTTP/1.1 2000 OK",
    b"HTTP/1.1 099 OK",
    b"HTTP/1.1 000 OK",
    b"HTTP/1.1 -20 OK",
    b"HTTP/1.1 +20 OK",
    b"HTTP/1.1 2 0 OK",
    b"HTTP/1.1 200\tOK",
    b"HTTP/1.1 200OK",
    b"HTTP/1.1  200 OK",
    b"HTTP/1.1\t200 OK",
    b"HTTP/1. 200 OK",
    b"HTTP/1.x 200 OK",
    b"HTTP/1.10 200 OK",
    b"HTTP/1.1 \xd9\xa2\xd9\xa0\xd9\xa0 OK",
])
def test_a_malformed_status_line_is_refused(line):
    """Section 4: exactly one SP between the parts and exactly three digits."""
    refused(line + REST, "malformed status line")


@pytest.mark.parametrize("byte", [b"\x00", b"\x01", b"\x08", b"\x0b", b"\x0c", b"\x1b", b"\x7f"])
def test_a_control_character_in_the_reason_is_refused(byte):
    """Section 4: a reason is HTAB, SP, VCHAR and obs-text; it ends up in logs."""
    refused(b"HTTP/1.1 200 O" + byte + b"K" + REST, "malformed status line")
