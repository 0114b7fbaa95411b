from __future__ import absolute_import, division, print_function

import pytest
from request_feeding import NEXT, feed, read, refused

from waterspout._wire import MessageLimits


def request(fields, body=b"", version=b"HTTP/1.1"):
    return b"POST / " + version + b"\r\nHost: a\r\n" + fields + b"\r\n\r\n" + body


@pytest.mark.parametrize("fields", [
    b"Content-Length: 5",
    b"content-length:5",
    b"CONTENT-LENGTH: \t5 \t",
    b"Content-Length: 005",
    b"X: 1\r\nContent-Length: 5\r\nY: 2",
])
@pytest.mark.parametrize("version", [b"HTTP/1.1", b"HTTP/1.0"])
def test_content_length_frames_the_body_of_a_request(fields, version):
    """Section 6.3, rule 6."""
    requests = read(request(fields, b"hello", version))
    assert (requests.head.content_length, requests.body) == (5, b"hello")
    assert requests.complete


@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"DELETE", b"OPTIONS", b"TRACE", b"X"])
def test_any_method_may_have_a_body(method):
    """Section 6: framing does not depend on the method."""
    data = request(b"Content-Length: 5", b"hello").replace(b"POST", method)
    requests = read(data + NEXT)
    assert [one[1] for one in requests.requests] == [b"hello", b""]


@pytest.mark.parametrize("method", [b"GET", b"POST", b"PUT"])
@pytest.mark.parametrize("version", [b"HTTP/1.1", b"HTTP/1.0"])
def test_without_framing_a_request_has_no_body(method, version):
    """Section 6.3, rule 7: zero, not until the close."""
    data = method + b" / " + version + b"\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"
    requests = read(data + NEXT)
    assert len(requests.requests) == 2 and not requests.head.has_body


@pytest.mark.parametrize("value", [
    b"", b" ", b"+5", b"-5", b"-0", b"0x5", b"5.0", b"5e0", b"5_0", b"5 5", b"five", b"5;", b'"5"',
    b"\xd9\xa5", b"\xb2", b"5,", b",5", b"5,5", b"5, 5", b"5, 6", b"5\t5", b"\xa05", b"5\xa0",
    b"5\x85", b"\x855", b"1" * 20, b"0" * 20, b"9" * 5000])
def test_a_malformed_content_length_of_a_request_is_refused(value):
    """Section 6.3, rule 5: 400. RFC 9110 section 8.6 lets us refuse lists of equal numbers."""
    error = refused(request(b"Content-Length:" + value, b"hello"), "content-length",
                    "is not a Content-Length")
    assert error.status_code == 400


@pytest.mark.parametrize("fields", [
    b"Content-Length: 5\r\nContent-Length: 5",
    b"Content-Length: 5\r\ncontent-length: 6",
    b"Content-Length: 0\r\nX: 1\r\nContent-Length: 5",
    b"Content-Length: 5\r\nContent-Length:",
])
def test_several_content_lengths_are_refused(fields):
    """Section 6.3, rule 5: another reader may choose the other one, and split there."""
    refused(request(fields, b"hello"), "content-length", "more than one Content-Length field")


def test_the_content_length_of_a_request_has_at_most_19_digits():
    """19 digits are a number like any other."""
    requests = feed([request(b"Content-Length: " + b"9" * 19, b"x")])
    assert requests.head.content_length == 10 ** 19 - 1 and not requests.complete
    error = refused(request(b"Content-Length: " + b"9" * 19), "body size",
                    limits=MessageLimits(body_bytes=10))
    assert error.status_code == 413


@pytest.mark.parametrize("value", [b"chunked", b"Chunked", b"CHUNKED", b"\tchunked \t"])
def test_chunked_frames_the_body_of_a_request(value):
    """Section 6.3, rule 4; the names of codings are case-insensitive (section 7)."""
    requests = read(request(b"Transfer-Encoding:" + value, b"2\r\nok\r\n0\r\n\r\n"))
    assert (requests.head.chunked, requests.head.content_length) == (True, None)
    assert (requests.body, requests.complete) == (b"ok", True)


@pytest.mark.parametrize("fields", [
    b"Content-Length: 5\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nContent-Length: 5",
    b"Transfer-Encoding: chunked\r\nContent-Length: 0",
    b"Transfer-Encoding: gzip\r\nContent-Length: 5",
    b"Transfer-Encoding:\r\nContent-Length: 5",
])
@pytest.mark.parametrize("version", [b"HTTP/1.1", b"HTTP/1.0"])
def test_length_and_transfer_coding_together_are_refused(fields, version):
    """Section 6.3, rule 3: it is how requests are smuggled."""
    error = refused(request(fields, b"0\r\n\r\n", version), "transfer-encoding",
                    "both Transfer-Encoding and Content-Length")
    assert error.status_code == 400


@pytest.mark.parametrize("value", [
    b"gzip", b"identity", b"chunked, gzip", b"chunked, chunked", b"gzip, chunked, chunked",
    b"chunked;q=1", b'"chunked"', b"'chunked'", b"", b" ", b",", b"chunked,", b",chunked",
    b", chunked", b"xchunked", b"chunkedx", b"x-chunked", b"chunked\xa0", b"\x85chunked",
    b"chun ked", b"chunked chunked", b"gzip chunked", b"gzip;q, chunked", b"chunked:"])
def test_a_transfer_coding_that_does_not_end_the_body_is_refused(value):
    """Section 6.3, rule 4: 400 unless chunked is the final coding, once and rightly spelled."""
    error = refused(request(b"Transfer-Encoding: " + value, b"0\r\n\r\n"), "transfer-encoding",
                    "Unsupported Transfer-Encoding")
    assert error.status_code == 400


@pytest.mark.parametrize("fields", [
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\ntransfer-encoding: gzip",
    b"Transfer-Encoding:\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nX: 1\r\nTransfer-Encoding: identity",
])
def test_several_transfer_codings_are_read_as_one_list(fields):
    """RFC 9110 section 5.3: not the first one, nor the last."""
    refused(request(fields, b"0\r\n\r\n"), "transfer-encoding", "Unsupported Transfer-Encoding")


@pytest.mark.parametrize("fields", [
    b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: identity,Chunked",
    b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked"])
def test_a_transfer_coding_that_is_not_known_is_refused(fields):
    """Section 6.1: 501; the end of the body can be found, but not what it says."""
    error = refused(request(fields, b"0\r\n\r\n"), "unsupported coding", "Unsupported")
    assert error.status_code == 501


@pytest.mark.parametrize("value", [b"chunked", b"gzip, chunked", b""])
def test_a_transfer_coding_in_http_1_0_is_refused(value):
    """Section 6.1: faulty framing: a proxy of HTTP/1.0 before us would not have read it."""
    for keep in (b"", b"Connection: keep-alive\r\n"):
        refused(request(keep + b"Transfer-Encoding: " + value, b"0\r\n\r\n", b"HTTP/1.0"),
                "transfer-encoding", "in HTTP/1.0")


BODIES = {
    "length": (b"Content-Length: 6", b"123456"),
    "chunked": (b"Transfer-Encoding: chunked", b"3\r\n123\r\n3\r\n456\r\n0\r\n\r\n"),
}


@pytest.mark.parametrize("framing", sorted(BODIES))
def test_the_bytes_of_a_request_body_are_limited(framing):
    """MessageLimits.body_bytes counts the body itself, not its chunk lines: 413."""
    data = request(*BODIES[framing])
    assert read(data, limits=MessageLimits(body_bytes=6)).body == b"123456"
    error = refused(data, "body size", "body of more than 5 bytes",
                    limits=MessageLimits(body_bytes=5))
    assert error.status_code == 413


def test_a_body_over_its_limit_is_refused_before_it_arrives():
    """Its announcement is enough."""
    limits = MessageLimits(body_bytes=5)
    refused(request(b"Content-Length: 6"), "body size", limits=limits)
    refused(request(b"Transfer-Encoding: chunked", b"6\r\n"), "body size", limits=limits)
    refused(request(b"Transfer-Encoding: chunked", b"3\r\nabc\r\n3\r\n"), "body size",
            limits=limits)
