"""Collects the body of a request, as a server would that reads it whole."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._net.body_sources import IteratorBodySource

if TYPE_CHECKING:
    from typing import Callable, List  # noqa: F401

    from waterspout.transports.borrowed.borrowed_exchange import BorrowedExchange  # noqa: F401


def collect_body(exchange, then):
    # type: (BorrowedExchange, Callable[[bytes], None]) -> None
    """Call ``then(body)`` when the whole body of ``exchange.request`` was read.

    If reading it fails, so does the exchange, with that error.
    """
    body = exchange.request.body
    if body is None or isinstance(body, bytes):
        then(body or b"")
    else:
        _Collector(exchange, then).begin()


class _Collector(object):
    """The ``upload`` that an `IteratorBodySource` writes to."""

    def __init__(self, exchange, then):
        self._exchange = exchange
        self._then = then
        self._pieces = []  # type: List[bytes]
        self._source = IteratorBodySource(exchange.request.body.pieces())

    def begin(self):
        stop_before = self._exchange.stop

        def stop():
            self._source.stop()
            if stop_before is not None:
                stop_before()

        self._exchange.stop = stop
        self._exchange.timeouts.awaiting_body()
        self._source.start(self)

    def write(self, data):
        if not isinstance(data, bytes):
            self.body_failed(
                TypeError("a request body must give bytes, not %s" % type(data).__name__))
            return
        self._pieces.append(data)
        # In a later iteration: many small pieces would recurse.
        self._exchange.call_soon(self._drained)

    def _drained(self):
        if not self._exchange.over:
            self._source.drained()

    def end_body(self):
        timeouts = self._exchange.timeouts
        if timeouts.phase == "connect":
            timeouts.connecting()  # Its limit did not run while the caller gave the body.
        else:
            timeouts.sent()
        self._then(b"".join(self._pieces))

    def body_failed(self, error):
        self._exchange.raised(error)
