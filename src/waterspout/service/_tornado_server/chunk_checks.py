"""Chunked request bodies, framed strictly whatever the Tornado: RFC 9112 section 7.1.

Before 6.4.1 Tornado reads the size of a chunk with ``int(size, 16)``. That takes ``+5``,
``0x5`` and, where another server would see the end of a request, ``-2``, on which Tornado 5.1
loops without end: one request stops a whole process. And no Tornado takes chunk extensions or
trailers, which a recipient must pass over. So what comes from the socket is looked at before
Tornado sees it.
"""

from __future__ import absolute_import, division, print_function

import re

from tornado import gen
from tornado.httputil import HTTPInputError

#: Bytes of the line with a chunk's size, its extensions included.
MAX_SIZE_LINE_BYTES = 256

#: Bytes of all trailer fields of a body.
MAX_TRAILER_BYTES = 8 * 1024

# Extensions are passed over, so that their grammar does not matter; what could end the line for
# another reader does. White space before them, which the RFC calls bad, is refused.
_SIZE_LINE = re.compile(br"([0-9a-fA-F]{1,15})(?:;[\t\x20-\x7e\x80-\xff]*)?\r\n\Z")

_TRAILER_LINE = re.compile(br"[-!#$%&'*+.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n\Z")


def check_chunks(stream):
    # type: (IOStream) -> None
    """Have ``stream`` fail with HTTPInputError, which Tornado answers with 400, on bad framing.

    HTTP1Connection reads lines for nothing but the sizes of chunks, and a number of bytes
    at once (not ``partial``) for nothing but the line breaks behind them.
    """
    checked = _CheckedChunks(stream.read_until, stream.read_bytes)
    stream.read_until, stream.read_bytes = checked.read_size, checked.read_bytes


class _CheckedChunks(object):
    """Stands between a stream and HTTP1Connection; what passes has no extensions, no trailers."""

    def __init__(self, read_until, read_bytes):
        self._read_until = read_until
        self._read_bytes = read_bytes
        self._last = False  # The chunk whose size was read last has none: it is the last one.

    @gen.coroutine
    def read_size(self, delimiter, max_bytes=None):
        line = yield self._read_until(delimiter, max_bytes=MAX_SIZE_LINE_BYTES)
        match = _SIZE_LINE.match(line)
        if not match:
            raise HTTPInputError("the size of a chunk is not a hexadecimal number")
        size = match.group(1)
        self._last = not size.strip(b"0")
        raise gen.Return(size + b"\r\n")

    def read_bytes(self, num_bytes, partial=False):
        if partial:
            return self._read_bytes(num_bytes, partial=True)
        return self._read_trailers() if self._last else self._read_line_break(num_bytes)

    @gen.coroutine
    def _read_line_break(self, num_bytes):
        data = yield self._read_bytes(num_bytes)
        if data != b"\r\n":
            raise HTTPInputError("a chunk does not end where it said it would")
        raise gen.Return(data)

    @gen.coroutine
    def _read_trailers(self):
        """Drop the trailer fields (RFC 9110 section 6.5.1 allows it), up to the empty line."""
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
