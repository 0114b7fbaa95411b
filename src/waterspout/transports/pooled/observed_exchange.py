"""Exchanges of the ``pooled`` transport that tell their `ExchangeNotes` what happens."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import monotonic
from waterspout._wire.events import ResponseHead
from waterspout.transports.pooled.pooled_exchange import (
    CollectedPooledExchange,
    PooledExchange,
    StreamedPooledExchange,
)


class _Observed(PooledExchange):
    """Beside an exchange's class: tells of its connection, its request and its response's head."""

    __slots__ = ()

    def observe(self, notes):
        # type: (ExchangeNotes) -> None
        """Tell ``notes`` what happens from now on."""
        self.notes = notes
        self._noted = None  # The connection that was noted.

    def enter(self, phase, now):
        super(_Observed, self).enter(phase, now)
        notes = self.notes
        if phase == "pool":
            notes.queued(now)
        elif phase != "connect":
            if self.connection is not self._noted:
                self._noted = self.connection
                attempt = 2 if self.replaced else 1
                notes.connected(self.ready, self.opening_times is None, attempt)
            if phase == "read" and self.sent is not None:  # The server may not want the rest.
                notes.sent(self.sent)
        notes.flush_soon(self.pool.io_loop)

    def received(self, events):
        notes = self.notes
        if self._head is not None:
            super(_Observed, self).received(events)
            return
        for event in events:
            if type(event) is ResponseHead:
                notes.first_byte(monotonic(), event.status_code)
        super(_Observed, self).received(events)
        notes.flush()  # Unless the call has ended, and has done that before.


class ObservedCollectedExchange(_Observed, CollectedPooledExchange):
    """`CollectedPooledExchange` with ``notes`` (ExchangeNotes)."""

    __slots__ = ("notes", "_noted")


class ObservedStreamedExchange(_Observed, StreamedPooledExchange):
    """`StreamedPooledExchange` with ``notes`` (ExchangeNotes)."""

    __slots__ = ("notes", "_noted")

    def observe(self, notes):
        super(ObservedStreamedExchange, self).observe(notes)
        notes.response_bytes = 0

    def received(self, events):
        self.notes.response_bytes += sum(len(event) for event in events if type(event) is bytes)
        super(ObservedStreamedExchange, self).received(events)
