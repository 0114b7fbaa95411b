from __future__ import absolute_import, division, print_function

import pytest
from wire_feeding import read, refused

from waterspout._wire import MessageLimits


def response(lines):
    return b"HTTP/1.1 200 OK\r\n" + lines + b"\r\nContent-Length: 0\r\n\r\n"


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
    (b'Name: "quoted, \\" string"', (b"Name", b'"quoted, \\" string"')),
])
def test_a_field_line_is_a_token_a_colon_and_a_value(line, pair):
    """Section 5: whitespace around the value is no part of it."""
    assert read(response(line)).head.pairs()[0] == pair


@pytest.mark.parametrize("line, why", [
    (b"Name", "field line without a colon: 'Name'"),
    (b"Name value", "field line without a colon"),
    (b": value", "field line without a name"),
    (b":", "field line without a name"),
    (b"Name : value", "whitespace between field name 'Name ' and colon"),
    (b"Name\t: value", "whitespace between field name"),
    (b"Content-Length : 5", "whitespace between field name"),
    (b"Two words: value", "'Two words' is not a field name"),
    (b"Name(1): value", "is not a field name"),
    (b"N\x00me: value", "is not a field name"),
    (b"N\xe9me: value", "is not a field name"),
    (b"N\rme: value", "is not a field name"),
    (b"[Name]: value", "is not a field name"),
    (b'"Name": value', "is not a field name"),
    (b"Name@: value", "is not a field name"),
    (b"N\x7fme: value", "is not a field name"),
])
def test_a_malformed_field_name_is_refused(line, why):
    """Sections 5 and 5.1: a name is a token, with the colon right behind it."""
    refused(response(line), why)
    refused(response(b"First: 1\r\n" + line + b"\r\nLast: 2"), why)


CONTROLS = [n for n in range(32) if n not in (9, 10)] + [127]


@pytest.mark.parametrize("code", CONTROLS)
def test_a_control_character_in_a_value_is_refused(code):
    """RFC 9110 section 5.5: NUL, CR and LF must be, the others are invalid as well."""
    byte = bytes(bytearray([code]))
    refused(response(b"Name: a" + byte + b"b"), "control character in the value of field 'Name'")
    refused(response(b"Name:" + byte), "control character in the value of field 'Name'")


def test_the_error_does_not_quote_the_value():
    """A cookie that holds a bad byte is still a secret."""
    error = refused(response(b"Set-Cookie: id=s3cret\x01"), "control character")
    assert "s3cret" not in str(error)


@pytest.mark.parametrize("line, value", [
    (b"Name: a\r\n b", b"a b"),
    (b"Name: a\r\n\tb", b"a b"),
    (b"Name: 1;\r\n\t mode=block", b"1; mode=block"),
    (b"Name: a \r\n  \t b\r\n c", b"a  b c"),
    (b"Name:\r\n a", b"a"),
    (b"Name: a\r\n ", b"a"),
    (b"Name: a\r\n \r\n b", b"a  b"),
])
def test_a_folded_value_is_unfolded(line, value):
    """Section 5.2: a user agent must replace an obs-fold with one or more SP."""
    head = read(response(line)).head
    assert head.pairs()[0] == (b"Name", value)
    assert b"\r\n " not in head.raw and b"\r\n\t" not in head.raw


def test_folded_framing_fields_are_unfolded_before_they_count():
    """Section 5.2: prior to interpreting the field value."""
    assert read(b"HTTP/1.1 200 OK\r\nContent-Length:\r\n 2\r\n\r\nok").body == b"ok"
    refused(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 2\r\n\r\nok",
            "'1 2' is not a Content-Length")
    refused(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\n chunked\r\n\r\n", "other than chunked")


def test_a_folded_line_is_validated_like_any_other():
    """What is unfolded passes through the same pattern as what never was folded."""
    refused(response(b"Name: a\r\n b\x00"), "control character in the value of field 'Name'")
    refused(response(b"A: a\r\n b\r\nName"), "field line without a colon")
    refused(response(b"Name\r\n : b"), "whitespace between field name")


def test_a_field_may_come_several_times():
    """RFC 9110 section 5.3: order is kept, nothing is merged; Set-Cookie cannot be."""
    head = read(response(b"Set-Cookie: a=1\r\nX: 1\r\nset-cookie: b=2")).head
    assert head.pairs()[:3] == [(b"Set-Cookie", b"a=1"), (b"X", b"1"), (b"set-cookie", b"b=2")]


def test_content_encoding_is_found_and_joined():
    """RFC 9110 section 5.3: several fields are one list; the codings are case-insensitive."""
    assert read(response(b"X: 1")).head.content_encoding is None
    assert read(response(b"content-ENCODING: GZip ")).head.content_encoding == b"gzip"
    head = read(response(b"Content-Encoding: gzip\r\nX: 1\r\nContent-Encoding: br")).head
    assert head.content_encoding == b"gzip, br"


def test_a_field_whose_name_starts_with_content_length_does_not_frame():
    """``Content-Length-Hint`` frames nothing."""
    reading = read(response(b"Content-Length-Hint: 7\r\nX-Content-Length: 8\r\nConnectionx: close"))
    assert reading.head.content_length == 0
    assert reading.connection.reusable


LINES = b"A: 1\r\n" * 4 + b"B: 2"


def test_the_number_of_fields_is_limited():
    """MessageLimits.field_count counts field lines, not folds."""
    assert len(read(response(LINES), limits=MessageLimits(field_count=6)).head.pairs()) == 6
    refused(response(LINES), "more than 5 field lines", limits=MessageLimits(field_count=5))
    folded = response(b"A: 1\r\n 2\r\n 3")
    assert len(read(folded, limits=MessageLimits(field_count=2)).head.pairs()) == 2


def test_the_bytes_of_a_head_are_limited():
    """MessageLimits.head_bytes counts from the first byte to the end of the empty line."""
    data = response(LINES)
    assert read(data, limits=MessageLimits(head_bytes=len(data))).ended
    why = "response head of more than %d bytes" % (len(data) - 1)
    refused(data, why, limits=MessageLimits(head_bytes=len(data) - 1))
    refused(data[:-1], why, limits=MessageLimits(head_bytes=len(data) - 1))


def test_the_bytes_of_a_status_line_are_limited():
    """MessageLimits.start_line_bytes does not count the line's CRLF."""
    assert read(response(b"X: 1"), limits=MessageLimits(start_line_bytes=15)).ended
    why = "status line of more than 14 bytes"
    refused(response(b"X: 1"), why, limits=MessageLimits(start_line_bytes=14))
    refused(b"HTTP/1.1 200 OK!", why, limits=MessageLimits(start_line_bytes=14))
    assert read(b"HTTP/1.1 200 OK", limits=MessageLimits(start_line_bytes=14)).error is None
