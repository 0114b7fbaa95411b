"""Chunked request bodies, framed strictly whatever the Tornado.

Before 6.4.1 Tornado reads the size of a chunk with ``int(size, 16)``. That takes ``+5``,
``0x5`` and, where another server would see the end of a request, ``-2``, on which Tornado 5.1
loops for ever: one request stops a whole process. So what comes from the socket is looked at
before Tornado sees it.
"""

from __future__ import absolute_import, division, print_function

import re

from tornado import gen
from tornado.httputil import HTTPInputError

# RFC 9112 section 7.1, without extensions, which no Tornado takes.
_SIZE = re.compile(br"[0-9a-fA-F]{1,15}\r\n\Z")


def check_chunks(stream):
    # type: (IOStream) -> None
    """Have ``stream`` fail with HTTPInputError, which Tornado answers with 400, on bad framing.

    HTTP1Connection reads lines for nothing but the sizes of chunks, and a number of bytes
    at once (not ``partial``) for nothing but the line breaks behind them.
    """
    read_until, read_bytes = stream.read_until, stream.read_bytes

    @gen.coroutine
    def read_size(delimiter, max_bytes=None):
        line = yield read_until(delimiter, max_bytes=max_bytes)
        if not _SIZE.match(line):
            raise HTTPInputError("the size of a chunk is not a hexadecimal number")
        raise gen.Return(line)

    @gen.coroutine
    def read_line_break(num_bytes):
        data = yield read_bytes(num_bytes)
        if data != b"\r\n":
            raise HTTPInputError("a chunk does not end where it said it would")
        raise gen.Return(data)

    def read(num_bytes, partial=False):
        return read_bytes(num_bytes, partial=True) if partial else read_line_break(num_bytes)

    stream.read_until, stream.read_bytes = read_size, read
