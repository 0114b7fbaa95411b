"""StreamingHandler: a handler that reads its request while it arrives."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.service._server.body_stream import ATTRIBUTE
from waterspout.service.handlers import JSONHandler

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401


class StreamingHandler(JSONHandler):
    """A :class:`JSONHandler` whose method runs as soon as the head of its request has arrived.

    The method reads the body with `read_chunk`. The server reads no further than the method does:
    a client that sends faster has to wait, and no more than some 100 KiB are in memory. A client
    that waits for ``100 Continue`` gets it when the method reads. Other handlers get their whole
    body, as ever.

    The method may answer before it has read everything; the connection ends after such a response,
    and a client that is still sending gets it.

    It must be a route of a :class:`waterspout.service.Application`.

    Attributes:
        max_body_bytes (int or None): a longer body is refused with 413. None: the limit of the
            application.
        chunk_timeout (float): seconds in which a client has to send the next bytes while
            `read_chunk` waits; then the request is refused with 408.
    """

    #: For the server.
    streams_body = True

    max_body_bytes = None  # type: Optional[int]
    chunk_timeout = 60.0

    def read_chunk(self):
        # type: () -> Future[bytes]
        """Return a Future of the next bytes of the body, 64 KiB at most; ``b""`` at its end.

        If the client has left, the Future fails with ``tornado.iostream.StreamClosedError``. If you
        do not catch that, the request ends, and the access log has it with 499.

        Raises, when waited for:
            Refusal: the rest of the body is not valid, too long, or too slow. If you do not catch
                it, the response has its status and reason.
        Raises: RuntimeError: the last Future is not done, or the handler is not a route of a
            `waterspout.service.Application`.
        """
        return self._body_stream().read()

    def read_json_object(self, object_type=None):
        """Not for a body that is a stream. Raises: RuntimeError."""
        raise RuntimeError("the body of a StreamingHandler is read by read_chunk()")

    def read_json_array(self, object_type=None):
        """Not for a body that is a stream. Raises: RuntimeError."""
        raise RuntimeError("the body of a StreamingHandler is read by read_chunk()")

    def _body_stream(self):
        # type: () -> Any
        stream = vars(self.request).get(ATTRIBUTE)
        if stream is None:
            raise RuntimeError(
                "a StreamingHandler must be a route of a waterspout.service.Application")
        return stream
