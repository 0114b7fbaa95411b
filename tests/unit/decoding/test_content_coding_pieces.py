from __future__ import absolute_import, division, print_function

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout._decoding.content_codings import BodyDecoder
from waterspout.constants import CHUNK_BYTES
from waterspout.exceptions import ContentDecodingError, ResponseTooLarge

#: Bodies whose output ends just at, before and behind the end of a piece.
BODIES = [b"", b"a", b"\0" * (CHUNK_BYTES - 1), b"\0" * CHUNK_BYTES, b"\0" * (CHUNK_BYTES + 1),
          b"\0" * (3 * CHUNK_BYTES),
          bytes(bytearray(number * number % 251 for number in range(70000)))]


def gzipped(data):
    compressor = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


def pieces_of(decoder, data, step):
    for start in range(0, len(data), step):
        for piece in decoder.pieces(data[start:start + step]):
            yield piece


@given(st.lists(st.sampled_from(BODIES), min_size=1, max_size=4),
       st.sampled_from([7, 100, 1000, 10 ** 6]))
def test_decoded_pieces_are_bounded_and_make_the_body(bodies, step):
    """However it is sliced and of however many gzip members it is made."""
    data = b"".join(gzipped(body) for body in bodies)
    decoder = BodyDecoder("gzip", 10 ** 9)
    pieces = list(pieces_of(decoder, data, step))
    decoder.finish()
    assert b"".join(pieces) == b"".join(bodies)
    assert all(0 < len(piece) <= CHUNK_BYTES for piece in pieces)


@given(st.sampled_from(BODIES), st.sampled_from([b"\0", b"\0\0\0\0", b"garbage"]),
       st.sampled_from([7, 10 ** 6]))
def test_padding_after_gzip_is_dropped(body, behind, step):
    """What stands behind the last member and is none itself, as in requests."""
    decoder = BodyDecoder("gzip", 10 ** 9)
    assert b"".join(pieces_of(decoder, gzipped(body) + behind, step)) == body
    decoder.finish()


@given(st.sampled_from(BODIES), st.sampled_from([7, 10 ** 6]))
def test_a_gzip_body_without_its_last_byte_is_refused(body, step):
    """Its last byte is missing."""
    data = gzipped(body)[:-1]
    decoder = BodyDecoder("gzip", 10 ** 9)
    with pytest.raises(ContentDecodingError):
        list(pieces_of(decoder, data, step))
        decoder.finish()


def test_pieces_of_a_body_with_several_codings_are_bounded():
    """What one stage gives goes into the next as it comes."""
    body = b"x" * (5 * CHUNK_BYTES)
    decoder = BodyDecoder("gzip, gzip", 10 ** 9)
    pieces = list(decoder.pieces(gzipped(gzipped(body))))
    decoder.finish()
    assert b"".join(pieces) == body
    assert max(map(len, pieces)) <= CHUNK_BYTES


@pytest.mark.parametrize("size", [1, 1000, CHUNK_BYTES, 2 * CHUNK_BYTES + 5])
def test_a_decoded_body_may_be_exactly_as_large_as_the_limit(size):
    """A body of as many bytes is fine, one byte more is not."""
    assert len(BodyDecoder("gzip", size).decode(gzipped(b"\0" * size))) == size
    with pytest.raises(ResponseTooLarge):
        BodyDecoder("gzip", size).decode(gzipped(b"\0" * (size + 1)))


def test_nothing_is_decompressed_past_the_limit():
    """Pieces are made when they are asked for: the first ones of a bomb cost no more than any."""
    pieces = BodyDecoder("gzip", 2 * CHUNK_BYTES).pieces(gzipped(b"\0" * (100 << 20)))
    total = 0
    with pytest.raises(ResponseTooLarge):
        for piece in pieces:
            total += len(piece)
    assert total <= 2 * CHUNK_BYTES
