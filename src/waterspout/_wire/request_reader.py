"""RequestReader: the requests of one connection, one after the other."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire import grammar
from waterspout._wire.body_readers import body_too_large
from waterspout._wire.chunked_reader import ChunkedReader
from waterspout._wire.refusals import (
    RequestRefused,
    bad_byte_refusal,
    head_refusal,
    refused,
    request_line_refusal,
)
from waterspout._wire.request_head import parse_request_head, target_too_long
from waterspout._wire.section_buffer import SectionBuffer
from waterspout.exceptions import LocalProtocolError, RemoteProtocolError, ResponseTooLarge

if TYPE_CHECKING:
    from typing import Any, List, Optional  # noqa: F401

    from waterspout._wire.events import RequestHead  # noqa: F401
    from waterspout._wire.message_limits import MessageLimits  # noqa: F401

#: Empty lines that are skipped before a request line. RFC 9112 section 2.2 asks for at least one,
#: which old clients send after the body of a POST. They are no part of a head, so that they must
#: not come endlessly.
MAX_EMPTY_LINES = 2


class RequestReader(object):
    """Keeps the received bytes, and reads a head or a piece of a body from them when asked to.

    Each byte is copied at most twice, and searched once, for slices of any size.

    Attributes:
        ended (bool): the client has ended its sending side.
        head (RequestHead or None): of the current request, once it has been read.
        complete (bool): the current request has been read to its end.
        refusal (RequestRefused or None): why nothing more is read. It is never raised itself: its
            traceback would hold this object.
        body_limit (int or None): the longest body of the current request in bytes.
        trailers (bytes): the field lines behind the last chunked body; usually none.
    """

    __slots__ = ("ended", "head", "complete", "refusal", "body_limit", "trailers", "_limits",
                 "_requires_host", "_data", "_position", "_more", "_section", "_empty_lines",
                 "_line_checked", "_body_begun", "_missing", "_chunks")

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
        self._section = SectionBuffer(limits.head_bytes, "request head")
        self._empty_lines = 0  # Before the next request line, and skipped.
        self._line_checked = False  # Whether that line, which is in `_section`, has been checked.
        self._body_begun = False
        self._missing = 0  # Bytes of a body with a Content-Length that have not been read.
        self._chunks = None  # type: Optional[ChunkedReader]

    def receive_data(self, data):
        # type: (bytes) -> None
        if self._position < len(self._data) or self._more:
            self._more += data
        else:
            self._data = data
            self._position = 0

    @property
    def head_begun(self):
        # type: () -> bool
        return len(self._section.held) > 0

    @property
    def unread(self):
        # type: () -> bytes
        return bytes(self._section.held) + self._data[self._position:] + bytes(self._more)

    @property
    def unread_bytes(self):
        # type: () -> int
        return (len(self._data) - self._position + len(self._more) + len(self._section.held))

    def read_head(self):
        # type: () -> Optional[RequestHead]
        if self.refusal is not None:
            raise self.refusal.again()
        if self.head is not None:
            raise LocalProtocolError("the head of this request has been read", phase="read")
        try:
            head = self._parse_head()
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
        if self.refusal is not None:
            raise self.refusal.again()
        if self.complete:
            return b""
        try:
            if not self._body_begun:
                self._begin_body()
            while self._has_data():
                if self._chunks is None:
                    return self._read_length(max_bytes)
                piece = self._read_chunks(self._chunks, max_bytes)
                if piece or self.complete:
                    return piece
            if self.ended:
                raise self._body_cut_short()
        except RequestRefused as refusal:
            self._refuse(refusal)
            raise
        return None

    def next_request(self):
        # type: () -> None
        """Expect another request after one that is complete."""
        self.head = self._chunks = None
        self.complete = self._body_begun = False

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

    def _parse_head(self):
        # type: () -> Optional[RequestHead]
        if not self._section.held:
            if not self._has_data():
                return None
            if self._data.startswith(b"\r", self._position) and not self._skip_empty_lines():
                return None
            head = self._parse_at_position()
            if head is not None:
                return head
        if not self._collect_head():
            return None
        head = self._parse_at_position()
        if head is None:
            raise head_refusal(self._data)
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
        # type: () -> bool
        """Collect a head that arrived in pieces or is malformed.

        True once its empty line has arrived; the head is then at the beginning of `_data` again.
        Raises: RequestRefused, as soon as what has arrived cannot begin a request head.
        """
        section = self._section
        while self._has_data():
            before = len(section.held)
            try:
                block, position = section.take(self._data, self._position)
            except ResponseTooLarge as error:
                self._check_collected(before)
                raise refused("head size", "%s", error)
            if block is not None:
                self._data = block + self._data[position:]
                self._position = 0
                return True
            self._position = position
            self._check_collected(before)
        if self.ended:
            raise refused("incomplete", "the connection was closed after %d bytes of a request "
                          "head", len(section.held))
        return False

    def _check_collected(self, before):
        # type: (int) -> None
        """Refuse an incomplete head that cannot become a valid one.

        Its first ``before`` bytes have been checked already.
        """
        held = self._section.held
        refusal = bad_byte_refusal(held, max(before - 1, 0))
        if refusal is not None:
            raise refusal
        if not before:
            self._line_checked = False
            if grammar.TOKEN.match(bytes(held[:1])) is None:
                # Not HTTP: the end of a line may never come.
                raise request_line_refusal(bytes(held))
        if self._line_checked:
            return
        longest = self._limits.start_line_bytes + len(b"\r\n")
        line_end = held.find(b"\r\n", max(before - 1, 0), longest)
        if line_end >= 0:
            self._line_checked = True
            line = bytes(held[:line_end])
            if grammar.REQUEST_LINE_RECEIVED.match(line) is None:
                raise request_line_refusal(line)
        elif len(held) >= longest:
            raise target_too_long(self._limits)

    def _begin_body(self):
        # type: () -> None
        head = self.head
        if head is None:
            raise LocalProtocolError("the head of the request has not been read", phase="read")
        self._body_begun = True
        limit = self.body_limit
        if head.content_length is None:
            self._chunks = ChunkedReader(self._limits, limit)
        elif limit is not None and head.content_length > limit:
            raise refused("body size", "%s", body_too_large(limit))
        else:
            self._missing = head.content_length

    def _read_length(self, max_bytes):
        # type: (int) -> bytes
        """The next piece of a body with a Content-Length; a byte of it has arrived."""
        data, position = self._data, self._position
        stop = position + min(self._missing, max_bytes)
        if stop < len(data):
            self._position = stop
            piece = data[position:stop]
        else:
            self._data = b""
            self._position = 0
            piece = data[position:] if position else data
        self._missing -= len(piece)
        if not self._missing:
            self.complete = True
        return piece

    def _read_chunks(self, chunks, max_bytes):
        # type: (ChunkedReader, int) -> bytes
        """The body bytes in the next ``max_bytes`` bytes of a chunked body; perhaps none."""
        data = self._data
        start = position = self._position
        if len(data) - position > max_bytes:
            data = data[position:position + max_bytes]
            start = 0
        events = []  # type: List[Any]
        try:
            stop = chunks.read(data, start, events)
        except RemoteProtocolError as error:
            raise self._chunks_refusal(chunks, error)
        self._position += stop - start
        if chunks.done:
            self.complete = True
            self.trailers = events.pop().raw
        return events[0] if len(events) == 1 else b"".join(events)

    def _chunks_refusal(self, chunks, error):
        # type: (ChunkedReader, RemoteProtocolError) -> RequestRefused
        if chunks.in_trailers:
            return refused("trailer size" if isinstance(error, ResponseTooLarge) else "trailer",
                           "%s", error)
        limit = self.body_limit
        if limit is not None and chunks.announced > limit:
            return refused("body size", "%s", error)
        return refused("chunk", "%s", error)

    def _body_cut_short(self):
        # type: () -> RequestRefused
        if self._chunks is not None:
            return refused("incomplete",
                           "the connection was closed before the end of a chunked body")
        return refused("incomplete", "the connection was closed before the last %d body bytes",
                       self._missing)

    def _refuse(self, refusal):
        # type: (RequestRefused) -> None
        """Read no more, and note in ``refusal`` method and target as far as they are known."""
        if self.head is not None:
            refusal.method, refusal.target = self.head.method, self.head.target
        else:
            held = bytes(self._section.held)
            match = grammar.METHOD_AND_TARGET.match(
                held or self._data, 0 if held else self._position)
            if match is not None:
                refusal.method, refusal.target = match.groups()
        self.refusal = refusal.again()
