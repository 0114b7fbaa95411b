"""DecompressingDelegate: decodes request bodies for ``decompress_request=True``."""

from __future__ import absolute_import, division, print_function

import zlib

from tornado import gen
from tornado.httputil import HTTPInputError, HTTPMessageDelegate

from waterspout._decoding.decompressors import ZlibDecompressor

#: Bytes given to zlib at a time. It returns a copy of the input that it did not use, and a client
#: may send very many short members, each of which would copy a long input.
_INPUT_BYTES = 16 * 1024

#: zlib's number for the gzip format.
_GZIP = 16 + zlib.MAX_WBITS


class DecompressingDelegate(HTTPMessageDelegate):
    """Gives a delegate the decoded body of a request with ``Content-Encoding: gzip``.

    The delegate sees the field as X-Consumed-Content-Encoding. A body may have several members (RFC
    1952 section 2.2). Nothing is decoded beyond the limit of the body's size.

    Args:
        delegate (HTTPMessageDelegate): of the application.
        connection: has ``max_body_size`` (int or None): looked at for each piece of the body,
            because the application may change it.
        chunk_size (int): bytes of a piece that the delegate gets, at most.
    Raises: HTTPInputError, from `finish` and from the Future of `data_received`: the body is not
        gzip, incomplete, or too large once decoded.
    Source: ``_GzipMessageDelegate`` of Tornado 6.6, on every Tornado.
    """

    def __init__(self, delegate, connection, chunk_size):
        # type: (HTTPMessageDelegate, Any, int) -> None
        self._delegate = delegate
        self._connection = connection
        self._chunk_size = chunk_size
        self._is_gzip = False
        self._member = None  # type: Optional[ZlibDecompressor]  # Once its first byte arrives.
        self._decoded_bytes = 0

    def headers_received(self, start_line, headers):
        # type: (httputil.RequestStartLine, httputil.HTTPHeaders) -> Optional[Future]
        if headers.get("Content-Encoding", "").lower() == "gzip":
            self._is_gzip = True
            headers.add("X-Consumed-Content-Encoding", headers["Content-Encoding"])
            del headers["Content-Encoding"]
        return self._delegate.headers_received(start_line, headers)

    def data_received(self, chunk):
        # type: (bytes) -> Optional[Future]
        if self._is_gzip:
            return self._hand_over(chunk)
        return self._delegate.data_received(chunk)

    def finish(self):
        # type: () -> None
        if self._member is not None and not self._member.ended():
            # The caller has done its part, and calls no other method.
            self._delegate.on_connection_close()
            raise HTTPInputError("invalid gzip data: the body is incomplete")
        self._delegate.finish()

    def on_connection_close(self):
        # type: () -> None
        self._delegate.on_connection_close()

    @gen.coroutine
    def _hand_over(self, chunk):
        for at in range(0, len(chunk), _INPUT_BYTES):
            for piece in self._decoded(chunk[at:at + _INPUT_BYTES]):
                waiting = self._delegate.data_received(piece)
                if waiting is not None:
                    yield waiting

    def _decoded(self, data):
        # type: (bytes) -> Iterator[bytes]
        more = False
        while data or more:
            if self._member is None:
                self._member = ZlibDecompressor(_GZIP)
            member = self._member
            try:
                piece = member.decompress(data, self._chunk_size)
            except zlib.error as error:
                raise HTTPInputError("invalid gzip data: %s" % error)
            data, more = member.rest, member.more
            if data:  # This member has ended.
                more = False
                self._member = None
            if piece:
                self._count(piece)
                yield piece

    def _count(self, piece):
        # type: (bytes) -> None
        limit = self._connection.max_body_size
        self._decoded_bytes += len(piece)
        if limit is not None and self._decoded_bytes > limit:
            raise HTTPInputError("decompressed body too large")
