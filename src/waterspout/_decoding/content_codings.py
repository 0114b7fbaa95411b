"""Decodes content codings (RFC 9110 section 8.4), with a limit on the output.

A few kilobytes of gzip can hold gigabytes: nothing is decompressed beyond the limit, and a list of
more than `MAX_CONTENT_CODINGS` codings is refused.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._decoding.decompressors import ACCEPT_ENCODING, DECOMPRESSORS, ERRORS  # noqa: F401
from waterspout.constants import CHUNK_BYTES, MAX_CONTENT_CODINGS
from waterspout.exceptions import ContentDecodingError, ResponseTooLarge

#: Bytes given to a decompressor at a time. It returns a copy of the input that it did not use, so
#: that a long input would be copied many times.
_INPUT_BYTES = 16 * 1024


def decode_body(content, headers, max_bytes, max_codings=MAX_CONTENT_CODINGS):
    # type: (bytes, Headers, int, int) -> bytes
    """A whole body, decoded from the codings in its Content-Encoding; see `BodyDecoder`."""
    coding = headers.get("Content-Encoding")
    if not coding:
        return content
    decoder = BodyDecoder(coding, max_bytes, max_codings)
    content = decoder.decode(content)
    decoder.finish()
    return content


class BodyDecoder(object):
    """Decodes one body, piece by piece.

    Args:
        content_encoding (native str): the header's value; ``""`` for none.
        max_bytes (int or None): of output, at every stage; None for no limit, for a caller that
            does not keep the pieces.
        max_codings (int): in ``content_encoding``.
    Raises: ContentDecodingError: an unknown coding, or too many. (A body in an unknown coding would
        be of no use to the caller.)
    """

    def __init__(self, content_encoding, max_bytes, max_codings=MAX_CONTENT_CODINGS):
        # type: (str, Optional[int], int) -> None
        self._stages = [
            _Stage(_decompressor(coding), coding, max_bytes)
            for coding in reversed(_codings(content_encoding, max_codings))
        ]

    def decode(self, data):
        # type: (bytes) -> bytes
        """The decoded bytes of ``data``. Raises: ContentDecodingError, ResponseTooLarge."""
        return b"".join(self.pieces(data))

    def pieces(self, data):
        # type: (bytes) -> Iterator[bytes]
        """Like `decode`, in pieces of at most `CHUNK_BYTES`, each decoded when it is taken.

        Take all pieces before giving more data.
        """
        pieces = (data[at:at + _INPUT_BYTES] for at in range(0, len(data), _INPUT_BYTES))
        for stage in self._stages:
            pieces = stage.pieces(pieces)
        return pieces

    def finish(self):
        # type: () -> None
        """Call at the end of the body. Raises: ContentDecodingError: it is incomplete."""
        for stage in self._stages:
            stage.finish()


def _codings(content_encoding, max_codings):
    codings = [coding.strip().lower() for coding in content_encoding.split(",")]
    codings = [coding for coding in codings if coding not in ("", "identity")]
    if len(codings) > max_codings:
        raise ContentDecodingError(
            "%d content codings, at most %d are decoded" % (len(codings), max_codings)
        )
    return codings


def _decompressor(coding):
    try:
        return DECOMPRESSORS[coding]
    except KeyError:
        raise ContentDecodingError("unknown content coding %r" % coding)


#: The beginning of another member (RFC 1952 section 2.2; RFC 8878 section 3: one more frame, or one
#: to skip). Anything else after the last member is padding, which is dropped, as in urllib3.
_MAGIC = re.compile(br"\x1f\x8b|\x28\xb5|[\x50-\x5f]\x2a")


class _Stage(object):
    """One coding. A body may be several compressed members in a row."""

    def __init__(self, make_decompressor, coding, max_bytes):
        self._make_decompressor = make_decompressor
        self._coding = coding
        self._max_bytes = max_bytes
        self._room = float("inf") if max_bytes is None else max_bytes
        self._decompressor = None
        self._held = b""  # The first byte of a member, until the second arrives.
        self._members = 0  # Members that have ended.
        self._padding = False  # All that follows is padding.

    def pieces(self, inputs):
        for data in inputs:
            if self._padding:
                continue
            data = self._held + data
            self._held = b""
            more = False
            while data or more:
                if self._decompressor is None:
                    if len(data) < 2 and (self._members or self._coding == "deflate"):
                        self._held = data  # Two bytes are needed to recognise a member.
                        break
                    if self._members and not _MAGIC.match(data):
                        self._padding = True
                        break
                    self._decompressor = self._make_decompressor(data)
                piece = self._decompress(data)
                for at in range(0, len(piece), CHUNK_BYTES):
                    yield piece[at:at + CHUNK_BYTES]
                data, more = self._decompressor.rest, self._decompressor.more
                if data:  # This member has ended.
                    more = False
                    self._decompressor = None
                    self._members += 1

    def _decompress(self, data):
        try:
            piece = self._decompressor.decompress(data, min(CHUNK_BYTES, self._room + 1))
        except ERRORS as error:
            raise ContentDecodingError("the body is not %s: %s" % (self._coding, error))
        self._room -= len(piece)
        if self._room < 0:
            raise ResponseTooLarge(
                "the body is more than %d bytes once decompressed" % self._max_bytes
            )
        return piece

    def finish(self):
        if self._members and self._decompressor is None:
            return  # A held byte is padding too.
        if self._held or (self._decompressor is not None and not self._decompressor.ended()):
            raise ContentDecodingError("the %s body is incomplete" % self._coding)
