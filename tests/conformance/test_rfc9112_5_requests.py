from __future__ import absolute_import, division, print_function

import pytest
from request_feeding import feed, read, refused

from waterspout._wire import MessageLimits


def request(lines, version=b"HTTP/1.1"):
    return b"GET / " + version + b"\r\nHost: a\r\n" + lines + b"\r\n\r\n"


@pytest.mark.parametrize("line, pair", [
    (b"Name: value", (b"Name", b"value")),
    (b"Name:value", (b"Name", b"value")),
    (b"Name: \t value\t \t", (b"Name", b"value")),
    (b"Name:", (b"Name", b"")),
    (b"Name: \t ", (b"Name", b"")),
    (b"Name: a  b\tc", (b"Name", b"a  b\tc")),
    (b"Name: a:b: c", (b"Name", b"a:b: c")),
    (b"Name: \xe9\xff\x80", (b"Name", b"\xe9\xff\x80")),
    (b"!#$%&'*+-.^_`|~09AZaz: 1", (b"!#$%&'*+-.^_`|~09AZaz", b"1")),
])
def test_a_field_line_of_a_request_is_a_token_a_colon_and_a_value(line, pair):
    """Section 5: whitespace around the value is no part of it."""
    assert read(request(line)).head.pairs()[1] == pair


@pytest.mark.parametrize("line, why", [
    (b"Name", "field line without a colon: 'Name'"),
    (b"Name value", "field line without a colon"),
    (b": value", "field line without a name"),
    (b"Name : value", "whitespace between field name 'Name ' and colon"),
    (b"Name\t: value", "whitespace between field name"),
    (b"Content-Length : 5", "whitespace between field name"),
    (b"Transfer-Encoding : chunked", "whitespace between field name"),
    (b"Two words: value", "'Two words' is not a field name"),
    (b"Name(1): value", "is not a field name"),
    (b"N\xe9me: value", "is not a field name"),
    (b"\xa0Name: value", "is not a field name"),
    (b"Name\xa0: value", "is not a field name"),
    (b"Content-Length\x85: 5", "is not a field name"),
    (b'"Name": value', "is not a field name"),
    (b"Name@: value", "is not a field name"),
])
def test_a_malformed_field_name_in_a_request_is_refused(line, why):
    """Sections 5 and 5.1: 400 for whitespace between name and colon, which smuggles."""
    error = refused(request(line), "field", why)
    assert error.status_code == 400
    refused(request(b"First: 1\r\n" + line + b"\r\nLast: 2"), "field", why)


CONTROLS = [n for n in range(32) if n not in (9, 10, 13)] + [127]


@pytest.mark.parametrize("code", CONTROLS)
def test_a_control_character_in_a_field_of_a_request_is_refused(code):
    """RFC 9110 section 5.5: NUL must be, the others are invalid as well."""
    byte = bytes(bytearray([code]))
    for line in (b"Name: a" + byte + b"b", b"Name:" + byte, b"Na" + byte + b"me: b",
                 b"Content-Length:" + byte + b"5", b"Transfer-Encoding: chunked" + byte):
        refused(request(line), "field", "control character in a field")


def test_the_refusal_does_not_quote_the_value():
    """A cookie that holds a bad byte is still a secret."""
    for line in (b"Cookie: id=s3cret\x01", b"Cookie : id=s3cret", b"Cookie: id=\r\n s3cret"):
        assert "s3cret" not in str(feed([request(line)]).error)


@pytest.mark.parametrize("line", [
    b"Name: a\r\n b", b"Name: a\r\n\tb", b"Name:\r\n a", b"Name: a\r\n ", b"Name: a\r\n \r\n b",
    b"Content-Length:\r\n 5", b"Transfer-Encoding: x\r\n chunked",
    b"Name: a\r\n Content-Length: 5"])
def test_a_folded_field_of_a_request_is_refused(line):
    """Section 5.2: reject it, or replace the fold; not all before us did the same."""
    error = refused(request(line), "field", "folded field line")
    assert error.status_code == 400


def test_a_field_of_a_request_may_come_several_times():
    """RFC 9110 section 5.3: order is kept, nothing is merged."""
    head = read(request(b"Cookie: a=1\r\nX: 1\r\ncookie: b=2")).head
    assert head.pairs()[1:] == [(b"Cookie", b"a=1"), (b"X", b"1"), (b"cookie", b"b=2")]


def test_a_field_whose_name_begins_like_another_is_another():
    """``Content-Length-Hint`` frames nothing."""
    head = read(request(b"Content-Length-Hint: 7\r\nX-Content-Length: 8\r\nConnectionx: close\r\n"
                        b"Hostx: b\r\nX-Expect: y\r\nX: \tHost: b")).head
    assert (head.content_length, head.keep_alive, head.expect) == (None, True, None)


@pytest.mark.parametrize("lines, expect", [
    (b"X: 1", None),
    (b"Expect: 100-continue", b"100-continue"),
    (b"eXPECT:100-Continue \t", b"100-continue"),
    (b"Expect: other", b"other"),
    (b"Expect: 100-continue\r\nExpect: x", b"100-continue, x"),
    (b"Expect:", b""),
])
def test_an_expectation_is_found_in_any_case(lines, expect):
    """RFC 9110 section 10.1.1: the only one is case-insensitive; HTTP/1.0 has none."""
    assert read(request(lines)).head.expect == expect
    assert read(request(lines, b"HTTP/1.0")).head.expect is None


@pytest.mark.parametrize("lines, upgrade", [
    (b"Upgrade: websocket\r\nConnection: Upgrade", True),
    (b"Connection: keep-alive, upgrade\r\nupgrade: websocket", True),
    (b"Upgrade: websocket", False),
    (b"Connection: upgrade", False),
    (b"Upgrade: websocket\r\nConnection: upgraded", False),
])
def test_an_upgrade_needs_the_field_and_its_connection_option(lines, upgrade):
    """RFC 9110 section 7.8; from HTTP/1.0 it must be ignored."""
    assert read(request(lines)).head.upgrade is upgrade
    assert read(request(lines, b"HTTP/1.0")).head.upgrade is False


LINES = b"A: 1\r\n" * 4 + b"B: 2"


def test_the_number_of_fields_of_a_request_is_limited():
    """MessageLimits.field_count: 431."""
    assert len(read(request(LINES), limits=MessageLimits(field_count=6)).head.pairs()) == 6
    error = refused(request(LINES), "field count", "more than 5 field lines",
                    limits=MessageLimits(field_count=5))
    assert (error.status_code, error.method) == (431, b"GET")


def test_the_bytes_of_a_request_head_are_limited():
    """MessageLimits.head_bytes counts from the method to the end of the empty line: 431."""
    data = request(LINES)
    assert read(data, limits=MessageLimits(head_bytes=len(data))).complete
    assert len(read(data * 2, limits=MessageLimits(head_bytes=len(data))).requests) == 2
    limits = MessageLimits(head_bytes=len(data) - 1)
    why = "request head of more than %d bytes" % (len(data) - 1)
    for bad in (data, data[:-1]):
        error = refused(bad, "head size", why, limits=limits)
        assert (error.status_code, error.method, error.target) == (431, b"GET", b"/")
