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
    from typing import Any, List, Optional, Tuple  # noqa: F401

    from tornado.ioloop import IOLoop  # noqa: F401

    from waterspout.instrumentation.details import ObservedCall  # noqa: F401
    from waterspout.instrumentation.dispatch import Dispatch  # noqa: F401


class ExchangeNotes(object):
    """Given to a transport with an exchange; the transport notes what it knows of.

    What is noted is told to the observers by `flush`, with the time at which it was noted. An
    observer may call the session again, or close it, and a transport notes things in the middle of
    its work, where it is not prepared for that. So it calls `flush` where any callback may run, or
    `flush_soon`. The call itself flushes once the transport has the request, with `begun`, and
    before it tells of its end.

    Args:
        index (int): 0 for the call's first exchange.
    Attributes:
        response_bytes (int or None): set by the transport, of a streamed body, as it arrives.
    """

    __slots__ = ("response_bytes", "_dispatch", "_call", "_index", "_noted", "_begun")

    def __init__(self, dispatch, call, index):
        # type: (Dispatch, ObservedCall, int) -> None
        self.response_bytes = None  # type: Optional[int]
        self._dispatch = dispatch
        self._call = call
        self._index = index
        self._noted = []  # type: List[Tuple[Any, Any]]  # Methods, and the detail for them.
        self._begun = False

    def queued(self, now):
        # type: (float) -> None
        """It waits for a connection."""
        tell = self._dispatch.call_queued
        if tell:
            self._noted.append((tell, CallQueued(self._call, now, self._index)))

    def connected(self, now, reused, attempt=1):
        # type: (float, Optional[bool], int) -> None
        """It has a connection, a kept one if ``reused``; None if that is unknown."""
        tell = self._dispatch.call_connected
        if tell:
            self._noted.append(
                (tell, CallConnected(self._call, now, self._index, reused, attempt)))

    def sent(self, now):
        # type: (float) -> None
        """The last byte of the request was sent."""
        tell = self._dispatch.call_sent
        if tell:
            self._noted.append((tell, CallSent(self._call, now, self._index)))

    def first_byte(self, now, status_code):
        # type: (float, int) -> None
        """The head of the final response has arrived."""
        tell = self._dispatch.call_first_byte
        if tell:
            self._noted.append((tell, CallFirstByte(self._call, now, self._index, status_code)))

    def begun(self):
        # type: () -> None
        """The transport has the request: tell what was noted, and let it `flush_soon` from now on.
        """
        self._begun = True
        if self._noted:
            self.flush()

    def flush(self):
        # type: () -> None
        """Tell the observers what was noted, in order."""
        while self._noted:
            tell, detail = self._noted.pop(0)
            self._dispatch.tell(tell, detail)

    def flush_soon(self, io_loop):
        # type: (IOLoop) -> None
        """Have ``io_loop`` call `flush` in its next iteration."""
        if self._begun and self._noted:
            io_loop.add_callback(self.flush)
