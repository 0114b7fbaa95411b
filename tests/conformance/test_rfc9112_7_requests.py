from __future__ import absolute_import, division, print_function

import pytest
from request_feeding import NEXT, feed, read, refused

from waterspout._wire import MessageLimits

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("coded, body", [
    (b"0\r\n\r\n", b""),
    (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
    (b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", b"hello"),
    (b"0000000000000005\r\nhello\r\n0000\r\n\r\n", b"hello"),
    (b"a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", b"0123456789" * 2),
    (b"2\r\n\r\n\r\n0\r\n\r\n", b"\r\n"),
    (b"5;a\r\nhello\r\n0;b=c\r\n\r\n", b"hello"),
    (b'5;a="b;\\"c"; d\r\nhello\r\n0\r\n\r\n', b"hello"),
    (b"5;\r\nhello\r\n0\r\n\r\n", b"hello"),
])
def test_chunks_of_a_request_are_joined(coded, body):
    """Section 7.1: sizes in hex of any case, extensions ignored."""
    requests = read(HEAD + coded + NEXT)
    assert (requests.body, requests.complete) == (body, True)
    assert len(requests.requests) == 2


@pytest.mark.parametrize("size", [
    b"", b"x", b"-5", b"+5", b"0x5", b"0X5", b"5h", b"5.", b"5_0", b" 5", b"\t5", b"5 5", b"5,",
    b"\xd9\xa5", b"\xa05", b"5\xa0", b"5\x85", b'"5"', b"00000000000000005", b"f" * 17,
    b"5 ", b"5\t", b"0 ", b"5 ;a=b", b"5\t;a", b"-0", b"5=5"])
def test_a_malformed_chunk_size_of_a_request_is_refused(size):
    """Section 7.1: 1*HEXDIG and no more; the BWS that 7.1.1 has before an extension neither."""
    for before in (b"", b"1\r\na\r\n"):
        error = refused(HEAD + before + size + b"\r\nhello\r\n0\r\n\r\n", "chunk",
                        "is not a chunk size")
        assert error.status_code == 400


@pytest.mark.parametrize("line", [b"5\n", b"5;a\n", b'5;a="\n"\r\n', b"\n"])
def test_a_chunk_line_of_a_request_that_ends_with_a_bare_lf_is_refused(line):
    """Section 2.2 lets no one but start line and fields end with LF."""
    for before in (b"", b"1\r\na\r\n"):
        refused(HEAD + before + line + b"hello\r\n0\r\n\r\n", "chunk", "ends with a bare LF")


@pytest.mark.parametrize("byte", [b"\r", b"\x00", b"\x0b", b"\x7f"])
def test_a_control_character_in_an_extension_of_a_request_is_refused(byte):
    """Section 7.1.1: tokens and quoted strings; a CR there is how readers are told apart."""
    refused(HEAD + b"5;a" + byte + b"b\r\nhello\r\n", "chunk", "control character in a chunk ext")


@pytest.mark.parametrize("after", [b"0\r\n\r\n", b"\n0\r\n\r\n", b"\r0\r\n\r\n", b"xx0\r\n\r\n",
                                   b"\n\r0\r\n\r\n", b"!\r\n0\r\n\r\n", b"\r\r\n0\r\n\r\n"])
def test_data_of_a_request_longer_than_its_chunk_is_refused(after):
    """Section 7.1: CRLF follows the data, there and nowhere else."""
    refused(HEAD + b"5\r\nhello" + after, "chunk", "chunk data is not followed by CRLF")


def test_trailers_of_a_request_are_not_added_to_its_fields():
    """Section 7.1.2: and framing fields among them mean nothing (RFC 9110 section 6.5.1)."""
    requests = read(HEAD + b"2\r\nok\r\n0\r\nDigest: x=\r\nContent-Length: 7\r\n\r\n" + NEXT)
    assert requests.requests[0][2] == b"Digest: x=\r\nContent-Length: 7\r\n"
    assert requests.head.raw == b"Host: a\r\nTransfer-Encoding: chunked\r\n"
    assert requests.requests[1][2] == b""


@pytest.mark.parametrize("lines, why", [
    (b"A\r\n", "field line without a colon"),
    (b"A : b\r\n", "whitespace between field name"),
    (b" A: b\r\n", "whitespace before the first field"),
    (b"A: b\r\n c\r\n", "folded field line"),
    (b"A: b\x00\r\n", "control character in the value"),
    (b"A: b\rc\r\n", "control character in the value"),
    (b"A: b\n", "bare LF as a line end in the trailer section"),
    (b"A: b\r\nB: c\nC: d\r\n", "bare LF as a line end in the trailer section"),
    (b"\n", "bare LF as a line end in the trailer section"),
    (b": b\r\n", "field line without a name"),
    (b"GET / HTTP/1.1\r\n", "is not a field name|without a colon"),
])
def test_malformed_trailers_of_a_request_are_refused(lines, why):
    """They are held to the pattern of header fields."""
    error = refused(HEAD + b"0\r\n" + lines + b"\r\n", "trailer", why)
    assert error.status_code == 400


def test_the_trailer_section_of_a_request_is_limited():
    """MessageLimits.trailer_bytes, and MessageLimits.field_count as in a head: 431."""
    lines = b"A: b\r\n" * 3
    data = HEAD + b"0\r\n" + lines + b"\r\n"
    size = len(b"\r\n" + lines + b"\r\n")
    assert read(data, limits=MessageLimits(trailer_bytes=size, field_count=3)).complete
    for limits, why in [
            (MessageLimits(trailer_bytes=size - 1), "trailer section of more than"),
            (MessageLimits(field_count=2), "more than 2 field lines")]:
        assert refused(data, "trailer size", why, limits=limits).status_code == 431


def test_the_bytes_of_a_chunk_line_of_a_request_are_limited():
    """MessageLimits.chunk_line_bytes: without a line end, all that a client sends would be held."""
    limits = MessageLimits(chunk_line_bytes=20)
    extension = b";" + b"x" * 14  # With the size and the CRLF before and after: 20.
    assert read(HEAD + b"1\r\na\r\n1" + extension + b"\r\na\r\n0\r\n\r\n", limits=limits).complete
    for line in (extension + b"x\r\n", extension + b"xxxxxxxxxxx"):
        refused(HEAD + b"1\r\na\r\n1" + line, "chunk", "chunk size line of more than 20 bytes",
                limits=limits)


def test_a_chunk_of_a_request_is_handed_out_before_it_is_whole():
    """A chunk is not held back until it is whole."""
    requests = feed([HEAD + b"5\r\nhe", b"ll"])
    assert requests.body == b"hell" and not requests.complete
