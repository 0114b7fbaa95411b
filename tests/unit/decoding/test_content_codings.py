"""Every coding that can be undone here, held to the same promises."""

from __future__ import absolute_import, division, print_function

import zlib

import pytest

from waterspout._decoding import decompressors
from waterspout._decoding.content_codings import ACCEPT_ENCODING, BodyDecoder
from waterspout.constants import CHUNK_BYTES
from waterspout.exceptions import ContentDecodingError, ResponseTooLarge

BODIES = [b"", b"a", b"\0" * CHUNK_BYTES, b"\0" * (5 * CHUNK_BYTES + 1),
          bytes(bytearray(number * number % 251 for number in range(70000)))]


def zlib_with(wbits):
    def compress(data):
        packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
        return packer.compress(data) + packer.flush()

    return compress


#: (coding, what makes it, what makes its inflater)
CODINGS = [
    ("gzip", zlib_with(31), decompressors.DECOMPRESSORS["gzip"]),
    ("deflate", zlib_with(15), decompressors.DECOMPRESSORS["deflate"]),
    ("deflate", zlib_with(-15), decompressors.DECOMPRESSORS["deflate"]),
]
if decompressors.brotli is not None:
    CODINGS.append(("br", decompressors.brotli.compress, decompressors.DECOMPRESSORS["br"]))
if decompressors.zstd is not None:
    CODINGS.append(
        ("zstd", decompressors.zstd.compress, lambda first: decompressors.ZstdDecompressor()))
if decompressors.zstandard is not None:
    CODINGS.append(("zstd", decompressors.zstandard.compress,
                    lambda first: decompressors.ZstandardDecompressor()))


@pytest.fixture(params=CODINGS, ids=lambda coding: coding[0])
def coding(request, monkeypatch):
    """(name, compress), with the library under test behind the name."""
    name, compress, make = request.param
    monkeypatch.setitem(decompressors.DECOMPRESSORS, name, make)
    return name, compress


def test_every_offered_content_coding_can_be_decoded():
    """Every content coding that can be decoded is offered."""
    assert set(ACCEPT_ENCODING.split(", ")) | {"x-gzip"} == set(decompressors.DECOMPRESSORS)


@pytest.mark.parametrize("step", [1, 7, 1000, 10 ** 7])
@pytest.mark.parametrize("body", BODIES, ids=len)
def test_a_body_is_decoded_however_it_is_sliced(coding, body, step):
    """In pieces that are bounded."""
    name, compress = coding
    data, pieces = compress(body), []
    decoder = BodyDecoder(name, len(body) or 1)
    for start in range(0, len(data), step):
        pieces += decoder.pieces(data[start:start + step])
    decoder.finish()
    assert b"".join(pieces) == body
    assert all(0 < len(piece) <= CHUNK_BYTES for piece in pieces)


@pytest.mark.parametrize("missing", [1, 2, 5])
@pytest.mark.parametrize("body", BODIES[1:], ids=len)
def test_a_body_cut_short_is_an_error(coding, body, missing):
    """However little of it is missing."""
    name, compress = coding
    data = compress(body)[:-missing]
    if not data:
        return  # An empty body is an empty body.
    decoder = BodyDecoder(name, 10 ** 9)
    with pytest.raises(ContentDecodingError):
        decoder.decode(data)
        decoder.finish()


@pytest.mark.parametrize("flipped", [0, 1, 2, 3])
def test_a_body_in_another_coding_is_an_error(coding, flipped):
    """The body either fails to decode or never ends."""
    name, compress = coding
    data = bytearray(compress(BODIES[4]))
    data[flipped] ^= 0xFF
    decoder = BodyDecoder(name, 10 ** 9)
    try:
        content = decoder.decode(bytes(data))
        decoder.finish()
    except ContentDecodingError:
        return
    # Some bits of a head mean nothing, such as the hint of how gzip was made.
    assert content == BODIES[4]


def test_a_decompression_bomb_is_not_decoded_past_the_limit(coding):
    """Nothing much is unpacked past it, whole or piece by piece."""
    name, compress = coding
    bomb = compress(b"\0" * (64 << 20))
    with pytest.raises(ResponseTooLarge):
        BodyDecoder(name, 1 << 20).decode(bomb)
    total = 0
    with pytest.raises(ResponseTooLarge):
        for piece in BodyDecoder(name, 2 * CHUNK_BYTES).pieces(bomb):
            total += len(piece)
    assert total <= 2 * CHUNK_BYTES


def test_a_bomb_within_a_bomb_is_bounded_at_every_coding(coding):
    """What comes out of the first stage counts, not only what comes out of the last."""
    name, compress = coding
    bomb = compress(compress(b"\0" * (64 << 20)))
    with pytest.raises(ResponseTooLarge):
        BodyDecoder("%s, %s" % (name, name), 1 << 20).decode(bomb)


@pytest.mark.parametrize("step", [1, 7, 10 ** 7])
@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_compressed_members_in_a_row_are_one_body(kind, step):
    """RFC 1952 section 2.2 and RFC 8878 section 3.1, also where they are sliced apart."""
    makers = [compress for name, compress, _ in CODINGS if name == kind]
    if not makers:
        pytest.skip("%s is not installed" % kind)
    data = makers[0](b"one ") + makers[0](b"") + makers[0](b"two")
    decoder = BodyDecoder(kind, 1000)
    body = b"".join(decoder.decode(data[at:at + step]) for at in range(0, len(data), step))
    decoder.finish()
    assert body == b"one two"


def test_a_zstd_window_over_8_mib_is_refused(coding):
    """RFC 9659: a decoder need not give a peer more than 8 MiB to look back."""
    name, compress = coding
    if name != "zstd":
        pytest.skip("the windows of the others are small")
    # A frame with a window of 2 GiB, and an empty last block.
    with pytest.raises(ContentDecodingError):
        decoder = BodyDecoder(name, 10 ** 9)
        decoder.decode(b"\x28\xb5\x2f\xfd" + b"\x00" + b"\xa8" + b"\x01\x00\x00")
        decoder.finish()
