"""RequestReader: the requests of one connection, one after the other."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire import grammar
from waterspout._wire.refusals import RequestRefused, head_refusal, refused
from waterspout._wire.request_body import ChunkedBody, LengthBody
from waterspout._wire.request_head import parse_request_head
from waterspout._wire.request_head_buffer import RequestHeadBuffer
from waterspout.exceptions import LocalProtocolError

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

    from waterspout._wire.events import RequestHead  # noqa: F401
    from waterspout._wire.message_limits import MessageLimits  # noqa: F401
    from waterspout._wire.request_body import RequestBody  # noqa: F401

#: Empty lines that are skipped before a request line. RFC 9112 section 2.2 asks for at least one,
#: which old clients send after the body of a POST. A limit is needed because the limits of a head
#: do not count them.
MAX_EMPTY_LINES = 2


class RequestReader(object):
    """Keeps the received bytes, and reads a head or a piece of a body from them when asked to.

    Each byte is copied and searched a fixed number of times, for slices of any size.

    Attributes:
        ended (bool): the client has ended its sending side.
        head (RequestHead or None): of the current request, once it has been read.
        complete (bool): the current request has been read to its end.
        refusal (RequestRefused or None): why nothing more is read. It is never raised itself: its
            traceback would hold this object.
        body_limit (int or None): the longest body of the current request in bytes.
        trailers (bytes): the field lines behind the current request's body; usually none.
    """

    __slots__ = ("ended", "head", "complete", "refusal", "body_limit", "trailers", "_limits",
                 "_requires_host", "_data", "_position", "_more", "_head_buffer", "_empty_lines",
                 "_body")

    def __init__(self, limits, requires_host):
        # type: (MessageLimits, bool) -> None
        self.ended = False
        self.head = None  # type: Optional[RequestHead]
        self.complete = False
        self.refusal = None  # type: Optional[RequestRefused]
        self.body_limit = limits.body_bytes
        self.trailers = b""
        self._limits = limits
        self._requires_host = requires_host
        #: Bytes from `_position` on have not been read; those in `_more` follow them.
        self._data = b""
        self._position = 0
        self._more = bytearray()
        self._head_buffer = RequestHeadBuffer(limits)
        self._empty_lines = 0  # Before the next request line, and skipped.
        self._body = None  # type: Optional[RequestBody]  # Once its first piece was asked for.

    def receive_data(self, data):
        # type: (bytes) -> None
        """Keep received bytes, at least one. Nothing is parsed, and nothing raised."""
        if self._position < len(self._data) or self._more:
            self._more += data
        else:
            self._data = data
            self._position = 0

    @property
    def head_begun(self):
        # type: () -> bool
        """Whether the last :meth:`read_head` returned None after at least one byte of a head.

        An empty line before a request line is not yet a part of its head.
        """
        return len(self._head_buffer.held) > 0

    @property
    def unread(self):
        # type: () -> bytes
        """The bytes that were received and not read: those of later requests, say. A copy."""
        return bytes(self._head_buffer.held) + self._data[self._position:] + bytes(self._more)

    @property
    def unread_bytes(self):
        # type: () -> int
        """How many bytes :attr:`unread` has."""
        return (len(self._head_buffer.held) + len(self._data) - self._position + len(self._more))

    @property
    def body_has_arrived(self):
        # type: () -> bool
        """Whether all of a body with a Content-Length was received, read or not."""
        head = self.head
        return head is not None and head.content_length is not None and (
            self.complete or self._body is None and self.unread_bytes >= head.content_length)

    def read_head(self):
        # type: () -> Optional[RequestHead]
        """Return the next request's head; None if it is incomplete or has not begun.

        Raises: RequestRefused, also if the client has ended its side within a head;
            LocalProtocolError if the head of this request has been read.
        """
        if self.refusal is not None:
            raise self.refusal.again()
        if self.head is not None:
            raise LocalProtocolError("the head of this request has been read", phase="read")
        parsed = None
        try:
            if self._position < len(self._data) and not self._head_buffer.held:
                parsed = parse_request_head(
                    self._data, self._position, self._limits, self._requires_host)
            if parsed is not None:
                head, self._position = parsed
            else:
                head = self._parse_odd_head()
        except RequestRefused as refusal:
            self._refuse(refusal)
            raise
        if head is not None:
            self.head = head
            self.body_limit = self._limits.body_bytes
            self.complete = not head.has_body
            self.trailers = b""
            self._empty_lines = 0
        return head

    def read_body(self, max_bytes):
        # type: (int) -> Optional[bytes]
        """Return the next piece of the body, at most ``max_bytes``, transfer coding removed.

        ``b""`` at the end of the request, None if more bytes must arrive. Chunks that have
        arrived are joined. If the call raises, the body bytes before the fault may be lost.

        Raises: RequestRefused, of the kind ``"incomplete"`` if the client has ended its side within
            the body; LocalProtocolError if no head has been read.
        """
        if self.refusal is not None:
            raise self.refusal.again()
        if self.complete:
            return b""
        try:
            body = self._body
            if body is None:
                body = self._body = self._make_body()
            while body.has_surplus or self._has_data():
                piece, self._position = body.read(self._data, self._position, max_bytes)
                if body.complete:
                    self.complete = True
                    self.trailers = body.trailers
                    return piece
                if piece:
                    return piece
            if self.ended:
                raise body.cut_short()
        except RequestRefused as refusal:
            self._refuse(refusal)
            raise
        return None

    def _has_data(self):
        # type: () -> bool
        """Whether a byte of `_data` has not been read, after moving `_more` there if none has."""
        if self._position < len(self._data):
            return True
        self._data = bytes(self._more)  # Also frees what has been read.
        self._position = 0
        if self._more:
            self._more = bytearray()
        return len(self._data) > 0

    def _parse_odd_head(self):
        # type: () -> Optional[RequestHead]
        """A head that arrives in pieces, follows empty lines, or is malformed."""
        if not self._head_buffer.held:
            if not self._has_data():
                return None
            if self._data.startswith(b"\r", self._position) and not self._skip_empty_lines():
                return None
            head = self._parse_at_position()
            if head is not None:
                return head
        end = self._collect_head()
        if not end:
            return None
        head = self._parse_at_position()
        if head is None:
            raise head_refusal(self._data[:end])
        return head

    def _parse_at_position(self):
        # type: () -> Optional[RequestHead]
        """The head that begins with the next byte of `_data`; None if it is not whole or valid."""
        parsed = parse_request_head(self._data, self._position, self._limits, self._requires_host)
        if parsed is None:
            return None
        head, self._position = parsed
        return head

    def _skip_empty_lines(self):
        # type: () -> bool
        """Skip empty lines before a request line; whether a byte of that line has arrived."""
        while self._has_data():
            start = self._data[self._position:self._position + 2]
            if start == b"\r\n":
                self._empty_lines += 1
                if self._empty_lines > MAX_EMPTY_LINES:
                    raise refused("request line", "more than %d empty lines before a request",
                                  MAX_EMPTY_LINES)
                self._position += 2
            elif start != b"\r":
                return True
            elif self._more:
                self._data = start + bytes(self._more)
                self._position = 0
                self._more = bytearray()
            elif self.ended:
                raise refused("incomplete", "the connection was closed within an empty line")
            else:
                break  # The LF has not arrived.
        return False

    def _collect_head(self):
        # type: () -> int
        """Collect a head that arrives in pieces or is malformed.

        Returns: 0 until it is whole. It is then at the beginning of `_data` again, and this is
            where it ends.
        """
        while self._has_data():
            block, position = self._head_buffer.take(self._data, self._position)
            if block is not None:
                self._data = block + self._data[position:]
                self._position = 0
                return len(block)
            self._position = position
        if self.ended:
            raise refused("incomplete", "the connection was closed after %d bytes of a request "
                          "head", len(self._head_buffer.held))
        return 0

    def _make_body(self):
        # type: () -> RequestBody
        head = self.head
        if head is None:
            raise LocalProtocolError("the head of the request has not been read", phase="read")
        if head.content_length is None:
            return ChunkedBody(self._limits, self.body_limit)
        return LengthBody(head.content_length, self.body_limit)

    def _refuse(self, refusal):
        # type: (RequestRefused) -> None
        """Read no more, and note in ``refusal`` method and target as far as they are known."""
        if self.head is not None:
            refusal.method, refusal.target = self.head.method, self.head.target
        else:
            held = bytes(self._head_buffer.held)
            match = grammar.METHOD_AND_TARGET.match(
                held or self._data, 0 if held else self._position)
            if match is not None:
                refusal.method, refusal.target = match.groups()
        self.refusal = refusal.again()
