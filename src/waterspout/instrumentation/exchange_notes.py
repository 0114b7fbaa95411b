"""ExchangeNotes: what a transport tells of one exchange while it runs."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation.details import (
    CallConnected,
    CallFirstByte,
    CallQueued,
    CallSent,
)

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

    from waterspout.instrumentation.details import ObservedCall  # noqa: F401
    from waterspout.instrumentation.dispatch import Dispatch  # noqa: F401


class ExchangeNotes(object):
    """Given to a transport with an exchange; the transport calls what it knows of.

    Args:
        index (int): 0 for the call's first exchange.
    Attributes:
        is_live (bool): an observer wants to be told while the exchange runs. Where it is False the
            transport need not call anything.
        response_bytes (int or None): set by the transport: of the body, as it arrived.
    """

    __slots__ = ("is_live", "response_bytes", "_dispatch", "_call", "_index")

    def __init__(self, dispatch, call, index):
        # type: (Dispatch, ObservedCall, int) -> None
        self.is_live = dispatch.is_live
        self.response_bytes = None  # type: Optional[int]
        self._dispatch = dispatch
        self._call = call
        self._index = index

    def queued(self, now):
        # type: (float) -> None
        """It waits for a connection."""
        tell = self._dispatch.call_queued
        if tell:
            self._dispatch.tell(tell, CallQueued(self._call, now, self._index))

    def connected(self, now, reused, attempt=1):
        # type: (float, Optional[bool], int) -> None
        """It has a connection, a kept one if ``reused``; None if that is unknown."""
        tell = self._dispatch.call_connected
        if tell:
            self._dispatch.tell(
                tell, CallConnected(self._call, now, self._index, reused, attempt))

    def sent(self, now):
        # type: (float) -> None
        """The last byte of the request was sent."""
        tell = self._dispatch.call_sent
        if tell:
            self._dispatch.tell(tell, CallSent(self._call, now, self._index))

    def first_byte(self, now, status_code):
        # type: (float, int) -> None
        """The head of the final response has arrived."""
        tell = self._dispatch.call_first_byte
        if tell:
            self._dispatch.tell(tell, CallFirstByte(self._call, now, self._index, status_code))
