from __future__ import absolute_import, division, print_function

import pytest
from wire_feeding import bytewise, feed, read, refused

from waterspout._wire import MessageLimits

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("coded, body", [
    (b"0\r\n\r\n", b""),
    (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
    (b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", b"hello world"),
    (b"1\r\na\r\n" * 20 + b"0\r\n\r\n", b"a" * 20),
    (b"a\r\n0123456789\r\n0\r\n\r\n", b"0123456789"),
    (b"A\r\n0123456789\r\n0\r\n\r\n", b"0123456789"),
    (b"00000000000000a\r\n0123456789\r\n0\r\n\r\n", b"0123456789"),
    (b"1f\r\n" + b"x" * 31 + b"\r\n000\r\n\r\n", b"x" * 31),
    (b"2\r\n\r\n\r\n0\r\n\r\n", b"\r\n"),
    (b"7\r\n0\r\n\r\n0\r\r\n0\r\n\r\n", b"0\r\n\r\n0\r"),
])
def test_chunks_are_joined(coded, body):
    """Section 7.1: size in hex, data, CRLF; a size of zero ends the body."""
    reading = read(HEAD + coded)
    assert (reading.body, reading.ended, reading.trailers) == (body, True, [])
    assert reading.connection.reusable


@pytest.mark.parametrize("extension", [
    b";", b";a", b";a=b", b';a="b c"', b" ;a", b"\t; a = b", b";a;b=1;c", b";\xff",
    b';a=";\\"x"',
])
def test_chunk_extensions_are_ignored(extension):
    """Section 7.1.1: a recipient must ignore those it does not know; we know none."""
    coded = b"5" + extension + b"\r\nhello\r\n0" + extension + b"\r\n\r\n"
    assert read(HEAD + coded).body == b"hello"


BAD_SIZES = [
    b"", b" ", b"+5", b"-5", b"0x5", b"5_0", b"5h", b"g", b"five", b" 5", b"\t5", b" 5 ",
    b"5 5", b"5 5 ", b"5.", b"5,5", b"\xd9\xa5", b"1" * 17, b"0" * 17, b"f" * 21, b"5\x00",
    b"\x005", b"5\x0b", b"5\xa0",
]


@pytest.mark.parametrize("size", BAD_SIZES)
def test_a_malformed_chunk_size_is_refused(size):
    """Section 7.1: 1*HEXDIG and no more, at most 64 bits, no whitespace in front of it."""
    refused(HEAD + size + b"\r\nhello\r\n0\r\n\r\n", "is not a chunk size")
    refused(HEAD + b"1\r\na\r\n" + size + b"\r\nhello\r\n0\r\n\r\n", "is not a chunk size")


PADDED = "a chunk size was padded with whitespace"


@pytest.mark.parametrize("blanks", [b" ", b"   ", b"\t", b" \t "])
def test_blanks_after_a_chunk_size_are_skipped(blanks):
    """Servers with sizes of a fixed width send them; no rule allows it, so nothing may follow."""
    for coded in (b"5" + blanks + b"\r\nhello\r\n0\r\n\r\n",
                  b"1\r\nh\r\n4" + blanks + b"\r\nello\r\n0\r\n\r\n",
                  b"5\r\nhello\r\n0" + blanks + b"\r\n\r\n"):
        reading = read(HEAD + coded)
        assert (reading.body, reading.ended, reading.trailers) == (b"hello", True, [])
        assert reading.connection.why_not_reusable() == PADDED


def test_blanks_count_for_the_limit_of_a_chunk_line():
    """A peer that sends nothing else would have us hold all it sends."""
    refused(HEAD + b"5" + b" " * 40 + b"\r\n", "chunk size line of more than 20 bytes",
            limits=MessageLimits(chunk_line_bytes=20))


@pytest.mark.parametrize("line", [
    b"5 \n", b"5 \r \r\n", b"5 \x0b\r\n", b"5 \xa0\r\n", b"5 \x00\r\n"])
def test_other_white_space_after_a_chunk_size_is_refused(line):
    """Not what some call white space, and no line end of another kind."""
    refused(HEAD + line + b"hello\r\n0\r\n\r\n", "chunk size")
    refused(HEAD + b"1\r\na\r\n" + line + b"hello\r\n0\r\n\r\n", "chunk size")


@pytest.mark.parametrize("line", [b"5\n", b"5;a\n", b"5;a=\"\n\"\r\n", b"\n"])
def test_a_chunk_line_that_ends_with_a_bare_lf_is_refused(line):
    """Section 2.2 lets no one but start line and fields end with LF; smuggling lives here."""
    refused(HEAD + line + b"hello\r\n0\r\n\r\n", "ends with a bare LF")
    refused(HEAD + b"1\r\na\r\n" + line + b"hello\r\n0\r\n\r\n", "ends with a bare LF")


def test_a_control_character_in_an_extension_is_refused():
    """Section 7.1.1: tokens and quoted strings; a CR there is how readers are told apart."""
    for byte in (b"\r", b"\x00", b"\x0b", b"\x7f"):
        refused(HEAD + b"5;a" + byte + b"b\r\nhello\r\n", "control character in a chunk extension")


@pytest.mark.parametrize("after", [b"0\r\n\r\n", b"\n0\r\n\r\n", b"\r0\r\n\r\n", b"xx0\r\n\r\n",
                                   b"\n\r0\r\n\r\n", b"!\r\n0\r\n\r\n"])
def test_data_longer_than_its_chunk_is_refused(after):
    """Section 7.1: CRLF follows the data, there and nowhere else."""
    refused(HEAD + b"5\r\nhello" + after, "chunk data is not followed by CRLF")


def test_anything_but_crlf_after_a_chunk_is_refused_at_once():
    """It need not be a whole line: a peer that is out of step may send none."""
    refused(HEAD + b"5\r\nhello!", "chunk data is not followed by CRLF")
    refused(HEAD + b"5\r\nhello\r!", "chunk data is not followed by CRLF")


def test_trailers_are_not_added_to_the_header_fields():
    """Section 7.1.2: fields behind the last chunk; they are no part of the header section."""
    reading = read(HEAD + b"2\r\nok\r\n0\r\nDigest: x=\r\nA:\tb \r\n\r\n")
    assert reading.trailers == [(b"Digest", b"x="), (b"A", b"b")]
    assert reading.head.pairs() == [(b"Transfer-Encoding", b"chunked")]
    assert reading.connection.reusable


def test_framing_fields_in_trailers_are_ignored():
    """RFC 9110 section 6.5.1: they must not be taken for header fields."""
    reading = read(HEAD + b"0\r\nContent-Length: 7\r\nConnection: close\r\n\r\n")
    assert (reading.body, reading.ended) == (b"", True)
    assert reading.connection.reusable


def test_folded_trailers_are_unfolded():
    """Section 5.2 speaks of every field line."""
    assert read(HEAD + b"0\r\nA: b\r\n c\r\n\r\n").trailers == [(b"A", b"b c")]


@pytest.mark.parametrize("lines, why", [
    (b"A\r\n", "field line without a colon"),
    (b"A : b\r\n", "whitespace between field name"),
    (b" A: b\r\n", "whitespace before the first field"),
    (b"A: b\x00\r\n", "control character in the value"),
    (b"A: b\rc\r\n", "control character in the value"),
    (b"A: b\n", "bare LF as a line end in the trailer section"),
    (b"A: b\r\nB: c\nC: d\r\n", "bare LF as a line end in the trailer section"),
    (b"A: b\n\nB: c\r\n", "bare LF as a line end in the trailer section"),
    (b"\n", "bare LF as a line end in the trailer section"),
    (b": b\r\n", "field line without a name"),
])
def test_malformed_trailers_are_refused(lines, why):
    """They are held to the pattern of header fields."""
    refused(HEAD + b"0\r\n" + lines + b"\r\n", why)


def test_the_trailer_section_is_limited():
    """MessageLimits.trailer_bytes, and MessageLimits.field_count as in a head."""
    lines = b"A: b\r\n" * 3
    size = len(b"\r\n" + lines + b"\r\n")
    assert read(HEAD + b"0\r\n" + lines + b"\r\n", limits=MessageLimits(trailer_bytes=size)).ended
    refused(HEAD + b"0\r\n" + lines + b"\r\n", "trailer section of more than %d bytes" % (size - 1),
            limits=MessageLimits(trailer_bytes=size - 1))
    assert read(HEAD + b"0\r\n" + lines + b"\r\n", limits=MessageLimits(field_count=3)).ended
    refused(HEAD + b"0\r\n" + lines + b"\r\n", "more than 2 field lines",
            limits=MessageLimits(field_count=2))


def test_the_bytes_of_a_chunk_line_are_limited():
    """MessageLimits.chunk_line_bytes: without a line end, all that a peer sends would be held."""
    limits = MessageLimits(chunk_line_bytes=20)
    extension = b";" + b"x" * 14  # With the size and the CRLF before and after: 20.
    assert read(HEAD + b"1\r\na\r\n1" + extension + b"\r\na\r\n0\r\n\r\n", limits=limits).ended
    for line in (extension + b"x\r\n", extension + b"xxxxxxxxxxx"):
        refused(HEAD + b"1\r\na\r\n1" + line, "chunk size line of more than 20 bytes",
                limits=limits)


def test_a_chunk_is_handed_out_before_it_is_whole():
    """A chunk is not held back until it is whole."""
    reading = feed([HEAD + b"5\r\nhe", b"ll"])
    assert reading.body == b"hell" and not reading.ended
    reading = feed(bytewise(HEAD + b"5\r\nhel"))
    assert reading.body == b"hel"
