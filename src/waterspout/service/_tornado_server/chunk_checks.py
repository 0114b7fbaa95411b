"""Strict framing of chunked request bodies on every Tornado: RFC 9112 section 7.1.

Before 6.4.1 Tornado reads the size of a chunk with ``int(size, 16)``. That accepts ``+5`` and
``0x5``. It also accepts ``-2``, which another server takes for the end of a request and on which
Tornado 5.1 loops forever: one request stops a whole process. No Tornado accepts chunk extensions
or trailers, which a recipient must ignore. So these bytes are checked before Tornado reads them.
"""

from __future__ import absolute_import, division, print_function

import re

from tornado import gen
from tornado.httputil import HTTPInputError

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from tornado.iostream import IOStream  # noqa: F401

#: Bytes of the line with a chunk's size, including its extensions.
MAX_SIZE_LINE_BYTES = 256

#: Bytes of all trailer fields of a body.
MAX_TRAILER_BYTES = 8 * 1024

# Extensions are ignored, so their grammar does not matter; a byte that ends the line for another
# reader does. White space before them ("bad whitespace" in the RFC) is refused.
_SIZE_LINE = re.compile(br"([0-9a-fA-F]{1,15})(?:;[\t\x20-\x7e\x80-\xff]*)?\r\n\Z")

_TRAILER_LINE = re.compile(br"[-!#$%&'*+.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n\Z")


def check_chunks(stream):
    # type: (IOStream) -> None
    """Make ``stream`` raise HTTPInputError, which Tornado answers with 400, for bad framing.

    HTTP1Connection calls ``read_until`` only for the sizes of chunks, and ``read_bytes`` without
    ``partial`` only for the line breaks after them.
    """
    checked = _CheckedChunks(stream.read_until, stream.read_bytes)
    stream.read_until, stream.read_bytes = checked.read_size, checked.read_bytes


class _CheckedChunks(object):
    """Passes chunks from a stream to HTTP1Connection, without extensions and trailers."""

    def __init__(self, read_until, read_bytes):
        self._read_until = read_until
        self._read_bytes = read_bytes
        self._last = False  # The size that was read last is 0: the last chunk.

    @gen.coroutine
    def read_size(self, delimiter, max_bytes=None):
        """In place of ``read_until``: read the line with a chunk's size."""
        line = yield self._read_until(delimiter, max_bytes=MAX_SIZE_LINE_BYTES)
        match = _SIZE_LINE.match(line)
        if not match:
            raise HTTPInputError("the size of a chunk is not a hexadecimal number")
        size = match.group(1)
        self._last = not size.strip(b"0")
        raise gen.Return(size + b"\r\n")

    def read_bytes(self, num_bytes, partial=False):
        """In place of ``read_bytes``: read data, or the line break or trailers after it."""
        if partial:
            return self._read_bytes(num_bytes, partial=True)
        return self._read_trailers() if self._last else self._read_line_break(num_bytes)

    @gen.coroutine
    def _read_line_break(self, num_bytes):
        data = yield self._read_bytes(num_bytes)
        if data != b"\r\n":
            raise HTTPInputError("a chunk does not have the size that it declares")
        raise gen.Return(data)

    @gen.coroutine
    def _read_trailers(self):
        """Read and drop the trailer fields, which RFC 9110 section 6.5.1 allows."""
        left = MAX_TRAILER_BYTES
        while True:
            line = yield self._read_until(b"\r\n", max_bytes=left)
            if line == b"\r\n":
                raise gen.Return(line)
            if not _TRAILER_LINE.match(line):
                raise HTTPInputError("a trailer is not a header field")
            left -= len(line)
            if left < 2:
                raise HTTPInputError("the trailers are too long")
