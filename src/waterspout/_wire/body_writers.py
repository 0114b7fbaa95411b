"""Writers of a body, one for each framing that a message can have.

Each has ``write(data)``, which returns the bytes to send for a piece of the body, and
``end(trailers)``, which returns the bytes that end the body.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.exceptions import LocalProtocolError

if TYPE_CHECKING:
    from typing import Optional, Union  # noqa: F401

    from waterspout._wire.field_lines import FieldLines  # noqa: F401

    BodyWriter = Union["LengthWriter", "ChunkedWriter", "PlainWriter", "NoBodyWriter"]


class LengthWriter(object):
    """A body of the length that Content-Length states.

    Attributes:
        missing (int): bytes that have not been written.
    """

    __slots__ = ("_length", "missing")

    def __init__(self, length):
        # type: (int) -> None
        self._length = self.missing = length

    def write(self, data):
        # type: (bytes) -> bytes
        if len(data) > self.missing:
            raise LocalProtocolError("more body bytes than the Content-Length of %d"
                                     % self._length, phase="send")
        self.missing -= len(data)
        return data

    def end(self, trailers):
        # type: (Optional[FieldLines]) -> bytes
        if self.missing:
            raise LocalProtocolError("only %d body bytes of the Content-Length of %d" % (
                self._length - self.missing, self._length), phase="send")
        if trailers is not None:
            raise LocalProtocolError(
                "trailers cannot follow a body with a Content-Length", phase="send")
        return b""


class ChunkedWriter(object):
    """A body of unknown length, in the chunked transfer coding (RFC 9112 section 7.1)."""

    __slots__ = ()

    def write(self, data):
        # type: (bytes) -> bytes
        if not data:
            return b""  # An empty chunk would be the last one.
        return b"%x\r\n%s\r\n" % (len(data), data)

    def end(self, trailers):
        # type: (Optional[FieldLines]) -> bytes
        if trailers is None:
            return b"0\r\n\r\n"
        # RFC 9110 section 6.5.1: no fields for routing; `FieldLines` refuses those for framing.
        if trailers.has_host:
            raise LocalProtocolError("Host in a trailer section", phase="send")
        return b"0\r\n%s\r\n" % trailers.raw


class PlainWriter(object):
    """A response's body that the writer does not frame: the end of the connection ends it."""

    __slots__ = ()

    def write(self, data):
        # type: (bytes) -> bytes
        return data

    def end(self, trailers):
        # type: (Optional[FieldLines]) -> bytes
        return b""


class NoBodyWriter(object):
    """The body of a response that has none (RFC 9112 section 6.3): nothing of it is sent."""

    __slots__ = ()

    def write(self, data):
        # type: (bytes) -> bytes
        return b""

    def end(self, trailers):
        # type: (Optional[FieldLines]) -> bytes
        return b""


#: Writers without a state, for any number of messages.
CHUNKED = ChunkedWriter()
AS_IT_IS = PlainWriter()
NO_BODY = NoBodyWriter()
