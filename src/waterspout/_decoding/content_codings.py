"""Content codings (RFC 9110 section 8.4), with a limit on what comes out.

A few kilobytes of gzip can hold gigabytes: nothing is decompressed past the limit, and a
list of more than `MAX_CONTENT_CODINGS` codings is refused.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._decoding.decompressors import ACCEPT_ENCODING, DECOMPRESSORS, ERRORS  # noqa: F401
from waterspout.constants import CHUNK_BYTES, MAX_CONTENT_CODINGS
from waterspout.exceptions import ContentDecodingError, ResponseTooLarge

#: Given to a decompressor at a time. It hands back, as a copy, what it did not come to, so that
#: a longer input would be copied more often than it is long.
_INPUT_BYTES = 16 * 1024


def decode_body(content, headers, max_bytes, max_codings=MAX_CONTENT_CODINGS):
    # type: (bytes, Headers, int, int) -> bytes
    """A whole body with the codings that ``headers`` name undone; see `BodyDecoder`."""
    coding = headers.get("Content-Encoding")
    if not coding:
        return content
    decoder = BodyDecoder(coding, max_bytes, max_codings)
    content = decoder.decode(content)
    decoder.finish()
    return content


class BodyDecoder(object):
    """Undoes the codings of one body, piece by piece.

    Args:
        content_encoding (native str): the header's value; ``""`` for none.
        max_bytes (int or None): of output, at every stage; None for no limit, where whoever
            takes the `pieces` keeps none of them.
        max_codings (int): in ``content_encoding``.
    Raises: ContentDecodingError for an unknown coding or too many. A body in a coding that
        was not asked for is an error and not a body: nobody could use it.
    """

    def __init__(self, content_encoding, max_bytes, max_codings=MAX_CONTENT_CODINGS):
        # type: (str, Optional[int], int) -> None
        self._stages = [
            _Stage(_decompressor(coding), coding, max_bytes)
            for coding in reversed(_codings(content_encoding, max_codings))
        ]

    def decode(self, data):
        # type: (bytes) -> bytes
        """What ``data`` adds to the body. Raises: ContentDecodingError, ResponseTooLarge."""
        return b"".join(self.pieces(data))

    def pieces(self, data):
        # type: (bytes) -> Iterator[bytes]
        """As `decode`, but in pieces of at most `CHUNK_BYTES`, each made when it is asked for.

        They have to be asked for to the last one before more data is given.
        """
        pieces = (data[at:at + _INPUT_BYTES] for at in range(0, len(data), _INPUT_BYTES))
        for stage in self._stages:
            pieces = stage.pieces(pieces)
        return pieces

    def finish(self):
        # type: () -> None
        """Call at the end of the body. Raises: ContentDecodingError when it is cut short."""
        for stage in self._stages:
            stage.finish()


def _codings(content_encoding, max_codings):
    codings = [coding.strip().lower() for coding in content_encoding.split(",")]
    codings = [coding for coding in codings if coding not in ("", "identity")]
    if len(codings) > max_codings:
        raise ContentDecodingError(
            "%d content codings, at most %d are undone" % (len(codings), max_codings)
        )
    return codings


def _decompressor(coding):
    try:
        return DECOMPRESSORS[coding]
    except KeyError:
        raise ContentDecodingError("unknown content coding %r" % coding)


#: What another member in a row begins with (RFC 1952 section 2.2; RFC 8878 section 3: one more
#: frame, or one to skip). Anything else behind the last one is padding: dropped, as in urllib3.
_MAGIC = re.compile(br"\x1f\x8b|\x28\xb5|[\x50-\x5f]\x2a")


class _Stage(object):
    """One coding. A body may be several compressed members in a row."""

    def __init__(self, make_decompressor, coding, max_bytes):
        self._make_decompressor = make_decompressor
        self._coding = coding
        self._max_bytes = max_bytes
        self._room = float("inf") if max_bytes is None else max_bytes
        self._decompressor = None
        self._held = b""  # A first byte that came alone.
        self._members = 0  # Those that have ended.
        self._padding = False  # What follows the last of them.

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
                        self._held = data  # Two bytes tell what begins there.
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
            return  # A single byte that is held is padding too.
        if self._held or (self._decompressor is not None and not self._decompressor.ended()):
            raise ContentDecodingError("the %s body ends too early" % self._coding)
