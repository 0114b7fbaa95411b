"""ResponseReader: the events of one connection's responses."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire import grammar
from waterspout._wire.body_readers import (
    CloseReader,
    LengthReader,
    RefusingReader,
    SurplusReader,
    body_too_large,
)
from waterspout._wire.events import END_OF_MESSAGE, ProtocolSwitched
from waterspout._wire.faults import EXCERPT_BYTES, malformed, too_large
from waterspout._wire.lenient_chunked_reader import LenientChunkedReader
from waterspout._wire.response_head import (
    check_start,
    parse_head,
    parse_odd_head,
    start_line_too_long,
)
from waterspout._wire.section_buffer import SectionBuffer
from waterspout.exceptions import LocalProtocolError, RemoteProtocolError

if TYPE_CHECKING:
    from typing import List, Optional, Tuple, Type, Union  # noqa: F401

    from waterspout._wire.events import AnyEvent, ResponseHead  # noqa: F401
    from waterspout._wire.message_limits import MessageLimits  # noqa: F401
    from waterspout.exceptions import ProtocolError  # noqa: F401

    BodyReader = Union[
        LengthReader, CloseReader, LenientChunkedReader, SurplusReader, RefusingReader]


class ResponseReader(object):
    """Reads one response after each :meth:`expect_response`.

    Attributes:
        started (bool): a byte of the expected response has arrived.
        head (ResponseHead or None): of the last final response, once it has arrived.
    """

    __slots__ = ("started", "head", "_limits", "_is_head", "_is_connect", "_upgrade",
                 "_section", "_informational", "_reader", "_surplus", "_ended", "_fault")

    def __init__(self, limits):
        # type: (MessageLimits) -> None
        self.started = False
        self.head = None  # type: Optional[ResponseHead]
        self._limits = limits
        self._is_head = self._is_connect = False  # The method of the request.
        self._upgrade = False
        self._section = SectionBuffer(limits.head_bytes, "response head")
        self._informational = 0  # Informational heads before the final one.
        self._surplus = SurplusReader()
        #: The reader of the next byte; None if that belongs to a head.
        self._reader = self._surplus  # type: Optional[BodyReader]
        self._ended = False
        self._fault = None  # type: Optional[str]

    def expect_response(self, method, upgrade):
        # type: (bytes, bool) -> None
        """Expect the response to a request of this ``method``, with an Upgrade field or not."""
        self.started = False
        self._is_head = method == b"HEAD"
        self._is_connect = method == b"CONNECT"
        self._upgrade = upgrade
        self._informational = 0
        self._reader = None

    def receive_data(self, data):
        # type: (bytes) -> List[AnyEvent]
        """Return the events that the received ``data`` completes; possibly none.

        If all of ``data`` is body, the event is ``data`` itself, not a copy. If the call raises,
        the events before the fault in the same bytes are lost. Bytes that no request asked for are
        dropped, and make the connection not reusable.

        Raises: RemoteProtocolError (ResponseTooLarge over a limit); LocalProtocolError after
            :class:`ProtocolSwitched`.
        """
        events = []  # type: List[AnyEvent]
        position = 0
        end = len(data)
        try:
            while position < end:
                reader = self._reader
                if reader is None:
                    position = self._read_head(data, position, events)
                else:
                    position = reader.read(data, position, events)
                    if reader.done:
                        self._reader = self._surplus
        except RemoteProtocolError as error:
            self._refuse(type(error), str(error))
            raise
        return events

    def body_bytes_missing(self):
        # type: () -> int
        """Return how many bytes of the response's body have not arrived yet.

        0 if the length is unknown, no body is being received, or the head has not arrived.
        """
        reader = self._reader
        return reader.missing if type(reader) is LengthReader else 0

    def body_bytes_taken(self, count):
        # type: (int) -> None
        """Take note of ``count`` body bytes that the caller has received into a buffer of its own.

        They must be fewer than :meth:`body_bytes_missing`: the last one is passed to
        :meth:`receive_data`, together with what follows it. Raises: LocalProtocolError.
        """
        reader = self._reader
        if type(reader) is not LengthReader or count >= reader.missing:
            raise LocalProtocolError("%d body bytes are not expected" % count, phase="read")
        reader.missing -= count

    def receive_eof(self):
        # type: () -> List[AnyEvent]
        """Return the events for a connection that the peer has closed in an orderly way.

        Do not call it after a reset, nor after TLS that ended without ``close_notify``: a body that
        ends with the connection is complete only if the peer closed it (RFC 9112 section 9.8).

        Raises: RemoteProtocolError if a response is incomplete (the text gives the bytes that
            arrived), or if none had begun (:attr:`started` is False then).
        """
        events = []  # type: List[AnyEvent]
        self._ended = True
        try:
            if self._reader is None:
                raise self._head_cut_short()
            self._reader.read_eof(events)
        except RemoteProtocolError as error:
            self._refuse(type(error), str(error))
            raise
        if events:
            self._reader = self._surplus
        return events

    def why_not_again(self):
        # type: () -> Optional[str]
        """Why no other response can follow what was read so far; None if one can."""
        if self._reader is not self._surplus:
            return self._fault or "the response is not complete"
        if self._surplus.why_last is not None:
            return self._surplus.why_last
        if self._ended:
            return "the server has closed the connection"
        if self.head is not None and not self.head.keep_alive:
            return "the server closes the connection after its response"
        return None

    def _read_head(self, data, position, events):
        # type: (bytes, int, List[AnyEvent]) -> int
        self.started = True
        parsed = None
        if not self._section.held:
            parsed = parse_head(data, position, self._is_connect, self._limits)
        if parsed is None:
            parsed = self._read_odd_head(data, position)
            if parsed is None:
                return len(data)
        head, position = parsed
        events.append(head)
        if head.status_code < 200 and head.status_code != 101:
            self._note_informational(head)
            return position
        self.head = head
        if head.status_code == 101 or self._is_connect and head.status_code < 300:
            self._switch_protocol(head)
            events.append(ProtocolSwitched(data[position:]))
            return len(data)
        self._reader = self._body_reader(head)
        if self._reader is self._surplus:
            events.append(END_OF_MESSAGE)
        return position

    def _read_odd_head(self, data, position):
        # type: (bytes, int) -> Optional[Tuple[ResponseHead, int]]
        """A head that arrives in pieces, is folded or malformed; None while it is incomplete."""
        held = self._section.held
        before = len(held)
        if before < len(grammar.RESPONSE_START):
            # A peer that does not speak HTTP may never send the empty line that ends a head.
            check_start(bytes(held) + data[position:position + EXCERPT_BYTES + 1])
        block, position = self._section.take(data, position)
        if block is not None:
            head, bare_lf = parse_odd_head(block, self._is_connect, self._limits)
            if bare_lf:
                self._surplus.why_last = "a bare LF ended a line of the response head"
            return head, position
        longest = self._limits.start_line_bytes + len(b"\r\n")
        if before < longest <= len(held) and held.find(b"\n", 0, longest) < 0:
            raise start_line_too_long(self._limits)
        return None

    def _note_informational(self, head):
        # type: (ResponseHead) -> None
        if _announces_body(head):
            self._note_false_body(head)
        self._informational += 1
        if self._informational > self._limits.informational_responses:
            raise too_large("more than %d informational responses",
                            self._limits.informational_responses)

    def _switch_protocol(self, head):
        # type: (ResponseHead) -> None
        if head.status_code == 101 and not self._upgrade:
            raise malformed("101 Switching Protocols, but no upgrade was offered")
        self._refuse(LocalProtocolError, "the connection now speaks another protocol")

    def _body_reader(self, head):
        # type: (ResponseHead) -> BodyReader
        """The body's reader, by the remaining rules of RFC 9112 section 6.3, in their order."""
        status = head.status_code
        if status == 204 or status == 304:
            # A 304 may give the length that a 200 would have had (RFC 9110 section 8.6).
            if head.chunked is not False or status == 204 and _announces_body(head):
                self._note_false_body(head)
            return self._surplus
        if self._is_head:
            return self._surplus
        if head.chunked:
            return LenientChunkedReader(self._limits, self._surplus)
        length = head.content_length
        if length is None:
            return CloseReader(self._limits)
        if length == 0:
            return self._surplus
        limit = self._limits.body_bytes
        if limit is not None and length > limit:
            raise body_too_large(limit)
        return LengthReader(length)

    def _note_false_body(self, head):
        # type: (ResponseHead) -> None
        """Do not reuse the connection: the response ends with ``head``, which announces a body.

        The server may send that body, which would be read as the next response.
        """
        self._surplus.why_last = "a %d response announced a body" % head.status_code

    def _head_cut_short(self):
        # type: () -> RemoteProtocolError
        if not self.started:
            return malformed("the connection was closed before a byte of the response arrived")
        return malformed("the connection was closed after %d bytes of a response head",
                         len(self._section.held))

    def _refuse(self, kind, why):
        # type: (Type[ProtocolError], str) -> None
        """Read no more: each further call raises this error."""
        self._fault = why
        self._reader = RefusingReader(kind, why)


def _announces_body(head):
    # type: (ResponseHead) -> bool
    """Whether there is a Content-Length or Transfer-Encoding field, valid or not."""
    return head.chunked is not False or head.content_length is not None
