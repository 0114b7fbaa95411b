from __future__ import absolute_import, division, print_function

import pytest
from wire_feeding import feed, read, refused

from waterspout._wire import MessageLimits
from waterspout.exceptions import ResponseTooLarge


def response(fields, body=b"", version=b"HTTP/1.1"):
    return version + b" 200 OK\r\n" + fields + b"\r\n\r\n" + body


@pytest.mark.parametrize("fields", [
    b"Content-Length: 5",
    b"content-length:5",
    b"CONTENT-LENGTH: \t5 ",
    b"Content-Length: 005",
    b"X: 1\r\nContent-Length: 5\r\nY: 2",
    b"Content-Length: 5, 5",
    b"Content-Length: 5 ,\t5,5",
    b"Content-Length: 5\r\ncontent-length: 5",
    b"Content-Length: 5\r\nContent-Length: 5, 5",
])
def test_content_length_frames_the_body(fields):
    """Section 6.3, rule 6; RFC 9110 section 8.6: one number, be it repeated."""
    reading = read(response(fields, b"hello"))
    assert reading.head.content_length == 5
    assert (reading.body, reading.ended) == (b"hello", True)
    assert reading.connection.reusable


def test_a_length_of_zero_ends_the_response_with_its_head():
    """No event for an empty body, and no wait for one."""
    reading = read(response(b"Content-Length: 0"))
    assert (reading.body, reading.ended) == (b"", True)
    assert reading.connection.reusable


@pytest.mark.parametrize("value", [
    b"", b" ", b"+5", b"-5", b"0x5", b"5.0", b"5e0", b"5_0", b"5 5", b"five", b"5;", b'"5"',
    b"\xd9\xa5", b"5,", b",5", b"5,,5", b"5, five", b"5,-5", b"5\t5", b"1" * 20, b"0" * 20,
    b"9" * 5000,
])
def test_a_malformed_content_length_is_refused(value):
    """Section 6.3, rule 5: unrecoverable, unless it is a list of equal valid numbers."""
    refused(response(b"Content-Length:" + value, b"hello"), "is not a Content-Length")
    refused(response(b"Content-Length: 5\r\nContent-Length:" + value, b"hello"),
            "is not a Content-Length")


@pytest.mark.parametrize("fields", [
    b"Content-Length: 5, 6",
    b"Content-Length: 6\r\nContent-Length: 5",
    b"Content-Length: 5, 5\r\nContent-Length: 5, 6",
    b"Content-Length: 5, 05",
    b"Content-Length: 05\r\nContent-Length: 5",
])
def test_contradicting_lengths_are_refused(fields):
    """Section 6.3, rule 5: another reader may choose the other length and split there."""
    refused(response(fields, b"hello!"), r"Content-Length is both '0?[56]' and '0?[56]'")


def test_a_content_length_has_at_most_19_digits():
    """19 digits: what follows is only refused once it cannot come."""
    connection = feed([response(b"Content-Length: " + b"9" * 19, b"x")]).connection
    assert connection.why_not_reusable() == "the response is not complete"


@pytest.mark.parametrize("fields", [
    b"Content-Length: 5\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nContent-Length: 5",
    b"Transfer-Encoding: chunked\r\nContent-Length: 0",
])
def test_length_and_chunked_together_are_refused(fields):
    """Section 6.3, rule 3: it "ought to be handled as an error"."""
    refused(response(fields, b"0\r\n\r\n"), "both Transfer-Encoding and Content-Length")


@pytest.mark.parametrize("value", [
    b"gzip", b"gzip, chunked", b"chunked, gzip", b"chunked, chunked", b"identity", b"x-chunked",
    b"chunked;q=1", b'"chunked"', b"", b" ", b",", b"chunked,", b",chunked", b"xchunked",
    b"chunkedx", b"chunked\xa0", b"chun ked",
])
def test_any_other_transfer_coding_is_refused(value):
    """Section 6.3, rule 4, and 6.1: we never ask for one, and cannot tell where it ends."""
    refused(response(b"Transfer-Encoding: " + value, b"0\r\n\r\n"),
            "Transfer-Encoding other than chunked")


def test_chunked_twice_is_refused():
    """Section 6.1: a sender must not apply chunked more than once."""
    refused(response(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b"0\r\n\r\n"),
            "Transfer-Encoding other than chunked: 'chunked, chunked'")


@pytest.mark.parametrize("fields", [b"", b"Connection: keep-alive\r\n"])
def test_chunked_from_http_1_0_is_read_and_ends_the_connection(fields):
    """Section 6.1: its framing is faulty, so the connection is closed after the message."""
    reading = read(response(fields + b"Transfer-Encoding: chunked", b"2\r\nok\r\n0\r\n\r\n",
                            version=b"HTTP/1.0"))
    assert (reading.body, reading.ended) == (b"ok", True)
    assert not reading.head.keep_alive and not reading.connection.reusable


@pytest.mark.parametrize("fields", [
    b"Transfer-Encoding: gzip", b"Transfer-Encoding: chunked, chunked", b"Transfer-Encoding:",
    b"Transfer-Encoding: chunked\r\nContent-Length: 5",
])
def test_other_transfer_codings_from_http_1_0_are_refused(fields):
    """As those from HTTP/1.1 are."""
    refused(response(fields, b"0\r\n\r\n", version=b"HTTP/1.0"), "Transfer-Encoding")


def test_without_framing_the_body_lasts_until_the_close():
    """Section 6.3, rule 8."""
    reading = read(response(b"Server: x", b"hello"), closed=True)
    assert (reading.body, reading.ended) == (b"hello", True)
    assert not reading.connection.reusable
    open_reading = read(response(b"Server: x", b"hello"))
    assert (open_reading.body, open_reading.ended) == (b"hello", False)


def test_a_body_that_lasts_until_the_close_may_be_empty():
    """The close alone is the body then."""
    reading = read(response(b"Server: x"), closed=True)
    assert (reading.body, reading.ended) == (b"", True)


@pytest.mark.parametrize("fields", [
    b"Content-Length: 5", b"Transfer-Encoding: chunked", b"Server: x"])
def test_a_response_to_head_has_no_body(fields):
    """Section 6.3, rule 1: whatever the fields say they would be in the answer to GET."""
    reading = read(response(fields), method=b"HEAD")
    assert (reading.body, reading.ended) == (b"", True)
    assert reading.head.chunked == (b"chunked" in fields)
    assert reading.connection.reusable


def test_contradictory_framing_is_refused_even_where_there_is_no_body():
    """It is a sign that a peer on the way reads messages differently."""
    refused(response(b"Content-Length: 5, 6"), "is both", method=b"HEAD")
    refused(response(b"Content-Length: 5\r\nTransfer-Encoding: chunked"), "both", method=b"HEAD")


@pytest.mark.parametrize("fields", [
    b"Server: x", b"Content-Length: 5", b"Content-Length: five", b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip\r\nContent-Length: 5"])
def test_a_2xx_to_connect_opens_a_tunnel(fields):
    """Section 6.3, rule 2: framing fields must be ignored, the tunnel begins at once."""
    reading = read(response(fields, b"\x16\x03"), method=b"CONNECT")
    assert (reading.head.status_code, reading.leftover) == (200, b"\x16\x03")
    assert reading.head.content_length is None and not reading.head.chunked
    assert not reading.connection.reusable


@pytest.mark.parametrize("status", [b"299", b"204"])
def test_every_2xx_opens_the_tunnel(status):
    """RFC 9110 section 9.3.6: any 2xx, not 200 alone."""
    reading = read(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\nx", method=b"CONNECT")
    assert (reading.leftover, reading.head.content_length) == (b"x", None)


@pytest.mark.parametrize("status", [b"300", b"407", b"502"])
def test_a_refusal_of_connect_has_a_body(status):
    """The proxy refused: its explanation is a response like any other."""
    data = b"HTTP/1.1 " + status + b" No\r\nContent-Length: 2\r\n\r\nno"
    reading = read(data, method=b"CONNECT")
    assert (reading.body, reading.ended, reading.leftover) == (b"no", True, None)
    assert reading.connection.reusable


BODY = {
    "length": (b"Content-Length: 6", b"123456"),
    "chunked": (b"Transfer-Encoding: chunked", b"3\r\n123\r\n3\r\n456\r\n0\r\n\r\n"),
    "close": (b"Server: x", b"123456"),
}


@pytest.mark.parametrize("framing", sorted(BODY))
def test_the_bytes_of_a_body_are_limited(framing):
    """MessageLimits.body_bytes counts the body itself, not its chunk lines."""
    data = response(*BODY[framing])
    closed = framing == "close"
    assert read(data, closed=closed, limits=MessageLimits(body_bytes=6)).body == b"123456"
    limits = MessageLimits(body_bytes=5)
    error = refused(data, "body of more than 5 bytes", closed=closed, limits=limits)
    assert isinstance(error, ResponseTooLarge)


def test_a_content_length_over_the_limit_is_refused_at_the_head():
    """Its announcement is enough."""
    limits = MessageLimits(body_bytes=5)
    refused(response(b"Content-Length: 6"), "body of more than 5 bytes", limits=limits)
    refused(response(b"Transfer-Encoding: chunked", b"6\r\n"), "body of more than 5 bytes",
            limits=limits)


def test_the_content_length_of_a_response_without_body_has_no_limit():
    """The answer to HEAD may tell of a huge one."""
    limits = MessageLimits(body_bytes=5)
    assert read(response(b"Content-Length: 6"), method=b"HEAD", limits=limits).ended
