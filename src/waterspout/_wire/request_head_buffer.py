"""RequestHeadBuffer: the beginning of a request head, until its end arrives."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire import grammar
from waterspout._wire.refusals import bad_byte_refusal, refused, request_line_refusal
from waterspout._wire.request_head import target_too_long, too_many_fields
from waterspout._wire.section_buffer import SectionBuffer
from waterspout.exceptions import ResponseTooLarge

if TYPE_CHECKING:
    from typing import Optional, Tuple  # noqa: F401

    from waterspout._wire.message_limits import MessageLimits  # noqa: F401


class RequestHeadBuffer(SectionBuffer):
    """Refuses, as soon as it arrives, what cannot become a head.

    A client that speaks another protocol may never send the end of a head, and one that sends a
    line without an end should not be read up to the limit of the head.
    """

    __slots__ = ("_limits", "_line_checked", "_line_count")

    def __init__(self, limits):
        # type: (MessageLimits) -> None
        super(RequestHeadBuffer, self).__init__(limits.head_bytes, "request head")
        self._limits = limits
        self._line_checked = False  # Whether the request line has arrived and is valid.
        self._line_count = 0

    def take(self, data, position):
        # type: (bytes, int) -> Tuple[Optional[bytes], int]
        """As in the base class. A head that is whole may still be malformed.

        Raises: RequestRefused.
        """
        before = len(self.held)
        if not before:
            self._line_checked = False
            self._line_count = 0
        try:
            head, position = super(RequestHeadBuffer, self).take(data, position)
        except ResponseTooLarge as error:
            self._check(before)
            if not self._line_checked:
                raise target_too_long(self._limits)
            raise refused("head size", "%s", error)
        self._line_count += (self.held if head is None else head).count(b"\n", before)
        if self._line_count > self._limits.field_count + 2:  # Request line and empty line.
            raise too_many_fields(self._limits)
        if head is None:
            self._check(before)
        return head, position

    def _check(self, before):
        # type: (int) -> None
        """Refuse bytes that begin no head; the first ``before`` of them have been checked."""
        held = self.held
        start = max(before - 1, 0)  # A CR may have been the last one.
        refusal = bad_byte_refusal(held, start)
        if refusal is not None:
            raise refusal
        if not before and grammar.TOKEN.match(bytes(held[:1])) is None:
            raise request_line_refusal(bytes(held))
        if self._line_checked:
            return
        longest = self._limits.start_line_bytes + len(b"\r\n")
        line_end = held.find(b"\r\n", start, longest)
        if line_end >= 0:
            self._line_checked = True
            line = bytes(held[:line_end])
            if grammar.REQUEST_LINE_RECEIVED.match(line) is None:
                raise request_line_refusal(line)
        elif len(held) >= longest:
            raise target_too_long(self._limits)
